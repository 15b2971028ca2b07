"""Seeded chance: every topic has a stream of its own, so that a change in one leaves the others alone."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, *topic: object) -> np.random.Generator:
    """The random stream of a topic, e.g. ``stream(seed, "visits", centre, 2025)``."""
    return np.random.default_rng([seed, zlib.crc32(repr(topic).encode())])


def pick(rng: np.random.Generator, among: np.ndarray, n: int, liking: np.ndarray | None = None) -> np.ndarray:
    """Exactly ``n`` of ``among`` (all, if it has fewer), sorted.

    ``liking`` is added to a standard normal number for each; the highest are taken. Units of good
    and poor quality thereby differ while the total stays exact.
    """
    n = max(0, min(int(n), len(among)))
    score = rng.standard_normal(len(among))
    if liking is not None:
        score = score + liking
    order = np.argpartition(-score, n - 1)[:n] if 0 < n < len(among) else np.arange(n)
    return np.sort(among[order])


def weighted(rng: np.random.Generator, weights: np.ndarray, n: int) -> np.ndarray:
    """``n`` indexes drawn with replacement, in proportion to ``weights``."""
    edges = np.cumsum(weights, dtype=float)
    return np.searchsorted(edges, rng.random(n) * edges[-1], side="right").clip(0, len(weights) - 1)


def flags(rng: np.random.Generator, n: int, true: int) -> np.ndarray:
    """``n`` truth values of which exactly ``true`` are true, in random places."""
    marks = np.zeros(n, bool)
    marks[: min(max(int(true), 0), n)] = True
    return rng.permutation(marks)


def season_days(
    rng: np.random.Generator, year: int, month_weights: tuple[float, ...], n: int, *, sundays: float = 1.0
) -> np.ndarray:
    """``n`` days of a year, months by weight, Sundays (and half of Saturdays) thinned to ``sundays``."""
    first = np.datetime64(f"{year}-01-01", "D")
    days = np.arange(first, np.datetime64(f"{year + 1}-01-01", "D"))
    months = days.astype("datetime64[M]").astype(int) % 12
    numbers = days.astype(np.int64)
    weekday = (numbers + 3) % 7  # Monday 0
    weights = np.asarray(month_weights, float)[months]
    weights = weights * np.where(weekday == 6, sundays, np.where(weekday == 5, (1 + sundays) / 2, 1.0))
    return numbers[weighted(rng, weights, n)].astype(np.int32)


def spread(values: np.ndarray, total: float) -> np.ndarray:
    """Whole numbers in about the same proportions that add up to ``total``."""
    weights = np.maximum(np.asarray(values, float), 1e-9)
    exact = weights / weights.sum() * total
    whole = np.floor(exact)
    rest = round(float(total - whole.sum()))
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    return whole.astype(np.asarray(values).dtype)
