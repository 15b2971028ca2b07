"""S12 严重精神障碍: registered, followed up in time, on medication, back in the community."""

from __future__ import annotations

from sqlalchemy import Integer, and_, cast, literal, select, union_all

from metrics.card import Direction, Gap, Period, Statistic, Unit
from metrics.cards.rules import events
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, SPEC
from metrics.facts import (
    FACE_TO_FACE,
    checked,
    enrolled,
    first_of_year,
    first_seen,
    managed,
    managed_year,
    patients_as_of,
    patients_of_year,
    resident,
    smi_last,
    smi_on_schedule,
)
from metrics.sql import at_least, at_most, merged, one, within, without
from metrics.standards import by_day
from metrics.tables import document, facility, followup, health_event, screening, year

_S = System("S12")
_UP, _DOWN, _INFO = Direction.HIGHER, Direction.LOWER, Direction.NONE
_OURS = followup.c.programme == "smi"
_last = smi_last.c


def _in_year(inner, *where):
    """The part of a patient's spans (person, y0, s, e) within the year managed, at the unit credited."""
    s, e = at_least(inner.c.s, managed_year.c.s), at_most(inner.c.e, managed_year.c.e)
    return (
        select(managed_year.c.person, managed_year.c.unit, s.label("s"), e.label("e"))
        .select_from(
            managed_year.join(
                inner, and_(inner.c.person == managed_year.c.person, inner.c.y0 == managed_year.c.y0)
            )
        )
        .where(managed_year.c.programme == "smi", *where, s <= e)
    )


def _at_last(*where):
    """Patients of the year whose last follow-up of the year fits."""
    return _in_year(smi_last, *where)


def _seen(*where):
    """Patients of the year with a fitting follow-up this year."""
    return within(first_of_year(followup, _OURS, *where).subquery(), patients_of_year("smi").subquery())


def _rate(key, zh, en, ask, rule, numerator, source, reason, **more):
    return _S.card(
        key,
        (zh, en),
        ask,
        rule,
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        source=source,
        numerator=numerator,
        gap=Gap.PERSONS,
        reason=reason,
        **{"reads": ("followup",), "listed": patients_of_year("smi")} | more,
    )


_in_hospital = select(_last.person, _last.s, _last.e).where(_last.inpatient.is_(True)).subquery()
#: Patients of the year but those in hospital at the last follow-up; whom nobody saw this year is at home.
_at_home = without(patients_of_year("smi").subquery(), merged(_in_hospital, "person").subquery())
_MONTHS = union_all(*(select((year.c.y0 + k).label("month")) for k in range(12))).subquery()
_visited_home = (
    select(followup.c.person, followup.c.month).where(_OURS, followup.c.mode == "home").distinct().subquery()
)
_home_visits = (
    select(
        managed.c.person,
        managed.c.unit,
        _MONTHS.c.month,
        one(_visited_home.c.person.is_not(None)).label("n"),
        literal(1).label("of"),
    )
    .select_from(
        managed.join(_MONTHS, _MONTHS.c.month.between(managed.c.s, managed.c.e)).outerjoin(
            _visited_home,
            and_(
                _visited_home.c.person == managed.c.person,
                _visited_home.c.month == _MONTHS.c.month,
            ),
        )
    )
    .where(managed.c.programme == "smi")
)
_examined = select(checked.c.person, checked.c.y0, checked.c.s, checked.c.e).subquery()
_rehab = select(managed_year.c.person, managed_year.c.s, managed_year.c.e).where(
    managed_year.c.programme == "rehab"
)
_registered = select(enrolled.c.person, enrolled.c.s, enrolled.c.e).where(enrolled.c.programme == "smi")
_discharge = health_event.c.kind == "mental_discharge"
_PATIENTS = ("年内管理的严重精神障碍患者", "patients with a severe mental disorder managed in the year")

