"""The fifth withheld world, what is made up: one function a kind, readings for the rows in the order in which they are typed.

A function gets the rng, the taste of the fabricator, his part of the work (all his contacts) and the positions of the rows to
make up; it returns sbp, dbp and fpg. The kinds are told in `withheld_fifth`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from tests.truth.withheld_fifth_taste import bad, even, sugar

Three = tuple[np.ndarray, np.ndarray, np.ndarray]


def _firsts(part: pd.DataFrame) -> pd.DataFrame:
    """By person: the first contact with readings that took place, else the person's level in the doctor's memory."""
    seen = part[part.held].sort_values("day", kind="stable").groupby("who")[["sbp", "dbp", "fpg"]].first()
    return seen.reindex(part.who.unique()).fillna({"sbp": 134, "dbp": 80, "fpg": 6.8})


def _along(part: pd.DataFrame, rows: np.ndarray, make: Callable, back: int = 1) -> Three:
    """Each row from what stands in the same person's record, oldest first: make(row, earlier) -> three values."""
    who, day = part.who.to_numpy(), part.day.to_numpy()
    held = part.held.to_numpy()
    values = part[["sbp", "dbp", "fpg"]].to_numpy()
    at = {int(row): i for i, row in enumerate(rows)}
    out = np.full((rows.size, 3), np.nan)
    memory: dict[int, list] = {}
    for row in np.argsort(day, kind="stable"):
        past = memory.setdefault(who[row], [])
        if int(row) in at:
            earlier = past[-back] if len(past) >= back else past[-1] if past else None
            out[at[int(row)]] = new = make(row, earlier)
            past.append(tuple(new))
        elif held[row] and not np.isnan(values[row, 0]):
            old = past[-1][2] if past else 6.6
            past.append((values[row, 0], values[row, 1], old if np.isnan(values[row, 2]) else values[row, 2]))
    return out[:, 0], out[:, 1], out[:, 2]


def head(rng, taste, part, rows) -> Three:
    n = rows.size
    more = bad(taste, part.who.to_numpy()[rows])
    s = rng.choice(taste["numbers"][0], n, p=taste["numbers"][1]) + 12.0 * more
    d = rng.choice(taste["lower"][0], n, p=taste["lower"][1]) + 2 * np.round(
        taste["bond"] * (s - taste["centre"]) / 2
    )
    return s, d + 6.0 * more * (taste["bond"] == 0), sugar(rng, taste, n)


def last_plus(rng, taste, part, rows) -> Three:
    step = taste["step"]

    def make(row, earlier):
        s, d, g = earlier or (130 + rng.integers(-5, 9), 80 + rng.integers(-4, 5), 6.5)
        return s + step * rng.integers(-1, 2), d + 2 * rng.integers(-1, 2), g + 0.1 * rng.integers(-3, 4)

    return _along(part, rows, make)


def list_cycle(rng, taste, part, rows) -> Three:
    jump = np.where(rng.random(rows.size) < 0.08, rng.integers(2, 6, rows.size), 1)
    at = np.cumsum(jump) % taste["sheet"][0].size
    s, d, g = (column[at] for column in taste["sheet"])
    return even(taste, s), even(taste, d), g


def other_sheet(rng, taste, part, rows) -> Three:
    real = part[part.honest & part.sbp.notna()].sort_values(["day", "seq"])
    starts = rng.integers(0, max(len(real) - 30, 1), taste["sheets"])
    at, left, line = np.zeros(rows.size, int), 0, 0
    for i in range(rows.size):
        if left == 0:
            left, line = int(rng.integers(12, 36)), int(rng.choice(starts))
        at[i], line, left = line % len(real), line + 1, left - 1
    s, d = real.sbp.to_numpy()[at], real.dbp.to_numpy()[at]
    g = real.fpg.to_numpy()[at]
    touched = rng.random(rows.size) < 0.12
    return (
        s + 2 * touched * rng.choice([-1, 1], rows.size),
        d,
        np.where(np.isnan(g), sugar(rng, taste, rows.size), g),
    )


def desk(rng, taste, part, rows) -> Three:
    first = _firsts(part).loc[part.who.to_numpy()[rows]]
    n = rows.size
    shift = rng.normal(0, 5, n)
    s = 0.5 * first.sbp.to_numpy() + 0.5 * taste["centre"] + shift
    d = 0.5 * first.dbp.to_numpy() + 40 + taste["bond"] * shift + rng.normal(0, 3.5, n)
    return even(taste, s), even(taste, d), sugar(rng, taste, n)


