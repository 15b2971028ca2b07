"""S09 孕产妇与妇女保健: booked early, checked, delivered in hospital, visited afterwards; women screened."""

from __future__ import annotations

from sqlalchemy import and_, func, literal, or_, select

from metrics.card import Direction, Gap, Period, Statistic, Unit
from metrics.cards.rules import events
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, SPEC
from metrics.facts import delivery, first_seen, resident_year
from metrics.sql import dated, month_of, one, within, year_start
from metrics.standards import by_day
from metrics.tables import activity, maternal_visit, pregnancy, screening

_S = System("S09")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_d = delivery.c
_READS = ("pregnancy",)
_SEEN = ("pregnancy", "maternal_visit")
WOMEN = ("women_disease", "cervical", "breast")  # kinds of screening

_BOOKED = _d.booked_on <= _d.delivered_on
_FIRST_CHECK = _d.first_check_on <= _d.delivered_on
_EARLY = and_(_d.booked_weeks < by_day("early_weeks", _d.delivered_on), _FIRST_CHECK)
_PLACE_KNOWN = _d.hospital.is_not(None)


def _visited(parameter: str):
    return _d.postpartum_after <= by_day(parameter, _d.delivered_on)


def _cohort(hit, *where, births: bool, n=None):
    """Deliveries in their month: n = those that hit, of = live births, or the women delivered."""
    return events(
        delivery,
        *where,
        *((_d.live_births > 0,) if births else ()),
        n=one(hit) if n is None else n,
        of=_d.live_births if births else literal(1),
    )


def _rate(key, zh, en, ask, rule, numerator, source, reason, **more):
    return _S.card(
        key,
        (zh, en),
        ask,
        rule,
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.COHORT,
        source=source,
        numerator=numerator,
        gap=Gap.THINGS if reason else Gap.NONE,
        reason=reason,
        **{"reads": _READS} | more,
    )


def _of_age(youngest, oldest):
    """Residents in the figures of a year who are women of fertile age on its last day."""
    r = resident_year.c
    age = r.y0 + 11 - r.born_month
    return select(r.person, r.unit, r.s, r.e).where(r.sex == 2, age >= 12 * youngest, age < 12 * (oldest + 1))


_women = dated(_of_age, "women_from_age", "women_to_age")


def _screened():
    y0 = year_start(screening.c.month)
    return (
        select(screening.c.person, func.min(screening.c.month).label("s"), (y0 + 11).label("e"))
        .where(screening.c.kind.in_(WOMEN))
        .group_by(screening.c.person, y0)
        .subquery()
    )


_BIRTHS = (
    "活产数为分母，按分娩月份计入登记机构；双胎按 2 个活产计，产妇按 1 人计。",
    "The denominator is live births, in the month of delivery at the unit that keeps the pregnancy; twins are two live "
    "births of one woman.",
)
_RISING = (
    "最近一个月分娩的产妇访视时限未到，数值会继续上升。",
    "Women of the last month may still be visited in time: the figure still rises.",
)
_BIRTHS_RISING = (_BIRTHS[0] + _RISING[0], f"{_BIRTHS[1]} {_RISING[1]}")

