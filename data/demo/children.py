"""Children up to six: newborn visits, health checks at the scheduled months, screenings of eyes and teeth."""

from __future__ import annotations

import numpy as np

from data.demo.days import FAR, add_months, day, month_number, months_of, years_of
from data.demo.draw import flags, pick, season_days, spread
from data.demo.population import band_figure
from data.demo.rows import Rows, Words, stack, take, words
from data.demo.world import World

SCHEDULE = (1, 3, 6, 8, 12, 18, 24, 30, 36, 48, 60, 72)  # months of age at which a check is due
SETTLED = 6  # months after which a newcomer is a resident
TERM = (2, 2, 4, 3, 1, 1, 3, 2, 4, 6, 6, 2)  # screenings are made in kindergarten and school terms
VITAMIN_D = (
    (12, 0.92),
    (24, 0.7),
    (48, 0.66),
    (84, 0.2),
)  # below so many months of age, so many are given it
FEEDING = ("breast", "mixed", "formula")


def visit_rows(world: World, year: int) -> Rows:
    """Newborn visits and checks of a calendar year: the planned shares of children are managed at all and in full."""
    rng = world.stream("child visits", year)
    people, plan = world.people, world.plans[year]
    first, last = day(year), day(year, 12, 31)
    under7 = ~people.age_on(last, 7)
    here = (
        people.recorded & (people.record_on <= last) & (people.end > first) & under7 & (people.born <= last)
    )
    child = np.flatnonzero(here)
    if not len(child):
        return {}
    native = people.arrived[child] == FAR
    begin = np.maximum(np.where(native, people.born[child], people.record_on[child]), first)
    end = np.minimum(people.end[child] - 1, last)
    due = np.stack([add_months(people.born[child], m) for m in SCHEDULE], axis=1)
    owed = (due >= begin[:, None]) & (due <= end[:, None])
    times = owed.sum(axis=1)
    liking = world.liking(child)
    # Of the residents so many are managed and so many have all checks, measured against the population figure.
    settled = people.settled(last)[child]
    population = band_figure(world, world.centre, year, "0-6")
    steady = (people.record_on[child] <= first) & (people.end[child] > last) & settled & (times > 0)
    without = pick(
        rng, np.flatnonzero(steady), settled.sum() - plan.shares["ch_mgmt_rate"] * population, -liking[steady]
    )
    managed = np.ones(len(child), bool)
    managed[without] = False
    # Who misses checks and is managed all the same must owe two or more: they turn one or two in the year.
    lived, asked = _asked(world, year, child)
    on_time = lived & (times * managed >= asked)
    turns = year - years_of(people.born[child])
    able = np.flatnonzero(steady & managed & on_time & (asked >= 2) & (turns >= 1) & (turns <= 2))
    late = on_time.sum() - plan.shares["ch_system_rate"] * population
    partly = pick(rng, able, round(late), -liking[able])
    missed = np.zeros(owed.shape, bool)
    missed[partly] = owed[partly] & (np.cumsum(owed[partly], axis=1) > 1)
    done = owed & managed[:, None] & ~missed
    row, at = np.nonzero(done)
    when = due[row, at] + rng.integers(0, 12, len(row))
    checks = _checks(world, rng, child[row], np.clip(when, people.record_on[child[row]], end[row]), "check")
    # Who owes nothing by the schedule (came late in the year) is seen once after arriving.
    none = np.flatnonzero(managed & (times == 0) & ~native & (end - begin > 12))
    late = _checks(world, rng, child[none], begin[none] + rng.integers(1, 12, len(none)), "check")
    born = np.flatnonzero((people.born[child] >= first) & native & managed)
    visited = born[rng.random(len(born)) < 0.965 + 0.03 * liking[born].clip(-1, 1)]
    newborn = _checks(
        world, rng, child[visited], people.born[child[visited]] + rng.integers(4, 11, len(visited)), "newborn"
    )
    return take(rows := stack([newborn, checks, late]), rows["day"] <= min(world.last, last))


