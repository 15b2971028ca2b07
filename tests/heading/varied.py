"""Districts that work in many ways, for building the forecast: lists, chance, people who cannot be reached, quotas.

Each is drawn with much that befalls real ones: campaigns that move or are not repeated, the Spring Festival, months that
differ, districts that slow down together, doctors who are away, registers corrected in summer, units that stop at the
target or are pushed towards it in autumn. Targets are last year's share and a little, one share for all, a round number,
or what somebody thinks a unit can do this year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

WAYS = ("list", "chance", "hard", "quota")
AIMS = ("own", "one", "round", "known")


@dataclass(frozen=True, eq=False)
class _Plan:
    """How a district works. Arrays are [year, unit]; ``usual`` and ``force`` [year, month, unit].

    level      hazard of being served within the year
    expected   share of people that this comes to
    usual      which part of a year's work falls into a month; ``force``: what disturbs it
    slow       pace of those who have reached the target; ``push``: of those behind it from October on
    able       how much more than usual a unit can do in a month
    """

    way: str
    level: np.ndarray
    expected: np.ndarray
    reachable: np.ndarray
    usual: np.ndarray
    force: np.ndarray
    slow: float
    push: float
    able: float

    def share(self, year: int, k: int, done: np.ndarray, of: np.ndarray, target: np.ndarray) -> np.ndarray:
        """[unit]: the chance of each who is left to be served in the month."""
        left = np.maximum(of - done, 1)
        usual, force = self.usual[year, k], self.force[year, k]
        if self.way == "quota":
            owed = np.maximum(target * of - done, 0) / self.usual[year, k:].sum(axis=0)
            coming = np.minimum(owed, self.able * self.expected[year] * of) * usual * force / left
        elif self.way == "list":
            coming = self.expected[year] * usual * force * of / left
        else:
            coming = -np.expm1(-self.level[year] * usual * force)
            coming = coming * np.maximum(self.reachable * of - done, 0) / left
        coming = coming * np.where(done >= target * of, self.slow, self.push if k >= 9 else 1.0)
        return np.clip(coming, 0, 1)


def district(rng: np.random.Generator) -> pd.DataFrame:
    """24 months: unit, month, numerator (year to date), denominator, target (share)."""
    units = int(rng.integers(5, 40))
    people = np.round(np.exp(rng.normal(rng.uniform(4.5, 7.5), rng.uniform(0.3, 1), units))) + 25
    plan = _plan(rng, units)
    of = _denominators(rng, people)
    aim = str(rng.choice(AIMS))
    top = np.zeros((2, 12, units))
    for year in range(2):
        before = top[0, 11] / of[0, 11] if year else plan.expected[0]
        first = "one" if aim == "one" else "round"
        target = _targets(rng, aim if year else first, plan.expected[year], before)
        done = np.zeros(units)
        for k in range(12):
            left = np.maximum(of[year, k] - done, 0).astype(int)
            done = done + rng.binomial(left, plan.share(year, k, done, of[year, k], target))
            top[year, k] = done
    year, k, unit = (each.ravel() for each in np.indices(top.shape))
    frame = pd.DataFrame({"unit": unit, "month": (2024 + year) * 12 + k})
    frame = frame.assign(numerator=top.ravel(), denominator=of.ravel(), target=target[unit])
    return frame.sort_values(["unit", "month"], ignore_index=True)


def _plan(rng: np.random.Generator, units: int) -> _Plan:
    way = str(rng.choice(WAYS))
    base = rng.uniform(0.3, 0.93)
    lasting = rng.normal(0, rng.uniform(0.05, 0.4), units)
    yearly = rng.normal(0, rng.uniform(0.02, 0.3), (2, units))
    together = rng.normal(0, rng.choice([0.03, 0.12, 0.25]), (2, 1))
    level = -np.log1p(-base) * np.exp(lasting + yearly + together)
    reachable, expected = np.ones(units), -np.expm1(-level)
    if way == "list":
        expected = np.minimum(level * base / -np.log1p(-base), 0.99)
    if way == "hard":
        reachable = 1 - rng.uniform(0.03, 0.35) * rng.uniform(0.5, 1.5, units)
        expected = reachable * expected
    return _Plan(
        way,
        level,
        expected,
        reachable,
        _usual(rng, units),
        _force(rng, units),
        rng.uniform(0.1, 0.9) if rng.random() < 0.4 else 1.0,
        rng.uniform(1.0, 2.5) if rng.random() < 0.4 else 1.0,
        rng.uniform(1.2, 2.5),
    )


def _usual(rng: np.random.Generator, units: int) -> np.ndarray:
    """[year, month, unit]: each unit's own course, leaning on the district's."""
    seasons = _seasons(rng)
    firm = rng.choice([15, 60, 300, 3000], units) if rng.random() < 0.7 else np.full(units, 1000)
    own = np.stack([rng.dirichlet(seasons[0] * each + 0.05) for each in firm])
    both = np.stack([own, own / seasons[0] * seasons[1]])
    blend = rng.uniform(0.3, 1.0)
    usual = blend * both + (1 - blend) * seasons[:, None, :]
    return (usual / usual.sum(axis=2, keepdims=True)).transpose(0, 2, 1)


def _seasons(rng: np.random.Generator) -> np.ndarray:
    """[year, month]"""
    seasons = np.tile(rng.dirichlet(np.full(12, rng.choice([2.0, 8.0, 40.0]))), (2, 1))
    if rng.random() < 0.4:  # a campaign of some months: it may move, or not come again
        month, long, size = int(rng.integers(2, 11)), int(rng.integers(1, 4)), rng.uniform(0.1, 0.5)
        moved = int(rng.integers(-2, 3)) if rng.random() < 0.4 else 0
        for year in range(1 if rng.random() < 0.15 else 2):
            campaign = np.zeros(12)
            campaign[np.arange(month + year * moved, month + year * moved + long) % 12] = size / long
            seasons[year] = (1 - size) * seasons[year] + campaign
    if rng.random() < 0.3:  # before the year's end
        seasons[:, 10:] *= rng.uniform(1.2, 2.5)
    if rng.random() < 0.5:  # the Spring Festival
        seasons[[0, 1], rng.integers(0, 2, 2)] *= rng.uniform(0.3, 0.8, 2)
    return seasons / seasons.sum(axis=1, keepdims=True)


def _force(rng: np.random.Generator, units: int) -> np.ndarray:
    """[year, month, unit]: what disturbs; 1 where nothing does."""
    noise, shared = rng.choice([0.0, 0.15, 0.35, 0.7]), rng.choice([0.0, 0.1, 0.25])
    log = rng.normal(0, 1, (2, 12, units)) * noise - noise**2 / 2 + rng.normal(0, 1, (2, 12, 1)) * shared
    log += np.cumsum(rng.normal(0, 1, (2, 12, units)), axis=1) * rng.choice([0.0, 0.04, 0.1])
    if rng.random() < 0.3:  # fatigue, or warming up
        log += rng.normal(-0.1, 0.25, (2, 1, 1)) * np.linspace(-1, 1, 12)[:, None]
    if rng.random() < 0.3:  # something befalls the district
        log[1, int(rng.integers(1, 11)) :] += rng.normal(-0.1, 0.3)
    force = np.exp(log)
    away = rng.choice([0.0, 0.1, 0.3])
    for year, unit in np.argwhere(rng.random((2, units)) < away):
        at, long = int(rng.integers(0, 12)), int(rng.integers(1, 4))
        force[year, at : at + long, unit] *= rng.choice([0.0, 0.3])
        if rng.random() < 0.5:  # and made up for
            force[year, at + long : at + 2 * long, unit] *= 1.7
    return force


def _denominators(rng: np.random.Generator, people: np.ndarray) -> np.ndarray:
    """[year, month, unit]"""
    growth = rng.normal(0.02, 0.02, len(people)) + 0.05 * (rng.random() < 0.2)
    of = np.round(people * np.exp(np.linspace(0, 2, 24).reshape(2, 12, 1) * growth))
    if rng.random() < 0.25:  # the register is corrected in summer
        of[1, 6:] = np.round(of[1, 6:] * rng.uniform(0.93, 1.1, len(people)))
    return of


def _targets(rng: np.random.Generator, aim: str, expected: np.ndarray, before: np.ndarray) -> np.ndarray:
    """[unit]: shares. ``before``: what was reached last year."""
    units = len(expected)
    if aim == "one":
        return np.full(units, np.clip(np.round(np.median(before) * rng.uniform(0.95, 1.15), 2), 0.05, 0.98))
    if aim == "round":
        near = np.round(np.median(before) / 0.05) * 0.05 + rng.choice([-0.05, 0, 0, 0.05, 0.1])
        return np.full(units, np.clip(near, 0.1, 0.95))
    if aim == "known":
        return np.clip(expected * np.exp(rng.normal(0, rng.choice([0.05, 0.1, 0.2]), units)), 0.03, 0.99)
    return np.clip(before * np.exp(rng.normal(0.04, rng.choice([0.03, 0.15]), units)), 0.03, 0.99)
