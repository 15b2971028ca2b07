"""Smaller things that people take part in: points, home beds, rehabilitation, observation, insurance, advice."""

from __future__ import annotations

import numpy as np

from data.demo.children import screened
from data.demo.days import day
from data.demo.draw import pick, season_days
from data.demo.programmes import tagged
from data.demo.rows import Rows, Words, stack, take, words
from data.demo.services import written
from data.demo.tags import Tags
from data.demo.world import World

POINTS = 0.046  # of the residents collect points by the end of 2026
OBSERVED = 0.0025  # of the residents are watched as contacts in a year
BRUCELLA, MENTAL = 0.008, 0.01  # of the residents are screened in a year


def enrolment_rows(world: World, tags: Tags) -> Rows:
    """Who takes part in the smaller programmes, from when to when."""
    rng = world.stream("small programmes")
    people = world.people
    quality = float(world.units.quality[world.centre])
    grown = np.flatnonzero(
        people.present(day(2026)) & people.age_on(day(2025), 20) & (people.end > day(2027))
    )
    parts = []
    joined = pick(
        rng, grown, world.plans[2025].statistical * POINTS * np.exp(0.5 * quality), world.liking(grown)
    )
    parts.append(
        _enrolled(world, rng, joined, "points", day(2025, 9) + rng.integers(0, 360, len(joined)), None)
    )
    weak = np.unique(tagged(tags, "disabled_elder")[0])
    in_bed = pick(rng, weak, len(weak) * 0.15)
    start = day(2024) + rng.integers(0, 900, len(in_bed))
    parts.append(_enrolled(world, rng, in_bed, "home_bed", start, start + rng.integers(40, 300, len(in_bed))))
    disabled = np.unique(tagged(tags, "disabled")[0])
    planned = pick(rng, disabled, len(disabled) * (0.4 + 0.4 * quality), world.liking(disabled))
    parts.append(
        _enrolled(world, rng, planned, "rehab_plan", day(2024) + rng.integers(0, 700, len(planned)), None)
    )
    patients = np.unique(tagged(tags, "smi")[0])
    learning = pick(rng, patients, len(patients) * (0.3 + 0.3 * quality))
    parts.append(
        _enrolled(world, rng, learning, "rehab", day(2023, 6) + rng.integers(0, 700, len(learning)), None)
    )
    for year in world.years:
        watched = pick(rng, np.flatnonzero(people.whole_year(year)), world.plans[2025].statistical * OBSERVED)
        start = season_days(rng, year, (9, 8, 7, 6, 5, 4, 4, 5, 7, 8, 9, 9), len(watched))
        lost = rng.random(len(watched)) < 0.05 - 0.08 * world.liking(watched)
        end = start + np.where(lost, rng.integers(1, 6, len(watched)), rng.integers(7, 15, len(watched)))
        parts.append(_enrolled(world, rng, watched, "monitored_contact", start, end, lost))
    return stack(parts)


def _enrolled(
    world: World,
    rng: np.random.Generator,
    person: np.ndarray,
    programme: str,
    start: np.ndarray,
    end: np.ndarray | None,
    lost: np.ndarray | None = None,
) -> Rows:
    people, n = world.people, len(person)
    begin = np.maximum(start, people.record_on[person] + 1).astype(np.int64)
    stop = np.minimum(people.end[person] if end is None else end, people.end[person])
    keep = begin < stop
    reason = np.where(
        np.zeros(n, bool) if lost is None else lost, 2, np.where(stop == people.end[person], 1, 4)
    )
    rows: Rows = {
        "person": person,
        "unit": people.unit_on(person, begin),
        "programme": words(np.zeros(n, int), programme),
        "start_on": begin.astype(np.int32),
        "end_on": world.clip(stop),
        "end_reason": Words(
            np.where(stop <= world.last, reason, -1), ("died", "moved", "lost", "refused", "other")
        ),
        "entered_on": world.late(rng, begin),
    }
    return take(rows, keep & (begin <= world.last))


