"""Published scores: frozen results and lines, and what they came to after appeals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from data.register.tables import appeal, appraisal_line, appraisal_result
from data.store import read_frame
from metrics.appraisal.appeals import granted
from metrics.appraisal.ground import round_of, scope_of, sheet_of
from metrics.appraisal.guessing import NEVER
from metrics.appraisal.material import Subject, with_ranks
from metrics.appraisal.scoring import NOT_APPLICABLE, Line
from metrics.appraisal.sheet import Sheet
from metrics.appraisal.showing import (
    hidden_before,
    shown_line,
    shown_results,
    step_of,
    total_is_theirs,
)
from metrics.principal import Principal
from metrics.small_numbers import sees_all


def results(
    principal: Principal, connection: Connection, number: int, to_reckon: bool = False
) -> pd.DataFrame:
    """The published scores of a round: the columns of ``appraisal_result`` and what they came to after appeals.

    Adds final (points), final_veto, final_grade, final_rank, final_peers, final_parent_rank, final_parent_peers. By
    kind and final rank. Doctors are shown of units whose people the principal may see, units to whoever may see
    their figures. Totals that would tell the principal small numbers are cut down to ``step`` hundredths, or missing
    (``left_out``); ranks are of what is shown. ``to_reckon``: as they are, for what is made of scores and not for showing.
    """
    row = round_of(connection, number)
    table = read_frame(connection, select(appraisal_result).where(appraisal_result.c.round == number))
    table = table.astype({"second_points": "float", "parent": "float"})
    grades = sheet_of(row).grades if len(table) else None
    final = table["second_points"].fillna(table["points"]).astype("int64")
    table = table.assign(final=final, final_veto=_vetoes_left(connection, number, table))
    table = with_ranks(table, "final", "final_veto", "final_")
    kept = [
        "unqualified" if isinstance(veto, str) else grades.of(int(points), int(full))
        for veto, points, full in zip(table["final_veto"], table["final"], table["full"], strict=True)
    ]
    table = table.assign(final_grade=kept)
    if to_reckon or sees_all(principal):
        table = table.assign(step=1)
    else:
        table = table.assign(step=_steps(connection, row, table))
        table = shown_results(principal, table, ("final", "final_veto", "final_"), ("points", "veto", ""))
    scope = scope_of(principal, row["subject"])
    table = table[table["unit"].map(scope.__contains__).astype(bool)]
    return table.sort_values(["kind", "final_rank", "unit", "staff_no"], ignore_index=True)


def left_out(principal: Principal, connection: Connection, number: int) -> list[Subject]:
    """Subjects of a round whose total is hidden from the principal, as it would tell small numbers."""
    row = round_of(connection, number)
    if sees_all(principal) or not row["published_at"]:
        return []
    scope = scope_of(principal, row["subject"])
    table = read_frame(connection, select(appraisal_result).where(appraisal_result.c.round == number))
    gone = table[[step == NEVER for step in _steps(connection, row, table)]] if len(table) else table
    return [
        (int(one.unit), one.staff_no)
        for one in gone.itertuples()
        if one.unit in scope and not total_is_theirs(principal, one.unit)
    ]


def _steps(connection: Connection, row: Mapping[str, Any], table: pd.DataFrame) -> list[int]:
    """[result]: ``step``; reckoned anew where it was published before that was kept."""
    if not table["step"].isna().any():
        return table["step"].astype(int).tolist()
    sheet, of = sheet_of(row), appraisal_line.c
    lines: dict[Subject, list[Line]] = {}
    for one in connection.execute(select(appraisal_line).where(of.round == row["round"])):
        lines.setdefault((one.unit, one.staff_no), []).append(as_line(one, sheet))
    keys = zip(table["unit"], table["staff_no"], strict=True)
    return [step_of(sheet, lines.get(key, []), int(row["month"])) for key in keys]


def _vetoes_left(connection: Connection, number: int, table: pd.DataFrame) -> list[str | None]:
    """The veto of every row of results that no granted appeal lifted."""
    line, a = appraisal_line.c, appeal.c
    rows = select(line.unit, line.staff_no, line.item).where(
        line.round == number, line.weight == 0, line.points == 0, line.state != NOT_APPLICABLE
    )
    lifting = select(a.unit, a.staff_no, a.item).where(a.round == number, a.state == "granted")
    lifted = {tuple(one) for one in connection.execute(lifting)}
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

    Notes are of one's own units only; what is hidden from the principal is missing, with the second points that would
    tell it. ``as_line`` makes a ``scoring.Line`` of a row.
    """
    row, line = round_of(connection, number), appraisal_line.c
    scope = scope_of(principal, row["subject"])
    statement = select(appraisal_line).where(
        line.round == number, line.unit == unit, line.staff_no == staff_no, scope.holds(line.unit)
    )
    frame = read_frame(connection, statement)
    sheet = sheet_of(row)
    order = {item.key: place for place, item in enumerate(sheet.items)}
    second = granted(connection, number).get((unit, staff_no), {})
    frame = _shown(principal, unit, frame, sheet)
    if unit not in principal.own:
        frame = frame.assign(note=None)
    frame = frame.assign(second=frame["item"].map(second).astype("float").mask(frame["hidden"].astype(bool)))
    return frame.sort_values("item", key=lambda keys: keys.map(order), ignore_index=True)


def _shown(principal: Principal, unit: int, frame: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """Frozen lines as the principal may see them; ``hidden`` says that one is hidden from them."""
    mine = [
        shown_line(principal, unit, as_line(row, sheet), sheet.item(row.item)) for row in frame.itertuples()
    ]
    told = {
        name: pd.Series([getattr(line, name) for line in mine], dtype="float", index=frame.index)
        for name in ("numerator", "denominator", "value", "points")
    }
    return frame.assign(
        **told, hidden=pd.Series([line.hidden for line in mine], dtype=bool, index=frame.index)
    )


def as_line(row: Any, sheet: Sheet | None = None) -> Line:
    """A row of ``lines`` as a line of a score; ``sheet``: of a raw row of the register, to say what is hidden of old ones."""
    told = {name: getattr(row, name) for name in Line.__dataclass_fields__}
    plain = {name: None if pd.isna(value) else value for name, value in told.items()}
    for name in ("weight", "points"):
        plain[name] = None if plain[name] is None else int(plain[name])
    hidden = plain["hidden"]
    line = Line(**{**plain, "reason": plain["reason"] or "", "hidden": bool(hidden)})
    if hidden is None and sheet is not None:
        return replace(line, hidden=hidden_before(line, sheet.item(line.item)))
    return line
