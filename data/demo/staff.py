"""The staff of units: who works where, with which title, licence, contract and insurance, and what they learn.

The reference centre with its stations has exactly the published numbers in 2025: 54 people, 21 of them with a
middle or senior title, 31 general practitioners of whom 7 are under 35, 8 public-health physicians.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data.demo.days import FAR, day
from data.demo.draw import stream
from data.demo.registers import closed_days
from data.demo.rows import Rows, Words, take
from data.demo.towns import REFERENCE, TOWNS
from data.demo.work import District, cast

ROLES = ("gp", "physician", "village_doctor", "nurse", "public_health", "rehab", "other")
GP, PHYSICIAN, VILLAGE, NURSE, PUBLIC, REHAB, OTHER = range(len(ROLES))
TITLES = ("none", "junior", "middle", "senior")
LICENCES = ("physician", "assistant", "nurse", "village", "none")
DUTIES = ("bookkeeper", "integration", "public_health")
# What the reference centre and its stations have at the end of 2025, and who of them came in that year.
REFERENCE_ROLES = {GP: 31, NURSE: 12, PUBLIC: 8, REHAB: 1, PHYSICIAN: 1, OTHER: 1}
REFERENCE_HIRED = {GP: 3, NURSE: 5, PUBLIC: 2}
REFERENCE_TITLED, REFERENCE_TITLED_AMONG_HIRED = 21, 6
REFERENCE_YOUNG_GP = 7
NEXT_YEAR = {GP: 4, REHAB: 2, PUBLIC: 1}  # recruited in 2026, as planned
YOUNG = 35


@dataclass
class Staff:
    """One row an employment, numbered within the unit."""

    unit: np.ndarray
    role: np.ndarray
    born: np.ndarray
    start: np.ndarray
    end: np.ndarray  # last day, FAR still there
    title: np.ndarray
    number: pa.Array

    def __len__(self) -> int:
        return len(self.unit)


def make_staff(district: District) -> Staff:
    """Everyone employed at some time from the first year on."""
    rng = stream(district.seed, "staff")
    people: list[tuple[int, int, int, int, int, int]] = []  # unit, role, born, start, end, title
    for town in range(len(TOWNS)):
        people += _reference(district, rng) if town == REFERENCE else _other(district, rng, town)
    county = district.units.of_town(-1)
    for unit in county[1:]:
        people += [
            _person(rng, int(unit), role, rng.integers(0, 4)) for role in (PHYSICIAN, NURSE, NURSE, PUBLIC)
        ]
    unit, role, born, start, end, title = (np.array(column) for column in zip(*people, strict=True))
    closed = closed_days(district.units)[unit]
    end = np.minimum(end, closed)
    lasted = start < end
    unit, role, born, start, end, title = (a[lasted] for a in (unit, role, born, start, end, title))
    order = np.lexsort((start, unit))
    unit, role, born, start, end, title = (a[order] for a in (unit, role, born, start, end, title))
    place = np.arange(len(unit)) - np.searchsorted(unit, unit)
    code = np.array(district.units.code, object)
    number = pa.array([f"{code[u][6:]}{i + 1:03d}" for u, i in zip(unit, place, strict=True)])
    return Staff(
        unit, role, born.astype(np.int32), start.astype(np.int32), end.astype(np.int32), title, number
    )


def _person(
    rng: np.random.Generator, unit: int, role: int, title: int, hired: int = 0, young: bool | None = None
) -> tuple[int, int, int, int, int, int]:
    """One employment. ``hired``: the year of it, 0 long ago; ``young``: under 35 at the end of 2026 or not."""
    start = day(hired) + int(rng.integers(10, 330)) if hired else day(2023) - int(rng.integers(60, 9 * 365))
    age = rng.integers(36, 59)
    if young:
        age = rng.integers(26, 33)
    elif young is None and rng.random() < 0.3:
        age = rng.integers(25, 34)
    born = day(2025, 7) - int(age * 365.25) - int(rng.integers(0, 150))
    return unit, role, born, start, FAR, int(title)


def _reference(district: District, rng: np.random.Generator) -> list[tuple]:
    own = district.units.of_town(REFERENCE)
    centre, stations = int(own[0]), own[1:]
    roles = [role for role, n in REFERENCE_ROLES.items() for _ in range(n)]
    hired = dict.fromkeys(range(len(roles)), 0)
    for role, n in REFERENCE_HIRED.items():
        for i in [i for i, r in enumerate(roles) if r == role][:n]:
            hired[i] = 2025
    new = [i for i in hired if hired[i]]
    old = [i for i in hired if not hired[i] and roles[i] != OTHER]
    # Titles go to doctors first; of those who came in the year, to the doctors.
    titled = set(new[:5] + new[-1:]) if REFERENCE_TITLED_AMONG_HIRED == 6 else set()
    titled |= set(old[: REFERENCE_TITLED - len(titled)])
    gps = [i for i, r in enumerate(roles) if r == GP]
    young = set(gps[-REFERENCE_YOUNG_GP:])
    rows = []
    for i, role in enumerate(roles):
        # Each station has a general practitioner and every other one a nurse.
        at = centre
        if role == GP and i - gps[0] >= len(gps) - len(stations):
            at = int(stations[i - gps[0] - len(gps) + len(stations)])
        title = 2 + int(rng.random() < 0.3) if i in titled else int(rng.random() < 0.8)
        rows.append(_person(rng, at, role, title, hired[i], i in young if role == GP else None))
    # A nurse without a title retired in 2025.
    unit, role, born, start, _, _ = _person(rng, centre, NURSE, 1)
    rows.append((unit, role, born - 8 * 365, start, day(2025, 6, 30), 1))
    for role, n in NEXT_YEAR.items():
        for _ in range(n):
            unit, _, born, _, end, title = _person(rng, centre, role, 1)
            rows.append((unit, role, born, day(2026) + int(rng.integers(10, 200)), end, title))
    return rows


def _other(district: District, rng: np.random.Generator, town: int) -> list[tuple]:
    own = district.units.of_town(town)
    quality = TOWNS[town].quality
    size = max(8, round(TOWNS[town].share * 170 * (1 + 0.3 * quality)))
    share = np.array([0.24, 0.1, 0, 0.38, 0.12, 0.06, 0.1])
    roles = [GP, NURSE, PUBLIC, *rng.choice(len(ROLES), size - 3, p=share)]
    if quality < -0.3:
        roles = [PHYSICIAN if role == PUBLIC else role for role in roles]  # lacks what it should have
    rows = []
    for role in roles:
        title = rng.choice(4, p=[0.2, 0.48 - 0.2 * quality, 0.25 + 0.15 * quality, 0.07 + 0.05 * quality])
        hired = 0 if rng.random() < 0.8 else int(rng.integers(2024, 2027))
        rows.append(_person(rng, int(own[0]), int(role), int(title), hired))
    for unit in own[1:]:
        if district.units.kind[unit] == "station":
            rows += [
                _person(rng, int(unit), GP, 1 + int(rng.random() < 0.3)),
                _person(rng, int(unit), NURSE, 1),
            ]
            continue
        rows.append(_person(rng, int(unit), VILLAGE, 0))
        if rng.random() < 0.55:
            rows.append(
                _person(
                    rng, int(unit), VILLAGE, 0, 0 if rng.random() < 0.6 else int(rng.integers(2024, 2027))
                )
            )
    gone = rng.random(len(rows)) < 0.05
    return [
        (*r[:4], day(2024) + int(rng.integers(60, 900)), r[5])
        if g and r[1] == NURSE and r[3] < day(2023)
        else r
        for r, g in zip(rows, gone, strict=True)
    ]


def staff_rows(district: District, staff: Staff) -> Rows:
    """What the register of staff says at the last day."""
    rng = stream(district.seed, "staff rows")
    n = len(staff)
    quality = district.units.quality[staff.unit]
    kind = np.array(district.units.kind, object)[staff.unit]
    own = district.units.town[staff.unit] == REFERENCE
    # The best unit of each kind has everything in order.
    best = np.isin(staff.unit, best_units(district))
    doctor = np.isin(staff.role, (GP, PHYSICIAN, VILLAGE))
    technical = staff.role != OTHER
    village = staff.role == VILLAGE

    def true(often: float, among: np.ndarray | None = None) -> np.ndarray:
        """So many true, at better units more; -1 for those whom it does not concern."""
        odds = np.log(often / (1 - often)) + 1.5 * quality
        yes = (rng.random(n) < 1 / (1 + np.exp(-odds))) | best
        return np.where(among, yes, -1).astype(np.int8) if among is not None else yes.astype(np.int8)

    contract = np.maximum(staff.start, day(2023, 7) + rng.integers(0, 900, n) * (rng.random(n) < 0.7))
    contract = np.where(contract > district.last, staff.start, contract)
    # At the poorest clinics contracts were renewed without asking for training.
    clinics = cast(district, "clinic")
    poorest = np.isin(staff.unit, clinics.poor[:2] if clinics else ())
    contract = np.where(poorest & village, np.maximum(staff.start + 40, day(2024, 6)), contract)
    to = contract + 3 * 365 - 1 - 700 * ((rng.random(n) < 0.08) & ~best)
    licence = np.select(
        [np.isin(staff.role, (GP, PHYSICIAN)), village, staff.role == NURSE, staff.role == PUBLIC],
        [
            np.where(rng.random(n) < 0.93, 0, 1),
            np.where((rng.random(n) < 0.95) | best, 3, 4),
            2,
            np.where(rng.random(n) < 0.8, 0, 4),
        ],
        4,
    )
    qualified = true(0.85, staff.role == GP)
    if own.any():
        qualified = np.where(own & (staff.role == GP), 1, qualified).astype(np.int8)
    # Of the village doctors who came, one at the poorest clinic was chosen without an open call, one at the best by one.
    came = np.flatnonzero(village & (staff.start >= day(district.years[0])) & (staff.start <= district.last))
    ranked = came[np.argsort(quality[came], kind="stable")]
    chosen, called = np.zeros(n, bool), best.copy()
    chosen[ranked[:1]] = True
    called[ranked[-1:]] = True
    deposit = np.where(village, 100 * np.where(best, 8_000, rng.integers(30, 100, n) * 100), -1)
    duty = np.where(village, np.arange(n) % 2, np.where(staff.role == PUBLIC, 2, -1))
    duty = np.where((staff.role == OTHER) & (kind == "centre"), 0, duty)
    rows: Rows = {
        "unit": staff.unit,
        "staff_no": staff.number,
        "role": Words(staff.role, ROLES),
        "sex": np.where(rng.random(n) < np.where(staff.role == NURSE, 0.05, 0.55), 1, 2),
        "born_on": staff.born,
        "start_on": staff.start,
        "end_on": np.where(staff.end > district.last, FAR, staff.end).astype(np.int32),
        "title": Words(staff.title, TITLES),
        "licence": Words(licence, LICENCES),
        "gp_qualified": qualified,
        "gp_registered": np.where(qualified == 1, true(0.88), -1).astype(np.int8),
        "certificate": true(0.75, technical),
        "trained": true(0.85, doctor | (staff.role == NURSE)),
        "technical": technical.astype(np.int8),
        "responsible": (doctor & (rng.random(n) < 0.8)).astype(np.int8),
        "employer": Words(
            np.where(village, (rng.random(n) < 0.15) & ~best, -1).astype(int), ("town", "village")
        ),
        "duty": Words(duty, DUTIES),
        "hire_mode": Words(
            np.where(((rng.random(n) < 0.85) & ~(village & (quality < 0)) & ~chosen) | called, 0, 1),
            ("open", "other"),
        ),
        "contract_from": contract.astype(np.int32),
        "contract_to": to.astype(np.int32),
        "contract_filed": true(0.9),
        "pension": true(0.9),
        "medical_insurance": true(0.94),
        "deposit": deposit,
        "paid": true(0.93, village),
        "pay_linked": true(0.88),
        "multi_site": ((staff.role == PHYSICIAN) & (rng.random(n) < 0.35)).astype(np.int8),
    }
    return take(rows, staff.start <= district.last)


def best_units(district: District) -> list[int]:
    """The unit of each kind that does everything."""
    return [c.best for kind in ("centre", "station", "clinic") if (c := cast(district, kind))]