CARDS = [
    _rate(
        "mh_standard_rate",
        "严重精神障碍规范管理率",
        "Severe mental disorder: managed to the standard",
        ("患者都按规范随访了吗？", "Were patients followed up as often as the standard asks?"),
        (
            f"本年截至月末相邻两次面对面（或住院期间）随访间隔均不超过 {{smi_gap_months}} 个月（参数）的患者 ÷ {_PATIENTS[0]}。"
            "年初、纳管到首次随访以及末次随访到月末同样计算间隔。",
            "Patients whose face-to-face follow-ups (or those in hospital) of the year so far are at most {smi_gap_months} months apart "
            "(a parameter), counted also from the year's beginning or enrolment and to the month's end ÷ "
            f"{_PATIENTS[1]}.",
        ),
        _in_year(smi_on_schedule),
        f"{SPEC}；{F002}",
        ("随访间隔超过规定", "follow-ups too far apart"),
        level=True,
        parameters=("smi_gap_months",),
    ),
    _rate(
        "mh_mgmt_rate",
        "严重精神障碍患者管理率",
        "Severe mental disorder: followed up",
        ("患者今年都随访到了吗？", "Were patients followed up this year?"),
        (
            f"本年截至月末至少随访过一次（含住院）的患者 ÷ {_PATIENTS[0]}。",
            f"Patients followed up at least once this year, in hospital or not ÷ {_PATIENTS[1]}.",
        ),
        _seen(),
        SPEC,
        ("本年没有随访", "no follow-up this year"),
        catalogue=("mh_case_count",),
    ),
    _rate(
        "mh_home_mgmt_rate",
        "在册居家严重精神障碍健康管理率",
        "Severe mental disorder: patients at home managed to the standard",
        ("居家患者都按规范管理了吗？", "Were the patients who live at home managed to the standard?"),
        (
            "年内管理的患者中不在住院者里，随访间隔符合规范者所占比例。最近一次随访在住院的不计；本年没有随访的按居家计。",
            "Of the patients managed in the year who are not in hospital, those whose follow-ups are as close as the "
            "standard asks. In hospital: at the last follow-up of the year; without one, a patient is taken as at home.",
        ),
        within(
            select(smi_on_schedule.c.person, smi_on_schedule.c.s, smi_on_schedule.c.e).subquery(),
            _at_home.subquery(),
        ),
        SPEC,
        ("居家，随访间隔超过规定", "at home, follow-ups too far apart"),
        listed=_at_home,
        level=True,
        catalogue=("mh_standard_rate",),
        parameters=("smi_gap_months",),
    ),
    _rate(
        "mh_faceface_rate",
        "严重精神障碍患者面访率",
        "Severe mental disorder: seen face to face",
        ("患者今年都面访过吗？", "Were patients seen face to face this year?"),
        (
            f"本年截至月末面对面随访过的患者 ÷ {_PATIENTS[0]}。",
            f"Patients seen face to face this year ÷ {_PATIENTS[1]}.",
        ),
        _seen(followup.c.mode.in_(FACE_TO_FACE)),
        F002,
        ("本年没有面访", "not seen face to face this year"),
    ),
    _S.card(
        "mh_register_rate",
        ("严重精神障碍登记建档率", "Severe mental disorder: share of the population registered"),
        (
            "登记在册的患者占覆盖人口多少？",
            "What share of the population is registered with a severe mental disorder?",
        ),
        (
            "月末登记在管的严重精神障碍常住患者 ÷ 当年生效的常住人口数。",
            "Residents registered with a severe mental disorder at the month's end ÷ resident population in force.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F000,
        reads=("enrolment",),
        numerator=within(_registered.subquery(), resident),
        statistic=Statistic(band="all"),
    ),
    _S.card(
        "mh_monthly_visit",
        ("严重精神障碍每月家访率", "Severe mental disorder: monthly home visits"),
        ("患者每个月都家访了吗？", "Was every patient visited at home every month?"),
        (
            "本期有上门随访的患者月数 ÷ 本期在管的患者月数（每名患者每个在管月份计 1）。",
            "Patient-months with a home visit ÷ patient-months managed in the period.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F000,
        reads=("followup",),
        numerator=_home_visits,
        gap=Gap.THINGS,
        reason=("当月没有上门随访", "no home visit in the month"),
    ),
    _rate(
        "mh_medication_rate",
        "严重精神障碍服药率",
        "Severe mental disorder: on medication",
        ("患者都在服药吗？", "Are patients taking their drugs?"),
        (
            f"本年最近一次随访为规律或间断服药的患者 ÷ {_PATIENTS[0]}；本年没有随访的按未服药计。",
            f"Patients who at the last follow-up of the year take drugs, regularly or not ÷ {_PATIENTS[1]}; without a "
            "follow-up counted as not.",
        ),
        _at_last(_last.adherence.in_(["regular", "irregular"])),
        f"{SPEC}；{F000}",
        ("最近一次随访未服药或本年无随访", "not on medication at the last follow-up, or none this year"),
        level=True,
    ),
    _rate(
        "mh_regular_medication_rate",
        "严重精神障碍规律服药率",
        "Severe mental disorder: regular medication",
        ("患者都规律服药吗？", "Do patients take their drugs regularly?"),
        (
            f"本年最近一次随访为规律服药的患者 ÷ {_PATIENTS[0]}；本年没有随访的按不规律计。",
            f"Patients who at the last follow-up of the year take drugs regularly ÷ {_PATIENTS[1]}; without a follow-up "
            "counted as not.",
        ),
        _at_last(_last.adherence == "regular"),
        SPEC,
        ("最近一次随访不是规律服药或本年无随访", "not regular at the last follow-up, or none this year"),
        catalogue=("mh_medication_rate",),
        level=True,
    ),
    _rate(
        "mh_stable_rate",
        "严重精神障碍病情稳定率",
        "Severe mental disorder: stable",
        ("居家患者病情稳定吗？", "Are the patients who live at home stable?"),
        (
            "本年最近一次随访病情稳定的居家患者 ÷ 年内管理的居家患者。最近一次随访在住院的不计；"
            "本年没有随访的按居家、未稳定计。",
            "Patients at home who were stable at the last follow-up of the year ÷ patients managed in the year who are at "
            "home. Whoever was in hospital at the last follow-up is left out; without a follow-up this year a patient "
            "counts as at home and not stable.",
        ),
        within(
            select(_last.person, _last.s, _last.e).where(_last.condition == "stable").subquery(),
            _at_home.subquery(),
        ),
        SPEC,
        ("最近一次随访病情不稳定或本年无随访", "not stable at the last follow-up, or none this year"),
        listed=_at_home,
        catalogue=("mh_medication_rate",),
        level=True,
    ),
    _rate(
        "mh_annual_exam",
        "严重精神障碍患者年度体检率",
        "Severe mental disorder: yearly check",
        ("患者今年都免费体检了吗？", "Did patients have their yearly check?"),
        (
            f"本年截至月末体检过的患者 ÷ {_PATIENTS[0]}。",
            f"Patients with a health check this year ÷ {_PATIENTS[1]}.",
        ),
        _in_year(_examined),
        F000,
        ("本年未体检", "no health check this year"),
        reads=("checkup",),
    ),
    _S.count(
        "mh_incident_count",
        ("患者肇事肇祸起数", "Violent incidents of patients"),
        ("发生了多少起肇事肇祸事件？", "How many violent incidents were there?"),
        (
            "本期记录的严重精神障碍患者肇事肇祸事件起数。",
            "Violent incidents of patients recorded in the period.",
        ),
        health_event,
        health_event.c.kind == "mental_incident",
        unit=Unit.CASES,
        direction=_DOWN,
        source=f"{F002}；{F000}",
        gap=Gap.COUNTED,
        reason=("发生肇事肇祸事件", "a violent incident happened"),
    ),
    _S.card(
        "mh_case_count",
        ("严重精神障碍随访人数", "Severe mental disorder: patients followed up"),
        ("今年随访了多少名患者？", "How many patients were followed up this year?"),
        ("本年截至月末随访过的在管患者人数，一人只计一次。", "Patients followed up this year, each once."),
        unit=Unit.PERSONS,
        direction=_INFO,
        period=Period.IN_YEAR,
        source=F003,
        reads=("followup",),
        numerator=_seen(),
    ),
    _S.card(
        "mh_registered",
        ("严重精神障碍在管人数", "Severe mental disorder: patients registered"),
        ("登记在管的患者有多少？", "How many patients are registered?"),
        (
            "月末登记在管的严重精神障碍患者人数。",
            "Patients managed for a severe mental disorder at the month's end.",
        ),
        unit=Unit.PERSONS,
        direction=_INFO,
        period=Period.AS_OF,
        source=F003,
        catalogue=("mh_case_count",),
        reads=("enrolment",),
        numerator=patients_as_of("smi"),
    ),
    _S.card(
        "mh_rehab",
        ("社区康复患者人数", "Patients in community rehabilitation"),
        ("今年多少患者参加社区康复？", "How many patients are in community rehabilitation this year?"),
        (
            "本年截至月末参加社区康复的在管严重精神障碍患者人数。",
            "Patients with a severe mental disorder who take part in community rehabilitation this year.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F000,
        reads=("enrolment",),
        numerator=within(_rehab.subquery(), patients_of_year("smi").subquery()),
    ),
    _S.of_units_with(
        "mh_emergency_plan",
        ("精神应急处置预案在有效期内", "Mental-health emergency plan in force"),
        ("有精神应急处置预案吗？", "Is there an emergency plan?"),
        (
            "月末有有效的精神应急处置预案的中心数 ÷ 中心数。",
            "Centres with an emergency plan in force at the month's end ÷ centres.",
        ),
        ("centre",),
        document,
        document.c.kind == "mental_plan",
        source=F000,
        reason=("没有有效的精神应急处置预案", "has no emergency plan in force"),
    ),
    _S.card(
        "mh_screen",
        ("心理评估与线索调查人数", "People covered by psychological screening or clue survey"),
        (
            "今年给多少人做了心理评估或线索调查？",
            "How many people had a psychological screening or clue survey this year?",
        ),
        (
            "本年截至月末做过心理评估（线索调查）的人数，一人只计一次，计入本年首次评估的机构。",
            "People with a psychological screening or clue survey this year, each once, at the unit that made the first.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F000,
        reads=("screening",),
        numerator=first_seen(screening, screening.c.kind == "mental"),
    ),
    _S.card(
        "mh_discharge_transfer",
        ("出院信息及时转入社区的比例", "Discharges taken over in time"),
        ("患者出院信息都及时转入社区了吗？", "Were discharges taken over by the community in time?"),
        (
            "本期精神专科出院的患者中，出院后 {smi_transfer_days} 天内（参数）社区已接收者 ÷ 本期出院人次。",
            "Discharges from psychiatric care of the period that the community took over within {smi_transfer_days} days (a parameter) ÷ "
            "discharges.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F000,
        reads=("health_event",),
        numerator=events(
            health_event,
            _discharge,
            n=one(
                cast(health_event.c.handled_on - health_event.c.day, Integer)
                <= by_day("smi_transfer_days", health_event.c.day)
            ),
            of=literal(1),
        ),
        gap=Gap.THINGS,
        reason=("出院信息没有及时转入", "not taken over in time"),
        parameters=("smi_transfer_days",),
    ),
    _S.check(
        "mh_privacy",
        ("精神障碍患者隐私保护", "Privacy of patients with a mental disorder"),
        ("centre", "station"),
        source=F000,
    ),
    _S.stock(
        "mh_county_rehab_centre",
        ("示范性精神康复机构数", "Model psychiatric rehabilitation institutions"),
        ("县里有几所示范性精神康复机构？", "How many model rehabilitation institutions are there?"),
        (
            "月末挂牌且在运行的示范性精神病康复机构数。",
            "Model psychiatric rehabilitation institutions at work at the month's end.",
        ),
        facility,
        facility.c.kind == "psychiatric_rehab",
        facility.c.working.is_(True),
        unit=Unit.PIECES,
        direction=_UP,
        source=F000,
        what=facility.c.name,
    ),
]
