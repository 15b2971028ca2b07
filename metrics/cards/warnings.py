"""Early warnings: people and things whose state needs action now, each with who acts and by when.

A warning is a population as of a month's end like any other: whoever is managed, less the months that a
contact covers. Who acts within how many days stands in ``metrics/standards/warnings.csv``.
"""

from __future__ import annotations

from sqlalchemy import Select, case, func, or_, select, union, union_all

from metrics.card import Alert, Card, Direction, Gap, Period, Unit, words
from metrics.cards.notifiable import LATE, NOTIFIABLE, TIMES
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, F004
from metrics.facts import aged, child_year, dose_owed, enrolled, managed, resident, stay, tagged
from metrics.sql import (
    FOREVER,
    at_least,
    at_most,
    dated,
    last_month_in_force,
    merged,
    month_of,
    spans_of,
    within,
    without,
)
from metrics.standards import by_day, by_month
from metrics.standards.schedules import warnings
from metrics.tables import (
    appraisal,
    checkup,
    encounter,
    followup,
    incident,
    maternal_visit,
    person,
    pregnancy,
    referral,
    service,
)

_CHRONIC = ("htn", "dm")


def _warning(key, system, zh, en, ask, rule, *, reason, unit=Unit.PERSONS, **more) -> Card:
    who = warnings()[key]
    return System(system).card(
        key,
        ("预警：" + zh, f"Warning: {en[0].lower()}{en[1:]}"),
        ask,
        rule,
        unit=unit,
        direction=Direction.LOWER,
        period=Period.AS_OF,
        gap=Gap.COUNTED,
        reason=reason,
        alert=Alert(owner=words(who.owner_zh, who.owner_en), days=who.days, short=words(zh, en)),
        **more,
    )


def _quiet(*parts: Select) -> Select:
    """Months (person, s, e) that contacts cover, joined."""
    return merged(union_all(*parts).subquery(), "person")


def _covered(rows, months: str) -> Select:
    """From each contact (person, month) on so many months."""
    return select(
        rows.c.person, rows.c.month.label("s"), (rows.c.month + by_month(months, rows.c.month)).label("e")
    )


def _begun(months: str, *programmes: str) -> Select:
    """From each enrolment on so many months: nobody is overdue from the first day."""
    s = enrolled.c.s
    return select(enrolled.c.person, s, (s + by_month(months, s)).label("e")).where(
        enrolled.c.programme.in_(programmes)
    )


def _followed(*programmes: str):
    return (
        select(followup.c.person, followup.c.month)
        .where(followup.c.programme.in_(programmes))
        .distinct()
        .subquery()
    )


# -- chronic patients -----------------------------------------------------------------------------------

_patients = merged(
    spans_of(managed).where(managed.c.programme.in_(_CHRONIC)).subquery(),
    "person",
    "unit",
).subquery()
_no_contact = without(
    _patients,
    _quiet(
        _covered(_followed(*_CHRONIC), "warn_contact_months"), _begun("warn_contact_months", *_CHRONIC)
    ).subquery(),
)

_f = followup.c
_readings = (
    select(
        _f.programme,
        _f.person,
        _f.day,
        _f.sbp,
        _f.dbp,
        _f.fpg,
        func.lead(_f.day)
        .over(partition_by=[_f.programme, _f.person], order_by=[_f.day, _f.row_id])
        .label("next_day"),
    )
    .where(_f.programme.in_(_CHRONIC))
    .subquery()
)
_x = _readings.c
_severe = case(
    (
        _x.programme == "htn",
        or_(
            _x.sbp.between(by_day("warn_sbp", _x.day), by_day("sbp_high", _x.day)),
            _x.dbp.between(by_day("warn_dbp", _x.day), by_day("dbp_high", _x.day)),
        ),
    ),
    else_=_x.fpg.between(by_day("warn_fpg", _x.day), by_day("fpg_high", _x.day)),
)
_due = _x.day + by_day("warn_followup_days", _x.day)
_unfollowed = merged(
    select(
        _x.person,
        month_of(_due).label("s"),
        func.coalesce(month_of(_x.next_day) - 1, FOREVER).label("e"),
    )
    .where(_severe, or_(_x.next_day.is_(None), _x.next_day > _due))
    .subquery(),
    "person",
).subquery()

# -- children -------------------------------------------------------------------------------------------

