"""S13 传染病与突发公共卫生事件: reported at once, checked for what was missed, outbreaks handled."""

from __future__ import annotations

from sqlalchemy import Integer, and_, cast, func, literal, or_

from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.notifiable import FAULTY, NOTIFIABLE, TIMES, within_hours
from metrics.cards.rules import events
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, SPEC
from metrics.sql import month_of, one
from metrics.standards import by_day
from metrics.tables import activity, document, enrolment, facility, health_event, incident, screening

_S = System("S13")
_UP, _DOWN, _INFO = Direction.HIGHER, Direction.LOWER, Direction.NONE
_i = incident.c
_REPORTED = _i.reported_at.is_not(None)
_contact = enrolment.c.programme == "monitored_contact"
_contact_month = month_of(enrolment.c.start_on)
_watched = and_(
    cast(enrolment.c.end_on - enrolment.c.start_on, Integer) >= by_day("contact_days", enrolment.c.start_on),
    or_(enrolment.c.end_reason.is_(None), enrolment.c.end_reason == "other"),
)

CARDS = [
    _S.count(
        "id_report_cases",
        ("报告法定传染病例数", "Notifiable cases reported"),
        ("报告了多少例法定传染病？", "How many notifiable cases were reported?"),
        (
            "本期发现并已网络报告的法定传染病例数。",
            "Notifiable cases found in the period and reported online.",
        ),
        incident,
        NOTIFIABLE,
        _REPORTED,
        unit=Unit.CASES,
        source=f"{F002}；{F003}",
    ),
    _S.count(
        "id_missed_reports",
        ("传染病漏报、迟报、错报例数", "Notifiable cases missed, late or wrong"),
        ("有多少例漏报、迟报、错报？", "How many cases were not reported, reported late or wrongly?"),
        (
            "本期发现的法定传染病例中未报告、超过时限报告（甲类 {class_a_hours} 小时、其他 {class_b_hours} 小时，参数）或报告错误的例数，一例只计一次。",
            "Notifiable cases found in the period that were not reported, reported late ({class_a_hours} hours for class A, {class_b_hours} for others: "
            "parameters) or reported wrongly, each once.",
        ),
        incident,
        NOTIFIABLE,
        FAULTY,
        what=_i.topic,
        unit=Unit.CASES,
        direction=_DOWN,
        source=f"{F000}；{F003}",
        gap=Gap.COUNTED,
        reason=("漏报、迟报或错报", "not reported, late or wrong"),
        parameters=TIMES,
    ),
    _S.duty(
        "id_missed_check_quarterly",
        ("传染病漏报季度自查", "Quarterly self-check for missed reports"),
        activity,
        activity.c.kind == "missed_report_check",
    ),
    _S.share(
        "id_report_rate",
        ("传染病疫情报告率", "Notifiable cases reported online"),
        ("登记的传染病例都网报了吗？", "Were the cases registered reported online?"),
        (
            "本期登记的法定传染病例中已网络报告者 ÷ 登记的病例数。",
            "Cases reported online ÷ notifiable cases registered in the period.",
        ),
        incident,
        _REPORTED,
        NOTIFIABLE,
        what=_i.topic,
        source=f"{SPEC}；{F003}",
        reason=("登记后未报告", "registered and not reported"),
    ),
    _S.share(
        "id_cluster_handled",
        ("聚集性疫情 24 小时内处置率", "Outbreaks handled within 24 hours"),
        ("聚集性疫情都及时处置了吗？", "Were outbreaks handled in time?"),
        (
            "本期报告的聚集性疫情中，报告后 {outbreak_hours} 小时内（参数）处置完毕者 ÷ 聚集性疫情起数。",
            "Outbreaks handled within {outbreak_hours} hours (a parameter) of being reported ÷ outbreaks of the period.",
        ),
        incident,
        within_hours(
            func.coalesce(_i.reported_at, _i.found_at), _i.closed_at, by_day("outbreak_hours", _i.day)
        ),
        _i.kind == "outbreak",
        what=_i.topic,
        source=F002,
        reason=("未在时限内处置", "not handled in time"),
        parameters=("outbreak_hours",),
    ),
    _S.check(
        "id_surveillance_three_level",
        ("社区—网格—家庭三级监测", "Surveillance in community, grid and household"),
        ("centre",),
        source=F002,
    ),
    _S.of_units_with(
        "phe_plan",
        ("突发公共卫生事件应急预案在有效期内", "Public-health emergency plan in force"),
        ("有突发公共卫生事件应急预案吗？", "Is there an emergency plan?"),
        (
            "月末有有效的突发公共卫生事件应急预案的中心数 ÷ 中心数。",
            "Centres with a plan for public-health events in force at the month's end ÷ centres.",
        ),
        ("centre",),
        document,
        document.c.kind == "phe_plan",
        source=f"{F000}；{F003}",
        reason=("没有有效的应急预案", "has no plan in force"),
    ),
    _S.duty(
        "phe_drill",
        ("突发公共卫生事件年度应急演练", "Yearly drill for public-health emergencies"),
        activity,
        activity.c.kind == "phe_drill",
        catalogue=("phe_plan",),
    ),
    _S.share(
        "phe_report_rate",
        ("突发公共卫生事件信息及时报告率", "Public-health events reported in time"),
        ("突发公共卫生事件都及时报告了吗？", "Were public-health events reported in time?"),
        (
            "本期发生的突发公共卫生事件中，发现后 {event_report_hours} 小时内（参数）报告者 ÷ 突发公共卫生事件起数。",
            "Events reported within {event_report_hours} hours (a parameter) of being found ÷ public-health events of the period.",
        ),
        incident,
        within_hours(_i.found_at, _i.reported_at, by_day("event_report_hours", _i.day)),
        _i.kind == "phe_event",
        what=_i.topic,
        source=f"{SPEC}；{F003}",
        reason=("未及时报告", "not reported in time"),
        caveat=(
            "规范以已报告的事件为分母；这里未报告的事件也计入分母，避免漏报反而抬高数值。",
            "The national standard divides by events reported; here events not reported are divided by too, so that silence "
            "does not raise the figure.",
        ),
        catalogue=("phe_plan",),
        parameters=("event_report_hours",),
    ),
    _S.stock(
        "id_school_pairing",
        ("学校、托幼机构结对率", "Schools and nurseries paired"),
        ("学校和托幼机构都结对了吗？", "Are all schools and nurseries paired?"),
        (
            "月末辖区学校、托幼机构中已一对一结对者 ÷ 辖区学校、托幼机构数。",
            "Schools and nurseries with a paired contact at the month's end ÷ schools and nurseries of the catchment.",
        ),
        facility,
        facility.c.working.is_(True),
        among=(facility.c.kind == "school",),
        what=facility.c.name,
        unit=Unit.PERCENT,
        direction=_UP,
        source=F003,
        reason=("尚未结对", "not paired"),
    ),
    _S.card(
        "id_close_contacts",
        ("密切接触者监测人次", "Contacts monitored"),
        ("监测了多少名密切接触者？", "How many contacts were monitored?"),
        ("本期开始医学观察的密切接触者人次。", "Contacts whose monitoring began in the period."),
        unit=Unit.PERSON_TIMES,
        direction=_INFO,
        period=Period.FLOW,
        source=F003,
        reads=("enrolment",),
        numerator=events(enrolment, _contact, month=_contact_month),
    ),
    _S.card(
        "id_contacts_completed",
        ("密切接触者观察期满率", "Contacts monitored to the end"),
        ("密切接触者都观察满期了吗？", "Were contacts monitored to the end?"),
        (
            "本期开始医学观察的密切接触者中，观察满 {contact_days} 天（参数）且未失访者 ÷ 开始观察的人次。",
            "Contacts monitored for {contact_days} days (a parameter) without being lost ÷ contacts whose monitoring began in the period.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.COHORT,
        source=F003,
        catalogue=("id_close_contacts",),
        reads=("enrolment",),
        numerator=events(enrolment, _contact, n=one(_watched), of=literal(1), month=_contact_month),
        gap=Gap.THINGS,
        reason=("观察未满期或失访", "not monitored to the end, or lost"),
        caveat=(
            "最近一周开始观察的尚未期满，数值会继续上升；没有结束日期的按未期满计。",
            "Whoever began in the last week is not through yet: the figure still rises. Without a last day the monitoring "
            "counts as not ended.",
        ),
        parameters=("contact_days",),
    ),
    _S.count(
        "id_hfmd_cases",
        ("手足口病例数", "Cases of hand, foot and mouth disease"),
        ("发现了多少例手足口病？", "How many cases of hand, foot and mouth disease were found?"),
        ("本期登记的手足口病例数。", "Cases of hand, foot and mouth disease registered in the period."),
        incident,
        NOTIFIABLE,
        _i.topic == "hfmd",
        unit=Unit.CASES,
        source=F003,
    ),
    _S.count(
        "id_brucella_screen",
        ("布病筛查人次", "Brucellosis screenings"),
        ("布病筛查了多少人次？", "How many screenings for brucellosis were made?"),
        ("本期布鲁氏菌病筛查人次。", "Screenings for brucellosis of the period."),
        screening,
        screening.c.kind == "brucella",
        unit=Unit.PERSON_TIMES,
        source=F003,
    ),
    _S.check(
        "id_report_system",
        ("疫情报告与自查制度", "Notification and self-check system"),
        ("centre", "station"),
        source=F003,
    ),
    _S.share(
        "id_death_cause_survey",
        ("死因调查率", "Deaths whose cause was investigated"),
        ("辖区死亡都做了死因调查吗？", "Were deaths investigated?"),
        (
            "本期登记的死亡中已完成死因调查者 ÷ 登记的死亡数。",
            "Deaths investigated ÷ deaths registered in the period.",
        ),
        health_event,
        health_event.c.handled_on.is_not(None),
        health_event.c.kind == "death",
        source=F003,
        reason=("没有死因调查", "not investigated"),
    ),
]
