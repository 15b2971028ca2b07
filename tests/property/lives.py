"""One person's rows, drawn at random: short lives in which what is rare happens often."""

from __future__ import annotations

import datetime as dt
import random

from tests.plain.months import month_of
from tests.property import care, stories, works
from tests.property.life import Life, within

_AGES = (0, 0, 1, 1, 2, 6, 7, 13, 14, 18, 35, 60, 65, 65, 66, 70, 80)


def rows_of(draw: random.Random, person: int, base: int) -> dict[str, list[dict]]:
    """The rows of one person by table; the master row is missing for one in thirty."""
    life = Life(draw, person, base)
    born_on = _born(life)
    rows = {
        "person": [_master(life, born_on)] if life.chance(0.97) else [],
        "residence": _residences(life),
        "health_record": _records(life, born_on),
        "person_tag": _tags(life),
        "enrolment": _enrolments(life),
        "contract": _contracts(life),
        "vaccination_card": [
            life.row(unit=life.unit(), card_no="1", issued_on=life.maybe(life.day(), 0.7))
            for _ in life.some(2)
        ],
        "dose": _doses(life, born_on),
    }
    rows |= _services(life)
    for some in (
        stories.about_a_birthday(life, born_on),
        stories.diligent(life),
        stories.elder(life, born_on),
        care.care(life, born_on),
    ):
        for name, more in some.items():
            rows[name] = rows.get(name, []) + more
    if rows["checkup"] and life.chance(0.3):  # found at a check and enrolled, or diagnosed, on the day
        day = life.draw.choice(rows["checkup"])["day"]
        programme = life.draw.choice(["htn", "dm"])
        if life.chance(0.5):
            rows["enrolment"].append(life.row(unit=life.unit(), programme=programme, start_on=day))
        else:
            rows["person_tag"].append(life.row(tag=f"{programme}_diagnosed", start_on=day))
    for name in ("health_record", "followup", "dose", "checkup"):
        rows[name] += [row | {"unit": life.unit()} for row in rows[name] if life.chance(0.07)]
    return rows


def _born(life: Life) -> dt.date | None:
    if life.chance(0.07):
        return None
    if life.chance(0.04):  # among the first to whom the newest vaccine of the schedule is due
        return dt.date(2012, life.draw.choice([10, 11, 11, 12, 12]), life.draw.choice([1, 15, 30]))
    day, age = life.day(), life.draw.choice(_AGES)
    if life.chance(0.1):  # reaches an age at a year's end
        day = life.draw.choice([dt.date(2024, 12, 31), dt.date(2024, 12, 1), dt.date(2025, 1, 1)])
    if age == 0:
        return min(day, dt.date(2025, 6, 30))
    leap = (day.month, day.day) == (2, 29)
    year = day.year - age
    return dt.date(year, 2, 29 if year % 4 == 0 else 28) if leap else day.replace(year=year)


def _master(life: Life, born_on: dt.date | None) -> dict:
    registered = life.draw.choice([True, True, False, False, None])
    return life.row(
        unit=life.unit(),
        entered_on=life.maybe(life.draw.choice([dt.date(2020, 5, 5), life.day()]), 0.9),
        sex=life.draw.choice([1, 2, 2, None]),
        born_on=born_on,
        born_hour=life.born_hour,
        died_on=life.maybe(life.day(), 0.1),
        registered=registered,
        arrived_on=life.maybe(life.day(), 0.6) if registered is not True else life.maybe(life.day(), 0.05),
        health_card=life.truth(),
    )


def _residences(life: Life) -> list[dict]:
    """Moves from unit to unit: with gaps, overlaps, two in a month, an unmapped unit."""
    if life.chance(0.6):
        return []
    starts = sorted(life.day() for _ in range(life.draw.randint(1, 4)))
    rows = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = life.maybe(following, 0.9) and following - dt.timedelta(
            days=life.draw.choice([-20, 0, 1, 1, 1, 45])
        )
        if following is None:
            end = life.maybe(start + dt.timedelta(days=life.draw.randint(0, 400)), 0.3)
        if end is not None:
            end = max(end, start)
        rows.append(
            life.row(
                unit=life.draw.choice(life.everywhere) if life.chance(0.95) else None,
                start_on=start,
                end_on=end,
            )
        )
    return rows


