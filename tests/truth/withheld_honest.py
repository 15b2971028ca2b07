"""The honest work of a generated district: people, clinics, doctors, their habits, their follow-ups and checkups.

All of it happened as it is written, but for what real paper work does to it: readings are rounded, forms are
typed late, telephones are shared, a death is entered with a wrong day.  Nothing here is to be accused.  Days are
whole days since 1970 and people, units and doctors are places in their tables, until `withheld.py` hands them over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SPRING = [(19378, 19386), (19762, 19771), (20115, 20124), (20499, 20508)]
"""First and last day of the spring festivals of 2023 to 2026."""

HTN, DM, CHECKUP = 0, 1, 2
UNKNOWN = -1
"""No day of entry."""


@dataclass
class Draft:
    """A district before anything is invented.

    units, persons: tables as in the contract; pairs: one row a doctor (unit place, name, habits); rows: one row a
    form, `gone` where the person was dead or in hospital, so that honest work has no such row; first, last: days.
    """

    units: pd.DataFrame
    pairs: pd.DataFrame
    persons: pd.DataFrame
    rows: pd.DataFrame
    first: int
    last: int


def rounded(values: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Readings to the nearest multiple of each row's step."""
    return np.round(values / step) * step


def draft(rng: np.random.Generator) -> Draft:
    """One honest district."""
    first = int(rng.integers(19358, 19358 + 540))
    last = first + int(rng.integers(12, 19) * 30.44)
    units, sizes, doctors = _units(rng)
    pairs = _pairs(rng, units, doctors)
    persons = _persons(rng, units, sizes, pairs, first, last)
    rows = pd.concat(
        [
            _followups(rng, units, persons, first),
            _checkups(rng, units, pairs, persons, first),
        ],
        ignore_index=True,
    )
    rows = rows[(rows.day >= first) & (rows.day < last)]
    rows = rows.drop_duplicates(["person", "kind", "day"]).reset_index(drop=True)
    _readings(rng, rows, units, pairs, persons, first, last)
    _second_forms(rng, rows)
    rows = rows.sort_values(["person", "day", "kind"], ignore_index=True)
    _entry(rng, rows, units, pairs)
    _completeness(rng, rows, units, pairs)
    _departures(rng, rows, persons, last)
    return Draft(units, pairs, persons, rows, first, last)


def _units(rng):
    """Centres first, then clinics; sizes are patients with hypertension or diabetes."""
    centres, clinics = int(rng.integers(4, 9)), int(rng.integers(20, 41))
    count = centres + clinics
    clinic = np.arange(count) >= centres
    parent = np.where(clinic, rng.integers(0, centres, count), -1)
    where = np.array([rng.uniform(104, 116), rng.uniform(26, 36)])
    place = where + rng.uniform(-0.25, 0.25, (count, 2))
    place[clinic] = place[parent[clinic]] + rng.normal(0, 0.05, (clinics, 2))
    place[clinic & (rng.random(count) < rng.choice([0.05, 0.3, 1], p=[0.6, 0.3, 0.1]))] = np.nan
    sizes = np.clip(np.exp(rng.normal(np.log(120), 0.65, count)), 32, 395).astype(int)
    doctors = np.clip(1 + rng.poisson(sizes / 130), 1, 4)
    doctors[~clinic] = rng.integers(2, 5, centres)
    units = pd.DataFrame(
        {
            "unit": rng.permutation(np.arange(count)) + int(rng.integers(100, 9000)),
            "parent": parent,
            "kind": np.where(clinic, "clinic", "centre"),
            "lon": place[:, 0],
            "lat": place[:, 1],
        }
    )
    control = rng.random(count)
    units["level"] = rng.normal(0, 3, count) + np.select(
        [control < 0.12, control < 0.2], [rng.uniform(7, 12, count), rng.uniform(-9, -6, count)], 0
    )
    units["glucose"] = rng.normal(0, 0.05, count)
    units["no_glucose"] = rng.beta(1.5, 9, count)
    units["no_strips"] = np.where(rng.random(count) < 0.12, rng.integers(0, 5, count), -1)
    units["skips"] = rng.uniform(0.03, 0.17, count)
    units["regular"] = rng.uniform(5, 20, count)
    units["sundays"] = rng.choice([0, 0.3, 1], count, p=[0.3, 0.4, 0.3])
    units["campaigns"] = np.where(rng.random(count) < 0.35, rng.uniform(0.4, 0.95, count), 0)
    units["modes"] = rng.random(count) > 0.1
    units["calls"] = rng.choice([0, 0.05, 0.2], count, p=[0.4, 0.4, 0.2])
    units["home"] = rng.uniform(0.05, 0.45, count)
    units["entry"] = rng.choice([0, 1, 2, 3, 4], count, p=[0.38, 0.15, 0.23, 0.17, 0.07])
    units["ticks"] = rng.random(count) > 0.2
    units["diligence"] = rng.uniform(0.88, 0.99, count)
    units["sloppy"] = rng.uniform(0.02, 0.25, count)
    units["doctorless"] = np.where(rng.random(count) < 0.15, 0.03, 0)
    units["own_checkups"] = rng.random(count) < 0.4
    return units, sizes, doctors


