"""S17 基本医疗: visits, prescriptions, costs and waits."""

from __future__ import annotations

from sqlalchemy import and_, literal, select, union_all

from metrics.card import Card, Direction, Gap, Period, Statistic, Unit, words
from metrics.cards.sources import F000, F002, F003, F004
from metrics.facts import first_of_year, resident_year
from metrics.sql import age_at_least, month_of, one, spans_of, within
from metrics.standards import by_day
from metrics.tables import checkup, dose, encounter, followup, person, prescription, service

_OUTPATIENT = encounter.c.kind == "outpatient"


def _visits(*where, n=None, of=None, month=None):
    """Visits of the period: each counts 1, or a share's hits (n) of the visits of which it is known (of)."""
    columns = [
        encounter.c.person,
        encounter.c.unit,
        (encounter.c.month if month is None else month).label("month"),
    ]
    columns.append((literal(1) if n is None else n).label("n"))
    if of is not None:
        columns.append(literal(1).label("of"))
        where = (*where, of)
    return select(*columns).where(*where)


def _prescriptions(hit, known=None):
    known = prescription.c.person.is_not(None) if known is None else known
    return select(
        prescription.c.person,
        prescription.c.unit,
        prescription.c.month,
        one(hit).label("n"),
        literal(1).label("of"),
    ).where(known)


def _card(
    key,
    zh,
    en,
    ask,
    rule,
    unit,
    direction,
    numerator,
    source,
    *,
    catalogue=None,
    reads=("encounter",),
    **more,
):
    """A card of this system: all are flows of the performing unit unless said otherwise."""
    return Card(
        key=key,
        system="S17",
        name=words(zh, en),
        question=words(*ask),
        rule=words(*rule),
        unit=unit,
        direction=direction,
        period=more.pop("period", Period.FLOW),
        source=source,
        catalogue=catalogue or (key,),
        reads=reads,
        numerator=numerator,
        **more,
    )


_with_birth = select(
    encounter.c.person,
    encounter.c.unit,
    encounter.c.month,
    one(age_at_least(person.c.born_on, encounter.c.day, by_day("elder_age", encounter.c.day))).label("n"),
    literal(1).label("of"),
)

_events = [encounter, service, followup, checkup, dose]
_all_services = union_all(
    *(select(t.c.person, t.c.unit, t.c.month, literal(1).label("n")) for t in _events[:1]),
    select(service.c.person, service.c.unit, service.c.month, literal(1).label("n")).where(
        service.c.kind != "update"
    ),
    *(select(t.c.person, t.c.unit, t.c.month, literal(1).label("n")) for t in _events[2:]),
).subquery()
_online_or_not = union_all(
    select(
        encounter.c.person,
        encounter.c.unit,
        encounter.c.month,
        one(encounter.c.channel == "online").label("n"),
    ),
    select(
        service.c.person, service.c.unit, service.c.month, one(service.c.mode == "online").label("n")
    ).where(service.c.kind != "update"),
    *(select(t.c.person, t.c.unit, t.c.month, literal(0).label("n")) for t in (followup, checkup, dose)),
).subquery()

_rx_per_visit = union_all(
    select(
        prescription.c.person,
        prescription.c.unit,
        prescription.c.month,
        prescription.c.amount.label("n"),
        literal(0).label("of"),
    ).where(prescription.c.amount.is_not(None)),
    select(
        encounter.c.person, encounter.c.unit, encounter.c.month, literal(0).label("n"), literal(1).label("of")
    ).where(_OUTPATIENT),
).subquery()

_UP, _DOWN, _INFO = Direction.HIGHER, Direction.LOWER, Direction.NONE