def _records(life: Life, born_on: dt.date | None) -> list[dict]:
    rows = []
    first_birthday = (
        born_on.replace(year=born_on.year + 1, day=min(born_on.day, 28)) if born_on else life.day()
    )
    for _ in range(life.draw.choice([0, 1, 1, 1, 2, 3])):
        created_on = life.draw.choice([dt.date(2021, 3, 3), life.day(), life.day(), first_birthday])
        cancelled_on = life.maybe(max(life.day(), created_on), 0.25)
        rows.append(
            life.row(
                unit=life.unit(),
                created_on=created_on,
                cancelled_on=cancelled_on,
                cancel_reason=life.draw.choice(["died", "moved", "lost", None]) if cancelled_on else None,
                electronic=life.truth(),
                complete=life.truth(),
                code_valid=life.truth(),
                died_on=life.maybe(life.day(), 0.08),
                family=life.maybe(life.draw.randint(1, 6), 0.9),
                doctor=life.maybe("d", 0.7),
            )
        )
    return rows


_TAGS = [
    "disabled",
    "solitary",
    "pregnant",
    "post_op",
    "low_income",
    "special_family",
    "tb",
    "smi",
    "solitary",
    "disabled_elder",
    "high_risk_elder",
    "elder_dynamic",
    "sarcopenia_improved",
    "sarcopenia_improved",
    "care_plan",
    "care_plan_improved",
    "care_plan_improved",
    "htn_diagnosed",
    "dm_diagnosed",
    "insured",
    "insured",
]


def _tags(life: Life) -> list[dict]:
    rows = []
    for _ in life.some(7):
        tag = life.draw.choice(_TAGS)
        for _ in range(life.draw.choice([1, 1, 2])):
            start = life.day()
            end = start + dt.timedelta(days=life.draw.choice([0, 5, 31, 80, 200]))
            rows.append(life.row(tag=tag, start_on=start, end_on=life.maybe(end, 0.5)))
    return rows


def _enrolments(life: Life) -> list[dict]:
    rows = []
    for _ in range(life.draw.choice([0, 1, 1, 2, 3])):
        programme = life.draw.choice(["htn", "htn", "dm", "dm", "smi", "points", "home_bed"])
        start = life.draw.choice([dt.date(2022, 7, 1), life.day(), life.day()])
        end = start + dt.timedelta(days=life.draw.choice([0, 20, 100, 300, 700]))
        rows.append(
            life.row(
                unit=life.unit(),
                programme=programme,
                start_on=start,
                end_on=life.maybe(end, 0.3),
                subtype=life.draw.choice(["type2", "type2", None, "type1"])
                if programme == "dm"
                else life.maybe("other", 0.05),
            )
        )
    return rows


def _contracts(life: Life) -> list[dict]:
    rows = []
    start = life.day()
    for number in life.some(3):
        if number:
            start = rows[-1]["end_on"] + dt.timedelta(days=life.draw.choice([-40, -1, 0, 1, 1, 1, 30, 60]))
        length = life.draw.choice([0, 20, 180, 364, 364])
        stopped_on = start + dt.timedelta(days=life.draw.randint(0, 300))
        rows.append(
            life.row(
                unit=life.unit(),
                contract_no=f"{life.person}-{number}",
                signed_on=start,
                start_on=start,
                end_on=life.draw.choice([start + dt.timedelta(days=length), dt.date(start.year, 12, 31)]),
                stopped_on=life.maybe(stopped_on, 0.15),
                package=life.maybe(life.draw.choice(["a", "b", "c", "健康守护包", "guardian"]), 0.8),
                family=life.maybe(life.draw.randint(1, 4), 0.8),
                fee=life.draw.choice([None, 0, 1, 1200]),
                fee_insurance=life.draw.choice([None, 0, 1, 700]),
                fee_fund=life.draw.choice([None, 0, 1, 500]),
            )
        )
    return rows


_DUE_AT = {
    "bcg": (0,),
    "hepb": (0, 1, 6),
    "polio": (2, 3, 4, 48),
    "dtp": (3, 4, 5, 18),
    "mcv": (8, 18),
    "je": (8, 24),
    "mena": (6, 9),
    "menac": (36, 72),
    "hepa": (18,),
    "hpv": (156, 162),
}


