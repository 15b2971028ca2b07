"""Work as the records know it: contacts in force of a stretch of days, of the units whose people somebody may see.

Who shares a telephone is not in the records: ``with_phones`` adds what the identity part knows. A checkup's and an encounter's
doctor is not in the records ("").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, func, literal, null, or_, select, union, union_all

from data import records
from data.store import bulk_select
from metrics.context import courses
from metrics.principal import Scope
from metrics.truth.work import Work

_DAYS = ("day", "entered_on", "birth", "died_on", "from_on", "to_on")
_NOT_COUNTED = ("inpatient",)  # a stay, not a contact


@dataclass(frozen=True)
class Window:
    """The days that are looked at, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, month: int, months: int) -> Window:
        """So many whole months, the last of them ``month`` (year * 12 + month - 1)."""
        start, end = month - months + 1, month + 1
        return cls(date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, 1) - timedelta(days=1))


def read_work(connection: Connection, scope: Scope, window: Window, around: int | None = None) -> Work:
    """The work of a stretch of days, by the unit that is credited: after a merger the successor.

    scope   the units whose people somebody may see; who has some units compares them with each other only
    around  a unit: only the persons seen there or managed by it, with their contacts elsewhere in the scope
    """
    all_courses = courses(connection)
    reach = _reach(scope, all_courses)
    at = None if around is None else _merged_into(all_courses, [around])
    persons = None if at is None else _seen_at(at, window)
    contacts = _credited(_frame(connection, _contacts(window, reach, persons)), all_courses, "day")
    contacts = contacts[_inside(contacts["unit"], scope)].reset_index(drop=True)
    people = _frame(connection, _persons(reach, persons, at))
    stays = _credited(_frame(connection, _stays(window, reach, persons)), all_courses, "to_on")
    units = _frame(connection, _units())
    for frame in (contacts, people, stays):
        frame["person"] = frame["person"].astype("int64")
    for frame in (contacts, stays, units):
        frame["unit"] = frame["unit"].astype("int64")
    units["parent"] = units["parent"].fillna(-1).astype("int64")
    units[["lon", "lat"]] = units[["lon", "lat"]].astype(float)
    where = _frame(connection, _places()).drop_duplicates("place").set_index("place").astype(float)
    for name in ("lon", "lat"):
        people[name] = people["place"].map(where[name]).astype(float)
    contacts["complete"] = contacts["complete"].eq(True)
    for name in ("doctor", "mode"):
        contacts[name] = contacts[name].fillna("").astype(str)
    for name in ("sbp", "dbp", "fpg"):
        contacts[name] = contacts[name].astype(float)
    people["sex"] = people["sex"].map({1: "1", 2: "2"}).fillna("")
    for name in ("unit", "family"):
        people[name] = people[name].fillna(-1).astype("int64")
    people = _credited(people.assign(now=pd.Timestamp(window.last)), all_courses, "now").drop(columns="now")
    return Work(contacts, people.assign(phone=-1), stays, units, pd.Timestamp(window.last))


def with_phones(work: Work, phones: pd.DataFrame) -> Work:
    """With the telephones of ``data.identity.telephones``: person, phone."""
    phone = work.persons["person"].map(phones.set_index("person")["phone"])
    return replace(work, persons=work.persons.assign(phone=phone.fillna(-1).astype("int64")))


def doctors_of(connection: Connection, units: Iterable[int], window: Window) -> pd.DataFrame:
    """unit, doctor: names of who did follow-ups of some units, and of units merged into them, as the records have them."""
    followup, all_courses = records.followup, courses(connection)
    at = _merged_into(all_courses, units)
    found = _frame(
        connection,
        select(followup.c.unit, followup.c.doctor, func.max(followup.c.day).label("day"))
        .where(
            followup.c.known_to.is_(None),
            followup.c.unit.in_(at),
            followup.c.doctor.is_not(None),
            followup.c.day.between(window.first, window.last),
        )
        .group_by(followup.c.unit, followup.c.doctor),
    )
    return _credited(found, all_courses, "day")[["unit", "doctor"]].drop_duplicates(ignore_index=True)


def _merged_into(all_courses: list[dict], units: Iterable[int]) -> list[int]:
    """Some units, with those whose work is credited to them."""
    wanted = set(units)
    return sorted({row["unit"] for row in all_courses if row["credited"] in wanted} | wanted)


def _reach(scope: Scope, all_courses: list[dict]) -> Scope:
    """The scope with the units that were merged into it."""
    if scope.units is None:
        return scope
    return Scope(frozenset(_merged_into(all_courses, scope.units)))


def _inside(unit: pd.Series, scope: Scope) -> pd.Series:
    return unit.isin(scope.units) if scope.units is not None else unit.notna()


