"""Vaccinations: the children's schedule, influenza by season, COVID-19 boosters, HPV for girls of 13."""

from __future__ import annotations

import numpy as np

from data.demo.days import FAR, add_months, birthday, day, months_of
from data.demo.draw import pick, season_days
from data.demo.population import band_figure
from data.demo.rows import Rows, Words, glue, stack, take, text_of_whole, words
from data.demo.world import World

# vaccine, dose number, months of age. The schedule as children here meet it.
SCHEDULE = (
    ("bcg", 1, 0), ("hepb", 1, 0), ("hepb", 2, 1), ("polio", 1, 2), ("polio", 2, 3), ("dtp", 1, 3),
    ("polio", 3, 4), ("dtp", 2, 4), ("dtp", 3, 5), ("hepb", 3, 6), ("mena", 1, 6), ("mcv", 1, 8), ("je", 1, 8),
    ("mena", 2, 9), ("dtp", 4, 18), ("mcv", 2, 18), ("hepa", 1, 18), ("je", 2, 24), ("menac", 1, 36),
    ("polio", 4, 48), ("menac", 2, 72),
)  # fmt: skip
VACCINES = (
    "bcg",
    "hepb",
    "polio",
    "dtp",
    "mcv",
    "mena",
    "menac",
    "je",
    "hepa",
    "flu",
    "covid",
    "hpv",
    "varicella",
)
CHILDREN_FROM = day(2017, 6)  # children born from here on have their doses in the system
CAUGHT_UP_AFTER = 45  # days after the due one from which on a measles dose is one of the catch-up
FLU_MONTHS = (1, 0, 0, 0, 0, 0, 0, 0, 0, 38, 42, 19)


def dose_rows(world: World) -> Rows:
    """Every dose up to the last day."""
    parts = [_children(world), _covid(world), _hpv(world)]
    parts += [_influenza(world, year) for year in world.years]
    rows = stack([_row_columns(world, i, p) for i, p in enumerate(parts)])
    return take(rows, rows["day"] <= world.last)


def card_rows(world: World) -> Rows:
    """Vaccination cards: one a child, made within the first weeks of life or of being here."""
    rng = world.stream("cards")
    people = world.people
    child = people.recorded & (people.born >= CHILDREN_FROM) & (people.record_on <= world.last)
    child &= rng.random(len(people)) < 0.985 + 0.008 * world.units.quality[people.unit]
    person = np.flatnonzero(child)
    issued = np.minimum(people.record_on[person] + rng.integers(0, 25, len(person)), world.last).astype(
        np.int32
    )
    return {
        "person": person,
        "unit": people.unit[person],
        "card_no": glue("99", text_of_whole(np.full(len(person), world.town), 2), text_of_whole(person, 7)),
        "issued_on": issued,
        "entered_on": world.late(rng, issued),
    }


def _children(world: World) -> Rows:
    rng = world.stream("children")
    people = world.people
    child = np.flatnonzero(
        people.recorded & (people.born >= CHILDREN_FROM) & (people.record_on <= world.last)
    )
    quality = world.units.quality[people.unit[child]]
    parts = []
    for vaccine, number, months in SCHEDULE:
        due = add_months(people.born[child], months) if months else people.born[child]
        lag = (rng.exponential(9, len(child)) + rng.integers(0, 4, len(child))).astype(np.int64)
        late = rng.random(len(child)) < 0.035 - 0.02 * quality
        when = due + np.where(late, lag + rng.integers(30, 200, len(child)), lag)
        if months == 0:
            when = due + np.where(rng.random(len(child)) < 0.955 + 0.02 * quality, 0, lag + 1)
        given = rng.random(len(child)) < 0.972 + 0.018 * quality - 0.00015 * months
        given &= (when < people.end[child]) & (when <= world.last)
        person = child[given]
        parts.append(
            {
                "person": person,
                "vaccine": words(np.full(len(person), VACCINES.index(vaccine)), *VACCINES),
                "dose_no": np.full(len(person), number, np.int64),
                "day": when[given].astype(np.int32),
                "birth": np.full(len(person), int(months == 0), np.int64),
            }
        )
    return stack(parts)


def _influenza(world: World, year: int) -> Rows:
    """The season that begins in October: the planned share of residents of 60 and over, and some others."""
    rng = world.stream("influenza", year)
    people, plan = world.people, world.plans[year]
    here = people.whole_year(year)
    old = np.flatnonzero(
        here
        & people.age_on(day(year, 9, 30), 60)
        & ((people.arrived == FAR) | (people.arrived < day(year, 4)))
    )
    wanted = plan.shares["im_flu60_rate"] * band_figure(world, world.centre, year, "60+")
    elders = pick(rng, old, round(wanted), world.liking(old))
    young = np.flatnonzero(here & ~people.age_on(day(year, 12, 31), 60) & ~world.untouched(year))
    others = pick(rng, young, len(young) * 0.02)
    person = np.concatenate([elders, others])
    return {
        "person": person,
        "vaccine": words(np.full(len(person), VACCINES.index("flu")), *VACCINES),
        "dose_no": np.full(len(person), 1, np.int64),
        "day": season_days(rng, year, (0,) * 9 + FLU_MONTHS[9:], len(person), sundays=0.4),
        "birth": np.zeros(len(person), np.int64),
        "paid": np.arange(len(person)) >= len(elders),
    }