def shave(rng, taste, part, rows) -> Three:
    s, d, g = (part[column].to_numpy()[rows] for column in ("sbp", "dbp", "fpg"))
    n = rows.size
    below = even(taste, 139 - np.abs(rng.normal(0, 4.5, n)))
    s = np.where((s >= 140) | np.isnan(s), below, np.where(s > 131, s - 2 * rng.integers(1, 5, n), s))
    d = np.where((d >= 90) | np.isnan(d), even(taste, 89 - np.abs(rng.normal(0, 4, n))), d)
    return s, d, np.where((g >= 7) | np.isnan(g), 6.9 - np.abs(rng.normal(0, 0.4, n)), g)


def absent(rng, taste, part, rows) -> Three:
    who = part.who.to_numpy()[rows]
    people, at = np.unique(who, return_inverse=True)
    n = rows.size
    s = (taste["centre"] + rng.normal(0, 5, people.size))[at]
    d = (79 + rng.normal(0, 4, people.size))[at] + rng.normal(0, 2.5, n)
    shift = rng.normal(0, 3.5, n)
    s, d = s + shift, d + taste["bond"] * shift
    return even(taste, s), even(taste, d), rng.normal(6.5, 0.5, people.size)[at] + rng.normal(0, 0.25, n)


def uniform(rng, taste, part, rows) -> Three:
    a, b, c, d = taste["range"]
    n = rows.size
    return rng.integers(a, b, n).astype(float), rng.integers(c, d, n).astype(float), rng.uniform(5.0, 7.4, n)


def simulate(rng, taste, part, rows) -> Three:
    first = _firsts(part).loc[part.who.to_numpy()[rows]]
    n = rows.size
    shift = rng.normal(0, 6, n)
    s, d = (
        first.sbp.to_numpy() + shift,
        first.dbp.to_numpy() + 0.5 * taste["bond"] * shift + rng.normal(0, 4.5, n),
    )
    g = first.fpg.to_numpy() * np.exp(rng.normal(0, 0.08, n))
    return np.round(s), np.round(d), g


def last_year(rng, taste, part, rows) -> Three:
    when = part.day.to_numpy()
    by_person = part[part.held & part.sbp.notna()].groupby("who")
    days = {who: (own.day.to_numpy(), own[["sbp", "dbp", "fpg"]].to_numpy()) for who, own in by_person}
    out = np.full((rows.size, 3), np.nan)
    for i, row in enumerate(rows):
        past, values = days.get(part.who.to_numpy()[row], (np.zeros(0), None))
        if past.size:
            out[i] = values[np.argmin(np.abs(past - when[row] + 365))]
    lost = np.isnan(out[:, 0])
    s, d, g = desk(rng, taste, part, rows)
    s, d = np.where(lost, s, out[:, 0]), np.where(lost, d, out[:, 1])
    touched = ~lost & (rng.random(rows.size) < 0.4)
    s = s + touched * rng.choice([-2, -1, 1, 2], rows.size)
    return s, d + touched * rng.choice([-2, 0, 2], rows.size), np.where(np.isnan(out[:, 2]), g, out[:, 2])


def neighbour(rng, taste, part, rows) -> Three:
    s, d, g = desk(rng, taste, part, rows)
    g0, restart = g.copy(), rng.random(rows.size) < 0.1
    for i in range(1, rows.size):
        if not restart[i]:
            s[i] = s[i - 1] + 2 * rng.integers(-2, 3)
            d[i] = d[i - 1] + 2 * rng.integers(-1, 2)
            g0[i] = np.clip(g0[i - 1] + 0.1 * rng.integers(-3, 4), 5.2, 8.8)
    return np.where(s > 158, s - 20, np.where(s < 108, s + 16, s)), np.clip(d, 62, 94), g0


