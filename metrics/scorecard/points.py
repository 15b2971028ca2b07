"""What moved a score, and what cost it points."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from metrics.appraisal.scoring import Line
from metrics.appraisal.sheet import Item
from metrics.scorecard.parts import Cost, Moved, Scored


def moved_items(
    score: Scored | None,
    before: Scored | None,
    now: Mapping[str, Line],
    then: Mapping[str, Line],
) -> tuple[Moved, ...]:
    """Every item that moved the score, the largest change first."""
    if score is None or before is None or before.full != score.full:
        return ()
    items = {item.key: item for sheet in (before.sheet, score.sheet) for item in sheet.items}
    every = [
        Moved(item, _worth(now.get(key), item) - _worth(then.get(key), item), then.get(key), now.get(key))
        for key, item in items.items()
        if not any(
            line is not None and line.hidden and line.points is None for line in (now.get(key), then.get(key))
        )
    ]
    return tuple(sorted((one for one in every if one.change), key=lambda one: -abs(one.change)))


def _worth(line: Line | None, item: Item) -> int:
    """What a line adds to the full points."""
    if line is None:
        return 0
    return -line.lost if item.is_weighed else line.points or 0


def costs_of(
    score: Scored | None,
    lost: pd.DataFrame,
    now: Mapping[str, Line],
    quarter: Mapping[str, Line],
    year: Mapping[str, Line],
    trends: Mapping[str, tuple[float, ...]],
) -> tuple[Cost, ...]:
    """Every item that cost points, the largest loss first (the order of ``lost``), with what it lost before."""
    if score is None:
        return ()
    found = []
    for row in lost.itertuples():
        item = score.sheet.item(row.item)
        then = [_lost(lines.get(row.item)) for lines in (quarter, year)]
        trend = trends.get(item.card, ()) if item.card else ()
        found.append(
            Cost(item, int(row.lost), int(row.points), row.way, row.needed, now[row.item], *then, trend)
        )
    return tuple(found)


def _lost(line: Line | None) -> int | None:
    """What a line lost; None where there was none, or it is hidden."""
    return None if line is None or (line.hidden and line.points is None) else line.lost
