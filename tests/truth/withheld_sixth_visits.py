"""Which visits happen in the sixth withheld world, on what days and by whom, and those that were due and did not happen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.truth.withheld_sixth_bodies import Bodies
from tests.truth.withheld_sixth_habits import Habits
from tests.truth.withheld_sixth_places import Places, as_dates, as_day

HTN, DM, SMI, CHECKUP = 0, 1, 2, 3
KIND_NAMES = ("htn", "dm", "smi", "checkup")
QUARTER = 91
FESTIVALS = [
    as_day(text)
    for text in ("2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06")
]


def schedule(rng: np.random.Generator, places: Places, habits: Habits, bodies: Bodies) -> pd.DataFrame:
    """One row a form: person, owner (doctor responsible), doctor (who performs), kind, day, quarter, gone.

    `gone` is 0 for what happens, 1 for what is missed, 2 for what was due after death, 3 for who is away.
    """
    held = _checkups(rng, places, habits)
    rows = [held]
    persons = places.persons
    chronic = np.flatnonzero(persons.htn | persons.dm)
    both = _follow_ups(rng, places, habits, chronic, held)
    htn, dm = persons.htn.to_numpy(), persons.dm.to_numpy()
    sugar = both[dm[both.person]].assign(kind=DM)
    apart = habits.on["two_forms_two_days"][sugar.owner] & htn[sugar.person]
    sugar["day"] += np.where(apart & (rng.random(len(sugar)) < 0.8), rng.integers(1, 6, len(sugar)), 0)
    rows += [both[htn[both.person]], sugar, _again(rng, places, habits, bodies, both)]
    ill = _follow_ups(rng, places, habits, np.flatnonzero(persons.smi), held)
    rows.append(ill.assign(kind=SMI))
    frame = pd.concat(rows, ignore_index=True)
    frame["day"] = _workdays(rng, frame.day.to_numpy(), habits, frame.owner.to_numpy())
    frame = _lives(rng, places, frame)
    frame["doctor"] = _performers(rng, places, habits, frame)
    frame = frame[(frame.day >= places.first) & (frame.day <= places.last)]
    return frame.drop_duplicates(["person", "kind", "day"]).reset_index(drop=True)


def _follow_ups(
    rng: np.random.Generator, places: Places, habits: Habits, who: np.ndarray, held: pd.DataFrame
) -> pd.DataFrame:
    start = places.first - 30
    quarters = (places.last - start) // QUARTER + 2
    at = places.persons.iloc[who]
    middle = start + QUARTER * np.arange(quarters)[None, :]
    owner = np.where(
        middle >= at.moves_on.to_numpy()[:, None], at.later.to_numpy()[:, None], at.doctor.to_numpy()[:, None]
    )
    shape = owner.shape
    way = habits.visiting[owner]
    rhythm = rng.random(len(who))[:, None]
    share, hamlet = at.share.to_numpy()[:, None], at.hamlet.to_numpy()[:, None]
    quarter = np.broadcast_to(np.arange(quarters)[None, :], shape)
    doctors = len(places.doctors)
    begins = rng.uniform(5, 75, (doctors, quarters))[owner, quarter]
    turn = rng.uniform(0, 85, (doctors, 8))[owner, np.broadcast_to(hamlet, shape)]
    wide = rng.uniform(2, 9, doctors)[owner]
    offset = rhythm * 88 + rng.normal(0, 8, shape)
    offset = np.where(way == 1, rhythm * 90 + rng.normal(0, 1.2, shape), offset)
    offset = np.where(way == 2, begins + 1.5 * hamlet + share * wide + rng.random(shape), offset)
    offset = np.where(way == 3, 89 - rng.exponential(10, shape), offset)
    offset = np.where(way == 4, share * 80 + rng.uniform(0, 6, shape), offset)
    offset = np.where(way == 5, turn + rng.integers(0, 3, shape), offset)
    day = (middle + np.clip(offset, 0, 90)).astype(int)
    day = np.where(way == 6, day - (day - owner % 5) % 5, day)  # every fifth day there is a market
    day = np.where(way == 7, day - (day - owner % 7) % 7, day)  # tablets are given out on one day of the week
    month = as_dates(day.ravel()).day.to_numpy().reshape(shape)
    day = np.where(way == 8, day - month + np.where(month < 15, 1, 15), day)
    miss = rng.random(shape) < habits.miss[owner] * rng.gamma(1.5, 1 / 1.5, len(who))[:, None]
    gone = np.where(miss, 1, 0)
    festive = as_dates(day.ravel()).month.to_numpy().reshape(shape) <= 2
    absent = at.away.to_numpy()[:, None] & ~festive & (rng.random(shape) < 0.85)
    frame = pd.DataFrame(
        {
            "person": np.broadcast_to(who[:, None], shape).ravel(),
            "owner": owner.ravel(),
            "kind": HTN,
            "day": day.ravel(),
            "quarter": quarter.ravel(),
            "gone": np.where(absent, 3, gone).ravel(),
        }
    )
    extra = frame[(way.ravel() == 7) & (rng.random(len(frame)) < 0.5) & (frame.gone == 0)]
    frame = pd.concat([frame, extra.assign(day=extra.day + 28)], ignore_index=True)
    # On the day of the check-up the follow-up is done as well, where that is the habit.
    keep = held[held.gone == 0].drop_duplicates(["person", "quarter"]).set_index(["person", "quarter"]).day
    on = keep.reindex(pd.MultiIndex.from_frame(frame[["person", "quarter"]])).to_numpy()
    joined = habits.on["follows_up_at_checkup"][frame.owner] & ~np.isnan(on) & (rng.random(len(frame)) < 0.8)
    frame["day"] = np.where(joined, np.nan_to_num(on), frame.day).astype(int)
    frame["gone"] = np.where(joined, 0, frame.gone)
    return frame.drop_duplicates(["person", "day"])


def _checkups(rng: np.random.Generator, places: Places, habits: Habits) -> pd.DataFrame:
    persons, start = places.persons, places.first - 30
    due = np.flatnonzero(persons.htn | persons.dm | persons.smi | (persons.age > 65))
    owner = persons.doctor.to_numpy()[due]
    unit = places.doctors.unit.to_numpy()
    parts = []
    for year in range(
        int(as_dates(np.array([start])).year[0]), int(as_dates(np.array([places.last])).year[0]) + 1
    ):
        begins = as_day(f"{year}-04-05") + rng.integers(0, 170, len(places.units))
        days = rng.integers(2, 9, len(places.units))
        late = rng.random(len(due)) < 0.15
        day = begins[unit[owner]] + (persons.share.to_numpy()[due] * days[unit[owner]]).astype(int)
        day = np.where(late, day + rng.integers(10, 70, len(due)), day)
        come = rng.random(len(due)) < rng.uniform(0.5, 0.95, len(places.units))[unit[owner]]
        gone = np.where(come & ~persons.away.to_numpy()[due], 0, 1)
        frame = pd.DataFrame({"person": due, "owner": owner, "kind": CHECKUP, "day": day, "gone": gone})
        parts.append(frame.assign(quarter=(day - start) // QUARTER))
    return pd.concat(parts, ignore_index=True)


def _again(
    rng: np.random.Generator, places: Places, habits: Habits, bodies: Bodies, visits: pd.DataFrame
) -> pd.DataFrame:
    """A second visit within two weeks where the pressure was high."""
    seen = visits[(visits.gone == 0) & habits.on["visits_again_when_high"][visits.owner]]
    high = bodies.level(seen.person.to_numpy(), seen.day.to_numpy()) > 149
    seen = seen[high & places.persons.htn.to_numpy()[seen.person]]
    return seen.assign(day=seen.day + rng.integers(6, 15, len(seen)))


def _workdays(rng: np.random.Generator, day: np.ndarray, habits: Habits, owner: np.ndarray) -> np.ndarray:
    day = day.copy()
    weekday = (day + 3) % 7
    rests = (weekday >= 5) & ~(habits.on["works_on_sundays"][owner] | (rng.random(len(day)) < 0.04))
    day = np.where(rests, day + np.where(weekday == 5, -1, 1), day)
    for feast in FESTIVALS:
        day = np.where((day >= feast - 2) & (day <= feast + 6), feast + 7 + (day - feast + 2) % 7, day)
    dates = as_dates(day)
    national = (dates.month == 10) & (dates.day <= 7) & (rng.random(len(day)) < 0.8)
    return np.where(national, day + 8, day)


def _lives(rng: np.random.Generator, places: Places, frame: pd.DataFrame) -> pd.DataFrame:
    """Registration, death and hospital, with the errors of dates that honest papers have."""
    persons = places.persons
    who = frame.person.to_numpy()
    died, since = persons.died.to_numpy()[who], persons.since.to_numpy()[who]
    frame = frame[frame.day >= since].copy()
    died = died[frame.day.index]
    late = (frame.day > died) & (frame.day < died + 40) & (rng.random(len(frame)) < 0.2)
    frame["gone"] = np.where((died > 0) & (frame.day > died) & ~late, 2, frame.gone)
    stays = places.stays.reset_index(drop=True)
    matched = frame.reset_index()[["index", "person", "day"]].merge(stays, on="person")
    inside = matched[(matched.day > matched.from_day) & (matched.day < matched.to_day)]
    inside = inside.drop_duplicates("index")
    inside = inside[rng.random(len(inside)) < 0.75]  # the others have an error of dates in one of the papers
    frame.loc[inside["index"], "day"] = inside.to_day.to_numpy() + 1 + rng.integers(0, 6, len(inside))
    return frame


def _performers(rng: np.random.Generator, places: Places, habits: Habits, frame: pd.DataFrame) -> np.ndarray:
    doctors = places.doctors
    unit, load = doctors.unit.to_numpy(), doctors.load.to_numpy()
    units = places.units
    owner, day = frame.owner.to_numpy(), frame.day.to_numpy()
    position = {int(number): k for k, number in enumerate(units.unit)}
    parent = np.array([position.get(int(p), -1) for p in units.parent])
    working = [np.flatnonzero((unit == k) & (load > 0)) for k in range(len(units))]
    mate, team = np.arange(len(unit)), np.arange(len(unit))
    for doctor in range(len(unit)):
        centre = parent[unit[doctor]]
        others = [d for d in working[unit[doctor]] if d != doctor]
        if not others and centre >= 0 and units.kind[centre] == "centre":
            others = list(working[centre])
        if others:
            mate[doctor] = others[int(rng.integers(len(others)))]
        top = centre if centre >= 0 and units.kind[centre] == "centre" else unit[doctor]
        if not habits.on["own_checkups"][doctor]:
            team[doctor] = working[top][-1]
    away = rng.integers(places.first, places.last, len(unit))
    back = away + rng.integers(20, 75, len(unit))
    helped = habits.on["sent_to_help"][owner] & (day >= away[owner]) & (day < back[owner])
    out = np.where(helped, mate[owner], owner)
    out = np.where(frame.kind == CHECKUP, team[owner], out)
    heir = doctors.heir.to_numpy()[out]
    return np.where((heir >= 0) & (day >= doctors.leaves_on.to_numpy()[out]), heir, out)
