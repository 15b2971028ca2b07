"""Services under contract and of public health: home visits, home nursing, drugs brought home, advice."""

from __future__ import annotations

import numpy as np

from data.demo.days import add_months, day
from data.demo.draw import pick, season_days, weighted
from data.demo.rows import Rows, glue, take, text_of_whole, words
from data.demo.tags import Tags
from data.demo.world import World

KINDS = (
    "consultation", "guidance", "home_nursing", "drug_delivery", "rehab", "update", "visit",
    "tcm_constitution", "tcm_child", "tcm_package", "meal", "family_planning",
)  # fmt: skip
MODES = ("clinic", "phone", "home", "online")
MONTHS = (7, 6, 9, 9, 9, 8, 8, 8, 9, 10, 9, 8)
NURSED_TIMES, DELIVERED_TIMES = 3, 3
ONLINE = 1_500  # online consultations of a reference-sized centre; the other online services are visits


def service_rows(world: World, tags: Tags, year: int, home_followups: int) -> Rows:
    """The services of a year. Services and follow-ups at home together are the planned number of home visits."""
    rng = world.stream("services", year)
    people, counts = world.people, world.plans[year].counts
    steady = people.whole_year(year)
    turn = day(year, 6, 30)
    weak = tags.holders(("disabled_elder",), turn)
    nursed = pick(rng, weak[steady[weak]], counts["fd_home_nursing"])
    old = np.setdiff1d(np.flatnonzero(steady & people.age_on(day(year), 68)), nursed)
    supplied = pick(rng, old, counts["fd_drug_delivery"])
    home = [np.repeat(nursed, NURSED_TIMES), np.repeat(supplied, DELIVERED_TIMES)]
    rest = max(counts["fd_home_visits"] - home_followups - len(home[0]) - len(home[1]), 0)
    visited = old[rng.integers(0, len(old), rest)] if len(old) else np.zeros(0, int)
    online = round(ONLINE * world.plans[year].counts["online_services"] / 18_000)
    awake = np.flatnonzero(steady & ~world.untouched(year))
    advised = awake[rng.integers(0, len(awake), online + online // 3)]
    person = np.concatenate([*home, visited, advised])
    kind = np.concatenate(
        [
            np.full(len(home[0]), 2),
            np.full(len(home[1]), 3),
            np.where(rng.random(rest) < 0.12, 4, 6),
            weighted(rng, np.array([5, 4.0]), online),
            weighted(rng, np.array([4, 3, 0, 0, 0, 3, 0.0]), len(advised) - online),
        ]
    )
    mode = np.concatenate(
        [
            np.full(len(person) - len(advised), 2),
            np.full(online, 3),
            weighted(rng, np.array([6, 4.0]), len(advised) - online),
        ]
    )
    when = season_days(rng, year, MONTHS, len(person), sundays=0.5)
    return written(world, rng, year, person, kind, mode, when)


def is_care(rows: Rows) -> np.ndarray:
    """Which services are given to a person (a mask): an update of the record is none."""
    return rows["kind"].codes != KINDS.index("update")


def fill_rows(world: World, year: int, n: int) -> Rows:
    """``n`` further consultations, so that the year's person-times come out as planned."""
    rng = world.stream("fill", year)
    awake = np.flatnonzero(world.people.whole_year(year) & ~world.untouched(year))
    person = awake[rng.integers(0, len(awake), max(n, 0))]
    kind, mode = (
        weighted(rng, np.array([6, 4.0]), len(person)),
        weighted(rng, np.array([7, 3.0]), len(person)),
    )
    when = season_days(rng, year, MONTHS, len(person), sundays=0.3)
    return written(world, rng, year, person, kind, mode, when, "F")


def special_rows(world: World, tags: Tags, year: int) -> Rows:
    """Traditional medicine for the old and the youngest, its package for who asks, meals for the solitary.

    The county clinic serves the town seat's old and youngest, as it checks them: the seat's own person-times
    leave no room for it.
    """
    rng = world.stream("special services", year)
    people, plan = world.people, world.plans[year]
    steady = people.whole_year(year)
    old = np.flatnonzero(steady & people.age_on(day(year, 12, 31), 65))
    old = pick(rng, old, len(old) * plan.shares["tcm_elder"], world.liking(old))
    young, young_on = _due_advice(world, rng, year, plan.shares["tcm_child"])
    awake = np.flatnonzero(steady & people.age_on(day(year), 40) & ~world.untouched(year))
    package = pick(rng, awake, plan.counts["tcm_package_persons"])
    solitary = tags.holders(("solitary",), day(year, 6, 30))
    fed = pick(rng, solitary[steady[solitary]], plan.counts["el_meals"])
    person = np.concatenate([old, young, package, np.repeat(fed, 2)])
    kind = np.repeat([7, 8, 9, 10], [len(old), len(young), len(package), 2 * len(fed)])
    mode = np.where(kind == 10, 2, 0)
    when = season_days(rng, year, MONTHS, len(person), sundays=0.1)
    when[kind == 8] = young_on
    rows = written(world, rng, year, person, kind, mode, when, "T")
    if world.is_reference:
        away = np.isin(rows["kind"].codes, (7, 8))
        rows["unit"] = np.where(away, world.county_clinic, rows["unit"])
    return rows


def _due_advice(
    world: World, rng: np.random.Generator, year: int, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Who of the small children is advised at 6, 12, ..., 36 months, and when: within a month of reaching it."""
    people = world.people
    child = np.flatnonzero(
        people.recorded & (people.born > day(year - 4)) & (people.born <= day(year, 12, 31))
    )
    due = np.stack([add_months(people.born[child], 6 * k) for k in range(1, 7)], axis=1)
    fits = (due >= max(day(year), 0)) & (due <= day(year, 12, 31))
    fits &= (due >= people.record_on[child][:, None]) & (due < people.end[child][:, None] - 30)
    odds = np.log(share / (1 - share)) + 0.8 * world.liking(child)
    fits &= rng.random(fits.shape) < (1 / (1 + np.exp(-odds)))[:, None]
    row, at = np.nonzero(fits)
    return child[row], np.minimum(due[row, at] + rng.integers(0, 25, len(row)), day(year, 12, 31)).astype(
        np.int32
    )


def written(
    world: World,
    rng: np.random.Generator,
    year: int,
    person: np.ndarray,
    kind: np.ndarray,
    mode: np.ndarray,
    when: np.ndarray,
    letter: str = "S",
    at_unit: np.ndarray | None = None,
) -> Rows:
    """Rows of services, one in five at the centre; ``at_unit``: those that the person's own unit gave."""
    n = len(person)
    unit = world.people.unit_on(person, when)
    own = np.zeros(n, bool) if at_unit is None else at_unit
    rows: Rows = {
        "person": person,
        "unit": np.where((rng.random(n) < 0.2) & ~own, world.centre, unit),
        "key.service": glue(
            letter,
            text_of_whole(np.full(n, (world.town + 1) * 10_000 + year)),
            text_of_whole(np.arange(n), 6),
        ),
        "day": when,
        "kind": words(kind, *KINDS),
        "mode": words(mode, *MODES),
        "entered_on": world.late(rng, when),
    }
    return take(rows, when <= world.last)
