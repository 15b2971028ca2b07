"""S10 老年人健康管理, daily life: falls, meals, classes, and what the free checks cost."""

from __future__ import annotations

from sqlalchemy import Select, and_, literal, select

from metrics.card import Change, Direction, Period, Statistic, Unit
from metrics.cards.shapes import System
from metrics.cards.sources import F002, F003
from metrics.facts import checked, first_of_year, resident, resident_year
from metrics.sql import age_at_least, dated, within
from metrics.tables import activity, health_event, money, person, service

_S = System("S10")
_UP = Direction.HIGHER


def _falls(years: int) -> Select:
    """person, unit, month, n: falls of residents who were ``years`` old on the day, at the managing unit."""
    there = and_(
        resident.c.person == health_event.c.person, health_event.c.month.between(resident.c.s, resident.c.e)
    )
    return (
        select(health_event.c.person, resident.c.unit, health_event.c.month, literal(1).label("n"))
        .select_from(
            health_event.join(resident, there).join(person, person.c.person == health_event.c.person)
        )
        .where(
            health_event.c.kind == "fall",
            person.c.born_on.is_not(None),
            age_at_least(person.c.born_on, health_event.c.day, years),
        )
    )


_fall_rate = _S.card(
    "el_fall_rate",
    ("65 岁及以上老年人跌倒发生率", "Falls at 65 and over"),
    ("老年人跌倒多吗？", "How often do residents of {elder_age} and over fall?"),
    (
        "本期 {elder_age} 岁及以上常住居民（跌倒当日年龄）的跌倒次数 ÷ 65 岁及以上常住人口数。",
        "Falls of residents who were {elder_age} or over on the day over the resident population of 65 and over.",
    ),
    unit=Unit.PERCENT,
    direction=Direction.LOWER,
    period=Period.FLOW,
    source=F002,
    catalogue=("el_fall_rate_change",),
    reads=("health_event",),
    numerator=dated(_falls, "elder_age"),
    statistic=Statistic(band="65+"),
    parameters=("elder_age",),
    caveat=("一人多次跌倒按次数计。", "Whoever falls twice counts twice."),
)

CARDS = [
    _fall_rate,
    _S.changed(
        "el_fall_rate_change",
        ("老年人跌倒发生率变化", "Change of falls at 65 and over"),
        ("老年人跌倒比上年少了吗？", "Do residents of 65 and over fall less than last year?"),
        (
            "（本期跌倒发生率 − 上年同期）÷ 上年同期。",
            "The rate of falls less that of the same period a year before, over the latter.",
        ),
        _fall_rate,
        Change.RELATIVE,
        source=F002,
    ),
    _S.card(
        "el_meals",
        ("老年送餐服务人数", "Residents to whom meals are delivered"),
        ("今年给多少人送餐？", "To how many residents were meals delivered this year?"),
        (
            "本年截至月末接受过送餐服务的常住居民人数，一人只计一次。",
            "Residents to whom meals were delivered this year, each once.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F002,
        reads=("service",),
        numerator=within(first_of_year(service, service.c.kind == "meal").subquery(), resident_year),
    ),
    _S.count(
        "el_exam_investment",
        ("免费体检投入", "Spent on free health checks"),
        ("免费体检投入了多少钱？", "How much was spent on free health checks?"),
        ("本期免费体检支出之和（万元）。", "Spending of the period on free health checks."),
        money,
        money.c.account == "free_exam",
        n=money.c.amount,
        unit=Unit.WAN_YUAN,
        source=F003,
    ),
    _S.card(
        "el_free_exam_persons",
        ("免费体检人数", "Residents given a free health check"),
        ("今年为多少居民做了免费体检？", "How many residents had a free health check this year?"),
        (
            "本年截至月末体检过的常住居民人数（老年人、慢病患者等，不分类别），一人只计一次，与年度任务比较。",
            "Residents with a health check this year, whatever their group, each once; set against the yearly task.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F003,
        catalogue=("el_exam_investment",),
        reads=("checkup",),
        numerator=within(select(checked.c.person, checked.c.s, checked.c.e).subquery(), resident_year),
    ),
    _S.count(
        "el_fall_education",
        ("银发健康课堂期数", "Classes for older residents"),
        ("办了多少期银发课堂（防跌倒课程）？", "How many classes were held for older residents?"),
        (
            "本期银发健康课堂（防跌倒课程）的期数，不计入健康讲座。",
            "Classes on healthy ageing and falls held in the period; they are not among the health lectures.",
        ),
        activity,
        activity.c.kind == "silver_class",
        unit=Unit.SESSIONS,
        source=F002,
    ),
]
