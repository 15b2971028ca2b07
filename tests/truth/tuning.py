"""Districts to tune the signals of truth with: honest work as it is done, and fabrications of kinds that we thought of.

Honest units differ: their people, the noise of their readings, how they round them, how late they type them, whether they see people
on campaign days. Other kinds of fabrication, by somebody who has not seen the signals, are in ``withheld.py``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.work import Work

FIRST = np.datetime64("2024-01-01")
DAYS = 730
#: What a fabricator does; each is planted in a share of the contacts of a doctor, or of all of a unit.
KINDS = (
    "copy",  # the last reading again
    "jitter",  # the last reading, a little moved
    "head",  # favourite numbers
    "narrow",  # from the head, always about the same
    "under",  # just under the threshold
    "template",  # some vectors for everybody
    "alternate",  # two vectors in turn for each person
    "year",  # what was read at the same time last year
    "anybody",  # plausible values that belong to no person
    "ladder",  # down the list in small steps
    "smooth",  # every visit a little better
    "evening",  # moved a little, all typed on an evening
    "crowd",  # moved a little, all on a few days
    "ghosts",  # people who died, or lie in hospital
)
OF_UNITS = ("phones", "twins", "empty")


def districts(seed: int, count: int) -> list[tuple[Work, set[tuple[int, str]]]]:
    """Districts and who fabricated in them: (unit, doctor), doctor "" for the whole unit."""
    return [(work, set(truth)) for work, truth, _ in explained(seed, count)]


def explained(
    seed: int, count: int, share: float = 0.25
) -> list[tuple[Work, dict[tuple[int, str], str], dict[int, str]]]:
    """Districts, the kind of each fabricator, and how each unit rounds its readings."""
    return [_district(np.random.default_rng([seed, number]), share) for number in range(count)]


def _district(rng: np.random.Generator, share: float):
    number = int(rng.integers(12, 30))
    units = pd.DataFrame(
        {
            "unit": np.arange(1, number + 1),
            "parent": -1,
            "kind": "clinic",
            "lon": 110 + rng.uniform(-0.4, 0.4, number),
            "lat": 27 + rng.uniform(-0.3, 0.3, number),
        }
    )
    season, noise = rng.uniform(1, 6), rng.uniform(8, 11)
    contacts, persons, stays, truth, habits = [], [], [], {}, {}
    for unit in units["unit"]:
        work, people, lying, habit = _unit(rng, int(unit), season, noise)
        if rng.random() < share * 1.4:
            kind = str(rng.choice((*KINDS, *OF_UNITS)))
            doctors = sorted(set(work["doctor"]))
            whole = kind in OF_UNITS or len(doctors) == 1 or rng.random() < 0.4
            who = "" if whole else str(rng.choice(doctors))
            work, people = _fabricate(rng, kind, work, people, lying, who, habit)
            if whole or (work["doctor"] == who).sum() >= 60:
                truth[int(unit), who] = kind
            else:
                continue  # too little to be told by anybody: leave the unit out
        contacts.append(work)
        persons.append(people)
        stays.append(lying)
        habits[int(unit)] = habit
    whole = pd.concat(contacts, ignore_index=True)
    whole = whole.sort_values(["entered_on", "day"], kind="stable").reset_index(drop=True)
    whole.insert(0, "row_id", np.arange(1, len(whole) + 1))
    people, lying = pd.concat(persons, ignore_index=True), pd.concat(stays, ignore_index=True)
    whole = _elsewhere(rng, whole, units)
    return Work(whole, people, lying, units), truth, habits


def _unit(rng: np.random.Generator, unit: int, season: float, noise: float):
    n = int(np.exp(rng.uniform(np.log(30), np.log(400))))
    person = unit * 10_000 + np.arange(n)
    birth = np.datetime64("1950-01-01") + rng.integers(-5000, 8000, n)
    people = pd.DataFrame(
        {
            "person": person,
            "birth": pd.to_datetime(birth),
            "sex": rng.choice(["1", "2"], n),
            "died_on": pd.NaT,
            "phone": np.where(rng.random(n) < 0.1, -1, unit * 10_000 + rng.integers(0, int(n * 0.9) + 1, n)),
            "unit": unit,
        }
    )
    people["died_on"] = pd.to_datetime(
        np.where(rng.random(n) < 0.05, FIRST + rng.integers(60, DAYS, n), np.datetime64("NaT"))
    )
    lie = rng.random(n) < 0.15
    start = FIRST + rng.integers(0, DAYS - 20, lie.sum())
    stays = pd.DataFrame(
        {
            "person": person[lie],
            "unit": 1,
            "from_on": pd.to_datetime(start),
            "to_on": pd.to_datetime(start + rng.integers(3, 16, lie.sum())),
        }
    )
    visits = rng.integers(4, 10, n)  # in two years
    who = np.repeat(np.arange(n), visits)
    turn = np.arange(len(who)) - np.repeat(np.cumsum(visits) - visits, visits)
    at = (turn + 0.5) * (DAYS / visits[who]) + rng.normal(0, 15, len(who))
    campaign = rng.random(len(who)) < (rng.uniform(0, 0.35) if rng.random() < 0.3 else 0)
    few = rng.integers(0, DAYS, 8)
    at = np.where(campaign, few[np.abs(few[None, :] - at[:, None]).argmin(1)], at)
    at = np.clip(at.astype(int), 0, DAYS - 1)
    day = FIRST + at
    order = np.lexsort((day, who))
    who, at, day = who[order], at[order], day[order]

    doctors = int(rng.integers(1, 6)) if n > 60 else 1
    own = rng.integers(0, doctors, n)
    doctor = np.where(rng.random(len(who)) < 0.85, own[who], rng.integers(0, doctors, len(who)))

    middle = rng.normal(134, 3)
    usual = rng.normal(middle, 12 * np.exp(rng.normal(0, 0.07)), n)
    usual_d = 80 + 0.35 * (usual - 134) + rng.normal(rng.normal(0, 1.5), 6, n)
    drift = rng.normal(-3, 4, n)[who] * (at / DAYS)
    wave = season * np.cos(2 * np.pi * (at - 15) / 365)
    factor = noise * np.exp(rng.normal(0, 0.08))
    error = rng.normal(0, factor, len(who)) * np.sqrt(5 / rng.chisquare(7, len(who)) * 1)
    dbp = usual_d[who] + 0.4 * (drift + wave) + 0.4 * error + rng.normal(0, 5, len(who))
    known = rng.random(n) > 0.1
    people["birth"] = people["birth"].where(known, people["birth"].dt.to_period("Y").dt.start_time)
    if rng.random() < 0.1:  # the village's own telephone stands for those who have none
        people.loc[people["phone"] == -1, "phone"] = unit
    dm = rng.random(n) < 0.3
    sugar = np.exp(rng.normal(1.95, 0.18, n))[who] * np.exp(rng.normal(0, 0.13, len(who)))
    habit = str(rng.choice(["none", "even", "fives", "tens", "mixed"], p=[0.35, 0.3, 0.15, 0.1, 0.1]))
    late_device = rng.random() < 0.15  # another device, and habit, from the middle on
    later = str(rng.choice(["none", "even", "fives"]))
    by_doctor = rng.random() < 0.25  # every doctor rounds in an own way
    each = rng.choice(["none", "even", "fives", "tens"], doctors)
    spell = rng.normal(0, rng.choice([0, 0, 3]), DAYS)[at]  # a hot room, a cuff that is off for a day
    usual_noise = np.exp(rng.normal(0, rng.choice([0.05, 0.15]), doctors))[doctor]
    sbp, dbp = usual[who] + drift + wave + spell + error * usual_noise, dbp + 0.4 * spell
    taken = np.stack([rounded(rng, sbp, habit), rounded(rng, dbp, habit)])
    if by_doctor:
        for one in range(doctors):
            mine = doctor == one
            taken[:, mine] = rounded(rng, sbp[mine], each[one]), rounded(rng, dbp[mine], each[one])
    elif late_device:
        new = at > DAYS / 2
        taken[:, new] = rounded(rng, sbp[new], later), rounded(rng, dbp[new], later)
    mode = rng.choice(["clinic", "home", "phone"], len(who), p=[0.7, 0.25, 0.05])
    if rng.random() < 0.3:
        taken[:, mode == "phone"] = np.nan  # nothing is measured by telephone
    work = pd.DataFrame(
        {
            "person": person[who],
            "unit": unit,
            "doctor": np.char.add(f"d{unit}-", doctor.astype(str)),
            "kind": np.where(dm[who], "dm", "htn"),
            "day": pd.to_datetime(day),
            "mode": mode,
            "sbp": taken[0],
            "dbp": taken[1],
            "fpg": np.where(dm[who], np.round(sugar, 1), np.nan),
            "complete": rng.random(len(who)) < 0.9,
        }
    )
    gone = work["person"].map(people.set_index("person")["died_on"]).to_numpy()
    alive = ~(work["day"].to_numpy() > gone) | (rng.random(len(work)) < 0.01)
    inside = _inside(work, stays)
    here = alive & (~inside | (rng.random(len(work)) < 0.05))
    missing = rng.random(len(work)) < 0.01
    work.loc[missing, ["sbp", "dbp"]] = np.nan
    work.loc[missing & (rng.random(len(work)) < 0.8), "complete"] = False
    work = work[here].reset_index(drop=True)
    work["entered_on"] = _entered(rng, work["day"].to_numpy())
    if rng.random() < 0.4:  # one reading on two forms, the second some days later
        again = work[rng.random(len(work)) < 0.1].copy()
        again["day"] += pd.to_timedelta(rng.integers(0, 3, len(again)), "D")
        again["kind"] = "checkup"
        again["entered_on"] = again[["day", "entered_on"]].max(axis=1)
        work = pd.concat([work, again], ignore_index=True).sort_values(["person", "day"], kind="stable")
        work = work.reset_index(drop=True)
    return work, people, stays, habit if not by_doctor else "doctors"


def rounded(rng: np.random.Generator, value: np.ndarray, habit: str) -> np.ndarray:
    """As a habit has it; "doctors" and "mixed": now this way, now that."""
    if habit in ("mixed", "doctors"):
        step = rng.choice([1, 2, 5, 10], len(value), p=[0.35, 0.25, 0.15, 0.25])
    else:
        step = {"none": 1, "even": 2, "fives": 5, "tens": 10}[habit]
    return np.round(value / step) * step


def _entered(rng: np.random.Generator, day: np.ndarray) -> pd.Series:
    habit = rng.choice(["same", "days", "week", "month", "quarter"], p=[0.4, 0.25, 0.15, 0.15, 0.05])
    if habit == "same":
        late = rng.integers(0, 2, len(day))
    elif habit == "days":
        late = rng.exponential(6, len(day)).astype(int)
    else:
        every = {"week": 7, "month": 30, "quarter": 91}[habit]
        late = every - ((day - FIRST) / np.timedelta64(1, "D")).astype(int) % every
    return pd.to_datetime(day.astype("datetime64[D]") + late)


def _inside(work: pd.DataFrame, stays: pd.DataFrame) -> np.ndarray:
    one = stays.drop_duplicates("person").set_index("person")
    start = one["from_on"].reindex(work["person"]).to_numpy()
    end = one["to_on"].reindex(work["person"]).to_numpy()
    day = work["day"].to_numpy()
    return (day > start) & (day < end)


def _elsewhere(rng: np.random.Generator, work: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Some contacts of anybody are at another unit; hardly ever on a day on which the own one saw them."""
    chosen = rng.random(len(work)) < 0.01
    there = work[chosen].copy()
    there["unit"] = rng.choice(units["unit"], len(there))
    there["doctor"] = ""
    there["kind"] = "outpatient"
    there["day"] += pd.to_timedelta(np.where(rng.random(len(there)) < 0.05, 0, 9), "D")
    there["entered_on"] = there["day"]
    there["row_id"] = work["row_id"].max() + 1 + np.arange(len(there))
    there["sbp"] += np.round(rng.normal(0, 12, len(there)))
    return pd.concat([work, there], ignore_index=True)


