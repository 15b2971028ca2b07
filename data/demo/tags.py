"""Groups and findings that a person can carry, with their dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.chronic import Patients
from data.demo.days import FAR, day
from data.demo.draw import pick
from data.demo.people import START
from data.demo.rows import Rows, Words
from data.demo.world import World

TAGS = (
    "disabled", "low_income", "special_family", "solitary", "disabled_elder", "high_risk_elder", "elder_dynamic",
    "sarcopenia", "sarcopenia_improved", "care_plan", "care_plan_improved", "htn_diagnosed", "dm_diagnosed",
    "post_op", "pregnant", "tb", "smi",
)  # fmt: skip
KEY_TAGS = ("pregnant", "disabled", "low_income", "special_family", "tb", "smi")

SMI = 0.0088  # of grown people on record: a little more than the 0.6 % of residents that should be known


@dataclass
class Tags:
    """One row a tag of a person."""

    person: np.ndarray
    tag: np.ndarray  # index into TAGS
    start: np.ndarray
    end: np.ndarray

    def holders(self, tags: tuple[str, ...], on: int) -> np.ndarray:
        """Who carries one of the tags on a day."""
        return self.carriers(tags, on + 1, on)

    def carriers(self, tags: tuple[str, ...], first: int, last: int) -> np.ndarray:
        """Who carries one of the tags on any day from ``first`` to ``last``."""
        wanted = np.isin(self.tag, [TAGS.index(t) for t in tags])
        return np.unique(self.person[wanted & (self.start <= last) & (self.end >= first)])

    def ever(self, tags: tuple[str, ...]) -> np.ndarray:
        """Who carries one of the tags at any time."""
        return np.unique(self.person[np.isin(self.tag, [TAGS.index(t) for t in tags])])


def make_tags(world: World, patients: list[Patients]) -> Tags:
    """Every tag of a centre's people. The counted lists are exact at the end of 2025."""
    rng = world.stream("tags")
    people, quality = world.people, float(world.units.quality[world.centre])
    parts: list[tuple[np.ndarray, str, np.ndarray, np.ndarray]] = []

    def put(person: np.ndarray, tag: str, start: np.ndarray, end: np.ndarray | None = None) -> np.ndarray:
        start = np.maximum(start, people.record_on[person])
        stop = people.end[person] if end is None else np.minimum(end, people.end[person])
        keep = start < stop
        parts.append((person[keep], tag, start[keep], stop[keep]))
        return person[keep]

    for p in patients:
        put(p.person, f"{p.programme}_diagnosed", p.diagnosed)
    for tag, share, low, high in (
        ("disabled", 0.021, 5, 95), ("low_income", 0.016, 0, 95), ("special_family", 0.002, 52, 90),
        ("smi", SMI * (1 + 0.35 * quality), 18, 85), ("post_op", 0.003, 30, 85), ("tb", 0.0018, 15, 85),
    ):  # fmt: skip
        able = np.flatnonzero(people.recorded & people.age_on(START, low) & ~people.age_on(START, high))
        person = able[rng.random(len(able)) < share]
        ongoing = START - rng.integers(30, 3000, len(person))
        within = START + rng.integers(0, 1000, len(person))
        short = tag in ("tb", "post_op")
        start = within if short else np.where(rng.random(len(person)) < 0.9, ongoing, within)
        put(person, tag, start, start + rng.integers(170, 260, len(person)) if short else None)
    _pregnant(world, rng, put)
    _elders(world, rng, patients, put)
    world.memo["cared_for"] = np.concatenate([p for p, tag, *_ in parts if tag in ("pregnant", "smi", "tb")])
    return Tags(
        np.concatenate([p for p, *_ in parts]),
        np.concatenate([np.full(len(p), TAGS.index(tag)) for p, tag, *_ in parts]),
        np.concatenate([s for *_, s, _ in parts]).astype(np.int32),
        np.concatenate([e for *_, e in parts]).astype(np.int32),
    )


def _pregnant(world: World, rng: np.random.Generator, put) -> None:
    """As many pregnancies as births, from booking to six weeks after delivery."""
    people = world.people
    births = np.flatnonzero((people.born >= START - 200) & (people.record_on <= people.born + 60))
    women = np.flatnonzero(
        people.recorded & (people.sex == 2) & people.age_on(START, 21) & ~people.age_on(START, 39)
    )
    mother = pick(rng, women, len(births))
    delivery = rng.permutation(people.born[births])[: len(mother)]
    world.memo["pregnancies"] = (mother, delivery)
    put(mother, "pregnant", delivery - rng.integers(180, 225, len(mother)), delivery + 42)


def _elders(world: World, rng: np.random.Generator, patients: list[Patients], put) -> None:
    people, counts = world.people, world.plans[2025].counts
    turn = day(2025, 12, 31)
    steady = people.present(turn) & (people.record_on < day(2024, 6)) & (people.end > turn + 30)
    steady &= (people.arrived == FAR) | (people.arrived < day(2024))
    old = np.flatnonzero(steady & people.age_on(day(2024), 65))

    def some(among: np.ndarray, n: int) -> np.ndarray:
        return pick(rng, among, n)

    def days_of(year: int, n: int, first: int = 5, last: int = 350) -> np.ndarray:
        return day(year) + rng.integers(first, last, n)

    elders = np.flatnonzero(people.recorded & people.age_on(day(2025), 66))
    for tag, share in (("solitary", 0.055), ("disabled_elder", 0.033)):
        person = elders[rng.random(len(elders)) < share]
        put(person, tag, day(2023) + rng.integers(0, 900, len(person)))
    listed = some(old, counts["el_highrisk_listed"])
    put(listed, "high_risk_elder", days_of(2024, len(listed), 0, 700))
    dynamic = some(old, counts["el_dynamic_mgmt"])
    put(dynamic, "elder_dynamic", days_of(2024, len(dynamic), 60, 725))
    weak = some(old, round(counts["el_sarcopenia_improved"] * 1.9))
    put(weak, "sarcopenia", days_of(2024, len(weak), 0, 360))
    better = some(weak, counts["el_sarcopenia_improved"])
    put(better, "sarcopenia_improved", days_of(2025, len(better)))
    still = np.setdiff1d(weak, better)
    later = some(still, len(still) * 0.4)
    put(later, "sarcopenia_improved", days_of(2026, len(later)))
    managed = [p.person[(p.enrolled < day(2024)) & (p.ended > turn + 1)] for p in patients]
    complex_ones = np.intersect1d(np.concatenate(managed), np.flatnonzero(steady))
    planned = some(complex_ones, counts["ncd_care_plan"])
    put(planned, "care_plan", days_of(2024, len(planned), 60, 640))
    improved = some(planned, counts["ncd_care_plan_improved"])
    put(improved, "care_plan_improved", days_of(2025, len(improved), 30, 350))
    more = some(np.setdiff1d(planned, improved), len(planned) * 0.1)
    put(more, "care_plan_improved", days_of(2026, len(more)))


def tag_rows(world: World, tags: Tags) -> Rows:
    """Rows of the tags noted so far. An end that has not come is not known yet."""
    rng = world.stream("tag rows")
    known = tags.start <= world.last
    person, start = tags.person[known], tags.start[known]
    end = np.where(tags.end[known] >= world.people.end[person], FAR, tags.end[known])
    return {
        "person": person,
        "unit": world.people.unit_on(person, start),
        "tag": Words(tags.tag[known], TAGS),
        "start_on": start,
        "end_on": world.clip(end),
        "entered_on": world.late(rng, start),
    }
