"""One year of a fresh district: who can be reached when, what happens, what is done and what the system shows of it.

The processes in words are in `withheld_fresh.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

LEAST = 20
"""People of a unit."""

FESTIVAL = {2022: 1, 2023: 0, 2024: 1, 2025: 0, 2026: 1}
"""The month (from 0) that loses most to the spring festival."""


@dataclass
class District:
    """What stays the same over the years: units and how this county works.

    size, farming, level (log): arrays of units; sorts: units x 3, shares of easy, hard and never; own: units x 12 weights.
    """

    process: str
    size: np.ndarray
    level: np.ndarray
    sorts: np.ndarray
    own: np.ndarray
    farming: np.ndarray
    noise: float
    memory: float
    need: int = 1
    late: float = 0.0
    push: str = ""
    rota: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    every: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    appraisals: tuple[int, ...] = ()


def _weights(rng, county: District, year: int, this_year: bool) -> np.ndarray:
    """Weights of the months by sort (units x 12 x 3), around 1, for who can be reached and who works when."""
    units = len(county.size)
    weight = np.ones((units, 12, 3)) * county.own[:, :, None]
    weight *= np.exp(rng.normal(0, rng.uniform(0.03, 0.2), 12))[None, :, None]
    weight[:, :, 1] *= 0.22
    weight[:, :, 2] = 0
    holiday = FESTIVAL[year]
    weight[:, holiday] *= rng.uniform(0.4, 0.85)
    if county.process == "festival_home":
        weight[:, :, 1] = 0.04
        weight[:, [0, 1], 1] = 0.5 * rng.uniform(0.6, 1.4)
        weight[:, holiday, 1] *= 2.2
        weight[:, [6, 9], 1] = 0.3
        weight[:, holiday, 0] *= 1.5
    elif county.process == "team_rota":
        moved = rng.integers(1, 12, units)
        month = np.where(rng.random(units) < rng.uniform(0.1, 0.4), moved, county.rota)
        month = np.clip(month + (rng.choice([-1, 0, 1, 2]) if this_year else 0), 0, 11)
        after = np.arange(12)[None] - month[:, None]
        burst = np.select([after == 0, after == 1, after > 1], [8.0, 2.0, 0.35], 0.06)
        weight *= burst[:, :, None]
    elif county.process == "renewal":
        month = np.clip(rng.geometric(0.45, units) - 1 + rng.integers(0, 2), 0, 5)
        burst = np.where(np.arange(12)[None] == month[:, None], 9.0, 0.4)
        weight *= np.where(np.arange(12)[None] < month[:, None], 0.1, burst)[:, :, None]
    elif county.process == "doses":
        first, second = int(rng.integers(7, 10)), int(rng.integers(1, 5))
        supply = np.full(12, 0.02)
        supply[first : first + 2] = rng.uniform(3, 6)
        supply[first + 2 :] = rng.uniform(0.5, 1.5)
        if rng.random() < 0.5:
            supply[second] = rng.uniform(1, 4)
        weight *= supply[None, :, None]
    elif county.process == "farming_weather":
        busy, heat, frost = np.zeros(12), np.zeros(12), np.zeros(12)
        busy[[4, 5, 8, 9]], heat[[6, 7]], frost[[11, 0]] = 1, rng.uniform(0, 0.9), rng.uniform(0, 0.9)
        weight *= (1 - 0.75 * county.farming[:, None] * busy - 0.6 * np.maximum(heat, frost))[:, :, None]
    elif county.process == "two_appraisals":
        weight *= _rushes(rng, county, units, this_year)[:, :, None]
    return weight


def _rushes(rng, county: District, units: int, this_year: bool) -> np.ndarray:
    """Weights before the appraisals; this year they may be moved, or the first dropped."""
    dates = list(county.appraisals)
    if this_year and rng.random() < 0.5:
        place = int(rng.integers(2))
        dates[place] = int(np.clip(dates[place] + rng.choice([-1, 1, 2]), 2, 11))
    if this_year and rng.random() < 0.15:
        dates = dates[1:]
    weight = np.full((units, 12), rng.uniform(0.3, 0.8))
    for date in dates:
        strong = np.exp(rng.normal(np.log(rng.uniform(2, 5)), 0.3, units))
        weight[:, date] *= strong
        weight[:, date - 1] *= np.sqrt(strong)
    return weight


def _happens(rng, units: int, this_year: bool) -> np.ndarray:
    """Pace of each month by what happens to the district and to single units, units x 12."""
    pace = np.ones((units, 12))
    if rng.random() < 0.2:
        start, length = int(rng.integers(0, 11)), int(rng.integers(1, 4))
        hit = np.where(rng.random(units) < rng.choice([0.4, 1.0]), rng.uniform(0.02, 0.4), 1)
        pace[:, start : start + length] *= hit[:, None]
        pace[:, start + length : start + length + 3] *= np.where(hit < 1, rng.uniform(1.1, 1.7), 1)[:, None]
    for unit in np.flatnonzero(rng.random(units) < 0.09):
        start, length = int(rng.integers(0, 12)), int(rng.integers(1, 5))
        if rng.random() < 0.3:
            pace[unit, start:] *= rng.uniform(0.15, 0.5)
        else:
            pace[unit, start : start + length] *= 0.03
    if rng.random() < 0.15:
        for unit in np.flatnonzero(rng.random(units) < 0.3):
            start, length = int(rng.integers(1, 9)), int(rng.integers(2, 4))
            pace[unit, start : start + length] *= 0.02
            pace[unit, start + length] *= rng.uniform(2, 3.5)
    if this_year and rng.random() < 0.2:
        pace[:, int(rng.integers(3, 9)) :] *= rng.choice([rng.uniform(0.55, 0.85), rng.uniform(1.15, 1.5)])
    return pace


def _denominators(rng, people: np.ndarray) -> np.ndarray:
    """Whole people on the list at each month's end, units x 12."""
    units, month = len(people), np.arange(12)
    change = rng.normal(rng.uniform(-0.015, 0.02), 0.012, units)[:, None] * month / 11
    if rng.random() < 0.25:
        found = rng.uniform(0, 0.1, units) * (rng.random(units) < 0.7)
        change = change + found[:, None] * (month >= rng.integers(4, 9))
    if rng.random() < 0.25:
        change = change - rng.uniform(0, 0.05, units)[:, None] * (month >= rng.integers(2, 5))
    return np.maximum(np.round(people[:, None] * (1 + change)), LEAST - 2)


