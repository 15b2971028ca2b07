"""S01 机构网络与设置: what institutions offer, when they are open, how many of the area's visits they see."""

from __future__ import annotations

from sqlalchemy import Select, func, literal, select, true, union_all

from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.families import IN_USE
from metrics.cards.rules import tenths
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F003, F004
from metrics.facts.work import open_unit
from metrics.sql import at_least, at_most, year_start
from metrics.tables import (
    activity,
    checkup,
    child_visit,
    dose,
    encounter,
    facility,
    maternal_visit,
    sample,
    service,
)

_S = System("S01")
_UP = Direction.HIGHER
_INSTITUTIONS = ("centre", "station")
_YEAR = 12
_FUNCTIONS = ("预防", "保健", "医疗", "康复", "健康教育", "计划生育技术指导")


def _function_rows():
    """unit, month, number: everything that shows one of the six functions at work."""

    def rows(table, place: int, *where) -> Select:
        return select(table.c.unit, table.c.month, literal(place).label("number")).where(*where)

    education = [
        *("lecture", "consultation", "theme_day", "board", "window"),
        *("handout", "video", "he_prescription"),
    ]
    return union_all(
        rows(dose, 1),
        rows(checkup, 2),
        rows(child_visit, 2),
        rows(maternal_visit, 2),
        rows(encounter, 3),
        rows(encounter, 4, encounter.c.department == "rehab"),
        rows(service, 4, service.c.kind == "rehab"),
        rows(activity, 5, activity.c.kind.in_(education)),
        rows(service, 6, service.c.kind == "family_planning"),
    ).subquery()


def _functions_seen() -> Select:
    """thing, unit, s, e: a function at an institution from its first service of a year to the year's end."""
    rows = _function_rows()
    y0 = year_start(rows.c.month)
    seen = (
        select(rows.c.unit, rows.c.number, y0.label("y0"), func.min(rows.c.month).label("first"))
        .group_by(rows.c.unit, rows.c.number, y0)
        .subquery()
    )
    return (
        select(
            seen.c.number.label("thing"),
            seen.c.unit,
            at_least(seen.c.first, open_unit.c.s).label("s"),
            at_most(seen.c.y0 + _YEAR - 1, open_unit.c.e).label("e"),
        )
        .join(open_unit, open_unit.c.unit == seen.c.unit)
        .where(open_unit.c.kind.in_(_INSTITUTIONS))
    )


def _functions_owed() -> Select:
    """thing, unit, s, e, what: all six at every institution while it is open."""
    six = union_all(
        *(
            select(literal(place).label("number"), literal(name).label("name"))
            for place, name in enumerate(_FUNCTIONS, 1)
        )
    ).subquery()
    return (
        select(
            six.c.number.label("thing"),
            open_unit.c.unit,
            open_unit.c.s,
            open_unit.c.e,
            six.c.name.label("what"),
        )
        .select_from(six.join(open_unit, true()))
        .where(open_unit.c.kind.in_(_INSTITUTIONS))
    )


def _own_of_area() -> Select:
    """unit, month, n, of, thing: visits at the institutions, and all visits of the area as the bureau has them.

    A month for which the bureau has none is in neither: else the year so far would come out too high.
    """
    recorded = (sample.c.kind == "area_visits", sample.c.asked.is_not(None))
    own = select(
        encounter.c.unit,
        encounter.c.month,
        literal(1).label("n"),
        literal(0).label("of"),
        encounter.c.row_id.label("thing"),
    ).where(
        encounter.c.kind.in_(["outpatient", "emergency"]),
        encounter.c.month.in_(select(sample.c.month).where(*recorded, sample.c.unit.is_not(None))),
    )
    area = select(
        sample.c.unit,
        sample.c.month,
        literal(0).label("n"),
        sample.c.asked.label("of"),
        sample.c.row_id.label("thing"),
    ).where(*recorded)
    rows = union_all(own, area).subquery()
    return select(*rows.c)


CARDS = [
    _S.card(
        "six_functions_present",
        ("“六位一体”功能齐全率", "Six functions provided"),
        ("六项功能都开展了吗？", "Are all six functions provided?"),
        (
            "各机构本年至今有服务记录的功能数 ÷（机构数 × 6）。预防：接种；保健：体检、儿童和孕产妇访视；"
            "医疗：就诊；康复：康复服务；健康教育：健康教育活动；计划生育：技术指导。",
            "Functions with any service in the year so far over six for each open institution. Prevention: "
            "vaccination; health care: checkups, visits to children and mothers; medical: visits; "
            "rehabilitation; health education; family planning guidance.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        source=f"{F000}；{F003}",
        reads=("checkup", "dose", "encounter", "service"),
        numerator=_functions_seen(),
        listed=_functions_owed(),
        gap=Gap.THINGS,
        reason=("本年至今没有该功能的服务记录", "no service of this function in the year so far"),
        kinds=_INSTITUTIONS,
    ),
    _S.card(
        "opc_share_community",
        ("社区机构门急诊占比", "Share of the area's visits seen in community institutions"),
        ("辖区门急诊有多少在社区机构？", "How many of the area's visits are seen in community institutions?"),
        (
            "本期社区机构门急诊人次 ÷ 县级登记的辖区全部门急诊人次（含医院）；县级没有登记的月份，分子分母都不计。"
            "只在县级计算。",
            "Outpatient and emergency visits at the institutions over all visits of the area, hospitals "
            "included, as the bureau records them; a month that it has not recorded is in neither. For the "
            "bureau only.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F003,
        reads=("encounter", "sample"),
        numerator=_own_of_area(),
        kinds=("bureau",),
    ),
    _S.ratio(
        "baseline_survey_items",
        ("机构摸底调查完成率", "Baseline survey of institutions completed"),
        ("机构摸底调查填完了吗？", "Is the baseline survey of institutions complete?"),
        (
            "本期机构摸底调查已填项目数 ÷ 应填项目数（4 个方面 33 项）。",
            "Items filled in over items asked for in the survey of the institutions (33 items in four areas).",
        ),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == "baseline_survey",
        source=F003,
    ),
    _S.stock(
        "emergency_capacity_hours",
        ("错时、延时服务小时数（每周）", "Opening hours beyond office hours, a week"),
        ("每周延时服务多少小时？", "How many hours a week are units open beyond office hours?"),
        (
            "月末在执行的早晚、周末和节假日门急诊开诊时间之和（小时/周）。",
            "Hours a week that are offered in the evening, at weekends and on holidays at the month's end, added up.",
        ),
        facility,
        facility.c.kind == "extended_hours",
        IN_USE,
        n=tenths(facility.c.quantity),
        unit=Unit.HOURS,
        direction=_UP,
        source=f"{F000}；{F004}",
    ),
]