def _asked(world: World, year: int, child: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who lived here in a month of the year (a mask), and how many checks that asks for: a twelfth for each month
    of 4 a year under one, of 2 at one and two, of 1 from three on.
    """
    people = world.people
    born, arrived = months_of(people.born[child]), people.arrived[child]
    after = day(year + 1)
    since = np.where(arrived == FAR, born, months_of(np.minimum(arrived, after)) + SETTLED)
    gone = months_of(np.minimum(people.end[child], after))
    month = month_number(year, 1) + np.arange(12)
    here = (month >= since[:, None]) & (month <= gone[:, None])
    age = (month - born[:, None]) // 12
    twelfths = np.where(age < 1, 4, np.where(age < 3, 2, 1)) * here
    return here.any(axis=1), twelfths.sum(axis=1) // 12


def _checks(world: World, rng: np.random.Generator, person: np.ndarray, when: np.ndarray, kind: str) -> Rows:
    n = len(person)
    months = (when - world.people.born[person]) / 30.44
    unit = world.people.unit_on(person, when)
    quality = world.units.quality[unit]
    breast = 0.86 + 0.1 * quality
    feeding = np.where(rng.random(n) < breast, 0, 1 + rng.integers(0, 2, n))
    share = np.select([months < limit for limit, _ in VITAMIN_D], [s for _, s in VITAMIN_D], 0.0)
    defect = rng.random(n) < 0.07
    # A defect counts as corrected at the visit at which it is seen to be.
    corrected = np.where(defect, rng.random(n) < 0.72 + 0.2 * quality, -1)
    return {
        "person": person,
        "unit": unit,
        "kind": words(np.zeros(n, int), kind),
        "day": np.asarray(when).astype(np.int32),
        "feeding": Words(np.where(months < 13, feeding, -1), FEEDING),
        "vitamin_d": (rng.random(n) < share + 0.08 * quality).astype(np.int8),
        "defect": defect.astype(np.int8),
        "corrected": corrected.astype(np.int8),
        "handbook": (rng.random(n) < 0.955 + 0.03 * quality).astype(np.int8),
        "entered_on": world.late(rng, np.asarray(when)),
    }


def screening_rows(world: World, year: int) -> Rows:
    """Eyes, caries, sealed teeth, fluoride: the reference centre's numbers are exact."""
    rng = world.stream("child screenings", year)
    people, plan = world.people, world.plans[year]
    steady = people.whole_year(year)
    counts = plan.counts

    def aged(low: int, high: int) -> np.ndarray:
        """Steady children who are ``low`` all year and not yet ``high`` at its end."""
        return np.flatnonzero(
            steady & people.age_on(day(year), low) & ~people.age_on(day(year, 12, 31), high)
        )

    eyes = pick(rng, aged(3, 7), counts["ch_vision_screened"], world.liking(aged(3, 7)))
    # Where the work is poor, short-sightedness grows faster than it may.
    growth = 1 + 0.15 * max(-float(world.units.quality[world.centre]), 0) * (year - 2024)
    poor_sight = flags(
        rng, len(eyes), round(growth * len(eyes) * counts["ch_myopia"] / max(counts["ch_vision_screened"], 1))
    )
    mouths = pick(rng, aged(3, 7), len(aged(3, 7)) * 0.6)
    caries = flags(rng, len(mouths), round(plan.shares["ch_caries"] * len(mouths)))
    sealed = pick(rng, aged(6, 10), max(counts["ch_sealant"] // 2, 1))
    teeth = spread(1 + rng.integers(0, 4, len(sealed)), max(counts["ch_sealant"] - len(sealed), 0)) + 1
    painted = pick(rng, aged(3, 7), counts["ch_fluoride"])
    return stack(
        [
            screened(world, rng, year, eyes, "vision", poor_sight),
            screened(world, rng, year, mouths, "caries", caries),
            screened(world, rng, year, sealed, "sealant", None, teeth),
            screened(world, rng, year, painted, "fluoride", None),
        ]
    )


def screened(
    world: World,
    rng: np.random.Generator,
    year: int,
    person: np.ndarray,
    kind: str,
    positive: np.ndarray | None,
    quantity: np.ndarray | None = None,
    months: tuple[float, ...] = TERM,
) -> Rows:
    """Rows of one kind of screening, one a person, on days of the year's terms."""
    n = len(person)
    when = season_days(rng, year, months, n, sundays=0.1)
    rows: Rows = {
        "person": person,
        "unit": world.people.unit_on(person, when),
        "kind": words(np.zeros(n, int), kind),
        "day": when,
        "positive": np.full(n, -1, np.int8) if positive is None else positive.astype(np.int8),
        "quantity": np.full(n, -1, np.int64) if quantity is None else quantity.astype(np.int64),
        "entered_on": world.late(rng, when),
    }
    return take(rows, when <= world.last)