CARDS = [
    _card(
        "op_visits",
        "门诊人次",
        "Outpatient visits",
        ("门诊看了多少人次？", "How many outpatient visits were there?"),
        (
            "本期门诊人次（不含急诊、住院），按接诊机构统计。",
            "Outpatient visits of the period, without emergencies and admissions, at the performing unit.",
        ),
        Unit.PERSON_TIMES,
        _INFO,
        _visits(_OUTPATIENT),
        f"{F002}；{F003}",
    ),
    _card(
        "service_persontimes",
        "服务居民总人次",
        "Service person-times",
        ("一共服务了多少人次？", "How many person-times of service were there?"),
        (
            "本期门诊、急诊、住院、签约与公卫服务、随访、体检、接种的人次合计（不含档案更新）。",
            "Visits, admissions, contracted and public-health services, follow-ups, checks and doses of the period; record updates are not counted.",
        ),
        Unit.PERSON_TIMES,
        _UP,
        select(*_all_services.c),
        F002,
        reads=("encounter", "service", "followup", "checkup", "dose"),
    ),
    _card(
        "op_elderly_share",
        "门诊 65 岁及以上占比",
        "Outpatients of 65 and over",
        ("门诊人次中老年人占多少？", "What share of outpatient visits is by older residents?"),
        (
            "本期就诊当日满 {elder_age} 岁的门诊人次 ÷ 已知出生日期的门诊人次。",
            "Outpatient visits at {elder_age} or over on the day ÷ outpatient visits with a known date of birth.",
        ),
        Unit.PERCENT,
        _INFO,
        _with_birth.select_from(encounter.join(person, person.c.person == encounter.c.person)).where(
            _OUTPATIENT, person.c.born_on.is_not(None)
        ),
        F002,
        parameters=("elder_age",),
    ),
    _card(
        "inpatients",
        "出院人次",
        "Discharges",
        ("住院病人出院多少人次？", "How many inpatients were discharged?"),
        ("出院日期在本期的住院人次。", "Admissions whose discharge falls in the period."),
        Unit.PERSON_TIMES,
        _INFO,
        _visits(
            encounter.c.kind == "inpatient",
            encounter.c.discharged_on.is_not(None),
            month=month_of(encounter.c.discharged_on),
        ),
        F003,
    ),
    _card(
        "emergency_visits",
        "急诊人次",
        "Emergency visits",
        ("急诊看了多少人次？", "How many emergency visits were there?"),
        ("本期急诊人次。", "Emergency visits of the period."),
        Unit.PERSON_TIMES,
        _INFO,
        _visits(encounter.c.kind == "emergency"),
        F003,
    ),
    _card(
        "infusions",
        "输液人次",
        "Infusions",
        ("输液多少人次？", "How many visits had an infusion?"),
        ("本期有输液的就诊人次。", "Visits of the period with an infusion."),
        Unit.PERSON_TIMES,
        _INFO,
        _visits(encounter.c.infusion.is_(True)),
        F003,
        catalogue=("emergency_visits",),
    ),
    _card(
        "rehab_visits",
        "康复治疗人次",
        "Rehabilitation visits",
        ("康复治疗做了多少人次？", "How many rehabilitation visits were there?"),
        (
            "本期康复科就诊人次与康复服务人次。",
            "Visits to rehabilitation and rehabilitation services of the period.",
        ),
        Unit.PERSON_TIMES,
        _UP,
        select(
            *(
                rehab := union_all(
                    select(
                        encounter.c.person, encounter.c.unit, encounter.c.month, literal(1).label("n")
                    ).where(encounter.c.department == "rehab"),
                    select(service.c.person, service.c.unit, service.c.month, literal(1).label("n")).where(
                        service.c.kind == "rehab"
                    ),
                ).subquery()
            ).c
        ),
        F002,
        reads=("encounter", "service"),
    ),
    _card(
        "online_services",
        "线上服务人次",
        "Online services",
        ("线上服务了多少人次？", "How many services were given online?"),
        ("本期线上就诊与线上服务人次。", "Online visits and services of the period."),
        Unit.PERSON_TIMES,
        _UP,
        select(
            _online_or_not.c.person, _online_or_not.c.unit, _online_or_not.c.month, _online_or_not.c.n
        ).where(_online_or_not.c.n == 1),
        F002,
        reads=("encounter", "service"),
    ),
    _card(
        "online_share",
        "线上服务占比",
        "Online share of services",
        ("线上服务占多少？", "What share of services is online?"),
        ("本期线上服务人次 ÷ 服务居民总人次。", "Online services ÷ all service person-times of the period."),
        Unit.PERCENT,
        _INFO,
        select(*_online_or_not.c, literal(1).label("of")),
        F002,
        catalogue=("online_services", "info_data_service"),
        reads=("encounter", "service", "followup", "checkup", "dose"),
    ),
    _card(
        "rx_qualified_rate",
        "门诊处方合格率",
        "Qualified prescriptions",
        ("点评的处方合格吗？", "Were the reviewed prescriptions in order?"),
        (
            "本期点评合格的处方 ÷ 本期点评的处方。",
            "Qualified prescriptions ÷ prescriptions reviewed in the period.",
        ),
        Unit.PERCENT,
        _UP,
        _prescriptions(
            prescription.c.qualified.is_(True),
            and_(prescription.c.reviewed.is_(True), prescription.c.qualified.is_not(None)),
        ),
        F002,
        reads=("prescription",),
        gap=Gap.THINGS,
        reason=words("点评不合格", "not in order"),
    ),
    _card(
        "antibiotic_rate",
        "抗菌药物处方率",
        "Prescriptions with antibiotics",
        ("开了多少抗菌药物？", "How often were antibiotics prescribed?"),
        (
            "本期含抗菌药物的处方 ÷ 来源标明是否含抗菌药物的处方。按处方计算。",
            "Prescriptions with an antibiotic ÷ prescriptions of which the source tells. By prescription.",
        ),
        Unit.PERCENT,
        _DOWN,
        _prescriptions(prescription.c.antibiotic.is_(True), prescription.c.antibiotic.is_not(None)),
        F002,
        reads=("prescription",),
    ),
    _card(
        "injection_rate",
        "注射剂处方率",
        "Prescriptions with injections",
        ("开了多少注射剂？", "How often were injections prescribed?"),
        (
            "本期含注射剂的处方 ÷ 来源标明的处方。",
            "Prescriptions with an injection ÷ prescriptions of which the source tells.",
        ),
        Unit.PERCENT,
        _DOWN,
        _prescriptions(prescription.c.injection.is_(True), prescription.c.injection.is_not(None)),
        F000,
        catalogue=("injection_hormone_iv_ratio",),
        reads=("prescription",),
    ),
    _card(
        "steroid_rate",
        "激素处方率",
        "Prescriptions with steroids",
        ("开了多少激素？", "How often were steroids prescribed?"),
        (
            "本期含激素的处方 ÷ 来源标明的处方。",
            "Prescriptions with a steroid ÷ prescriptions of which the source tells.",
        ),
        Unit.PERCENT,
        _DOWN,
        _prescriptions(prescription.c.steroid.is_(True), prescription.c.steroid.is_not(None)),
        f"{F000}；{F004}",
        catalogue=("injection_hormone_iv_ratio",),
        reads=("prescription",),
    ),
    _card(
        "intravenous_rate",
        "静脉用药处方率",
        "Prescriptions with intravenous drugs",
        ("开了多少静脉用药？", "How often were intravenous drugs prescribed?"),
        (
            "本期含静脉用药的处方 ÷ 来源标明的处方。",
            "Prescriptions with an intravenous drug ÷ prescriptions of which the source tells.",
        ),
        Unit.PERCENT,
        _DOWN,
        _prescriptions(prescription.c.intravenous.is_(True), prescription.c.intravenous.is_not(None)),
        f"{F000}；{F004}",
        catalogue=("injection_hormone_iv_ratio",),
        reads=("prescription",),
    ),
    _card(
        "op_cost_per_visit",
        "门诊次均费用",
        "Mean outpatient cost",
        ("看一次门诊平均多少钱？", "What does an outpatient visit cost on average?"),
        (
            "本期门诊费用合计 ÷ 费用已知的门诊人次；费用不明的人次不计入分子分母。",
            "Fees of outpatient visits ÷ outpatient visits with a known fee; visits without one are in neither.",
        ),
        Unit.YUAN,
        _DOWN,
        _visits(_OUTPATIENT, n=encounter.c.fee, of=encounter.c.fee.is_not(None)),
        f"{F002}；{F003}",
    ),
    _card(
        "ip_cost_per_case",
        "住院次均费用",
        "Mean inpatient cost",
        ("住一次院平均多少钱？", "What does an admission cost on average?"),
        (
            "出院日期在本期的住院费用合计 ÷ 费用已知的出院人次。",
            "Fees of admissions discharged in the period ÷ discharges with a known fee.",
        ),
        Unit.YUAN,
        _DOWN,
        _visits(
            encounter.c.kind == "inpatient",
            encounter.c.discharged_on.is_not(None),
            n=encounter.c.fee,
            of=encounter.c.fee.is_not(None),
            month=month_of(encounter.c.discharged_on),
        ),
        F003,
    ),
    _card(
        "rx_amount_per_visit",
        "门诊人均处方金额",
        "Prescription amount per visit",
        ("每次门诊开药多少钱？", "How much is prescribed per outpatient visit?"),
        ("本期处方金额合计 ÷ 门诊人次。", "Amounts prescribed in the period ÷ outpatient visits."),
        Unit.YUAN,
        _DOWN,
        select(*_rx_per_visit.c),
        F000,
        reads=("prescription", "encounter"),
    ),
    _card(
        "wait_time",
        "平均候诊时间",
        "Mean waiting time",
        ("病人平均等多久？", "How long do patients wait on average?"),
        ("本期候诊分钟数合计 ÷ 有候诊时间记录的就诊人次。", "Minutes waited ÷ visits with a known wait."),
        Unit.MINUTES,
        _DOWN,
        _visits(n=encounter.c.wait_minutes, of=encounter.c.wait_minutes.is_not(None)),
        F002,
    ),
    _card(
        "emergency_response",
        "一般急症 30 分钟处置率",
        "Emergencies handled within 30 minutes",
        (
            "急症都在 {emergency_minutes} 分钟内处置了吗？",
            "Were emergencies handled within {emergency_minutes} minutes?",
        ),
        (
            "本期 {emergency_minutes} 分钟内处置的急诊 ÷ 有处置时间记录的急诊。",
            "Emergencies handled within {emergency_minutes} minutes ÷ emergencies with a known time.",
        ),
        Unit.PERCENT,
        _UP,
        _visits(
            encounter.c.kind == "emergency",
            n=one(encounter.c.handled_minutes <= by_day("emergency_minutes", encounter.c.day)),
            of=encounter.c.handled_minutes.is_not(None),
        ),
        F002,
        gap=Gap.THINGS,
        reason=words("超过 {emergency_minutes} 分钟", "took longer than {emergency_minutes} minutes"),
        parameters=("emergency_minutes",),
    ),
    _card(
        "appointment_share",
        "预约就诊率",
        "Visits by appointment",
        ("多少病人是预约来的？", "What share of visits was by appointment?"),
        (
            "本期预约就诊的门诊人次 ÷ 来源标明是否预约的门诊人次。",
            "Outpatient visits by appointment ÷ outpatient visits of which the source tells.",
        ),
        Unit.PERCENT,
        _UP,
        _visits(_OUTPATIENT, n=one(encounter.c.appointed.is_(True)), of=encounter.c.appointed.is_not(None)),
        F000,
        catalogue=("appointment_slots",),
    ),
    _card(
        "op_utilisation_trust",
        "居民利用率",
        "Residents who used the centre",
        ("居民今年来过几成？", "What share of residents used the centre this year?"),
        (
            "本年截至月末至少就诊一次的常住居民 ÷ 当年生效的常住人口数。",
            "Residents with at least one visit this year ÷ resident population in force for the year.",
        ),
        Unit.PERCENT,
        _UP,
        within(first_of_year(encounter).subquery(), resident_year),
        F000,
        period=Period.IN_YEAR,
        listed=spans_of(resident_year),
        statistic=Statistic(band="all"),
    ),
]
