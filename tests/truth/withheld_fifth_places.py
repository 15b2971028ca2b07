"""The fifth withheld world, its places: units, doctors with their habits, persons, households, stays in hospital.

Everything here is plain arrays. A day is the number of days since the first day of the district.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

CALENDARS = ("spread", "appointment", "campaign", "quarter_end", "comers", "listwise")
ENTRIES = ("live", "weekly", "monthly", "appraisal", "yearly", "prepared", "stamped", "unknown")
DIGITS = ("electronic", "even", "zeros", "fives", "kpa")
MODES = np.array(["clinic", "home", "phone", "community", ""], dtype=object)


@dataclass
class District:
    start: pd.Timestamp
    days: int
    temper: dict
    units: pd.DataFrame
    doctors: pd.DataFrame  # unit, name, and one column a habit
    persons: pd.DataFrame  # doctor, unit, hamlet, place on the list, what they live with, their true levels
    stays: pd.DataFrame  # person, unit, from, to as days


def _temper(rng: np.random.Generator) -> dict:
    return {
        "device": rng.choice(DIGITS, p=[0.45, 0.17, 0.23, 0.07, 0.08]),
        "calendar": rng.choice(CALENDARS),
        "entry": rng.choice(ENTRIES, p=[0.3, 0.15, 0.1, 0.15, 0.08, 0.07, 0.05, 0.1]),
        "together": rng.uniform(0.3, 0.9),  # how alike the units of the district are
        "season": rng.uniform(2.0, 6.0),
        "missed": rng.uniform(0.04, 0.2),
        "dm_pressure": rng.random() < 0.8,
        "complete": rng.random() < 0.7,
        "unnamed": rng.choice([0.0, 0.0, 0.15, 0.4]),
        "moved_system": rng.random() < 0.15,
        "coordinates": rng.choice(["all", "units", "none"], p=[0.6, 0.2, 0.2]),
        "families": rng.random() < 0.8,
        "telephones": rng.uniform(0.55, 0.97),
        "own_checkups": rng.random() < 0.4,
        "stock": rng.random() < 0.4,  # strips come in deliveries
    }


def _units(rng: np.random.Generator, temper: dict) -> pd.DataFrame:
    count = int(rng.integers(15, 51))
    centres = int(np.clip(round(count / rng.uniform(5, 9)), 2, 7))
    kind = np.array(["centre"] * centres + ["clinic"] * (count - centres), dtype=object)
    kind[centres:][rng.random(count - centres) < rng.uniform(0.05, 0.6)] = "station"
    parent = np.r_[np.full(centres, -1), rng.integers(0, centres, count - centres)]
    lon0, lat0 = rng.uniform(104, 118), rng.uniform(24, 38)
    lon = lon0 + rng.normal(0, 0.12, count)
    lat = lat0 + rng.normal(0, 0.1, count)
    own = parent >= 0
    lon[own] = lon[parent[own]] + rng.normal(0, 0.03, own.sum())
    lat[own] = lat[parent[own]] + rng.normal(0, 0.025, own.sum())
    return pd.DataFrame(
        dict(
            unit=np.arange(count) + 101,
            at=parent,
            kind=kind,
            lon=lon,
            lat=lat,
            bare=rng.random(count) < temper["unnamed"],
        )
    )


def _alike(
    rng: np.random.Generator, temper: dict, what: str, options: tuple, unit: np.ndarray, within: float
) -> np.ndarray:
    """The habit of each doctor: that of the district, else that of the unit, else the doctor's own."""
    many = unit.max() + 1
    shared = np.where(rng.random(many) < temper["together"], temper[what], rng.choice(options, many))
    return np.where(rng.random(unit.size) < within, shared[unit], rng.choice(options, unit.size)).astype(
        object
    )


