"""Generated districts with two years of one year-to-date indicator, for judging forecasts of the year's end.

Withheld: whoever writes or tunes the forecast has not read this file.  Who changes the forecast because of a process
that is described here must add another one, written by somebody else.

`districts(seed, count)` gives a frame for each district: 15 to 40 units, 24 months each.

- unit: int; month: int, year * 12 + month - 1; last year's twelve and this year's twelve
- numerator: float, whole people, cumulative within the year, starting again in January; it may fall a little in a
  month of corrections, never under 0 and never over the denominator
- denominator: float, whole people, drifting a little through the year
- target: float, 0 to 1, one for a unit and both years: the usual level of the unit or of the district, so that
  neither all nor none reach it

A unit works off its open people: each month has a hazard, so that the share reached nears a ceiling (who moved away,
who refuses) and the flow dries up near it.  The hazard is the unit's level times the district's course through the
year, times the unit's own deviation from it, times what happens.  Both years have the same unit and course, but

- the level moves between the years, for the district as a whole and for each unit,
- the course moves: each year has weights of its own around the district's course, and in some districts the
  campaign comes one or two months earlier or later this year.

Courses of districts
--------------------
- even: the same each month
- autumn: a campaign of two or three months from September on
- spring: a campaign of two or three months from March on
- quarters: a rush in each quarter's last month
- slow: little until May or June, then catching up
- last: most of it in November and December
- two: halves before the two appraisals, June and November
- mixed: each unit has a course of its own

In each the spring festival (January or February, as the year has it) costs part of a month.

What happens
------------
- people: clinics of 20 to 300, now and then a centre of up to 20,000 people
- overdispersion: the month's number is beta-binomial; in some districts hardly more than binomial, in others whole
  months fail or come in a heap; a unit's good and bad months hang together (autocorrelated)
- staff: some units lose their doctor in the middle of this year or of last year for two months or for good (pace
  20 to 60 %), some get one (pace 130 to 200 %)
- push: where officials push, a unit that is short of its target by a few points at the end of September or October
  quickens, far ones do not, and one that has reached it slows down
- saturation: in some districts most units end between 90 and 100 %
- corrections: in some districts one or two months a year take back 1 to 5 % of what was reported
- late typing: in some districts a part of a month's work is entered in the month after, all of it by December
- drift: the denominator grows or shrinks by up to 6 % in a year, in some districts in a single step at midyear
"""

from __future__ import annotations

import numpy as np
import pandas as pd

COURSES = ("even", "autumn", "spring", "quarters", "slow", "last", "two", "mixed")


def districts(seed: int, count: int) -> list[pd.DataFrame]:
    """`count` districts, the same for the same seed."""
    shift = int(np.random.default_rng(seed).integers(len(COURSES)))
    return [
        _telling(np.random.default_rng([seed, place]), COURSES[(place + shift) % len(COURSES)])
        for place in range(count)
    ]


def _telling(rng: np.random.Generator, name: str) -> pd.DataFrame:
    """A district in which some units reach their target and some do not; almost every one is at the first draw."""
    while True:
        frame = _district(rng, name)
        end = frame[frame.month == frame.month.max()]
        if 0 < (end.numerator >= end.target * end.denominator).mean() < 1:
            return frame


def _course(rng: np.random.Generator, name: str, units: int) -> np.ndarray:
    """Weights of the months, units x 12, mean 1."""
    if name == "mixed":
        picks = rng.choice(COURSES[:-1], units)
        return np.concatenate([_course(rng, pick, 1) for pick in picks])
    weight = np.ones(12)
    if name == "autumn":
        weight[8 : 8 + rng.integers(2, 4)] = rng.uniform(2.5, 7)
    elif name == "spring":
        weight[2 : 2 + rng.integers(2, 4)] = rng.uniform(2.5, 7)
    elif name == "quarters":
        weight[[2, 5, 8, 11]] = rng.uniform(2, 5)
    elif name == "slow":
        weight[: rng.integers(4, 6)] = rng.uniform(0.15, 0.45)
    elif name == "last":
        weight[10:] = rng.uniform(2.5, 6)
    elif name == "two":
        weight[[4, 5]] = rng.uniform(2, 4)
        weight[[9, 10]] = rng.uniform(2, 5)
    return np.broadcast_to(weight / weight.mean(), (units, 12))


def _festival(rng: np.random.Generator, year: int) -> np.ndarray:
    weight = np.ones(12)
    weight[0 if year in (2023, 2025) else 1] = rng.uniform(0.35, 0.8)
    return weight


def _moved(course: np.ndarray, months: int) -> np.ndarray:
    """The same course, its months later (or earlier, below 0); the edge month is repeated."""
    return course[:, np.clip(np.arange(12) - months, 0, 11)]


def _sizes(rng: np.random.Generator, units: int) -> np.ndarray:
    small = np.exp(rng.normal(np.log(90), 0.7, units))
    large = np.exp(rng.uniform(np.log(800), np.log(20_000), units))
    return np.where(rng.random(units) < rng.choice([0.1, 0.3]), large, np.clip(small, 20, 300)).astype(int)


