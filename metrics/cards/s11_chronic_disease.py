"""S11 高血压糖尿病: both programmes together: found, followed up in time, with plans of their own."""

from __future__ import annotations

from sqlalchemy import and_, func, literal, or_, select

from metrics.card import Card, Direction, Gap, Period, Unit, words
from metrics.cards.s11_programmes import followups_made
from metrics.cards.sources import F000, F002, F003
from metrics.facts import (
    assessed,
    enrolled,
    patients_as_of,
    resident,
    resident_year,
    tagged,
    with_tag,
)
from metrics.sql import age_at_least, merged, month_of, one, within
from metrics.standards import by_day
from metrics.tables import encounter, enrolment, followup, person

_next_day = func.lead(followup.c.day).over(
    partition_by=[followup.c.programme, followup.c.person], order_by=[followup.c.day, followup.c.row_id]
)
_appointments = (
    select(
        followup.c.programme,
        followup.c.person,
        followup.c.unit,
        followup.c.next_on,
        _next_day.label("next_day"),
    )
    .where(followup.c.programme.in_(["htn", "dm"]))
    .subquery()
)
_htn_managed = patients_as_of("htn").subquery()
_dm_managed = patients_as_of("dm").subquery()
_in_care = merged(patients_as_of("htn").union_all(patients_as_of("dm")).subquery(), "person", "unit")

_chronic_icd = or_(
    func.substr(encounter.c.icd, 1, 3).in_(["I10", "I11", "I12", "I13", "I15"]),
    func.substr(encounter.c.icd, 1, 3).in_(["E10", "E11", "E12", "E13", "E14"]),
)
_chronic_spans = (
    select(enrolled.c.person, enrolled.c.s)
    .where(enrolled.c.programme.in_(["htn", "dm"]))
    .union_all(with_tag("htn_diagnosed", "dm_diagnosed").with_only_columns(tagged.c.person, tagged.c.s))
    .subquery()
)
# From which month on a person is known as a chronic patient.
_chronic_person = (
    select(_chronic_spans.c.person, func.min(_chronic_spans.c.s).label("s"))
    .group_by(_chronic_spans.c.person)
    .subquery()
)

