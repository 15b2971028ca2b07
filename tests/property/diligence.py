"""Rows that chance alone hardly ever brings together: doctors appraised again and again, checks on every working day."""

from __future__ import annotations

import datetime as dt
import random

from tests.plain.months import first_day, last_day, month_of

_BUREAU, _TOWN, _STATION, _CLINIC = 1, 2, 4, 5


def stories(
    draw: random.Random, found: dict[str, list[dict]], base: int, begin: dict[str, int], last: int
) -> dict[str, list[dict]]:
    """More rows of some tables for what is ``found`` of a district."""
    found["appraisal"] += _rounds(draw, base, begin["appraisal"], last)
    hired = list(_doctors(draw, base, begin["staff"], last))
    doctors = [
        row
        for row in [*found["staff"], *hired]
        if row.get("role") == "village_doctor" and row.get("unit") is not None
    ]
    return {
        "staff": hired,
        "appraisal": [row for one in doctors for row in _appraisals(draw, one, begin["appraisal"], last)],
        "training": [row for one in doctors for row in _trainings(draw, one, begin["training"])],
        "appraisal_item": list(_weights(draw, found["appraisal_item"], last)),
        "activity": [
            *_street_checks(draw, base, begin["activity"], last),
            *_disclosures(draw, base, begin["activity"], last),
        ],
        "document": [
            *_reports(draw, base, begin["document"], last),
            *_titles(draw, base, begin["document"], last),
        ],
        "money": list(_revenue(draw, base, begin["money"], last)),
        "sample": list(_half_told(found["sample"])),
    }


def _doctors(draw: random.Random, base: int, begin: int, last: int):
    """Village doctors with a contract of about a year; some leave, some have one insurance only."""
    for number in range(draw.randint(2, 5)):
        start = first_day(draw.randint(begin, last))
        made = start + dt.timedelta(days=draw.choice([0, 0, 30, 365]))
        yield {
            "unit": base + draw.choice([_STATION, _CLINIC, _CLINIC]),
            "staff_no": f"d{number}",
            "role": "village_doctor",
            "start_on": start,
            "end_on": draw.choice([None, None, last_day(draw.randint(begin, last))]),
            "contract_from": made,
            "contract_to": draw.choice([None, made + dt.timedelta(days=364), last_day(month_of(made) + 3)]),
            "contract_filed": draw.choice([True, True, False, None]),
            "pension": draw.choice([True, True, False]),
            "medical_insurance": draw.choice([True, True, None]),
            "deposit": draw.choice([None, 499_999, 500_000, 1_000_000]),
            "paid": draw.choice([True, False, None]),
        }


def _rounds(draw: random.Random, base: int, begin: int, last: int):
    """The bureau's rounds of appraisal: none, one or two a year."""
    for month in range(begin, last + 1):
        if month % 12 in (8, 11) and draw.random() < 0.7:
            yield {"unit": base + _BUREAU, "kind": "round", "day": first_day(month), "month": month}


def _disclosures(draw: random.Random, base: int, begin: int, last: int):
    """What is disclosed, month after month, with months left out; street checks once a month, quarter, year."""
    for month in range(begin, last + 1):
        for topic in ("finance", "reimbursement"):
            for unit in (_TOWN, _STATION, _CLINIC):
                if draw.random() < 0.4:
                    place = {"unit": base + unit, "day": first_day(month), "month": month}
                    yield place | {"kind": "disclosure", "topic": topic}
        for topic, every in (("monthly", 1), ("quarterly", 3), ("yearly", 12)):
            if month % every == every - 1 and draw.random() < 0.7:
                place = {"unit": base + _TOWN, "day": last_day(month), "month": month}
                yield place | {"kind": "env_check", "topic": topic}


def _titles(draw: random.Random, base: int, begin: int, last: int):
    """A licence and a title, for a time or for ever."""
    for kind, unit in (("legal_person_director", _CLINIC), ("city_review", _BUREAU)):
        start = first_day(draw.randint(begin, last))
        end = draw.choice([None, last_day(draw.randint(begin, last))])
        place = {"unit": base + unit, "day": start, "month": month_of(start)}
        yield place | {"kind": kind, "start_on": start, "end_on": end}


def _revenue(draw: random.Random, base: int, begin: int, last: int):
    """What a clinic earns, type by type."""
    for account in ("revenue_public_health", "revenue_medical", "subsidy_zero_markup", "revenue_other"):
        for _ in range(3):
            month = draw.randint(begin, last)
            place = {"unit": base + _CLINIC, "day": first_day(month), "month": month}
            yield place | {"account": account, "amount": draw.choice([None, 100, 12_345])}


def _reports(draw: random.Random, base: int, begin: int, last: int):
    """Monthly settlements and reports: on time, a day late, handed in without a date, with errors."""
    for month in range(begin, last + 1):
        for kind, unit in (("monthly_settlement", _CLINIC), ("insurance_report", _TOWN)):
            if draw.random() < 0.6:
                due = last_day(month)
                yield {
                    "unit": base + unit,
                    "kind": kind,
                    "day": draw.choice([due, due, first_day(month), due + dt.timedelta(days=1), None]),
                    "month": month,
                    "due_on": draw.choice([due, due, None]),
                    "good": draw.choice([True, None, False]),
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


def _half_told(samples: list[dict]):
    """Of each kind of sample a row without what was found, and one without how many were looked at."""
    told = {row["kind"]: row for row in samples if None not in (row["unit"], row["asked"], row["positive"])}
    for row in told.values():
        yield row | {"positive": None}
        yield row | {"asked": None}
