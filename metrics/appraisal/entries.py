"""What people write about the items of a draft: points by hand, and whether an item applies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from data.register import EditedMeanwhileError, add_many, change
from data.register.tables import appraisal_entry
from data.store import read_frame
from metrics.appraisal.ground import DRAFT, SCORING_RIGHT, RoundError, round_of, sheet_of
from metrics.appraisal.material import Subject
from metrics.appraisal.scoring import Entry
from metrics.appraisal.sheet import Item, Method
from metrics.principal import Principal

Place = tuple[int, str, str]  # unit, staff number ("" of a unit itself), item
_KEY = ("round", "unit", "staff_no", "item")


def entries(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """What was written by hand in a round about one's own units: the columns of ``appraisal_entry``."""
    e = appraisal_entry.c
    where = (e.round == number, principal.own.holds(e.unit))
    return read_frame(connection, select(appraisal_entry).where(*where))


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

    Gives the new version. Raises NotAllowedError, RoundError, or EditedMeanwhileError where somebody else was faster.
    """
    place = (unit, staff_no, item)
    save_entries(principal, connection, number, {place: entry}, {place: version})
    return version + 1


def save_entries(
    principal: Principal,
    connection: Connection,
    number: int,
    told: Mapping[Place, Entry],
    versions: Mapping[Place, int] | None = None,
) -> None:
    """The same for many items at once, all or none: (unit, staff number, item) -> entry, and versions as read."""
    row = round_of(connection, number)
    principal.require(SCORING_RIGHT[row["subject"]])
    for unit, *_ in told:
        principal.require_own(unit)
    if row["state"] != DRAFT:
        raise RoundError(
            "这一轮已不是草稿，分数不能再改", "this round is no draft any more: its scores stand"
        )
    items = {item.key: item for item in sheet_of(row).items}
    there = _there(connection, number, told)
    new = []
    for place, entry in told.items():
        _check_entry(items[place[2]], entry)
        key = dict(zip(_KEY, (number, *place), strict=True))
        values = {"applies": entry.applies, "points": entry.points, "note": entry.note}
        read = (versions or {}).get(place, 0)
        if place not in there:
            new.append({**key, **values})
        elif read != there[place]["version"]:
            raise EditedMeanwhileError(there[place])
        else:
            change(connection, appraisal_entry, key, read, values, principal.name)
    add_many(connection, appraisal_entry, new, principal.name)


def _there(connection: Connection, number: int, told: Iterable[Place]) -> dict[Place, Mapping[str, Any]]:
    """The entries that these places have already."""
    e, units = appraisal_entry.c, sorted({unit for unit, *_ in told})
    rows = connection.execute(select(appraisal_entry).where(e.round == number, e.unit.in_(units)))
    return {(row["unit"], row["staff_no"], row["item"]): row for row in rows.mappings()}


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


def entries_of(principal: Principal, connection: Connection, number: int) -> dict[Subject, dict[str, Entry]]:
    """The same for scoring: subject -> item -> entry."""
    e = appraisal_entry.c
    rows = select(e.unit, e.staff_no, e.item, e.applies, e.points, e.note).where(
        e.round == number, principal.own.holds(e.unit)
    )
    found: dict[Subject, dict[str, Entry]] = {}
    for unit, staff_no, item, applies, points, remark in connection.execute(rows):
        found.setdefault((unit, staff_no), {})[item] = Entry(applies, points, remark)
    return found
