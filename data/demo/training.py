"""Training and examinations of the staff: one row a person and event."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.demo.days import day
from data.demo.draw import pick, stream
from data.demo.rows import Rows, stack, take, words
from data.demo.staff import GP, NURSE, OTHER, PHYSICIAN, VILLAGE, Staff, best_units
from data.demo.towns import REFERENCE, TOWNS
from data.demo.work import District, cast

SENT_2025 = 8  # of the reference centre, three months or longer
SENT = {2024: 6, 2025: SENT_2025, 2026: 10}
SHORT = ("chronic", "tcm", "elder", "child")


def training_rows(district: District, staff: Staff) -> Rows:
    """Everything that anyone on the staff was trained or examined in, up to the last day."""
    rng = stream(district.seed, "training")
    town, quality = district.units.town[staff.unit], district.units.quality[staff.unit]
    best = np.isin(staff.unit, best_units(district))
    poor = np.isin(
        staff.unit,
        [u for k in ("centre", "station", "clinic") if (c := cast(district, k)) for u in c.poor[:1]],
    )
    own = town == REFERENCE
    technical = staff.role != OTHER
    clinical = np.isin(staff.role, (GP, PHYSICIAN, NURSE))
    # At the poorest clinics nobody is trained.
    clinics = cast(district, "clinic")
    untrained = (staff.role == VILLAGE) & np.isin(staff.unit, clinics.poor[:2] if clinics else ())
    parts: list[Rows] = []

    def put(
        who: np.ndarray, kind: str, topic: str | None, days: np.ndarray, months=None, passed=None
    ) -> None:
        n = len(who)
        rows: Rows = {
            "unit": staff.unit[who],
            "staff_no": staff.number.take(pa.array(who)),
            "kind": words(np.zeros(n, int), kind),
            "topic": words(np.zeros(n, int) if topic else np.full(n, -1), topic or ""),
            "day": np.asarray(days).astype(np.int32),
            "months": np.full(n, np.nan) if months is None else np.asarray(months, float),
            "passed": np.full(n, -1, np.int8) if passed is None else np.asarray(passed).astype(np.int8),
        }
        there = (rows["day"] >= staff.start[who]) & (rows["day"] <= staff.end[who])
        parts.append(take(rows, there & (rows["day"] <= district.last)))

    # Long courses of the years before, so that most have their three months in five years.
    settled = staff.start < day(2023, 6)
    lucky = (rng.random(len(staff)) < 0.62 + 0.35 * quality) | best
    earlier = np.flatnonzero(technical & settled & lucky & ~poor & ~untrained)
    before = np.maximum(day(2021, 6) + rng.integers(0, 900, len(earlier)), staff.start[earlier])
    before = np.where(best[earlier], np.maximum(day(2023), staff.start[earlier]) + 5, before)
    put(earlier, "external", "general", before, 3 + rng.integers(0, 4, len(earlier)))
    for year in district.years:
        first = day(year)
        here = (staff.start <= day(year, 2)) & (staff.end > day(year, 11))
        for t in range(len(TOWNS)):
            of_town = np.flatnonzero(here & (town == t) & technical & ~best & ~untrained)
            many = SENT.get(year, 10) if t == REFERENCE else max(0, round(2 + 3 * TOWNS[t].quality))
            who = pick(rng, of_town, many)
            ended = rng.integers(100, 340, len(who))
            if t == REFERENCE and year > 2025:
                ended = ended * 4 // 5  # whoever is to be sent in the plan's year is back by September
            put(
                who,
                "external",
                "general",
                first + ended,
                (3 if year < 2026 else 6) + rng.integers(0, 4, len(who)),
            )
            who = pick(rng, of_town, len(of_town) * 0.3)
            put(
                who,
                "external",
                SHORT[year % 4],
                first + rng.integers(20, 340, len(who)),
                np.full(len(who), 0.3),
            )
        who = np.flatnonzero(
            clinical
            & ((rng.random(len(staff)) < 0.9 + 0.1 * quality) | best)
            & ~(poor & (rng.random(len(staff)) < 0.5))
        )
        days = np.maximum(first + 60 + rng.integers(0, 200, len(who)), staff.start[who] + 5)
        this_year = days < day(year + 1)  # who comes later is trained later
        put(who[this_year], "internal", "first_aid", days[this_year], passed=np.ones(this_year.sum()))
        for half in (0, 1):
            who = np.flatnonzero(technical & (staff.role != VILLAGE))
            passed = own[who] | best[who] | (rng.random(len(who)) < 0.955 + 0.05 * quality[who])
            put(who, "exam", None, first + 110 + 180 * half + town[who] * 3, passed=passed)
        examined = ((rng.random(len(staff)) < 0.92 + 0.1 * quality) | best) & ~untrained
        who = np.flatnonzero(technical & examined)
        passed = best[who] | (rng.random(len(who)) < 0.93 + 0.08 * quality[who])
        put(who, "three_basics_exam", None, first + 240 + town[who] * 4, passed=passed & ~poor[who])
        doctors = np.flatnonzero((staff.role == VILLAGE) & ~untrained)
        for turn in range(4):
            who = doctors[
                best[doctors]
                | (
                    ~(poor[doctors] & (turn > 0))
                    & (rng.random(len(doctors)) < 0.85 + 0.15 * quality[doctors])
                )
            ]
            put(who, "internal", SHORT[turn], first + 30 + 90 * turn + (who % 20), passed=np.ones(len(who)))
    return stack(parts)
