"""What the true rate would do to the points of a unit: the same item of the same sheet, with the estimated count.

Nothing is kept. An item is scored as its sheet scores it (``metrics.appraisal.scoring``), with numerator and value times the verified
share; all other items stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from metrics.appraisal import rounds
from metrics.appraisal.ground import RoundError
from metrics.appraisal.material import figures_of
from metrics.appraisal.scoring import SCORED, Figure, earned, half_up, unusable
from metrics.appraisal.sheet import Item, Method, Sheet, sheets_in_force
from metrics.cards import CARDS
from metrics.figures import units
from metrics.principal import Principal

#: What a unit is taken to have verified: the estimate and both ends of its interval.
ENDS = ("share", "share_low", "share_high")
COLUMNS = ("unit", "before", "after", "after_low", "after_high", "full", "round", "same_month", "sheet")


@dataclass(frozen=True)
class Reader:
    """A round whose sheet reads the figure that was checked."""

    number: int
    sheet: Sheet
    item: Item
    month: int
    is_draft: bool


def shares_of(results: pd.DataFrame) -> dict[int, tuple[float, ...]]:
    """unit -> ENDS, of those that have an estimate."""
    told = results[results["why"] == ""]
    return {int(one.unit): tuple(getattr(one, end) for end in ENDS) for one in told.itertuples()}


def points(
    principal: Principal,
    register: Connection,
    known: Connection,
    row: Mapping[str, Any],
    shares: Mapping[int, tuple[float, ...]],
) -> pd.DataFrame:
    """A row a unit whose item is scored by the figure (COLUMNS): hundredths before, and with each of ENDS; ``full`` of the sheet.

    By the round of the year that is of the month checked, else the newest (``same_month`` says which); where none is of the
    unit's kind, by the sheet in force (``round`` missing). ``sheet``: the sheet itself.
    """
    tree = units(principal, known)
    kinds = dict(zip(tree["unit"].tolist(), tree["kind"].tolist(), strict=True))
    read = readers(principal, register, row)
    found = []
    for unit in sorted(shares.keys() & kinds.keys()):
        one = next((reader for reader in read if kinds[unit] in reader.sheet.kinds), None)
        if one is not None:
            found.append(in_round(principal, register, known, row, one, unit, shares[unit]))
        else:
            found.append(_in_force(principal, known, row, tree[tree["unit"] == unit], shares[unit]))
    return pd.DataFrame([one for one in found if one], columns=list(COLUMNS))


def readers(principal: Principal, register: Connection, row: Mapping[str, Any]) -> list[Reader]:
    """Rounds of institutions in the year that read the figure: of the month before others, the newest first."""
    table = rounds.rounds(principal, register)
    table = table[
        (table["subject"] == "unit")
        & table["state"].isin([rounds.PUBLISHED, rounds.DRAFT])
        & (table["month"] // 12 == row["month"] // 12)
    ]
    table = table.assign(other=table["month"] != row["month"], is_draft=table["state"] == rounds.DRAFT)
    order = ["other", "month", "is_draft", "round"]
    found = []
    for one in table.sort_values(order, ascending=[True, False, True, False]).itertuples():
        try:
            sheet = rounds.sheet_of(rounds.round_of(register, int(one.round)))
        except RoundError:  # a draft whose sheet is gone cannot be scored by anybody
            continue
        item = item_of(sheet, row["indicator"], row["basis"])
        if item is not None:
            found.append(Reader(int(one.round), sheet, item, int(one.month), bool(one.is_draft)))
    return found


def item_of(sheet: Sheet, key: str, basis: str) -> Item | None:
    """The item of a sheet that is scored by a figure: of a card, on a basis."""
    first = str(CARDS[key].bases[0])
    for item in sheet.items:
        if item.card == key and (item.basis or first) == basis and item.method is not Method.VETO:
            return item
    return None


def in_round(
    principal: Principal,
    register: Connection,
    known: Connection,
    row: Mapping[str, Any],
    reader: Reader,
    unit: int,
    shares: Sequence[float],
) -> tuple | None:
    """A row of COLUMNS by a round; None where the unit's item is not scored by its figure there."""
    item, sheet = reader.item, reader.sheet
    if reader.is_draft:
        made = rounds.material(principal, register, known, None, reader.number)
        entry = made.entries.get((unit, ""), {}).get(item.key)
        if entry is not None and (entry.points is not None or entry.applies is False):
            return None
        figure, weight = made.figures.get(unit, {}).get(item.key), item.weight
    else:
        table = rounds.lines(principal, register, reader.number, unit)
        lines = [rounds.as_line(one) for one in table[table["item"] == item.key].itertuples()]
        if not lines or lines[0].state != SCORED or lines[0].hidden:
            return None
        line = lines[0]
        figure, weight = Figure(line.numerator, line.denominator, line.value, line.baseline), line.weight
    scored = _scored(item, figure, weight, shares)
    same = reader.month == row["month"]
    return None if scored is None else (unit, *scored, sheet.full, reader.number, same, sheet)


def _in_force(
    principal: Principal,
    known: Connection,
    row: Mapping[str, Any],
    one: pd.DataFrame,
    shares: Sequence[float],
) -> tuple | None:
    """The same by the first sheet in force for the unit's kind that reads the figure."""
    unit, kind = int(one["unit"].iloc[0]), one["kind"].iloc[0]
    for sheet in sheets_in_force(kind, row["month"]):
        item = item_of(sheet, row["indicator"], row["basis"])
        if item is None or sheet.subject != "unit":
            continue
        figures = figures_of(principal, known, sheet, one, row["month"], "quarter")
        scored = _scored(item, figures.get(unit, {}).get(item.key), item.weight, shares)
        return None if scored is None else (unit, *scored, sheet.full, None, True, sheet)
    return None


def _scored(item: Item, figure: Figure | None, weight: int, shares: Sequence[float]) -> list[int] | None:
    """Hundredths as the figure stands, and with each of the shares; None where it cannot be scored."""
    if unusable(item, figure, accepted=True):
        return None
    tried = [figure, *(shrunk(figure, share) for share in shares)]
    return [half_up(earned(item, one) * weight) for one in tried]


def shrunk(figure: Figure, share: float) -> Figure:
    """The figure were only this share of its numerator true."""
    top = None if figure.numerator is None else figure.numerator * share
    return replace(figure, numerator=top, value=figure.value * share)
