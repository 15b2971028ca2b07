"""Appeals against items of a published score: the second score stands beside the first."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select, update

from data.register import add, change, note
from data.register.tables import appeal, appraisal_line, appraisal_result
from data.store import read_frame
from metrics.appraisal.ground import PUBLISHED, RoundError, now, round_of, sheet_of
from metrics.appraisal.material import Subject
from metrics.appraisal.scoring import NOT_APPLICABLE
from metrics.appraisal.sheet import Method
from metrics.appraisal.showing import is_theirs, total_is_theirs
from metrics.principal import NotAllowedError, Principal


def appeals(principal: Principal, connection: Connection, number: int | None = None) -> pd.DataFrame:
    """Appeals of a round, or of all: the columns of ``appeal`` and hidden, the open ones first.

    ``hidden``: whether the line that it is against is hidden from the principal; its second points are missing then.
    """
    a = appeal.c
    where = [principal.own.holds(a.unit)]
    if number is not None:
        where.append(a.round == number)
    frame = read_frame(connection, select(appeal).where(*where).order_by(a.appeal))
    hidden = pd.Series([_is_hidden(principal, connection, row) for row in frame.itertuples()], dtype=bool)
    frame = frame.assign(hidden=hidden, points=frame["points"].astype("float").mask(hidden))
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
    """Appeal against an item of a published score; gives the appeal's number. Raises NotAllowedError, RoundError."""
    principal.require("answer")
    principal.require_own(unit)
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
        "asked_at": now(),
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
    second = granted(connection, row["round"]).get((row["unit"], row["staff_no"]), {})
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
    principal.require("decide")
    row = connection.execute(select(appeal).where(appeal.c.appeal == which)).mappings().first()
    if row is None or row["unit"] not in principal.own:
        raise LookupError(f"no appeal {which}")
    if row["state"] != "open":
        raise RoundError("这一申诉已经答复", "this appeal is decided already")
    if round_of(connection, row["round"])["state"] != PUBLISHED:
        raise RoundError("这一轮已经撤销", "the round is withdrawn")
    if not answer.strip():
        raise RoundError("请写明答复", "give an answer")
    if _is_hidden(principal, connection, SimpleNamespace(**row)):
        raise NotAllowedError("the line stands on people whom the principal may not see")
    return row


def _is_hidden(principal: Principal, connection: Connection, row: Any) -> bool:
    """Whether the line that an appeal is against is hidden from somebody."""
    if total_is_theirs(principal, row.unit):
        return False
    sheet, line = sheet_of(round_of(connection, row.round)), appraisal_line.c
    mine = (
        line.round == row.round,
        line.unit == row.unit,
        line.staff_no == row.staff_no,
        line.item == row.item,
    )
    hidden = connection.execute(select(line.hidden).where(*mine)).scalar()
    item = sheet.item(row.item)
    return ((hidden is None and item.card is not None) or bool(hidden)) and not is_theirs(
        principal, row.unit, item
    )


def _decide(principal, connection, which: int, version: int, values: dict, action: str) -> None:
    values = {**values, "decided_at": now(), "decided_by": principal.name}
    change(connection, appeal, {"appeal": which}, version, values, principal.name, action)


def granted(connection: Connection, number: int) -> dict[Subject, dict[str, int]]:
    """Second scores of a round's items by subject, the newest decision of each; a lifted veto has none."""
    a = appeal.c
    rows = select(a.unit, a.staff_no, a.item, a.points).where(
        a.round == number, a.state == "granted", a.points.is_not(None)
    )
    found: dict[Subject, dict[str, int]] = {}
    for unit, staff_no, item, points in connection.execute(rows.order_by(a.decided_at, a.appeal)):
        found.setdefault((unit, staff_no), {})[item] = points
    return found
