"""The annual health checks: older residents, patients of the programmes, and working people."""

from __future__ import annotations

import numpy as np

from data.demo.days import FAR, birthday, day
from data.demo.draw import pick, season_days, weighted
from data.demo.population import band_figure
from data.demo.readings import pressures
from data.demo.rows import Rows, Words, words
from data.demo.world import World

# Campaigns from March to May and in October.
ELDER_MONTHS = (4, 4, 14, 16, 13, 6, 6, 6, 8, 13, 6, 4)
WORKER_MONTHS = (3, 3, 8, 8, 9, 10, 10, 10, 10, 10, 9, 5)
REASONS = ("record", "elder", "htn", "dm", "smi", "poverty")


def elder_rows(world: World) -> Rows:
    """Programme files of those who have turned 65: nearly all."""
    rng = world.stream("elder files")
    people = world.people
    n = len(people)
    turned = birthday(people.born, 65)
    start = np.maximum(np.maximum(turned, people.record_on), np.minimum(people.record_on + 30, day(2023, 12)))
    person = np.flatnonzero(
        people.recorded
        & (start <= world.last - 40)
        & (start < people.end)
        & (rng.random(n) < 0.96 + 0.03 * world.units.quality[people.unit])
    )
    begun = (start[person] + rng.integers(0, 40, len(person))).astype(np.int32)
    ended = world.clip(np.maximum(people.end[person], begun))
    reason = np.where(ended == FAR, -1, np.where(people.died[person] < FAR, 0, 1))
    return {
        "person": person,
        "unit": people.unit[person],
        "start_on": begun,
        "end_on": ended,
        "end_reason": Words(reason, ("died", "moved")),
        "mark.ability": words(
            weighted(rng, np.array([86, 11, 3.0]), len(person)),
            "完全正常",
            "有不同程度的功能下降",
            "有明显障碍",
        ),
        "entered_on": world.late(rng, begun),
    }


def checkup_rows(world: World, year: int, budget: int | None) -> Rows:
    """The health checks of a year. ``budget``: how many the centre and its stations can do themselves
    (the rest goes to the county clinic); None: all.
    """
    rng = world.stream("checkups", year)
    people = world.people
    first, last = day(year), day(year, 12, 31)
    here = people.recorded & (people.record_on <= day(year, 3)) & (people.end > first)
    elder = here & people.age_on(last, 65)
    examined, complete = _elders(world, rng, year, elder)
    forced = np.setdiff1d(world.needs_check.get(year, np.zeros(0, int)), examined)
    workers = _workers(world, rng, year, here, np.union1d(examined, forced))
    person = np.concatenate([examined, forced, workers])
    reason = np.concatenate(
        [
            np.full(len(examined), 1),
            np.where(rng.random(len(forced)) < 0.7, 2, 3),
            np.zeros(len(workers), int),
        ]
    )
    # Old people who came within the year are examined, but not counted among the planned share.
    full = (rng.random(len(forced)) < 0.93) & ~people.age_on(last, 65)[forced]
    complete = np.concatenate([complete, full, rng.random(len(workers)) < 0.96])
    when = np.concatenate(
        [
            season_days(rng, year, ELDER_MONTHS, len(examined) + len(forced), sundays=0.3),
            season_days(rng, year, WORKER_MONTHS, len(workers), sundays=0.1),
        ]
    )
    when = _fit(
        rng,
        when,
        np.maximum(people.record_on[person], first),
        np.minimum(people.end[person] - 1, last),
        np.where(reason == 1, birthday(people.born[person], 65), 0),
    )
    # At the model clinic the check is where the disease shows.
    found = world.diagnosed_on[person].astype(np.int64) - 2
    shows = (
        world.of_model[person] & (found > np.maximum(people.record_on[person], first)) & (found <= last - 5)
    )
    when = np.where(shows, found, when)
    unit = people.unit_on(person, when)
    unit = np.where(rng.random(len(person)) < 0.35, world.centre, unit)
    if budget is not None:
        elsewhere = np.ones(len(person), bool)
        elsewhere[pick(rng, np.flatnonzero(reason > 0), budget)] = False
        unit = np.where(elsewhere, world.county_clinic, world.centre)
    return _written(world, rng, person, when.astype(np.int32), unit, reason, complete)