def _covid(world: World) -> Rows:
    """Second boosters (dose 4), winter 2022/23: the planned share of adults at the end of 2025."""
    rng = world.stream("covid")
    people, plan = world.people, world.plans[2025]
    adult = people.recorded & people.age_on(day(2023), 18) & (people.record_on < day(2024))
    resident = adult & people.present(day(2025, 12, 31))
    wanted = plan.shares["im_covid_booster2"] * band_figure(world, world.centre, 2025, "18+")
    able = np.flatnonzero(resident)
    boosted = pick(rng, able, round(wanted), world.liking(able))
    gone = np.flatnonzero(adult & ~resident)
    person = np.concatenate([boosted, gone[rng.random(len(gone)) < 0.6]])
    return {
        "person": person,
        "vaccine": words(np.full(len(person), VACCINES.index("covid")), *VACCINES),
        "dose_no": np.full(len(person), 4, np.int64),
        "day": (day(2022, 12, 14) + (rng.beta(1.2, 3, len(person)) * 240).astype(np.int64)).astype(np.int32),
        "birth": np.zeros(len(person), np.int64),
    }


def _hpv(world: World) -> Rows:
    """Girls of 13, in the programme since November 2025: two doses six months apart."""
    rng = world.stream("hpv")
    people = world.people
    girl = (
        people.recorded & (people.sex == 2) & (people.born >= day(2012, 11)) & (people.record_on < world.last)
    )
    first = np.maximum(birthday(people.born, 13), day(2025, 11, 8)) + (
        rng.exponential(14, len(people))
    ).astype(int)
    girl &= (first <= world.last) & (rng.random(len(people)) < 0.9 + 0.08 * world.units.quality[people.unit])
    person = np.flatnonzero(girl & (people.end > first))
    second = first[person] + 183 + rng.integers(0, 20, len(person))
    both = np.flatnonzero(
        (second <= world.last) & (second < people.end[person]) & (rng.random(len(person)) < 0.95)
    )
    return {
        "person": np.concatenate([person, person[both]]),
        "vaccine": words(np.full(len(person) + len(both), VACCINES.index("hpv")), *VACCINES),
        "dose_no": np.repeat([1, 2], [len(person), len(both)]),
        "day": np.concatenate([first[person], second[both]]).astype(np.int32),
        "birth": np.zeros(len(person) + len(both), np.int64),
    }


def _row_columns(world: World, topic: int, rows: Rows) -> Rows:
    """The columns that all doses share."""
    if not rows or not len(rows["person"]):
        return {}
    rng = world.stream("dose columns", topic, int(rows["day"][0]))
    n = len(rows["person"])
    person, when = rows["person"], rows["day"]
    paid = rows.pop("paid", np.zeros(n, bool))
    birth = rows.pop("birth") == 1
    # At birth: hours after the child's own hour; else during the clinic's day.
    hours = np.where(
        birth & (when == world.people.born[person]),
        world.people.born_hour[person] + 1 + rng.random(n) * 11,
        8 + rng.random(n) * 8.5,
    )
    rows["given_at"] = when.astype(np.int64) * 1440 + (hours * 60).astype(np.int64)
    rows["day"] = (rows["given_at"] // 1440).astype(np.int32)
    place = world.people.unit_on(person, when)
    own = np.where(rng.random(n) < 0.3, place, world.centre)
    # The town seat's people are vaccinated at the county clinic; its centre only in its outreach.
    rows["unit"] = np.where(rng.random(n) < 0.985, world.county_clinic, own) if world.is_reference else own
    rows["programme_class"] = np.where(paid, 2, 1)
    rows["campaign"] = _campaign(world, rows)
    rows["consent"] = (rng.random(n) < 0.997).astype(np.int8)
    rows["observed_minutes"] = np.where(rng.random(n) < 0.975, 30, rng.integers(5, 29, n))
    uploaded = when + np.where(rng.random(n) < 0.96, rng.integers(0, 2, n), rng.integers(3, 40, n))
    rows["uploaded_on"] = np.where(
        (rng.random(n) < 0.99) & (uploaded <= world.exported), uploaded, FAR
    ).astype(np.int32)
    rows["reaction"] = (rng.random(n) < 0.00025).astype(np.int8)
    rows["entered_on"] = world.late(rng, rows["day"])
    return rows


def _campaign(world: World, rows: Rows) -> Words:
    """Measles doses of children found to lack them, and the influenza doses of January, after outbreaks."""
    vaccine, when = rows["vaccine"].codes, rows["day"]
    due = add_months(world.people.born[rows["person"]], np.where(rows["dose_no"] == 1, 8, 18))
    found = (vaccine == VACCINES.index("mcv")) & (when > due + CAUGHT_UP_AFTER)
    urgent = (vaccine == VACCINES.index("flu")) & (months_of(when) % 12 == 0)
    return Words(np.where(found, 0, np.where(urgent, 1, -1)), ("麻疹查漏补种", "流感应急接种"))