CARDS = [
    Card(
        key="ncd_followup_count",
        system="S11",
        name=words("慢病随访人次", "Chronic-disease follow-ups"),
        question=words("慢病随访做了多少人次？", "How many follow-ups of chronic patients were made?"),
        rule=words(
            "本期高血压与糖尿病随访人次合计，按随访机构统计。",
            "Hypertension and diabetes follow-ups of the period, at the performing unit.",
        ),
        unit=Unit.PERSON_TIMES,
        direction=Direction.NONE,
        period=Period.FLOW,
        source=F003,
        catalogue=("ncd_followup_count", "ncd_managed_total"),
        reads=("followup",),
        numerator=followups_made(followup.c.programme.in_(["htn", "dm"])),
    ),
    Card(
        key="ncd_timely_followup",
        system="S11",
        name=words("慢病随访及时率", "Follow-ups in time"),
        question=words("约好的随访按时做了吗？", "Were follow-ups made by the appointed day?"),
        rule=words(
            "下次预约日期在本期的高血压、糖尿病随访中，预约日当天或之前已完成下一次随访者 ÷ 本期到期的预约数。",
            "Of appointments that fall in the period, those with the next follow-up on or before the day ÷ appointments.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        source=F003,
        catalogue=("ncd_timely_followup",),
        reads=("followup",),
        numerator=select(
            _appointments.c.person,
            _appointments.c.unit,
            month_of(_appointments.c.next_on).label("month"),
            one(_appointments.c.next_day <= _appointments.c.next_on).label("n"),
            literal(1).label("of"),
            _appointments.c.programme.label("thing"),
        ).where(_appointments.c.next_on.is_not(None)),
        gap=Gap.THINGS,
        reason=words("到预约日仍未随访", "no follow-up by the appointed day"),
    ),
    Card(
        key="ncd_glucose_at_followup",
        system="S11",
        name=words("糖尿病随访血糖检测率", "Glucose measured at follow-up"),
        question=words("糖尿病随访时测血糖了吗？", "Was glucose measured at diabetes follow-ups?"),
        rule=words(
            "本期糖尿病随访中有空腹、餐后或随机血糖值的人次 ÷ 糖尿病随访人次。",
            "Diabetes follow-ups with a fasting, after-meal or random glucose ÷ diabetes follow-ups.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.FLOW,
        source=F003,
        catalogue=("ncd_glucose_at_followup",),
        reads=("followup",),
        numerator=select(
            followup.c.person,
            followup.c.unit,
            followup.c.month,
            one(func.coalesce(followup.c.fpg, followup.c.ppg, followup.c.rpg).is_not(None)).label("n"),
            literal(1).label("of"),
        ).where(followup.c.programme == "dm"),
        gap=Gap.THINGS,
        reason=words("随访未测血糖", "no glucose at the follow-up"),
    ),
    Card(
        key="ncd_new_found",
        system="S11",
        name=words("新纳管慢病患者", "Newly enrolled patients"),
        question=words("新发现并纳管了多少慢病患者？", "How many patients were newly found and enrolled?"),
        rule=words(
            "纳管日期在本期的高血压、糖尿病患者人次，按管理机构统计。",
            "Hypertension and diabetes enrolments that began in the period.",
        ),
        unit=Unit.PERSON_TIMES,
        direction=Direction.NONE,
        period=Period.FLOW,
        source=F003,
        catalogue=("ncd_new_found",),
        reads=("enrolment",),
        numerator=select(
            enrolment.c.person,
            enrolment.c.unit,
            month_of(enrolment.c.start_on).label("month"),
            literal(1).label("n"),
        ).where(enrolment.c.programme.in_(["htn", "dm"])),
    ),
    Card(
        key="ncd_multimorbid_mgmt",
        system="S11",
        name=words("“高血压+糖尿病”双病在管人数", "Patients managed for both diseases"),
        question=words("有多少双病患者在管？", "How many patients are managed for both?"),
        rule=words(
            "月末同时在管高血压和糖尿病的患者人数。",
            "Patients managed for hypertension and diabetes at the month's end.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.NONE,
        period=Period.AS_OF,
        source=F002,
        catalogue=("ncd_multimorbid_mgmt",),
        reads=("enrolment",),
        numerator=within(_htn_managed, _dm_managed, on=("person", "unit")),
    ),
    Card(
        key="ncd_complex_one_policy",
        system="S11",
        name=words("“一人一策”管理人数", "Patients with an individual plan"),
        question=words("有多少复杂患者有个体化方案？", "How many complex patients have a plan of their own?"),
        rule=words(
            "月末有个体化管理方案的常住居民人数。", "Residents with an individual plan at the month's end."
        ),
        unit=Unit.PERSONS,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F002,
        catalogue=("ncd_complex_one_policy",),
        reads=("person_tag",),
        numerator=within(with_tag("care_plan").subquery(), resident),
    ),
    Card(
        key="ncd_complex_improved",
        system="S11",
        name=words("“一人一策”减药达标人数", "Patients at goal on fewer drugs"),
        question=words("今年有多少人减药后仍达标？", "How many reached goal on fewer drugs this year?"),
        rule=words(
            "本年截至月末评估为减药达标的居民人数，一人只计一次。",
            "Residents assessed as at goal on fewer drugs this year, each once.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F002,
        catalogue=("ncd_complex_one_policy",),
        reads=("person_tag",),
        numerator=within(assessed("care_plan_improved").subquery(), resident_year),
    ),
    Card(
        key="ncd_plan_rate",
        system="S11",
        name=words("慢病患者个体化干预方案率", "Patients with a plan of their own, of those managed"),
        question=words(
            "在管患者中有多少有干预方案？", "How many of the managed patients have a plan of their own?"
        ),
        rule=words(
            "月末在管的高血压、糖尿病患者（两病同管只计一人）中，有个体化管理方案者 ÷ 月末在管的高血压、糖尿病患者。",
            "Patients managed for hypertension or diabetes at the month's end, each once, who have an individual plan ÷ all of them.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F000,
        catalogue=("ncd_tertiary_prevention",),
        reads=("enrolment", "person_tag"),
        numerator=within(with_tag("care_plan").subquery(), _in_care.subquery()),
        listed=_in_care,
        gap=Gap.PERSONS,
        reason=words("没有个体化干预方案", "no plan of their own"),
    ),
    Card(
        key="ncd_post_op_listed",
        system="S11",
        name=words("术后康复期患者在册人数", "Patients recovering from surgery who are listed"),
        question=words(
            "有多少术后康复期患者纳入重点管理？", "How many patients recovering from surgery are listed?"
        ),
        rule=words(
            "月末标记为术后康复的常住居民人数。",
            "Residents marked as recovering from surgery at the month's end.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.NONE,
        period=Period.AS_OF,
        source=F002,
        catalogue=("ncd_multimorbid_mgmt",),
        reads=("person_tag",),
        numerator=within(with_tag("post_op").subquery(), resident),
    ),
    Card(
        key="htn_screen35_rate",
        system="S11",
        name=words("35 岁首诊测血压率", "Blood pressure at the first visit from 35"),
        question=words(
            "{first_visit_bp_age} 岁及以上首诊都测血压了吗？",
            "Was blood pressure taken at first visits from age {first_visit_bp_age}?",
        ),
        rule=words(
            "本期 {first_visit_bp_age} 岁及以上首诊人次中有血压值者 ÷ {first_visit_bp_age} 岁及以上首诊人次。",
            "First visits at {first_visit_bp_age} or over with a blood pressure ÷ first visits at {first_visit_bp_age} or over.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.FLOW,
        source=F003,
        catalogue=("htn_screen35_rate",),
        reads=("encounter",),
        numerator=select(
            encounter.c.person,
            encounter.c.unit,
            encounter.c.month,
            one(encounter.c.sbp.is_not(None)).label("n"),
            literal(1).label("of"),
        )
        .select_from(encounter.join(person, person.c.person == encounter.c.person))
        .where(
            encounter.c.first_visit.is_(True),
            age_at_least(person.c.born_on, encounter.c.day, by_day("first_visit_bp_age", encounter.c.day)),
        ),
        gap=Gap.THINGS,
        reason=words("首诊未测血压", "no blood pressure at the first visit"),
        parameters=("first_visit_bp_age",),
    ),
    Card(
        key="ncd_opc_share",
        system="S11",
        name=words("门诊慢病患者占比", "Chronic patients among outpatients"),
        question=words(
            "门诊人次中慢病患者占多少？", "What share of outpatient visits is by chronic patients?"
        ),
        rule=words(
            "本期门诊人次中，患者已纳管或已诊断高血压、糖尿病，或主要诊断为 I10—I15、E10—E14 者 ÷ 门诊人次。",
            "Outpatient visits of patients enrolled or diagnosed, or with a main diagnosis of I10-I15 or E10-E14 ÷ outpatient visits.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.NONE,
        period=Period.FLOW,
        source=F002,
        catalogue=("ncd_opc_share",),
        reads=("encounter",),
        numerator=select(
            encounter.c.person,
            encounter.c.unit,
            encounter.c.month,
            one(or_(_chronic_person.c.person.is_not(None), _chronic_icd)).label("n"),
            literal(1).label("of"),
        )
        .select_from(
            encounter.outerjoin(
                _chronic_person,
                and_(
                    _chronic_person.c.person == encounter.c.person, _chronic_person.c.s <= encounter.c.month
                ),
            )
        )
        .where(encounter.c.kind == "outpatient"),
    ),
]