_overdue = merged(
    select(
        dose_owed.c.person,
        (dose_owed.c.month + by_month("warn_dose_months", dose_owed.c.month)).label("s"),
        (dose_owed.c.given - 1).label("e"),
    )
    .where(dose_owed.c.given > dose_owed.c.month + by_month("warn_dose_months", dose_owed.c.month))
    .subquery(),
    "person",
).subquery()
_y = child_year.c


def _still_unchecked(from_month, months):
    late = at_least(_y.y0 + from_month - 1, _y.s + months)
    until = at_most(_y.c1 - 1, _y.y1)
    return select(_y.person, late.label("s"), until.label("e")).where(late <= until)


_unchecked = dated(_still_unchecked, "warn_child_month", "warn_child_months")

# -- older residents ------------------------------------------------------------------------------------

_ELDER_TAGS = ("solitary", "high_risk_elder")
_elder_tagged = merged(
    select(tagged.c.person, tagged.c.s, tagged.c.e).where(tagged.c.tag.in_(_ELDER_TAGS)).subquery(), "person"
).subquery()
_named = select(tagged.c.person).where(tagged.c.tag.in_(_ELDER_TAGS)).distinct().subquery()
_elders = within(_elder_tagged, resident).subquery()


def _months_of(table, *where) -> Select:
    return select(table.c.person, table.c.month).join(_named, _named.c.person == table.c.person).where(*where)


_elder_services = union(
    *(_months_of(table) for table in (encounter, checkup, followup, referral)),
    _months_of(service, service.c.kind != "update"),
).subquery()
_unserved = without(
    _elders,
    _quiet(
        _covered(_elder_services, "warn_elder_months"),
        # Nobody is overdue from the day of the listing.
        select(
            _elder_tagged.c.person,
            _elder_tagged.c.s,
            (_elder_tagged.c.s + by_month("warn_elder_months", _elder_tagged.c.s)).label("e"),
        ),
    ).subquery(),
)

# -- pregnancies at high risk ---------------------------------------------------------------------------

_p, _m = pregnancy.c, maternal_visit.c
_booked = month_of(_p.booked_on)
_over = case(
    (_p.delivered_on.is_(None), _booked + by_month("warn_pregnancy_months", _booked)),
    else_=month_of(_p.delivered_on) - 1,
)
_pregnant = (
    select(
        _p.person,
        _p.unit,
        _booked.label("s"),
        at_most(_over, func.coalesce(month_of(person.c.died_on), FOREVER)).label("e"),
    )
    .join(person, person.c.person == _p.person)
    .where(_p.high_risk.is_(True), _p.booked_on.is_not(None))
)
_pregnancies = _pregnant.where(_p.unit.is_not(None)).subquery()
_expecting = merged(
    select(*_pregnancies.c).where(_pregnancies.c.s <= _pregnancies.c.e).subquery(), "person", "unit"
).subquery()


def _covering_days(person, day, *where) -> Select:
    """The month ends that lie at most so many days after a visit."""
    until = day + by_day("warn_pregnancy_days", day)
    return select(person, month_of(day).label("s"), last_month_in_force(until).label("e")).where(
        *where, month_of(day) <= last_month_in_force(until)
    )


_unseen = without(
    _expecting,
    _quiet(
        _covering_days(_m.person, _m.day, _m.kind == "antenatal", func.coalesce(_m.mode, "") != "phone"),
        _covering_days(_p.person, _p.booked_on, _p.booked_on.is_not(None)),
    ).subquery(),
)

# -- severe mental disorder -----------------------------------------------------------------------------

_smi = merged(
    spans_of(managed).where(managed.c.programme == "smi").subquery(),
    "person",
    "unit",
).subquery()
_smi_missed = without(
    _smi,
    _quiet(_covered(_followed("smi"), "warn_smi_months"), _begun("warn_smi_months", "smi")).subquery(),
)

# -- things ---------------------------------------------------------------------------------------------

_found = month_of(incident.c.day)
_notifiable = select(
    incident.c.row_id.label("thing"),
    incident.c.unit,
    _found.label("s"),
    case(
        (incident.c.reported_at.is_(None), FOREVER),
        else_=at_least(_found, func.coalesce(month_of(incident.c.reported_at) - 1, _found)),
    ).label("e"),
    incident.c.topic.label("what"),
).where(NOTIFIABLE, or_(incident.c.reported_at.is_(None), LATE))

