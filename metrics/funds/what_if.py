"""What a changed weight, target, score or term would do to ranks and money, before anything is published."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from metrics.funds.settling import Line


def compared(
    before: Mapping[int, Fraction],
    after: Mapping[int, Fraction],
    lines_before: list[Line],
    lines_after: list[Line],
) -> pd.DataFrame:
    """One row a unit, best after the change first: score, rank and earned fen before and after, and the changes.

    Columns: unit, score_before, score_after, rank_before, rank_after, moved (ranks won), earned_before, earned_after,
    change (fen). Scores are floats; a unit without a score has none and no rank.
    """
    ranks_before, ranks_after = _ranks(before), _ranks(after)
    money_before, money_after = _earned(lines_before), _earned(lines_after)
    rows = []
    for unit in dict.fromkeys([*after, *before, *money_after, *money_before]):
        old, new = ranks_before.get(unit), ranks_after.get(unit)
        rows.append(
            {
                "unit": unit,
                "score_before": _number(before.get(unit)),
                "score_after": _number(after.get(unit)),
                "rank_before": old,
                "rank_after": new,
                "moved": None if old is None or new is None else old - new,
                "earned_before": money_before.get(unit),
                "earned_after": money_after.get(unit),
                "change": None
                if unit not in money_before or unit not in money_after
                else money_after[unit] - money_before[unit],
            }
        )
    frame = pd.DataFrame(rows)
    return frame.sort_values(["rank_after", "unit"], na_position="last", ignore_index=True) if rows else frame


def _ranks(scores: Mapping[int, Fraction]) -> dict[int, int]:
    """Units of the same score share a rank."""
    return {unit: 1 + sum(other > score for other in scores.values()) for unit, score in scores.items()}


def _earned(lines: list[Line]) -> dict[int, int]:
    return {line.unit: line.earned for line in lines if line.programme == ""}


def _number(score: Fraction | None) -> float | None:
    return None if score is None else float(score)