def one_year(rng, county: District, people, target, year: int, this_year: bool):
    """Numerators and denominators of one year, units x 12."""
    units = len(people)
    denominator = _denominators(rng, people)
    rate = _weights(rng, county, year, this_year) * _happens(rng, units, this_year)[:, :, None]
    # A person who needs several contacts is met as often as several people.
    rate = rate * np.exp(county.level)[:, None, None] / 12 * (county.need + 0.6 * (county.need - 1))
    groups = np.stack([np.floor(county.sorts[:, sort] * people) for sort in range(2)], axis=1)
    stages = np.zeros((units, 2, county.need + 1))
    stages[:, :, 0] = groups
    audit = rng.integers(4, 12) if rng.random() < 0.25 else -1
    zeal, rest = rng.uniform(1.2, 2.4, units), rng.uniform(0.3, 0.9, units)
    mood, drive = np.zeros(units), np.ones(units)
    lost, typed = np.zeros(units), np.zeros(units)
    ranked_every = int(rng.choice([1, 3]))
    numerator = np.zeros((units, 12))
    for month in range(12):
        now = denominator[:, month]
        share = stages[:, :, -1].sum(axis=1) / now
        mood = county.memory * mood + rng.normal(0, county.noise, units)
        pace = np.exp(mood - county.noise**2 / 2) * drive
        pace = pace * _pushed(county, month, target - share, zeal, rest)
        _move(rng, stages, rate[:, month] * pace[:, None], county.noise)
        _newcomers(stages, now, denominator[:, max(month - 1, 0)], county.sorts)
        done = stages[:, :, -1].sum(axis=1)
        if county.process == "rankings" and (month + 1) % ranked_every == 0:
            place = np.argsort(np.argsort(done / now)) / units
            drive = np.select([place < 1 / 3, place > 2 / 3], [zeal, rest], 1.0)
        if month == audit:
            lost = lost + np.floor(done * rng.uniform(0, 0.04, units) * (rng.random(units) < 0.5))
        if county.process == "latest_reading":
            seen = np.array([0.0, 0, 0.005, 0, 0, 0, 0, 0, 0, 0, 0.015, 0.02])[month]
            lost = lost + rng.binomial(np.maximum(done - lost, 0).astype(int), seen * rng.uniform(0.3, 1))
        told = np.clip(done - lost, 0, now)
        typed = _told(rng, county, month, typed, told)
        numerator[:, month] = np.minimum(np.maximum(typed, 0), now)
    return numerator, denominator


def _pushed(county: District, month: int, short: np.ndarray, zeal, rest) -> np.ndarray:
    """How much the pace changes for what is short of the target."""
    pace = np.ones(len(short))
    if county.process == "paid_to_quota":
        pace = np.where(short <= 0, 0.08, np.where(short < 0.05, 1.3, 1))
    if county.push and month >= 10:
        asked = short > 0 if county.push == "all" else (short > 0) & (short < 0.12)
        pace = np.where(asked, pace * zeal, np.where(short <= 0, pace * rest, pace))
    return pace


def _move(rng, stages: np.ndarray, rate: np.ndarray, noise: float) -> None:
    """A month's contacts: people of each sort go one stage on, the last stage counts."""
    chance = 1 - np.exp(-rate[:, :2])
    tight = 12 / noise
    chance = rng.beta(np.maximum(chance * tight, 1e-3), np.maximum((1 - chance) * tight, 1e-3))
    for stage in range(stages.shape[2] - 2, -1, -1):
        gone = rng.binomial(stages[:, :, stage].astype(int), chance)
        stages[:, :, stage] -= gone
        stages[:, :, stage + 1] += gone


def _newcomers(stages: np.ndarray, now: np.ndarray, before: np.ndarray, sorts: np.ndarray) -> None:
    """Who is new is open; who leaves the list was open or done in proportion."""
    change = now - before
    stages[:, 0, 0] += np.round(np.maximum(change, 0) * sorts[:, 0])
    stages[:, 1, 0] += np.round(np.maximum(change, 0) * sorts[:, 1])
    leaving = np.maximum(-change, 0) / before
    stages -= np.floor(stages * leaving[:, None, None])


def _told(rng, county: District, month: int, typed: np.ndarray, done: np.ndarray) -> np.ndarray:
    """What the system shows at the month's end of what was done; all of it in December."""
    if month == 11:
        return done
    if county.process == "batches":
        uploads = (month + np.arange(len(done))) % county.every == 0
        uploads = uploads ^ (rng.random(len(done)) < 0.08)
        return np.where(uploads, done, np.minimum(typed, done))
    delayed = rng.binomial(np.maximum(done - typed, 0).astype(int), county.late)
    return done - delayed
