"""A third set of generated districts with two years of one year-to-date indicator, for judging forecasts of the year's end.

Written before the ranges were widened, by whoever then widened them, and frozen: nothing was fitted to it and it was run
once. It is of another kind than ``withheld`` and ``withheld_fresh``, in which each open person is reached at a rate: here
doctors have so many hands in a month, and what the hands do not reach waits.

``districts(seed, count)`` gives a frame for each district: 12 to 35 units, 24 months each, columns as in ``withheld``:
unit, month (year * 12 + month - 1), numerator (whole people, cumulative in the year), denominator, target (share, this year's).

How a district works
--------------------
- a unit has doctors, each with so many services a month; the list is worked off from the top, as far as hands reach
- hands are shared with other programmes by a course of the year, whose months are tossed anew each year around it
- a month's hands scatter with heavy tails (Student's t with 3 degrees of freedom), in part together in the whole district
- from one year to the next the district and each unit find another pace

What happens (``EVENTS``), one to three in a district, most in one of the two years only
----------------------------------------------------------------------------------------
- step: from a month in mid-year on everything goes at another pace (another programme, a new system, money that is gone)
- catch_up: what is missing to a usual year is done in the last two or three months, by some units wholly, by others not
- staffing: doctors leave and come by chance; a unit of one doctor stands still until there is another
- late: part of a month's work arrives one, two or three months later; in the year's last month only a part of what is open
- lockdown: one to four months with next to no work anywhere, then slowly back, with or without a backlog done
- growth: the list grows by 10 to 40 % in the year; who is new is reached sooner, or later, than others
- season_people: part of the list is away in some months and not on it then
- diffusion: who was served tells others: slow, fast, slow, with a start that moves by months from year to year
- lent: the doctors of some units work elsewhere for two to five months
- heaps: work is done on a few days of outreach in the year, whose number is small
"""

from __future__ import annotations

import numpy as np
import pandas as pd

EVENTS = (
    "step",
    "catch_up",
    "staffing",
    "late",
    "lockdown",
    "growth",
    "season_people",
    "diffusion",
    "lent",
    "heaps",
)


def districts(seed: int, count: int) -> list[pd.DataFrame]:
    """``count`` districts, the same for the same seed; each event in turn leads one, others may join it."""
    found = []
    for place in range(count):
        rng = np.random.default_rng([seed, place, 3])
        others = rng.choice(EVENTS, int(rng.integers(0, 3)), replace=False)
        found.append(_district(rng, {EVENTS[place % len(EVENTS)], *map(str, others)}))
    return found


def _district(rng: np.random.Generator, events: set[str]) -> pd.DataFrame:
    units, first = int(rng.integers(12, 36)), int(rng.integers(2022, 2026))
    people = np.where(
        rng.random(units) < 0.25, rng.uniform(1500, 15000, units), rng.uniform(40, 900, units)
    ).round()
    course = 12 * rng.dirichlet(np.full(12, rng.choice([1.5, 6.0, 30.0])))
    own = np.exp(rng.normal(0, rng.choice([0.05, 0.3]), (units, 12)))
    usual = np.clip(
        rng.normal(rng.uniform(0.35, 0.95), 0.15, units), 0.1, 1.3
    )  # hands for so much of the list
    scatter, together = rng.choice([0.05, 0.15, 0.35]), rng.choice([0.0, 0.05, 0.12])
    doctors = rng.integers(1, 5, units)
    happens = int(rng.integers(0, 3))  # 0: last year, 1: this year, 2: in both
    frames, target = [], np.full(units, 0.7)
    for year in range(2):
        if year:
            usual = usual * np.exp(rng.normal(0, 0.08) + rng.normal(0, rng.uniform(0.03, 0.2), units))
        here = events if happens in (year, 2) else events - {"step", "lockdown", "lent"}
        months = course * np.exp(rng.normal(0, rng.uniform(0.05, 0.25), 12))
        shared = rng.standard_t(3, (1, 12)) * together
        hands = usual[:, None] * months * own / 12 * np.exp(shared + rng.standard_t(3, (units, 12)) * scatter)
        done, of = _year(rng, people, np.clip(hands, 0, 3), doctors, here)
        frames.append(_frame((first + year) * 12, done, of))
        if not year:
            target = _targets(rng, done[:, -1] / of[:, -1])
        people = of[:, -1]
    told = pd.concat(frames).sort_values(["unit", "month"], ignore_index=True)
    return told.assign(target=target[told["unit"]])


