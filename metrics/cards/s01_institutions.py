"""S01 机构网络与设置: which institutions there are, where they lie and whom they serve."""

from __future__ import annotations

from sqlalchemy import Date, Select, case, cast, func, null, select, union_all

from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.rules import standing, units_open
from metrics.cards.running import running_of_spans
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, F004
from metrics.facts.network import dense_places, lying, served_towns, towns, units_in_dense_places, villages
from metrics.facts.work import open_unit
from metrics.sql import dated, merged
from metrics.tables import CURRENT, document, facility

_S = System("S01")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_INSTITUTIONS = ("centre", "station")
_ALL = ("centre", "station", "clinic")
_YEAR = 12


def _one_clinic() -> Select:
    """thing, unit, s, e: administrative villages while exactly one clinic lies in them."""
    clinics = select(lying.c.village, lying.c.s, lying.c.e).where(lying.c.kind == "clinic")
    held, village = running_of_spans(clinics, "village").subquery(), villages().subquery()
    return (
        select(village.c.thing, village.c.unit, held.c.s, held.c.e)
        .join(held, held.c.village == village.c.code)
        .where(held.c.n == 1)
    )


def _dense_served() -> Select:
    """thing, unit, s, e: dense places while an institution lies in them."""
    there = units_in_dense_places(*_ALL).subquery()
    held = merged(
        select(there.c.code, there.c.s, there.c.e).where(there.c.s <= there.c.e).subquery(), "code"
    ).subquery()
    place = dense_places().subquery()
    return select(place.c.thing, place.c.unit, held.c.s, held.c.e).join(held, held.c.code == place.c.code)


def _units_in_dense() -> Select:
    """thing, unit, s, e: institutions that lie in a dense place, each once."""
    there = units_in_dense_places(*_ALL).subquery()
    return select(there.c.thing, there.c.unit, there.c.s, there.c.e).distinct()


def _linked_clinics() -> Select:
    """unit, s, e: clinics while the unit above them is an open centre."""
    centre = (
        select(open_unit.c.unit, open_unit.c.s, open_unit.c.e)
        .where(open_unit.c.kind == "centre")
        .subquery("centre")
    )
    return (
        select(open_unit.c.unit, centre.c.s, centre.c.e)
        .join(centre, centre.c.unit == open_unit.c.parent)
        .where(open_unit.c.kind == "clinic")
    )


def _within_service_unit() -> Select:
    """unit, s, e: years in which a unit's population, and times in which its radius, is within the rule."""
    population = CURRENT["population"]
    nth = func.row_number().over(
        partition_by=[population.c.unit, population.c.year],
        order_by=[
            case((population.c.approved_on.is_(None), 1), else_=0),
            population.c.approved_on.desc(),
            population.c.row_id.desc(),
        ],
    )
    approved = (
        select(population.c.unit, population.c.year, population.c.persons, nth.label("nth"))
        .where(population.c.kind == "resident", population.c.band == "all", population.c.unit.is_not(None))
        .subquery()
    )
    few = dated(
        lambda people: select(
            approved.c.unit,
            (approved.c.year * _YEAR).label("s"),
            (approved.c.year * _YEAR + _YEAR - 1).label("e"),
        ).where(approved.c.nth == 1, approved.c.persons <= people),
        "clinic_people",
    )
    near = dated(
        lambda km: standing(facility, facility.c.kind == "service_radius_km", facility.c.quantity <= km),
        "clinic_radius_km",
    ).subquery()
    return union_all(few, select(near.c.unit, near.c.s, near.c.e).where(near.c.unit.is_not(None)))


def _open_count(key, zh, en, what, *kinds):
    return _S.card(
        key,
        (zh, en),
        (f"现有多少{what[0]}？", f"How many {what[1]} are there?"),
        (f"月末开业的{what[0]}数。", f"Open {what[1]} at the month's end."),
        unit=Unit.PIECES,
        direction=_UP,
        period=Period.AS_OF,
        source=F003,
        reads=("unit",),
        numerator=units_open(*kinds),
    )


_SITE = (document.c.kind == "site_plan", document.c.day.is_not(None))
_NO_END = cast(null(), Date)

