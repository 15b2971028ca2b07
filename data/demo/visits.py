"""Visits with their prescriptions and referrals: the figures of the clinic."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.demo.days import FAR, birthday, day
from data.demo.draw import flags, season_days, weighted
from data.demo.rows import Rows, glue, text_of_whole, words
from data.demo.world import World

MONTHS = (11, 8, 9, 8, 8, 7.5, 7.5, 7.5, 7.5, 8, 9, 10)  # more in the cold months
KINDS = ("outpatient", "emergency", "inpatient")
DEPARTMENTS = ("general", "tcm", "rehab", "paediatrics", "gynaecology", "dental")
CHRONIC_ICD = ("I10.x00", "I11.900", "E11.900", "E11.700")
OTHER_ICD = (
    "J06.900",
    "J20.900",
    "M54.500",
    "K29.500",
    "L30.900",
    "R51.x00",
    "K02.900",
    "M17.900",
    "N39.000",
    "J31.000",
    "R05.x00",
    "G47.000",
)
PRESCRIBED = 0.55  # prescriptions for one visit
EMERGENCIES, ADMISSIONS = 0.0045, 0.0022  # for one outpatient visit


def encounter_rows(world: World, year: int, must: np.ndarray) -> Rows:
    """Outpatient visits, emergencies and admissions of a year.

    ``must``: persons who come at least once. Visits are made of four groups (old or not, chronic or
    not), so that both published shares hold.
    """
    rng = world.stream("encounters", year)
    plan, people = world.plans[year], world.people
    n = plan.counts["op_visits"]
    middle = day(year, 7)
    old, chronic = people.age_on(middle, 65), world.diagnosed_on <= day(year, 12, 31)
    here = (
        people.recorded
        & (people.record_on < day(year, 7))
        & (people.end > day(year, 3))
        & ~world.untouched(year)
    )
    quota = _quotas(plan.shares["op_elderly_share"], plan.shares["ncd_opc_share"], n)
    person = []
    for (is_old, is_chronic), size in quota.items():
        own = (old == is_old) & (chronic == is_chronic)
        group, first = np.flatnonzero(here & own), must[own[must]][:size]
        # Some come often: a long-tailed liking for the doctor.
        liking = rng.gamma(0.9, 1.0, len(group)) + 0.05
        again = group[weighted(rng, liking, size - len(first))] if len(group) else first[:0]
        person += [first, again]
    outpatient = np.concatenate(person)
    emergency = outpatient[rng.integers(0, len(outpatient), round(n * EMERGENCIES))]
    admitted = outpatient[rng.integers(0, len(outpatient), round(n * ADMISSIONS))]
    person = np.concatenate([outpatient, emergency, admitted])
    kind = np.repeat([0, 1, 2], [len(outpatient), len(emergency), len(admitted)])
    first, last = _own_time(world, year, person, old[person])
    when = season_days(rng, year, MONTHS, len(person), sundays=0.6)
    moved = first + (rng.random(len(person)) * np.maximum(last - first + 1, 1)).astype(np.int64)
    when = np.where((when < first) | (when > last), moved, when).astype(np.int32)
    return _columns(world, rng, year, person, kind, when)


def _own_time(world: World, year: int, person: np.ndarray, old: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of the year on which each visitor is here, and on their side of 65."""
    people = world.people
    first, last = (
        np.maximum(people.record_on[person], day(year)),
        np.minimum(people.end[person] - 1, day(year, 12, 31)),
    )
    turns = birthday(people.born[person], 65)
    inside = (turns > first) & (turns <= last)
    return np.where(inside & old, turns, first), np.where(inside & ~old, turns - 1, last)


def _quotas(elderly: float, chronic: float, n: int) -> dict[tuple[bool, bool], int]:
    both = round(n * elderly * 0.68)  # most old visitors have a chronic disease
    old, sick = round(n * elderly), round(n * chronic)
    return {
        (True, True): both,
        (True, False): old - both,
        (False, True): sick - both,
        (False, False): n - old - sick + both,
    }


