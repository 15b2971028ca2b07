"""Appraisals of units and of village doctors, supervision visits and what they find."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.demo.days import FAR, day
from data.demo.draw import spread, stream
from data.demo.registers import closed_days
from data.demo.rows import Rows, Words, stack, take, words
from data.demo.staff import VILLAGE, Staff, best_units
from data.demo.towns import REFERENCE
from data.demo.work import District, cast

GRADES = ("excellent", "good", "qualified", "unqualified")
SANCTIONS = ("warned", "interviewed", "reclaimed", "dismissed", "rewarded")
AREAS = (
    "organisation", "funds", "records", "education", "immunisation", "child", "maternal", "elder", "chronic",
    "mental", "infectious", "supervision",
)  # fmt: skip
WEIGHTS = (6, 8, 12, 8, 8, 8, 8, 10, 14, 6, 6, 6)
DOCTOR_AREAS = ("fulfilment", "workload", "standardisation", "satisfaction")
FAULTS = ("sup_drugs", "sup_folic", "sup_paper", "sup_board", "sup_followup", "sup_other")
SCORE_2025 = 95.2  # of the reference centre itself, whatever its stations score
FOUND_2025, RECTIFIED_2025 = 45, 42
ROUNDS = ((9, 20), (12, 16))  # of the bureau's two appraisals a year


def _open(district: District, *kinds: str) -> np.ndarray:
    return np.concatenate([district.of_kind(kind) for kind in kinds])


def _poor(district: District) -> np.ndarray:
    """Units that are the poorest of their kind."""
    casts = [cast(district, kind) for kind in ("centre", "station", "clinic")]
    return np.array([c.poor[0] for c in casts if c], np.int64)


def _within(district: District, rows: Rows, column: str = "day") -> Rows:
    """Rows of units while they are open, up to the last day."""
    closed = closed_days(district.units)[rows["unit"]]
    return take(rows, (rows[column] <= district.last) & (rows[column] < closed))


def unit_appraisal_rows(district: District) -> Rows:
    """Every centre, station and clinic each quarter; the poorest is left out once a year."""
    rng = stream(district.seed, "unit appraisals")
    units = _open(district, "centre", "station", "clinic")
    units = units[district.units.town[units] >= 0]
    # As high as the sheets of the product score them afterwards; nobody has one for stations.
    level = np.where(np.array(district.units.kind)[units] == "station", 84.0, 87.0)
    parts = []
    for year in district.years:
        for quarter in range(4):
            n = len(units)
            own = district.units.town[units] == REFERENCE
            score = np.clip(level + 12 * district.units.quality[units] + rng.normal(0, 2.5, n), 55, 94.0)
            score = np.where(
                own, np.clip(SCORE_2025 + rng.normal(0, 0.9, n) - 0.8 * (2025 - year), 93, 98.5), score
            )
            score[units == district.units.of_town(REFERENCE)[0]] = SCORE_2025 - 0.8 * (2025 - year)
            score = np.round(score, 1)
            missed = np.isin(units, _poor(district)) & (quarter == 1)
            last = day(year + quarter // 3, 3 * (quarter % 3) + 4 if quarter < 3 else 1) - 1
            month = np.full(n, year * 12 + quarter * 3 + 2)
            sanction = np.select([score < 72, score < 78, score >= 96], [2, 1, 4], -1)
            parts.append(
                {
                    "unit": units,
                    "kind": words(np.zeros(n, int), "unit"),
                    "day": np.full(n, last - 3, np.int32) - (units % 9).astype(np.int32),
                    "month": month,
                    "score": score,
                    "full": np.full(n, 100.0),
                    "grade": Words(3 - np.digitize(score, [60, 80, 90]), GRADES),
                    "sanction": Words(sanction, SANCTIONS),
                }
            )
            parts[-1] = take(parts[-1], ~missed)
    return _within(district, stack(parts))


def item_rows(district: District) -> Rows:
    """Each December twelve areas of every unit, weak ones weighing more the year after; four of the family doctors."""
    rng = stream(district.seed, "appraisal items")
    units = _open(district, "centre", "station", "clinic")
    units = units[district.units.town[units] >= 0]
    centres = district.of_kind("centre")
    parts, weak = [], np.zeros((len(units), len(AREAS)), bool)
    for year in district.years:
        n, m = len(units), len(AREAS)
        weight = np.array(WEIGHTS, float) + np.where(weak, 2.0, 0.0)
        share = np.clip(
            0.88 + 0.1 * district.units.quality[units][:, None] + rng.normal(0, 0.07, (n, m)), 0.4, 1
        )
        weak = share < 0.8
        parts.append(
            {
                "unit": np.repeat(units, m),
                "kind": words(np.zeros(n * m, int), "unit"),
                "dimension": words(np.tile(np.arange(m), n), *AREAS),
                "day": np.full(n * m, day(year, 12, 18), np.int32),
                "month": np.full(n * m, year * 12 + 11),
                "weight": weight.ravel(),
                "score": np.round(weight * share, 1).ravel(),
                "full": weight.ravel(),
            }
        )
        for quarter in range(4):
            k = len(DOCTOR_AREAS)
            when = day(year, 3 * quarter + 3, 24)
            share = np.clip(
                0.9 + 0.1 * district.units.quality[centres][:, None] + rng.normal(0, 0.05, (len(centres), k)),
                0,
                1,
            )
            parts.append(
                {
                    "unit": np.repeat(centres, k),
                    "kind": words(np.zeros(len(centres) * k, int), "family_doctor"),
                    "dimension": words(np.tile(np.arange(k), len(centres)), *DOCTOR_AREAS),
                    "day": np.full(len(centres) * k, when, np.int32),
                    "month": np.full(len(centres) * k, year * 12 + 3 * quarter + 2),
                    "weight": np.full(len(centres) * k, 25.0),
                    "score": np.round(25 * share, 1).ravel(),
                    "full": np.full(len(centres) * k, 25.0),
                }
            )
            # A poor centre leaves one of the four out.
            parts[-1] = take(
                parts[-1], ~((parts[-1]["unit"] == _poor(district)[0]) & (parts[-1]["dimension"].codes == 3))
            )
    return _within(district, stack(parts))


def doctor_appraisal_rows(district: District, staff: Staff) -> Rows:
    """Every village doctor each quarter and year. Two fail three quarters of 2025, one fails two."""
    rng = stream(district.seed, "doctor appraisals")
    doctors = np.flatnonzero((staff.role == VILLAGE) & (district.units.town[staff.unit] >= 0))
    best, poor = np.array(best_units(district)), _poor(district)
    # Who fails: long employed, at clinics that are not the best.
    steady = [
        d for d in doctors if staff.start[d] < day(2024) and staff.end[d] == FAR and staff.unit[d] not in best
    ]
    stays, goes, warned = steady[0], steady[len(steady) // 2], steady[-1]
    fails = {stays: (0, 1, 3), goes: (0, 1, 2), warned: (1, 2)}
    staff.end[goes] = min(staff.end[goes], day(2025, 11, 15))
    parts = []
    for year in district.years:
        for quarter in range(4):
            when = day(year, 3 * quarter + 3, 26)
            there = doctors[
                (staff.start[doctors] <= day(year, 3 * quarter + 1)) & (staff.end[doctors] >= when)
            ]
            skipped = np.isin(staff.unit[there], poor) & (quarter == 2) | (rng.random(len(there)) < 0.03)
            there = there[~skipped | np.isin(staff.unit[there], best) | np.isin(there, list(fails))]
            failed = np.array([year == 2025 and quarter in fails.get(int(d), ()) for d in there], bool)
            parts.append(
                _of_doctors(district, rng, staff, there, failed, when, year * 12 + 3 * quarter + 2, "doctor")
            )
        when = day(year, 12, 22)
        there = doctors[(staff.start[doctors] <= day(year, 7)) & (staff.end[doctors] >= when)]
        failed = (there == stays) & (year == 2025)
        parts.append(_of_doctors(district, rng, staff, there, failed, when, year * 12 + 11, "doctor_year"))
    rows = stack(parts)
    return _within(district, rows)


def _of_doctors(
    district: District,
    rng: np.random.Generator,
    staff: Staff,
    there: np.ndarray,
    failed: np.ndarray,
    when: int,
    month: int,
    kind: str,
) -> Rows:
    n = len(there)
    quality = district.units.quality[staff.unit[there]]
    best = np.isin(staff.unit[there], np.array(best_units(district)))
    score = np.where(failed, 52.0, np.clip(84 + 10 * quality + rng.normal(0, 5, n), 61, 99))
    grade = np.where(failed, 3, np.where(score >= 92, 0, np.where(score >= 80, 1, 2)))
    return {
        "unit": staff.unit[there],
        "kind": words(np.zeros(n, int), kind),
        "staff_no": staff.number.take(pa.array(there)),
        "day": np.full(n, when, np.int32),
        "month": np.full(n, month),
        "score": np.round(score, 1),
        "full": np.full(n, 100.0),
        "grade": Words(grade, GRADES),
        "filed": ((rng.random(n) < 0.9 + 0.1 * quality) | best).astype(np.int8),
        "sanction": Words(np.where(failed, 0, np.where(score > 96, 4, -1)), SANCTIONS),
    }


def inspection_rows(district: District) -> Rows:
    """Monthly visits to stations and clinics, irregular ones to all, one inspection a year; poor units are missed."""
    rng = stream(district.seed, "inspections")
    small, every = _open(district, "station", "clinic"), _open(district, "centre", "station", "clinic")
    best, poor = np.array(best_units(district)), _poor(district)
    parts = []
    for year in district.years:
        for month in range(1, 13):
            missed = (rng.random(len(small)) < 0.03) & ~np.isin(small, best)
            missed |= np.isin(small, poor) & (month % 4 == 0)
            parts.append(_visits(district, rng, small[~missed], day(year, month), 27, "monthly"))
        parts.append(_visits(district, rng, np.repeat(every, 2), day(year, 1, 8), 350, "irregular"))
        left_out = np.isin(every, poor) & (year == district.years[0])
        parts.append(_visits(district, rng, every[~left_out], day(year, 3), 80, "annual"))
    return _within(district, stack(parts))


def _visits(
    district: District, rng: np.random.Generator, units: np.ndarray, first: int, span: int, kind: str
) -> Rows:
    n = len(units)
    recorded = rng.random(n) < 0.93 + 0.1 * district.units.quality[units]
    recorded = (recorded | np.isin(units, np.array(best_units(district)))) & ~(
        np.isin(units, _poor(district)) & (rng.random(n) < 0.4)
    )
    return {
        "unit": units,
        "kind": words(np.zeros(n, int), kind),
        "day": (first + rng.integers(0, span, n)).astype(np.int32),
        "announced": (rng.random(n) < (0.8 if kind == "annual" else 0.35)).astype(np.int8),
        "recorded": recorded.astype(np.int8),
    }


def finding_rows(district: District) -> Rows:
    """Faults found at units: more at poor ones, none at the best but one; most are closed in time."""
    rng = stream(district.seed, "findings")
    units = _open(district, "centre", "station", "clinic")
    units = units[district.units.town[units] >= 0]
    quality, own = district.units.quality[units], district.units.town[units] == REFERENCE
    best, poor = np.array(best_units(district)), _poor(district)
    parts = []
    for year in district.years:
        times = np.maximum(rng.poisson(1.6 * np.exp(-1.1 * quality)), np.isin(units, poor))
        times = np.where(np.isin(units, best), 1, times)
        found = FOUND_2025 if year == 2025 else round(FOUND_2025 * (0.9 if year < 2025 else 1.05))
        times[own] = spread(np.ones(int(own.sum())), found)
        index = np.repeat(np.arange(len(units)), times)
        n = len(index)
        when = day(year, 1, 10) + rng.integers(0, 345, n)
        late = (rng.random(n) > 0.9 + 0.1 * quality[index]) & ~np.isin(units[index], best)
        late |= np.isin(units[index], poor) & (rng.random(n) < 0.6)
        due = when + rng.choice([15, 30], n)
        recorded = when + np.where(late, rng.integers(4, 12, n), rng.integers(0, 4, n))
        closed = np.where(late, due + rng.integers(5, 60, n), when + rng.integers(3, 15, n))
        never = late & (rng.random(n) < 0.4) & ~own[index]
        # Of the reference centre's findings all but the last few of a year are closed.
        of_centre = np.flatnonzero(own[index])
        open_ones = of_centre[np.argsort(when[of_centre])][RECTIFIED_2025 - FOUND_2025 :]
        never[open_ones] = year == 2025
        severity = np.where(rng.random(n) < 0.07, 2, rng.integers(0, 2, n))
        closed = np.where(own[index], np.clip(closed, when, day(year, 12, 31)), closed)
        closed = np.where(never, FAR, closed)
        parts.append(
            {
                "unit": units[index],
                "kind": words(rng.integers(0, len(FAULTS), n), *FAULTS),
                "day": when.astype(np.int32),
                "severity": words(severity, "low", "middle", "high"),
                "due_on": due.astype(np.int32),
                "recorded_on": np.where(recorded > district.last, FAR, recorded).astype(np.int32),
                "closed_on": np.where(closed > district.last, FAR, closed).astype(np.int32),
                "outcome": Words(
                    np.where(closed > district.last, -1, np.where(severity == 2, rng.integers(0, 2, n), 0)),
                    ("mended", "closed_down"),
                ),
            }
        )
    return _within(district, stack(parts))