def _pairs(rng, units, doctors):
    """Doctors and how each of them measures; a unit may have one habit for all."""
    unit = np.repeat(np.arange(len(units)), doctors)
    count = len(unit)
    steps, odds = [1, 2, 5, 10], [0.46, 0.34, 0.09, 0.11]
    step = rng.choice(steps, count, p=odds)
    common = rng.random(len(units)) < 0.6
    step = np.where(common[unit], rng.choice(steps, len(units), p=odds)[unit], step)
    always = np.where(rng.random(count) < 0.55, 1, rng.uniform(0.6, 0.95, count))
    always = np.where(common[unit], np.where(rng.random(len(units)) < 0.7, 1, 0.85)[unit], always)
    entry = np.where(rng.random(count) < 0.85, units.entry.to_numpy()[unit], rng.integers(0, 4, count))
    own = rng.random(count) < 0.3
    bias = np.where(own, rng.normal(0, 3, count), rng.normal(0, 3, len(units))[unit])
    return pd.DataFrame(
        {
            "unit": unit,
            "doctor": [f"{u}-{k}" for u, n in enumerate(doctors) for k in range(1, n + 1)],
            "step": step,
            "always": always,
            "half_glucose": rng.random(count) < 0.06,
            "entry": np.where(units.entry.to_numpy()[unit] == 4, 4, entry),
            "bias": bias,
            "later_bias": np.where(rng.random(len(units)) < 0.25, rng.normal(0, 3, len(units)), np.nan)[unit],
            "noise": rng.uniform(6, 10, count),
        }
    )


def _persons(rng, units, sizes, pairs, first, last):
    """Patients, and other old people who come to checkups only."""
    healthy = (sizes * rng.uniform(0.15, 0.5, len(sizes))).astype(int)
    unit = np.repeat(np.arange(len(units)), sizes + healthy)
    count = len(unit)
    order = np.arange(count) - np.concatenate([[0], np.cumsum(sizes + healthy)])[unit]
    ill = (order < sizes[unit])[np.lexsort((rng.random(count), unit))]
    disease = rng.random(count)
    age = np.clip(np.where(ill, rng.normal(66, 10, count), rng.normal(72, 5, count)), 36, 97)
    phone = rng.integers(13_000_000_000, 19_900_000_000, count)
    same = (rng.random(count) < 0.35) & (np.roll(unit, 1) == unit)
    household = np.cumsum(~same)
    phone = phone[np.searchsorted(household, household)]
    hamlets = rng.integers(2, 7, len(units))
    hamlet = (rng.random(count) * hamlets[unit]).astype(int)
    hamlet = hamlet[np.searchsorted(household, household)]
    for place in np.flatnonzero(rng.random(len(units)) < 0.4):
        near = np.flatnonzero((unit == place) & (hamlet == 0))
        near = rng.permutation(near)[: rng.integers(5, 12)]
        if len(near):
            phone[near] = phone[near[0]]
    missing = rng.beta(1.5, 7, len(units))
    phone[rng.random(count) < missing[unit]] = -1
    starts = np.searchsorted(pairs.unit.to_numpy(), np.arange(len(units)))
    doctors = np.bincount(pairs.unit, minlength=len(units))
    chance = 0.018 * np.exp((age - 68) * 0.085) * (last - first) / 365
    died = np.where(rng.random(count) < chance, rng.integers(first, last, count), 10**6)
    stay = np.where(rng.random(count) < 0.13 * (last - first) / 365, rng.integers(first, last, count), 10**6)
    length = np.where(
        rng.random(count) < 0.06, rng.integers(25, 90, count), np.clip(rng.gamma(3, 3.2, count), 2, 40)
    )
    return pd.DataFrame(
        {
            "person": int(rng.integers(1, 10**6)) + np.cumsum(rng.integers(1, 4, count)),
            "unit": unit,
            "born": (first - age * 365.25 - rng.integers(0, 365, count)).astype(int),
            "sex": rng.choice(["1", "2", ""], count, p=[0.45, 0.54, 0.01]),
            "phone": phone,
            "htn": ill & (disease < 0.88),
            "dm": ill & (disease > 0.68),
            "hamlet": hamlet,
            "remote": (hamlet == hamlets[unit] - 1) & (rng.random(len(units)) < 0.5)[unit],
            "doctor": starts[unit] + (rng.random(count) * doctors[unit]).astype(int),
            "doctors": doctors[unit],
            "first_doctor": starts[unit],
            "died": died,
            "stay_from": stay,
            "stay_to": np.minimum(stay + length.astype(int), died),
        }
    )