CARDS = [
    _open_count(
        "org_count_total",
        "社区卫生服务机构总数",
        "Community health institutions",
        ("社区卫生服务机构（中心和站）", "community health institutions (centres and stations)"),
        *_INSTITUTIONS,
    ),
    _open_count(
        "org_count_centre",
        "社区卫生服务中心数",
        "Community health centres",
        ("社区卫生服务中心", "community health centres"),
        "centre",
    ),
    _open_count(
        "org_count_station",
        "社区卫生服务站数",
        "Community health stations",
        ("社区卫生服务站", "community health stations"),
        "station",
    ),
    _S.card(
        "org_build_completion_rate",
        ("机构建成率", "Planned institutions built"),
        ("规划的机构建成了多少？", "How many of the planned institutions have been built?"),
        (
            "月末已建成启用的规划点 ÷ 已批准的规划点（机构设置规划，一处一行）。",
            "Planned sites in use at the month's end over sites in the approved plan (one row a site).",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F003,
        reads=("document",),
        numerator=standing(
            document,
            *_SITE,
            document.c.start_on.is_not(None),
            start=func.greatest(document.c.day, document.c.start_on),
            end=_NO_END,
        ),
        listed=standing(document, *_SITE, start=document.c.day, end=_NO_END, what=document.c.topic),
        gap=Gap.THINGS,
        reason=("规划点尚未建成", "the planned site is not built yet"),
    ),
    _S.card(
        "org_coverage_street_rate",
        ("街道（乡镇）机构覆盖率", "Towns with an institution"),
        ("每个街道、乡镇都有机构吗？", "Does every town have an institution?"),
        (
            "月末至少有一所社区卫生服务中心或站的街道（乡镇）数 ÷ 街道（乡镇）总数；只在县级计算。",
            "Towns in which at least one centre or station lies at the month's end over all towns; for the "
            "bureau only.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F003,
        reads=("unit", "place"),
        numerator=served_towns(_INSTITUTIONS, merged),
        listed=towns(),
        gap=Gap.THINGS,
        reason=("辖区内没有机构", "no institution lies in it"),
        kinds=("bureau",),
    ),
    _S.population(
        "org_service_population",
        ("机构服务人口", "Population served"),
        ("机构服务多少人？", "How many people do the institutions serve?"),
        (
            "当年核定在用的服务人口数（一般为常住人口）；当年没有核定的没有数值，不沿用上年。",
            "The population approved and in force for the year (residents as a rule); without one for the year there "
            "is no figure: last year's is not carried on.",
        ),
        band="all",
        source=f"{F003}；{F002}",
    ),
    _S.card(
        "village_clinic_per_village",
        ("行政村卫生室设置率", "Villages with exactly one clinic"),
        ("每个行政村都有一所卫生室吗？", "Does every village have its clinic?"),
        (
            "月末恰有一所卫生室的行政村数 ÷ 行政村数（不含社区和乡镇政府驻地村）。村计入所在乡镇的中心（卫生院）。",
            "Administrative villages in which exactly one clinic is open at the month's end over administrative villages, "
            "without urban communities and the seats of towns. A village counts at the centre of its town.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F004,
        reads=("unit", "place"),
        numerator=_one_clinic(),
        listed=villages(),
        gap=Gap.THINGS,
        reason=("没有卫生室，或多于一所", "has no clinic, or more than one"),
        kinds=("centre",),
    ),
    _S.of_units(
        "clinic_service_unit_rule",
        ("卫生室服务单元达标率", "Clinics within the service-unit rule"),
        (
            "卫生室的服务人口或半径合规吗？",
            "Do clinics serve no more people, or no larger area, than they should?",
        ),
        (
            "当年服务人口不超过 {clinic_people} 人，或登记的服务半径不超过 {clinic_radius_km} "
            "公里的卫生室数 ÷ 开业卫生室数；两者都没有登记的按未达标计。",
            "Clinics whose population of the year is at most {clinic_people}, or whose recorded radius "
            "is at most {clinic_radius_km} km, over open clinics; one with neither recorded does not "
            "count as within the rule.",
        ),
        ("clinic",),
        _within_service_unit(),
        reads=("facility",),
        source=F004,
        reason=("超出服务单元标准，或没有登记", "is beyond the rule, or nothing is recorded"),
        parameters=("clinic_people", "clinic_radius_km"),
    ),
    _S.of_units(
        "three_level_network",
        ("村卫生室归属中心（卫生院）管理率", "Clinics linked to a centre"),
        ("村卫生室都由中心（卫生院）管理吗？", "Is every village clinic linked to a centre?"),
        (
            "上级机构为开业的中心（卫生院）的村卫生室数 ÷ 开业村卫生室数。",
            "Open clinics whose parent is an open centre over open clinics.",
        ),
        ("clinic",),
        _linked_clinics(),
        reads=("unit",),
        source=F004,
        reason=("没有归属中心（卫生院）", "is not linked to a centre"),
    ),
    _S.card(
        "floating_population_sites",
        ("流动人口密集区机构数", "Institutions in areas dense with newcomers"),
        ("流动人口密集区有多少机构？", "How many institutions lie where many newcomers live?"),
        (
            "月末位于标记为流动人口密集的乡镇（街道）、村（社区）内的开业机构数。",
            "Open institutions at the month's end that lie in a town, village or community marked as dense with newcomers.",
        ),
        unit=Unit.PIECES,
        direction=_INFO,
        period=Period.AS_OF,
        source=F000,
        reads=("unit", "place"),
        numerator=_units_in_dense(),
    ),
    _S.card(
        "floating_population_covered",
        ("流动人口密集区机构覆盖率", "Areas dense with newcomers that have an institution"),
        ("流动人口密集区都有机构吗？", "Does every area dense with newcomers have an institution?"),
        (
            "月末有开业机构的流动人口密集乡镇（街道）、村（社区）数 ÷ 标记为密集的总数。村（社区）计入所在乡镇（街道）的中心，乡镇（街道）计入县级。",
            "Dense towns, villages and communities in which an institution is open at the month's end over all that are "
            "marked. A village or community counts at the centre of its town, a town at the bureau.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F000,
        reads=("unit", "place"),
        numerator=_dense_served(),
        listed=dense_places(),
        gap=Gap.THINGS,
        reason=("密集区内没有机构", "no institution lies in it"),
        kinds=("centre",),
        catalogue=("floating_population_sites",),
    ),
    _S.share(
        "org_planned_with_new_estates",
        ("新建居住区同步规划率", "New residential areas planned with an institution"),
        ("新建居住区同步规划机构了吗？", "Are institutions planned with new residential areas?"),
        (
            "本期批准、登记了是否同步规划的新建居住区中，同步规划社区卫生服务机构的比例。",
            "Of the residential areas approved in the period of which it is recorded, the share planned with an "
            "institution.",
        ),
        document,
        document.c.good,
        document.c.kind == "estate_plan",
        document.c.good.is_not(None),
        document.c.day.is_not(None),
        what=document.c.topic,
        source=F000,
        reason=("没有同步规划机构", "no institution is planned with it"),
    ),
]
