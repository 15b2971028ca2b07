"""S08 儿童健康: managed, checked as often as the age asks for, fed, protected and screened."""

from __future__ import annotations

from sqlalchemy import Integer, and_, cast, func, literal, not_, select

from metrics.card import Change, Direction, Gap, Period, Statistic, Unit
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, SPEC
from metrics.facts import (
    aged,
    child_met,
    child_on_schedule,
    children_due,
    children_of_year,
    children_with,
    first_of_year,
    first_seen,
    resident,
    stay,
)
from metrics.sql import FOREVER, age_at_least, one, within, year_start
from metrics.standards import by_day
from metrics.tables import activity, child_visit, person, screening

_S = System("S08")
_UP, _DOWN, _INFO = Direction.HIGHER, Direction.LOWER, Direction.NONE
_v = child_visit.c
_CHECK = _v.kind == "check"


#: Screenings of children, by their age on the day: adults are screened too.
_screened = (
    select(*(screening.c[name] for name in ("person", "unit", "day", "month", "row_id", "kind", "positive")))
    .join(person, person.c.person == screening.c.person)
    .where(
        not_(age_at_least(person.c.born_on, screening.c.day, by_day("screened_child_age", screening.c.day)))
    )
    .subquery()
)


def _found(kind: str):
    """Children with a finding at a screening of the year, at the unit that first screened them with a result."""
    finding = first_of_year(
        _screened, _screened.c.kind == kind, _screened.c.positive.is_(True), _screened.c.unit.is_not(None)
    ).subquery()
    return within(finding, _told(kind).subquery())


def _told(kind: str):
    """Children screened in the year whose result is known, at the unit that was the first to tell it."""
    return first_seen(_screened, _screened.c.kind == kind, _screened.c.positive.is_not(None))


# -- cohorts: children in the month in which they reach an age ------------------------------------------

_months_old = _v.month - person.c.born_month


def _reaching(months: int, seen, *rows):
    """Children managed where they reach an age: of = 1, n = they were ``seen`` (a select of persons)."""
    seen = seen.subquery()
    month = stay.c.born_month + months
    return (
        select(
            stay.c.person,
            stay.c.unit,
            month.label("month"),
            one(seen.c.person.is_not(None)).label("n"),
            literal(1).label("of"),
        )
        .select_from(stay.outerjoin(seen, seen.c.person == stay.c.person))
        .where(month.between(stay.c.s, stay.c.e), *rows)
    )


def _visited(*where):
    """Persons with a fitting visit, their birth at hand."""
    return select(_v.person).join(person, person.c.person == _v.person).where(*where).distinct()


_newborn_visit = _visited(
    _v.kind == "newborn",
    _v.day >= person.c.born_on,
    cast(_v.day - person.c.born_on, Integer) <= by_day("newborn_visit_days", _v.day),
)
_feeding = (
    select(
        _v.person,
        _v.unit,
        (person.c.born_month + 6).label("month"),
        _v.feeding,
        func.row_number()
        .over(partition_by=_v.person, order_by=[_v.day.desc(), _v.row_id.desc()])
        .label("nth"),
    )
    .join(person, person.c.person == _v.person)
    .where(_v.feeding.is_not(None), _months_old.between(4, 6))
    .subquery()
)

# -- handbooks and defects ------------------------------------------------------------------------------

_handbook = (
    select(_v.person, func.min(_v.month).label("s"), literal(FOREVER).label("e"))
    .where(_v.handbook.is_(True))
    .group_by(_v.person)
    .subquery()
)
_holders = within(_handbook, aged(resident, below=7).subquery())
_y0 = year_start(_v.month)
_defect = (
    select(
        _v.person,
        _y0.label("y0"),
        func.min(_v.day).label("day"),
        func.min(_v.month).label("s"),
        (_y0 + 11).label("e"),
    )
    .where(_v.defect.is_(True))
    .group_by(_v.person, _y0)
    .subquery()
)
# What was corrected before is another defect.
_corrected_defect = (
    select(_defect.c.person, _defect.c.y0, func.min(_v.month).label("s"), _defect.c.e)
    .join(child_visit, and_(_v.person == _defect.c.person, _y0 == _defect.c.y0, _v.day >= _defect.c.day))
    .where(_v.corrected.is_(True))
    .group_by(_defect.c.person, _defect.c.y0, _defect.c.e)
    .subquery()
)