def _followups(rng, units, persons, first):
    """About four a year: a rhythm of each patient, delays, leave at the festival, campaigns, rounds to hamlets."""
    patients = np.flatnonzero(persons.htn | persons.dm)
    own = persons.iloc[patients]
    slots = 11
    rhythm = np.where(
        rng.random(len(own)) < 0.1, rng.uniform(58, 75, len(own)), rng.normal(91.3, 4, len(own))
    )
    starts = first + rng.random(len(own)) * rhythm
    unit = own.unit.to_numpy()
    wobble = rng.normal(0, 1, (len(own), slots)) * units.regular.to_numpy()[unit][:, None]
    day = (starts[:, None] + rhythm[:, None] * np.arange(slots) + wobble).astype(int)
    keep = rng.random(day.shape) > units.skips.to_numpy()[unit][:, None]
    person = np.broadcast_to(patients[:, None], day.shape)[keep]
    day, unit = day[keep], np.broadcast_to(unit[:, None], day.shape)[keep]
    hamlet, remote = persons.hamlet.to_numpy()[person], persons.remote.to_numpy()[person]

    for opened, closed in SPRING:
        away = (day >= opened - 3) & (day <= closed)
        day = np.where(away, closed + rng.integers(1, 14, len(day)), day)
    sunday = (day + 3) % 7 == 6
    day = day + (sunday & (rng.random(len(day)) > units.sundays.to_numpy()[unit]))

    quarter = np.clip((day - first) // 91, 0, 7)
    called = first + np.arange(8) * 91 + rng.integers(8, 84, (len(units), 8))
    meeting = called[unit, quarter] + hamlet * rng.integers(0, 3, len(units))[unit]
    campaign = rng.random(len(day)) < units.campaigns.to_numpy()[unit]
    rounds = ((day + hamlet * 3) // 14) * 14 - hamlet * 3 + 7
    home = remote & ~campaign & (rng.random(len(day)) < 0.8)
    day = np.select([campaign, home], [meeting, rounds], day)

    usual = persons.doctor.to_numpy()[person]
    other = persons.first_doctor.to_numpy()[person] + (
        rng.random(len(day)) * persons.doctors.to_numpy()[person]
    ).astype(int)
    doctor = np.where(rng.random(len(day)) < 0.85, usual, other)
    draw = rng.random(len(day))
    mode = np.where(home | (draw < units.home.to_numpy()[unit]), "home", "clinic")
    mode = np.where(~home & (draw > 1 - units.calls.to_numpy()[unit]), "phone", mode)
    mode = np.where(campaign, "clinic", mode)
    rows = pd.DataFrame({"person": person, "pair": doctor, "day": day, "mode": mode})
    both = [
        rows[persons[which].to_numpy()[person]].assign(kind=kind)
        for which, kind in (("htn", HTN), ("dm", DM))
    ]
    return pd.concat(both, ignore_index=True)


def _checkups(rng, units, pairs, persons, first):
    """Once a year, in a few days, by the clinic or by a team of the centre."""
    unit = persons.unit.to_numpy()
    share = rng.uniform(0.5, 0.88, len(units))
    frames = []
    for year in range(2):
        days = (
            first
            + year * 365
            + rng.integers(0, 340, len(units))[:, None]
            + rng.integers(0, 25, (len(units), 4))
        )
        came = np.flatnonzero(rng.random(len(unit)) < share[unit])
        place = unit[came]
        team = units.parent.to_numpy()[place]
        team = np.where((team < 0) | units.own_checkups.to_numpy()[place], place, team)
        starts = np.searchsorted(pairs.unit.to_numpy(), team)
        doctors = np.bincount(pairs.unit)[team]
        frames.append(
            pd.DataFrame(
                {
                    "person": came,
                    "pair": starts + (rng.random(len(came)) * np.minimum(doctors, 2)).astype(int),
                    "day": days[place, rng.integers(0, 4, len(came))],
                    "mode": "clinic",
                    "kind": CHECKUP,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _readings(rng, rows, units, pairs, persons, first, last):
    """Blood pressure and fasting glucose as measured and as written down."""
    count, people = len(rows), len(persons)
    person, pair, day = rows.person.to_numpy(), rows.pair.to_numpy(), rows.day.to_numpy()
    home_unit = persons.unit.to_numpy()
    age = (first - persons.born.to_numpy()) / 365.25
    htn, dm = persons.htn.to_numpy(), persons.dm.to_numpy()
    usual = np.where(htn, rng.normal(136 + 0.2 * (age - 65), 10.5), rng.normal(127, 11, people))
    hamlets = rng.normal(0, 2, (len(units), 8))
    usual = usual + units.level.to_numpy()[home_unit] + hamlets[home_unit, persons.hamlet.to_numpy()]
    low = 82 - 0.28 * (age - 65) + 0.33 * (usual - 136) + rng.normal(0, 6, people)
    # Medicines change the level of a person from a day on, mostly downwards.
    turns = rng.integers(first, last, (people, 2))
    effect = np.where(rng.random((people, 2)) < 0.3, rng.normal(-4, 8, (people, 2)), 0)
    shift = ((day[:, None] >= turns[person]) * effect[person]).sum(axis=1)
    season = rng.uniform(1.5, 5) * np.cos((day - 19372) * 2 * np.pi / 365.25)
    fear = rng.gamma(1.5, 2.5, people)[person] * (rows["mode"].to_numpy() == "clinic")
    half = (first + last) // 2 + rng.integers(-90, 90, len(units))
    later = pairs.later_bias.to_numpy()[pair]
    device = np.where(
        (day > half[pairs.unit.to_numpy()[pair]]) & ~np.isnan(later), later, pairs.bias.to_numpy()[pair]
    )
    noise = pairs.noise.to_numpy()[pair]
    common, apart = rng.normal(size=count), rng.normal(size=count)
    sbp = usual[person] + shift + season + fear + device + noise * common
    dbp = low[person] + 0.45 * (shift + season + fear + device) + 0.62 * noise * (0.6 * common + 0.8 * apart)
    step = pairs.step.to_numpy()[pair]
    coarse = np.where(rng.random(count) < pairs.always.to_numpy()[pair], step, np.minimum(step, 2))
    called = rows["mode"].to_numpy() == "phone"
    coarse = np.where(called, rng.choice([1, 2, 10], count), coarse)
    sbp, dbp = rounded(np.clip(sbp, 84, 228), coarse), rounded(np.clip(dbp, 46, 128), coarse)
    none = np.where(called, rng.random(count) < 0.5, rng.random(count) < 0.012)
    rows["sbp"], rows["dbp"] = np.where(none, np.nan, sbp), np.where(none, np.nan, dbp)

    level = np.where(dm, rng.normal(np.log(7.4), 0.2, people), rng.normal(np.log(5.5), 0.09, people))
    level = (level + units.glucose.to_numpy()[home_unit])[person]
    fpg = np.exp(level + rng.normal(0, 1, count) * np.where(dm[person], 0.12, 0.07))
    fpg = np.where(pairs.half_glucose.to_numpy()[pair], np.round(fpg * 2) / 2, np.round(fpg, 1))
    kind = rows.kind.to_numpy()
    unit = pairs.unit.to_numpy()[pair]
    spent = (day - first) // 91 == units.no_strips.to_numpy()[unit]
    absent = np.select(
        [kind == CHECKUP, (kind == HTN)],
        [0.05, 0.88],
        np.where(spent, 0.95, units.no_glucose.to_numpy()[unit]),
    )
    absent = np.where(called, np.maximum(absent, 0.8), absent)
    rows["fpg"] = np.where(rng.random(count) < absent, np.nan, fpg)


def _second_forms(rng, rows):
    """Two diseases, one visit, one cuff: the second form mostly carries the same reading."""
    keys = rows.person.to_numpy().astype(np.int64) * 100_000 + rows.day.to_numpy()
    first = pd.Series(np.arange(len(rows)), index=keys)[rows.kind.to_numpy() == HTN]
    second = np.flatnonzero(rows.kind.to_numpy() == DM)
    pairs = first.reindex(keys[second]).to_numpy()
    found = ~np.isnan(pairs) & (rng.random(len(second)) < 0.95)
    second, source = second[found], pairs[found].astype(int)
    for column in ("sbp", "dbp", "mode", "pair"):
        values = rows[column].to_numpy().copy()
        values[second] = values[source]
        rows[column] = values
    glucose = rows.fpg.to_numpy().copy()
    known = ~np.isnan(glucose[source])
    glucose[second[known]] = glucose[source[known]]
    rows["fpg"] = glucose


def _entry(rng, rows, units, pairs):
    """The day on which the form was typed: at once, in days, weekly, monthly, after an illness; or not known."""
    day, pair = rows.day.to_numpy(), rows.pair.to_numpy()
    unit, habit = pairs.unit.to_numpy()[pair], pairs.entry.to_numpy()[pair]
    count = len(rows)
    soon = day + np.minimum(rng.exponential(2, count).astype(int), 12)
    weekday = rng.integers(0, 7, len(pairs))[pair]
    weekly = day + (weekday - day) % 7 + 7 * (rng.random(count) < 0.08)
    dates = day.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    number = month.astype(int) % 24
    close = (month + 1).astype("datetime64[D]").astype(int)
    monthly = close + rng.integers(-3, 9, (len(pairs), 24))[pair, number]
    monthly = np.where(monthly < day, close + 30 + rng.integers(0, 3, count), monthly)
    entered = np.select(
        [habit == 0, habit == 1, habit == 2, habit == 3], [day, soon, weekly, monthly], UNKNOWN
    )
    ill = np.where(rng.random(len(units)) < 0.1, rng.integers(day.min(), day.max(), len(units)), 10**6)[unit]
    back = ill + 42
    entered = np.where((habit != 4) & (day >= ill) & (day < back), np.maximum(back, entered), entered)
    forgotten = (habit != 4) & (rng.random(count) < 0.012)
    rows["entered"] = np.where(forgotten, entered + rng.integers(20, 90, count), entered)
    rows["order"] = rng.random(count)


def _completeness(rng, rows, units, pairs):
    """What the form says of itself: 1 yes, 0 no, -1 where the system does not say."""
    unit = pairs.unit.to_numpy()[rows.pair.to_numpy()]
    empty = rows.sbp.isna().to_numpy() | ((rows.kind == DM) & rows.fpg.isna()).to_numpy()
    chance = np.where(empty, units.sloppy.to_numpy()[unit], units.diligence.to_numpy()[unit])
    says = (rng.random(len(rows)) < chance).astype(int)
    rows["complete"] = np.where(units.ticks.to_numpy()[unit], says, -1)


def _departures(rng, rows, persons, last):
    """Nothing happens after a death or within a stay, but for days written wrongly."""
    person, day = rows.person.to_numpy(), rows.day.to_numpy()
    died = persons.died.to_numpy()
    gone = day > died[person]
    stayed = (day > persons.stay_from.to_numpy()[person]) & (day < persons.stay_to.to_numpy()[person])
    gone |= stayed & (rng.random(len(rows)) > 0.03)
    rows["gone"] = gone
    seen = pd.Series(day[~gone]).groupby(person[~gone]).max().reindex(np.arange(len(persons))).to_numpy()
    slip = (died - seen < 15) & (rng.random(len(persons)) < 0.3)
    persons["died"] = np.where(slip, seen - rng.integers(1, 6, len(persons)), died).astype(int)
    persons.loc[persons.died >= last, "died"] = UNKNOWN
    persons.loc[persons.stay_from >= last, ["stay_from", "stay_to"]] = UNKNOWN
