"""S28 信息化与动态预警: connected systems, online services, warnings handled."""

from __future__ import annotations

from sqlalchemy import literal, select

from metrics.card import Direction, Gap, Period, Statistic, Unit
from metrics.cards.notifiable import IN_TIME, NOTIFIABLE, TIMES
from metrics.cards.rules import events
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, SPEC
from metrics.facts import resident
from metrics.sql import one, spans_of
from metrics.tables import activity, facility, followup, incident, person

_S = System("S28")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_works = facility.c.working.is_(True)


def _holders(*where):
    """Residents of whom the master says something about a health card, while they are residents."""
    r = resident.c
    return select(r.person, r.unit, r.s, r.e).join(person, person.c.person == r.person).where(*where)


def _of_units(key, zh, en, ask, rule, kind, kinds, source, reason):
    return _S.of_units_with(
        key,
        (zh, en),
        ask,
        rule,
        kinds,
        facility,
        facility.c.kind == kind,
        _works,
        source=source,
        reason=reason,
    )


CARDS = [
    _S.share(
        "info_key_pop_warning",
        ("重点人群预警处置率", "Warnings on key populations handled"),
        ("发出的重点人群预警都处置了吗？", "Were the warnings on key populations handled?"),
        (
            "本期发出的重点人群健康异常预警中已处置者 ÷ 发出的预警数。",
            "Warnings handled ÷ warnings raised in the period.",
        ),
        incident,
        incident.c.closed_at.is_not(None),
        incident.c.kind == "alert",
        what=incident.c.topic,
        source=F002,
        reason=("预警未处置", "not handled"),
    ),
    _of_units(
        "info_platform_connected",
        "电子健康档案与区域平台对接率",
        "Units connected to the regional platform",
        (
            "各机构的电子健康档案都与区域平台对接了吗？",
            "Are the units' records connected to the regional platform?",
        ),
        (
            "月末电子健康档案已与区域平台对接的中心、站、村卫生室数 ÷ 中心、站、村卫生室数。",
            "Centres, stations and village clinics connected to the regional platform at the month's end ÷ centres, "
            "stations and village clinics.",
        ),
        "regional_platform",
        ("centre", "station", "clinic"),
        F002,
        ("尚未与区域平台对接", "not connected to the regional platform"),
    ),
    _S.stock(
        "info_app_functions",
        ("小程序已上线功能数", "Functions of the residents' app"),
        ("小程序上线了多少项功能？", "How many functions of the app are in use?"),
        (
            "月末在用的小程序功能数（查询、预约、咨询、智能随访等）。",
            "Functions of the app in use at the month's end: query, booking, consultation and so on.",
        ),
        facility,
        facility.c.kind == "app_function",
        _works,
        unit=Unit.PIECES,
        direction=_UP,
        source=F002,
        what=facility.c.name,
    ),
    _S.stock(
        "info_integration",
        ("业务系统整合率", "Systems integrated"),
        ("业务系统都整合了吗？", "Are the systems integrated?"),
        (
            "月末已整合（不需重复录入）的业务系统数 ÷ 在用业务系统数；各机构分别登记、分别计数。",
            "Systems integrated, so that nothing is entered twice, at the month's end ÷ systems in use; each unit lists and "
            "counts its own.",
        ),
        facility,
        _works,
        among=(facility.c.kind == "it_system",),
        what=facility.c.name,
        unit=Unit.PERCENT,
        direction=_UP,
        source=F000,
        reason=("尚未整合", "not integrated"),
    ),
    _S.check(
        "info_dynamic_supervision",
        ("服务数量和质量动态监管", "Dynamic supervision of quantity and quality"),
        ("bureau", "centre"),
        source=F000,
    ),
    _S.card(
        "info_one_card",
        ("居民一卡通持卡率", "Share of residents holding a health card"),
        ("多少居民持有健康一卡通？", "How many residents hold a health card?"),
        (
            "月末持有居民健康卡的常住居民 ÷ 当年生效的常住人口数。",
            "Residents who hold a health card ÷ resident population in force.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F000,
        reads=("person",),
        numerator=_holders(person.c.health_card.is_(True)),
        listed=spans_of(resident),
        told=_holders(person.c.health_card.is_not(None)),
        statistic=Statistic(band="all"),
        gap=Gap.PERSONS,
        reason=("没有居民健康卡", "holds no health card"),
    ),
    _of_units(
        "info_clinic_online",
        "信息化门诊上线率",
        "Centres with a computerised outpatient clinic",
        ("各中心的信息化门诊上线了吗？", "Is the computerised outpatient clinic in use at the centres?"),
        (
            "月末已启用信息化门诊的中心数 ÷ 中心数。",
            "Centres with a computerised outpatient clinic in use at the month's end ÷ centres.",
        ),
        "info_clinic",
        ("centre",),
        F003,
        ("信息化门诊尚未启用", "no computerised outpatient clinic in use"),
    ),
    _S.count(
        "info_digital_class",
        ("银龄数字课堂场次", "Digital classes for elders"),
        ("办了多少场银龄数字课堂？", "How many digital classes for elders were held?"),
        ("本期银龄数字课堂场次。", "Digital classes for elders held in the period."),
        activity,
        activity.c.kind == "digital_class",
        unit=Unit.SESSIONS,
        direction=_UP,
        source=F002,
    ),
    _S.card(
        "info_remote_followup",
        ("智能随访人次", "Automatic follow-ups"),
        ("智能随访做了多少人次？", "How many follow-ups were automatic?"),
        ("本期方式为自动（智能）的随访人次。", "Follow-ups of the period made automatically."),
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        period=Period.FLOW,
        source=F002,
        reads=("followup",),
        numerator=events(followup, followup.c.mode == "auto"),
    ),
    _S.card(
        "info_remote_followup_share",
        ("智能随访占比", "Share of follow-ups made automatically"),
        ("随访中智能随访占多少？", "What share of follow-ups is automatic?"),
        ("本期智能随访人次 ÷ 随访人次。", "Automatic follow-ups ÷ follow-ups of the period."),
        unit=Unit.PERCENT,
        direction=_INFO,
        period=Period.FLOW,
        source=F002,
        catalogue=("info_remote_followup",),
        reads=("followup",),
        numerator=events(followup, n=one(followup.c.mode == "auto"), of=literal(1)),
    ),
    _S.check(
        "info_residents_visual",
        ("健康数据可视化", "View of health data for residents"),
        ("centre",),
        source=F002,
    ),
    _S.share(
        "info_reporting_timely",
        ("传染病网上直报及时率", "Notifiable cases reported in time"),
        ("网上直报及时吗？", "Was online notification in time?"),
        (
            "本期已报告的法定传染病例中，在时限内（甲类 {class_a_hours} 小时、其他 {class_b_hours} 小时，参数）报告者 ÷ 发现和报告时间齐全的报告病例数。",
            "Cases reported in time ({class_a_hours} hours for class A, {class_b_hours} for others: parameters) ÷ cases reported in the period whose "
            "times are both known.",
        ),
        incident,
        IN_TIME,
        NOTIFIABLE,
        incident.c.reported_at.is_not(None),
        incident.c.found_at.is_not(None),
        what=incident.c.topic,
        source=f"{SPEC}；{F003}",
        reason=("超过时限才报告", "reported late"),
        parameters=TIMES,
    ),
]
