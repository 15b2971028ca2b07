"""Rounds of appraisal in the register: a draft, its entries, publication that freezes, appeals, history, warnings.

The register's connection is one of ``data.register``; ``published`` and ``records`` are connections of one generation
of the store. Writing functions take a connection of ``Register.writing``: what they do stands whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, insert, select, update

from data.register import EditedMeanwhileError, add, change, note
from data.register.tables import (
    appeal,
    appraisal_entry,
    appraisal_line,
    appraisal_result,
    appraisal_round,
)
from data.register.tables import history as history_table
from metrics.appraisal.material import (
    Material,
    Subject,
    appraised_units,
    figures_of,
    standing,
    village_doctors,
    with_ranks,
)
from metrics.appraisal.scoring import NOT_APPLICABLE, Entry, Line
from metrics.appraisal.sheet import Item, Method, Sheet, find, frozen_text, parse
from metrics.figures import built
from metrics.principal import Principal
from metrics.reading import read_frame
from metrics.standards import MONTHS, number, value_in

PERIODS = ("quarter", "half", "year")
DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
WARNING, DISMISSAL = "warning", "dismissal"
_DECIDES = "bureau"  # the role that opens, publishes and withdraws rounds and decides appeals


class RoundError(Exception):
    """What cannot be done and why, in both languages: ``error[language]``."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}。\n{en}.")
        self._told = {"zh": f"{zh}。", "en": f"{en}."}

    def __getitem__(self, language: str) -> str:
        return self._told[language]


# -- rounds ----------------------------------------------------------------------------------------


def rounds(principal: Principal, connection: Connection) -> pd.DataFrame:
    """Every round, the newest first: the columns of ``appraisal_round`` without the sheet's text."""
    columns = [column for column in appraisal_round.c if column.name != "sheet_text"]
    order = (appraisal_round.c.month.desc(), appraisal_round.c.round.desc())
    return read_frame(connection, select(*columns).order_by(*order))


def round_of(connection: Connection, number: int) -> Mapping[str, Any]:
    """The row of a round. Raises LookupError."""
    row = (
        connection.execute(select(appraisal_round).where(appraisal_round.c.round == number))
        .mappings()
        .first()
    )
    if row is None:
        raise LookupError(f"no round {number}")
    return row


def sheet_of(row: Mapping[str, Any]) -> Sheet:
    """The sheet that a round is scored by: the frozen one, or of a draft the one on file.

    Raises RoundError where a draft's sheet is no longer there.
    """
    if row["sheet_text"]:
        return parse(row["sheet_text"], f"{row['sheet']} {row['sheet_version']}", frozen=True)
    try:
        return find(row["sheet"], row["sheet_version"])
    except LookupError as error:
        raise RoundError(
            f"评分表 {row['sheet']}（{row['sheet_version']}）已不在；请放回文件，或撤销这一轮后另开一轮",
            f"the sheet {row['sheet']} ({row['sheet_version']}) is gone: put its file back, or withdraw this round",
        ) from error


def open_round(
    principal: Principal,
    connection: Connection,
    sheet: Sheet,
    month: int,
    period: str,
    remark: str | None = None,
) -> int:
    """A new draft of a sheet for the period that ends with a month; gives its number. Raises RoundError."""
    _must_decide(principal)
    length = MONTHS[period] if period in PERIODS else 0
    if not length or (month - (int(number("year_first_month")) - 1) + 1) % length:
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
    _must_decide(principal)
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
    if sheet.subject == "doctor":
        if records is None:
            raise ValueError("village doctors are in the records: a connection to them is needed")
        subjects = village_doctors(principal, records, among["unit"].tolist(), row["month"], row["period"])
        among = among[among["unit"].isin({unit for unit, _ in subjects})].reset_index(drop=True)
    else:
        subjects = [(int(unit), "") for unit in among["unit"]]
    figures = figures_of(principal, published, sheet, among, row["month"], row["period"])
    return Material(sheet, tuple(subjects), among, figures, _entries(connection, number))


