"""Courses of life that chance alone would hardly draw, and that rules turn on."""

from __future__ import annotations

import datetime as dt

from tests.plain.months import first_day, month_of
from tests.property.life import FIRST, Life, within


def about_a_birthday(life: Life, born_on: dt.date | None) -> dict[str, list[dict]]:
    """Visits about the 35th or 65th birthday, and follow-ups whose pressure is at goal from 65 on only."""
    age = next((age for age in (35, 65) if born_on and 2024 <= born_on.year + age <= 2026), None)
    if age is None:
        return {}
    birthday = dt.date(born_on.year + age, born_on.month, min(born_on.day, 28))
    days = [birthday + dt.timedelta(days=life.draw.choice([-31, -1, 0, 1, 31])) for _ in range(2)]
    visit = {"visit_no": "1", "kind": "outpatient", "first_visit": True}
    return {
        "encounter": [life.row(unit=life.unit(), day=day, **visit) for day in days],
        "followup": [
            life.row(
                unit=life.unit(),
                programme="htn",
                day=day,
                mode="clinic",
                sbp=life.draw.choice([140, 149, 149, 150]),
                dbp=80,
            )
            for day in days
        ],
    }


# From here to the year's end one, two, three quarters of 365 days are not quite full.
_NEARLY = [dt.date(2024, 10, 2), dt.date(2025, 10, 2), dt.date(2025, 7, 3), dt.date(2025, 4, 3)]


def diligent(life: Life) -> dict[str, list[dict]]:
    """A patient followed up about each quarter, and checked."""
    if life.chance(0.75):
        return {}
    programme = life.draw.choice(["htn", "dm"])
    start = life.draw.choice(
        [dt.date(2023, 6, 1), dt.date(2024, 1, 1), dt.date(2025, 1, 1), life.day(), *_NEARLY]
    )
    followups = [
        life.row(unit=life.unit(), programme=programme, day=day, mode="clinic", adherence="regular")
        for quarter in range(9)
        if life.chance(0.9)
        for day in [within(life, FIRST + 3 + 3 * quarter + life.draw.randint(0, 2))]
    ]
    checkups = [
        life.row(unit=life.unit(), day=dt.date(year, life.draw.choice([1, 6, 12]), 15), complete=life.truth())
        for year in (2024, 2025)
        if life.chance(0.8)
    ]
    leaves = [
        life.day(),
        dt.date(2024, 4, 5),
        dt.date(2024, 7, 5),
        dt.date(2024, 10, 5),
        dt.date(2025, 10, 5),
    ]
    end_on = life.maybe(max(start, life.draw.choice(leaves)), 0.3)
    enrolments = [life.row(unit=life.unit(), programme=programme, start_on=start, end_on=end_on)]
    if end_on is not None and life.chance(0.5):  # and comes back the year after
        back_on = dt.date(end_on.year + 1, 2, 1)
        enrolments.append(life.row(unit=life.unit(), programme=programme, start_on=back_on))
    return {"followup": followups, "checkup": checkups, "enrolment": enrolments}


def elder(life: Life, born_on: dt.date | None) -> dict[str, list[dict]]:
    """A checked elder whose record is cancelled about a year's end while the register goes on."""
    if born_on is None or born_on.year > 1961 or life.chance(0.5):
        return {}
    cancelled_on = life.draw.choice(
        [dt.date(2024, 12, 20), dt.date(2025, 1, 10), dt.date(2025, 2, 1), life.day()]
    )
    record = life.row(
        unit=life.unit(),
        created_on=life.draw.choice([dt.date(2020, 1, 1), first_day(month_of(cancelled_on) - 1)]),
        cancelled_on=cancelled_on,
        cancel_reason=life.draw.choice(["died", "moved", "lost"]),
    )
    checkups = [
        life.row(unit=life.unit(), day=dt.date(year, life.draw.choice([1, 2, 12]), 5), complete=True)
        for year in (2024, 2025)
    ]
    residence = life.row(unit=life.draw.choice(life.everywhere), start_on=dt.date(2020, 1, 1))
    return {"health_record": [record], "checkup": checkups, "residence": [residence]}
