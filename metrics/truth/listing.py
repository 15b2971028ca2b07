"""Who is listed as worth checking, and why: read from the published tables, for whoever may see the persons of a unit.

Leaders are told how many there are; directors nothing (docs/decisions.md says why). Doctors are named from the records.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection, inspect, select

from data.hashing import Hasher
from data.store import Snapshot, Store, read_frame
from metrics import published
from metrics.principal import Principal
from metrics.truth.publishing import doctor_number
from metrics.truth.reading import Window, doctors_of

RIGHT = "signals"
_COUNTS = ("units", "doctors", "units_few", "units_listed", "doctors_listed", "units_hinted")


@dataclass(frozen=True)
class Look:
    """What was looked at in all of the district, and how many are worth checking; nothing of any unit."""

    window: Window
    units: int
    doctors: int
    units_few: int
    units_listed: int
    doctors_listed: int
    units_hinted: int | None  # None: an older version looked
    measured: frozenset[str]


@dataclass(frozen=True)
class Listed:
    """groups   unit, doctor (its number, 0: all of the unit), name ("" of a unit), contacts, q, listed (False: one trace only);
             those listed first, the clearest first
    reasons  unit, doctor, place, kind, observed, expected, low, high, number, behind, p
    few      units of those asked for that have records, but too few to say something
    looked   units of those asked for that have enough
    """

    groups: pd.DataFrame
    reasons: pd.DataFrame
    few: int
    looked: int


def look(principal: Principal, connection: Connection) -> Look | None:
    """The last look; None where no build has looked yet. Raises NotAllowedError without the right."""
    principal.require(RIGHT)
    table = published.truth_look
    if not inspect(connection).has_table(table.name, schema=table.schema):
        return None
    row = connection.execute(select(table)).mappings().first()
    if row is None:
        return None
    counts = {name: row[name] for name in _COUNTS}
    window = Window(_day(row["first_on"]), _day(row["last_on"]))
    return Look(window, measured=frozenset(row["measured"].split()), **counts)


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)


def listed(
    principal: Principal, known: Snapshot | Store, window: Window, units: Collection[int], hasher: Hasher
) -> Listed:
    """Who of some units is listed. Raises NotAllowedError for whoever may not see persons; units out of scope are not there."""
    principal.require(RIGHT)
    principal.require("persons")
    mine = [int(unit) for unit in units if unit in principal.persons]
    group, signal = published.truth_group, published.truth_signal
    with known.published() as connection:
        groups = read_frame(connection, select(group).where(group.c.unit.in_(mine)))
        reasons = read_frame(connection, select(signal).where(signal.c.unit.in_(mine)))
    whole = groups[groups["doctor"] == 0]
    groups = groups[groups["listed"] | groups["hinted"].fillna(False).astype(bool)]
    groups = groups.sort_values(
        ["listed", "q", "unit", "doctor"], ascending=[False, True, True, True], ignore_index=True
    )
    names = names_of(known, groups["unit"].unique().tolist(), window, hasher)
    groups["name"] = [names.get((row.unit, row.doctor), "") for row in groups.itertuples()]
    return Listed(
        groups[["unit", "doctor", "name", "contacts", "q", "listed"]],
        reasons.sort_values(["unit", "doctor", "place"], ignore_index=True),
        int((~whole["enough"].astype(bool)).sum()),
        int(whole["enough"].astype(bool).sum()),
    )


def names_of(
    known: Snapshot | Store, units: Collection[int], window: Window, hasher: Hasher
) -> dict[tuple[int, int], str]:
    """(unit, doctor's number) -> name in the records."""
    if not units:
        return {}
    with known.records() as connection:
        rows = doctors_of(connection, units, window)
    return {(int(row.unit), doctor_number(hasher, row.doctor)): row.doctor for row in rows.itertuples()}