def entries(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """What was written by hand in a round: the columns of ``appraisal_entry``."""
    e = appraisal_entry.c
    scope = _scope(principal, round_of(connection, number)["subject"])
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
    if principal.role != _DECIDES and row["subject"] == "unit":
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


def _entries(connection: Connection, number: int) -> dict[Subject, dict[str, Entry]]:
    e = appraisal_entry.c
    rows = select(e.unit, e.staff_no, e.item, e.applies, e.points, e.note).where(e.round == number)
    found: dict[Subject, dict[str, Entry]] = {}
    for unit, staff_no, item, applies, points, remark in connection.execute(rows):
        found.setdefault((unit, staff_no), {})[item] = Entry(applies, points, remark)
    return found


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
    _must_decide(principal)
    if not (principal.figures.everything and principal.persons.everything):
        raise RoundError("只有能看到全部机构的人可以发布", "only who sees every unit can publish")
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
        "published_at": _now(),
        "published_by": principal.name,
    }
    change(connection, appraisal_round, {"round": number}, version, values, principal.name, "publish")


def results(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """The published scores of a round: the columns of ``appraisal_result`` and what they came to after appeals.

    Adds final (points), final_veto, final_grade, final_rank, final_peers, final_parent_rank, final_parent_peers. By
    kind and final rank. Doctors are shown of units whose people the principal may see, units to whoever may see
    their figures; ranks are among all.
    """
    row = round_of(connection, number)
    table = read_frame(connection, select(appraisal_result).where(appraisal_result.c.round == number))
    table = table.astype({"second_points": "float", "parent": "float"})
    if table.empty:
        return table.assign(final=[], final_veto=[], final_grade=[], final_rank=[])
    grades = sheet_of(row).grades
    final = table["second_points"].fillna(table["points"]).astype("int64")
    table = table.assign(final=final, final_veto=_vetoes_left(connection, number, table))
    table = with_ranks(table, "final", "final_veto", "final_")
    kept = [
        "unqualified" if isinstance(veto, str) else grades.of(int(points), int(full))
        for veto, points, full in zip(table["final_veto"], table["final"], table["full"], strict=True)
    ]
    table = table.assign(final_grade=kept)
    scope = _scope(principal, row["subject"])
    table = table[[unit in scope for unit in table["unit"]]]
    return table.sort_values(["kind", "final_rank", "unit", "staff_no"], ignore_index=True)


def _vetoes_left(connection: Connection, number: int, table: pd.DataFrame) -> list[str | None]:
    """The veto of every row of results that no granted appeal lifted."""
    line, a = appraisal_line.c, appeal.c
    rows = select(line.unit, line.staff_no, line.item).where(
        line.round == number, line.weight == 0, line.points == 0, line.state != NOT_APPLICABLE
    )
    granted = select(a.unit, a.staff_no, a.item).where(a.round == number, a.state == "granted")
    lifted = {tuple(one) for one in connection.execute(granted)}
    left: dict[Subject, str] = {}
    for unit, staff_no, item in connection.execute(rows):
        if (unit, staff_no, item) not in lifted:
            left.setdefault((unit, staff_no), item)
    return [
        left.get((unit, staff_no)) for unit, staff_no in zip(table["unit"], table["staff_no"], strict=True)
    ]


def lines(
    principal: Principal, connection: Connection, number: int, unit: int, staff_no: str = ""
) -> pd.DataFrame:
    """The frozen lines of a subject in the sheet's order: the columns of ``appraisal_line`` and second (points).

    ``as_line`` makes a ``scoring.Line`` of a row.
    """
    row, line = round_of(connection, number), appraisal_line.c
    scope = _scope(principal, row["subject"])
    statement = select(appraisal_line).where(
        line.round == number, line.unit == unit, line.staff_no == staff_no, scope.holds(line.unit)
    )
    frame = read_frame(connection, statement)
    order = {item.key: place for place, item in enumerate(sheet_of(row).items)}
    second = _granted(connection, number, unit, staff_no)
    frame = frame.assign(second=frame["item"].map(second).astype("float"))
    return frame.sort_values("item", key=lambda keys: keys.map(order), ignore_index=True)


def as_line(row: Any) -> Line:
    """A row of ``lines`` as a line of a score."""
    told = {name: getattr(row, name) for name in Line.__dataclass_fields__}
    plain = {name: None if pd.isna(value) else value for name, value in told.items()}
    for name in ("weight", "points"):
        plain[name] = None if plain[name] is None else int(plain[name])
    return Line(**{**plain, "reason": plain["reason"] or ""})


# -- appeals ---------------------------------------------------------------------------------------


def appeals(principal: Principal, connection: Connection, number: int | None = None) -> pd.DataFrame:
    """Appeals of a round, or of all: the columns of ``appeal``, the open ones first."""
    a = appeal.c
    where = [principal.persons.holds(a.unit)]
    if number is not None:
        where.append(a.round == number)
    frame = read_frame(connection, select(appeal).where(*where).order_by(a.appeal))
    return frame.sort_values("state", key=lambda states: states != "open", kind="stable", ignore_index=True)


def ask_appeal(
    principal: Principal,
    connection: Connection,
    number: int,
    unit: int,
    staff_no: str,
    item: str,
    reason: str,
) -> int:
    """Appeal against an item of a published score; gives the appeal's number. Raises RoundError."""
    if unit not in principal.persons:
        raise RoundError("不在您的管理范围内", "this unit is not among yours")
    if round_of(connection, number)["state"] != PUBLISHED:
        raise RoundError("只能对已发布的得分申诉", "only published scores can be appealed against")
    if not reason.strip():
        raise RoundError("请写明申诉理由", "say why")
    line, a = appraisal_line.c, appeal.c
    mine = (line.round == number, line.unit == unit, line.staff_no == staff_no, line.item == item)
    state = connection.execute(select(line.state).where(*mine)).scalar()
    if state is None or state == NOT_APPLICABLE:
        raise RoundError("这一条目没有得分", "this item has no score")
    same = (a.round == number, a.unit == unit, a.staff_no == staff_no, a.item == item, a.state == "open")
    if connection.execute(select(a.appeal).where(*same)).first():
        raise RoundError("这一条目已有申诉在办", "an appeal against this item is open")
    values = {
        "round": number,
        "unit": unit,
        "staff_no": staff_no,
        "item": item,
        "asked_at": _now(),
        "asked_by": principal.name,
        "reason": reason,
        "state": "open",
    }
    return add(connection, appeal, values, principal.name)


def grant_appeal(
    principal: Principal, connection: Connection, which: int, version: int, points: int | None, answer: str
) -> None:
    """Grant an appeal: ``points`` (hundredths of the line's weight) become the item's second score.

    The published score stands; the second one stands beside it. Of a veto it is lifted, without points.
    """
    row = _open_appeal(principal, connection, which, answer)
    line = appraisal_line.c
    mine = (line.round == row["round"], line.unit == row["unit"], line.staff_no == row["staff_no"])
    weight, before = connection.execute(
        select(line.weight, line.points).where(*mine, line.item == row["item"])
    ).one()
    sheet = sheet_of(round_of(connection, row["round"]))
    if sheet.item(row["item"]).method is Method.VETO:
        points = None
        if before is None:
            raise RoundError("这一否决项没有被否决", "this veto was not pronounced")
    elif points is None or not 0 <= points <= weight:
        raise RoundError(
            f"复核得分须在 0 和 {weight / 100:g} 之间", f"the second score is between 0 and {weight / 100:g}"
        )
    values = {"state": "granted", "points": points, "answer": answer}
    _decide(principal, connection, which, version, values, "grant")
    second = _granted(connection, row["round"], row["unit"], row["staff_no"])
    rows = connection.execute(select(line.item, line.points).where(*mine)).all()
    final = {item: second.get(item, one or 0) for item, one in rows}
    extra = sum(final.get(item.key, 0) for item in sheet.items if item.method is Method.BONUS)
    if extra > sheet.bonus:
        raise RoundError(
            f"加分合计不能超过 {sheet.bonus / 100:g} 分",
            f"bonuses are {sheet.bonus / 100:g} points at most together",
        )
    total = sum(final.values())
    r = appraisal_result.c
    is_result = (r.round == row["round"], r.unit == row["unit"], r.staff_no == row["staff_no"])
    connection.execute(update(appraisal_result).where(*is_result).values(second_points=total))
    key = f"{row['round']}/{row['unit']}/{row['staff_no']}"
    note(
        connection, appraisal_result.name, key, "second_score", principal.name, after={"second_points": total}
    )


def refuse_appeal(
    principal: Principal, connection: Connection, which: int, version: int, answer: str
) -> None:
    """Refuse an appeal with an answer: the score stands."""
    _open_appeal(principal, connection, which, answer)
    _decide(principal, connection, which, version, {"state": "refused", "answer": answer}, "refuse")


def _open_appeal(principal: Principal, connection: Connection, which: int, answer: str) -> Mapping[str, Any]:
    _must_decide(principal)
    row = connection.execute(select(appeal).where(appeal.c.appeal == which)).mappings().first()
    if row is None:
        raise LookupError(f"no appeal {which}")
    if row["state"] != "open":
        raise RoundError("这一申诉已经答复", "this appeal is decided already")
    if round_of(connection, row["round"])["state"] != PUBLISHED:
        raise RoundError("这一轮已经撤销", "the round is withdrawn")
    if not answer.strip():
        raise RoundError("请写明答复", "give an answer")
    return row


def _decide(principal, connection, which: int, version: int, values: dict, action: str) -> None:
    values = {**values, "decided_at": _now(), "decided_by": principal.name}
    change(connection, appeal, {"appeal": which}, version, values, principal.name, action)


def _granted(connection: Connection, number: int, unit: int, staff_no: str) -> dict[str, int]:
    """Second scores of a subject's items, the newest decision of each; a lifted veto has none."""
    a = appeal.c
    rows = select(a.item, a.points).where(
        a.round == number, a.unit == unit, a.staff_no == staff_no, a.state == "granted", a.points.is_not(None)
    )
    return dict(connection.execute(rows.order_by(a.decided_at, a.appeal)).all())


# -- history and warnings --------------------------------------------------------------------------


def history(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """Who did what in a round, oldest first: at, by, of, key, action, unit, staff_no, item, before, after (dicts)."""
    h = history_table.c
    of_appeals = dict(
        connection.execute(select(appeal.c.appeal, appeal.c.unit).where(appeal.c.round == number)).all()
    )
    names = (appraisal_round.name, appraisal_entry.name, appraisal_result.name, appeal.name)
    rows = connection.execute(select(history_table).where(h.of.in_(names)).order_by(h.entry)).mappings()
    scope = _scope(principal, round_of(connection, number)["subject"])
    found = []
    for row in rows:
        parts = row["key"].split("/")
        if row["of"] == appeal.name:
            unit = of_appeals.get(int(parts[0]))
            if unit is None or unit not in scope:
                continue
            place = (unit, "", "")
        else:
            if int(parts[0]) != number:
                continue
            unit = int(parts[1]) if len(parts) > 1 else None
            if unit is not None and unit not in scope:
                continue
            place = (unit, parts[2] if len(parts) > 2 else "", parts[3] if len(parts) > 3 else "")
        told = [json.loads(row[name]) if row[name] else {} for name in ("before", "after")]
        for one in told:
            one.pop("sheet_text", None)
        found.append((row["at"], row["by"], row["of"], row["key"], row["action"], *place, *told))
    columns = ["at", "by", "of", "key", "action", "unit", "staff_no", "item", "before", "after"]
    return pd.DataFrame(found, columns=columns)


def warned_doctors(principal: Principal, connection: Connection, month: int) -> pd.DataFrame:
    """Village doctors found unqualified too often in published quarters of the last months up to ``month``.

    unit, staff_no, times, stage (warning, dismissal), months (of these quarters); after appeals. The parameters
    ``dismissal_months``, ``dismissal_count`` and ``warning_count`` say over how long and how often.
    """
    r = appraisal_round.c
    window = select(r.round, r.month).where(
        r.subject == "doctor",
        r.period == "quarter",
        r.state == PUBLISHED,
        r.month <= month,
        r.month > month - value_in("dismissal_months", month),
    )
    failed: dict[Subject, list[int]] = {}
    for one, ends in connection.execute(window.order_by(r.month)).all():
        table = results(principal, connection, one)
        for row in table[table["final_grade"] == "unqualified"].itertuples():
            failed.setdefault((int(row.unit), row.staff_no), []).append(ends)
    warn, dismiss = value_in("warning_count", month), value_in("dismissal_count", month)
    found = [
        (unit, staff_no, len(months), DISMISSAL if len(months) >= dismiss else WARNING, tuple(months))
        for (unit, staff_no), months in failed.items()
        if len(months) >= min(warn, dismiss)
    ]
    frame = pd.DataFrame(found, columns=["unit", "staff_no", "times", "stage", "months"])
    return frame.sort_values(["times", "unit", "staff_no"], ascending=[False, True, True], ignore_index=True)


# -- who may ---------------------------------------------------------------------------------------


def _must_decide(principal: Principal) -> None:
    if principal.role != _DECIDES:
        raise RoundError("只有卫健局可以这样做", "only the bureau can do this")


def _scope(principal: Principal, subject: str):
    """Doctors are persons: peers see units' scores, not theirs."""
    return principal.persons if subject == "doctor" else principal.figures


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)
