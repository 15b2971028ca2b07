"""S30 计划生育: where contraceptives are handed out, women registered, guidance."""

from __future__ import annotations

from sqlalchemy import select

from metrics.card import Direction, Gap, Period, Statistic, Unit
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F003
from metrics.facts import recorded_resident, resident
from metrics.sql import at_least, at_most, dated, within
from metrics.tables import facility, service

_S = System("S30")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_r = resident.c


def _of_age(youngest, oldest):
    s = at_least(_r.s, _r.born_month + 12 * youngest)
    e = at_most(_r.e, _r.born_month + 12 * (oldest + 1) - 1)
    return select(_r.person, _r.unit, s.label("s"), e.label("e")).where(
        _r.sex == 2, _r.born_month.is_not(None), s <= e
    )


_women = dated(_of_age, "women_from_age", "women_to_age")

CARDS = [
    _S.stock(
        "fp_contraceptives",
        ("免费药具发放点数", "Points handing out free contraceptives"),
        ("有多少个免费药具发放点？", "How many points hand out free contraceptives?"),
        (
            "月末在用的免费药具发放点（箱）数。",
            "Points in use at the month's end that hand out free contraceptives.",
        ),
        facility,
        facility.c.kind == "contraceptive_point",
        facility.c.working.is_(True),
        unit=Unit.PIECES,
        direction=_INFO,
        source=F003,
        what=facility.c.name,
    ),
    _S.card(
        "fp_registration",
        ("育龄妇女登记率", "Women of fertile age registered"),
        ("育龄妇女都登记了吗？", "Are the women of fertile age registered?"),
        (
            "月末有有效档案的 {women_from_age}—{women_to_age} 岁（参数）常住妇女 ÷ 15—49 岁妇女常住人口数。",
            "Resident women of {women_from_age} to {women_to_age} (parameters) with a valid record at the month's end ÷ resident population of women "
            "of 15 to 49.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F003,
        reads=("health_record",),
        numerator=within(recorded_resident, _women.subquery(), on=("person", "unit")),
        listed=_women,
        statistic=Statistic(band="f15-49"),
        gap=Gap.PERSONS,
        reason=("育龄妇女，没有有效档案", "of fertile age without a valid record"),
        parameters=("women_from_age", "women_to_age"),
    ),
    _S.count(
        "fp_guidance",
        ("计划生育指导人次", "Family-planning guidance"),
        ("提供了多少人次计划生育指导？", "How often was family-planning guidance given?"),
        (
            "本期计划生育技术指导（含药具发放）的人次。",
            "Family-planning guidance of the period, contraceptives handed out included.",
        ),
        service,
        service.c.kind == "family_planning",
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        source=F000,
    ),
]