def _doses(life: Life, born_on: dt.date | None) -> list[dict]:
    rows = []
    if born_on is not None and born_on.year > 2005 and life.chance(0.85):
        given = [(v, number, age) for v, ages in _DUE_AT.items() for number, age in enumerate(ages, 1)]
        diligent = life.draw.choice([0.5, 0.9, 1.0, 1.0])
        if life.chance(0.3):  # one dose is missing, another was given that nobody asked for
            given.remove(life.draw.choice(given[:9]))
            given.append(
                life.draw.choice(
                    [("bcg", 2, 3), ("hepb", 4, 8), ("polio", 4, 8), ("dtp", 4, 8), ("mcv", 2, 9)]
                )
            )
        if life.chance(0.25):  # one dose in the month of the first birthday, or in the next
            place = life.draw.randrange(9)
            given[place] = (*given[place][:2], life.draw.choice([12, 13]))
            diligent = 1.0
        for vaccine, dose_no, age in given:
            if life.chance(diligent):
                months = age + life.draw.choice([0, 0, 0, 0, 1, 1, 2, 5, 6])
                day = max(born_on, within(life, month_of(born_on) + months))
                rows.append(_dose(life, vaccine, dose_no, day))
        rows += _at_birth(life, born_on)
    for _ in life.some(4):
        vaccine, dose_no = life.draw.choice(
            [("flu", 1), ("flu", 1), ("covid", 3), ("covid", 4), ("hepb", 1), ("hpv", 1)]
        )
        rows.append(_dose(life, vaccine, life.maybe(dose_no, 0.9), life.day()))
    return rows


def _at_birth(life: Life, born_on: dt.date) -> list[dict]:
    """A dose on the first days: about a day after birth, to the second."""
    if life.chance(0.4):
        return []
    hours = life.draw.choice([0, 0, 5, life.born_hour or 0])
    passed = life.draw.choice(
        [
            dt.timedelta(seconds=-1),
            dt.timedelta(0),
            dt.timedelta(minutes=30),
            dt.timedelta(hours=23, minutes=30),
            dt.timedelta(hours=24),
            dt.timedelta(hours=24, seconds=1),
            dt.timedelta(hours=25),
        ]
    )
    at = dt.datetime.combine(born_on, dt.time()) + dt.timedelta(hours=hours) + passed
    row = _dose(life, "hepb", life.draw.choice([1, 1, 1, 2, None]), max(at.date(), born_on))
    return [row | {"given_at": at}]


def _dose(life: Life, vaccine: str, dose_no: int | None, day: dt.date) -> dict:
    midnight = dt.datetime.combine(day, dt.time())
    return life.row(
        unit=life.unit(),
        vaccine=vaccine,
        dose_no=dose_no,
        day=day,
        given_at=life.maybe(midnight + dt.timedelta(minutes=life.draw.choice([0, 30, 599, 720, 1439])), 0.8),
        programme_class=life.draw.choice([1, 1, 2, None]),
        consent=life.truth(),
        observed_minutes=life.draw.choice([None, 0, 29, 30, 31]),
        uploaded_on=life.maybe(day, 0.7),
        campaign=life.maybe("补种", 0.2),
        reaction=life.truth() if life.chance(0.2) else None,
    )


_SERVICES = [
    "consultation",
    "guidance",
    "home_nursing",
    "drug_delivery",
    "rehab",
    "update",
    "visit",
    "tcm_constitution",
    "tcm_child",
    "tcm_package",
    "meal",
]


