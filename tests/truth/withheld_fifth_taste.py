"""The fifth withheld world, what a fabricator likes: numbers, steps, lists."""

from __future__ import annotations

import numpy as np


def draw(rng: np.random.Generator) -> dict:
    """What one fabricator likes; a clerk who makes up the work of a whole unit has one taste."""
    many = int(rng.integers(9, 18))
    centre = rng.uniform(126, 134)
    numbers = rng.choice(np.arange(112, 146), many, replace=False, p=_bell(np.arange(112, 146), centre, 8))
    if rng.random() < 0.5:
        numbers = np.unique(2 * (numbers // 2))
    lower = np.unique(rng.choice(np.arange(66, 92), many, p=_bell(np.arange(66, 92), centre * 0.6, 5)))
    pairs = int(rng.integers(14, 41))
    sheet = (
        np.round(rng.normal(centre + 2, 8, pairs)),
        np.round(rng.normal(80, 6, pairs)),
        rng.normal(6.6, 0.8, pairs),
    )
    return {
        "numbers": (numbers, rng.dirichlet(np.full(numbers.size, 1.5))),
        "lower": (lower, rng.dirichlet(np.full(lower.size, 1.5))),
        "centre": centre,
        "sheet": sheet,
        "bad": rng.uniform(0.03, 0.2),  # some patients are known to be high
        "bond": rng.choice([0.0, 0.2, 0.45]),  # a higher upper pressure gets a higher lower one
        "even": rng.random() < 0.5,
        "range": (
            int(rng.integers(116, 123)),
            int(rng.integers(138, 147)),
            int(rng.integers(68, 73)),
            int(rng.integers(86, 92)),
        ),
        "sugar": (rng.uniform(6.0, 6.6), rng.uniform(0.3, 0.7)),
        "step": int(rng.choice([2, 3, 4])),
        "coarse": int(rng.choice([5, 10])),
        "sheets": int(rng.integers(2, 6)),
        "fall": rng.uniform(1.5, 4),
    }


def _bell(values: np.ndarray, centre: float, width: float) -> np.ndarray:
    weight = np.exp(-(((values - centre) / width) ** 2) / 2)
    return weight / weight.sum()


def bad(taste: dict, who: np.ndarray) -> np.ndarray:
    return (who * 2654435761 % 1000) < 1000 * taste["bad"]


def sugar(rng: np.random.Generator, taste: dict, n: int) -> np.ndarray:
    return np.round(rng.normal(*taste["sugar"], n), 1)


def even(taste: dict, value: np.ndarray) -> np.ndarray:
    return 2 * np.round(value / 2) if taste["even"] else np.round(value)
