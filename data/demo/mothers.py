"""Pregnancies from booking to the six weeks after delivery, and screenings of women."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.demo.children import screened
from data.demo.days import FAR, day, months_of
from data.demo.draw import pick
from data.demo.rows import Rows, Words, glue, stack, take, text_of_whole, words
from data.demo.world import World

TERM = 273  # days of a pregnancy that is delivered, counted from the last period less two weeks
EARLY = 13  # booked before so many completed weeks
HIGH_RISK = 0.14
WOMEN_MONTHS = (1, 1, 8, 5, 5, 4, 2, 2, 6, 6, 4, 2)


class Pregnancies:
    """Every pregnancy of a centre, one row each; days FAR where the thing never happens."""

    def __init__(self, world: World) -> None:
        rng = world.stream("pregnancies")
        people = world.people
        mother, delivered = world.memo["pregnancies"]
        fits = (people.record_on[mother] <= delivered - 60) & (people.end[mother] > delivered + 70)
        if world.is_reference:
            # Whoever delivers in a year's last days is seen after discharge in the next: those go elsewhere.
            fits &= delivered + 10 <= np.array([day(y, 12, 31) for y in months_of(delivered) // 12])
        self.person, self.delivered = mother[fits], delivered[fits].astype(np.int64)
        n = len(self.person)
        self.unit = people.unit_on(self.person, self.delivered)
        quality = world.units.quality[self.unit]
        year = months_of(self.delivered) // 12
        early, booked, visited = (np.zeros(n, bool) for _ in range(3))
        for y in np.unique(year):
            own = np.flatnonzero(year == y)
            plan = world.plans[min(max(int(y), 2024), max(world.plans))]
            early[pick(rng, own, round(plan.shares["mt_early_booking_rate"] * len(own)), quality[own])] = True
            share = 0.997 if world.is_reference else plan.shares["mt_booking_rate"]
            late = np.setdiff1d(own, np.flatnonzero(early))
            booked[pick(rng, late, round(share * len(own)) - int(early[own].sum()))] = True
            seen = (
                len(own) if world.is_reference else round(plan.shares["mt_postpartum_visit_rate"] * len(own))
            )
            visited[pick(rng, own, seen, quality[own])] = True
        booked |= early
        start = self.delivered - TERM
        weeks = np.where(early, rng.integers(6, EARLY - 1, n), rng.integers(14, 27, n))
        self.weeks = np.where(booked, weeks, -1)
        self.booked = np.where(booked, start + weeks * 7 + rng.integers(0, 6, n), FAR).astype(np.int64)
        self.high_risk = rng.random(n) < HIGH_RISK
        self.visited = visited
        self.quality = quality
        self.hospital = rng.random(n) < np.where(self.high_risk, 0.97, 0.992) + 0.03 * quality
        self.watched = self.high_risk & (rng.random(n) < 0.86 + 0.16 * quality)
        self.discharged = self.delivered + rng.integers(2, 6, n)

    def number(self, world: World) -> pa.Array:
        n = len(self.person)
        return glue("YC", text_of_whole(np.full(n, world.town + 1), 2), text_of_whole(np.arange(n), 6))


def pregnancy_rows(world: World, pregnancies: Pregnancies) -> Rows:
    """What is known of every pregnancy at the last day."""
    rng = world.stream("pregnancy rows")
    p, n = pregnancies, len(pregnancies.person)
    checked = np.where(p.booked < FAR, p.booked + (rng.random(n) < 0.3) * rng.integers(0, 3, n), FAR)
    folic = (p.booked < FAR) & (rng.random(n) < 0.93 + 0.06 * p.quality)
    rows: Rows = {
        "person": p.person,
        "unit": p.unit,
        "pregnancy_no": p.number(world),
        "booked_on": world.clip(p.booked),
        "booked_weeks": np.where(p.booked <= world.last, p.weeks, -1),
        "first_check_on": world.clip(checked),
        "high_risk": p.high_risk.astype(np.int8),
        "folic_on": world.clip(np.where(folic, p.booked + rng.integers(0, 10, n), FAR)),
        "folic_followed": np.where(folic, rng.random(n) < 0.92 + 0.1 * p.quality, 0).astype(np.int8),
        "delivered_on": world.clip(p.delivered),
        "live_births": np.where(p.delivered <= world.last, 1, -1),
        "hospital": np.where(p.delivered <= world.last, p.hospital, -1).astype(np.int8),
        "discharged_on": world.clip(p.discharged),
        "entered_on": np.minimum(np.where(p.booked < FAR, p.booked, p.delivered) + 2, world.exported).astype(
            np.int32
        ),
    }
    known = np.minimum(np.minimum(p.booked, FAR), p.delivered) <= world.last
    return take(rows, known)


def visit_rows(world: World, pregnancies: Pregnancies) -> Rows:
    """Antenatal checks from booking on, the visit after discharge, the check at six weeks."""
    rng = world.stream("maternal visits")
    p, n = pregnancies, len(pregnancies.person)
    times = np.where(rng.random(n) < 0.955 + 0.03 * p.quality, 5, 3) + rng.integers(0, 3, n) * (
        rng.random(n) < 0.5
    )
    times = np.where(p.booked < FAR, np.where(p.high_risk, times + 1, times), 0)
    index = np.repeat(np.arange(n), times)
    turn = np.arange(len(index)) - np.repeat(np.cumsum(times) - times, times)
    span = p.delivered - 6 - p.booked
    when = p.booked[index] + (turn + 0.05 + 0.4 * rng.random(len(index))) / times[index] * span[index]
    when = np.where(turn == 0, p.booked[index] + 1, when).astype(np.int64)
    late = ~p.visited & (rng.random(n) < 0.5)
    seen = np.flatnonzero(p.visited | late)
    after = p.discharged[seen] + np.where(
        late[seen], 31 + rng.integers(0, 9, len(seen)), 1 + rng.integers(0, 7, len(seen))
    )
    checked = np.flatnonzero(rng.random(n) < 0.935 + 0.06 * p.quality)
    at42 = p.delivered[checked] + 42 + rng.integers(0, 8, len(checked))
    whose = np.concatenate([index, seen, checked])
    when = np.concatenate([when, after, at42])
    kind = np.repeat([0, 1, 2], [len(index), len(seen), len(checked)])
    weeks = np.where(kind == 0, (when - p.delivered[whose] + TERM) // 7, -1)
    rows: Rows = {
        "person": p.person[whose],
        "unit": world.people.unit_on(p.person[whose], when),
        "pregnancy_no": p.number(world).take(pa.array(whose)),
        "kind": words(kind, "antenatal", "postpartum", "day42"),
        "day": when.astype(np.int32),
        "weeks": weeks,
        "mode": Words(np.where(kind == 1, 1, 0), ("clinic", "home", "phone")),
        "high_risk": np.where(kind == 0, p.watched[whose], -1).astype(np.int8),
        "entered_on": world.late(rng, when),
    }
    return take(rows, when <= world.last)


def screening_rows(world: World, year: int) -> Rows:
    """Women of 15 to 49 examined for common diseases, and those from 35 for two cancers: the better units more."""
    rng = world.stream("women", year)
    people = world.people
    quality = float(world.units.quality[world.centre])
    last = day(year, 12, 31)
    able = people.present(last) & (people.sex == 2) & people.age_on(last, 15) & ~people.age_on(last, 65)
    able &= people.record_on < day(year, 2)
    if world.is_reference:
        able &= ~world.untouched(year)
    young = np.flatnonzero(able & ~people.age_on(last, 50))
    share = float(np.clip(0.4 + 1.7 * quality, 0.2, 0.99))
    examined = pick(rng, young, len(young) * share, world.liking(young))
    older = np.flatnonzero(able & people.age_on(day(year), 35))
    parts = [screened(world, rng, year, examined, "women_disease", _found(rng, examined), None, WOMEN_MONTHS)]
    for kind, among in (("cervical", 0.2), ("breast", 0.16)):
        who = pick(rng, older, len(older) * among, world.liking(older))
        parts.append(screened(world, rng, year, who, kind, _found(rng, who), None, WOMEN_MONTHS))
    return stack(parts)


def _found(rng: np.random.Generator, who: np.ndarray) -> np.ndarray:
    return rng.random(len(who)) < 0.03