_MYOPIA = _S.card(
    "ch_myopia_rate",
    ("儿童近视倾向检出率", "Children found with a tendency to myopia"),
    ("筛查的儿童中检出近视倾向的有多少？", "How many of the screened children tend to myopia?"),
    (
        "本年截至月末视力筛查检出近视倾向的儿童 ÷ 本年视力筛查有结果的儿童（未满 {screened_child_age} 岁，参数），计入本年首次筛查的机构。",
        "Children under {screened_child_age} (a parameter) with a finding at a vision screening this year ÷ children screened this year whose "
        "result is known, at the unit that screened them first.",
    ),
    unit=Unit.PERCENT,
    direction=_DOWN,
    period=Period.IN_YEAR,
    source=F002,
    reads=("screening",),
    numerator=_found("vision"),
    listed=_told("vision"),
    parameters=("screened_child_age",),
)
_CARIES = _S.card(
    "ch_caries_rate",
    ("儿童龋齿率", "Children with caries"),
    ("检查的儿童中有龋齿的有多少？", "How many of the examined children have caries?"),
    (
        "本年截至月末龋齿检查发现龋齿的儿童 ÷ 本年龋齿检查有结果的儿童（未满 {screened_child_age} 岁，参数），计入本年首次检查的机构。",
        "Children under {screened_child_age} (a parameter) found with caries this year ÷ children examined for it this year whose result is "
        "known, at the unit that examined them first.",
    ),
    unit=Unit.PERCENT,
    direction=_DOWN,
    period=Period.IN_YEAR,
    source=F002,
    catalogue=("ch_caries_change",),
    reads=("screening",),
    numerator=_found("caries"),
    listed=_told("caries"),
    parameters=("screened_child_age",),
)


