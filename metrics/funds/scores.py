"""What a published appraisal says about money: the score of each unit, and how good each programme was."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
from sqlalchemy import Connection, select

from data.register.tables import appraisal_line
from metrics.appraisal import rounds
from metrics.appraisal.sheet import Sheet
from metrics.cards import CARDS
from metrics.principal import Principal


def scores(principal: Principal, register: Connection, number: int) -> dict[int, Fraction]:
    """unit -> score of a published round, 0 to 100, after appeals; vetoed units score nothing."""
    found = {}
    for row in rounds.results(principal, register, number).itertuples():
        vetoed = isinstance(row.final_veto, str)
        found[int(row.unit)] = (
            Fraction(0) if vetoed or not row.full else Fraction(int(row.final) * 100, int(row.full))
        )
    return {unit: min(score, Fraction(100)) for unit, score in found.items()}


def quality(principal: Principal, register: Connection, number: int) -> dict[tuple[int, str], Fraction]:
    """(unit, programme) -> points over weight of the items that read a card of the programme, to four decimals."""
    sheet: Sheet = rounds.sheet_of(rounds.round_of(register, number))
    programme = {item.key: CARDS[item.card].system for item in sheet.items if item.card and item.is_weighed}
    line = appraisal_line.c
    rows = register.execute(
        select(line.unit, line.item, line.weight, line.points).where(
            line.round == number,
            line.points.is_not(None),
            line.weight > 0,
            principal.figures.holds(line.unit),
        )
    )
    sums: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        if row.item in programme:
            total = sums.setdefault((int(row.unit), programme[row.item]), [0, 0])
            total[0] += row.points
            total[1] += row.weight
    return {
        place: Fraction(round(10_000 * Fraction(top, bottom)), 10_000)
        for place, (top, bottom) in sums.items()
    }


def scored_rounds(principal: Principal, register: Connection, year: int) -> pd.DataFrame:
    """Published rounds of institutions whose period ends in the year: the newest first."""
    table = rounds.rounds(principal, register)
    return table[
        (table["state"] == rounds.PUBLISHED) & (table["subject"] == "unit") & (table["month"] // 12 == year)
    ]
