"""Who and where in the sixth withheld world: units, doctors, hamlets, patients, households, telephones, deaths and stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

HOSPITAL = 9001
EPOCH = np.datetime64("1970-01-01", "D")


@dataclass
class Places:
    """One district; days are counted from 1970, doctors, units and persons by their position."""

    first: int
    last: int
    units: pd.DataFrame  # unit, parent, kind, lon, lat, and the hospital as the last one
    doctors: pd.DataFrame  # unit (position), name, heir (position or -1), leaves_on, load
    persons: (
        pd.DataFrame
    )  # number, doctor, later, moves_on, hamlet, rank, htn, dm, smi, old, away, birth, sex, died, phone, ...
    stays: pd.DataFrame  # person (position), from_day, to_day


def as_day(text: str) -> int:
    return int((np.datetime64(text, "D") - EPOCH).astype(int))


def as_dates(days: np.ndarray) -> pd.DatetimeIndex:
    """Whole days as dates; a negative one is unknown."""
    given = np.asarray(days, dtype="int64")
    told = np.where(given < 0, np.datetime64("NaT"), EPOCH + given.astype("timedelta64[D]"))
    return pd.DatetimeIndex(told.astype("datetime64[ns]"))


def settle(rng: np.random.Generator) -> Places:
    last = as_day("2024-06-30") + int(rng.integers(0, 560))
    first = last - int(rng.integers(560, 880))
    units = _units(rng)
    doctors = _doctors(rng, units, first, last)
    persons = _persons(rng, units, doctors, first, last)
    return Places(first, last, units, doctors, persons, _stays(rng, persons, first, last))


def _units(rng: np.random.Generator) -> pd.DataFrame:
    count = int(rng.integers(15, 51))
    centres = max(1, count // int(rng.integers(6, 11)))
    numbers = 100 + rng.permutation(900)[:count]
    own = np.arange(count) % centres
    middle = np.column_stack([rng.uniform(104, 118, 1), rng.uniform(25, 38, 1)]) + rng.normal(
        0, 0.12, (centres, 2)
    )
    spot = middle[own] + np.where(np.arange(count)[:, None] < centres, 0.0, rng.normal(0, 0.04, (count, 2)))
    lost = rng.random(count) < (0.3 if rng.random() < 0.2 else 0.03)
    frame = pd.DataFrame(
        {
            "unit": numbers,
            "parent": np.where(np.arange(count) < centres, HOSPITAL, numbers[own]),
            "kind": ["centre" if k < centres else "station" for k in range(count)],
            "lon": np.where(lost, np.nan, spot[:, 0]),
            "lat": np.where(lost, np.nan, spot[:, 1]),
            "true_lon": spot[:, 0],
            "true_lat": spot[:, 1],
        }
    )
    if rng.random() < 0.5:
        frame.loc[: centres - 1, "parent"] = -1
    hospital = {
        "unit": HOSPITAL,
        "parent": -1,
        "kind": "hospital",
        "lon": middle[0, 0],
        "lat": middle[0, 1],
        "true_lon": middle[0, 0],
        "true_lat": middle[0, 1],
    }
    return pd.concat([frame, pd.DataFrame([hospital])], ignore_index=True)


def _doctors(rng: np.random.Generator, units: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    centre = (units.kind == "centre").to_numpy()[:-1]
    number = np.where(
        centre, rng.integers(3, 7, len(centre)), rng.choice([1, 2, 3], len(centre), p=[0.62, 0.28, 0.1])
    )
    unit = np.repeat(np.arange(len(centre)), number)
    count = len(unit)
    heir, leaves = np.full(count, -1), np.full(count, last + 999)
    retired = np.flatnonzero(rng.random(count) < 0.05)
    heir[retired] = count + np.arange(len(retired))
    leaves[retired] = rng.integers(first + 150, last - 150, len(retired))
    none = np.full(len(retired), -1)
    unit = np.concatenate([unit, unit[retired]])
    codes = 10 + rng.permutation(len(unit))
    return pd.DataFrame(
        {
            "unit": unit,
            "name": [f"Y{code:03d}" for code in codes.tolist()],
            "heir": np.concatenate([heir, none]),
            "leaves_on": np.concatenate([leaves, np.full(len(retired), last + 999)]),
            "load": np.concatenate([rng.lognormal(0, 0.55, count), np.zeros(len(retired))]),
        }
    )


def _persons(
    rng: np.random.Generator, units: pd.DataFrame, doctors: pd.DataFrame, first: int, last: int
) -> pd.DataFrame:
    wanted = float(np.clip((len(units) - 1) * rng.uniform(680, 1450), 19_000, 52_000))
    total = wanted / ((last - first) / 365.25 * 4.25)
    load = doctors.load.to_numpy()
    each = np.round(total * load / load.sum()).astype(int)
    each = np.where(load > 0, np.clip(each, 6, 320), 0)
    doctor = np.repeat(np.arange(len(doctors)), each)
    n = len(doctor)
    rank = np.arange(n) - np.repeat(np.cumsum(each) - each, each)
    hamlets = rng.integers(1, 7, len(doctors))
    hamlet = (rank * hamlets[doctor]) // np.maximum(each[doctor], 1)
    follows = (rng.random(n) < rng.uniform(0.15, 0.4)) & (rank > 0)
    follows[1:] &= ~follows[:-1]  # households of two at most, neighbours on the list
    follows[1:] &= hamlet[1:] == hamlet[:-1]
    head = np.arange(n) - follows
    sort = rng.choice(5, n, p=[0.5, 0.1, 0.15, 0.2, 0.05])
    age = np.where(sort == 3, rng.uniform(65.5, 92, n), np.clip(rng.normal(66, 10, n), 36, 95))
    age = np.where(sort == 4, rng.uniform(22, 75, n), age)
    age = np.where(follows, np.clip(age[head] + rng.normal(0, 4, n), 36, 95), age)
    age = np.where(sort == 3, np.maximum(age, 66), age)
    sex = rng.integers(1, 3, n)
    sex = np.where(follows, 3 - sex[head], sex)
    died = np.where(
        rng.random(n) < 0.035 * np.exp((age - 72) / 14), rng.integers(first + 30, last + 600, n), -1
    )
    died = np.where(died > last, -1, died)
    phone = 5000 + rng.permutation(n * 3)[:n]
    phone = np.where(follows & (rng.random(n) < 0.75), phone[head], phone)
    away = rng.random(n) < 0.07
    phone = np.where(rng.random(n) < np.where(away, 0.4, 0.06), -1, phone)
    lends = rng.random(len(doctors)) < 0.15  # the doctor's own number stands for those who have none
    phone = np.where((phone < 0) & lends[doctor], 1000 + doctor, phone)
    moves = (rng.random(n) < 0.02) & (died < 0)
    later = np.where(moves, rng.choice(np.flatnonzero(load > 0), n), doctor)
    family = 20_000 + head
    family = np.where(rng.random(n) < 0.08, -1, family)
    home = doctors.unit.to_numpy()[doctor]
    turn = rng.uniform(0, 6.28, (len(doctors), 8))[doctor, hamlet]
    far = rng.uniform(0.003, 0.03, (len(doctors), 8))[doctor, hamlet]
    place = np.column_stack(
        [
            units.true_lon.to_numpy()[home] + far * np.cos(turn),
            units.true_lat.to_numpy()[home] + far * np.sin(turn),
        ]
    )
    place[rng.random(n) < 0.06] = np.nan
    told = units.unit.to_numpy()[
        np.where(rng.random(n) < 0.7, doctors.unit.to_numpy()[later], doctors.unit.to_numpy()[doctor])
    ]
    numbers = rng.permutation(n * 2)[:n]
    in_order = rng.random() < 0.6  # the number in the register tells the place on the list
    return pd.DataFrame(
        {
            "number": 100_000 + (np.sort(numbers) if in_order else numbers),
            "doctor": doctor,
            "later": later,
            "moves_on": np.where(moves, rng.integers(first + 120, last - 120, n), last + 999),
            "hamlet": hamlet,
            "rank": rank,
            "share": rank / np.maximum(each[doctor], 1),
            "htn": (sort == 0) | (sort == 2),
            "dm": (sort == 1) | (sort == 2),
            "smi": (sort == 4) | (rng.random(n) < 0.004),
            "age": age,
            "away": away,
            "since": np.where(rng.random(n) < 0.15, rng.integers(first, last - 100, n), first),
            "birth": (first - age * 365.25).astype(int) - 1,
            "sex": np.where(rng.random(n) < 0.01, 0, sex),
            "died": died,
            "phone": phone,
            "unit": told,
            "family": family,
            "head": head,
            "lon": place[:, 0],
            "lat": place[:, 1],
        }
    )


def _stays(rng: np.random.Generator, persons: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    expected = 0.1 * (last - first) / 365.25 * np.exp((persons.age.to_numpy() - 68) / 25)
    who = np.repeat(np.arange(len(persons)), rng.poisson(expected))
    begun = rng.integers(first, last - 5, len(who))
    gone = np.minimum(begun + 2 + rng.poisson(rng.choice([3, 7, 12], len(who))), last)
    died = persons.died.to_numpy()[who]
    keep = (died < 0) | (gone <= died)
    return pd.DataFrame({"person": who[keep], "from_day": begun[keep], "to_day": gone[keep]})
