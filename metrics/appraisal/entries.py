"""What people write about the items of a draft: points by hand, and whether an item applies."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from data.register import EditedMeanwhileError, add, change
from data.register.tables import appraisal_entry
from metrics.appraisal.ground import BUREAU, DRAFT, RoundError, round_of, scope_of, sheet_of
from metrics.appraisal.material import Subject
from metrics.appraisal.scoring import Entry
from metrics.appraisal.sheet import Item, Method
from metrics.principal import Principal
from metrics.reading import read_frame


def entries(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """What was written by hand in a round: the columns of ``appraisal_entry``."""
    e = appraisal_entry.c
    scope = scope_of(principal, round_of(connection, number)["subject"])
    return read_frame(connection, select(appraisal_entry).where(e.round == number, scope.holds(e.unit)))


def save_entry(
    principal: Principal,
    connection: Connection,
    number: int,
    unit: int,
    staff_no: str,
    item: str,
    entry: Entry,
    version: int = 0,
) -> int:
    """Write what a person says about an item; ``version`` is that of the entry as it was read, 0 for a new one.

    Gives the new version. Raises RoundError, or EditedMeanwhileError where somebody else was faster.
    """
    row = round_of(connection, number)
    if unit not in principal.persons:
        raise RoundError("不在您的管理范围内", "this unit is not among yours")
    if principal.role != BUREAU and row["subject"] == "unit":
        raise RoundError("机构考核由卫健局打分", "units are scored by the bureau")
    if row["state"] != DRAFT:
        raise RoundError(
            "这一轮已不是草稿，分数不能再改", "this round is no draft any more: its scores stand"
        )
    _check_entry(sheet_of(row).item(item), entry)
    key = {"round": number, "unit": unit, "staff_no": staff_no, "item": item}
    values = {"applies": entry.applies, "points": entry.points, "note": entry.note}
    is_row = [appraisal_entry.c[name] == value for name, value in key.items()]
    there = connection.execute(select(appraisal_entry).where(*is_row)).mappings().first()
    if there is None:
        add(connection, appraisal_entry, {**key, **values}, principal.name)
        return 1
    if version != there["version"]:
        raise EditedMeanwhileError(there)
    return change(connection, appraisal_entry, key, version, values, principal.name)


def _check_entry(item: Item, entry: Entry) -> None:
    says_something = bool((entry.note or "").strip())
    if entry.points is not None:
        if item.method is Method.VETO:
            raise RoundError(
                "否决项不打分，只选是否否决", "a veto has no points: say whether it is pronounced"
            )
        if not 0 <= entry.points <= item.weight:
            raise RoundError(
                f"{item.words.zh}：得分须在 0 和 {item.weight / 100:g} 之间",
                f"{item.words.en}: points are between 0 and {item.weight / 100:g}",
            )
        if item.method is Method.YES_NO and entry.points not in (0, item.weight):
            raise RoundError(f"{item.words.zh}：只能得满分或 0 分", f"{item.words.en}: full points or none")
    decides = entry.applies is not None or (entry.points is not None and item.card is not None)
    if decides and not says_something:
        raise RoundError(
            f"{item.words.zh}：不按数据计分时请写明理由",
            f"{item.words.en}: say why the figure does not decide",
        )


def entries_of(connection: Connection, number: int) -> dict[Subject, dict[str, Entry]]:
    """The same for scoring: subject -> item -> entry."""
    e = appraisal_entry.c
    rows = select(e.unit, e.staff_no, e.item, e.applies, e.points, e.note).where(e.round == number)
    found: dict[Subject, dict[str, Entry]] = {}
    for unit, staff_no, item, applies, points, remark in connection.execute(rows):
        found.setdefault((unit, staff_no), {})[item] = Entry(applies, points, remark)
    return found
