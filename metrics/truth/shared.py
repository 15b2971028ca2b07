"""Whole vectors shared by different persons: templates, favourite pairs, values copied down the list."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.found import Found, shares
from metrics.truth.peers import counts, values
from metrics.truth.prepared import Level, Prepared
from metrics.truth.readings import Readings
from metrics.truth.rules import Rules

# Vectors that differ by tens have the same terminal digits, so whatever rounding does to one it does to the other.
_STEPS = ((10, 0), (-10, 0), (0, 10), (0, -10), (10, 10), (-10, -10))
_PERSONS_OWN = 8  # visits of one person that are compared with each other, to leave them out


def templates(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Pairs of persons with the same vector, over pairs whose vectors differ by tens."""
    size = level.number
    observed, error, number = np.full(size, np.nan), np.full(size, np.nan), np.zeros(size)
    person = prepared.contacts["person"].to_numpy()
    usable = readings.known & prepared.first
    behind = np.zeros(len(person), bool)
    for one in range(size):
        mine = np.flatnonzero(usable & (level.of == one))
        number[one] = len(mine)
        if len(mine) >= rules.fewest:
            vector = readings.value[mine].astype(np.int64)
            observed[one], error[one] = _excess(vector, person[mine])
            behind[mine] = _shared(vector, person[mine])
    stands = values(observed, error, rules.spread_width * 2, 1)
    shown = [np.exp(part) for part in (observed, stands.expected, stands.low, stands.high)]
    return Found(*shown, number, stands.p, behind)


def _shared(vector: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Which of the readings another person has, too."""
    frame = pd.DataFrame({"code": vector @ np.array([1000, 1]), "person": person})
    return (frame.groupby("code")["person"].transform("nunique") > 1).to_numpy()


def _excess(vector: np.ndarray, person: np.ndarray) -> tuple[float, float]:
    """Log of equal pairs over those at a distance of ten, and its standard error."""
    seen = np.zeros((320, 220))
    np.add.at(seen, (vector[:, 0] + 10, vector[:, 1] + 10), 1)
    n = len(vector)
    equal = (seen**2).sum() - n
    apart = np.array([(seen * np.roll(seen, step, (0, 1))).sum() for step in _STEPS])
    for back in range(1, min(_PERSONS_OWN, n - 1) + 1):
        own = person[back:] == person[:-back]
        step = vector[back:][own] - vector[:-back][own]
        equal -= 2 * (step == 0).all(1).sum()
        for k, (s, d) in enumerate(_STEPS):
            apart[k] -= ((step == (s, d)).all(1) | (step == (-s, -d)).all(1)).sum()
    share = seen[seen > 0] / n
    same = (share**2).sum()
    error = 4 * max((share**3).sum() / same**2 - 1, 0) / n + 2 / max(equal, 2) + 2 / max(apart.sum(), 2)
    return float(np.log((equal + 1) / (apart.mean() + 1))), float(np.sqrt(1.5 * error))


def down_the_list(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Rows that follow each other, of different persons, with the same vector; against the group's own chance of it."""
    now, then = following(prepared, level, readings, rules)
    group = level.of[now]
    same = (np.abs(readings.value[now] - readings.value[then]) < 0.5).all(1)
    chance = np.zeros(level.number)
    for one in range(level.number):
        mine = readings.value[readings.known & (level.of == one)].astype(np.int64)
        if len(mine) >= rules.fewest:
            _, n = np.unique(mine @ np.array([1000, 1])[: mine.shape[1]], return_counts=True)
            chance[one] = (n * (n - 1.0)).sum() / (len(mine) * (len(mine) - 1.0))
    number = np.bincount(group, minlength=level.number).astype(float)
    observed = np.bincount(group[same], minlength=level.number).astype(float)
    expected = (chance + 0.5 / np.maximum(number, 1)) * number
    behind = np.zeros(len(level.of), bool)
    behind[now[same]] = True
    behind[then[same]] = True
    stands = counts(observed, expected, rules.spread_list, (0.5, 2.0))
    return shares(observed, number, stands, rules.fewest, behind)


def following(
    prepared: Prepared, level: Level, readings: Readings, rules: Rules
) -> tuple[np.ndarray, np.ndarray]:
    """(now, then): places of contacts that follow each other in the order of days and rows, in a group within a few days, of
    different persons."""
    c = prepared.contacts
    day = c["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    at = np.flatnonzero(readings.known & (level.of >= 0))
    at = at[np.lexsort((c["row_id"].to_numpy()[at], day[at], level.of[at]))]
    now, then = at[1:], at[:-1]
    person = c["person"].to_numpy()
    keep = (
        (level.of[now] == level.of[then])
        & (day[now] - day[then] <= rules.list_days)
        & (person[now] != person[then])
    )
    return now[keep], then[keep]