CARDS = [
    _rate(
        "mt_early_booking_rate",
        "早孕建册率",
        "Pregnancies booked early",
        ("孕妇都在孕早期建册了吗？", "Were pregnancies booked early?"),
        (
            "本期分娩的产妇中，孕 {early_weeks} 周之前（参数）建册并做过首次产前检查的人数 ÷ 本期活产数。",
            "Women delivered in the period who were booked before {early_weeks} weeks (a parameter) and had a first antenatal check "
            "÷ live births of the period.",
        ),
        _cohort(_EARLY, births=True),
        f"{SPEC}；{F002}；{F003}",
        None,
        caveat=_BIRTHS,
        parameters=("early_weeks",),
    ),
    _rate(
        "mt_booking_rate",
        "孕妇建册率",
        "Pregnancies booked",
        ("产妇孕期都建册了吗？", "Were the women delivered booked at all?"),
        (
            "本期分娩的产妇中，分娩前（含当日）已建册者 ÷ 本期分娩的产妇。",
            "Women delivered in the period who were booked by the day of delivery ÷ women delivered.",
        ),
        _cohort(_BOOKED, births=False),
        F003,
        ("没有建册", "not booked"),
    ),
    _rate(
        "mt_system_rate",
        "孕产妇系统管理率",
        "Systematic maternal management",
        ("产妇从孕早期到产后都管理到位了吗？", "Did women get the whole course of care?"),
        (
            "本期分娩的产妇中，早孕建册、产前检查 {antenatal_checks} 次及以上（参数）且产后 {postpartum_days} 天内（参数）访视过者 ÷ 本期活产数；电话随访不计。",
            "Women delivered in the period who were booked early, had {antenatal_checks} antenatal checks or more and were visited within {postpartum_days} "
            "days of discharge (parameters) ÷ live births of the period; telephone calls do not count.",
        ),
        _cohort(
            and_(
                _EARLY,
                _d.antenatal >= by_day("antenatal_checks", _d.delivered_on),
                _visited("postpartum_days"),
            ),
            births=True,
        ),
        f"{SPEC}；{F000}",
        None,
        reads=_SEEN,
        caveat=_BIRTHS_RISING,
        parameters=("early_weeks", "antenatal_checks", "postpartum_days"),
    ),
    _rate(
        "mt_mgmt_rate",
        "孕产妇管理率",
        "Women managed through pregnancy",
        ("产妇孕期都有人管理吗？", "Were the women delivered managed during pregnancy?"),
        (
            "本期分娩的产妇中，分娩前建册且至少做过一次产前检查（电话不计）者 ÷ 本期分娩的产妇。",
            "Women delivered in the period who before delivery were booked and had an antenatal check, not by telephone ÷ "
            "women delivered.",
        ),
        _cohort(
            and_(_BOOKED, or_(_FIRST_CHECK, _d.antenatal > 0)),
            births=False,
        ),
        F003,
        ("没有建册或没有产前检查", "not booked, or without an antenatal check"),
        reads=_SEEN,
    ),
    _rate(
        "mt_hospital_delivery_rate",
        "住院分娩率",
        "Hospital deliveries",
        ("孩子都在医院出生吗？", "Were children born in hospital?"),
        (
            "本期住院分娩的活产数 ÷ 本期活产数；分娩地点不详的不计。",
            "Live births in hospital ÷ live births of the period whose place is known.",
        ),
        _cohort(
            _d.hospital.is_(True), _PLACE_KNOWN, births=True, n=one(_d.hospital.is_(True)) * _d.live_births
        ),
        f"{SPEC}；{F000}",
        None,
    ),
    _rate(
        "mt_highrisk_hospital_rate",
        "高危孕妇住院分娩率",
        "Hospital deliveries of women at high risk",
        ("高危孕妇都在医院分娩吗？", "Were women at high risk delivered in hospital?"),
        (
            "本期分娩的高危孕产妇中住院分娩者 ÷ 本期分娩的高危孕产妇；分娩地点不详的不计。",
            "Women at high risk delivered in hospital ÷ women at high risk delivered in the period at a known place.",
        ),
        _cohort(_d.hospital.is_(True), _d.high_risk.is_(True), _PLACE_KNOWN, births=False),
        F000,
        ("高危，不在医院分娩", "at high risk and not delivered in hospital"),
    ),
    _rate(
        "mt_postpartum_visit_rate",
        "产后访视率（{postpartum_days} 天内）",
        "Postpartum visits within {postpartum_days} days",
        ("产妇出院后都访视了吗？", "Were women visited after discharge?"),
        (
            "本期分娩的产妇中，出院后 {postpartum_days} 天内（参数；没有出院日期的从分娩日算）接受过产后访视（电话不计）者 ÷ 本期活产数。",
            "Women delivered in the period and visited, not by telephone, within {postpartum_days} days of discharge (a parameter; without "
            "a day of discharge from delivery) ÷ live births of the period.",
        ),
        _cohort(_visited("postpartum_days"), births=True),
        f"{SPEC}；{F002}；{F003}",
        None,
        reads=_SEEN,
        caveat=_BIRTHS_RISING,
        parameters=("postpartum_days",),
    ),
    _rate(
        "mt_postpartum_service_rate",
        "产后访视及时率（{postpartum_service_days} 天内）",
        "Postpartum visits within {postpartum_service_days} days",
        ("产妇出院后一周内都访视了吗？", "Were women visited within a week of discharge?"),
        (
            "本期分娩的产妇中，出院后 {postpartum_service_days} 天内（参数，服务标准）接受过产后访视（电话不计）者 ÷ 本期分娩的产妇。",
            "Women delivered in the period and visited, not by telephone, within {postpartum_service_days} days of discharge (a parameter: the "
            "service standard) ÷ women delivered.",
        ),
        _cohort(_visited("postpartum_service_days"), births=False),
        SPEC,
        ("出院后一周内没有访视", "not visited within a week"),
        reads=_SEEN,
        catalogue=("mt_postpartum_visit_rate",),
        caveat=_RISING,
        parameters=("postpartum_service_days",),
    ),
    _rate(
        "mt_42day_rate",
        "产后 42 天检查率",
        "42-day checks after birth",
        ("产妇都做了产后 42 天检查吗？", "Did women have their 42-day check?"),
        (
            "本期分娩的产妇中，做过产后 42 天检查（电话不计）者 ÷ 本期分娩的产妇。",
            "Women delivered in the period who had their 42-day check, not by telephone ÷ women delivered.",
        ),
        _cohort(_d.day42 > 0, births=False),
        F003,
        ("没有产后 42 天检查", "no 42-day check"),
        reads=_SEEN,
        caveat=(
            "最近一两个月分娩的产妇尚未到检查时间，数值会继续上升。",
            "Women of the last two months are not due yet: the figure still rises.",
        ),
    ),
    _S.card(
        "mt_antenatal_persons",
        ("产前检查人数", "Women with an antenatal check"),
        ("今年给多少孕妇做过产前检查？", "How many women had an antenatal check this year?"),
        (
            "本年截至月末做过产前检查（电话不计）的孕妇人数，一人只计一次，计入本年首次检查的机构。",
            "Women with an antenatal check this year, not by telephone, each once, at the unit that made the first.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F003,
        reads=("maternal_visit",),
        numerator=first_seen(
            maternal_visit,
            maternal_visit.c.kind == "antenatal",
            func.coalesce(maternal_visit.c.mode, "") != "phone",
        ),
    ),
    _rate(
        "mt_highrisk_mgmt",
        "高危孕产妇追踪管理率",
        "Women at high risk followed up",
        ("高危孕产妇都追踪到了吗？", "Were women at high risk followed up?"),
        (
            "本期分娩的高危孕产妇中，分娩前有过评为高危的产前随访（方式不限）者 ÷ 本期分娩的高危孕产妇。",
            "Women at high risk delivered in the period with an antenatal visit of any mode that notes the risk ÷ women at "
            "high risk delivered.",
        ),
        _cohort(_d.risk_visits > 0, _d.high_risk.is_(True), births=False),
        f"{F003}；{F000}",
        ("高危，没有追踪随访记录", "at high risk without a visit that notes it"),
        reads=_SEEN,
    ),
    _S.share(
        "mt_folic_acid",
        ("叶酸发放并随访率", "Folic acid handed out and followed up"),
        ("叶酸都发放并随访了吗？", "Was folic acid handed out and its use followed up?"),
        (
            "本期建册的孕妇中，已发放叶酸且随访过服用情况者 ÷ 本期建册的孕妇。",
            "Women booked in the period who got folic acid and were asked about its use ÷ women booked.",
        ),
        pregnancy,
        and_(pregnancy.c.folic_on.is_not(None), pregnancy.c.folic_followed.is_(True)),
        pregnancy.c.booked_on.is_not(None),
        month=month_of(pregnancy.c.booked_on),
        source=F003,
        reason=("未发放叶酸或未随访", "not handed out, or not followed up"),
    ),
    _S.card(
        "mt_women_screening_rate",
        ("妇女病普查率", "Women screened"),
        ("应查的妇女今年都查了吗？", "Were the women screened this year?"),
        (
            "本年截至月末接受过妇女病、宫颈癌或乳腺癌筛查的 {women_from_age}—{women_to_age} 岁（参数）常住妇女 ÷ 15—49 岁妇女常住人口数。",
            "Resident women of {women_from_age} to {women_to_age} (parameters) screened this year for women's diseases, cervical or breast cancer ÷ "
            "resident population of women of 15 to 49.",
        ),
        caveat=(
            "来源没有婚姻状况，以育龄妇女代替已婚妇女。",
            "Sources do not hold marriage: women of fertile age stand for married women.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F000,
        reads=("screening",),
        numerator=within(_screened(), _women.subquery()),
        listed=_women,
        statistic=Statistic(band="f15-49"),
        gap=Gap.PERSONS,
        reason=("本年未筛查", "not screened this year"),
        parameters=("women_from_age", "women_to_age"),
    ),
    _S.count(
        "mt_women_exam_count",
        ("妇女保健查体人次", "Women's examinations"),
        ("妇女保健查体做了多少人次？", "How many examinations of women were made?"),
        (
            "本期妇女病、宫颈癌、乳腺癌筛查的人次。",
            "Screenings of the period for women's diseases, cervical and breast cancer.",
        ),
        screening,
        screening.c.kind.in_(WOMEN),
        unit=Unit.PERSON_TIMES,
        direction=_INFO,
        source=F003,
    ),
    _S.duty(
        "mt_meeting",
        ("妇幼例会与资料存档", "Maternal and child health meetings on file"),
        activity,
        activity.c.kind == "mch_meeting",
        activity.c.evidence.is_(True),
    ),
]
