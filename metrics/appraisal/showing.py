"""What of scores somebody is shown: no line that tells a small number, and no total that does.

A line whose figure is not public has neither counts nor points for whoever may not see the people behind it. Its total
stays where it leaves the hidden counts open (``metrics.appraisal.guessing``); else the totals of the round are cut down to
steps, and a subject of which even that would tell is left out. Ranks are of what is shown. Who may see the people sees
everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from metrics.appraisal.guessing import NEVER, safe_step
from metrics.appraisal.material import Material, Standing, with_ranks
from metrics.appraisal.scoring import SCORED, Line
from metrics.appraisal.sheet import Item, Sheet
from metrics.cards import CARDS
from metrics.principal import Principal
from metrics.small_numbers import is_of_persons, sees_all, threshold


def is_theirs(principal: Principal, unit: int, item: Item) -> bool:
    """Whether the people behind an item's figure at a unit are somebody's to see."""
    card = CARDS.get(item.card)
    return unit in principal.persons and (card is None or principal.in_charge_of(card.system))


def total_is_theirs(principal: Principal, unit: int) -> bool:
    """Whether the people behind all items at a unit are."""
    return unit in principal.persons and not principal.systems


def shown_line(principal: Principal, unit: int, line: Line, item: Item) -> Line:
    """A line as somebody may see it; ``hidden`` says that it is hidden from them.

    A veto that a figure pronounced is public: only its numbers are hidden.
    """
    if not line.hidden or is_theirs(principal, unit, item):
        return replace(line, hidden=False)
    points = None if line.state == SCORED and line.weight else line.points
    return replace(line, numerator=None, denominator=None, value=None, points=points)


def shown_lines(principal: Principal, unit: int, lines: Sequence[Line], sheet: Sheet) -> list[Line]:
    """All lines of a subject as somebody may see them."""
    return [shown_line(principal, unit, line, sheet.item(line.item)) for line in lines]


def step_of(sheet: Sheet, lines: Sequence[Line], month: int) -> int:
    """To how many hundredths the total of these lines is cut down for the public (``guessing.safe_step``)."""
    return safe_step(sheet, lines, threshold(month))


def shown_results(principal: Principal, table: pd.DataFrame, *ranked: tuple[str, str, str]) -> pd.DataFrame:
    """Results as somebody may see them: totals of others cut down alike, without those that even so would tell.

    ``table`` has ``step``, to how much each is to be cut; out it says to how much it is. ``ranked``: columns of points and
    veto, and the prefix of the ranks, which are made anew of what is shown.
    """
    theirs = table["unit"].map(lambda unit: total_is_theirs(principal, unit)).astype(bool)
    if not (~theirs & (table["step"] != 1)).any():
        return table.assign(step=1)
    gone = ~theirs & (table["step"] == NEVER)
    common = int(table.loc[~theirs & ~gone, "step"].max()) if (~theirs & ~gone).any() else 1
    exact = table[~gone].reset_index(drop=True)
    theirs = theirs[~gone].reset_index(drop=True)
    columns = [name for name in ("points", "second_points", "final") if name in exact]
    level = exact.assign(**{name: exact[name] // common * common for name in columns})
    for points, veto, prefix in ranked:
        level = with_ranks(level, points, veto, prefix)
    level = level.assign(**{name: exact[name].where(theirs, level[name]) for name in columns})
    return level.assign(step=pd.Series(common, index=level.index).mask(theirs, 1))


def shown_standing(principal: Principal, material: Material, found: Standing, month: int) -> Standing:
    """The standing of a draft as somebody may see it; its table says by ``step`` to how much a total is cut down."""
    keys = list(zip(found.table["unit"], found.table["staff_no"], strict=True))
    steps = {
        key: 1
        if sees_all(principal) or total_is_theirs(principal, key[0])
        else step_of(material.sheet, found.scores[key].lines, month)
        for key in keys
    }
    table = found.table.assign(step=[steps[key] for key in keys])
    table = shown_results(principal, table, ("points", "veto", ""))
    points = {(row.unit, row.staff_no): row.points for row in table.itertuples()}
    scores = {
        key: replace(
            found.scores[key],
            points=int(points[key]),
            lines=tuple(shown_lines(principal, key[0], found.scores[key].lines, material.sheet)),
        )
        for key in keys
        if key in points
    }
    return Standing(scores, table)


def hides_from(principal: Principal, material: Material, scores: Mapping[tuple[int, str], object]) -> bool:
    """Whether some line of a draft is hidden from somebody: then nothing may be tried out on it by them."""
    items = {item.key: item for item in material.sheet.items}
    return any(
        figure.hidden and not is_theirs(principal, unit, items[key])
        for unit in {unit for unit, _ in scores}
        for key, figure in material.figures.get(unit, {}).items()
    )


def hidden_before(line: Line, item: Item) -> bool:
    """Whether a line published before masks were kept with scores is taken for hidden: whatever counts persons."""
    card = CARDS.get(item.card)
    return card is not None and is_of_persons(card) and line.numerator is not None