# -- fabrications -----------------------------------------------------------------------------------------


def _fabricate(rng, kind, work, people, stays, who, habit):
    mine = np.ones(len(work), bool) if who == "" else (work["doctor"] == who).to_numpy()
    part = rng.uniform(0.3, 1.0)
    chosen = mine & (rng.random(len(work)) < part)
    n = chosen.sum()
    work = work.copy()

    def put(sbp, dbp):
        work.loc[chosen, "sbp"], work.loc[chosen, "dbp"] = rounded(rng, sbp, habit), rounded(rng, dbp, habit)

    if kind in ("copy", "jitter", "evening", "crowd", "year", "smooth"):
        _from_last(rng, kind, work, chosen)
    if kind == "head":
        put(rng.choice([126, 128, 130, 132, 136, 138, 142], n), rng.choice([76, 78, 80, 82, 84, 86], n))
    elif kind == "narrow":
        put(rng.normal(134, 4.5, n), rng.normal(82, 3.5, n))
    elif kind == "under":
        put(rng.choice([134, 135, 136, 137, 138, 139], n), rng.choice([84, 85, 86, 87, 88, 89], n))
        if habit in ("tens", "fives"):
            work.loc[chosen, "sbp"], work.loc[chosen, "dbp"] = 135, 85
        work.loc[chosen & work["fpg"].notna(), "fpg"] = np.round(
            rng.uniform(6.5, 6.9, (chosen & work["fpg"].notna()).sum()), 1
        )
    elif kind == "template":
        pick = rng.integers(0, 6, n)
        put(rng.normal(134, 9, 6)[pick], rng.normal(81, 6, 6)[pick])
    elif kind == "alternate":
        turn = work.groupby("person").cumcount().to_numpy()[chosen] % 2
        one, two = rng.normal(130, 10, len(people)), rng.normal(138, 10, len(people))
        place = (work["person"] % 10_000).to_numpy()[chosen]
        put(np.where(turn, one[place], two[place]), np.where(turn, one[place], two[place]) * 0.6)
    elif kind == "anybody":
        put(rng.normal(133, 11, n), rng.normal(81, 7, n))
    elif kind == "ladder":
        down = np.argsort(np.lexsort((work["person"], work["day"])))[chosen]
        put(122 + (down * 2) % 26, 74 + (down * 2) % 14)
    elif kind == "ghosts":
        return _ghosts(rng, work, people, stays, who), people
    elif kind == "phones":
        few = people["person"].iloc[0] + rng.integers(0, 3, len(people))
        people = people.assign(phone=np.where(rng.random(len(people)) < 0.35, few, people["phone"]))
    elif kind == "twins":
        again = people.sample(frac=0.2, random_state=int(rng.integers(1 << 30)))
        more = work[work["person"].isin(again["person"])].copy()
        more["person"] += 5000
        more["sbp"] += np.round(rng.normal(0, 10, len(more)))
        more["day"] += pd.Timedelta(days=3)
        people = pd.concat([people, again.assign(person=again["person"] + 5000)], ignore_index=True)
        work = pd.concat([work, more], ignore_index=True)
    elif kind == "empty":
        blank = rng.random(len(work)) < 0.4
        work.loc[blank, ["sbp", "dbp", "fpg"]] = np.nan
        work.loc[blank, "complete"] = True
    if kind not in (*OF_UNITS, "evening", "crowd") and rng.random() < 0.5:
        late = pd.to_timedelta(rng.integers(5, 60, chosen.sum()), "D")
        work.loc[chosen, "entered_on"] = work.loc[chosen, "day"] + late
    if kind == "evening":
        late = work.loc[chosen, "day"].dt.to_period("Q").dt.end_time.dt.normalize() + pd.Timedelta(days=5)
        work.loc[chosen, "entered_on"] = late
    if kind == "crowd":
        quarter = work.loc[chosen, "day"].dt.to_period("Q").dt.start_time
        work.loc[chosen, "day"] = quarter + pd.to_timedelta(rng.integers(20, 22, n), "D")
        work.loc[chosen, "entered_on"] = work.loc[chosen, "day"]
    return work, people


