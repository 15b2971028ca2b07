"""S10 老年人健康管理: the yearly check of those of 65 and over, and what follows from it."""

from __future__ import annotations

from sqlalchemy import and_, func, literal, or_, select, union_all

from metrics.card import Card, Direction, Gap, Period, Statistic, Unit, words
from metrics.cards.sources import F000, F002, F003, SPEC
from metrics.facts import (
    aged,
    assessed,
    checked,
    first_of_year,
    recorded_in_year,
    recorded_resident,
    resident,
    resident_year,
    served,
    stay,
    with_tag,
)
from metrics.sql import at_least, at_most, dated, month_of, one, spans_of, within
from metrics.standards import by_day, by_month
from metrics.tables import checkup, enrolment, person_tag

_READS = ("checkup",)


def elders_of_year(years: int):
    """Residents in the figures of a year who reach ``years`` by its last day: person, unit, s, e."""
    return spans_of(resident_year).where(resident_year.c.born_month + years * 12 <= resident_year.c.y0 + 11)


_elders = dated(elders_of_year, "elder_age")
_elders_70 = dated(elders_of_year, "cognitive_age")
_examined = select(checked.c.person, checked.c.s, checked.c.e).subquery()
_complete = (
    select(checked.c.person, checked.c.complete_s.label("s"), checked.c.e)
    .where(checked.c.complete_s <= checked.c.e)
    .subquery()
)
_complete_recorded = (
    select(
        _complete.c.person,
        at_least(_complete.c.s, recorded_in_year.c.s).label("s"),
        at_most(_complete.c.e, recorded_in_year.c.e).label("e"),
    )
    .select_from(_complete.join(recorded_in_year, recorded_in_year.c.person == _complete.c.person))
    .where(at_least(_complete.c.s, recorded_in_year.c.s) <= at_most(_complete.c.e, recorded_in_year.c.e))
    .subquery()
)


def _tag_count(key, zh, en, ask_zh, ask_en, tag, direction=Direction.NONE, catalogue=None):
    """Residents who carry a tag at the month's end."""
    return Card(
        key=key,
        system="S10",
        name=words(zh, en),
        question=words(ask_zh, ask_en),
        rule=words(f"月末列入“{zh}”名单的常住居民人数。", f"Residents on the list at the month's end: {en}."),
        unit=Unit.PERSONS,
        direction=direction,
        period=Period.AS_OF,
        source=F002,
        catalogue=catalogue or (key,),
        reads=("person_tag",),
        numerator=within(with_tag(tag).subquery(), resident),
    )


# Readings of a checkup at which a patient not yet known is to be looked into and enrolled.
_bp_valid = and_(
    checkup.c.sbp.between(by_day("sbp_low", checkup.c.day), by_day("sbp_high", checkup.c.day)),
    checkup.c.dbp.between(by_day("dbp_low", checkup.c.day), by_day("dbp_high", checkup.c.day)),
    checkup.c.sbp > checkup.c.dbp,
)
_high = union_all(
    select(checkup.c.person, literal("htn").label("programme"), checkup.c.day, checkup.c.month).where(
        _bp_valid,
        or_(
            checkup.c.sbp >= by_day("sbp_goal", checkup.c.day),
            checkup.c.dbp >= by_day("dbp_goal", checkup.c.day),
        ),
    ),
    select(checkup.c.person, literal("dm").label("programme"), checkup.c.day, checkup.c.month).where(
        checkup.c.fpg.between(by_day("fpg_low", checkup.c.day), by_day("fpg_high", checkup.c.day)),
        checkup.c.fpg >= by_day("fpg_goal", checkup.c.day),
    ),
).subquery()
_first_enrolment = (
    select(enrolment.c.person, enrolment.c.programme, func.min(enrolment.c.start_on).label("start_on"))
    .group_by(enrolment.c.person, enrolment.c.programme)
    .subquery()
)
_known_before = (
    select(
        person_tag.c.person,
        func.replace(person_tag.c.tag, "_diagnosed", "").label("programme"),
        func.min(person_tag.c.start_on).label("start_on"),
    )
    .where(person_tag.c.tag.in_(["htn_diagnosed", "dm_diagnosed"]))
    .group_by(person_tag.c.person, person_tag.c.tag)
    .subquery()
)
_found = (
    select(
        _high.c.person,
        _high.c.programme,
        func.min(_high.c.month).label("month"),
        func.min(_high.c.day).label("day"),
    )
    .group_by(_high.c.person, _high.c.programme)
    .subquery()
)
# By whose end whoever was found is to be enrolled.
_handed_over_by = _found.c.month + by_month("handover_months", _found.c.month)
_handover = (
    select(
        _found.c.person,
        stay.c.unit,
        _handed_over_by.label("month"),
        one(month_of(_first_enrolment.c.start_on) <= _handed_over_by).label("n"),
        literal(1).label("of"),
        _found.c.programme.label("thing"),
    )
    .select_from(
        _found.outerjoin(
            _first_enrolment,
            and_(
                _first_enrolment.c.person == _found.c.person,
                _first_enrolment.c.programme == _found.c.programme,
            ),
        )
        .outerjoin(
            _known_before,
            and_(_known_before.c.person == _found.c.person, _known_before.c.programme == _found.c.programme),
        )
        .join(
            stay,
            and_(
                stay.c.person == _found.c.person,
                _handed_over_by.between(stay.c.s, stay.c.e),
            ),
        )
    )
    .where(
        or_(_first_enrolment.c.start_on.is_(None), _first_enrolment.c.start_on >= _found.c.day),
        or_(_known_before.c.start_on.is_(None), _known_before.c.start_on >= _found.c.day),
    )
)

