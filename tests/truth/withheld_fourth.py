"""Districts with planted fabrications, a fourth generator, written by a helper who was given only the shape of the input.

Not seen: the detector, its documentation, and the other generators with their tests. Guessed, not measured: every share, rate and habit below,
which are what somebody who knows of village clinics, township centres and their quarterly deadlines expects to find there.

All visits that were due are laid out and measured first, with those that were missed; what is honest keeps those that took place. A
fabricator then has some of the visits made up, missed ones first, by one of ``KINDS``. Only "unseen" leaves no trace in the records.
"""

from __future__ import annotations

from types import SimpleNamespace as Columns

import numpy as np
import pandas as pd

from metrics.truth.work import Work

Rng, Frame = np.random.Generator, pd.DataFrame
YEAR, NEVER = 365, 9999
STARTS = ("2023-01-01", "2023-07-01", "2024-01-01", "2024-04-01", "2024-07-01")
FESTIVALS = ("2023-01-22", "2024-02-10", "2025-01-29")
SCHEDULES = ("month", "market", "hamlet", "appointment", "rush", "campaign")
DEVICES = {  # how often a reading is written to 1, 2, 5 and 10 mmHg
    "automatic": (1.0, 0.0, 0.0, 0.0),
    "electronic": (0.86, 0.06, 0.05, 0.03),
    "mercury": (0.04, 0.80, 0.06, 0.10),
    "aneroid": (0.05, 0.45, 0.25, 0.25),
    "coarse": (0.02, 0.18, 0.30, 0.50),
}
ENTRIES = ("at once", "days", "weekly", "monthly", "quarterly", "unknown")
KINDS = ("carried", "favourites", "page", "couch", "story", "household", "formula", "drifting")
KINDS += ("backfilled", "rounds", "proportion", "unseen")
ODDS = np.array([1.0] * (len(KINDS) - 1) + [0.3])


def districts(seed: int, count: int) -> list[tuple[Work, set[tuple[int, str]]]]:
    return [_district(np.random.default_rng([seed, 4, number])) for number in range(count)]


def _district(rng: Rng) -> tuple[Work, set[tuple[int, str]]]:
    start = pd.Timestamp(STARTS[rng.integers(len(STARTS))])
    units, doctors = _places(rng)
    people = _people(rng, units, doctors)
    visits = _visits(rng, doctors, people, start)
    _measure(rng, doctors, people, visits, start)
    _enter(rng, doctors, visits)
    guilty = _forge(rng, doctors, people, visits, start)
    return _written(rng, start, units, doctors, people, visits), guilty


