"""What the true rate would do to the money of a unit: settled as ``metrics.funds`` settles it, with the changed score or the changed count.

One unit at a time, the others as they reported. Nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from metrics.figures import units
from metrics.funds import scores as scoring
from metrics.funds import settlements
from metrics.funds.settling import COEFFICIENT, WORK_POINTS
from metrics.funds.terms import Terms, terms_of
from metrics.principal import Principal
from metrics.verifying.points import Reader, in_round, readers

_CENTRE = "centre"  # of the units that money is settled for
COLUMNS = ("unit", "before", "after", "after_low", "after_high")


@dataclass(frozen=True)
class Money:
    """By model: a frame (COLUMNS, fen), or why there is none: no_estimate, not_all_units, no_population, no_round, not_scored, no_work_points.
    ``round``: by whose scores."""

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    why_not: Mapping[str, str] = field(default_factory=dict)
    round: int | None = None


def money(
    principal: Principal,
    register: Connection,
    known: Connection,
    row: Mapping[str, Any],
    shares: Mapping[int, tuple[float, ...]],
) -> Money:
    """What each unit with an estimate would earn, by both models of settling."""
    models = (COEFFICIENT, WORK_POINTS)
    if not shares:
        return Money(why_not=dict.fromkeys(models, "no_estimate"))
    if (
        not principal.figures.everything
    ):  # a pot is shared among all units: of some alone it would come out wrong
        return Money(why_not=dict.fromkeys(models, "not_all_units"))
    people = settlements.population(principal, known, row["month"] // 12)
    mine = {unit: of for unit, of in shares.items() if unit in people}
    if not mine:
        return Money(why_not=dict.fromkeys(models, "no_population"))
    terms = terms_of(row["month"] // 12)
    kinds = units(principal, known).set_index("unit")["kind"].to_dict()
    published = [one for one in readers(principal, register, row) if not one.is_draft]
    reader = next((one for one in published if _CENTRE in one.sheet.kinds), None)
    frames: dict[str, pd.DataFrame] = {}
    why: dict[str, str] = {}
    if reader is None:
        why[COEFFICIENT] = "no_round"
    else:
        of = {unit: ends for unit, ends in mine.items() if kinds.get(unit) in reader.sheet.kinds}
        found = _by_score(principal, register, known, row, terms, people, reader, of)
        if found.empty:
            why[COEFFICIENT] = "not_scored"
        else:
            frames[COEFFICIENT] = found
    if any(card == row["indicator"] for _, card in terms.work_points):
        frames[WORK_POINTS] = _by_count(principal, register, known, row, terms, people, reader, mine)
    else:
        why[WORK_POINTS] = "no_work_points"
    return Money(frames, why, None if reader is None else reader.number)


def _by_score(
    principal: Principal,
    register: Connection,
    known: Connection,
    row: Mapping[str, Any],
    terms: Terms,
    people: Mapping[int, int],
    reader: Reader,
    shares: Mapping[int, tuple[float, ...]],
) -> pd.DataFrame:
    scores = scoring.scores(principal, register, reader.number)
    among = {unit: many for unit, many in people.items() if unit in scores}

    def earned(unit: int, change: Fraction) -> int:
        score = min(max(scores[unit] + change, Fraction(0)), Fraction(100))
        tried = {**scores, unit: score}
        return _earned(settlements.settled(COEFFICIENT, terms, among, tried, {}, {}, {}), unit)

    rows = []
    for unit in sorted(shares.keys() & among.keys()):
        scored = in_round(principal, register, known, row, reader, unit, shares[unit])
        if scored is None:
            continue
        _, before, *after, full, _, _, _ = scored
        changes = [Fraction(100 * (points - before), full) for points in (before, *after)]
        rows.append((unit, *(earned(unit, change) for change in changes)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _by_count(
    principal: Principal,
    register: Connection,
    known: Connection,
    row: Mapping[str, Any],
    terms: Terms,
    people: Mapping[int, int],
    reader: Reader | None,
    shares: Mapping[int, tuple[float, ...]],
) -> pd.DataFrame:
    done = settlements.services(principal, known, row["month"] // 12)
    quality = {} if reader is None else scoring.quality(principal, register, reader.number)

    def earned(unit: int, share: float) -> int:
        place = (unit, row["indicator"])
        tried = {**done, place: done.get(place, 0) * share}
        return _earned(settlements.settled(WORK_POINTS, terms, people, {}, {}, tried, quality), unit)

    rows = [(unit, *(earned(unit, share) for share in (1, *shares[unit]))) for unit in sorted(shares)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _earned(lines: list, unit: int) -> int:
    return next(line.earned for line in lines if line.unit == unit and line.programme == "")