def _prophylaxis(key, zh, en, months, first, last, years):
    return _S.card(
        key,
        (zh, en),
        (f"{years[0]}的儿童都用过维生素 D 预防佝偻病吗？", f"Did children of {years[1]} get vitamin D?"),
        (
            f"本期满 {months} 月龄的在管儿童中，{years[0]}期间的访视记有维生素 D 预防投药者所占比例，计入满龄的月份。",
            f"Of the children managed who turn {months} months old in the period, those given vitamin D at a visit at "
            f"the age of {years[1]}; counted in the month in which they reach that age.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.COHORT,
        source=F003,
        reads=("child_visit",),
        numerator=_reaching(months, _visited(_v.vitamin_d.is_(True), _months_old.between(first, last))),
        gap=Gap.THINGS,
        reason=("没有维生素 D 预防投药记录", "no vitamin D is recorded"),
    )


CARDS = [
    _S.card(
        "ch_mgmt_rate",
        ("0—6 岁儿童健康管理率", "Children of 0 to 6 managed"),
        (
            "辖区儿童今年都得到健康管理了吗？",
            "Did the children of 0 to 6 get a health check or visit this year?",
        ),
        (
            "本年截至月末接受过 1 次及以上访视或体检的 0—6 岁常住儿童 ÷ 0—6 岁常住人口数；年龄按当年 12 月 31 日计（未满 7 岁）。",
            "Resident children with at least one visit or check this year ÷ resident population of 0 to 6; age on "
            "31 December, not yet seven.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        source=f"{SPEC}；{F002}；{F003}",
        reads=("child_visit",),
        numerator=within(first_of_year(child_visit).subquery(), children_of_year().subquery()),
        listed=children_of_year(),
        statistic=Statistic(band="0-6"),
        gap=Gap.PERSONS,
        reason=("本年没有访视或体检", "neither visited nor checked this year"),
    ),
    _S.card(
        "ch_system_rate",
        ("0—6 岁儿童系统管理率", "Children of 0 to 6 managed systematically"),
        ("儿童到目前该做的体检都做了吗？", "Did children have the checks owed so far?"),
        (
            "本年体检次数达到按月龄应做次数的 0—6 岁常住儿童 ÷ 0—6 岁常住人口数。应做次数：未满 1 岁每年 4 次、"
            "1—2 岁每年 2 次、3—6 岁每年 1 次，按在管月数折算后向下取整（每月十二分之一）。",
            "Resident children whose checks of the year reach what their age asks for by now ÷ resident population of "
            "0 to 6. Asked for: 4 a year under one, 2 at one and two, 1 at three to six, a twelfth for each month here, "
            "rounded down.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        level=True,
        source=f"{SPEC}；{F000}；{F002}；{F003}",
        reads=("child_visit",),
        numerator=children_with(child_on_schedule),
        listed=children_of_year(),
        statistic=Statistic(band="0-6"),
        gap=Gap.PERSONS,
        reason=("体检次数落后于月龄要求", "behind the checks that the age asks for"),
        caveat=(
            "年初多数儿童尚无应做的体检，数值偏高；全年是否做满看 4:2:1 体检率。",
            "Early in the year most children owe no check yet and the figure is high; the 4:2:1 checks say whether the "
            "whole year is done.",
        ),
    ),
    _S.card(
        "ch_421_exam_rate",
        ("4:2:1 体检率", "4:2:1 checks"),
        ("儿童今年做满 4:2:1 体检了吗？", "Did children have all of the year's 4:2:1 checks?"),
        (
            "本年截至月末已做满全年应做体检次数的儿童 ÷ 本年应体检的儿童（未满 1 岁 4 次、1—2 岁每年 2 次、3—6 岁每年 1 次，"
            "年内出生、满龄或迁入的按月折算、向下取整）。",
            "Children who by the month's end have had all checks that the year asks for ÷ children of whom it asks for "
            "any (4 under one, 2 a year at one and two, 1 a year at three to six; by months, rounded down, for those "
            "born, grown older or arrived within the year).",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F003,
        reads=("child_visit",),
        numerator=children_with(child_met),
        listed=children_due(),
        gap=Gap.PERSONS,
        reason=("本年体检次数未满", "the year's checks are not complete"),
    ),
    _S.card(
        "ch_newborn_visit_rate",
        ("新生儿访视率", "Newborns visited"),
        ("新生儿都按时访视了吗？", "Were newborns visited in time?"),
        (
            "本期出生的在管新生儿中，出生后 {newborn_visit_days} 天内（参数）接受过新生儿访视者所占比例，计入出生月份。",
            "Of the newborns of the period that are managed, those visited within {newborn_visit_days} days of birth (a parameter); "
            "counted in the month of birth.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.COHORT,
        source=f"{SPEC}；{F003}",
        catalogue=("ch_mgmt_rate",),
        reads=("child_visit",),
        numerator=_reaching(0, _newborn_visit),
        gap=Gap.THINGS,
        reason=("没有按时访视", "not visited in time"),
        caveat=(
            "最近一个月出生的新生儿访视时限未到，数值会继续上升。",
            "Newborns of the last month may still be visited in time: the figure still rises.",
        ),
        parameters=("newborn_visit_days",),
    ),
    _S.card(
        "ch_handbook",
        ("持有保健手册的儿童数", "Children with a handbook"),
        ("有多少儿童建立了保健手册？", "How many children have a health handbook?"),
        (
            "月末访视记录中记有保健手册的 0—6 岁常住儿童人数。",
            "Resident children of 0 to 6 whose visits say that they hold a handbook.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.AS_OF,
        source=F003,
        reads=("child_visit",),
        numerator=_holders,
    ),
    _S.card(
        "ch_handbook_exam_rate",
        ("持手册儿童体检率", "Children with a handbook who were checked"),
        ("有保健手册的儿童今年体检了吗？", "Were the children with a handbook checked this year?"),
        (
            "持有保健手册的 0—6 岁常住儿童中，本年截至月末体检过的所占比例。",
            "Of the resident children of 0 to 6 with a handbook, those with a check in the year so far.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F003,
        catalogue=("ch_handbook",),
        reads=("child_visit",),
        numerator=within(first_of_year(child_visit, _CHECK).subquery(), _holders.subquery()),
        listed=_holders,
        gap=Gap.PERSONS,
        reason=("有手册，本年未体检", "has a handbook and was not checked this year"),
    ),
    _S.card(
        "ch_breastfeeding_rate",
        ("4—6 个月母乳喂养率", "Breastfed at 4 to 6 months"),
        ("4—6 个月的婴儿有多少是母乳喂养？", "How many infants of 4 to 6 months are breastfed?"),
        (
            "本期满 6 个月的婴儿中，4—6 月龄最近一次有喂养记录的访视为母乳或混合喂养者 ÷ 有喂养记录者。",
            "Of infants who turn six months in the period and whose feeding was asked at 4 to 6 months, those breastfed "
            "(also with other food) at the last such visit.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.COHORT,
        source=F003,
        reads=("child_visit",),
        numerator=select(
            _feeding.c.person,
            _feeding.c.unit,
            _feeding.c.month,
            one(_feeding.c.feeding.in_(["breast", "mixed"])).label("n"),
            literal(1).label("of"),
        ).where(_feeding.c.nth == 1),
        gap=Gap.THINGS,
        reason=("未母乳喂养", "not breastfed"),
    ),
    _prophylaxis(
        "ch_rickets_0_1",
        "0—1 岁佝偻病预防投药率",
        "Vitamin D in the first year",
        12,
        0,
        11,
        ("0—1 岁", "0 to 11 months"),
    ),
    _prophylaxis(
        "ch_rickets_2_3",
        "2—3 岁佝偻病预防投药率",
        "Vitamin D in the third year",
        36,
        24,
        35,
        ("2—3 岁", "24 to 35 months"),
    ),
    _S.card(
        "ch_vision_screened",
        ("儿童视力筛查人数", "Children screened for vision"),
        ("今年筛查了多少儿童的视力？", "How many children were screened for vision this year?"),
        (
            "本年截至月末做过视力筛查的儿童（未满 {screened_child_age} 岁，参数）人数，一人只计一次，计入本年首次筛查的机构。",
            "Children under {screened_child_age} (a parameter) screened for vision this year, each once, at the unit that screened them first.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F002,
        reads=("screening",),
        numerator=first_seen(_screened, _screened.c.kind == "vision"),
        parameters=("screened_child_age",),
    ),
    _MYOPIA,
    _S.changed(
        "ch_myopia_growth",
        ("儿童近视增长率", "Growth of myopia"),
        ("近视倾向检出率比上年涨了多少？", "By how much did the share of children tending to myopia grow?"),
        (
            "（本年近视倾向检出率 − 上年同期）÷ 上年同期。",
            "The share found this year less that of a year before, as a share of the latter.",
        ),
        _MYOPIA,
        Change.RELATIVE,
        source=F002,
    ),
    _S.count(
        "ch_sealant",
        ("窝沟封闭颗数", "Teeth sealed"),
        ("做了多少颗窝沟封闭？", "How many teeth were sealed?"),
        ("本期窝沟封闭的牙齿颗数之和。", "Teeth sealed in the period."),
        screening,
        screening.c.kind == "sealant",
        n=screening.c.quantity,
        unit=Unit.TEETH,
        direction=_UP,
        source=F002,
    ),
    _S.count(
        "ch_fluoride",
        ("涂氟人次", "Fluoride applications"),
        ("涂氟做了多少人次？", "How many fluoride applications were made?"),
        ("本期涂氟的人次。", "Fluoride applications of the period."),
        screening,
        screening.c.kind == "fluoride",
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        source=F002,
        catalogue=("ch_sealant",),
    ),
    _CARIES,
    _S.changed(
        "ch_caries_change",
        ("儿童龋齿率变化", "Change of the caries rate"),
        ("儿童龋齿率比上年变化了多少？", "By how much did the caries rate change?"),
        (
            "本年儿童龋齿率 − 上年同期，单位为百分点。",
            "The caries rate less that of a year before, in points.",
        ),
        _CARIES,
        Change.POINTS,
        source=F002,
    ),
    _S.duty(
        "ch_dev_assessment",
        ("0—3 岁发育评估指导（每月）", "Monthly development assessment (0 to 3)"),
        activity,
        activity.c.kind == "dev_assessment",
    ),
    _S.card(
        "ch_defect_correction",
        ("儿童缺点矫治率", "Defects corrected"),
        ("体检发现的缺点、疾病都矫治了吗？", "Were the defects found in children corrected?"),
        (
            "本年访视或体检发现缺点（疾病）的 0—6 岁常住儿童中，发现当日及以后、本年内记有已矫治者所占比例。",
            "Of the resident children of 0 to 6 in whom a defect or illness was found this year, those noted as corrected on "
            "that day or later this year.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F003,
        reads=("child_visit",),
        numerator=children_with(_corrected_defect),
        listed=children_with(_defect),
        gap=Gap.PERSONS,
        reason=("发现缺点，尚未矫治", "a defect was found and is not corrected"),
    ),
]