def _doctors(rng: np.random.Generator, temper: dict, units: pd.DataFrame) -> pd.DataFrame:
    most = units.kind.map({"centre": 5, "station": 3, "clinic": 2}).to_numpy()
    least = units.kind.map({"centre": 2, "station": 1, "clinic": 1}).to_numpy()
    several = np.where(
        (units.kind == "clinic") & (rng.random(len(units)) < 0.6), 1, rng.integers(least, most + 1)
    )
    unit = np.repeat(np.arange(len(units)), several)
    n = unit.size
    name = np.array([f"D{i:03d}" for i in rng.permutation(900)[:n] + 100], dtype=object)
    name[units.bare.to_numpy()[unit]] = ""
    device = _alike(rng, temper, "device", DIGITS, unit, 0.85)
    entry = _alike(rng, temper, "entry", ENTRIES, unit, 0.8)
    if temper["entry"] in ("appraisal", "yearly"):
        entry[rng.random(n) < 0.9] = temper["entry"]
    weights = rng.dirichlet([4, 1.2, 0.8], n)
    weights[rng.random(n) < 0.25] = [1, 0, 0]
    return pd.DataFrame(
        dict(
            unit=unit,
            name=name,
            device=device,
            later=np.where(rng.random(n) < 0.15, "electronic", device),
            changed=rng.integers(150, 600, n),  # the day of the new device
            zeros=rng.uniform(0.3, 0.85, n),
            eights=rng.choice([0.0, 0.0, 0.25, 0.6], n),
            bias=rng.normal(0, 2.5, units.shape[0])[unit] + rng.normal(0, 1, n),
            calm=rng.choice([1.0, 1.0, 0.8, 0.62], n),  # average of several measurements
            again=rng.choice([0.0, 0.0, 0.3, 0.7], n),  # measures once more when it is high
            calendar=_alike(rng, temper, "calendar", CALENDARS, unit, 0.7),
            jitter=rng.choice([0.0, 1.0, 3.0, 8.0], n),
            campaign=rng.integers(2, 9, n),
            sundays=rng.choice([0.0, 0.1, 1.0], n),
            market=np.where(rng.random(n) < 0.15, rng.integers(0, 5, n), -1),
            entry=entry,
            lag=rng.integers(1, 12, n),
            sittings=rng.integers(1, 6, n),
            home=weights[:, 1],
            phone=weights[:, 2] * 0.8,
            noted=rng.choice(
                [0.0, 0.5, 1.0], n, p=[0.35, 0.15, 0.5]
            ),  # writes what a patient says on the telephone
            told=rng.choice([5, 10, 2], n),
            no_mode=rng.random(units.shape[0])[unit] < 0.08,
            joint=rng.random(n) < 0.75,
            couples=rng.random(n) < 0.5,
            slips=rng.choice([0.0, 0.0, 0.5, 0.9], n),  # takes readings from a recent check-up
            meter=rng.choice(["tenth", "tenth", "half", "mgdl"], n),
            missed=np.clip(temper["missed"] * rng.lognormal(0, 0.6, n), 0.01, 0.4),
            typo=rng.choice([0.0, 0.001, 0.004], n),
            strict=rng.normal(0, 3.0, n),  # how well the patients are treated
            recheck=rng.choice([0.0, 0.2, 0.6], n),
            selects=rng.random(n) < 0.08,  # those who are badly controlled go to the hospital
            size=np.clip(rng.lognormal(4.25, 0.45, n), 25, 260).astype(int),
            paper=rng.random(n) < 0.3,  # typed in the order of the paper list
        )
    )