def _district(rng: np.random.Generator, name: str) -> pd.DataFrame:
    units, year = int(rng.integers(15, 41)), int(rng.integers(2023, 2026))
    size = _sizes(rng, units)
    ceiling = np.clip(rng.beta(30, rng.choice([0.6, 2, 5]), units), 0.6, 1)
    # Level: the share of the ceiling that a usual year reaches.
    middle = rng.choice([1.0, 1.6, 3.2], p=[0.4, 0.35, 0.25])
    level = np.exp(rng.normal(np.log(middle), rng.uniform(0.15, 0.4), units))
    usual = ceiling * (1 - np.exp(-level))
    target = _target(rng, usual)
    course = _course(rng, name, units)
    own = np.exp(rng.normal(0, rng.uniform(0.05, 0.3), (units, 12)))
    traits = {
        "noise": rng.choice([0.08, 0.25, 0.55], p=[0.3, 0.45, 0.25]),
        "memory": rng.uniform(0, 0.6),
        "push": rng.random() < 0.4,
        "corrections": rng.random() < 0.3,
        "late": rng.uniform(0.1, 0.5) if rng.random() < 0.3 else 0.0,
        "step": rng.random() < 0.25,
    }
    between = rng.uniform(0.03, 0.2)
    moved = int(rng.choice([-1, 0, 1, 2], p=[0.1, 0.7, 0.12, 0.08]))
    frames = []
    people = size.astype(float)
    for now, number in ((False, year), (True, year + 1)):
        weights = course * own * _festival(rng, number)
        weights = weights * np.exp(rng.normal(0, rng.uniform(0.03, 0.2), 12))
        if now:
            weights = _moved(weights, moved)
            level = level * np.exp(rng.normal(0, 0.07) + rng.normal(0, between, units))
        hazard = level[:, None] * weights / 12 * _staff(rng, units)
        numerator, denominator = _year(rng, people, ceiling, hazard, target, traits)
        frames.append(_frame(size, number, numerator, denominator, target))
        people = np.maximum(np.round(denominator[:, -1] * rng.normal(1, 0.02, units)), 20)
    return pd.concat(frames).sort_values(["unit", "month"], ignore_index=True)


def _target(rng: np.random.Generator, usual: np.ndarray) -> np.ndarray:
    """One for the district, or for each unit a little around what it reaches."""
    if rng.random() < 0.4:
        target = np.full(len(usual), np.quantile(usual, rng.uniform(0.3, 0.6)))
    else:
        target = usual * rng.normal(0.99, 0.06, len(usual))
    return np.clip(np.round(target, 2), 0.2, 0.97)


def _staff(rng: np.random.Generator, units: int) -> np.ndarray:
    """Pace of each month by who is there, units x 12."""
    pace = np.ones((units, 12))
    draw, start = rng.random(units), rng.integers(3, 10, units)
    until = np.where(rng.random(units) < 0.5, start + 2, 12)
    there = (np.arange(12) >= start[:, None]) & (np.arange(12) < until[:, None])
    change = np.select(
        [draw < 0.07, draw < 0.1], [rng.uniform(0.2, 0.6, units), rng.uniform(1.3, 2, units)], 1
    )
    return np.where(there, change[:, None], pace)


def _year(rng, people, ceiling, hazard, target, traits):
    """Numerators and denominators of one year, units x 12."""
    units = len(people)
    drift = rng.normal(rng.uniform(-0.02, 0.02), 0.015, units).clip(-0.06, 0.06)
    through = (np.arange(12) >= 6).astype(float) if traits["step"] else np.arange(12) / 11
    denominator = np.maximum(np.round(people[:, None] * (1 + drift[:, None] * through)), 18)
    done, pending, mood = np.zeros(units), np.zeros(units), np.zeros(units)
    wrong = (
        rng.choice(np.arange(3, 12), int(rng.integers(1, 3)), replace=False) if traits["corrections"] else []
    )
    zeal = rng.uniform(1.2, 2.6, units)
    reported = np.zeros((units, 12))
    for month in range(12):
        mood = traits["memory"] * mood + rng.normal(0, traits["noise"], units)
        pace = hazard[:, month] * np.exp(mood - traits["noise"] ** 2 / 2)
        if traits["push"] and month >= 9:
            short = target - (done + pending) / denominator[:, month]
            pace = np.where((short > 0) & (short < 0.15 + 0.05 * (11 - month)), pace * zeal, pace)
            pace = np.where(short <= 0, pace * 0.5, pace)
        chance = 1 - np.exp(-pace)
        tight = 20 / traits["noise"]
        chance = rng.beta(np.maximum(chance * tight, 1e-3), np.maximum((1 - chance) * tight, 1e-3))
        open_people = np.maximum(np.floor(ceiling * denominator[:, month]) - done - pending, 0).astype(int)
        seen = rng.binomial(open_people, chance)
        delayed = rng.binomial(seen, traits["late"] if month < 11 else 0)
        done = done + pending + seen - delayed
        pending = delayed.astype(float)
        if month in wrong:
            done = done - np.floor(done * rng.uniform(0.01, 0.05) * (rng.random(units) < 0.6))
        done = np.minimum(done, denominator[:, month])
        reported[:, month] = done
    return reported, denominator


def _frame(size, year, numerator, denominator, target) -> pd.DataFrame:
    units = len(size)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(1, units + 1), 12),
            "month": np.tile(year * 12 + np.arange(12), units),
            "numerator": numerator.ravel(),
            "denominator": denominator.ravel(),
            "target": np.repeat(target, 12),
        }
    )
