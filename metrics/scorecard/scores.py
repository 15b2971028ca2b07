"""Published scores of units after appeals: the newest, those before it, of peers and of units below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection, select

from data.register.tables import appraisal_result, appraisal_round
from metrics.appraisal import rounds
from metrics.appraisal.scoring import MANUAL, Line
from metrics.principal import Principal
from metrics.scorecard.parts import Peer, Scored


def newest(principal: Principal, register: Connection, unit: int, month: int) -> Scored | None:
    """The score of the newest round published up to a month that scored the unit itself."""
    if unit not in principal.figures:
        return None
    r, result = appraisal_round.c, appraisal_result.c
    statement = (
        select(r.round)
        .join(appraisal_result, result.round == r.round)
        .where(
            result.unit == unit,
            result.staff_no == "",
            r.state == rounds.PUBLISHED,
            r.subject == "unit",
            r.month <= month,
        )
        .order_by(r.month.desc(), r.round.desc())
        .limit(1)
    )
    number = register.execute(statement).scalar()
    return None if number is None else scores(principal, register, number, [unit]).get(unit)


def before(
    principal: Principal, register: Connection, score: Scored | None, unit: int, months: int | None
) -> Scored | None:
    """The score of the unit in the round before, or in that of so many months before."""
    number = score and rounds.previous(principal, register, score.round, months)
    return scores(principal, register, number, [unit]).get(unit) if number else None


def of_stations(
    principal: Principal, register: Connection, below: Sequence[int], month: int
) -> dict[int, Scored]:
    """Scores of units by the newest round published up to a month that scored any of them."""
    r, result = appraisal_round.c, appraisal_result.c
    statement = (
        select(r.round)
        .join(appraisal_result, result.round == r.round)
        .where(
            result.unit.in_(list(below)),
            result.staff_no == "",
            r.state == rounds.PUBLISHED,
            r.subject == "unit",
            r.month <= month,
        )
        .order_by(r.month.desc(), r.round.desc())
        .limit(1)
    )
    number = register.execute(statement).scalar()
    return {} if number is None else scores(principal, register, number, below)


def scores(
    principal: Principal, register: Connection, number: int, among: Sequence[int]
) -> dict[int, Scored]:
    """unit -> its published score in a round, of those among ``among`` that the round scored."""
    row = rounds.round_of(register, number)
    table = rounds.results(principal, register, number)
    return {
        int(one.unit): Scored(
            round=int(number),
            sheet=rounds.sheet_of(row),
            month=int(row["month"]),
            period=row["period"],
            points=int(one.final),
            full=int(one.full),
            grade=one.final_grade if isinstance(one.final_grade, str) else None,
            veto=one.final_veto if isinstance(one.final_veto, str) else None,
            rank=_whole(one.final_rank),
            peers=_whole(one.final_peers),
            parent_rank=_whole(one.final_parent_rank),
            parent_peers=_whole(one.final_parent_peers),
        )
        for one in table[table["unit"].isin(list(among))].itertuples()
    }


def lines_of(principal: Principal, register: Connection, score: Scored | None, unit: int) -> dict[str, Line]:
    """The lines of a score by item, each with the points that it has after appeals."""
    if score is None:
        return {}
    found = {}
    for row in rounds.lines(principal, register, score.round, unit).itertuples():
        line = rounds.as_line(row)
        found[line.item] = (
            line if math.isnan(row.second) else replace(line, state=MANUAL, points=int(row.second))
        )
    return found


def peers_of(principal: Principal, register: Connection, score: Scored | None, unit: int) -> tuple[Peer, ...]:
    """The published scores of the round, of units of the same kind under the same unit."""
    if score is None:
        return ()
    table = rounds.results(principal, register, score.round)
    mine = table[table["unit"] == unit].iloc[0]
    same_parent = table["parent"].isna() if math.isnan(mine.parent) else table["parent"] == mine.parent
    table = table[(table["kind"] == mine.kind) & same_parent]
    found = [Peer(int(one.unit), int(one.final), _whole(one.final_parent_rank)) for one in table.itertuples()]
    return tuple(sorted(found, key=lambda one: (one.rank is None, one.rank, one.unit)))


def _whole(number: float) -> int | None:
    return None if pd.isna(number) else int(number)