def _persons(
    rng: np.random.Generator, temper: dict, units: pd.DataFrame, doctors: pd.DataFrame, days: int
) -> pd.DataFrame:
    doctor = np.repeat(np.arange(len(doctors)), doctors["size"])
    n = doctor.size
    place = np.concatenate([np.arange(size) for size in doctors["size"]])
    unit = doctors.unit.to_numpy()[doctor]
    several = rng.integers(2, 7, len(doctors))
    hamlet = (place * several[doctor] / doctors["size"].to_numpy()[doctor]).astype(int)
    loose = rng.random(n) < 0.1
    hamlet[loose] = (rng.random(loose.sum()) * several[doctor[loose]]).astype(int)
    spot = unit * 10 + hamlet
    east = rng.normal(0, 0.012, spot.max() + 1)
    north = rng.normal(0, 0.01, spot.max() + 1)
    age = np.clip(rng.normal(66, 10, n), 36, 96)
    what = rng.choice(["htn", "dm", "both", "smi", "old"], n, p=[0.5, 0.13, 0.19, 0.04, 0.14])
    what[(what == "old") & (age < 65)] = "htn"
    second = (place > 0) & (rng.random(n) < 0.17)  # the one before on the list is the husband or the wife
    second[1:] &= ~second[:-1]
    hamlet[second] = hamlet[np.flatnonzero(second) - 1]
    family = np.arange(n) + 5000
    family[second] -= 1
    family[rng.random(n) < 0.06] = -1
    phone = np.where(rng.random(n) < temper["telephones"], np.arange(n) + 10_000, -1)
    lent = second & (rng.random(n) < 0.5)
    phone[lent] = phone[np.flatnonzero(lent) - 1]
    shop = rng.choice([0.0, 0.0, 0.1, 0.3], len(doctors))  # the number of the village office or of the doctor
    phone = np.where((rng.random(n) < shop[doctor]) & (age > 68), doctor + 1, phone)
    level = 136 + 0.15 * (age - 65) + rng.normal(0, 10.5, n) + doctors.strict.to_numpy()[doctor]
    level[what == "dm"] -= 6
    diabetic = np.isin(what, ["dm", "both"])
    died = np.where(
        rng.random(n) < 0.022 * days / 365 * np.exp((age - 66) / 14), rng.integers(30, days, n), -1
    )
    return pd.DataFrame(
        dict(
            person=rng.permutation(n * 3)[:n] + 20_001 if rng.random() < 0.3 else np.arange(n) + 20_001,
            doctor=doctor,
            unit=unit,
            place=place,
            hamlet=hamlet,
            age=age,
            what=what,
            sex=np.where(rng.random(n) < 0.02, "", np.where(rng.random(n) < 0.46, "1", "2")).astype(object),
            died=died,
            family=family,
            second=second,
            phone=phone,
            lon=units.lon.to_numpy()[unit] + east[spot],
            lat=units.lat.to_numpy()[unit] + north[spot],
            level=level,
            low=83 - 0.35 * (age - 60) + 0.35 * (level - 138) + rng.normal(0, 5.5, n),
            spread=rng.lognormal(np.log(8), 0.28, n),
            trend=rng.normal(-0.8, 4, n) / 365,
            step=np.where(rng.random(n) < 0.25, rng.normal(-9, 6, n), 0),
            step_on=rng.integers(0, days, n),
            chill=rng.normal(1, 0.5, n),
            sugar=np.where(
                diabetic, rng.lognormal(np.log(7.2), 0.18, n), rng.lognormal(np.log(5.4), 0.09, n)
            ),
            swing=rng.uniform(0.06, 0.16, n),
            faithful=rng.beta(4, 1.2, n),
        )
    )


def settle(rng: np.random.Generator) -> District:
    """A district before anybody worked in it."""
    temper = _temper(rng)
    days = int(rng.integers(540, 790))
    start = pd.Timestamp("2023-01-01") + pd.Timedelta(days=int(rng.integers(0, 420)))
    units = _units(rng, temper)
    doctors = _doctors(rng, temper, units)
    persons = _persons(rng, temper, units, doctors, days)
    many = rng.poisson(0.09 * days / 365 * len(persons))
    who = rng.choice(len(persons), many)
    begin = rng.integers(0, days - 3, many)
    until = begin + rng.integers(4, 19, many)
    died = persons.died.to_numpy()[who]
    fit = (died < 0) | (until <= died)
    stays = pd.DataFrame(dict(person=who, begin=begin, until=until))[fit].reset_index(drop=True)
    return District(start, days, temper, units, doctors, persons, stays)
