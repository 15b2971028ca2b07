"""Mothers, children and the smaller programmes: rows about one person in which what is rare happens often."""

from __future__ import annotations

import datetime as dt

from tests.property.life import Life, within
from tests.property.works import kinds_of


def care(life: Life, born_on: dt.date | None) -> dict[str, list[dict]]:
    """Rows of the tables of persons that only some people have anything in."""
    rows: dict[str, list[dict]] = {
        "child_visit": _child_visits(life, born_on),
        "screening": _screenings(life),
        "tb_course": _courses(life),
        "enrolment": _enrolments(life),
        "service": life.services(1, kind="family_planning", mode="clinic"),
        "followup": [],
    }
    rows |= _pregnancies(life)
    for name, more in _mental(life).items():
        rows[name] += more
    return rows


def _later(life: Life, day: dt.date, *days: int) -> dt.date:
    return day + dt.timedelta(days=life.draw.choice(days))


def _pregnancies(life: Life) -> dict[str, list[dict]]:
    draw = life.draw
    rows: dict[str, list[dict]] = {"pregnancy": [], "maternal_visit": []}
    for number in range(draw.choice([0, 0, 1, 1, 2])):
        start = life.day()
        delivered_on = life.maybe(_later(life, start, 0, 20, 100, 200, 200, 230), 0.8)
        discharged_on = life.maybe(delivered_on and _later(life, delivered_on, 0, 2, 5), 0.7)
        own = f"{life.person}-{number}"
        rows["pregnancy"].append(
            life.row(
                unit=life.unit(),
                pregnancy_no=own,
                booked_on=life.maybe(start if life.chance(0.9) else _later(life, start, 240), 0.9),
                booked_weeks=draw.choice([None, 8, 11, 12, 12, 12, 13, 14]),
                first_check_on=life.maybe(start, 0.8),
                high_risk=draw.choice([True, True, False, None]),
                folic_on=life.maybe(start, 0.7),
                folic_followed=life.truth(),
                delivered_on=delivered_on,
                live_births=draw.choice([None, 0, 1, 1, 1, 2]),
                hospital=life.truth(),
                discharged_on=discharged_on,
            )
        )
        left = discharged_on or delivered_on or start
        days = [
            ("antenatal", _later(life, start, 0, 10, 30, 31, 60, 90, 150, 200))
            for _ in range(draw.choice([0, 1, 4, 5, 5, 6, 7]))
        ]
        days += [
            ("postpartum", _later(life, left, -1, 0, 6, 7, 8, 27, 28, 29, 40))
            for _ in range(draw.choice([0, 1, 1, 2]))
        ]
        days += [("day42", _later(life, left, -3, 40, 42, 45))] if life.chance(0.6) else []
        rows["maternal_visit"] += [
            life.row(
                unit=life.unit(),
                pregnancy_no=own if life.chance(0.93) else draw.choice([None, "another"]),
                kind=kind,
                day=day,
                mode=draw.choice(["clinic", "clinic", "home", "home", "phone", None]),
                high_risk=draw.choice([True, False, None]),
            )
            for kind, day in days
        ]
    return rows


def _child_visits(life: Life, born_on: dt.date | None) -> list[dict]:
    draw = life.draw
    if born_on is None:
        return []
    if born_on.year > 2016:
        pace = draw.choice([30, 80, 91, 91, 120, 170, 182, 360])
        days = [born_on + dt.timedelta(days=pace * n + draw.randint(-5, 5)) for n in range(1, 14)]
        days = [day for day in days if life.chance(0.85)] + [life.day() for _ in life.some(3)]
        days += [_later(life, born_on, 0, 1, 7, 27, 28, 29, 31, 130, 160, 190, 200, 340, 360, 370, 740)]
    else:
        days = [life.day() for _ in life.some(3)]
    days = [max(born_on, day) for day in days]
    if days and life.chance(0.3):
        days.append(days[0])
    return [
        life.row(
            unit=life.unit(),
            kind="newborn" if (day - born_on).days < 40 and life.chance(0.7) else "check",
            day=day,
            feeding=draw.choice(["breast", "mixed", "formula", None]),
            vitamin_d=life.truth(),
            defect=draw.choice([True, False, None]),
            corrected=draw.choice([True, False, None]),
            handbook=life.truth(),
        )
        for day in days
    ]


def _screenings(life: Life) -> list[dict]:
    kinds = kinds_of("screening")
    few = life.draw.sample(kinds, 3)
    return life.services(
        6,
        kind=lambda: life.draw.choice([*few, "vision", "caries", "women_disease"]),
        positive=life.truth,
        quantity=lambda: life.draw.choice([None, 0, 1, 4]),
    )


def _courses(life: Life) -> list[dict]:
    rows = []
    for number in range(life.draw.choice([0, 0, 0, 1, 1, 2])):
        start = life.day()
        managed_on = life.maybe(_later(life, start, 0, 3, 30, 60), 0.8)
        due = life.draw.choice([None, 0, 10, 100, 180])
        rows.append(
            life.row(
                unit=life.unit(),
                course_no=str(number),
                notified_on=start,
                managed_on=managed_on,
                ended_on=life.maybe(_later(life, managed_on or start, 0, 10, 100, 180), 0.7),
                completed=life.truth(),
                doses_due=due,
                doses_taken=life.draw.choice([None, 0, 8, 9, 10, 89, 90, 161, 162, 180]),
            )
        )
    return rows


def _enrolments(life: Life) -> list[dict]:
    rows = []
    for _ in range(life.draw.choice([0, 0, 1, 2])):
        start = life.day()
        rows.append(
            life.row(
                unit=life.unit(),
                programme=life.draw.choice(["rehab", "rehab_plan", "monitored_contact", "monitored_contact"]),
                start_on=start,
                end_on=life.maybe(_later(life, start, 0, 6, 7, 8, 40, 200), 0.8),
                end_reason=life.draw.choice([None, None, "other", "lost", "died"]),
            )
        )
    return rows


def _mental(life: Life) -> dict[str, list[dict]]:
    """A patient with a severe mental disorder, seen every month or so, every quarter or so, or hardly ever."""
    if life.chance(0.7):
        return {}
    draw = life.draw
    start = draw.choice([dt.date(2023, 6, 1), dt.date(2023, 12, 31), dt.date(2024, 1, 1), life.day()])
    end_on = life.maybe(max(start, life.day()), 0.25)
    pace, rows = draw.choice([1, 1, 2, 3, 3, 4]), []
    month = start.year * 12 + start.month - 1 + draw.randint(-1, 2)
    while month < 2026 * 12 + 3:
        rows.append(
            life.row(
                unit=life.unit(),
                programme="smi",
                day=within(life, month),
                mode=draw.choice(["home", "home", "clinic", "phone", "phone", None]),
                adherence=draw.choice(["regular", "irregular", "none", None]),
                condition=draw.choice(["stable", "stable", "basic", "unstable", None]),
                inpatient=draw.choice([True, False, False, None]),
            )
        )
        month += pace + (draw.choice([0, 1, -1]) if life.chance(0.15) else 0)
        month += 1 if pace < 1 else 0
    enrolment = life.row(unit=life.unit(), programme="smi", start_on=start, end_on=end_on)
    rehab = [life.row(unit=life.unit(), programme="rehab", start_on=life.day())] if life.chance(0.4) else []
    return {"followup": rows, "enrolment": [enrolment, *rehab]}
