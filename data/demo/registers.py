"""Master files: units, places, people, health records, moves; and what was not delivered."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.demo.coordinates import shifted
from data.demo.days import FAR, day, month_number
from data.demo.geography import Places, Units, teams
from data.demo.readings import doctors
from data.demo.rows import Rows, Words, stack, words
from data.demo.towns import MERGED, MERGED_ON, SILENT, SUCCESSOR, TOWNS
from data.demo.world import World
from data.records.levels import VILLAGE

SERVICE_TABLES = ("followup", "checkup", "dose", "service", "encounter", "prescription", "referral")


def closed_days(units: Units) -> np.ndarray:
    """The last day of each unit, FAR where it is still open."""
    closed = np.full(len(units.code), FAR, np.int32)
    closed[units.named(MERGED)] = day(*MERGED_ON) - 1
    return closed


def unit_rows(units: Units, places: Places) -> Rows:
    """The bureau's register of organisations; coordinates in the system that each centre uses."""
    n = len(units.code)
    closed = closed_days(units)
    successor = [units.code[units.named(SUCCESSOR)] if name == MERGED else None for name in units.name]
    lon, lat = shifted(units.lon, units.lat, units.coord_sys)
    return {
        "code": pa.array(units.code),
        "name": pa.array(units.name),
        "kind": pa.array(units.kind),
        "parent_code": pa.array([units.code[p] if p >= 0 else None for p in units.parent]),
        "opened_on": np.array([day(1996 + 3 * (i % 8), 1 + i % 12) for i in range(n)], np.int32),
        "closed_on": closed,
        "successor_code": pa.array(successor, pa.string()),
        "lon": lon,
        "lat": lat,
        "coord_sys": pa.array(units.coord_sys),
        # A centre stands for its town, the others for the village in which they lie.
        "place_code": pa.array(
            [
                places.code[places.parent[home] if kind == "centre" else home]
                for kind, home in zip(units.kind, places.home, strict=True)
            ]
        ),
        "address": pa.array(
            [
                "云岭县" + (TOWNS[t].name if t >= 0 else "云岭街道") + f"{i * 7 % 180 + 1}号"
                for i, t in enumerate(units.town)
            ]
        ),
    }


def place_rows(units: Units, places: Places) -> Rows:
    """The management grid with its GPS positions."""
    return {
        "code": pa.array(places.code),
        "name": pa.array(places.name),
        "parent_code": pa.array([places.code[p] if p >= 0 else None for p in places.parent]),
        "level": pa.array(places.level),
        "lon": places.lon,
        "lat": places.lat,
        "coord_sys": pa.array(["WGS84"] * len(places.code)),
        "seat": np.where(np.array(places.level) == VILLAGE, places.seat, -1).astype(np.int8),
        "dense": np.where(places.division, places.dense, -1).astype(np.int8),
        "team_code": _team_of(units, places),
    }


def _team_of(units: Units, places: Places) -> pa.Array:
    """The team of each group: of its unit's four where that is a centre. Groups of the poorest units have none."""
    team, _, first = teams(units)
    codes: list[str | None] = []
    for i, (unit, level) in enumerate(zip(places.unit, places.level, strict=True)):
        if level != "group" or (units.quality[unit] < -0.4 and i % 4 == 0):
            codes.append(None)
            continue
        codes.append(team[first[int(unit)] + (i % 4 if units.kind[unit] == "centre" else 0)])
    return pa.array(codes, pa.string())


def person_rows(world: World) -> Rows:
    """Everyone whom the centre has met up to the last day."""
    rng = world.stream("person rows")
    people = world.people
    person = np.flatnonzero(people.record_on <= world.last)
    n = len(person)
    return {
        "person": person,
        "unit": people.unit_before[person],
        "sex": people.sex[person],
        "born_on": people.born[person],
        "born_hour": np.where(people.born[person] >= day(2017), people.born_hour[person], -1),
        "died_on": world.clip(people.died[person]),
        "registered": people.registered[person].astype(np.int8),
        "arrived_on": people.arrived[person],
        "health_card": (rng.random(n) < 0.58).astype(np.int8),
        "entered_on": people.record_on[person],
    }


