"""S16 中医药服务: visits, techniques and herbs, and the care of elders and small children."""

from __future__ import annotations

from sqlalchemy import Select, and_, case, func, literal, select, union_all

from metrics.card import Change, Direction, Form, Gap, Period, Statistic, Unit
from metrics.cards.families import IN_USE, known_share, names_standing
from metrics.cards.s10_older_residents import elders_of_year
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, SPEC
from metrics.facts import first_of_year, resident, resident_year
from metrics.sql import dated, month_of, within
from metrics.tables import document, encounter, facility, prescription, service

_S = System("S16")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_TECHNIQUE = facility.c.kind == "tcm_technique"

_identified = first_of_year(service, service.c.kind == "tcm_constitution").subquery()
_elders = dated(elders_of_year, "elder_age")

_given = select(service.c.person, service.c.month).where(service.c.kind == "tcm_child").distinct().subquery()


def _child_visits(step: int, visits: int, grace: int) -> Select:
    """person, unit, month, n, of: a visit due every ``step`` months from birth, in the month in which it is missed."""
    turns = (select(literal(turn * step).label("age")) for turn in range(1, int(visits) + 1))
    ages = union_all(*turns).subquery()
    due = resident.c.born_month + ages.c.age
    owed = (
        select(resident.c.person, resident.c.unit, due.label("due"), (due + grace).label("month"))
        .select_from(resident.join(ages, (due + grace).between(resident.c.s, resident.c.e)))
        .subquery()
    )
    kept = and_(_given.c.person == owed.c.person, _given.c.month.between(owed.c.due, owed.c.month))
    return (
        select(
            owed.c.person,
            owed.c.unit,
            owed.c.month,
            case((func.count(_given.c.month) > 0, 1), else_=0).label("n"),
            literal(1).label("of"),
        )
        .select_from(owed.outerjoin(_given, kept))
        .group_by(owed.c.person, owed.c.unit, owed.c.due, owed.c.month)
    )


_visits = _S.count(
    "tcm_visits",
    ("中医服务人次", "Visits to Chinese medicine"),
    ("中医科看了多少人次？", "How many visits did Chinese medicine have?"),
    ("本期科室为中医科的诊疗人次。", "Visits of the period to the department of Chinese medicine."),
    encounter,
    encounter.c.department == "tcm",
    unit=Unit.PERSON_TIMES,
    direction=_UP,
    source=F002,
)