def _columns(
    world: World, rng: np.random.Generator, year: int, person: np.ndarray, kind: np.ndarray, when: np.ndarray
) -> Rows:
    plan, people, n = world.plans[year], world.people, len(person)
    out = np.flatnonzero(kind == 0)
    unit = people.unit_on(person, when)
    unit = np.where((rng.random(n) < 0.42) | (kind == 2), world.centre, unit)
    department = np.zeros(n, int)
    child = ~people.age_on(day(year), 13)[person]
    department[out] = weighted(rng, np.array([74, 0, 5, 0, 5, 6.0]), len(out))
    department[child & (rng.random(n) < 0.8)] = 3
    grown = np.flatnonzero((kind == 0) & ~child)
    tcm = rng.permutation(grown)[: plan.counts["tcm_visits"]]
    department[tcm] = 1
    online = np.zeros(n, bool)
    services_online = round(1_500 * plan.counts["online_services"] / 18_000)
    at_desk = np.flatnonzero((kind == 0) & (department != 2))
    online[rng.permutation(at_desk)[: plan.counts["online_services"] - services_online]] = True
    # A visit before the diagnosis within the same year is the one at which the disease shows.
    diagnosed_on = world.diagnosed_on[person]
    chronic = (diagnosed_on <= day(year, 12, 31)) & ((rng.random(n) < 0.66) | (when < diagnosed_on))
    icd = np.where(
        chronic, weighted(rng, np.array([62, 6, 26, 6.0]), n), 4 + rng.integers(0, len(OTHER_ICD), n)
    )
    fresh = rng.random(n) < 0.22
    adult35 = birthday(people.born, 35)[person] <= when
    measured = np.where(
        fresh & adult35, rng.random(n) < 0.88 + 0.12 * world.units.quality[unit], rng.random(n) < 0.2
    )
    fresh &= ~(online & (unit == world.units.model))
    measured |= fresh & adult35 & (unit == world.units.model)
    measured &= ~online
    remote = ~online & (kind == 0) & (rng.random(n) < 0.0012 * np.exp(2 * world.units.quality[unit]))
    number = np.arange(n)
    fee = _fees(rng, plan.cost, kind)
    discharged = np.where(kind == 2, when + rng.integers(3, 12, n), FAR)
    return {
        "person": person,
        "unit": unit,
        "visit_no": visit_numbers(world, year, number),
        "day": when,
        "kind": words(kind, *KINDS),
        "department": words(department, *DEPARTMENTS),
        "channel": words(np.where(remote, 2, online.astype(int)), "onsite", "online", "remote"),
        "appointed": (online | (rng.random(n) < 0.3)).astype(np.int8),
        "first_visit": fresh.astype(np.int8),
        "icd": words(icd, *CHRONIC_ICD, *OTHER_ICD),
        "sbp": np.where(measured, np.clip(rng.normal(131, 14, n), 92, 192).astype(np.int64), -1),
        "dbp": np.where(measured, np.clip(rng.normal(79, 8, n), 52, 90).astype(np.int64), -1),
        "fee": fee,
        "wait_minutes": np.where(
            (kind == 0) & ~online, np.clip(rng.gamma(2.4, 10, n), 1, 150).astype(np.int64), -1
        ),
        "handled_minutes": np.where(kind == 1, np.clip(rng.gamma(3.2, 6.2, n), 3, 90).astype(np.int64), -1),
        "infusion": ((rng.random(n) < 0.06) & ~online).astype(np.int8),
        "linked": (rng.random(n) < 0.9 + 0.1 * world.units.quality[unit]).astype(np.int8),
        "discharged_on": world.clip(discharged),
        "entered_on": world.late(rng, when),
    }


def visit_numbers(world: World, year: int, number: np.ndarray) -> pa.Array:
    return glue(
        "MZ", text_of_whole(np.full(len(number), (world.town + 1) * 10_000 + year)), text_of_whole(number, 7)
    )


def _fees(rng: np.random.Generator, cost: int, kind: np.ndarray) -> np.ndarray:
    """Fees in fen; the outpatient mean is ``cost``, one visit in fifty has none known."""
    n = len(kind)
    fee = rng.lognormal(0, 0.75, n)
    out = kind == 0
    fee[out] *= cost / fee[out].mean()
    fee[kind == 1] *= cost * 1.6
    fee[kind == 2] *= 220_000
    return np.where(rng.random(n) < 0.02, -1, np.maximum(fee, 100)).astype(np.int64)


