"""The records behind a signal of one unit or doctor, one page at a time: read on demand, persons masked.

A programme's records are for who is in charge of its system; of the others it is only told how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.hashing import Hasher
from data.identity import masked, telephones, told
from data.store import Snapshot, Store
from metrics.principal import NotAllowedError, Principal
from metrics.truth.found import Found
from metrics.truth.listing import RIGHT, Look, names_of
from metrics.truth.prepared import Prepared, prepare
from metrics.truth.reading import read_work, with_phones
from metrics.truth.readings import GLUCOSE, PRESSURE, read
from metrics.truth.registered import with_telephone
from metrics.truth.rules import Rules, rules_in
from metrics.truth.signals import OF_UNITS, plan
from metrics.truth.travel import outings

#: Kind of contact -> the system whose officers are in charge of it; others are for who is in charge of all.
SYSTEM = {
    "htn": "S11",
    "dm": "S11",
    "smi": "S12",
    "tb": "S14",
    "elder": "S10",
    "checkup": "S10",
    "outpatient": "S17",
    "emergency": "S17",
}
_OF_PERSONS = "S04"  # who is registered, and how
#: Signals about rows that follow each other: shown by day; all others person by person.
BY_DAY = (
    "down",
    "neighbours",
    "alike_typed",
    "spells",
    "spells_typed",
    "pace",
    "impossible",
    "bulk",
    "bulk_long",
    "ahead",
    "empty",
    "templates",
    "travel",
)
_TELEPHONES = "telephones"
_EARLIER = 4  # readings before that are shown beside one
COLUMNS = (
    "person",
    "name_masked",
    "sex",
    "birth",
    "kind",
    "day",
    "entered_on",
    "sbp",
    "dbp",
    "fpg",
    "earlier",
    "note",
)


@dataclass(frozen=True)
class Behind:
    """``total`` rows of which ``rows`` are the page (COLUMNS); ``others``: so many more are of systems of other officers.

    earlier  [(day, reading)] of the person before, in the same unit, the newest first
    note     what speaks against the row: died_on, (from_on, to_on) of a stay, (unit,) of another place, (km, places) of a day out, (which, persons) of a
             telephone that several have: which of them, counted from 1, and how many have it; None
    unread   why names are missing: key, seal or ""
    """

    total: int
    rows: pd.DataFrame
    others: int
    unread: str = ""


def rows_behind(
    known: Snapshot | Store,
    principal: Principal,
    looked: Look,
    unit: int,
    doctor: int,
    kind: str,
    hasher: Hasher,
    page: int,
    size: int,
) -> Behind:
    """One page (from 1). ``doctor``: the number of ``truth_group``, 0 for the unit.

    Raises NotAllowedError without the rights or outside the scope, LookupError where there is no such signal or doctor.
    """
    principal.require(RIGHT)
    principal.require("persons")
    if unit not in principal.persons:
        raise NotAllowedError(f"{principal.name} may not see the people of unit {unit}")
    name = names_of(known, [unit], looked.window, hasher).get((unit, doctor)) if doctor else ""
    if name is None:
        raise LookupError(f"unit {unit} has no doctor {doctor}")
    with known.records() as connection:
        work = read_work(connection, principal.persons, looked.window, around=unit)
    if kind == _TELEPHONES:
        mine = work.persons.loc[work.persons["unit"] == unit, "person"]
        work = with_phones(work, telephones(known, mine))
    last = looked.window.last
    rules = rules_in(last.year * 12 + last.month - 1)
    prepared = prepare(replace(work, measured=looked.measured), rules)
    rows, others = _rows(principal, prepared, rules, unit, name, kind)
    chosen = rows.iloc[(page - 1) * size : page * size].reset_index(drop=True)
    about = told(known, chosen["person"].unique().tolist())
    names = masked(about)
    chosen["name_masked"] = [names.get(int(person)) for person in chosen["person"]]
    return Behind(len(rows), chosen[list(COLUMNS)], others, about.unread)


def _rows(
    principal: Principal, prepared: Prepared, rules: Rules, unit: int, doctor: str, kind: str
) -> tuple[pd.DataFrame, int]:
    level = (prepared.doctors if doctor else prepared.units).only(unit, doctor)
    if not level.number:  # nothing of theirs is known any more
        return _empty(prepared.work.persons.iloc[:0]), 0
    pressure, glucose = read(prepared, level, PRESSURE, rules), read(prepared, level, GLUCOSE, rules)
    signals = plan(prepared, level, pressure, glucose, rules)
    if kind not in signals:
        raise LookupError(f"no signal {kind}")
    found = signals[kind][1]()
    if kind in OF_UNITS:
        return _persons(principal, prepared, found, unit, kind, rules)
    here = found.behind & (level.of >= 0)
    may = np.array([_in_charge(principal, one) for one in prepared.contacts["kind"]], bool)
    at = np.flatnonzero(here & may)
    rows = _described(prepared, at, kind, may, bool(principal.systems))
    by = ["day", "row_id"] if kind in BY_DAY else ["person", "day", "row_id"]
    return rows.sort_values(by, kind="stable", ignore_index=True), int((here & ~may).sum())


def _in_charge(principal: Principal, kind: str) -> bool:
    return not principal.systems or (kind in SYSTEM and principal.in_charge_of(SYSTEM[kind]))


def _persons(
    principal: Principal, prepared: Prepared, found: Found, unit: int, kind: str, rules: Rules
) -> tuple[pd.DataFrame, int]:
    persons = prepared.work.persons
    rows = persons[persons["person"].isin(found.people) & (persons["unit"] == unit)]
    if not principal.in_charge_of(_OF_PERSONS):
        return _empty(rows.iloc[:0]), len(rows)
    if kind == _TELEPHONES:
        return _by_telephone(rows, rules), 0
    return _empty(rows.sort_values(["birth", "sex", "person"], ignore_index=True)), 0


def _by_telephone(persons: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Who has the same telephone stands together, the most shared one first; the number itself is not told."""
    rows = with_telephone(persons, rules)
    rows = rows.sort_values(["sharers", "phone", "birth", "person"], ascending=[False, True, True, True])
    which = (rows["phone"].diff() != 0).cumsum()
    notes = [(int(one), int(n)) for one, n in zip(which, rows["sharers"], strict=True)]
    return _empty(rows.assign(note=pd.Series(notes, index=rows.index, dtype=object))).reset_index(drop=True)


