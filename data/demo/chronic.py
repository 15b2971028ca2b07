"""Hypertension and diabetes: who is diagnosed, who is managed, and the follow-ups of each year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.days import FAR, day
from data.demo.draw import pick, weighted
from data.demo.readings import doctors, pressures
from data.demo.rows import Rows, Words, chosen, stack, take, words
from data.demo.world import World

MANAGED_OVER_STANDARD = {"htn": 1.21, "dm": 1.23}  # patients managed for one managed to the standard
TYPE_1 = 0.004  # of those with diabetes
MODES = ("clinic", "station", "home", "community", "phone", "group")
ADHERENCE = ("regular", "irregular", "none", "refused")


@dataclass
class Patients:
    """The diagnosed of one programme. ``enrolled`` FAR: never enrolled; ``ended`` first day no longer managed."""

    programme: str
    person: np.ndarray
    diagnosed: np.ndarray
    enrolled: np.ndarray
    ended: np.ndarray
    end_reason: np.ndarray  # index into END_REASONS, -1 none

    def diagnosed_on(self, n: int) -> np.ndarray:
        """The day of diagnosis of each of ``n`` people, FAR where there is none."""
        days = np.full(n, FAR, np.int32)
        days[self.person] = self.diagnosed
        return days


END_REASONS = ("died", "moved", "lost", "refused")


def make_patients(world: World, programme: str, also: np.ndarray | None = None) -> Patients:
    """Everyone diagnosed: exactly the planned prevalence of the statistical population at the end of 2025.

    ``also``: a mask of people with the other disease, who are more often affected.
    """
    rng = world.stream("patients", programme)
    people, plan = world.people, world.plans[2025]
    n = len(people)
    age = (day(2025, 7) - people.born) / 365.25
    tilt = np.where(age < 28, -9.0, np.minimum((age - 58) / 13, 1.5))
    if also is not None:
        tilt = tilt + np.where(also, 0.9, 0.0)
    here = people.resident(day(2025, 12, 31))
    wanted = round(plan.shares[f"{programme}_prevalence"] * plan.statistical)
    among = np.flatnonzero(here)
    sick = pick(rng, among, wanted, tilt[among])
    # The same chance by liking for those who are not here on that day (died, left, or come later).
    edge = np.quantile(tilt[sick] + 0.6, 0.25) if len(sick) else np.inf
    others = np.flatnonzero(~here & people.recorded & (rng.standard_normal(n) + tilt > edge))
    person = np.sort(np.concatenate([sick, others]))
    diagnosed = np.maximum(
        day(2024) - 40 - (rng.beta(1.0, 2.2, len(person)) * 5000).astype(np.int64),
        people.born[person] + 365 * 25,
    )
    recent = rng.random(len(person)) < 0.13
    span = day(2025, 11, 30) - day(2024)
    diagnosed = np.where(recent, day(2024) + rng.integers(0, span, len(person)), diagnosed)
    diagnosed = np.where(diagnosed >= people.end[person], people.end[person] - 60, diagnosed)
    new = pick(
        rng,
        np.setdiff1d(np.flatnonzero(people.present(day(2026, 6)) & (age > 35)), person),
        wanted * 0.04,
        None,
    )
    person = np.concatenate([person, new])
    diagnosed = np.concatenate([diagnosed, day(2026) + rng.integers(0, 365, len(new))])
    return _enrol(world, rng, programme, person, diagnosed.astype(np.int32))


def _enrol(
    world: World, rng: np.random.Generator, programme: str, person: np.ndarray, diagnosed: np.ndarray
) -> Patients:
    people = world.people
    n = len(person)
    wanted = world.plans[2025].counts[f"{programme}_managed"] * MANAGED_OVER_STANDARD[programme]
    age = (day(2025) - people.born[person]) / 365.25
    chosen_ones = pick(
        rng, np.arange(n), wanted * 1.18, np.clip((age - 60) / 14, -2, 1.2) + world.liking(person)
    )
    model = world.of_model[person]
    chosen_ones = np.union1d(chosen_ones, np.flatnonzero(model))
    enrolled = np.full(n, FAR, np.int32)
    before = rng.random(n) < 0.74
    start = np.where(
        before & (diagnosed < day(2023, 12)),
        day(2023, 12, 28) - (rng.beta(1, 1.8, n) * (day(2023, 12, 28) - np.maximum(diagnosed, day(2012)))),
        np.maximum(day(2024), diagnosed) + (rng.random(n) ** 0.9 * 900).astype(np.int64),
    ).astype(np.int32)
    start = np.maximum(start, np.maximum(people.record_on[person], diagnosed))
    # The model clinic enrols everyone as soon as they are diagnosed.
    start = np.where(model, np.maximum(people.record_on[person], diagnosed), start).astype(np.int32)
    enrolled[chosen_ones] = start[chosen_ones]
    enrolled[enrolled >= people.end[person] - 20] = FAR
    ended = people.end[person].copy()
    reason = np.where(people.died[person] < FAR, 0, np.where(people.left[person] < FAR, 1, -1))
    gives_up = (rng.random(n) < 0.025) & (reason < 0) & (enrolled < FAR) & ~model
    ended[gives_up] = np.maximum(day(2024), enrolled[gives_up]) + rng.integers(60, 700, gives_up.sum())
    reason[gives_up] = 2 + (rng.random(gives_up.sum()) < 0.4)
    return Patients(programme, person, diagnosed, enrolled, ended, reason)


def enrolment_rows(world: World, patients: Patients) -> Rows:
    """Programme files of the patients managed at any time up to the last day."""
    rng = world.stream("enrolments", patients.programme)
    managed = np.flatnonzero(patients.enrolled <= world.last)
    person, enrolled = patients.person[managed], patients.enrolled[managed]
    ended = world.clip(patients.ended[managed])
    rows: Rows = {
        "person": person,
        "unit": world.people.unit[person],
        "start_on": enrolled,
        "end_on": ended,
        "end_reason": Words(np.where(ended < FAR, patients.end_reason[managed], -1), END_REASONS),
        "diagnosed_on": np.minimum(patients.diagnosed[managed], enrolled),
        "entered_on": world.late(rng, enrolled),
        "found_by": words(
            weighted(rng, np.array([30, 15, 8, 32, 15.0]), len(person)),
            "record",
            "first_visit",
            "survey",
            "outpatient",
            "checkup",
        ),
        "doctor": doctors(world, world.people.unit[person], rng),
    }
    if patients.programme == "dm":
        rows["subtype"] = words(_type1(world)[person].astype(int), "type2", "type1")
        rows["found_by"] = words(
            weighted(rng, np.array([40, 45, 15.0]), len(person)), "record", "outpatient", "survey"
        )
    return rows


def _type1(world: World) -> np.ndarray:
    """Who would have diabetes of type 1 (a mask)."""
    return world.stream("type 1").random(len(world.people)) < TYPE_1


def followup_rows(world: World, patients: Patients, year: int) -> Rows:
    """The follow-ups of a calendar year: the planned number of patients reach the standard."""
    rng = world.stream("followups", patients.programme, year)
    people, plan = world.people, world.plans[year]
    first, last = day(year), day(year, 12, 31)
    managed = np.flatnonzero((patients.enrolled <= last) & (patients.ended > first))
    person = patients.person[managed]
    start = np.maximum(patients.enrolled[managed], first)
    end = np.minimum(patients.ended[managed] - 1, last)
    # Four contacts; pro rata, rounded up, for those enrolled within the year.
    need = np.where(patients.enrolled[managed] <= first, 4, -(-4 * (last - start + 1) // 365))
    steady = (end == last) & ((people.moved_on[person] < first) | (people.moved_on[person] > last))
    # Who is left unchecked for one programme cannot meet the standard of the other.
    spared = np.isin(person, world.no_check.get(year, []))
    needed = np.isin(person, world.needs_check.get(year, []))
    # Patients managed to the standard are counted without those of type 1.
    counted = ~_type1(world)[person] if patients.programme == "dm" else True
    fit = np.flatnonzero(steady & ~spared & counted & (end - start >= 8 * need))
    standard = np.zeros(len(managed), bool)
    standard[pick(rng, fit, plan.counts[f"{patients.programme}_managed"], world.liking(person[fit]))] = True
    unchecked = (
        ~standard & ~needed & steady & (rng.random(len(managed)) < 0.2)
    )  # often enough, but never checked
    _note_checks(world, year, person[standard], person[unchecked])
    contacts = np.where(
        standard | unchecked,
        need + (rng.random(len(managed)) < (0.02 if world.is_reference else 0.06)),
        (rng.random(len(managed)) * need).astype(np.int64),
    )
    contacts = np.minimum(contacts, np.maximum((end - start + 1) // 8, 0))
    rows = _visits(world, rng, patients, person, start, end, contacts)
    _outcomes(world, rng, patients, plan, rows, person)
    return _written(world, rng, rows)


def _note_checks(world: World, year: int, needs: np.ndarray, none: np.ndarray) -> None:
    empty = np.zeros(0, np.int64)
    world.needs_check[year] = np.union1d(world.needs_check.get(year, empty), needs)
    world.no_check[year] = np.union1d(world.no_check.get(year, empty), none)


def _visits(
    world: World,
    rng: np.random.Generator,
    patients: Patients,
    person: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    contacts: np.ndarray,
) -> Rows:
    """Face-to-face contacts spread evenly over the managed days, and a few telephone calls between them."""
    patient = np.repeat(np.arange(len(person)), contacts)
    place_in = np.arange(len(patient)) - np.repeat(np.cumsum(contacts) - contacts, contacts)
    share = (place_in + 0.12 + 0.7 * rng.random(len(patient))) / contacts[patient]
    when = start[patient] + (share * (end - start + 1)[patient]).astype(np.int64)
    unit = world.people.unit_on(person[patient], when)
    at_centre = unit == world.centre
    kind = rng.random(len(patient))
    mode = np.where(kind < 0.035, 2, np.where(at_centre, 0, 1))
    if not world.is_reference:
        mode = np.where(kind > 0.93, 3, mode)
    calls = np.flatnonzero(
        (rng.random(len(patient)) < (0.012 if world.is_reference else 0.035))
        & (place_in > 0)
        & (place_in < contacts[patient] - 1)
    )
    return {
        "patient": np.concatenate([patient, patient[calls]]),
        "person": person[np.concatenate([patient, patient[calls]])],
        "day": np.concatenate([when, when[calls] + 9]).astype(np.int32),
        "unit": np.concatenate([unit, unit[calls]]),
        "mode": np.concatenate([mode, np.where(rng.random(len(calls)) < 0.8, 4, 5)]),
        "last": np.concatenate([place_in == contacts[patient] - 1, np.zeros(len(calls), bool)]),
    }


def _outcomes(
    world: World, rng: np.random.Generator, patients: Patients, plan, rows: Rows, person: np.ndarray
) -> None:
    """Readings: at the last follow-up exactly the planned number are at goal and take their drugs."""
    n, last = len(rows["day"]), np.flatnonzero(rows["last"])
    liking = world.units.quality[rows["unit"][last]]
    at_goal = rng.random(n) < 0.68
    at_goal[last] = False
    goal = round(plan.shares[f"{patients.programme}_control_rate"] * len(person))
    at_goal[pick(rng, last, goal, liking)] = True
    adherence = weighted(rng, np.array([66, 24, 8, 2.0]), n)
    adherence[last] = 1 + weighted(rng, np.array([75, 20, 5.0]), len(last))
    adherence[pick(rng, last, round(plan.shares["htn_adherence_rate"] * len(person)), liking)] = 0
    rows["adherence"] = Words(adherence, ADHERENCE)
    elder = world.people.born[rows["person"]] <= rows["day"] - 66 * 365.25
    pressure_at_goal = at_goal if patients.programme == "htn" else rng.random(n) < 0.7
    rows["sbp"], rows["dbp"] = pressures(world, rng, pressure_at_goal, elder, rows["unit"])
    by_phone = rows["mode"] == MODES.index("phone")
    if patients.programme == "dm":
        good = 4.6 + 2.3 * rng.beta(3, 2, n)
        bad = 7.1 + rng.gamma(1.6, 1.2, n)
        rows["fpg"] = np.round(np.where(at_goal, good, np.minimum(bad, 19.0)), 1)
        rows["ppg"] = np.where(rng.random(n) < 0.3, np.round(rows["fpg"] * 1.35 + rng.random(n), 1), np.nan)
        if not world.is_reference:
            rows["fpg"] = np.where(by_phone, np.nan, rows["fpg"])
            rows["ppg"] = np.where(by_phone, np.nan, rows["ppg"])
        rows["hba1c"] = np.where(rng.random(n) < 0.08, np.round(2.6 + rows["fpg"] * 0.62, 1), np.nan)


def _written(world: World, rng: np.random.Generator, rows: Rows) -> Rows:
    n = len(rows["day"])
    out = {k: v for k, v in rows.items() if k not in ("patient", "last")}
    out["mode"] = Words(rows["mode"], MODES)
    out["outcome"] = words((rng.random(n) < 0.006).astype(int), "continue", "lost")
    later = np.where(world.of_model[rows["person"]], 165, 80)
    out["next_on"] = (rows["day"] + later + rng.integers(0, 22, n)).astype(np.int32)
    out["doctor"] = doctors(world, rows["unit"], rng)
    out["entered_on"] = world.late(rng, rows["day"])
    return take(out, rows["day"] <= world.last)


def tag_rows(world: World, patients: Patients) -> Rows:
    """The tag of everyone diagnosed so far, from the day of diagnosis on."""
    known = patients.diagnosed <= world.last
    person = patients.person[known]
    return stack(
        [
            {
                "person": person,
                "tag": chosen(np.ones(len(person), bool), f"{patients.programme}_diagnosed", None),
                "start_on": patients.diagnosed[known],
                "end_on": np.full(len(person), FAR, np.int32),
            }
        ]
    )