def _services(life: Life) -> dict[str, list[dict]]:
    draw = life.draw
    pressure = {
        "sbp": lambda: draw.choice([None, 59, 60, 80, 118, 139, 139, 140, 149, 150, 300, 301, 0, 999]),
        "dbp": lambda: draw.choice([None, 29, 30, 70, 80, 89, 89, 90, 139, 200, 201]),
    }
    glucose = lambda: draw.choice([None, 0.9, 1.0, 5.5, 6.9, 7.0, 7.1, 50.0, 51.0])  # noqa: E731
    followups = life.services(
        12,
        programme=lambda: draw.choice(["htn", "htn", "htn", "dm", "dm", "dm", "smi"]),
        mode=lambda: draw.choice(
            ["clinic", "clinic", "station", "community", "home", "phone", "group", "auto", None]
        ),
        **pressure,
        fpg=glucose,
        ppg=lambda: life.maybe(8.0, 0.2),
        rpg=lambda: life.maybe(9.0, 0.2),
        adherence=lambda: draw.choice(["regular", "regular", "irregular", None]),
    )
    for row in followups:
        row["entered_on"] = life.maybe(row["day"] + dt.timedelta(days=draw.choice([0, 0, 1, 40])), 0.8)
        row["next_on"] = life.maybe(row["day"] + dt.timedelta(days=draw.choice([0, 14, 30, 90])), 0.7)
    encounters = life.services(
        6,
        visit_no="1",
        kind=lambda: draw.choice(["outpatient", "outpatient", "emergency", "inpatient"]),
        department=lambda: draw.choice(["general", "rehab", "tcm", "tcm", None]),
        channel=lambda: draw.choice(["onsite", "online", "remote", None]),
        appointed=life.truth,
        first_visit=life.truth,
        icd=lambda: draw.choice(["I10", "I15.2", "I14", "E11.9", "E15", "J06", None]),
        sbp=lambda: draw.choice([None, 120]),
        fee=lambda: draw.choice([None, 0, 4850, 12851]),
        wait_minutes=lambda: draw.choice([None, 0, 12, 45]),
        handled_minutes=lambda: draw.choice([None, 29, 30, 31]),
        infusion=life.truth,
        linked=life.truth,
    )
    for row in encounters:
        stay = dt.timedelta(days=draw.choice([0, 3, 40]))
        row["discharged_on"] = life.maybe(row["day"] + stay, 0.8 if row["kind"] == "inpatient" else 0.1)
    items = [
        life.row(unit=life.unit(), contract_no="1", item=draw.choice("xyz"), due_on=life.day())
        for _ in life.some(5)
    ]
    for row in items:
        row["done_on"] = life.maybe(
            row["due_on"] + dt.timedelta(days=draw.choice([-60, -5, 0, 5, 31, 200])), 0.7
        )
    return {
        "followup": followups,
        "encounter": encounters,
        "contract_item": items,
        "checkup": life.services(
            4,
            complete=life.truth,
            **pressure,
            fpg=glucose,
            self_care=lambda: draw.choice(["1", None]),
            cognitive=lambda: draw.choice(["negative", None]),
        ),
        "service": life.services(
            5,
            kind=lambda: draw.choice(_SERVICES),
            mode=lambda: draw.choice(["clinic", "phone", "home", "online", None]),
        ),
        "referral": _referrals(life),
        "health_event": _health_events(life),
        "prescription": life.services(
            4,
            rx_no="1",
            amount=lambda: draw.choice([None, 0, 3300, 12850]),
            antibiotic=life.truth,
            injection=life.truth,
            steroid=life.truth,
            intravenous=life.truth,
            herbal=life.truth,
            reviewed=life.truth,
            qualified=life.truth,
            home_visit=life.truth,
            signed=life.truth,
        ),
    }


def _referrals(life: Life) -> list[dict]:
    draw = life.draw
    rows = life.services(
        3,
        referral_no="1",
        direction=lambda: draw.choice(["up", "up", "down", None]),
        minutes=lambda: draw.choice([None, 0, 2, 3, 33, 119, 120, 121]),
        severe=life.truth,
        success=life.truth,
        disease=lambda: draw.choice(["tb", "tb", "htn", "smi", None]),
    )
    for row in rows:
        row["followed_on"] = life.maybe(row["day"] + dt.timedelta(days=draw.choice([-1, 0, 7, 40])), 0.6)
    return rows


def _health_events(life: Life) -> list[dict]:
    """What befell the person, of every kind that there is; falls more often than others."""
    kinds = ["fall", "fall", "fall", *works.kinds_of("health_event")]
    rows = life.services(3, kind=lambda: life.draw.choice(kinds))
    for row in rows:
        row["handled_on"] = life.maybe(row["day"] + dt.timedelta(days=life.draw.choice([0, 3, 40])), 0.6)
    return rows