def _places(rng: Rng) -> tuple[Frame, Frame]:
    count = int(rng.integers(15, 51))
    centres = max(1, count // int(rng.integers(8, 15)))
    numbers = 1000 + rng.choice(8000, count, replace=False)
    above = rng.integers(0, centres, count)
    lon, lat = 110 + 0.3 * rng.normal(size=count), 30 + 0.25 * rng.normal(size=count)
    lon[centres:] = lon[above[centres:]] + 0.06 * rng.normal(size=count - centres)
    lat[centres:] = lat[above[centres:]] + 0.05 * rng.normal(size=count - centres)
    kinds = np.where(
        np.arange(count) < centres, "centre", np.where(rng.random(count) < 0.85, "clinic", "station")
    )
    parents = np.where(kinds == "centre", -1, numbers[above])
    units = pd.DataFrame({"unit": numbers, "parent": parents, "kind": kinds, "lon": lon, "lat": lat})
    doctors = []
    for index, kind in enumerate(kinds):
        few = rng.choice([1, 2, 3, 4, 5], p=[0.42, 0.28, 0.16, 0.09, 0.05])
        staff = int(rng.integers(4, 9) if kind == "centre" else few)
        of_unit = dict(
            merges=rng.random() < 0.45,
            blank=rng.random() < 0.05,
            team=staff > 2 and rng.random() < 0.5,
            checkup_from=int(rng.integers(20, 200)),
            checkup_days=int(rng.integers(2, 9)) if rng.random() < 0.7 else int(rng.integers(40, 160)),
            modeless=rng.random() < 0.1,
            lends_phone=rng.choice([0.0, 0.05, 0.2], p=[0.6, 0.3, 0.1]),
            entry=ENTRIES[rng.choice(len(ENTRIES), p=[0.25, 0.25, 0.15, 0.15, 0.12, 0.08])],
            shared_device=rng.choice(list(DEVICES), p=[0.12, 0.38, 0.22, 0.14, 0.14]),
        )
        doctors += [
            {
                **of_unit,
                "place": index,
                "unit": int(numbers[index]),
                "staff": staff,
                "code": f"{numbers[index]}{number:02d}",
                "size": int(np.clip(rng.lognormal(4.45 if staff < 5 else 4.6, 0.5), 18, 260)),
                "schedule": SCHEDULES[rng.integers(len(SCHEDULES))],
                "device": of_unit["shared_device"] if rng.random() < 0.7 else rng.choice(list(DEVICES)),
                "next_device": rng.choice(["electronic", "automatic"]),
                "swapped": int(rng.integers(60, 330)) if rng.random() < 0.15 else NEVER,
                "bias": rng.normal(0, 3),
                # Measures again what is high, and writes the lower.
                "repeats": rng.choice([0.0, 0.5, 0.9], p=[0.55, 0.3, 0.15]),
                "again": rng.uniform(0, 0.6),  # calls those who are not controlled in two weeks
                "misses": rng.beta(2, 12),
                "careless": rng.beta(1, 30),
                "phones": rng.choice([0.0, 0.05, 0.25], p=[0.4, 0.4, 0.2]),
                "weekends": kind != "centre" and rng.random() < 0.6,
                "leave": int(rng.integers(0, 260)) if rng.random() < 0.15 else NEVER,
                "old": rng.normal(66, 5),
                "market": int(rng.integers(0, 5)),
                "own_entry": rng.random() < 0.2,
                "orderly": rng.random() < 0.35,  # types from the register, in its order
                "calm": rng.uniform(0.7, 1.15),  # lets people sit before measuring
            }
            for number in range(staff)
        ]
    return units, pd.DataFrame(doctors)


def _people(rng: Rng, units: Frame, doctors: Frame) -> Columns:
    doctor = np.repeat(np.arange(len(doctors)), doctors["size"])
    n = len(doctor)
    order = np.arange(n) - np.searchsorted(doctor, doctor)
    share = order / doctors["size"].to_numpy()[doctor]
    second = (rng.random(n) < 0.38) & (order > 0)  # lives with the one before in the register
    second[1:] &= ~second[:-1]
    before = np.where(second, np.arange(n) - 1, np.arange(n))
    age = np.clip(rng.normal(doctors["old"].to_numpy()[doctor], 9), 35, 97)
    age = np.where(second, np.clip(age[before] + rng.normal(-1, 4, n), 35, 97), age)
    sex = rng.integers(1, 3, n)
    sex = np.where(second, 3 - sex[before], sex)
    salt = rng.normal(0, 4, n)
    htn = rng.random(n) < np.clip(0.5 + (age - 60) / 80, 0.35, 0.85)
    base = np.where(htn, 137, 126) + 0.25 * (age - 65) + salt[before] + rng.normal(0, 9, n)
    place = doctors["place"].to_numpy()[doctor]
    hamlets = rng.integers(2, 9, len(doctors))[doctor]
    hamlet = (share * hamlets).astype(int)
    spread = 0.012 * rng.normal(size=(len(doctors), 9, 2))
    phone = np.where(rng.random(n) < 0.1, -1, 10_000 + np.arange(n))
    phone = np.where(second & (rng.random(n) < 0.4), phone[before], phone)
    lent = rng.random(n) < doctors["lends_phone"].to_numpy()[doctor].astype(float)
    phone = np.where(lent, 500 + doctor, phone)
    # Some go to a colleague in the year: a doctor retires, or the list is divided anew.
    first = np.searchsorted(doctors["place"].to_numpy(), doctors["place"].to_numpy())
    staff = doctors["staff"].to_numpy()
    given_on = np.where(rng.random(len(doctors)) < 0.12, rng.integers(60, 300, len(doctors)), NEVER)
    given = (rng.random(n) < rng.uniform(0.2, 1, len(doctors))[doctor]) & (staff[doctor] > 1)
    others = 1 + hamlet % np.maximum(staff[doctor] - 1, 1)
    colleague = first[doctor] + (doctor - first[doctor] + others) % staff[doctor]
    dies = rng.random(n) < np.clip((age - 55) / 800, 0.003, 0.05)
    away = rng.random(n) < np.where(age < 60, 0.22, 0.06)
    away_from = np.where(away, rng.integers(0, 300, n), NEVER)
    hospital = np.where(rng.random(n) < 0.14, rng.integers(0, 350, n), NEVER)
    return Columns(
        number=int(rng.integers(10**5, 10**6)) + np.arange(n),
        doctor=doctor,
        unit=doctors["unit"].to_numpy()[doctor],
        share=share,
        hamlet=hamlet,
        family=np.where(rng.random(n) < 0.08, -1, 70_000 + before),
        phone=phone,
        age=age,
        sex=sex,
        htn=htn,
        dm=(rng.random(n) < np.where(htn, 0.24, 0.45)),
        sbp=base,
        dbp=84 + 0.38 * (base - 136) - 0.35 * (age - 65) + rng.normal(0, 5, n),
        fpg=np.maximum(4.4, rng.lognormal(2.0, 0.16, n)),
        within=np.clip(rng.gamma(9, 1.0, n), 4, 18),
        season=np.maximum(0, rng.normal(5, 2.5, n)),
        treated=np.where(rng.random(n) < 0.2, rng.integers(20, 340, n), NEVER),
        drop=np.maximum(0, rng.normal(11, 5, n)),
        died=np.where(dies, rng.integers(0, YEAR, n), NEVER),
        away_from=away_from,
        away_to=away_from + rng.integers(30, 260, n),
        hospital=hospital,
        discharged=hospital + rng.integers(3, 20, n),
        given=np.where(given, given_on[doctor], NEVER),
        colleague=colleague,
        lon=units["lon"].to_numpy()[place] + spread[doctor, hamlet, 0],
        lat=units["lat"].to_numpy()[place] + spread[doctor, hamlet, 1],
    )


def _due(rng: Rng, one: dict, share: np.ndarray, hamlet: np.ndarray) -> np.ndarray:
    """Days, a row a person and a column a quarter, on which a doctor plans to see the persons of the list."""
    n, quarters, how = len(share), 91 * np.arange(4), one["schedule"]
    if how in ("month", "market"):
        return np.abs(rng.integers(0, 88, n)[:, None] + quarters + rng.normal(0, 8, (n, 4)).astype(int))
    if how == "hamlet":
        late = np.where(rng.random((n, 4)) < 0.12, rng.integers(1, 15, (n, 4)), rng.integers(0, 2, (n, 4)))
        return rng.integers(5, 75, (9, 4))[hamlet] + quarters + late
    if how == "appointment":
        late = np.where(rng.random((n, 4)) < 0.65, 0, rng.integers(1, 12, (n, 4)))
        return rng.integers(0, 88, n)[:, None] + int(rng.choice([84, 90, 91])) * np.arange(4) + late
    if how == "rush":
        return quarters + 90 - np.minimum(rng.gamma(2, 7, (n, 4)), 85).astype(int)
    days = max(2, n // int(rng.integers(14, 40)))
    late = np.where(rng.random((n, 4)) < 0.15, rng.integers(1, 20, (n, 4)), 0)
    return quarters + rng.integers(10, 60, 4) + (share * days).astype(int)[:, None] + late


def _open_days(rng: Rng, day: np.ndarray, weekends: np.ndarray, start: pd.Timestamp) -> np.ndarray:
    day = np.clip(day, 0, YEAR - 1)
    for festival in FESTIVALS:
        since = day - (pd.Timestamp(festival) - start).days
        away = (since >= -2) & (since < 6) & (rng.random(len(day)) < 0.9)
        day = np.where(away, day + rng.integers(8, 16, len(day)), day)
    weekday = (start.weekday() + day) % 7
    closed = np.where(weekends, (weekday == 6) & (rng.random(len(day)) < 0.5), weekday > 4)
    day = np.where(closed & (rng.random(len(day)) < 0.97), day + np.where(weekday == 5, -1, 1), day)
    return np.clip(day, 0, YEAR - 1)


def _visits(rng: Rng, doctors: Frame, people: Columns, start: pd.Timestamp) -> Columns:
    parts = []
    who = Columns(**{name: doctors[name].to_numpy() for name in doctors})
    months = pd.date_range(start, periods=YEAR).day.to_numpy()

    def add(person: np.ndarray, day: np.ndarray, quarter: np.ndarray, htn, dm, checkup=False) -> None:
        n = len(person)
        parts.append([person, day, quarter, *(np.broadcast_to(form, n) for form in (htn, dm, checkup))])

    for index, one in enumerate(doctors.to_dict("records")):
        mine = np.flatnonzero(people.doctor == index)
        htn, dm = people.htn[mine], people.dm[mine]
        due = np.clip(_due(rng, one, people.share[mine], people.hamlet[mine]), 0, YEAR + 30)
        if one["schedule"] == "market":
            steps = (one["market"] - months) % 5
            due = due + steps[np.minimum(due, YEAR - 1)]
        wants = (people.age[mine] >= 65) | (rng.random(len(mine)) < 0.35)
        comes = wants & (rng.random(len(mine)) < rng.uniform(0.5, 0.95))
        checkup = (one["checkup_from"] + people.share[mine] * one["checkup_days"]).astype(int)
        joined = comes & one["merges"]
        forms = (htn & joined)[comes], (dm & joined)[comes], True
        add(mine[comes], checkup[comes], checkup[comes] // 92, *forms)
        for quarter in range(4):
            free = ~(joined & (checkup // 92 == quarter)) & (htn | dm)
            apart = dm & htn & (not one["merges"])
            add(mine[free], due[free, quarter], np.full(free.sum(), quarter), htn[free], (dm & ~apart)[free])
            two = free & apart
            later = np.where(rng.random(two.sum()) < 0.5, 0, rng.integers(1, 20, two.sum()))
            add(mine[two], due[two, quarter] + later, np.full(two.sum(), quarter), False, True)
            high = free & htn & (people.sbp[mine] > 141) & (rng.random(len(mine)) < one["again"])
            soon = due[high, quarter] + rng.integers(10, 18, high.sum())
            add(mine[high], soon, np.full(high.sum(), quarter), True, False)
    person, day, quarter, htn, dm, checkup = (np.concatenate(part) for part in zip(*parts, strict=True))
    n, owner = len(person), people.doctor[person]
    over = day >= YEAR  # not due within the year
    day = _open_days(rng, day, who.weekends[owner], start)
    doctor = np.where(day >= people.given[person], people.colleague[person], owner)
    first = np.searchsorted(who.place, who.place)
    doctor = np.where(checkup & who.team[doctor], first[doctor], doctor)
    resting = (day >= who.leave[doctor]) & (day < who.leave[doctor] + 45)
    covers = first[doctor] + (doctor - first[doctor] + 1) % who.staff[doctor]
    covered = resting & (rng.random(n) < 0.7)
    alone = resting & (covers == doctor)
    doctor = np.where(covered, covers, doctor)
    day = np.where(alone, np.minimum(day + 50, YEAR - 1), day)
    misses = np.minimum(0.6, who.misses[doctor] * rng.gamma(1, 1, len(people.age))[person] * 1.5)
    gone = (day >= people.away_from[person]) & (day < people.away_to[person])
    ill = (day >= people.hospital[person]) & (day <= people.discharged[person])
    dead = day >= people.died[person]
    missed = (rng.random(n) < misses) | (gone & (rng.random(n) < 0.85)) | (ill & (rng.random(n) < 0.97))
    missed |= dead | over
    homes = np.isin(who.schedule[doctor], ["hamlet", "rush"])
    mode = np.where(rng.random(n) < np.where(homes, 0.75, 0.15), "home", "clinic").astype(object)
    mode[(rng.random(n) < who.phones[doctor]) | (gone & ~dead)] = "phone"
    mode[checkup] = np.where(who.checkup_days[doctor] < 9, "community", "clinic")[checkup]
    mode[(mode == "clinic") & (rng.random(n) < 0.02)] = "community"
    return Columns(
        person=person,
        doctor=doctor,
        day=day,
        quarter=quarter,
        htn=htn,
        dm=dm,
        checkup=checkup,
        missed=missed,
        impossible=dead | ill,
        over=over,
        mode=mode,
        forged=np.zeros(n, bool),
        sequence=np.where(who.orderly[doctor], person, rng.permutation(n)),
    )


def _rounded(rng: Rng, value: np.ndarray, device: np.ndarray) -> np.ndarray:
    chances = np.array([DEVICES[name] for name in DEVICES]).cumsum(axis=1)
    at = np.searchsorted(list(DEVICES), device, sorter=np.argsort(list(DEVICES)))
    at = np.argsort(list(DEVICES))[at]
    grain = np.array([1, 2, 5, 10])[(rng.random(len(value))[:, None] > chances[at]).sum(axis=1).clip(0, 3)]
    return np.round(value / grain) * grain


def _measure(rng: Rng, doctors: Frame, people: Columns, visits: Columns, start: pd.Timestamp) -> None:
    who = Columns(**{name: doctors[name].to_numpy() for name in doctors})
    person, doctor, day = visits.person, visits.doctor, visits.day
    n = len(person)
    winter = np.cos(2 * np.pi * (start.day_of_year + day - 20) / 365.25)
    treated = np.clip((day - people.treated[person]) / 30, 0, 1) * people.drop[person]
    mean = people.sbp[person] + people.season[person] * winter - treated
    mean = mean + np.where(day >= who.swapped[doctor], 0, who.bias[doctor]) + 2 * (visits.mode == "clinic")
    within = people.within[person] * who.calm[doctor]
    moved = within * rng.normal(size=n)
    again = mean - 3 + within * rng.normal(size=n) * 0.8
    repeated = (mean + moved >= 140) & (rng.random(n) < who.repeats[doctor])
    moved = np.where(repeated, np.minimum(moved, again - mean), moved)
    sbp = mean + moved
    dbp = people.dbp[person] + 0.45 * (moved - treated) + 2 * winter + rng.normal(0, 4, n)
    device = np.where(day >= who.swapped[doctor], who.next_device[doctor], who.device[doctor]).astype(str)
    device = np.where(visits.mode == "phone", "coarse", device)
    sbp = np.clip(_rounded(rng, sbp, device), 84, 220)
    dbp = np.clip(_rounded(rng, dbp, device), 46, sbp - 14)
    slips = rng.random(n) < 0.1 * who.careless[doctor]
    sbp = np.where(slips, sbp + rng.choice([-10, 10, 20, 30], n), sbp)
    sugar = people.fpg[person] * np.where(people.dm[person], 1.02, 0.74) * np.exp(rng.normal(0, 0.11, n))
    sugar = sugar * (1 - 0.12 * np.clip((day - people.treated[person]) / 30, 0, 1)) + 0.2 * winter
    sugar = np.clip(sugar, 3.4, 24)
    coarse = who.device[doctor] == "coarse"
    fpg = np.where(
        visits.checkup,
        np.round(sugar, 2),
        np.where(coarse & (rng.random(n) < 0.5), np.round(2 * sugar) / 2, np.round(sugar, 1)),
    )
    fed = rng.random(n) < 0.04 + who.careless[doctor]  # had eaten, or no strips were left
    fpg = np.where((visits.dm | visits.checkup) & ~fed, fpg, np.nan)
    untaken = (rng.random(n) < who.careless[doctor]) | ((visits.mode == "phone") & (rng.random(n) < 0.7))
    visits.sbp, visits.dbp, visits.fpg = np.where(untaken, np.nan, sbp), np.where(untaken, np.nan, dbp), fpg


def _enter(rng: Rng, doctors: Frame, visits: Columns) -> None:
    day, n = visits.day, len(visits.day)
    how = doctors["entry"].to_numpy().copy()
    own = doctors["own_entry"].to_numpy() & (how != "unknown")
    how[own] = rng.choice(ENTRIES[:5], own.sum())
    how = np.where(visits.checkup & (how[visits.doctor] == "quarterly"), "monthly", how[visits.doctor])
    late = {
        "at once": np.where(rng.random(n) < 0.9, 0, rng.integers(1, 4, n)),
        "days": rng.integers(0, 9, n),
        "weekly": 6 - day % 7,
        "monthly": 30 - day % 30 + rng.integers(0, 4, n),
        "quarterly": 91 - day % 91 + rng.integers(0, 9, n),
        "unknown": np.zeros(n, int),
    }
    visits.lag = np.select([how == name for name in late], list(late.values()))
    visits.undated = how == "unknown"
    visits.entered = day + visits.lag


def _forge(
    rng: Rng, doctors: Frame, people: Columns, visits: Columns, start: pd.Timestamp
) -> set[tuple[int, str]]:
    if rng.random() < 1 / 6:
        return set()
    guilty: set[tuple[int, str]] = set()
    wanted, done = max(1, round(rng.uniform(0.03, 0.25) * len(doctors))), set()
    kept = np.bincount(visits.doctor[~visits.missed], minlength=len(doctors))
    for index in rng.permutation(len(doctors)):
        one = doctors.iloc[index]
        together = np.flatnonzero(doctors["unit"] == one["unit"])
        whole = one["staff"] == 1 or one["blank"] or (one["staff"] < 4 and rng.random() < 0.12)
        band = together if whole else np.array([index])
        if len(done) >= wanted:
            break
        few = kept[band] < (60 if one["staff"] == 1 else 230)
        if done & set(band) or len(done) + len(band) > wanted or few.any():
            continue
        kind = KINDS[rng.choice(len(KINDS), p=ODDS / ODDS.sum())]
        share, careful, batch = rng.uniform(0.3, 1), rng.random() < 0.5, rng.random() < 0.5
        for each in band:
            _invent(rng, kind, share, careful, batch, doctors.iloc[each], int(each), people, visits, start)
        done |= set(band)
        guilty.add((int(one["unit"]), "" if whole else one["code"]))
    return guilty


def _chosen(
    rng: Rng, share: float, careful: bool, index: int, people: Columns, visits: Columns
) -> np.ndarray:
    """Which visits of a doctor are made up: missed ones first, then by quarter, person, hamlet or at random; in order of typing."""
    mine = np.flatnonzero(
        (visits.doctor == index) & ~visits.over & ~(visits.missed & visits.impossible & careful)
    )
    person, n = visits.person[mine], len(mine)
    how = rng.integers(4)
    group = [np.arange(n), person, visits.quarter[mine], people.hamlet[person]][how]
    score = rng.random(max(group.max(initial=0) + 1, 1))[group]
    score = score + 0.05 * rng.random(n) - 2 * visits.missed[mine]
    absent = int(visits.missed[mine].sum())
    number = round(share * n)
    if number < absent:
        number = min(absent, round(share / (1 - share) * (n - absent)))
    found = mine[np.argsort(score)[: max(number, min(62, n // 3))]]
    return found[np.lexsort((visits.person[found], visits.quarter[found]))]


def _invent(
    rng: Rng,
    kind: str,
    share: float,
    careful: bool,
    batch: bool,
    one: pd.Series,
    index: int,
    people: Columns,
    visits: Columns,
    start: pd.Timestamp,
) -> None:
    at = _chosen(rng, share, careful, index, people, visits)
    person, quarter, n = visits.person[at], visits.quarter[at], len(at)
    visits.forged[at], visits.missed[at] = True, False
    if kind == "unseen":
        filled = np.flatnonzero(np.isnan(visits.sbp[at]))
        visits.mode[at[filled]] = "home"
        visits.sbp[at[filled]] = np.round(people.sbp[person[filled]])
        visits.dbp[at[filled]] = np.round(people.dbp[person[filled]])
        return
    real = np.flatnonzero((visits.doctor == index) & ~visits.missed & ~visits.forged & ~np.isnan(visits.sbp))
    day = visits.day[at].copy()
    device = np.full(n, str(one["device"]))
    # What the fabricator remembers of each person: roughly what the pressure is, without weather or treatment.
    known = people.sbp[person] + rng.normal(0, 3, len(people.age))[person]
    known_dbp, sugar = people.dbp[person], people.fpg[person] * np.where(people.dm[person], 1, 0.74)
    fpg = np.round(np.clip(sugar + rng.normal(0, 0.35, n), 4, 16), 1)
    sbp, dbp = known, known_dbp
    if kind == "favourites":  # a dozen pairs that sound right, never one twice running
        pairs = rng.integers(8, 17)
        pick = np.cumsum(rng.integers(1, pairs, n)) % pairs
        sbp = (118 + 2 * rng.integers(0, 13, pairs))[pick]
        dbp = (70 + 2 * rng.integers(0, 10, pairs))[pick]
        fpg = np.round(rng.uniform(5.2, 7.4, 10), 1)[rng.integers(0, 10, n)]
    elif kind == "page":  # a page of true readings is copied again and again to others
        length = int(rng.integers(25, 110))
        top, low = (
            _rounded(rng, rng.normal(134, 11, length), device[:1]),
            _rounded(rng, rng.normal(81, 7, length), device[:1]),
        )
        if len(real) > 20:
            page = real[:: max(1, len(real) // 200)][:length]
            length, top, low = len(page), visits.sbp[page], visits.dbp[page]
        line = (np.arange(n) + int(rng.integers(0, length))) % length
        changed = np.where(rng.random(n) < (0.35 if careful else 0.08), rng.choice([-2, 2], n), 0)
        sbp, dbp = top[line] + changed, low[line]
        fpg = np.round(rng.normal(6.8, 0.8, length), 1)[line]
    elif kind == "couch":  # the register in order in a few evenings, as many a day, everybody well controlled
        sbp = np.clip(np.round(rng.normal(129, 5, n)), 114, 138)
        dbp = np.clip(np.round(rng.normal(79, 4, n)), 66, 88)
        sbp, dbp = (
            sbp + (sbp % 5 == 0) * rng.choice([-1, 1, 2], n),
            dbp + (dbp % 5 == 0) * rng.choice([-1, 1], n),
        )
        fpg = np.round(rng.uniform(5.3, 6.9, n), 1)
        for number in range(4):
            of = np.flatnonzero(quarter == number)
            days = int(rng.integers(8, 40))
            day[of] = 91 * number + 90 - days + np.arange(len(of)) * days // max(len(of), 1)
    elif kind == "formula":  # a spreadsheet's random numbers, on random days
        low, deep = int(rng.integers(112, 124)), int(rng.integers(66, 76))
        sbp, dbp = rng.integers(low, low + 24, n), rng.integers(deep, deep + 18, n)
        fpg = np.round(rng.uniform(4.8, 7.0, n), 1)
        day = 91 * quarter + rng.integers(0, 91, n)
    elif kind == "drifting":  # each of the rest of the list a little more or less than the one before
        sbp, dbp = np.empty(n), np.empty(n)
        top, low = 132.0, 80.0
        steps = rng.choice([-6, -4, -2, -2, 2, 2, 4, 6], (n, 2))
        for number in range(n):
            top += steps[number, 0] + round((131 - top) / 12) * 2
            low += steps[number, 1] / 2 + round((79 - low) / 8)
            sbp[number], dbp[number] = top, np.round(low)
        if len(real) > 20:
            worked = np.unique(visits.day[real])
            day = worked[np.clip(np.searchsorted(worked, day), 0, len(worked) - 1)]
    elif kind == "backfilled":  # before an inspection: dates a quarter apart to the day, numbers from memory
        day = rng.integers(0, 85, len(people.age))[person] + int(rng.choice([90, 91, 92])) * quarter
        sbp = _rounded(rng, known + rng.normal(0, 3, n), device)
        dbp = _rounded(rng, known_dbp + rng.normal(0, 2, n), device)
    elif kind == "rounds":  # a few days of home visits in every hamlet at once
        for number in range(4):
            of = quarter == number
            days = 91 * number + rng.choice(88, int(rng.integers(2, 6)), replace=False)
            day[of] = rng.choice(days, of.sum())
        sbp = _rounded(rng, known + rng.normal(0, 7, n), device)
        dbp = _rounded(rng, known_dbp + rng.normal(0, 5, n), device)
    elif kind == "proportion":  # each about as ever, and the lower number follows from the upper
        sbp = _rounded(rng, known + rng.normal(0, 3.5, n), np.full(n, "mercury"))
        dbp = 2 * np.round((0.6 * sbp + rng.normal(0, 1, n)) / 2)
    elif kind == "household":  # one at home is measured, the other is written down after them
        there = {}
        for visit in real:
            there.setdefault((visits.person[visit], visits.quarter[visit]), visit)
        sbp = _rounded(rng, np.clip(known + rng.normal(0, 5, n), 108, 152), device)
        dbp = _rounded(rng, known_dbp + rng.normal(0, 3, n), device)
        last: tuple[float, float, int] | None = None
        for number in range(n):
            keys = [(person[number] + step, quarter[number]) for step in (-1, 1, -2, 2)]
            near = next((there[key] for key in keys if key in there), None)
            if near is not None:
                last = visits.sbp[near], visits.dbp[near], visits.day[near]
            if last is not None and (near is not None or number % 2):
                sbp[number], dbp[number] = (
                    last[0] + rng.choice([-4, -2, 2, 4]),
                    last[1] + rng.choice([-2, 0, 2]),
                )
                day[number] = last[2] if near is not None else day[number]
            last = sbp[number], dbp[number], day[number]
    else:  # carried and story: from the last of the same person
        sbp, dbp = _followed(rng, kind, careful, at, real, visits, known, known_dbp, device)
    dbp = np.clip(dbp, 48, np.asarray(sbp) - 18)
    day = np.clip(day, 0, YEAR - 1)
    lab = visits.checkup[at] & careful
    fpg = np.where(lab, np.round(fpg + rng.uniform(-0.05, 0.05, n), 2), fpg)
    if careful:
        day = _open_days(rng, day, np.full(n, bool(one["weekends"])), start)
        day = np.minimum(day, people.died[person] - 1).clip(0)
    visits.sbp[at], visits.dbp[at], visits.day[at] = np.clip(sbp, 90, 200), dbp, day
    visits.fpg[at] = np.where(visits.dm[at] | visits.checkup[at], fpg, np.nan)
    visits.mode[at] = np.where((visits.mode[at] == "phone") | (kind == "rounds"), "home", visits.mode[at])
    visits.entered[at] = day + visits.lag[at]
    if kind == "backfilled":
        evening = int(rng.integers(200, 350))
        visits.entered[at] = np.where(day < evening, evening, YEAR) + rng.integers(0, 4, n)
    elif kind in ("couch", "formula") or batch:
        evening = 91 * quarter + 84 + int(rng.integers(0, 7)) + rng.integers(0, 3, n)
        visits.entered[at] = np.maximum(day, evening)
    visits.sequence[at] = np.arange(n)


def _followed(
    rng, kind, careful, at, real, visits, known, known_dbp, device
) -> tuple[np.ndarray, np.ndarray]:
    first = {}
    for visit in real[np.argsort(-visits.day[real])]:
        first[visits.person[visit]] = visits.sbp[visit], visits.dbp[visit]
    sbp, dbp = _rounded(rng, known, device), _rounded(rng, known_dbp, device)
    steps = rng.choice([-4, -2, 0, 2, 4] if careful else [-2, 0, 0, 0, 2], (len(at), 2))
    for number in range(len(at)):
        person = visits.person[at[number]]
        top, low = first.get(person, (sbp[number], dbp[number]))
        if kind == "story":  # treatment helps everybody, each quarter a little more
            top = top - (rng.integers(2, 8) if top > 128 else -2)
            low = low - (rng.integers(1, 5) if low > 78 else 0)
        else:
            top, low = top + steps[number, 0], low + steps[number, 1]
        first[person] = sbp[number], dbp[number] = top, low
    return sbp, dbp


def _written(
    rng: Rng, start: pd.Timestamp, units: Frame, doctors: Frame, people: Columns, visits: Columns
) -> Work:
    kept = np.flatnonzero(~visits.missed)
    names = np.where(doctors["blank"], "", doctors["code"])
    filled = rng.random(len(visits.day)) > 2 * doctors["careless"].to_numpy()[visits.doctor]
    filled |= visits.forged & (rng.random(len(filled)) < 0.8)
    asked = rng.random() < 0.8  # whether the district's system has the mark at all
    parts = []
    for kind in ("htn", "dm", "checkup"):
        at = kept[getattr(visits, kind)[kept]]
        twice = at[rng.random(len(at)) < 0.002]  # typed by two people
        at = np.concatenate([at, twice])
        doctor, day = visits.doctor[at], visits.day[at]
        fpg = visits.fpg[at]
        if kind == "htn":
            fpg = np.where(visits.dm[at] & (rng.random(len(at)) < 0.5), fpg, np.nan)
        entered = start + pd.to_timedelta(
            np.minimum(np.maximum(visits.entered[at], day), YEAR + 12), unit="D"
        )
        parts.append(
            pd.DataFrame(
                {
                    "person": people.number[visits.person[at]],
                    "unit": doctors["unit"].to_numpy()[doctor],
                    "doctor": names[doctor],
                    "kind": kind,
                    "day": start + pd.to_timedelta(day, unit="D"),
                    "entered_on": pd.Series(entered).where(~visits.undated[at]),
                    "mode": np.where(doctors["modeless"].to_numpy()[doctor], "", visits.mode[at]),
                    "sbp": visits.sbp[at],
                    "dbp": visits.dbp[at],
                    "fpg": fpg,
                    "complete": filled[at].astype(object) if asked else None,
                    "typed": visits.entered[at],
                    "sequence": visits.sequence[at],
                }
            )
        )
    contacts = pd.concat(parts, ignore_index=True).sort_values(
        ["typed", "unit", "doctor", "sequence", "kind"]
    )
    contacts = contacts.drop(columns=["typed", "sequence"]).reset_index(drop=True)
    contacts.insert(0, "row_id", np.arange(1, len(contacts) + 1, dtype=np.int64))
    n = len(people.age)
    births = start - pd.to_timedelta((people.age * 365.25).astype(int), unit="D")
    deaths = pd.Series(start + pd.to_timedelta(np.minimum(people.died, YEAR), unit="D"))
    unplaced = rng.random(n) < rng.choice([0.0, 0.05, 0.3])
    persons = pd.DataFrame(
        {
            "person": people.number,
            "birth": births,
            "sex": np.where(rng.random(n) < 0.01, "", people.sex.astype(str)),
            "died_on": deaths.where(people.died < YEAR),
            "phone": people.phone.astype(np.int64),
            "unit": people.unit,
            "family": people.family,
            "lon": np.where(unplaced, np.nan, people.lon),
            "lat": np.where(unplaced, np.nan, people.lat),
        }
    )
    hidden = (["family"] if rng.random() < 0.15 else []) + (["lon", "lat"] if rng.random() < 0.15 else [])
    lay = np.flatnonzero((people.hospital < YEAR) & (people.hospital < people.died))
    stays = pd.DataFrame(
        {
            "person": people.number[lay],
            "unit": rng.choice(units.loc[units["kind"] == "centre", "unit"].to_numpy(), len(lay)),
            "from_on": start + pd.to_timedelta(people.hospital[lay], unit="D"),
            "to_on": start + pd.to_timedelta(people.discharged[lay], unit="D"),
        }
    )
    return Work(contacts, persons.drop(columns=hidden), stays, units)
