"""Rounds of appraisal in the register: a draft, publication that freezes, results.

The register's connection is one of ``data.register``; ``published`` and ``records`` are connections of one generation
of the store. Writing functions take a connection of ``Register.writing``: what they do stands whole or not at all.
Entries, appeals and history of a round have files of their own; they are to be had from here too.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from data.register import add, change
from data.register.tables import appraisal_line, appraisal_result, appraisal_round
from data.store import read_frame
from metrics.appraisal.appeals import appeals, ask_appeal, grant_appeal, refuse_appeal
from metrics.appraisal.doctors import DISMISSAL, WARNING, warned_doctors
from metrics.appraisal.entries import entries, entries_of, save_entries, save_entry
from metrics.appraisal.ground import (
    DRAFT,
    PERIODS,
    PUBLISHED,
    WITHDRAWN,
    RoundError,
    now,
    round_of,
    sheet_of,
)
from metrics.appraisal.history import history
from metrics.appraisal.material import (
    Material,
    appraised_units,
    figures_of,
    standing,
    village_doctors,
)
from metrics.appraisal.results import as_line, left_out, lines, results
from metrics.appraisal.scoring import Line
from metrics.appraisal.sheet import Sheet, frozen_text
from metrics.appraisal.showing import step_of
from metrics.figures import built
from metrics.principal import NotAllowedError, Principal
from metrics.standards import MONTHS
from metrics.standards import number as parameter

__all__ = [
    "DISMISSAL",
    "DRAFT",
    "PERIODS",
    "PUBLISHED",
    "WARNING",
    "WITHDRAWN",
    "RoundError",
    "appeals",
    "as_line",
    "ask_appeal",
    "entries",
    "entries_of",
    "grant_appeal",
    "history",
    "left_out",
    "lines",
    "material",
    "open_round",
    "previous",
    "publish",
    "refuse_appeal",
    "results",
    "round_of",
    "rounds",
    "save_entries",
    "save_entry",
    "sheet_of",
    "warned_doctors",
    "withdraw",
]


# -- rounds ----------------------------------------------------------------------------------------


def rounds(principal: Principal, connection: Connection) -> pd.DataFrame:
    """Every round, the newest first: the columns of ``appraisal_round`` without the sheet's text."""
    columns = [column for column in appraisal_round.c if column.name != "sheet_text"]
    order = (appraisal_round.c.month.desc(), appraisal_round.c.round.desc())
    return read_frame(connection, select(*columns).order_by(*order))


def open_round(
    principal: Principal,
    connection: Connection,
    sheet: Sheet,
    month: int,
    period: str,
    remark: str | None = None,
) -> int:
    """A new draft of a sheet for the period that ends with a month; gives its number. Raises RoundError."""
    principal.require("decide")
    length = MONTHS[period] if period in PERIODS else 0
    if not length or (month - (int(parameter("year_first_month")) - 1) + 1) % length:
        raise RoundError("这个月不是所选考核期的末月", "the month is not the last one of such a period")
    r = appraisal_round.c
    there = connection.execute(
        select(r.round).where(
            r.sheet == sheet.key, r.month == month, r.period == period, r.state.in_([DRAFT, PUBLISHED])
        )
    ).scalar()
    if there is not None:
        raise RoundError(
            f"这张评分表在这一考核期已有第 {there} 轮；请继续那一轮，或先撤销",
            f"round {there} of this sheet covers this period: carry on with it, or withdraw it first",
        )
    values = {
        "sheet": sheet.key,
        "sheet_version": sheet.version,
        "sheet_text": None,
        "subject": sheet.subject,
        "month": month,
        "period": period,
        "state": DRAFT,
        "note": remark,
    }
    return add(connection, appraisal_round, values, principal.name)


def withdraw(principal: Principal, connection: Connection, number: int, version: int, why: str) -> None:
    """Take back a draft or a published round; its scores stay readable as withdrawn. Raises RoundError."""
    principal.require("decide")
    row = round_of(connection, number)
    if row["state"] == WITHDRAWN:
        raise RoundError("这一轮已经撤销", "this round is withdrawn already")
    if not why.strip():
        raise RoundError("请写明撤销的原因", "say why it is withdrawn")
    values = {"state": WITHDRAWN, "note": why}
    change(connection, appraisal_round, {"round": number}, version, values, principal.name, "withdraw")


