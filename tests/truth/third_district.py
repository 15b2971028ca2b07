"""Who works and who is cared for in a district of `withheld_third`: a calendar, units, doctors with their habits, persons.

Doctors and persons are numbered from 0 by their row; a day is a number from 0 at the start of the 12 months.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

DAYS, QUARTER = 365, 91
STARTS = ("2024-01-01", "2024-07-01", "2025-01-01")
GRAINS = ("digital", "even", "five", "ten", "kpa")  # how a doctor's readings are rounded
RHYTHMS = ("spread", "month_end", "market", "campaign", "quarter_end")
ENTRIES = ("same_day", "days", "piles", "month_end", "unknown")
_SIZES = {  # persons: median, spread of the logarithm, least, most
    "centre": (400, 0.5, 150, 1200),
    "station": (130, 0.6, 25, 450),
    "clinic": (55, 0.7, 8, 240),
    "hospital": (1, 0, 0, 0),
}
ROLES = ("htn", "dm", "both", "old", "smi")
_HOLIDAYS = (  # first day, days
    *(("2024-01-01", 1), ("2024-02-10", 8), ("2024-04-04", 3), ("2024-05-01", 5), ("2024-06-08", 3)),
    *(("2024-09-15", 3), ("2024-10-01", 7), ("2025-01-01", 1), ("2025-01-28", 8), ("2025-04-04", 3)),
    *(("2025-05-01", 5), ("2025-05-31", 3), ("2025-10-01", 8)),
)
_WORKED_INSTEAD = ("2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14")
_WORKED_INSTEAD += (
    "2024-09-29",
    "2024-10-12",
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
)


@dataclass(frozen=True)
class District:
    """doctors: one row each with unit (row of units), name and habits; persons: with traits of their readings; stays as in Work."""

    start: pd.Timestamp
    office: np.ndarray  # of each day: offices are open
    units: pd.DataFrame
    doctors: pd.DataFrame
    persons: pd.DataFrame
    stays: pd.DataFrame
    wander: np.ndarray  # persons x 13 months: the slow part of a person's variation in mmHg
    works: np.ndarray  # doctors x days: is at work
    modes: bool  # the system keeps the way of contact


def dates(start: pd.Timestamp, days: np.ndarray) -> pd.DatetimeIndex:
    return (start + pd.to_timedelta(days, unit="D")).as_unit("ns")


def draw_district(rng: np.random.Generator) -> District:
    start = pd.Timestamp(rng.choice(STARTS))
    days = pd.date_range(start, periods=DAYS)
    off = np.concatenate([pd.date_range(first, periods=n).to_numpy() for first, n in _HOLIDAYS])
    weekend, holiday = days.day_of_week.to_numpy() >= 5, days.isin(off)
    office = (~weekend & ~holiday) | days.isin(pd.DatetimeIndex(_WORKED_INSTEAD))
    units = _units(rng)
    doctors = _doctors(rng, units)
    persons = _persons(rng, units, doctors)
    count = len(doctors)
    works = office | (
        rng.random((count, DAYS)) < np.where(holiday, 0.4, 1.0) * doctors.weekends.to_numpy()[:, None]
    )
    leave = rng.integers(0, DAYS, count)[:, None] + rng.integers(0, 22, count)[:, None] * np.array([0, 1])
    works &= ~((np.arange(DAYS) >= leave[:, :1]) & (np.arange(DAYS) < leave[:, 1:]))
    wander = np.empty((len(persons), 13))
    wander[:, 0] = rng.standard_normal(len(persons))
    for month in range(1, 13):
        wander[:, month] = 0.7 * wander[:, month - 1] + 0.71 * rng.standard_normal(len(persons))
    wander *= 0.65 * persons.sd.to_numpy()[:, None]
    modes = bool(rng.random() < 0.9)
    return District(
        start, office, units, doctors, persons, _stays(rng, start, units, persons), wander, works, modes
    )


def _units(rng: np.random.Generator) -> pd.DataFrame:
    number = int(rng.integers(12, 41))
    centres = int(rng.integers(1, 2 + number // 14))
    stations = round(number * rng.uniform(0.1, 0.4))
    clinics = number - centres - stations
    kind = np.repeat(("centre", "station", "clinic", "hospital"), (centres, stations, clinics, 1))
    number += 1
    middle, spread, least, most = np.array([_SIZES[k] for k in kind]).T
    size = np.clip(middle * np.exp(spread * rng.standard_normal(number)), least, most).astype(int)
    more = 1 + (size + rng.integers(-40, 60, number)) // 110
    most = np.select([kind == "centre", kind == "station", kind == "clinic"], [9, 4, 1], 0)
    staff = np.clip(more, np.where(kind == "centre", 2, np.minimum(most, 1)), most)
    staff[(kind == "clinic") & (rng.random(number) < 0.1)] = 2
    of = np.where(np.isin(kind, ("centre", "hospital")), -1, rng.integers(0, centres, number))
    at = np.arange(number)
    seat = rng.normal([104.0, 30.5], 0.12, (number, 2))
    place = np.where(of[:, None] < 0, seat, seat[of] + rng.normal(0, 0.04, (number, 2)))
    place[rng.random(number) < 0.1] = np.nan
    unit = rng.permutation(np.arange(11, 11 + 3 * number))[:number]
    twice = np.where(rng.random(number) < 0.07, rng.uniform(0.02, 0.12, number), 0.0)
    dated = rng.random() < 0.85  # the district's system says when a row was typed
    return pd.DataFrame(
        {
            "unit": unit,
            "parent": np.where(of < 0, -1, unit[of]),
            "kind": kind,
            "lon": place[:, 0],
            "lat": place[:, 1],
            "parent_at": np.where(of < 0, at, of),
            "size": size,
            "staff": staff,
            "keeps": rng.random(number) > 0.05,  # readings reach the register
            "named": rng.random(number) > 0.12,  # doctors' names do
            "dated": dated & (rng.random(number) > 0.04),
            "forms": rng.random(number) > 0.2,  # says whether a form is complete
            "twice": twice,  # share of rows imported twice
            "poor": rng.beta(2, 6, number),  # uncontrolled patients
            "team": rng.random(number) < 0.5,  # the centre's team makes its checkups
        }
    )


def _doctors(rng: np.random.Generator, units: pd.DataFrame) -> pd.DataFrame:
    at = np.repeat(np.arange(len(units)), units.staff.to_numpy(int))
    n, own = len(at), rng.random(len(at))
    clinic = (units.kind == "clinic").to_numpy()[at]
    shared = rng.choice(len(GRAINS), len(units), p=(0.5, 0.23, 0.09, 0.13, 0.05))[at]
    grain = np.where(own < 0.3, rng.choice(len(GRAINS), n, p=(0.5, 0.25, 0.1, 0.14, 0.01)), shared)
    some = rng.random((8, n))
    order = pd.Series(at).groupby(at).cumcount()
    return pd.DataFrame(
        {
            "unit": at,
            "name": [
                f"医生{units.unit[u]}-{k + 1}" if units.named[u] else ""
                for u, k in zip(at, order, strict=True)
            ],
            "grain": grain,
            "tens": np.where(
                grain == 3, rng.uniform(0.8, 0.99, n), np.where(some[0] < 0.4, rng.uniform(0, 0.5, n), 0.02)
            ),
            "fives": np.where(some[1] < 0.15, rng.uniform(0.1, 0.4, n), 0.0),
            "likes": np.where(some[2] < 0.3, rng.uniform(0.08, 0.35, n), 0.0),  # 130/80 where it is near
            "again": np.where(some[3] < 0.2, rng.uniform(0.3, 0.8, n), 0.0),  # measures a high one twice
            "bias": (rng.normal(0, 3, len(units))[at] + rng.normal(0, 1, n)),
            "renewed": np.where(some[4] < 0.08, rng.integers(60, 300, n), 9999),  # day of a new device
            "glucose_grain": rng.choice([0.1, 0.5, 0.01, 0.2], n, p=(0.76, 0.09, 0.1, 0.05)),
            "glucose_too": np.where(
                some[5] < 0.2, rng.uniform(0.4, 1, n), 0.0
            ),  # of people with high pressure
            "weekends": np.where(some[6] < np.where(clinic, 0.4, 0.06), rng.uniform(0.3, 1, n), 0.0),
            "rhythm": rng.choice(len(RHYTHMS), n, p=(0.44, 0.15, 0.13, 0.13, 0.15)),
            "entry": rng.choice(len(ENTRIES), n, p=(0.42, 0.2, 0.25, 0.1, 0.03)),
            "pile": rng.integers(8, 46, n),
            "missed": rng.beta(2, 13, n),
            "second": np.where(some[7] < 0.6, rng.uniform(0, 0.6, n), 0.0),
            "by_phone": rng.beta(1, 8, n),
            "at_home": rng.beta(1.2, 5, n),
            "phone_reading": rng.uniform(0.2, 1, n),
            "blank": rng.beta(1, 25, n),
            "full": np.where(rng.random(n) < 0.3, 0.99, rng.uniform(0.65, 0.97, n)),
        }
    )


def _persons(rng: np.random.Generator, units: pd.DataFrame, doctors: pd.DataFrame) -> pd.DataFrame:
    at = np.repeat(np.arange(len(units)), units["size"].to_numpy(int))
    n = len(at)
    doctor = np.empty(n, int)
    for unit, staff in doctors.groupby("unit").groups.items():
        here = np.flatnonzero(at == unit)
        doctor[here] = rng.choice(staff, len(here), p=rng.dirichlet(np.full(len(staff), 2.5)))
    role = rng.choice(len(ROLES), n, p=(0.53, 0.14, 0.14, 0.16, 0.03))
    age = np.clip(rng.normal(66, 10, n), 36, 96)
    age = np.where(role == 3, 65 + np.abs(rng.normal(0, 7, n)), age)
    pressed = np.isin(role, (0, 2))
    high = pressed & (rng.random(n) < units.poor.to_numpy()[at])
    level = (
        np.where(pressed, rng.normal(132, 8, n), rng.normal(127, 10, n))
        + 0.15 * (age - 66)
        + high * np.abs(rng.normal(17, 6, n))
    )
    sd = np.where(rng.random(n) < 0.12, rng.uniform(2, 3.5, n), 7 * np.exp(0.3 * rng.standard_normal(n)))
    sweet = np.isin(role, (1, 2))
    died = (rng.random(n) < 0.008 + 0.002 * np.clip(age - 60, 0, None)) & (role != 4)
    away = rng.random(n) < 0.07
    gone = rng.integers(0, 300, n)
    number = rng.permutation(np.arange(1000, 1000 + 3 * n))
    # Households follow each other; some old people have no telephone, some the clinic's.
    home = np.cumsum(rng.random(n) < 0.7)
    phone = np.where(rng.random(n) < 0.08, -1, home + 500)
    lends = (rng.random(len(units)) < 0.2)[at] & (rng.random(n) < 0.08)
    return pd.DataFrame(
        {
            "person": number[:n],
            "unit": at,
            "doctor": doctor,
            "role": role,
            "age": age,
            "sex": rng.choice(["1", "2", ""], n, p=(0.46, 0.53, 0.01)),
            "phone": np.where(lends, at + 1, phone),
            "level": level,
            "low": 79 + 0.4 * (level - 132) - 0.25 * (age - 66) + rng.normal(0, 5, n),
            "sd": sd,
            "season": np.clip(rng.normal(3.5, 2, n), 0, None),
            "white": np.abs(rng.normal(0, 4, n)),
            "changed": np.where(
                rng.random(n) < 0.2, rng.integers(0, DAYS, n), 9999
            ),  # day of another treatment
            "step": rng.normal(-8, 5, n),
            "sugar": np.where(
                sweet, np.clip(rng.normal(7.0, 1.2, n), 4.9, 13), np.clip(rng.normal(5.3, 0.45, n), 4.1, 6.6)
            ),
            "sugar_sd": np.where(sweet, rng.uniform(0.35, 1.1, n), 0.35),
            "died": np.where(died, rng.integers(0, DAYS, n), 9999),
            "away_from": np.where(away, gone, 9999),
            "away_to": np.where(away, gone + rng.integers(40, 250, n), 9999),
            "enrolled": np.where(rng.random(n) < 0.1, rng.integers(1, 4, n), 0),  # quarter
            "phase": rng.uniform(0, QUARTER, n),
        }
    )


def _stays(
    rng: np.random.Generator, start: pd.Timestamp, units: pd.DataFrame, persons: pd.DataFrame
) -> pd.DataFrame:
    ill = np.flatnonzero((rng.random(len(persons)) < 0.1) & (persons.role != 4))
    begin = np.minimum(rng.integers(0, DAYS - 5, len(ill)), persons.died.to_numpy()[ill] - 12)
    ill, begin = ill[begin >= 0], begin[begin >= 0]
    end = begin + rng.integers(3, 16, len(ill))
    end = np.where(end >= persons.died.to_numpy()[ill], begin + 10, end)
    centre = units.unit.to_numpy()[units.parent_at.to_numpy(int)[persons.unit.to_numpy()[ill]]]
    return pd.DataFrame(
        {
            "at": ill,  # row of persons
            "begin": begin,
            "end": end,
            "unit": np.where(rng.random(len(ill)) < 0.7, units.unit.iloc[-1], centre),
        }
    )
