"""Work as the records know it: contacts in force of a stretch of days, of the units whose people somebody may see.

Telephones are sealed in the identity part and have no keyed hash there, so ``Work.persons`` has none of them (-1): the signal of shared
telephones waits for one. A checkup's and an encounter's doctor is not in the records ("").
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, func, literal, null, select, union_all

from data import records
from data.store import Snapshot, Store, bulk_select
from metrics.principal import Principal, Scope
from metrics.truth.work import Work

_DAYS = ("day", "entered_on", "birth", "died_on", "from_on", "to_on")
_NOT_COUNTED = ("inpatient",)  # a stay, not a contact


def read_work(known: Snapshot | Store, principal: Principal, first: date, last: date) -> Work:
    """The work from ``first`` to ``last``, both included. Raises NotAllowedError for whoever may not see persons.

    A principal of some units gets their work, and so compares them with each other only.
    """
    principal.require("persons")
    scope = principal.persons
    with known.records() as connection:
        contacts = _frame(connection, _contacts(first, last, scope))
        persons = _frame(connection, _persons(scope))
        stays = _frame(connection, _stays(first, last, scope))
        units = _frame(connection, _units())
    for frame in (contacts, persons, stays):
        frame["person"] = frame["person"].astype("int64")
    for frame in (contacts, stays, units):
        frame["unit"] = frame["unit"].astype("int64")
    units["parent"] = units["parent"].fillna(-1).astype("int64")
    for name in ("doctor", "mode"):
        contacts[name] = contacts[name].fillna("").astype(str)
    for name in ("sbp", "dbp", "fpg"):
        contacts[name] = contacts[name].astype(float)
    persons["sex"] = persons["sex"].map({1: "1", 2: "2"}).fillna("")
    persons["unit"] = persons["unit"].fillna(-1).astype("int64")
    return Work(contacts, persons.assign(phone=-1), stays, units)


def _contacts(first: date, last: date, scope: Scope) -> Select:
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
            table.c.day.between(first, last),
        )
        parts.append(part.where(encounter.c.kind.not_in(_NOT_COUNTED)) if table is encounter else part)
    return union_all(*parts)


def _persons(scope: Scope) -> Select:
    person, record = records.person, records.health_record
    managed = (
        select(
            record.c.person,
            func.max(record.c.unit).label("unit"),
            func.min(record.c.died_on).label("died_on"),
        )
        .where(record.c.known_to.is_(None), record.c.cancelled_on.is_(None))
        .group_by(record.c.person)
        .subquery()
    )
    unit = func.coalesce(managed.c.unit, person.c.unit)
    return (
        select(
            person.c.person,
            person.c.born_on.label("birth"),
            person.c.sex,
            func.coalesce(person.c.died_on, managed.c.died_on).label("died_on"),
            unit.label("unit"),
        )
        .select_from(person.outerjoin(managed, managed.c.person == person.c.person))
        .where(person.c.known_to.is_(None), scope.holds(unit))
    )


def _stays(first: date, last: date, scope: Scope) -> Select:
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
        encounter.c.discharged_on >= first,
        encounter.c.day <= last,
    )


def _units() -> Select:
    unit = records.unit
    return select(unit.c.unit, unit.c.parent, unit.c.kind, unit.c.lon, unit.c.lat).where(
        unit.c.known_to.is_(None), unit.c.unit.is_not(None)
    )


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