def previous(
    principal: Principal, connection: Connection, number: int, months: int | None = None
) -> int | None:
    """The published round before this one by the same sheet (of any version) and period length.

    ``months``: the one so many months before, 12 for last year; None: the newest one before.
    """
    row, r = round_of(connection, number), appraisal_round.c
    where = [r.sheet == row["sheet"], r.period == row["period"], r.state == PUBLISHED]
    where.append(r.month == row["month"] - months if months else r.month < row["month"])
    order = (r.month.desc(), r.round.desc())
    return connection.execute(select(r.round).where(*where).order_by(*order).limit(1)).scalar()


# -- a draft ---------------------------------------------------------------------------------------


def material(
    principal: Principal,
    connection: Connection,
    published: Connection,
    records: Connection | None,
    number: int,
) -> Material:
    """What a draft is scored from; ``records`` is needed where doctors are appraised.

    ``metrics.appraisal.material.standing`` makes scores and ranks of it.
    """
    row = round_of(connection, number)
    sheet = sheet_of(row)
    among = appraised_units(principal, published, sheet, row["month"], row["period"])
    # What is not published yet is shown of one's own units only.
    among = among[among["unit"].map(principal.own.__contains__).astype(bool)].reset_index(drop=True)
    if sheet.subject == "doctor":
        if records is None:
            raise ValueError("village doctors are in the records: a connection to them is needed")
        subjects = village_doctors(principal, records, among["unit"].tolist(), row["month"], row["period"])
        among = among[among["unit"].isin({unit for unit, _ in subjects})].reset_index(drop=True)
    else:
        subjects = [(int(unit), "") for unit in among["unit"]]
    figures = figures_of(principal, published, sheet, among, row["month"], row["period"])
    return Material(sheet, tuple(subjects), among, figures, entries_of(principal, connection, number))


# -- publishing ------------------------------------------------------------------------------------


def publish(
    principal: Principal,
    connection: Connection,
    published: Connection,
    records: Connection | None,
    number: int,
    version: int,
) -> None:
    """Freeze a draft: lines, results, ranks, data event, definitions, the sheet's text. Raises RoundError."""
    principal.require("decide")
    if not (principal.figures.everything and principal.own.everything):
        raise NotAllowedError("only who sees every unit can publish")
    row = round_of(connection, number)
    if row["state"] != DRAFT:
        raise RoundError("这一轮已不是草稿", "this round is no draft any more")
    data = built(published)
    if data is None or not data.first_month <= row["month"] <= data.last_month:
        raise RoundError("这一考核期还没有计算出的数据", "no figures are built for this period")
    made = material(principal, connection, published, records, number)
    stand = standing(made)
    counted = {subject: one for subject, one in stand.scores.items() if one.full > 0}
    if not counted:
        raise RoundError("没有可发布的得分", "there is no score to publish")
    if undecided := {subject: one for subject, one in counted.items() if one.open_items}:
        items = sum(len(one.open_items) for one in undecided.values())
        names = made.units.set_index("unit")["name"]
        first = "、".join(dict.fromkeys(names[unit] for unit, _ in list(undecided)[:3]))
        raise RoundError(
            f"还有 {len(undecided)} 个考核对象的 {items} 个条目没有定下（{first} 等），请先打分或注明不适用",
            f"{items} items of {len(undecided)} subjects are open ({first}, ...): score them or say that they do not apply",
        )
    line_rows = [
        {
            "round": number,
            "unit": unit,
            "staff_no": staff_no,
            **{name: getattr(line, name) for name in Line.__dataclass_fields__},
        }
        for (unit, staff_no), one in counted.items()
        for line in one.lines
    ]
    table = stand.table[stand.table["full"] > 0]
    result_rows = [
        {
            "round": number,
            "unit": int(each.unit),
            "staff_no": each.staff_no,
            "points": int(each.points),
            "full": int(each.full),
            "kind": each.kind,
            "parent": None if pd.isna(each.parent) else int(each.parent),
            "rank": int(each.rank),
            "peers": int(each.peers),
            "parent_rank": int(each.parent_rank),
            "parent_peers": int(each.parent_peers),
            "grade": each.grade,
            "veto": each.veto if isinstance(each.veto, str) else None,
            "step": step_of(made.sheet, counted[int(each.unit), each.staff_no].lines, int(row["month"])),
        }
        for each in table.itertuples()
    ]
    for frozen, rows in ((appraisal_line, line_rows), (appraisal_result, result_rows)):
        connection.execute(delete(frozen).where(frozen.c.round == number))
        connection.execute(insert(frozen), rows)
    values = {
        "state": PUBLISHED,
        "sheet_text": frozen_text(made.sheet),
        "event": data.event,
        "definitions": data.definitions,
        "published_at": now(),
        "published_by": principal.name,
    }
    change(connection, appraisal_round, {"round": number}, version, values, principal.name, "publish")