def _elders(
    world: World, rng: np.random.Generator, year: int, elder: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Whom of the older residents the check reached, and whose form is complete: exactly the planned share."""
    people, plan = world.people, world.plans[year]
    last = day(year, 12, 31)
    barred = np.zeros(len(people), bool)
    barred[world.no_check.get(year, [])] = True
    must = np.zeros(len(people), bool)
    must[world.needs_check.get(year, [])] = True
    steady = elder & ~barred & (people.end > last) & _resident_long(world, year)
    wanted = round(plan.shares["el_mgmt_rate"] * band_figure(world, world.centre, year, "65+"))
    able = np.flatnonzero(steady)
    score = world.liking(able) + np.where(must[able], 4.0, 0.0)
    managed = pick(rng, able, wanted, score)
    rest = np.setdiff1d(np.flatnonzero(elder & ~barred), managed)
    # Some of the rest were examined too, but a required item of the form is empty.
    partly = np.union1d(rest[rng.random(len(rest)) < 0.3], rest[must[rest]])
    examined = np.concatenate([managed, partly])
    return examined, np.arange(len(examined)) < len(managed)


def _resident_long(world: World, year: int) -> np.ndarray:
    """Who has been resident (six months) well before the year ends."""
    arrived = world.people.arrived
    return (arrived == FAR) | (arrived <= day(year, 4))


def _workers(
    world: World, rng: np.random.Generator, year: int, here: np.ndarray, taken: np.ndarray
) -> np.ndarray:
    """Health checks of employees, students and people whose record is made: many in the town seat."""
    people = world.people
    able = here & people.age_on(day(year), 7) & ~people.age_on(day(year, 12, 31), 65)
    able &= people.electronic & ~world.diagnosed & ~world.untouched(year)
    able[taken] = False
    among = np.flatnonzero(able)
    return pick(rng, among, (0.62 if world.is_reference else 0.025) * len(among))


def _fit(
    rng: np.random.Generator, when: np.ndarray, first: np.ndarray, last: np.ndarray, turns: np.ndarray
) -> np.ndarray:
    """Days moved into each person's own time; after the 65th birthday where that still lies in the year."""
    low = np.where(turns <= last, np.maximum(first, turns), first)
    outside = (when < low) | (when > last)
    inside = low + (rng.random(len(when)) * np.maximum(last - low + 1, 1)).astype(np.int64)
    return np.where(outside, inside, when)


def _written(
    world: World,
    rng: np.random.Generator,
    person: np.ndarray,
    when: np.ndarray,
    unit: np.ndarray,
    reason: np.ndarray,
    complete: np.ndarray,
) -> Rows:
    happened = np.flatnonzero(when <= world.last)
    person, when, unit = person[happened], when[happened], unit[happened]
    reason, complete = reason[happened], complete[happened]
    n = len(person)
    elder = reason == 1
    age = (when - world.people.born[person]) / 365.2425
    at_goal = rng.random(n) < np.where(elder, 0.62, 0.8)
    # The model clinic enrols whoever it finds: there nobody else has a high reading.
    model, known_on = world.of_model[person], world.diagnosed_on[person]
    shows = model & (known_on == when + 2)
    at_goal = np.where(shows, False, at_goal | (model & (known_on > when)))
    sbp, dbp = pressures(world, rng, at_goal, elder & ~model, unit)
    screened = (age >= 70) & (rng.random(n) < 0.74 + 0.1 * world.units.quality[unit])
    score = np.where(screened, np.clip(rng.normal(25, 4, n), 4, 30).astype(np.int64), -1)
    gap = np.where(complete, -1, rng.integers(0, 3, n))  # which required item was left empty

    def item(low: float, high: float, number: int, digits: int) -> np.ndarray:
        values = np.round(low + (high - low) * rng.beta(3, 3, n), digits)
        return np.where(gap == number, np.nan, values)

    return {
        "person": person,
        "unit": unit,
        "day": when,
        "reason": words(reason, *REASONS),
        "complete": complete.astype(np.int8),
        "sbp": sbp,
        "dbp": dbp,
        "fpg": np.where(
            rng.random(n) < 0.85,
            np.round(np.clip(rng.normal(5.7, 1.0, n), 3.6, np.where(model, 6.9, 16)), 1),
            np.nan,
        ),
        "self_care": Words(
            np.where(elder, weighted(rng, np.array([88, 8, 3, 1.0]), n), -1), ("1", "2", "3", "4")
        ),
        "cognitive": Words(np.where(screened, (score < 20).astype(int), -1), ("negative", "positive")),
        "cognitive_score": score,
        "emotion": Words(
            np.where(screened, (rng.random(n) < 0.05).astype(int), -1), ("negative", "positive")
        ),
        "health_guidance": (complete | (rng.random(n) < 0.5)).astype(np.int8),
        "entered_on": world.late(rng, when),
        "item:症状": words(np.where(rng.random(n) < 0.8, 0, 1), "无症状", "头晕"),
        "item:体温": item(36.1, 36.9, 9, 1),
        "item:呼吸": item(15, 21, 9, 0),
        "item:脉率": item(58, 94, 1, 0),
        "item:身高": item(146, 182, 9, 0),
        "item:体重": item(41, 88, 2, 1),
        "item:腰围": item(65, 104, 0, 0),
    }
