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
_STEPS = {1: ((10,), (-10,)), 2: ((10, 0), (-10, 0), (0, 10), (0, -10), (10, 10), (-10, -10))}
_WIDE = 1_000  # more than any reading in units of its last digit


def templates(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Pairs of persons with the same vector, over pairs whose vectors differ by tens.

    Many an honest hand writes 130/80 for whatever is near: what a group writes most often counts only as far as it goes beyond
    ``rules.favourite_share`` of its readings, or as often as what it writes second.
    """
    person = prepared.contacts["person"].to_numpy()
    at = np.flatnonzero(readings.known & prepared.first & (level.of >= 0))
    at = at[np.lexsort((at, person[at], level.of[at]))]
    vector = np.round(readings.value[at]).astype(np.int64)
    group, person = level.of[at], person[at]
    number = np.bincount(group, minlength=level.number).astype(float)
    ratio, error = _excess(vector, group, person, level.number, rules)
    enough = number >= rules.fewest
    stands = values(
        np.where(enough, ratio, np.nan), np.where(enough, error, np.nan), rules.spread_templates, 1
    )
    shown = [np.exp(part) for part in (np.where(enough, ratio, np.nan), *stands[:3])]
    behind = np.zeros(len(level.of), bool)
    each = pd.DataFrame({"code": _codes(vector, group), "person": person})
    behind[at] = (each.groupby("code")["person"].transform("nunique") > 1).to_numpy() & enough[group]
    return Found(*shown, number, stands.p, behind)


def _codes(vector: np.ndarray, group: np.ndarray) -> np.ndarray:
    """One number for each group and vector; a step of the vector is the same step of the number."""
    code = group.astype(np.int64)
    for column in vector.T:
        code = code * _WIDE + column
    return code


def _excess(
    vector: np.ndarray, group: np.ndarray, person: np.ndarray, groups: int, rules: Rules
) -> tuple[np.ndarray, np.ndarray]:
    """[groups]: log of equal pairs over those at a distance of ten, and its standard error. Rows by group and person."""
    code, seen = np.unique(_codes(vector, group), return_counts=True)
    of = code // _WIDE ** vector.shape[1]
    steps = _STEPS[vector.shape[1]]

    def summed(each: np.ndarray) -> np.ndarray:
        return np.bincount(of, weights=each, minlength=groups)

    seen = _without_favourite(seen, of, rules.favourite_share)
    n = summed(seen)
    equal = summed(seen**2.0) - n
    apart = np.array(
        [summed(seen * _seen_at(code, seen, code + _codes(np.array([s]), np.zeros(1))[0])) for s in steps]
    )
    for back in range(1, int(rules.own_visits) + 1):
        own = np.flatnonzero((person[back:] == person[:-back]) & (group[back:] == group[:-back]))
        step, mine = vector[own + back] - vector[own], group[own]
        equal -= 2 * np.bincount(mine[(step == 0).all(1)], minlength=groups)
        for k, one in enumerate(steps):
            either = (step == one).all(1) | (step == np.negative(one)).all(1)
            apart[k] -= np.bincount(mine[either], minlength=groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        equal = np.maximum(equal, 0)
        same, third = summed(seen**2.0) / n**2, summed(seen**3.0) / n**3
        error = 4 * np.maximum(third / same**2 - 1, 0) / n
        error += 2 / np.maximum(equal, 2) + 2 / np.maximum(apart.sum(0), 2)
        return np.log((equal + 1) / (apart.mean(0) + 1)), np.sqrt(1.5 * error)


def _without_favourite(seen: np.ndarray, of: np.ndarray, share: float) -> np.ndarray:
    """How often each vector was seen, the most frequent one of a group less a share of all, yet no less than the second."""
    order = np.lexsort((-seen, of))
    ranked, group = seen[order], of[order]
    first = np.r_[True, group[1:] != group[:-1]] if len(group) else np.zeros(0, bool)
    second = np.where(np.r_[first[1:], True], 0, np.r_[ranked[1:], 0]) if len(group) else ranked
    whole = np.bincount(group, weights=ranked)[group] if len(group) else ranked
    out = seen.astype(float)
    out[order[first]] = np.maximum(np.minimum(ranked, second), ranked - share * whole)[first]
    return out


def _seen_at(code: np.ndarray, seen: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """How often each wanted number was seen; ``code`` ascends."""
    place = np.minimum(np.searchsorted(code, wanted), max(len(code) - 1, 0))
    return np.where(code[place] == wanted, seen[place], 0)


def down_the_list(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Rows that follow each other, of different persons, with the same vector; against the group's own chance of it."""
    now, then = following(prepared, level, readings, rules)
    group = level.of[now]
    same = (np.abs(readings.value[now] - readings.value[then]) < 0.5).all(1)
    mine = readings.known & (level.of >= 0)
    code, seen = np.unique(
        _codes(np.round(readings.value[mine]).astype(np.int64), level.of[mine]), return_counts=True
    )
    size = level.count(mine)
    pairs = np.bincount(
        code // _WIDE ** readings.value.shape[1], weights=seen * (seen - 1.0), minlength=level.number
    )
    chance = np.where(size >= rules.fewest, pairs / np.maximum(size * (size - 1.0), 1), 0.0)
    number = np.bincount(group, minlength=level.number).astype(float)
    observed = np.bincount(group[same], minlength=level.number).astype(float)
    expected = (chance + 0.5 / np.maximum(number, 1)) * number
    behind = np.zeros(len(level.of), bool)
    behind[now[same]] = True
    behind[then[same]] = True
    stands = counts(observed, expected, rules.spread_list, rules.list_bounds)
    return shares(observed, number, stands, rules.fewest, behind)


def following(
    prepared: Prepared, level: Level, readings: Readings, rules: Rules, typed: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """(now, then): places of contacts that follow each other in the order of days and rows, in a group within a few days, of
    different persons. ``typed``: in the order in which they were typed, on days that are known."""
    c = prepared.contacts
    days = (c["entered_on"] if typed else c["day"]).to_numpy().astype("datetime64[D]")
    day = days.astype(np.int64)
    at = np.flatnonzero(readings.known & (level.of >= 0) & ~np.isnat(days))
    at = at[np.lexsort((c["row_id"].to_numpy()[at], day[at], level.of[at]))]
    now, then = at[1:], at[:-1]
    person = c["person"].to_numpy()
    keep = (
        (level.of[now] == level.of[then])
        & (day[now] - day[then] <= rules.list_days)
        & (person[now] != person[then])
    )
    return now[keep], then[keep]
