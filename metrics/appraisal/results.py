"""Published scores: frozen results and lines, and what they came to after appeals."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from data.register.tables import appeal, appraisal_line, appraisal_result
from metrics.appraisal.appeals import granted
from metrics.appraisal.ground import round_of, scope_of, sheet_of
from metrics.appraisal.material import Subject, with_ranks
from metrics.appraisal.scoring import NOT_APPLICABLE, Line
from metrics.principal import Principal
from metrics.reading import read_frame


def results(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """The published scores of a round: the columns of ``appraisal_result`` and what they came to after appeals.

    Adds final (points), final_veto, final_grade, final_rank, final_peers, final_parent_rank, final_parent_peers. By
    kind and final rank. Doctors are shown of units whose people the principal may see, units to whoever may see
    their figures; ranks are among all.
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
    scope = scope_of(principal, row["subject"])
    table = table[table["unit"].map(scope.__contains__).astype(bool)]
    return table.sort_values(["kind", "final_rank", "unit", "staff_no"], ignore_index=True)


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

    Notes are of one's own units only. ``as_line`` makes a ``scoring.Line`` of a row.
    """
    row, line = round_of(connection, number), appraisal_line.c
    scope = scope_of(principal, row["subject"])
    statement = select(appraisal_line).where(
        line.round == number, line.unit == unit, line.staff_no == staff_no, scope.holds(line.unit)
    )
    frame = read_frame(connection, statement)
    order = {item.key: place for place, item in enumerate(sheet_of(row).items)}
    second = granted(connection, number).get((unit, staff_no), {})
    if unit not in principal.own:
        frame = frame.assign(note=None)
    frame = frame.assign(second=frame["item"].map(second).astype("float"))
    return frame.sort_values("item", key=lambda keys: keys.map(order), ignore_index=True)


def as_line(row: Any) -> Line:
    """A row of ``lines`` as a line of a score."""
    told = {name: getattr(row, name) for name in Line.__dataclass_fields__}
    plain = {name: None if pd.isna(value) else value for name, value in told.items()}
    for name in ("weight", "points"):
        plain[name] = None if plain[name] is None else int(plain[name])
    return Line(**{**plain, "reason": plain["reason"] or ""})