def insured_rows(world: World) -> Rows:
    """Who is insured: a tag of nearly everyone on record."""
    rng = world.stream("insured")
    people = world.people
    person = np.flatnonzero(people.recorded & (people.record_on <= world.last))
    person = person[(rng.random(len(person)) < 0.96 + 0.05 * world.liking(person)) | world.of_model[person]]
    start = np.maximum(people.record_on[person], day(2023)).astype(np.int32)
    end = people.end[person]
    return {
        "person": person,
        "unit": people.unit_on(person, start),
        "tag": words(np.zeros(len(person), int), "insured"),
        "start_on": start,
        "end_on": world.clip(end),
        "entered_on": world.late(rng, start),
    }


def service_rows(world: World, tags: Tags, year: int) -> Rows:
    """Family-planning guidance everywhere, advice to disabled people, and calls of the model clinic to all key people."""
    rng = world.stream("extra services", year)
    people = world.people
    last = day(year, 12, 31)
    steady = people.whole_year(year)
    women = np.flatnonzero(
        steady & (people.sex == 2) & people.age_on(day(year), 20) & ~people.age_on(last, 45)
    )
    women = women[~world.untouched(year)[women]]
    guided = pick(
        rng,
        women,
        max(len(women) * (0.008 if world.is_reference else 0.04), 4 * len(world.units.of_town(world.town))),
    )
    disabled = tags.holders(("disabled",), day(year, 6, 30))
    trained = pick(
        rng, disabled[steady[disabled]], len(disabled) * (0.1 if world.is_reference else 0.4), None
    )
    of_model = np.flatnonzero(world.of_model & people.present(last))
    called = of_model[people.age_on(last, 64)[of_model] | ~people.age_on(day(year), 8)[of_model]]
    called = np.union1d(called, of_model[np.isin(of_model, _key_people(world, tags, year))])
    guarded, guarded_on = _guardian_visits(world, rng, year)
    sizes = [len(guided), len(trained), len(called), len(guarded)]
    person = np.concatenate([guided, trained, called, guarded])
    kind = np.repeat([11, 4, 1, 6], sizes)
    mode = np.repeat([0, 0, 1, 2], sizes)
    when = season_days(rng, year, (8, 7, 9, 9, 9, 8, 8, 8, 9, 9, 8, 8), len(person), sundays=0.3)
    when = np.maximum(when, np.minimum(people.record_on[person] + 1, last)).astype(np.int32)
    when[len(person) - len(guarded) :] = guarded_on
    return written(world, rng, year, person, kind, mode, when, "X", at_unit=kind == 11)


def _guardian_visits(world: World, rng: np.random.Generator, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Two visits a month to the households of the guardian package: at good units always, at others now and then."""
    person, start = world.memo["guarded"]
    often = 0.5 if world.is_reference else np.clip(0.75 + 0.8 * world.liking(person), 0, 1)
    months = np.array([[day(year, m, d) for d in (3, 17)] for m in range(1, 13)]).ravel()
    fits = (months[None, :] > start[:, None]) & (months[None, :] < world.people.end[person][:, None] - 14)
    fits &= (rng.random((len(person), 12)) < np.broadcast_to(often, len(person))[:, None]).repeat(2, axis=1)
    row, at = np.nonzero(fits)
    return person[row], (months[at] + rng.integers(0, 10, len(row))).astype(np.int32)


def _key_people(world: World, tags: Tags, year: int) -> np.ndarray:
    carriers = tags.carriers(
        ("pregnant", "disabled", "low_income", "special_family", "tb", "smi"), day(year), day(year, 12, 31)
    )
    return np.union1d(carriers, np.flatnonzero(world.diagnosed))


def screening_rows(world: World, year: int) -> Rows:
    """Brucella among those who keep animals, and a look at people's minds."""
    rng = world.stream("extra screenings", year)
    people = world.people
    grown = np.flatnonzero(people.whole_year(year) & people.age_on(day(year), 25) & ~world.untouched(year))
    parts = []
    for kind, share, found in (("brucella", BRUCELLA, 0.004), ("mental", MENTAL, 0.03)):
        who = pick(rng, grown, world.plans[2025].statistical * share, world.liking(grown))
        parts.append(screened(world, rng, year, who, kind, rng.random(len(who)) < found))
    return stack(parts)
