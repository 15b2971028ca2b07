"""What the records say of the map: who lives in which place, which units are open, what they supply."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Connection, Select, and_, case, func, or_, select

from data import records
from data.records.levels import DIVISIONS
from data.store import bulk_select
from metrics.coverage.people import COUNTS
from metrics.facts import contracted, home, resident
from metrics.sql import last_month_in_force, month_of
from metrics.standards import value_in

#: What must have its meaning on a connection before ``people_by_place`` is asked.
RULES = [select(home.c.person), select(resident.c.person), select(contracted.c.person)]

DOCTORS = ("gp", "physician", "village_doctor")
SUPPLIES = ("doctors", "gps", "beds", "hours")
_GRIDS = (*DIVISIONS, "group")
_YEAR = 12
_NOWHERE = -1
_CHILD_YEARS = 7  # 0 to 6 years of age, as the bands of the population have it


def places(connection: Connection) -> pd.DataFrame:
    """The places in force, one row each: place, code, parent_code, name (after that of what it lies in), level, lon,
    lat, seat, team_code, village and village_name (of the village or community that it is or lies in; missing where
    there is none)."""
    table = records.place
    columns = ("place", "code", "parent_code", "name", "level", "lon", "lat", "seat", "team_code")
    rows = connection.execute(
        select(*(table.c[name] for name in columns))
        .where(table.c.known_to.is_(None))
        .order_by(table.c.row_id)
    ).all()
    by_code = {row.code: row for row in rows}
    found = {}
    for row in rows:
        above = by_code.get(row.parent_code)
        village = _village(row, by_code)
        found[row.place] = {
            **{name: getattr(row, name) for name in columns},
            "name": row.name
            if above is None or row.name.startswith(above.name)
            else f"{above.name} {row.name}",
            "village": village.code if village is not None else None,
            "village_name": village.name if village is not None else None,
        }
    frame = pd.DataFrame(found.values(), columns=[*columns, "village", "village_name"])
    return frame.astype({"lon": float, "lat": float})


def _village(row, by_code: Mapping):
    passed = set()
    while row is not None and row.level not in DIVISIONS and row.code not in passed:
        passed.add(row.code)
        row = by_code.get(row.parent_code)
    return row if row is not None and row.level in DIVISIONS else None


def teams_of_grids(connection: Connection, frame: pd.DataFrame) -> pd.Series:
    """How many doctor teams each of ``places`` has, Int64; missing: it is no smallest grid.

    A code that no team has is no team; a code that two teams have is two.
    """
    table = records.team
    rows = connection.execute(
        select(table.c.code, func.count())
        .where(table.c.known_to.is_(None), table.c.unit.is_not(None))
        .group_by(table.c.code)
    )
    number = dict(map(tuple, rows))
    inner = set(frame.loc[frame["level"].isin(_GRIDS), "parent_code"].dropna())
    smallest = frame["level"].isin(_GRIDS) & ~frame["code"].isin(inner)
    return frame["team_code"].map(number).fillna(0).astype("Int64").where(smallest)


def people_by_place(connection: Connection, month: int) -> pd.DataFrame:
    """Residents of a month by the place they live in: place (missing: not known) and COUNTS."""
    child = resident.c.born_month + _CHILD_YEARS * _YEAR > month
    elder = resident.c.born_month + value_in("elder_age", month) * _YEAR <= month
    has = and_(contracted.c.person == resident.c.person, contracted.c.s <= month, contracted.c.e >= month)
    rule = (
        select(
            func.coalesce(home.c.place, _NOWHERE).label("place"),
            func.count().label("people"),
            _number(child, "people_0_6"),
            _number(elder, "people_65"),
            _number(resident.c.registered.is_(False), "floating"),
            _number(contracted.c.person.is_not(None), "contracted"),
        )
        .select_from(resident.outerjoin(home, home.c.person == resident.c.person).outerjoin(contracted, has))
        .where(resident.c.s <= month, resident.c.e >= month)
        .group_by(home.c.place)
        .order_by(home.c.place)
    )
    frame = pd.DataFrame(bulk_select(connection, rule), columns=["place", *COUNTS])
    frame = frame.astype({"place": "Int64", **dict.fromkeys(COUNTS, "int64")})
    frame["place"] = frame["place"].mask(frame["place"] == _NOWHERE)
    return frame


def _number(condition, name: str):
    return func.sum(case((condition, 1), else_=0)).label(name)


def open_units(units: pd.DataFrame, month: int) -> pd.DataFrame:
    """The units (rows of ``published.unit``) that are open at the end of a month, the bureau apart; as the fact
    ``open_unit`` has it, which the cards count by: on its day of closing a unit is still open."""
    last = pd.Timestamp((month + 1) // _YEAR, (month + 1) % _YEAR + 1, 1) - pd.Timedelta(days=1)
    opened, closed = pd.to_datetime(units["opened_on"]), pd.to_datetime(units["closed_on"])
    standing = (opened.isna() | (opened <= last)) & (closed.isna() | (closed >= last))
    return units[(units["kind"] != "bureau") & standing].reset_index(drop=True)


def supplies(connection: Connection, units: pd.DataFrame, month: int) -> pd.DataFrame:
    """What units supply at the end of a month: one row a unit in their order, SUPPLIES as floats; NaN: not told.

    doctors, gps  staff in service; not told by units that never registered anyone
    beds, hours   beds, and hours a week beyond office hours; a clinic has no beds, others must tell theirs; not told
                  where a record in force has no number
    """
    staff, facility = records.staff, records.facility
    is_gp = and_(staff.c.role == "gp", staff.c.gp_qualified.is_distinct_from(False))
    on = _in_month(staff, month)
    by_staff = select(
        staff.c.unit,
        _number(and_(on, staff.c.role.in_(DOCTORS)), "doctors"),
        _number(and_(on, is_gp), "gps"),
    )
    found = [_of_units(connection, by_staff, staff, units)]
    for name, kind in (("beds", "beds"), ("hours", "extended_hours")):
        on = _in_month(facility, month)
        amount = func.sum(case((on, facility.c.quantity), else_=0))
        unknown = func.sum(case((and_(on, facility.c.quantity.is_(None)), 1), else_=0))
        rule = select(facility.c.unit, case((unknown == 0, amount)).label(name)).where(
            facility.c.kind == kind
        )
        found.append(_of_units(connection, rule, facility, units))
    frame = pd.concat(found, axis=1)
    frame["beds"] = frame["beds"].where(frame["beds"].notna() | (units["kind"] != "clinic").to_numpy(), 0.0)
    return frame[list(SUPPLIES)]


def _in_month(table, month: int):
    """In force at the end of the month."""
    return and_(
        month_of(table.c.start_on) <= month,
        or_(table.c.end_on.is_(None), last_month_in_force(table.c.end_on) >= month),
    )


def _of_units(connection: Connection, rule: Select, table, units: pd.DataFrame) -> pd.DataFrame:
    rule = rule.where(table.c.known_to.is_(None), table.c.unit.is_not(None)).group_by(table.c.unit)
    rows = pd.DataFrame(connection.execute(rule).mappings().all(), columns=rule.selected_columns.keys())
    return rows.set_index("unit").astype(float).reindex(units["unit"]).reset_index(drop=True)
