"""What published appraisals say about money: scores of units and village doctors, and how good programmes were."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
from sqlalchemy import Connection, select

from data.register.tables import appraisal_line
from metrics.appraisal import rounds
from metrics.appraisal.appeals import granted
from metrics.appraisal.ground import scope_of
from metrics.appraisal.sheet import Sheet
from metrics.cards import CARDS
from metrics.principal import Principal
from metrics.standards import MONTHS


def scores(principal: Principal, register: Connection, number: int) -> dict[int, Fraction]:
    """unit -> score of a published round, 0 to 100, after appeals; vetoed units score nothing."""
    found = {}
    for row in rounds.results(principal, register, number, to_reckon=True).itertuples():
        vetoed = isinstance(row.final_veto, str)
        found[int(row.unit)] = (
            Fraction(0) if vetoed or not row.full else Fraction(int(row.final) * 100, int(row.full))
        )
    return {unit: min(score, Fraction(100)) for unit, score in found.items()}


def quality(principal: Principal, register: Connection, number: int) -> dict[tuple[int, str], Fraction]:
    """(unit, programme) -> points, after appeals, over weight of the items that read a card of the programme.

    To four decimals. An item whose card this version of the product does not know is of no programme.
    """
    row = rounds.round_of(register, number)
    sheet: Sheet = rounds.sheet_of(row)
    programme = {
        item.key: CARDS[item.card].system for item in sheet.items if item.card in CARDS and item.is_weighed
    }
    second, line = granted(register, number), appraisal_line.c
    rows = register.execute(
        select(line.unit, line.staff_no, line.item, line.weight, line.points).where(
            line.round == number,
            line.points.is_not(None),
            line.weight > 0,
            scope_of(principal, row["subject"]).holds(line.unit),
        )
    )
    sums: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        if row.item in programme:
            total = sums.setdefault((int(row.unit), programme[row.item]), [0, 0])
            total[0] += second.get((row.unit, row.staff_no), {}).get(row.item, row.points)
            total[1] += row.weight
    return {
        place: Fraction(round(10_000 * Fraction(top, bottom)), 10_000)
        for place, (top, bottom) in sums.items()
    }


def doctor_rounds(principal: Principal, register: Connection, year: int) -> list[int]:
    """The published rounds of village doctors that count for a year: those of the longest period."""
    table = rounds.rounds(principal, register)
    table = table[
        (table["state"] == rounds.PUBLISHED) & (table["subject"] == "doctor") & (table["month"] // 12 == year)
    ]
    length = table["period"].map(MONTHS)
    return [int(number) for number in table.loc[length == length.max(), "round"]]


def doctor_scores(
    principal: Principal, register: Connection, year: int
) -> tuple[dict[tuple[int, str], Fraction], dict[tuple[int, str], int]]:
    """((unit, staff number) -> score of the year, 0 to 100, and -> in how many rounds), of published rounds after appeals.

    The rounds of the longest period count (the year's own before halves before quarters), their mean for each doctor; a
    round in which somebody was vetoed counts nothing.
    """
    points: dict[tuple[int, str], list[Fraction]] = {}
    for number in doctor_rounds(principal, register, year):
        for row in rounds.results(principal, register, int(number), to_reckon=True).itertuples():
            if row.full:
                vetoed = isinstance(row.final_veto, str)
                score = Fraction(0) if vetoed else Fraction(int(row.final) * 100, int(row.full))
                points.setdefault((int(row.unit), row.staff_no), []).append(min(score, Fraction(100)))
    means = {doctor: sum(of, Fraction(0)) / len(of) for doctor, of in points.items()}
    return means, {doctor: len(of) for doctor, of in points.items()}


def scored_rounds(principal: Principal, register: Connection, year: int) -> pd.DataFrame:
    """Published rounds of institutions whose period ends in the year: the newest first."""
    table = rounds.rounds(principal, register)
    return table[
        (table["state"] == rounds.PUBLISHED) & (table["subject"] == "unit") & (table["month"] // 12 == year)
    ]
