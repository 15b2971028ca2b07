"""S19 康复与残疾人: disabled residents known, guided, with a plan; equipment in use."""

from __future__ import annotations

from sqlalchemy import select

from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F003
from metrics.facts import enrolled, first_of_year, patients_as_of, resident, resident_year, with_tag
from metrics.sql import within
from metrics.tables import sample, service

_S = System("S19")
_UP = Direction.HIGHER
_GUIDED = service.c.kind.in_(["guidance", "rehab", "home_nursing"])
_disabled = within(with_tag("disabled").subquery(), resident)
_disabled_of_year = within(with_tag("disabled").subquery(), resident_year)
_planned = select(enrolled.c.person, enrolled.c.s, enrolled.c.e).where(enrolled.c.programme == "rehab_plan")

CARDS = [
    _S.card(
        "dis_registered",
        ("登记在册残疾人数", "Disabled residents known"),
        ("辖区摸底到多少残疾人？", "How many disabled residents are known?"),
        ("月末标记为残疾人的常住居民人数。", "Residents marked as disabled at the month's end."),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.AS_OF,
        source=F003,
        reads=("person_tag",),
        numerator=_disabled,
    ),
    _S.card(
        "dis_guided_rate",
        ("残疾人指导服务率", "Disabled residents guided"),
        (
            "残疾人今年都得到健康或康复指导了吗？",
            "Did disabled residents get guidance or rehabilitation this year?",
        ),
        (
            "在册残疾人中，本年截至月末接受过健康指导、康复指导或上门护理者所占比例。",
            "Of the disabled residents, those with guidance, rehabilitation or home nursing this year.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F003,
        catalogue=("dis_registered",),
        reads=("service",),
        numerator=within(first_of_year(service, _GUIDED).subquery(), _disabled_of_year.subquery()),
        listed=_disabled_of_year,
        gap=Gap.PERSONS,
        reason=("本年没有健康指导、康复指导或上门护理", "no guidance, rehabilitation or nursing this year"),
    ),
    _S.ratio(
        "rehab_equipment_use",
        ("康复器具利用率", "Use of rehabilitation equipment"),
        ("康复器具用起来了吗？", "Is the rehabilitation equipment used?"),
        (
            "本期登记的康复器具使用小时数 ÷ 可用小时数，多次登记合并计算。",
            "Hours in which rehabilitation equipment was used over hours in which it was available, added up.",
        ),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == "rehab_equipment_use",
        source=F003,
    ),
    _S.card(
        "rehab_plan",
        ("有康复训练计划的人数", "People with a rehabilitation plan"),
        ("有多少人的康复训练计划在执行？", "How many people have a rehabilitation plan in force?"),
        (
            "月末在管、康复训练计划在执行的人数，一人只计一次。",
            "People managed at the month's end with a rehabilitation plan in force, each once.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.AS_OF,
        source=F000,
        reads=("enrolment",),
        numerator=patients_as_of("rehab_plan"),
    ),
    _S.card(
        "rehab_plan_rate",
        ("残疾人康复计划覆盖率", "Disabled residents with a plan"),
        ("残疾人都有康复训练计划吗？", "Do disabled residents have a rehabilitation plan?"),
        (
            "月末在册残疾人中有康复训练计划者所占比例。",
            "Of the disabled residents, those with a rehabilitation plan at the month's end.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F000,
        catalogue=("rehab_plan",),
        reads=("enrolment",),
        numerator=within(_planned.subquery(), _disabled.subquery()),
        listed=_disabled,
        gap=Gap.PERSONS,
        reason=("没有康复训练计划", "no rehabilitation plan"),
    ),
]
