"""S05 家庭医生签约, what surrounds the contracts: grids, notices, online answers, appraisal, the guardian package."""

from __future__ import annotations

from sqlalchemy import Select, and_, func, or_, select, union_all

from data.records.levels import DIVISIONS
from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.families import ALWAYS, sampled
from metrics.cards.rules import events, tenths, whole
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F001, F002, F003
from metrics.facts import contract_span, stay
from metrics.facts.work import open_unit
from metrics.sql import FOREVER, at_least, at_most, dated, merged
from metrics.tables import activity, ancestry, appraisal_item, followup, place, service, team

_S = System("S05")
_UP, _INFO = Direction.HIGHER, Direction.NONE

# -- the guardian package --------------------------------------------------------------------------------

# Households as contracts name them, which need not be those of the records: things, not persons, so that a
# change of one member counts the household anew.

_GUARDIAN = contract_span.c.package.in_(["健康守护包", "guardian"])
_holders = merged(
    select(contract_span.c.person, contract_span.c.family, contract_span.c.s, contract_span.c.e)
    .where(_GUARDIAN, contract_span.c.family.is_not(None))
    .subquery(),
    "person",
    "family",
).subquery()
_s, _e = at_least(_holders.c.s, stay.c.s), at_most(_holders.c.e, stay.c.e)
_held = (
    select(_holders.c.family.label("thing"), ancestry.c.ancestor.label("unit"), _s.label("s"), _e.label("e"))
    .select_from(
        _holders.join(stay, stay.c.person == _holders.c.person).join(ancestry, ancestry.c.unit == stay.c.unit)
    )
    .where(_s <= _e)
    .subquery()
)
_households = merged(_held, "thing", "unit")
_home = union_all(
    *(
        select(table.c.person, table.c.month, table.c.day).where(table.c.mode == "home")
        for table in (service, followup)
    )
).subquery()
_kept_up = _households.subquery()


def _visited(times: int) -> Select:
    """thing (the family), unit, s, e: months with so many days on which a household with the package was visited."""
    visited = (
        select(_holders.c.family, _home.c.month)
        .select_from(
            _home.join(
                _holders,
                and_(_holders.c.person == _home.c.person, _home.c.month.between(_holders.c.s, _holders.c.e)),
            )
        )
        .group_by(_holders.c.family, _home.c.month)
        .having(func.count(_home.c.day.distinct()) >= times)
        .subquery()
    )
    return select(
        _kept_up.c.thing, _kept_up.c.unit, visited.c.month.label("s"), visited.c.month.label("e")
    ).select_from(
        _kept_up.join(
            visited,
            and_(visited.c.family == _kept_up.c.thing, visited.c.month.between(_kept_up.c.s, _kept_up.c.e)),
        )
    )


# -- grids -----------------------------------------------------------------------------------------------

# A grid is a village, a community or a group of one without a smaller one in it. It is credited to the centre that lies in
# it or in a place above it; where there is none, to the bureau.
_GRID = [*DIVISIONS, "group"]
_smaller, _above = place.alias("smaller"), place.alias("above")
_grid = (
    select(
        place.c.place,
        place.c.name,
        place.c.team_code,
        place.c.code,
        place.c.parent_code.label("above"),
        _above.c.parent_code.label("top"),
    )
    .select_from(place.outerjoin(_above, _above.c.code == place.c.parent_code))
    .where(
        place.c.level.in_(_GRID),
        ~select(_smaller.c.place)
        .where(_smaller.c.parent_code == place.c.code, _smaller.c.level.in_(_GRID))
        .exists(),
    )
    .subquery()
)
_centre = (
    select(open_unit.c.unit, open_unit.c.place_code)
    .where(open_unit.c.kind == "centre", open_unit.c.e == FOREVER)
    .subquery()
)
_bureau = (
    select(func.min(open_unit.c.unit))
    .where(open_unit.c.kind == "bureau", open_unit.c.parent.is_(None))
    .scalar_subquery()
)
_team = (
    select(team.c.code, func.count().label("times")).where(team.c.unit.is_not(None)).group_by(team.c.code)
).subquery()
_placed = (
    select(
        _grid.c.place.label("thing"),
        func.coalesce(func.min(_centre.c.unit), _bureau).label("unit"),
        *ALWAYS,
        func.max(_grid.c.name).label("what"),
        func.coalesce(func.max(_team.c.times), 0).label("teams"),
    )
    .select_from(
        _grid.outerjoin(
            _centre,
            or_(
                _centre.c.place_code == _grid.c.code,
                _centre.c.place_code == _grid.c.above,
                _centre.c.place_code == _grid.c.top,
            ),
        ).outerjoin(_team, _team.c.code == _grid.c.team_code)
    )
    .group_by(_grid.c.place)
    .subquery()
)
_grids = select(_placed.c.thing, _placed.c.unit, _placed.c.s, _placed.c.e, _placed.c.what)