def health_record_rows(world: World) -> Rows:
    """The health records as of the export: cancelled ones keep their row."""
    rng = world.stream("record rows")
    people = world.people
    person = np.flatnonzero(people.recorded & (people.record_on <= world.last))
    n = len(person)
    end = world.clip(people.end[person])
    died = world.clip(people.died[person])
    given_up = (end == FAR) & (rng.random(n) < 0.004) & ~world.diagnosed[person] & (not world.is_reference)
    cancelled = np.where(given_up, day(2024) + rng.integers(0, 600, n), np.where(end < FAR, end + 3, FAR))
    cancelled = np.minimum(cancelled, np.where(cancelled < FAR, world.last, FAR))
    cancelled = np.where(cancelled < FAR, np.maximum(cancelled, people.record_on[person]), FAR)
    reason = np.where(given_up, 2 + (rng.random(n) < 0.4), np.where(died < FAR, 0, 1))
    unit = people.unit[person]
    quality = world.units.quality[unit]
    # A required item that some records lack.
    named = (rng.random(n) < 0.97 + 0.02 * quality) | world.of_model[person]
    doctor = doctors(world, unit, rng)
    touched = people.record_on[person] + (
        rng.beta(3, 1.2, n) * (world.last - people.record_on[person])
    ).astype(np.int64)
    return {
        "person": person,
        "unit": unit,
        "created_on": people.record_on[person],
        "cancelled_on": cancelled.astype(np.int32),
        "cancel_reason": Words(np.where(cancelled < FAR, reason, -1), ("died", "moved", "lost", "refused")),
        "died_on": died,
        "electronic": people.electronic[person].astype(np.int8),
        "place": people.place[person],
        "family": people.family[person],
        "doctor": Words(np.where(named, doctor.codes, -1), doctor.words),
        "updated_on": touched.astype(np.int32),
        "entered_on": world.late(rng, people.record_on[person]),
        "item:建档单位": unit,
        "item:建档人": doctor,
    }


def residence_rows(world: World) -> Rows:
    """Two rows for each who moved: under the unit before, and under the one after."""
    people = world.people
    moved = np.flatnonzero(
        people.recorded
        & (people.moved_on <= world.last)
        & (people.record_on < people.moved_on)
        & (people.unit != people.unit_before)
    )
    end = world.clip(people.end[moved])
    reason = np.where(end == FAR, -1, np.where(people.died[moved] < FAR, 1, 2))
    names = ("moved", "died", "left")
    before: Rows = {
        "person": moved,
        "unit": people.unit_before[moved],
        "start_on": people.record_on[moved],
        "end_on": people.moved_on[moved] - np.int32(1),
        "reason": words(np.zeros(len(moved), int), *names),
        "place": people.place[moved],
        "entered_on": people.moved_on[moved],
    }
    after: Rows = {
        "person": moved,
        "unit": people.unit[moved],
        "start_on": people.moved_on[moved],
        "end_on": end,
        "reason": Words(reason, names),
        "place": people.place[moved],
        "entered_on": people.moved_on[moved],
    }
    return stack([before, after])


def silent_months(until: int) -> tuple[int, int]:
    """The two months of which one station delivered nothing."""
    last = min(month_number(2025, 9), until)
    return last - 1, last


def delivery_rows(units: Units, until: int) -> Rows:
    """The bureau's register of what was not handed in."""
    months = silent_months(until)
    parts = [
        {
            "unit": np.full(len(SERVICE_TABLES), units.named(SILENT)),
            "source": words(np.arange(len(SERVICE_TABLES)), *SERVICE_TABLES),
            "month": np.full(len(SERVICE_TABLES), month),
            "status": words(np.zeros(len(SERVICE_TABLES), int), "none"),
        }
        for month in months
    ]
    return stack(parts)