def _empty(persons: pd.DataFrame) -> pd.DataFrame:
    """Persons in the columns of a list of records."""
    return persons.reindex(columns=list(COLUMNS)).astype({"person": "int64"})


def _described(prepared: Prepared, at: np.ndarray, kind: str, may: np.ndarray, partly: bool) -> pd.DataFrame:
    """``may``: which contacts are of systems of whoever asks; ``partly``: not all systems are."""
    c = prepared.contacts
    rows = c.iloc[at].copy()
    about = prepared.work.persons.drop_duplicates("person").set_index("person")
    for name in ("sex", "birth"):
        rows[name] = rows["person"].map(about[name])
    earlier = _earlier(c[may], at)
    rows["earlier"] = pd.Series([earlier.get(one, []) for one in at], index=rows.index, dtype=object)
    notes = _notes(prepared, rows, kind, may, partly)
    rows["note"] = pd.Series(notes, index=rows.index, dtype=object)
    return rows.reindex(columns=[*COLUMNS, "row_id"])


def _earlier(c: pd.DataFrame, at: np.ndarray) -> dict[int, list[tuple[pd.Timestamp, float, float, float]]]:
    """Of each contact the readings of the same person in the same unit before, among ``c``, the newest first."""
    at = at[np.isin(at, c.index)]
    wanted = c[c["person"].isin(c["person"].loc[at].unique()) & c[["sbp", "fpg"]].notna().any(axis=1)]
    found: dict[int, list] = {}
    chosen = set(at.tolist())
    for _, rows in wanted.groupby(["person", "unit"]):
        seen: list[tuple] = []
        for row in rows.itertuples():
            if row.Index in chosen:
                found[row.Index] = seen[-_EARLIER:][::-1]
            seen.append((row.day, row.sbp, row.dbp, row.fpg))
    return found


def _notes(prepared: Prepared, rows: pd.DataFrame, kind: str, may: np.ndarray, partly: bool) -> list:
    """Stays and visits elsewhere are of other systems: told as far as whoever asks is in charge of them."""
    if kind == "dead":
        died = prepared.work.persons.drop_duplicates("person").set_index("person")["died_on"]
        return list(rows["person"].map(died))
    if kind == "hospital" and not partly:
        stays = {person: list(part.itertuples()) for person, part in prepared.work.stays.groupby("person")}
        return [
            next(
                ((s.from_on, s.to_on) for s in stays.get(row.person, []) if s.from_on < row.day < s.to_on),
                None,
            )
            for row in rows.itertuples()
        ]
    if kind == "far":
        c = prepared.contacts[may]
        there = {key: set(part["unit"]) for key, part in c.groupby(["person", "day"])}
        elsewhere = [tuple(sorted(there[row.person, row.day] - {row.unit})) for row in rows.itertuples()]
        return [units or None for units in elsewhere]
    if kind == "travel":
        out = outings(prepared, may).set_index("contact")
        return [(float(out["km"][one]), int(out["places"][one])) for one in rows.index]
    return [None] * len(rows)