def _credited(frame: pd.DataFrame, all_courses: list[dict], day: str) -> pd.DataFrame:
    """The rows with the unit that is credited on their day."""
    moved = [row for row in all_courses if row["credited"] != row["unit"]]
    if not moved or frame.empty:
        return frame
    unit = frame["unit"].to_numpy(copy=True)
    when = frame[day].dt.date.to_numpy()
    for row in moved:
        here = np.flatnonzero(frame["unit"].to_numpy() == row["unit"])
        unit[[one for one in here if row["from_on"] <= when[one] <= row["to_on"]]] = row["credited"]
    return frame.assign(unit=unit)


def _seen_at(at: list[int], window: Window) -> Select:
    """Persons with a contact at some units."""
    parts = [
        select(table.c.person).where(
            table.c.known_to.is_(None),
            table.c.unit.in_(at),
            table.c.day.between(window.first, window.last),
        )
        for table in (records.followup, records.checkup, records.encounter)
    ]
    return select(union(*parts).subquery().c.person)


def _contacts(window: Window, scope: Scope, persons: Select | None) -> Select:
    followup, checkup, encounter = records.followup, records.checkup, records.encounter
    nothing, text = null(), literal("")
    parts = []
    for table, kind, doctor, mode, fpg, complete in (
        (followup, followup.c.programme, followup.c.doctor, followup.c.mode, followup.c.fpg, nothing),
        (checkup, literal("checkup"), text, text, checkup.c.fpg, checkup.c.complete),
        (encounter, encounter.c.kind, text, text, nothing, nothing),
    ):
        part = select(
            table.c.row_id,
            table.c.person,
            table.c.unit,
            doctor.label("doctor"),
            kind.label("kind"),
            table.c.day,
            table.c.entered_on,
            mode.label("mode"),
            table.c.sbp,
            table.c.dbp,
            fpg.label("fpg"),
            complete.label("complete"),
        ).where(
            table.c.known_to.is_(None),
            table.c.unit.is_not(None),
            scope.holds(table.c.unit),
            table.c.day.between(window.first, window.last),
            *([] if persons is None else [table.c.person.in_(persons)]),
        )
        parts.append(part.where(encounter.c.kind.not_in(_NOT_COUNTED)) if table is encounter else part)
    return union_all(*parts)


def _persons(scope: Scope, persons: Select | None, at: list[int] | None) -> Select:
    person, record = records.person, records.health_record
    managed = (
        select(
            record.c.person,
            func.max(record.c.unit).label("unit"),
            func.max(record.c.family).label("family"),
            func.max(record.c.place).label("place"),
            func.min(record.c.died_on).label("died_on"),
        )
        .where(record.c.known_to.is_(None), record.c.cancelled_on.is_(None))
        .group_by(record.c.person)
        .subquery()
    )
    unit = func.coalesce(managed.c.unit, person.c.unit)
    chosen = [] if persons is None else [or_(person.c.person.in_(persons), unit.in_(at))]
    return (
        select(
            person.c.person,
            person.c.born_on.label("birth"),
            person.c.sex,
            func.coalesce(person.c.died_on, managed.c.died_on).label("died_on"),
            unit.label("unit"),
            managed.c.family,
            managed.c.place,
        )
        .select_from(person.outerjoin(managed, managed.c.person == person.c.person))
        .where(person.c.known_to.is_(None), scope.holds(unit), *chosen)
    )


def _stays(window: Window, scope: Scope, persons: Select | None) -> Select:
    """Stays that are over, in units of the scope."""
    encounter = records.encounter
    return select(
        encounter.c.person,
        encounter.c.unit,
        encounter.c.day.label("from_on"),
        encounter.c.discharged_on.label("to_on"),
    ).where(
        encounter.c.known_to.is_(None),
        encounter.c.kind.in_(_NOT_COUNTED),
        encounter.c.unit.is_not(None),
        scope.holds(encounter.c.unit),
        encounter.c.discharged_on >= window.first,
        encounter.c.day <= window.last,
        *([] if persons is None else [encounter.c.person.in_(persons)]),
    )


def _units() -> Select:
    unit = records.unit
    return select(unit.c.unit, unit.c.parent, unit.c.kind, unit.c.lon, unit.c.lat).where(
        unit.c.known_to.is_(None), unit.c.unit.is_not(None)
    )


def _places() -> Select:
    place = records.place
    known = (place.c.known_to.is_(None), place.c.lon.is_not(None), place.c.lat.is_not(None))
    return select(place.c.place, place.c.lon, place.c.lat).where(*known)


def _column(part: np.ndarray) -> pd.Series:
    """Without a mask: what is NULL is NaN, NaT or None."""
    if not np.ma.isMaskedArray(part):
        return pd.Series(part)
    return pd.Series(part.data).where(~np.ma.getmaskarray(part))


def _frame(connection: Connection, statement: Select) -> pd.DataFrame:
    frame = pd.DataFrame({name: _column(part) for name, part in bulk_select(connection, statement).items()})
    for name in _DAYS:
        if name in frame:
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[ns]")
    return frame
