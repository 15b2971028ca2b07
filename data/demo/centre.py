"""One centre from its people to all of its rows, in the order in which things depend on each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data.demo import (
    checkups,
    children,
    chronic,
    contracts,
    extras,
    immunisation,
    mothers,
    population,
    programmes,
    reference,
    registers,
    services,
    visits,
)
from data.demo.days import FAR, day, months_of
from data.demo.geography import Places, Units
from data.demo.people import Identities, make_identities, make_people
from data.demo.plan import make_plan
from data.demo.rows import Rows, length, stack, take
from data.demo.tags import make_tags, tag_rows
from data.demo.towns import MERGED, MERGED_ON, SILENT, SUCCESSOR
from data.demo.world import World

PAPER = 0.42  # of adults without a programme in the reference centre have a paper record only


@dataclass(frozen=True)
class Piece:
    """Rows of one kind, ready to be written: ``kind`` as in ``data.demo.kinds``, year 0 for all years."""

    kind: str
    year: int
    rows: Rows


def make_world(seed: int, town: int, statistical: int, units: Units, places: Places, until: int) -> World:
    """The people of a centre and the plans of its years."""
    years = range(2024, until // 12 + 1)
    last_year = max(until // 12, 2026)  # so that what is known of a year does not depend on the end
    people = make_people(seed, town, statistical, units, places, last_year)
    plans = {year: make_plan(town, year, statistical) for year in range(2024, last_year + 1)}
    return World(seed, town, units, places, people, plans, until, list(years))


def identities(world: World) -> Identities:
    return make_identities(world.seed, world.town, world.people, world.units, world.places, world.last)


def pieces(world: World) -> Iterator[Piece]:
    """All rows of a centre, kind by kind; big kinds year by year, so that memory stays small."""
    patients = _patients(world)
    htn, dm = patients
    yield Piece("person", 0, registers.person_rows(world))
    yield Piece("health_record", 0, registers.health_record_rows(world))
    yield Piece("residence", 0, registers.residence_rows(world))
    yield Piece("population", 0, population.population_rows(world))
    yield Piece("team", 0, contracts.team_rows_of(world))
    tags = make_tags(world, patients)
    yield Piece("person_tag", 0, stack([tag_rows(world, tags), extras.insured_rows(world)]))
    yield Piece("htn_enrolment", 0, chronic.enrolment_rows(world, htn))
    yield Piece("dm_enrolment", 0, chronic.enrolment_rows(world, dm))
    yield Piece("elder_enrolment", 0, checkups.elder_rows(world))
    pregnancies = mothers.Pregnancies(world)
    yield Piece("pregnancy", 0, mothers.pregnancy_rows(world, pregnancies))
    yield Piece("maternal_visit", 0, mothers.visit_rows(world, pregnancies))
    courses, in_treatment = programmes.tb_rows(world, tags)
    yield Piece("tb_course", 0, courses)
    yield Piece(
        "other_enrolment",
        0,
        stack([programmes.smi_enrolment_rows(world, tags), in_treatment, extras.enrolment_rows(world, tags)]),
    )
    yield Piece("vaccination_card", 0, immunisation.card_rows(world))
    holders = contracts.make_holders(world, patients, tags)
    yield Piece("contract", 0, contracts.contract_rows(world, holders))
    doses = immunisation.dose_rows(world)
    dose_year = np.maximum(months_of(doses["day"]) // 12, 2023)
    for year in (2023, *world.years):
        yield Piece("dose", year, _delivered(world, take(doses, dose_year == year)))
    for year in world.years:
        yield Piece("contract_item", year, contracts.item_rows(world, holders, patients, tags, year))
        yield from _year(world, year, htn, dm, tags, take(doses, dose_year == year))


def _patients(world: World) -> list[chronic.Patients]:
    n = len(world.people)
    htn = chronic.make_patients(world, "htn")
    dm = chronic.make_patients(world, "dm", htn.diagnosed_on(n) < FAR)
    world.diagnosed_on = np.minimum(htn.diagnosed_on(n), dm.diagnosed_on(n))
    if world.is_reference:
        rng = world.stream("paper")
        adult = world.people.age_on(day(2023), 18) & ~world.people.age_on(day(2027), 65) & ~world.diagnosed
        world.people.electronic = ~(adult & (rng.random(n) < PAPER))
    return [htn, dm]


def _year(
    world: World, year: int, htn: chronic.Patients, dm: chronic.Patients, tags, doses: Rows
) -> Iterator[Piece]:
    followups = {p.programme: chronic.followup_rows(world, p, year) for p in (htn, dm)}
    programmes.smi_checked(world, tags, year)
    followups["smi"] = programmes.smi_followup_rows(world, tags, year)
    at_home = sum(int((f["mode"].codes == chronic.MODES.index("home")).sum()) for f in followups.values())
    special = stack([services.special_rows(world, tags, year), extras.service_rows(world, tags, year)])
    at_home += int((special["mode"].codes == services.MODES.index("home")).sum())
    done = stack([services.service_rows(world, tags, year, at_home), special])
    share, counts = _share_of_year(world, year), world.plans[year].counts
    visited = counts["op_visits"] * (1 + visits.EMERGENCIES + visits.ADMISSIONS)
    own = sum(length(f) for f in followups.values()) + _at_home(world, take(done, services.is_care(done)))
    room = (counts["service_persontimes"] - visited) * share - own - _at_home(world, doses)
    # The reference centre's person-times are planned: what it cannot check itself, the county clinic does.
    least = round(reference.CHECKS_AT_CENTRE * share * world.plans[year].statistical)
    budget = max(int(room) - 40, least) if world.is_reference else None
    checks = checkups.checkup_rows(world, year, budget)
    if world.is_reference and share == 1.0:
        done = stack([done, services.fill_rows(world, year, round(room - _at_home(world, checks)))])
    served = np.zeros(len(world.people), bool)
    for rows in (*followups.values(), checks, take(done, services.is_care(done))):
        served[rows["person"]] = True
    usable = (
        world.people.present(day(year, 12, 31)) & world.people.electronic & ~served & ~world.untouched(year)
    )
    seen = visits.encounter_rows(world, year, np.flatnonzero(usable))
    prescribed = visits.prescription_rows(world, year, seen)
    referred = visits.referral_rows(world, year, seen)
    for kind, rows in (
        ("htn_followup", followups["htn"]),
        ("dm_followup", followups["dm"]),
        ("other_followup", followups["smi"]),
        ("child_visit", children.visit_rows(world, year)),
        (
            "screening",
            stack([part.screening_rows(world, year) for part in (children, mothers, extras)]),
        ),
        ("health_event", programmes.event_rows(world, tags, year)),
        ("checkup", checks),
        ("service", done),
        ("encounter", seen),
        ("prescription", prescribed),
        ("referral", referred),
    ):
        if not rows or not length(rows):
            continue
        rows = _old_code(world, kind, take(rows, rows["day"] <= world.last))
        yield Piece(kind, year, _delivered(world, rows))


def _share_of_year(world: World, year: int) -> float:
    """How much of a year the files cover."""
    return min((world.last + 1 - day(year)) / (day(year + 1) - day(year)), 1.0)


def _at_home(world: World, rows: Rows) -> int:
    """Rows that the centre and its stations performed themselves."""
    return int((world.units.town[rows["unit"]] == world.town).sum()) if rows else 0


def _old_code(world: World, kind: str, rows: Rows) -> Rows:
    """For two months after the merger a third of the rows still carry the closed clinic's code."""
    closed, successor = world.units.named(MERGED), world.units.named(SUCCESSOR)
    if world.units.town[closed] != world.town:
        return rows
    merged = day(*MERGED_ON)
    taken = (rows["unit"] == successor) & (rows["day"] >= merged) & (rows["day"] < merged + 62)
    taken &= world.people.unit_before[rows["person"]] == closed
    late = taken & (world.stream("old code", kind).random(len(taken)) < 0.33)
    return rows | {"unit": np.where(late, closed, rows["unit"])}


def _delivered(world: World, rows: Rows) -> Rows:
    """Without what one station never handed in."""
    if not rows or world.units.town[world.units.named(SILENT)] != world.town:
        return rows
    months = months_of(rows["day"])
    first, last = registers.silent_months(world.until)
    lost = (rows["unit"] == world.units.named(SILENT)) & (months >= first) & (months <= last)
    return take(rows, ~lost)