def _year(rng, people: np.ndarray, hands: np.ndarray, doctors: np.ndarray, events: set[str]):
    """Numerator and denominator of one year, [unit, 12]; ``hands``: how much of the list each month's hands reach."""
    units = len(people)
    of = _lists(rng, people, events)
    pace = _pace(rng, units, doctors, events)
    force = hands * pace
    if "heaps" in events:
        days = rng.uniform(3, 9)
        force = force * rng.poisson(days / 12, (units, 12)) * 12 / days
    if "diffusion" in events:
        begin, speed = rng.uniform(2, 8) + rng.normal(0, 0.7, (units, 1)), rng.uniform(0.6, 1.6)
        told = 1 / (1 + np.exp(-speed * (np.arange(12) - begin)))
        force = hands.sum(axis=1, keepdims=True) * told * (1 - told) * speed * pace
    if "catch_up" in events:
        start, whole = int(rng.integers(9, 11)), rng.random((units, 1)) < rng.uniform(0.3, 0.9)
        missing = np.maximum(hands.sum(axis=1) - force[:, :start].sum(axis=1), 0)[:, None]
        force[:, start:] = np.where(
            whole, np.maximum(force[:, start:], missing / (12 - start)), force[:, start:]
        )
    sooner = rng.uniform(0.3, 2.0) if "growth" in events else 1.0
    done, waiting, shown = np.zeros(units), np.zeros((3, units)), np.zeros((units, 12))
    lag = rng.dirichlet([6.0, 2.0, 1.0, 0.5]) if "late" in events else np.array([1.0, 0, 0, 0])
    typed = rng.uniform(0.3, 1.0)  # of what is open when the year ends
    for month in range(12):
        new = np.maximum(of[:, month] - people, 0)
        reach = force[:, month] * (people + sooner * new)
        left = np.maximum(of[:, month] - done - waiting.sum(axis=0), 0)
        served = np.minimum(rng.poisson(np.minimum(reach, 5 * of[:, month])), left)
        split = rng.multinomial(served.astype(int), lag).T
        arrived = split[0] + waiting[0]
        waiting = np.vstack([waiting[1:], np.zeros(units)]) + split[1:]
        if month == 11:
            arrived = arrived + np.floor(waiting.sum(axis=0) * typed)
        done = np.minimum(done + arrived, of[:, month])
        shown[:, month] = done
    return shown, of


def _pace(rng, units: int, doctors: np.ndarray, events: set[str]) -> np.ndarray:
    """What happens to the hands of each month, [unit, 12]."""
    pace, month = np.ones((units, 12)), np.arange(12)
    if "step" in events:
        size = np.exp(rng.choice([-1, 1]) * rng.uniform(0.25, 0.9) + rng.normal(0, 0.15, (units, 1)))
        pace = np.where(month >= rng.integers(4, 9), pace * size, pace)
    if "lockdown" in events:
        start, long = int(rng.integers(0, 11)), int(rng.integers(1, 5))
        after = month - start - long
        back = np.clip(0.4 + 0.2 * after + (after > 1) * rng.choice([0.0, 0.5]), 0, 1.5)
        pace = pace * np.select([month < start, after < 0], [1.0, rng.uniform(0.0, 0.25)], back)
    if "lent" in events:
        start, long = int(rng.integers(1, 9)), int(rng.integers(2, 6))
        away = (
            (rng.random(units) < rng.uniform(0.2, 0.8))[:, None] & (month >= start) & (month < start + long)
        )
        pace = np.where(away, pace * rng.uniform(0.1, 0.6), pace)
    if "staffing" in events:
        there = doctors.astype(float)
        for k in month:
            there = np.maximum(there - (rng.random(units) < 0.06 * there), 0)
            there = np.minimum(there + (rng.random(units) < 0.2 * (there < doctors)), doctors + 1)
            pace[:, k] *= there / doctors
    return pace


def _lists(rng, people: np.ndarray, events: set[str]) -> np.ndarray:
    """Who is on the list at the end of each month, [unit, 12]."""
    month, units = np.arange(12), len(people)
    grow = rng.normal(0.005, 0.01, (units, 1)) * month / 11
    if "growth" in events:
        grow = grow + rng.uniform(0.1, 0.4) * rng.uniform(0.5, 1.5, (units, 1)) * month / 11
    of = people[:, None] * (1 + grow)
    if "season_people" in events:  # never in the year's last months, when the list is what it was
        away = np.roll(np.isin(month, [5, 6, 7]), int(rng.integers(-2, 2)))
        of = of * np.where(away, 1 - rng.uniform(0, 0.12, (units, 1)), 1)
    return np.maximum(np.round(of), 20)


def _targets(rng, share: np.ndarray) -> np.ndarray:
    """This year's targets, from last year's end: one round figure, or each its own and a little more."""
    if rng.random() < 0.5:
        return np.full(
            len(share),
            np.clip(np.round(np.median(share) * 20) / 20 + rng.choice([-0.05, 0, 0.05]), 0.1, 0.95),
        )
    return np.clip(np.round(share * np.exp(rng.normal(0.03, 0.08, len(share))), 2), 0.05, 0.97)


def _frame(first: int, numerator: np.ndarray, denominator: np.ndarray) -> pd.DataFrame:
    units = len(numerator)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), 12),
            "month": np.tile(first + np.arange(12), units),
            "numerator": numerator.ravel(),
            "denominator": denominator.ravel(),
        }
    )