CARDS = [
    Card(
        key="el_mgmt_rate",
        system="S10",
        name=words("65 岁及以上老年人健康管理率", "Older residents managed"),
        question=words(
            "老年人今年都得到完整的健康管理了吗？",
            "Did residents of {elder_age} and over get the full yearly service?",
        ),
        rule=words(
            "本年截至月末有有效档案且完成健康体检（表单必填项齐全）的老年人 ÷ 65 岁及以上常住人口数；年龄按当年 12 月 31 日计，年内死亡、迁出者保留至年末。",
            "Residents with a valid record and a complete health check this year ÷ resident population of 65 and over; "
            "age on 31 December; who dies or leaves within the year stays to its end.",
        ),
        caveat=words(
            "“表单齐全”以来源布局声明的必填项为准。",
            "“Complete” means the required items of the source's layout.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=f"{SPEC}；{F002}",
        catalogue=("el_mgmt_rate",),
        reads=_READS,
        numerator=within(_complete_recorded, _elders.subquery()),
        listed=_elders,
        statistic=Statistic(band="65+"),
        gap=Gap.PERSONS,
        reason=words("本年未完成完整体检", "no complete health check this year"),
        parameters=("elder_age", "resident_months"),
    ),
    Card(
        key="el_exam_rate",
        system="S10",
        name=words("65 岁及以上老年人体检率", "Older residents examined"),
        question=words(
            "老年人今年都体检了吗？", "Were residents of {elder_age} and over examined this year?"
        ),
        rule=words(
            "本年截至月末体检过（不论表单是否齐全）的 {elder_age} 岁及以上常住居民 ÷ 65 岁及以上常住人口数。",
            "Residents with a health check this year, complete or not ÷ resident population of 65 and over.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F000,
        catalogue=("el_exam_rate",),
        reads=_READS,
        numerator=within(_examined, _elders.subquery()),
        listed=_elders,
        statistic=Statistic(band="65+"),
        gap=Gap.PERSONS,
        reason=words("本年未体检", "not examined this year"),
        parameters=("elder_age", "resident_months"),
    ),
    Card(
        key="el_examined",
        system="S10",
        name=words("老年人体检人数", "Older residents examined (persons)"),
        question=words("老年人体检任务完成了多少？", "How much of the yearly task of examinations is done?"),
        rule=words(
            "本年截至月末体检过的 {elder_age} 岁及以上常住居民人数，与年度任务比较。",
            "Residents of {elder_age} and over examined this year, set against the yearly task.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F003,
        catalogue=("el_exam_task_completion", "el_exam_village_breakdown"),
        reads=_READS,
        numerator=within(_examined, _elders.subquery()),
        parameters=("elder_age",),
    ),
    Card(
        key="el_cognitive_rate",
        system="S10",
        name=words("70 岁及以上认知功能筛查率", "Cognitive screening at 70 and over"),
        question=words(
            "{cognitive_age} 岁及以上老人做认知筛查了吗？",
            "Were residents of {cognitive_age} and over screened?",
        ),
        rule=words(
            "本年截至月末体检中有认知筛查结果的 {cognitive_age} 岁及以上常住居民 ÷ 70 岁及以上常住人口数。",
            "Residents of {cognitive_age} and over with a screening result this year ÷ resident population of 70 and over.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F002,
        catalogue=("el_cognitive_rate",),
        reads=_READS,
        numerator=within(
            first_of_year(checkup, checkup.c.cognitive.is_not(None)).subquery(), _elders_70.subquery()
        ),
        listed=_elders_70,
        statistic=Statistic(band="70+"),
        gap=Gap.PERSONS,
        reason=words("本年未做认知筛查", "not screened this year"),
        parameters=("cognitive_age",),
    ),
    Card(
        key="el_graded_mgmt",
        system="S10",
        name=words("老年人分级管理率", "Older residents graded"),
        question=words("体检的老人都做自理能力分级了吗？", "Were examined elders graded by self-care?"),
        rule=words(
            "本年有自理能力评估结果的 {elder_age} 岁及以上体检老年人 ÷ 本年体检的 {elder_age} 岁及以上老年人。",
            "Examined residents of {elder_age} and over with a self-care grade this year ÷ those examined.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F003,
        catalogue=("el_graded_mgmt",),
        reads=_READS,
        numerator=within(
            first_of_year(checkup, checkup.c.self_care.is_not(None)).subquery(), _elders.subquery()
        ),
        listed=within(_examined, _elders.subquery()),
        gap=Gap.PERSONS,
        reason=words("体检中没有自理能力评估", "no self-care grade at the check"),
        parameters=("elder_age",),
    ),
    Card(
        key="el_registered",
        system="S10",
        name=words("建档在管老年人数", "Older residents with a record"),
        question=words("有多少老年人建档在管？", "How many residents of {elder_age} and over have a record?"),
        rule=words(
            "月末有有效档案的 {elder_age} 岁及以上常住居民人数。",
            "Residents of {elder_age} and over with a valid record at the month's end.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.NONE,
        period=Period.AS_OF,
        source=F003,
        catalogue=("el_registered",),
        reads=("health_record",),
        numerator=within(
            recorded_resident,
            dated(lambda years: aged(resident, years=years), "elder_age").subquery(),
            on=("person", "unit"),
        ),
        parameters=("elder_age",),
    ),
    Card(
        key="el_60plus_managed",
        system="S10",
        name=words("60 岁及以上老年人管理率", "Residents of 60 and over served"),
        question=words(
            "60 岁及以上老人今年得到过服务吗？", "Were residents of 60 and over served this year?"
        ),
        rule=words(
            "本年截至月末得到过任一项服务的 60 岁及以上常住居民 ÷ 60 岁及以上常住人口数（当年 12 月 31 日年龄）。",
            "Residents of 60 and over with any service this year ÷ resident population of 60 and over.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F000,
        catalogue=("el_60plus_managed",),
        reads=("followup", "encounter", "checkup"),
        numerator=within(served, elders_of_year(60).subquery()),
        listed=elders_of_year(60),
        statistic=Statistic(band="60+"),
        gap=Gap.PERSONS,
        reason=words("本年没有任何服务", "no service this year"),
    ),
    Card(
        key="el_chronic_handover",
        system="S10",
        name=words("体检新发现慢病纳管率", "Newly found patients enrolled"),
        question=words(
            "体检新发现的高血压、糖尿病都纳入管理了吗？", "Were patients newly found at a check enrolled?"
        ),
        rule=words(
            "体检首次发现血压 ≥{sbp_goal}/{dbp_goal} 或空腹血糖 ≥7.0 且此前未诊断未纳管者中，次月底前已纳入管理者 ÷ 应纳管者，按应纳管月份统计。",
            "Of persons first found at a check with {sbp_goal}/{dbp_goal} or more, or fasting glucose of 7.0 or more, and not known before, "
            "those enrolled by the end of the following month; counted in that month.",
        ),
        caveat=words(
            "一次读数不等于确诊，此处只看是否跟进。",
            "One reading is no diagnosis: what is counted is whether it was followed up.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        source=F003,
        catalogue=("el_chronic_handover",),
        reads=("checkup", "enrolment"),
        numerator=_handover,
        gap=Gap.THINGS,
        reason=words("体检异常，未纳入管理", "found at a check and not enrolled"),
        parameters=(
            "handover_months",
            "sbp_goal",
            "dbp_goal",
            "fpg_goal",
            "sbp_low",
            "sbp_high",
            "dbp_low",
            "dbp_high",
            "fpg_low",
            "fpg_high",
        ),
    ),
    _tag_count(
        "el_highrisk_listed",
        "高危干预名单人数",
        "Elders on the high-risk list",
        "高危干预名单上有多少老人？",
        "How many elders are on the high-risk list?",
        "high_risk_elder",
    ),
    _tag_count(
        "el_dynamic_mgmt",
        "银龄健康管家动态管理人数",
        "Elders under dynamic management",
        "多少老人在动态管理中？",
        "How many elders are under dynamic management?",
        "elder_dynamic",
        Direction.HIGHER,
    ),
    Card(
        key="el_sarcopenia_improved",
        system="S10",
        name=words("肌少症改善人数", "Elders with improved sarcopenia"),
        question=words("今年有多少老人肌少症改善？", "How many elders improved this year?"),
        rule=words(
            "本年截至月末评估为肌少症改善的居民人数，一人只计一次。",
            "Residents assessed as improved this year, each once.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F002,
        catalogue=("el_sarcopenia_improved",),
        reads=("person_tag",),
        numerator=within(assessed("sarcopenia_improved").subquery(), resident_year),
    ),
]