def prescription_rows(world: World, year: int, encounters: Rows) -> Rows:
    """Prescriptions of outpatient visits: the shares with antibiotics and found qualified are exact."""
    rng = world.stream("prescriptions", year)
    plan = world.plans[year]
    out = np.flatnonzero(encounters["kind"].codes == 0)
    index = np.sort(rng.permutation(out)[: round(len(out) * PRESCRIBED)])
    n = len(index)
    tcm = encounters["department"].codes[index] == 1
    # Only the department of Chinese medicine says whether a prescription has herbal pieces.
    herbal = np.zeros(n, bool)
    of_tcm = np.flatnonzero(tcm)
    herbal[of_tcm] = flags(rng, len(of_tcm), round(plan.shares["tcm_decoction_rate"] * len(of_tcm)))
    antibiotic = np.zeros(n, bool)
    antibiotic[rng.permutation(np.flatnonzero(~herbal))[: round(plan.shares["antibiotic_rate"] * n)]] = True
    reviewed = rng.random(n) < 0.06
    qualified = np.full(n, -1, np.int8)
    looked_at = np.flatnonzero(reviewed)
    qualified[looked_at] = flags(
        rng, len(looked_at), round(plan.shares["rx_qualified_rate"] * len(looked_at))
    )
    injection = rng.random(n) < 0.11
    away, quality = rng.random(n) < 0.012, world.units.quality[encounters["unit"][index]]
    fee = encounters["fee"][index]
    return {
        "person": encounters["person"][index],
        "unit": encounters["unit"][index],
        "rx_no": glue(
            "CF", text_of_whole(np.full(n, (world.town + 1) * 10_000 + year)), text_of_whole(np.arange(n), 7)
        ),
        "visit_no": encounters["visit_no"].take(pa.array(index)),
        "day": encounters["day"][index],
        "amount": np.where(fee < 0, -1, (fee * (0.45 + 0.4 * rng.random(n))).astype(np.int64)),
        "antibiotic": antibiotic.astype(np.int8),
        "injection": injection.astype(np.int8),
        "steroid": (rng.random(n) < 0.021).astype(np.int8),
        "intravenous": (injection & (rng.random(n) < 0.45)).astype(np.int8),
        "herbal": np.where(tcm, herbal, -1).astype(np.int8),
        "reviewed": reviewed.astype(np.int8),
        "qualified": qualified,
        "home_visit": away.astype(np.int8),
        "signed": np.where(away, rng.random(n) < 0.94 + 0.08 * quality, -1).astype(np.int8),
        "entered_on": encounters["entered_on"][index],
    }


def referral_rows(world: World, year: int, encounters: Rows) -> Rows:
    """Patients sent to a hospital and back."""
    rng = world.stream("referrals", year)
    counts = world.plans[year].counts
    up, down = counts["rf_up"], counts["rf_down"]
    index = rng.integers(0, len(encounters["person"]), up + down)
    n = up + down
    unit = encounters["unit"][index]
    quality = world.units.quality[unit]
    when = encounters["day"][index]
    ups = np.arange(n) < up
    severe = ups & (rng.random(n) < 0.22)
    known = np.where(severe, rng.random(n) < 0.95 + 0.1 * quality, rng.random(n) < 0.96)
    followed = ~ups & (rng.random(n) < 0.86 + 0.2 * quality)
    # The better centres hand over within the hour, the poorer keep people waiting.
    pace = np.exp(-1.4 * (0.0 if world.is_reference else float(world.units.quality[world.centre])))
    return {
        "person": encounters["person"][index],
        "unit": unit,
        "referral_no": glue(
            "ZZ", text_of_whole(np.full(n, (world.town + 1) * 10_000 + year)), text_of_whole(np.arange(n), 5)
        ),
        "day": when,
        "direction": words(np.repeat([0, 1], [up, down]), "up", "down"),
        "minutes": np.clip(rng.gamma(6, 13, n) * pace, 15, 600).astype(np.int64),
        "disease": words(weighted(rng, np.array([2, 3, 30, 20, 45.0]), n), "tb", "smi", "htn", "dm", "other"),
        "severe": severe.astype(np.int8),
        "success": known.astype(np.int8),
        "followed_on": world.clip(np.where(followed, when + rng.integers(1, 15, n), FAR)),
        "entered_on": encounters["entered_on"][index],
    }