def _from_last(rng, kind, work, chosen):
    """Readings made of the person's last ones, one visit after the other."""
    turn = work.groupby("person").cumcount().to_numpy()
    sbp, dbp, fpg = (work[name].to_numpy(copy=True) for name in ("sbp", "dbp", "fpg"))
    back = 4 if kind == "year" else 1
    spread = 0 if kind in ("copy", "year") else float(rng.uniform(1.5, 3))
    for now in range(back, turn.max() + 1):
        at = np.flatnonzero((turn == now) & chosen)
        if kind == "smooth":
            sbp[at], dbp[at] = (
                sbp[at - 1] - rng.integers(2, 7, len(at)),
                dbp[at - 1] - rng.integers(1, 4, len(at)),
            )
        else:
            sbp[at] = sbp[at - back] + np.round(rng.normal(0, 1, len(at)) * spread)
            dbp[at] = dbp[at - back] + np.round(rng.normal(0, 1, len(at)) * spread * 0.8)
            fpg[at] = np.round(fpg[at - back] + rng.normal(0, 1, len(at)) * spread * 0.06, 1)
    work["sbp"], work["dbp"], work["fpg"] = sbp, dbp, fpg


def _ghosts(rng, work, people, stays, who):
    """Contacts go on when people are dead or in hospital."""
    gone = people[people["died_on"].notna()]
    model = work if who == "" else work[work["doctor"] == who]
    days = [
        (p, d + pd.Timedelta(days=int(k)))
        for p, d in zip(gone["person"], gone["died_on"], strict=True)
        for k in rng.integers(10, 400, 5)
    ]
    days += [
        (p, d + pd.Timedelta(days=1))
        for p, d in zip(stays["person"], stays["from_on"], strict=True)
        if rng.random() < 0.6
    ]
    made = model.sample(len(days), replace=True, random_state=int(rng.integers(1 << 30))).copy()
    made["person"], made["day"] = [p for p, _ in days], [d for _, d in days]
    made["mode"] = "clinic"
    made["entered_on"] = made["day"]
    made = made[made["day"] < pd.Timestamp(FIRST + DAYS)]
    return pd.concat([work, made], ignore_index=True).sort_values(["person", "day"]).reset_index(drop=True)
