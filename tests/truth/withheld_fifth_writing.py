"""The fifth withheld world, writing and typing: digits, the day of typing, and who could not be met."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.truth.withheld_fifth_places import District


def written(rng: np.random.Generator, value: np.ndarray, style: np.ndarray, zeros: np.ndarray) -> np.ndarray:
    """A pressure as a doctor of this style writes it."""
    even = 2 * np.round(value / 2)
    luck = rng.random(value.size)
    out = np.where(style == "electronic", np.round(value), even)
    ten = (style == "zeros") & (luck < zeros)
    out = np.where(ten, 10 * np.round(value / 10), out)
    out = np.where((style == "fives") & (luck < 0.35 + zeros / 2), 5 * np.round(value / 5), out)
    step = np.where(zeros > 0.6, 0.5, 0.1)
    return np.where(style == "kpa", np.round(step * np.round(value / 7.5 / step) * 7.5), out)


def sugar(rng: np.random.Generator, value: np.ndarray, meter: np.ndarray) -> np.ndarray:
    """A glucose as the doctor's meter shows it and the doctor writes it."""
    half = np.where(rng.random(value.size) < 0.6, np.round(value * 2) / 2, np.round(value, 1))
    out = np.where(meter == "half", half, np.round(value, 1))
    out = np.where(meter == "mgdl", np.round(np.round(value * 18) / 18, 1), out)
    return np.where(meter == "lab", np.round(value, 2), out)


def typed(rng: np.random.Generator, district: District, day: np.ndarray, doctor: np.ndarray) -> np.ndarray:
    """The day on which each contact is typed, by the habit of its doctor; NaN: unknown."""
    habits = district.doctors.iloc[doctor]
    entry = habits.entry.to_numpy()
    n = day.size
    weekday = (district.start.day_of_week + day) % 7
    out = day + np.where(rng.random(n) < 0.85, 0, rng.integers(1, 4, n)).astype(float)
    weekly = day + (habits.lag.to_numpy() % 6 - weekday) % 7
    out = np.where((entry == "weekly") | (entry == "stamped"), weekly, out)
    stamps = pd.Series(pd.to_datetime(district.start) + pd.to_timedelta(day, unit="D"))
    left = (stamps.dt.days_in_month - stamps.dt.day).to_numpy()
    sitting = ((day * 7 + doctor) % 5) % habits.sittings.to_numpy()  # which evening of several
    out = np.where(entry == "monthly", day + np.maximum(left - 3 * (sitting % 2), 0), out)
    quarter = day + left + ((-stamps.dt.month.to_numpy()) % 3) * 30
    out = np.where(entry == "appraisal", np.maximum(quarter - sitting - habits.lag.to_numpy(), day), out)
    half = (district.start.day_of_year + day - 330) % 182
    out = np.where(entry == "yearly", day + 182 - half + sitting * 2, out)
    out = np.where(entry == "prepared", day - habits.lag.to_numpy() * (rng.random(n) < 0.7), out)
    moved = district.temper["moved_system"] & (out < 240)
    out = np.where(moved, 240 + sitting, out)
    out = np.clip(out, 0, np.maximum(district.days - 1, day))
    return np.where(entry == "unknown", np.nan, out)


def blocked(district: District, who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Whether the person was dead or in hospital then."""
    died = district.persons.died.to_numpy()[who]
    out = (died >= 0) & (day > died)
    by_person = district.stays.groupby("person").indices
    begin, until = district.stays.begin.to_numpy(), district.stays["until"].to_numpy()
    for i in np.flatnonzero(np.isin(who, district.stays.person)):
        for stay in by_person[who[i]]:
            out[i] |= begin[stay] < day[i] < until[stay]
    return out
