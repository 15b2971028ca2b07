"""Population by statistics: what the bureau approves as denominators, by unit, year, kind and age band."""

from __future__ import annotations

import numpy as np

from data.demo.days import day, years_of
from data.demo.draw import stream
from data.demo.people import RECORDED
from data.demo.rows import Rows, stack, words
from data.demo.world import World

BANDS = ("all", "0-6", "0-3", "15+", "18+", "35+", "60+", "65+", "70+", "f15-49")
_OLDEST = 120
_AGES = {
    "all": (0, 200),
    "0-6": (0, 7),
    "0-3": (0, 4),
    "15+": (15, 200),
    "18+": (18, 200),
    "35+": (35, 200),
    "60+": (60, 200),
    "65+": (65, 200),
    "70+": (70, 200),
    "f15-49": (15, 50),
}
GROWTH = 0.004  # of the statistical population a year
KNOWN = {
    "65+": 0.972,
    "60+": 0.968,
    "70+": 0.972,
    "0-6": 0.992,
    "0-3": 0.99,
}  # better known by name than the rest


def statistical_total(world: World, year: int) -> int:
    """The centre's resident population of a year; 2025 is the planned one."""
    return round(world.plans[2025].statistical * (1 + GROWTH * (year - 2025)))


def band_figure(world: World, unit: int, year: int, band: str) -> int:
    """Residents of a band by statistics. Counted people of the year's end, raised to what statistics see."""
    if unit == world.centre and band == "all":
        return statistical_total(world, year)
    census = _census(world, year)
    people = census.sum(axis=0) if unit == world.centre else census[unit]
    low, high = _AGES[band]
    counted = int(people[low:high, 1 if band.startswith("f") else slice(None)].sum())
    # A station's figure is an estimate of the township: a few per cent off.
    jitter = (
        1.0 if unit == world.centre else 1 + 0.03 * stream(world.seed, "estimate", unit).standard_normal()
    )
    return max(1, round(counted / KNOWN.get(band, RECORDED) * jitter))


def _census(world: World, year: int) -> np.ndarray:
    """Residents on record at the year's end: unit, age, sex (0 male, 1 female)."""
    if ("census", year) not in world.memo:
        people, last = world.people, day(year, 12, 31)
        here = np.flatnonzero(people.resident(last))
        age = (year - years_of(people.born[here])).clip(0, _OLDEST - 1)
        cell = (people.unit[here] * _OLDEST + age) * 2 + (people.sex[here] == 2)
        shape = (len(world.units.code), _OLDEST, 2)
        world.memo["census", year] = np.bincount(cell, minlength=np.prod(shape)).reshape(shape)
    return world.memo["census", year]


def population_rows(world: World) -> Rows:
    """The figures of one centre and its stations. One clinic has none for 2024."""
    rows = []
    own = world.units.of_town(world.town)
    for unit in own:
        for year in world.years:
            if unit == world.units.uncounted and year == 2024:
                continue
            figures = np.array([band_figure(world, int(unit), year, band) for band in BANDS])
            share = 0.93 + 0.05 * stream(world.seed, "registered", int(unit)).random()
            for kind, values in ((0, figures), (1, np.round(figures * share).astype(np.int64))):
                rows.append(_rows(int(unit), year, kind, values))
    return stack(rows)


def bureau_rows(bureau: int, years: list[int], totals: dict[int, np.ndarray]) -> Rows:
    """The bureau's own figures: rounded to tens, and so not exactly the sum of its centres."""
    rows = []
    for year in years:
        own = np.round(totals[year] * 1.0037, -1).astype(np.int64)
        rows += [
            _rows(bureau, year, 0, own),
            _rows(bureau, year, 1, np.round(own * 0.962, -1).astype(np.int64)),
        ]
    return stack(rows)


def _rows(unit: int, year: int, kind: int, persons: np.ndarray) -> Rows:
    n = len(BANDS)
    return {
        "unit": np.full(n, unit, np.int64),
        "year": np.full(n, year, np.int64),
        "kind": words(np.full(n, kind), "resident", "registered"),
        "band": words(np.arange(n), *BANDS),
        "persons": persons,
        "approved_by": words(
            np.full(n, year - 2024), *(f"云卫统〔{y}〕{3 + y % 5}号" for y in range(2024, 2036))
        ),
        "in_force": np.full(n, 1 - kind, np.int8),
        "approved_on": np.full(n, day(year, 2, 20), np.int32),
    }
