"""Programmes of few people: severe mental disorder, tuberculosis, and what befalls people."""

from __future__ import annotations

import numpy as np

from data.demo.days import FAR, day
from data.demo.draw import pick, season_days, weighted
from data.demo.population import band_figure
from data.demo.readings import doctors
from data.demo.rows import Rows, Words, glue, stack, take, text_of_whole, words
from data.demo.tags import Tags
from data.demo.world import World

FACE_TO_FACE = ("clinic", "station", "home", "community")
MODES = (*FACE_TO_FACE, "phone")
CONDITION = ("stable", "basic", "unstable")
ADHERENCE = ("regular", "irregular", "none")
MONTHLY = 0.15  # centres of this quality and above visit every patient each month
FALLS = 0.026  # of residents of 65 and over in 2025
FALLS_CHANGE = -0.193
DOSES = 180  # of a course of tuberculosis


def tagged(tags: Tags, tag: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Persons with a tag, first day, and the first day without it."""
    from data.demo.tags import TAGS

    own = tags.tag == TAGS.index(tag)
    return tags.person[own], tags.start[own], tags.end[own]


# -- severe mental disorder ------------------------------------------------------------------


def smi_enrolment_rows(world: World, tags: Tags) -> Rows:
    rng = world.stream("smi enrolments")
    person, start, end = tagged(tags, "smi")
    n = len(person)
    known = np.maximum(start, world.people.record_on[person])
    ended = world.clip(end)
    died = world.people.died[person] < FAR
    rows: Rows = {
        "person": person,
        "unit": world.people.unit[person],
        "programme": words(np.zeros(n, int), "smi"),
        "start_on": known.astype(np.int32),
        "end_on": ended,
        "end_reason": Words(np.where(ended < FAR, np.where(died, 0, 1), -1), ("died", "moved")),
        "diagnosed_on": np.minimum(start, known).astype(np.int32),
        "entered_on": world.late(rng, known),
    }
    return take(rows, known <= world.last)


def smi_checked(world: World, tags: Tags, year: int) -> None:
    """Notes who of the patients is to have a health check, as far as no other programme forbids it."""
    rng = world.stream("smi checked", year)
    person, start, end = tagged(tags, "smi")
    person = person[(start <= day(year, 6)) & (end > day(year, 12))]
    chosen = pick(
        rng, person, len(person) * (0.88 + 0.12 * world.units.quality[world.centre]), world.liking(person)
    )
    chosen = np.setdiff1d(chosen, world.no_check.get(year, []))
    world.needs_check[year] = np.union1d(world.needs_check.get(year, np.zeros(0, np.int64)), chosen)


def smi_followup_rows(world: World, tags: Tags, year: int) -> Rows:
    """Follow-ups of a year: every quarter, by the better centres every month; nearly all to the standard."""
    rng = world.stream("smi followups", year)
    people, plan = world.people, world.plans[year]
    person, start, end = tagged(tags, "smi")
    first, last = day(year), day(year, 12, 31)
    own = np.flatnonzero((start <= last) & (end > first))
    person = person[own]
    begin = np.maximum(np.maximum(start[own], people.record_on[person]), first)
    stop = np.minimum(end[own] - 1, last)
    quality = float(world.units.quality[world.centre])
    a_year = 12 if quality >= MONTHLY else 4
    liking = world.liking(person)
    standard = np.zeros(len(own), bool)
    share = plan.shares["mh_standard_rate"]
    share = share if world.is_reference else min(share, 0.92 + 0.15 * quality)
    standard[pick(rng, np.arange(len(own)), round(share * len(own)), 3 * liking)] = True
    seen = np.ones(len(own), bool)
    if not world.is_reference:
        seen[pick(rng, np.flatnonzero(~standard), np.ceil((~standard).sum() * 0.5))] = False
    # Parts of the year in which a contact is owed; who is not managed to the standard has two far apart.
    parts = np.arange(a_year)
    low = first + parts * 365 // a_year
    fits = (low[None, :] + 365 // a_year > begin[:, None]) & (low[None, :] <= stop[:, None])
    far = np.isin(parts, (0, a_year * 3 // 4))
    done = fits & np.where(standard[:, None], True, seen[:, None] & far[None, :])
    row, turn = np.nonzero(done)
    # Contacts of two quarters are no more than three months apart where each falls in its middle month.
    step = 12 // a_year
    middle = np.array([day(year, 1 + part * step + step // 2) for part in parts])
    when = middle[turn] + rng.integers(2, 26, len(row))
    when = np.clip(when, begin[row], stop[row])
    when = when.astype(np.int32)
    unit = people.unit_on(person[row], when)
    mode = np.where(unit == world.centre, 0, 1)
    often = 1.0 if a_year == 12 else 0.02 if world.is_reference else 0.5
    mode = np.where(rng.random(len(row)) < often, 2, mode)
    # The first of a year is face to face wherever anyone is seen at all.
    calls = (rng.random(len(row)) < 0.05) & (turn > 0) & ~world.is_reference & ~standard[row]
    condition = weighted(rng, np.array([74, 21, 5.0]), len(row))
    taking = weighted(rng, np.array([70 + 20 * quality, 18, 8.0]), len(row))
    rows: Rows = {
        "person": person[row],
        "unit": unit,
        "programme": words(np.zeros(len(row), int), "smi"),
        "day": when,
        "mode": Words(np.where(calls, 4, mode), MODES),
        "condition": Words(condition, CONDITION),
        "inpatient": (rng.random(len(row)) < 0.01).astype(np.int8),
        "adherence": Words(taking, ADHERENCE),
        "outcome": words(np.zeros(len(row), int), "continue"),
        "next_on": (when + 365 // a_year).astype(np.int32),
        "doctor": doctors(world, unit, rng),
        "entered_on": world.late(rng, when),
    }
    return take(rows, when <= world.last)


# -- tuberculosis ----------------------------------------------------------------------------


def tb_rows(world: World, tags: Tags) -> tuple[Rows, Rows]:
    """Courses of treatment, and the enrolments that go with them."""
    rng = world.stream("tb")
    person, start, end = tagged(tags, "tb")
    n = len(person)
    start = np.maximum(start, world.people.record_on[person]).astype(np.int64)
    unit = world.people.unit_on(person, start)
    quality = world.units.quality[unit]
    managed = (rng.random(n) < 0.82 + 0.2 * quality) | world.is_reference
    managed_on = np.where(managed, start + rng.integers(0, 3, n), FAR)
    ended = np.minimum(start + DOSES + rng.integers(0, 12, n), end)
    taken = np.where(
        rng.random(n) < 0.93 + 0.05 * quality, rng.integers(165, DOSES + 1, n), rng.integers(60, 161, n)
    )
    over = ended <= world.last
    course: Rows = {
        "person": person,
        "unit": unit,
        "course_no": glue("JH", text_of_whole(np.full(n, world.town + 1), 2), text_of_whole(np.arange(n), 5)),
        "notified_on": start.astype(np.int32),
        "managed_on": world.clip(managed_on),
        "ended_on": world.clip(ended),
        "completed": np.where(over, ended - start >= DOSES, -1).astype(np.int8),
        "doses_due": np.where(over, DOSES, -1),
        "doses_taken": np.where(over, taken, -1),
        "entered_on": world.late(rng, start),
    }
    enrolled: Rows = {
        "person": person,
        "unit": unit,
        "programme": words(np.zeros(n, int), "tb"),
        "start_on": np.where(managed, managed_on, FAR).astype(np.int32),
        "end_on": world.clip(ended),
        "entered_on": world.late(rng, start),
    }
    return take(course, start <= world.last), take(enrolled, managed_on <= world.last)


# -- what befalls people ---------------------------------------------------------------------


def event_rows(world: World, tags: Tags, year: int) -> Rows:
    """Falls of older people (fewer each year), discharges, violent incidents, deaths looked into, transfers."""
    rng = world.stream("health events", year)
    people = world.people
    first, last = day(year), day(year, 12, 31)
    quality = float(world.units.quality[world.centre])
    old = np.flatnonzero(people.whole_year(year) & people.age_on(first, 65))
    change = FALLS_CHANGE if world.is_reference else FALLS_CHANGE * (1 + 1.4 * quality)
    # The number of old people grows a little every year; the rate is what falls.
    elders = band_figure(world, world.centre, year, "65+")
    falls = round(elders * FALLS * (1 + change) ** (year - 2025) * np.exp(-0.4 * quality))
    fell = old[rng.integers(0, len(old), falls)] if len(old) else old
    parts = [
        _events(
            world,
            rng,
            year,
            fell,
            "fall",
            season_days(rng, year, (10, 9, 8, 7, 7, 7, 8, 8, 8, 8, 9, 11), len(fell)),
            0.97,
        )
    ]
    died = np.flatnonzero(people.recorded & (people.died >= first) & (people.died <= last))
    parts.append(_events(world, rng, year, died, "death", people.died[died], 0.93 + 0.07 * quality))
    person, start, end = tagged(tags, "smi")
    steady = person[(start < first) & (end > last)]
    out = pick(rng, steady, len(steady) * 0.08)
    parts.append(
        _events(
            world,
            rng,
            year,
            out,
            "mental_discharge",
            first + rng.integers(5, 350, len(out)),
            0.9 + 0.1 * quality,
        )
    )
    if not world.is_reference and quality < 0:
        bad = steady[: 1 + len(steady) // 60]
        parts.append(
            _events(world, rng, year, bad, "mental_incident", first + rng.integers(5, 350, len(bad)), 1.0)
        )
    came = np.flatnonzero(
        people.recorded & ~people.registered & (people.record_on >= first) & (people.record_on <= last)
    )
    parts.append(
        _events(world, rng, year, came, "record_transfer", people.record_on[came], 0.9 + 0.1 * quality)
    )
    return stack(parts)


def _events(
    world: World,
    rng: np.random.Generator,
    year: int,
    person: np.ndarray,
    kind: str,
    when: np.ndarray,
    handled: float,
) -> Rows:
    """Rows of one kind; so many of them are handled within days, the best unit's all, the rest not."""
    n = len(person)
    when = np.asarray(when, np.int64)
    done = rng.random(n) < handled + 0.05 * world.liking(person)
    rows: Rows = {
        "person": person,
        "unit": world.people.unit_on(person, when),
        "kind": words(np.zeros(n, int), kind),
        "day": when.astype(np.int32),
        "handled_on": world.clip(np.where(done, when + rng.integers(0, 6, n), FAR)),
        "entered_on": world.late(rng, when),
    }
    return take(rows, when <= world.last)