CARDS = [
    _visits,
    _S.changed(
        "tcm_visits_change",
        ("中医服务量较上年增长", "Growth of visits to Chinese medicine"),
        ("中医服务量比上年增长多少？", "How much have visits to Chinese medicine grown since last year?"),
        (
            "（本期中医服务人次 − 上年同期）÷ 上年同期。",
            "Visits to Chinese medicine less those of the same period a year before, over the latter.",
        ),
        _visits,
        Change.RELATIVE,
        source=F002,
        catalogue=("tcm_visits",),
        level=True,
    ),
    _S.card(
        "tcm_techniques",
        ("中医适宜技术项数", "Techniques of Chinese medicine"),
        ("能开展多少项中医适宜技术？", "How many techniques of Chinese medicine are offered?"),
        (
            "月末正在开展的中医适宜技术种类数；下属机构开展同一项的，上级只计一项。",
            "Techniques offered at the month's end; one that two units offer counts once above them.",
        ),
        unit=Unit.ITEMS,
        direction=_UP,
        period=Period.AS_OF,
        source=F002,
        reads=("facility",),
        numerator=names_standing(facility, facility.c.name, _TECHNIQUE, IN_USE),
        each_level=True,
    ),
    _S.count(
        "tcm_techniques_added",
        ("新增中医适宜技术项数", "Techniques of Chinese medicine added"),
        ("今年新增了几项中医适宜技术？", "How many techniques were added?"),
        (
            "本期开始开展的中医适宜技术项数，按开始日期统计，各机构分别计。",
            "Techniques that a unit began to offer in the period; each unit counts its own.",
        ),
        facility,
        _TECHNIQUE,
        month=month_of(facility.c.start_on),
        what=facility.c.name,
        unit=Unit.ITEMS,
        direction=_UP,
        source=F002,
        catalogue=("tcm_techniques",),
    ),
    _S.card(
        "tcm_decoction_rate",
        ("中药饮片处方占比", "Prescriptions with herbal pieces"),
        ("多少处方用了中药饮片？", "What share of prescriptions has herbal pieces?"),
        (
            "本期含中药饮片的处方 ÷ 来源标明是否含饮片的处方。",
            "Prescriptions with herbal pieces over prescriptions of which the source tells.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F002,
        reads=("prescription",),
        numerator=known_share(prescription, prescription.c.herbal),
        caveat=("按处方张数，不按收入计算。", "By the number of prescriptions, not by revenue."),
    ),
    _S.card(
        "tcm_package_persons",
        ("中医特色治疗包惠及人数", "Residents treated with a package of Chinese medicine"),
        ("多少居民用上了中医特色治疗包？", "How many residents had a package of Chinese medicine?"),
        (
            "本年截至月末接受过中医特色治疗包的常住居民人数，一人只计一次。",
            "Residents given a package of Chinese medicine this year, each once.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F002,
        reads=("service",),
        numerator=within(first_of_year(service, service.c.kind == "tcm_package").subquery(), resident_year),
    ),
    _S.of_units_with(
        "tcm_clinic_built",
        ("设中医馆（中医药综合服务区）的中心", "Centres with an area for Chinese medicine"),
        ("中心都设了中医馆吗？", "Does every centre have an area for Chinese medicine?"),
        (
            "月末设有中医馆或中医药综合服务区的中心数 ÷ 中心数。",
            "Centres with an area for Chinese medicine at the month's end over all centres.",
        ),
        ("centre",),
        facility,
        facility.c.kind == "tcm_area",
        IN_USE,
        source=F000,
        reason=("没有中医馆或中医药综合服务区", "has no area for Chinese medicine"),
    ),
    _S.card(
        "tcm_preventive",
        ("中医体质辨识人数", "Residents whose constitution was identified"),
        ("多少居民做了中医体质辨识？", "For how many residents was the constitution identified?"),
        (
            "本年截至月末做过中医体质辨识的常住居民人数，一人只计一次。",
            "Residents whose constitution was identified by Chinese medicine this year, each once.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F000,
        reads=("service",),
        numerator=within(_identified, resident_year),
    ),
    _S.card(
        "tcm_elder_rate",
        ("老年人中医药健康管理率", "Older residents managed by Chinese medicine"),
        (
            "{elder_age} 岁及以上老人都得到中医药健康管理了吗？",
            "Do residents of {elder_age} and over get Chinese medicine?",
        ),
        (
            "本年截至月末做过中医体质辨识和保健指导的 {elder_age} 岁及以上常住居民 ÷ 65 岁及以上常住人口数；"
            "年龄按当年 12 月 31 日计。",
            "Residents of {elder_age} and over whose constitution was identified this year over the resident population of "
            "65 and over; age on 31 December.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        source=f"{SPEC}；{F000}",
        catalogue=("tcm_preventive",),
        reads=("service",),
        numerator=within(_identified, _elders.subquery()),
        listed=_elders,
        statistic=Statistic(band="65+"),
        gap=Gap.PERSONS,
        reason=("本年未做中医体质辨识", "constitution not identified this year"),
        parameters=("elder_age", "resident_months"),
    ),
    _S.card(
        "tcm_child_rate",
        ("0～36 个月儿童中医药健康管理率", "Small children managed by Chinese medicine"),
        (
            "该做的儿童中医调养指导都做了吗？",
            "Do small children get the advice of Chinese medicine when it is due?",
        ),
        (
            "常住儿童满 6、12、18、24、30、36 月龄应做的中医调养指导中，按月龄（含宽限 {tcm_child_grace_months} 个月）完成的次数 ÷ 应做次数；"
            "计入宽限期满的月份。",
            "Of the visits that resident children owe at 6, 12, 18, 24, 30 and 36 months, those made in the month "
            "due or the next; counted in the month in which the grace ends.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.COHORT,
        source=f"{SPEC}；{F000}",
        catalogue=("tcm_preventive",),
        reads=("service",),
        numerator=dated(_child_visits, "tcm_child_step_months", "tcm_child_visits", "tcm_child_grace_months"),
        gap=Gap.THINGS,
        reason=("到月龄未做中医调养指导", "not advised when it was due"),
        parameters=("tcm_child_step_months", "tcm_child_visits", "tcm_child_grace_months", "resident_months"),
        caveat=(
            "按应做的次数计，不按儿童人数计，与上级按人数统计的管理率不能直接比较。",
            "Counts visits, not children: it is not the rate of children managed that is reported upwards.",
        ),
    ),
    _S.stock(
        "tcm_advanced_unit",
        ("基层中医药先进单位数", "Units certified as advanced in Chinese medicine"),
        ("有几家基层中医药先进单位？", "How many units are certified as advanced in Chinese medicine?"),
        (
            "月末有效的基层中医药先进单位证书数；没有写明到期日的一直有效。",
            "Certificates as an advanced unit of Chinese medicine in force at the month's end; "
            "one without an end stays in force.",
        ),
        document,
        document.c.kind == "tcm_advanced_unit",
        unit=Unit.PIECES,
        direction=_INFO,
        source=F003,
        form=Form.DOCUMENT,
    ),
]