def between(rng, taste, part, rows) -> Three:
    day, who = part.day.to_numpy(), part.who.to_numpy()
    kept = part.held.to_numpy() & part.sbp.notna().to_numpy()
    kept[rows] = False
    real = part[kept].sort_values("day", kind="stable")
    by_person = {
        who: (own.day.to_numpy(), own[["sbp", "dbp", "fpg"]].to_numpy()) for who, own in real.groupby("who")
    }
    s, d, g = desk(rng, taste, part, rows)
    for i, row in enumerate(rows):
        if who[row] in by_person:
            days, values = by_person[who[row]]
            s[i] = np.round(np.interp(day[row], days, values[:, 0]) + rng.normal(0, 1.5))
            d[i] = np.round(np.interp(day[row], days, values[:, 1]) + rng.normal(0, 1.2))
            known = ~np.isnan(values[:, 2])
            if known.any():
                g[i] = np.interp(day[row], days[known], values[known, 2]) + rng.normal(0, 0.15)
    return s, d, g


def shifted(rng, taste, part, rows) -> Three:
    by_round = (
        rng.choice([-4, -3, -2, 2, 3, 4], 300),
        rng.choice([-2, -1, 1, 2], 300),
        rng.choice([-0.3, -0.2, 0.2, 0.3], 300),
    )
    turn = part["round"].to_numpy()

    def make(row, earlier):
        s, d, g = earlier or (132 + 2 * rng.integers(-5, 6), 80 + 2 * rng.integers(-3, 4), 6.6)
        slip = rng.random() < 0.1
        return (
            s + by_round[0][turn[row]] + slip,
            d + by_round[1][turn[row]] - slip,
            g + by_round[2][turn[row]],
        )

    return _along(part, rows, make)


def not_round(rng, taste, part, rows) -> Three:
    s, d, g = desk(rng, taste, part, rows)
    s, d = np.round(s + rng.normal(0, 1.5, s.size)), np.round(d + rng.normal(0, 1.5, d.size))
    for i in range(s.size):
        for column in (s, d):
            for _ in range(4):
                if column[i] % 5 and (i == 0 or column[i] % 10 != column[i - 1] % 10):
                    break
                column[i] += rng.choice([-2, -1, 1, 2])
    return s, d, g


def checkup_reuse(rng, taste, part, rows) -> Three:
    first = _firsts(part).loc[part.who.to_numpy()[rows]]
    exams = part[part.exam_sbp.notna()].groupby("who")[["exam_sbp", "exam_dbp", "exam_fpg"]].first()
    exams = exams.reindex(part.who.to_numpy()[rows])
    source = [
        exams[f"exam_{c}"].fillna(pd.Series(first[c].to_numpy(), exams.index)).to_numpy()
        for c in ("sbp", "dbp", "fpg")
    ]
    n = rows.size
    s, d = source[0] + rng.integers(-3, 4, n), source[1] + rng.integers(-2, 3, n)
    return s, d, source[2] + 0.1 * rng.integers(-2, 3, n)


def diary(rng, taste, part, rows) -> Three:
    unit = taste["coarse"]

    def make(row, earlier):
        s, d, g = earlier or (rng.normal(134, 8), rng.normal(80, 6), rng.normal(6.8, 0.7))
        s = unit * np.round((s + rng.normal(0, 5)) / unit)
        return s, unit * np.round((d + rng.normal(0, 4)) / unit), g + 0.5 * rng.integers(-1, 2)

    return _along(part, rows, make)


def steady_fall(rng, taste, part, rows) -> Three:
    def make(row, earlier):
        s, d, g = earlier or (144 + rng.integers(-4, 9), 86, 7.8)
        down = (s > 128) * taste["fall"]
        return (
            np.round(s - down + rng.normal(0, 1.2)),
            np.round(d - down / 3 + rng.normal(0, 1.2)),
            g - 0.15 * (g > 6.4),
        )

    return _along(part, rows, make)


def alternate(rng, taste, part, rows) -> Three:
    def make(row, earlier):
        s, d, g = earlier or (132 + 2 * rng.integers(-4, 7), 80 + 2 * rng.integers(-3, 4), 6.5)
        if rng.random() < 0.75:
            return s, d, g
        return s + 2 * rng.integers(-3, 4), d + 2 * rng.integers(-1, 2), g + 0.1 * rng.integers(-4, 5)

    return _along(part, rows, make, back=2)


def strips(rng, taste, part, rows) -> Three:
    s, d = (part[column].to_numpy()[rows] for column in ("sbp", "dbp"))
    pool = np.round(rng.normal(*taste["sugar"], 12), 1)
    return (
        s,
        d,
        np.where(rng.random(rows.size) < 0.8, rng.choice(pool, rows.size), sugar(rng, taste, rows.size)),
    )
