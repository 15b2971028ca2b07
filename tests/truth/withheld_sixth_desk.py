"""What a fabricator of the sixth withheld world has before them: the list of visits, the real sheets, what they know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Desk:
    """One doctor's visits, in the order of days and of the list; glucose in mmol/L. What never happened has no readings."""

    rng: np.random.Generator
    skill: float  # 0 careless, 1 careful
    person: np.ndarray
    rank: np.ndarray
    day: np.ndarray
    quarter: np.ndarray
    sbp: np.ndarray
    dbp: np.ndarray
    fpg: np.ndarray
    sugar: np.ndarray  # a form of the visit asks for glucose
    head: np.ndarray  # equal in a household
    checkup: np.ndarray  # n x 3: the last check-up before the visit, else the first one
    pool: np.ndarray  # m x 3: real readings of other doctors
    chosen: np.ndarray  # what is to be made up
    known: np.ndarray  # n x 3: what the doctor remembers of the patient

    @property
    def real(self) -> np.ndarray:
        return ~self.chosen & ~np.isnan(self.sbp)

    def readings(self) -> np.ndarray:
        return np.column_stack([self.sbp, self.dbp, self.fpg])

    def empty(self) -> np.ndarray:
        return np.full((len(self.day), 3), np.nan)


def remember(
    person: np.ndarray, chosen: np.ndarray, readings: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The mean of a patient's real readings, else the first one on paper, else what is usual."""
    usual = np.array([133.0, 80.0, 6.9])
    codes, back = np.unique(person, return_inverse=True)
    out = np.empty_like(readings)
    for k in range(3):
        value = readings[:, k]
        there = ~np.isnan(value)
        real = there & ~chosen
        count = np.bincount(back[real], minlength=len(codes))
        mean = np.bincount(back[real], weights=value[real], minlength=len(codes)) / np.maximum(count, 1)
        begun = np.full(len(codes), np.nan)
        begun[back[there][::-1]] = value[there][::-1]
        guess = np.where(np.isnan(begun), usual[k] + rng.normal(0, (5, 3, 0.6)[k], len(codes)), begun)
        out[:, k] = np.where(count > 0, mean, guess)[back]
    return out


def pick_from(rng: np.random.Generator, rows: np.ndarray, size: int) -> np.ndarray:
    return rows[rng.integers(0, len(rows), size)]


def before(desk: Desk, made: np.ndarray, steps: int = 1) -> np.ndarray:
    """For each visit the row number of the same patient's visit so many visits before, or -1."""
    out = np.full(len(desk.day), -1)
    seen: dict[int, list[int]] = {}
    for row, (person, use) in enumerate(zip(desk.person.tolist(), made.tolist(), strict=True)):
        past = seen.setdefault(person, [])
        if len(past) >= steps:
            out[row] = past[-steps]
        if use:
            past.append(row)
    return out