_a = appraisal.c
_before = func.lag(_a.month).over(partition_by=[_a.unit, _a.staff_no], order_by=[_a.month, _a.row_id])
_failed = (
    select(_a.unit, _a.staff_no, _a.month, _before.label("before"))
    .where(_a.kind == "doctor", _a.grade == "unqualified", _a.staff_no.is_not(None), _a.unit.is_not(None))
    .subquery()
)
_twice = merged(
    select(_failed.c.unit, _failed.c.staff_no, _failed.c.month.label("s"), (_failed.c.before + 11).label("e"))
    .where(_failed.c.month <= _failed.c.before + 11)
    .subquery(),
    "unit",
    "staff_no",
).subquery()
_two_unqualified = select(
    func.dense_rank().over(order_by=[_twice.c.unit, _twice.c.staff_no]).label("thing"),
    _twice.c.unit,
    _twice.c.s,
    _twice.c.e,
    _twice.c.staff_no.label("what"),
)

CARDS = [
    _warning(
        "warn_ncd_no_contact",
        "S11",
        "慢病患者长期没有联系",
        "Chronic patients without contact",
        ("哪些高血压、糖尿病患者长期没有随访？", "Which chronic patients have not been contacted for long?"),
        (
            "月末在管的高血压、糖尿病患者中，最近 {warn_contact_months} 个月（参数）没有任何方式随访者；纳管不满该月数的不计。",
            "Patients managed for hypertension or diabetes at the month's end without a follow-up of any mode for more than "
            "{warn_contact_months} months (a parameter) since the last one or since enrolment.",
        ),
        reason=("超过规定月数没有随访", "no follow-up for longer than the rule"),
        source=F003,
        catalogue=("ncd_timely_followup",),
        reads=("followup",),
        numerator=_no_contact,
        parameters=("warn_contact_months",),
    ),
    _warning(
        "warn_severe_reading",
        "S11",
        "危急读数未及时随访",
        "Severe readings not followed up",
        ("哪些患者读数危急却没有及时随访？", "Which patients with a severe reading were not followed up?"),
        (
            "月末在管患者中，最近一次随访收缩压 ≥{warn_sbp} 或舒张压 ≥{warn_dbp} mmHg、空腹血糖 ≥{warn_fpg} mmol/L（参数），满 {warn_followup_days} 天（参数）仍未再次随访者。",
            "Patients managed at the month's end whose last follow-up had a systolic pressure of {warn_sbp} or more, a diastolic of "
            "{warn_dbp} or more or a fasting glucose of {warn_fpg} or more (parameters), and who were not seen again within "
            "{warn_followup_days} days.",
        ),
        reason=("读数危急，未按时再次随访", "a severe reading without the follow-up due"),
        source=F003,
        catalogue=("ncd_timely_followup",),
        reads=("followup",),
        numerator=within(_unfollowed, _patients),
        parameters=(
            "warn_sbp",
            "warn_dbp",
            "warn_fpg",
            "sbp_high",
            "dbp_high",
            "fpg_high",
            "warn_followup_days",
        ),
    ),
    _warning(
        "warn_doses_overdue",
        "S07",
        "儿童疫苗长期逾期",
        "Children with doses long overdue",
        ("哪些儿童的疫苗长期逾期未种？", "Which children have doses long overdue?"),
        (
            "月末在管的 0—6 岁儿童中，有应种疫苗逾期满 {warn_dose_months} 个月（参数）仍未接种者。",
            "Children of 0 to 6 managed at the month's end with a dose overdue for {warn_dose_months} months or more (a parameter).",
        ),
        reason=("应种疫苗长期逾期", "a dose is long overdue"),
        source=F003,
        catalogue=("im_class1_rate",),
        reads=("dose",),
        numerator=within(_overdue, aged(stay, below=7).subquery()),
        parameters=("warn_dose_months", "dose_grace_months"),
    ),
    _warning(
        "warn_smi_missed_month",
        "S12",
        "严重精神障碍患者漏访",
        "Severe mental disorder, a month missed",
        ("哪些患者上个月以来没有随访？", "Which patients have not been seen since the month before last?"),
        (
            "月末在管的严重精神障碍患者中，上月和本月都没有任何方式随访者（间隔月数为参数）；新纳管的从次月算起。",
            "Patients managed for a severe mental disorder at the month's end without any follow-up this month and the month "
            "before (a parameter), from enrolment on.",
        ),
        reason=("上月和本月都没有随访", "no follow-up this month and the month before"),
        source=F000,
        catalogue=("mh_monthly_visit",),
        reads=("followup",),
        numerator=_smi_missed,
        parameters=("warn_smi_months",),
    ),
    _warning(
        "warn_notifiable_late",
        "S13",
        "传染病报告迟报、未报",
        "Notifiable cases late or not reported",
        ("哪些传染病例超时未报或迟报？", "Which notifiable cases are late or not reported?"),
        (
            "月末尚未报告的法定传染病例，以及当月发现而迟报的病例（甲类 {class_a_hours} 小时、其他 {class_b_hours} 小时，参数）。",
            "Notifiable cases not reported by the month's end, and those of the month that were reported late ({class_a_hours} hours for "
            "class A, {class_b_hours} for others: parameters).",
        ),
        reason=("未报告或迟报", "not reported, or late"),
        unit=Unit.CASES,
        source=F000,
        catalogue=("id_missed_reports",),
        reads=("incident",),
        numerator=_notifiable,
        parameters=TIMES,
    ),
    _warning(
        "warn_doctor_two_unqualified",
        "S27",
        "一年内两次考核不称职的村医",
        "Village doctors unqualified twice",
        ("哪些村医再有一次不称职就要解聘？", "Which village doctors are one appraisal away from dismissal?"),
        (
            "最近 12 个月内有两次及以上考核不称职的村医人数；同年三次不称职解聘。",
            "Village doctors with two or more unqualified appraisals within the last twelve months; the third means dismissal.",
        ),
        reason=("十二个月内两次不称职", "unqualified twice within twelve months"),
        source=F004,
        catalogue=("vd_dismiss_three",),
        reads=("appraisal",),
        numerator=_two_unqualified,
    ),
    _warning(
        "warn_elder_unserved",
        "S10",
        "独居、高危老人长期没有服务",
        "Solitary or high-risk elders without service",
        (
            "哪些独居、高危老人长期没有得到服务？",
            "Which solitary or high-risk elders had no service for long?",
        ),
        (
            "月末列为独居老人或高危干预老人的常住居民中，最近 {warn_elder_months} 个月（参数）没有就诊、体检、随访、转诊或上门等服务者。",
            "Residents listed as solitary or as elders at high risk at the month's end without any visit, check, follow-up, "
            "referral or service for more than {warn_elder_months} months (a parameter).",
        ),
        reason=("长期没有任何服务", "no service for long"),
        source=F002,
        catalogue=("info_key_pop_warning",),
        reads=("encounter", "followup", "service"),
        numerator=_unserved,
        parameters=("warn_elder_months",),
    ),
    _warning(
        "warn_child_unchecked",
        "S08",
        "儿童今年一直没有体检",
        "Children not checked this year",
        ("哪些儿童今年一直没有体检？", "Which children were not checked at all this year?"),
        (
            "自本年第 {warn_child_month} 个月（参数）起，月末在管的 0—6 岁常住儿童中今年还没有做过体检者；出生或迁入不满 {warn_child_months} 个月（参数）的不计。",
            "From month {warn_child_month} of the year (a parameter): resident children of 0 to 6 without a check this year; those born or "
            "arrived less than {warn_child_months} months ago (a parameter) are left out.",
        ),
        reason=("今年还没有体检", "no check this year"),
        source=F002,
        catalogue=("info_key_pop_warning",),
        reads=("child_visit",),
        numerator=within(_unchecked.subquery(), resident),
        parameters=("warn_child_month", "warn_child_months"),
    ),
    _warning(
        "warn_high_risk_pregnancy",
        "S09",
        "高危孕妇未按时检查",
        "Women at high risk not seen",
        ("哪些高危孕妇近期没有检查？", "Which women at high risk were not seen lately?"),
        (
            "月末尚未分娩的高危孕妇中，最近 {warn_pregnancy_days} 天（参数）没有产前检查（电话不计）者；建册当日视同检查，"
            "建册超过 {warn_pregnancy_months} 个月（参数）仍无分娩记录的不再计。",
            "Women at high risk who are expecting at the month's end and had no antenatal check, not by telephone, within "
            "{warn_pregnancy_days} days; booking counts as one, and more than {warn_pregnancy_months} months after booking a pregnancy is taken as over (parameters).",
        ),
        reason=("高危，近期没有产前检查", "at high risk and not seen lately"),
        source=F000,
        catalogue=("mt_highrisk_mgmt",),
        reads=("pregnancy", "maternal_visit"),
        numerator=_unseen,
        parameters=("warn_pregnancy_days", "warn_pregnancy_months"),
    ),
]