def _grid_count(key, name, ask, rule, which, reason):
    return _S.card(
        key,
        name,
        ask,
        rule,
        unit=Unit.PIECES,
        direction=Direction.LOWER,
        period=Period.AS_OF,
        source=F000,
        reads=("place", "team"),
        numerator=_grids.where(which),
        kinds=("centre",),
        gap=Gap.COUNTED,
        reason=reason,
        caveat=(
            "一个管理网格只能登记一个团队编码。管理网格和团队名册只有现状，往月按现状显示。",
            "A management grid names one team's code at most. Management grids and teams have no history: earlier months "
            "show today's.",
        ),
        catalogue=("fd_grid_management",),
    )


_DIMENSIONS = ("authenticity", "standardisation", "satisfaction")

CARDS = [
    _S.card(
        "fd_guardian_package_households",
        ("健康守护包签约户数", "Households with the guardian package"),
        ("多少户用上了健康守护包？", "How many households have the guardian package?"),
        (
            "月末健康守护包签约有效的家庭数；每一级机构各自去重，签约没有登记家庭的不计。",
            "Households with the guardian package in force at the month's end, counted anew at each level; "
            "contracts that name no household are left out.",
        ),
        unit=Unit.HOUSEHOLDS,
        direction=_UP,
        period=Period.AS_OF,
        source=F002,
        reads=("contract",),
        numerator=_households,
        each_level=True,
    ),
    _S.card(
        "fd_guardian_visits",
        ("健康守护包按次上门的家庭比例", "Households with the guardian package visited as agreed"),
        (
            "健康守护包家庭本月上门够次数了吗？",
            "Were households with the guardian package visited often enough?",
        ),
        (
            "月末健康守护包有效的家庭中，本月上门服务和随访不少于 {guardian_visits} 次的比例；一户同一天上门只计一次。",
            "Of households with the guardian package in force, those visited at home at least {guardian_visits} times in the "
            "month; visits to a household on one day are one.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F002,
        catalogue=("fd_guardian_package_households",),
        reads=("contract", "service", "followup"),
        numerator=dated(_visited, "guardian_visits"),
        listed=_households,
        each_level=True,
        parameters=("guardian_visits",),
    ),
    _S.card(
        "fd_grid_management",
        ("管理网格团队落实率", "Management grids with a team"),
        ("每个管理网格都由一个团队负责吗？", "Does every management grid have exactly one team?"),
        (
            "最小一级管理网格（村组、小区；没有的为村、社区）中，登记的责任团队在团队名册中恰有一个的比例。",
            "Of the smallest management grids (groups, else villages and communities), those whose team stands once in the list "
            "of teams.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F000,
        reads=("place", "team"),
        numerator=_grids.where(_placed.c.teams == 1),
        listed=_grids,
        kinds=("centre",),
        gap=Gap.THINGS,
        reason=("没有落实到一个团队", "not assigned to one team"),
        caveat=(
            "管理网格和团队名册只有现状，往月按现状显示。管理网格计入所在乡镇（街道）的中心，没有中心的计入卫健局。",
            "Management grids and teams have no history: earlier months show today's. A management grid counts for the "
            "centre of its town, where there is none for the bureau.",
        ),
    ),
    _grid_count(
        "fd_grids_without_team",
        ("没有团队的管理网格数", "Management grids without a team"),
        ("哪些管理网格还没有落实团队？", "Which management grids have no team?"),
        (
            "最小一级管理网格（村组、小区；没有的为村、社区）中，没有登记责任团队，或登记的团队不在团队名册中的管理网格数。",
            "Of the smallest management grids (groups, else villages and communities), those that name no team, or one that is not "
            "in the list of teams.",
        ),
        _placed.c.teams == 0,
        ("没有登记责任团队，或该团队不在名册中", "names no team, or one that is not in the list"),
    ),
    _grid_count(
        "fd_grids_several_teams",
        ("对应多个团队的管理网格数", "Management grids with several teams"),
        ("哪些管理网格对应了不止一个团队？", "Which management grids have more than one team?"),
        (
            "最小一级管理网格（村组、小区；没有的为村、社区）中，登记的责任团队编码在团队名册中对应两个及以上团队的管理网格数。",
            "Of the smallest management grids (groups, else villages and communities), those whose team's code stands for two teams "
            "or more in the list of teams.",
        ),
        _placed.c.teams >= 2,
        ("登记的团队编码对应两个及以上团队", "its team's code stands for two teams or more"),
    ),
    _S.check(
        "fd_public_notice",
        ("签约服务公示", "Public notice of family doctors"),
        ("centre", "station"),
        source=f"{F001}；{F003}",
    ),
    _S.count(
        "fd_contact_cards",
        ("发放签约联系卡张数", "Contact cards handed out"),
        ("发了多少张签约联系卡？", "How many contact cards were handed out?"),
        (
            "本期发放的家庭医生联系卡、团队信息单张数之和。",
            "Contact cards and sheets about the teams handed out in the period.",
        ),
        activity,
        activity.c.kind == "contact_card",
        n=whole(activity.c.quantity),
        unit=Unit.CARDS,
        direction=_UP,
        source=F003,
        catalogue=("fd_public_notice",),
    ),
    _S.check(
        "fd_coordination",
        ("镇村协调机制", "Coordination of town and villages"),
        ("centre",),
        source=F001,
    ),
    _S.check(
        "fd_realtime_monitoring",
        ("履约信息化实时监管", "Electronic monitoring of what contracts owe"),
        ("centre",),
        source=F001,
    ),
    _S.card(
        "fd_dual_assessment",
        ("家庭医生服务考核得分率", "Appraisal of family doctors"),
        (
            "服务的真实性、规范性、满意度考核得了多少分？",
            "How do family doctors score on authenticity, standards and satisfaction?",
        ),
        (
            "本期家庭医生考核中真实性、规范性、满意度三项的得分之和 ÷ 满分之和。",
            "Points reached over points possible, for authenticity, standards and satisfaction.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F003,
        reads=("appraisal_item",),
        numerator=events(
            appraisal_item,
            appraisal_item.c.kind == "family_doctor",
            appraisal_item.c.dimension.in_(_DIMENSIONS),
            appraisal_item.c.score.is_not(None),
            appraisal_item.c.full.is_not(None),
            n=tenths(appraisal_item.c.score),
            of=tenths(appraisal_item.c.full),
        ),
    ),
    _S.duty(
        "fd_online_clinic",
        ("云诊室每周答疑", "Weekly online clinic"),
        activity,
        activity.c.kind == "online_clinic",
    ),
    sampled(
        _S,
        "fd_discount",
        ("签约重点人群检查费优惠比例", "Tests at a reduced fee"),
        (
            "签约重点人群的检查都按优惠收费了吗？",
            "Were tests of contracted key residents charged at the reduced fee?",
        ),
        ("按优惠收费的检查项次", "Tests charged at the reduced fee"),
        ("签约重点人群的检查项次", "tests of contracted key residents"),
        "exam_discount",
        F003,
        direction=_INFO,
        caveat=(
            "收费系统按期汇总，不含逐笔明细。",
            "Totals of the billing system, without the single bills.",
        ),
    ),
]
