"""Rows that chance alone hardly ever brings together: doctors appraised again and again, checks on every working day."""

from __future__ import annotations

import random

from tests.plain.months import first_day, last_day, month_of

_TOWN = 2


def stories(
    draw: random.Random, found: dict[str, list[dict]], base: int, begin: dict[str, int], last: int
) -> dict[str, list[dict]]:
    """More rows of some tables for what is ``found`` of a district."""
    doctors = [
        row for row in found["staff"] if row.get("role") == "village_doctor" and row.get("unit") is not None
    ]
    return {
        "appraisal": [row for one in doctors for row in _appraisals(draw, one, begin["appraisal"], last)],
        "training": [row for one in doctors for row in _trainings(draw, one, begin["training"])],
        "appraisal_item": list(_weights(draw, found["appraisal_item"], last)),
        "activity": list(_street_checks(draw, base, begin["activity"], last)),
    }


def _appraisals(draw: random.Random, doctor: dict, begin: int, last: int):
    """Quarters appraised, many of them unqualified; now and then a year."""
    if draw.random() < 0.3:
        return
    for month in range(begin, last + 1):
        if month % 3 == 2 and draw.random() < 0.7:
            day = draw.choice([last_day(month), first_day(month), first_day(month - 1)])
            grade = draw.choice(["unqualified", "unqualified", "qualified", None])
            if month_of(day) >= begin:
                yield _appraisal(doctor, "doctor", day, month, grade, draw.choice([True, False, None]))
        if month % 12 == 11 and draw.random() < 0.4:
            grade = draw.choice(["unqualified", "qualified"])
            yield _appraisal(doctor, "doctor_year", last_day(month), month, grade, None)


def _appraisal(doctor: dict, kind: str, day, month: int, grade: str | None, filed: bool | None) -> dict:
    return {
        "unit": doctor["unit"],
        "staff_no": doctor["staff_no"],
        "kind": kind,
        "day": day,
        "month": month,
        "grade": grade,
        "filed": filed,
    }


def _trainings(draw: random.Random, doctor: dict, begin: int):
    """A training about the day on which the contract was made, or about twelve months before."""
    made = doctor.get("contract_from")
    if made is None or draw.random() < 0.3:
        return
    day = draw.choice([made, first_day(month_of(made)), first_day(month_of(made) - 12)])
    if draw.random() < 0.3:
        day = last_day(month_of(made) - 13)
    if month_of(day) >= begin:
        yield {
            "unit": doctor["unit"],
            "staff_no": doctor["staff_no"],
            "kind": "tcm",
            "day": day,
            "month": month_of(day),
        }


def _weights(draw: random.Random, items: list[dict], last: int):
    """The same area of the same unit twelve months later, with another weight."""
    for row in items:
        month = row["month"] + 12
        if month <= last and draw.random() < 0.4:
            later = {"day": last_day(month), "month": month}
            yield row | later | {"weight": draw.choice([None, 0.1, 0.3, 12.5])}


def _street_checks(draw: random.Random, base: int, begin: int, last: int):
    """Months with just enough checks, and with one too few."""
    for step, enough in (("daily", 20), ("weekly", 4)):
        for _ in range(2):
            month = draw.randint(begin, last)
            for _ in range(enough - draw.choice([0, 0, 1])):
                day = draw.choice([first_day(month), last_day(month)])
                yield {
                    "unit": base + _TOWN,
                    "kind": "env_check",
                    "topic": step,
                    "day": day,
                    "month": month,
                }
