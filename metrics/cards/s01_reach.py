"""S01 机构网络与设置: how far residents live from a unit, whom each clinic is the nearest for, villages, overlaps.

Distances are straight lines between the coordinates of a person's management grid and of an open unit, in whole metres.
"""

from __future__ import annotations

from sqlalchemy import Select, case, literal, select, union_all

from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.rules import units_holding
from metrics.cards.running import running, running_of_spans
from metrics.cards.shapes import System
from metrics.cards.sources import F004
from metrics.facts.network import lying, villages
from metrics.facts.reach import metres_of, reached, residents_near, within_km
from metrics.facts.work import located_units
from metrics.sql import dated, spans_of
from metrics.tables import reach, unit_near

_S = System("S01")
_UP, _DOWN = Direction.HIGHER, Direction.LOWER
_RULE = ("clinic_service_unit_rule",)
_VILLAGES = ("village_clinic_per_village",)
_CLINIC = ("clinic",)
_RADIUS = ("clinic_radius_km",)

_clinic = located_units.subquery("clinic")


def _clinics(*where) -> Select:
    """thing, unit, s, e, what: village clinics with coordinates while they are open."""
    return select(
        _clinic.c.unit.label("thing"), _clinic.c.unit, _clinic.c.s, _clinic.c.e, _clinic.c.name.label("what")
    ).where(_clinic.c.kind == "clinic", *where)


# Where no place has coordinates nobody is near to anything: then there is nothing to say about clinics.
_someone = select(reach.c.place).where(reach.c.kind == "any").exists()


def _few(people: float) -> Select:
    """thing, unit, s, e: clinics while they are the nearest unit for no more people than so many."""
    near = select(reached.c.near.label("unit"), reached.c.s, reached.c.e)
    count = running_of_spans(near, "unit", known=_clinics(_someone)).subquery()
    return units_holding(select(count.c.unit, count.c.s, count.c.e).where(count.c.n <= people), *_CLINIC)


def _near_people(km: float) -> Select:
    """unit, s, e, n, close: people for whom a unit is the nearest, and those of them who live so close to it."""
    close = case((reached.c.metres <= metres_of(km), 1), else_=0)
    comes = select(
        reached.c.near.label("unit"),
        reached.c.s.label("month"),
        literal(1).label("n"),
        close.label("close"),
    )
    goes = select(
        reached.c.near.label("unit"),
        (reached.c.e + 1).label("month"),
        literal(-1).label("n"),
        (-close).label("close"),
    )
    return running(union_all(comes, goes), "unit", sums=("n", "close"))


def _mostly_close(share: float, km: float) -> Select:
    """thing, unit, s, e: clinics while so many per cent of the people nearest to them live within the radius."""
    count = _near_people(km).subquery()
    enough = count.c.close * 1_000 >= count.c.n * round(share * 10)
    return units_holding(
        select(count.c.unit, count.c.s, count.c.e).where(count.c.n > 0, enough),
        *_CLINIC,
    )


def _with_people() -> Select:
    """thing, unit, s, e, what: clinics with coordinates while they are the nearest unit for anybody."""
    near = select(reached.c.near.label("unit"), reached.c.s, reached.c.e)
    count = running_of_spans(near, "unit").subquery()
    held = units_holding(select(count.c.unit, count.c.s, count.c.e).where(count.c.n > 0), *_CLINIC).subquery()
    return select(held.c.thing, held.c.unit, held.c.s, held.c.e, _clinic.c.name.label("what")).join(
        _clinic, _clinic.c.unit == held.c.unit
    )


def _villages_with(clinics) -> Select:
    """thing, unit, s, e, what: administrative villages while the number of clinics that lie in them fits."""
    village, known = villages().subquery(), villages().subquery()
    there = select(lying.c.village, lying.c.s, lying.c.e).where(lying.c.kind == "clinic")
    count = running_of_spans(
        there, "village", known=select(known.c.code.label("village"), known.c.s)
    ).subquery()
    return (
        select(village.c.thing, village.c.unit, count.c.s, count.c.e, village.c.what)
        .join(count, count.c.village == village.c.code)
        .where(clinics(count.c.n))
    )


def _overlapping(km: float) -> Select:
    """thing, unit, s, e, what: clinics while another unit is nearer than so many kilometres."""
    near = unit_near
    return (
        select(near.c.unit.label("thing"), near.c.unit, near.c.s, near.c.e, _clinic.c.name.label("what"))
        .join(_clinic, _clinic.c.unit == near.c.unit)
        .where(near.c.kind == "clinic", near.c.metres < metres_of(km))
    )


_WITHIN = dated(within_km, *_RADIUS)
_LOCATED = (
    "按居民所在管理网格的坐标到机构的直线距离计算；没有登记管理网格、管理网格没有坐标的居民，没有坐标的机构，都不在内。"
    "管理网格只有最近一次登记的，往月按现在的管理网格显示。",
    "By the straight line from the coordinates of a resident's management grid to the unit. Residents without one or "
    "whose own has no coordinates, and units without any, are in neither part. Only the latest management grid is "
    "known: earlier months show it.",
)


def _village_count(key, name, ask, rule, clinics, reason):
    return _S.card(
        key,
        name,
        ask,
        rule,
        unit=Unit.PIECES,
        direction=_DOWN,
        period=Period.AS_OF,
        source=F004,
        reads=("unit", "place"),
        numerator=_villages_with(clinics),
        gap=Gap.COUNTED,
        reason=reason,
        kinds=("centre",),
        catalogue=_VILLAGES,
    )


CARDS = [
    _S.card(
        "reach_within_radius",
        ("{clinic_radius_km} 公里内有机构的居民比例", "Residents within {clinic_radius_km} km of a unit"),
        (
            "居民 {clinic_radius_km} 公里内有机构吗？",
            "Do residents live within {clinic_radius_km} km of a unit?",
        ),
        (
            "月末离最近的开业机构（中心、站、卫生室）不超过 {clinic_radius_km} 公里的常住居民 ÷ 所在管理网格有坐标的常住居民。",
            "Residents who live at most {clinic_radius_km} km from the nearest open centre, station or clinic at the "
            "month's end over residents whose management grid has coordinates.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F004,
        reads=("unit", "place"),
        numerator=_WITHIN,
        listed=spans_of(reached),
        gap=Gap.PERSONS,
        reason=(
            "{clinic_radius_km} 公里内没有开业的机构",
            "no open unit within {clinic_radius_km} km",
        ),
        caveat=_LOCATED,
        parameters=_RADIUS,
        catalogue=_RULE,
    ),
    _S.card(
        "reach_second_choice",
        ("有第二家机构可选的居民比例", "Residents with a second choice"),
        (
            "就近的机构停诊时，居民还有别家可去吗？",
            "Have residents another unit to go to when the nearest is shut?",
        ),
        (
            "月末第二近的开业机构也不超过 {clinic_radius_km} 公里的常住居民 ÷ {clinic_radius_km} 公里内有机构的常住居民。",
            "Residents whose second nearest open unit is at most {clinic_radius_km} km away as well over residents within "
            "{clinic_radius_km} km of a unit.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F004,
        reads=("unit", "place"),
        numerator=dated(
            lambda km: spans_of(residents_near("second", reach.c.metres <= metres_of(km)).subquery()),
            *_RADIUS,
        ),
        listed=_WITHIN,
        gap=Gap.PERSONS,
        reason=(
            "{clinic_radius_km} 公里内只有一家机构",
            "only one unit within {clinic_radius_km} km",
        ),
        caveat=_LOCATED,
        parameters=_RADIUS,
        catalogue=_RULE,
    ),
    _S.card(
        "clinic_nearest_people",
        ("卫生室就近服务人口达标率", "Clinics that are the nearest for no more people than the rule"),
        (
            "就近到一所卫生室的居民有没有超过标准？",
            "Is any clinic the nearest for more people than it should serve?",
        ),
        (
            "月末以本室为最近机构的常住居民不超过 {clinic_people} 人的卫生室数 ÷ 开业且有坐标的卫生室数。",
            "Clinics that are the nearest unit for at most {clinic_people} residents at the month's end over open "
            "clinics with coordinates.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F004,
        reads=("unit", "place"),
        numerator=dated(_few, "clinic_people"),
        listed=_clinics(_someone),
        gap=Gap.THINGS,
        reason=(
            "就近的居民超过 {clinic_people} 人",
            "is the nearest for more than {clinic_people} residents",
        ),
        caveat=_LOCATED,
        kinds=_CLINIC,
        parameters=("clinic_people",),
        catalogue=_RULE,
    ),
    _S.card(
        "clinic_radius_share",
        ("卫生室服务半径达标率", "Clinics whose people live within the radius"),
        (
            "就近到卫生室的居民住得够近吗？",
            "Do the people for whom a clinic is the nearest live near enough?",
        ),
        (
            "月末就近居民中至少 {radius_share_pct}% 住在 {clinic_radius_km} 公里以内的卫生室数 ÷ 有就近居民、开业且有坐标的"
            "卫生室数。就近居民：以本室为最近机构的常住居民。",
            "Clinics of whose nearest residents at least {radius_share_pct} % live within {clinic_radius_km} km at the month's "
            "end over open clinics with coordinates that are the nearest unit for anybody.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F004,
        reads=("unit", "place"),
        numerator=dated(_mostly_close, "radius_share_pct", *_RADIUS),
        listed=_with_people(),
        gap=Gap.THINGS,
        reason=(
            "住在 {clinic_radius_km} 公里以内的就近居民不足 {radius_share_pct}%",
            "fewer than {radius_share_pct} % of its nearest residents live within {clinic_radius_km} km",
        ),
        caveat=_LOCATED,
        kinds=_CLINIC,
        parameters=("radius_share_pct", *_RADIUS),
        catalogue=_RULE,
    ),
    _village_count(
        "village_without_clinic",
        ("没有卫生室的行政村数", "Villages without a clinic"),
        ("哪些行政村没有卫生室？", "Which villages have no clinic?"),
        (
            "月末没有开业卫生室的行政村数（不含社区和乡镇政府驻地村）。村计入所在乡镇的中心（卫生院）。",
            "Administrative villages in which no clinic is open at the month's end, without urban communities and the seats "
            "of towns. A village counts at the centre of its town.",
        ),
        lambda clinics: clinics == 0,
        ("村内没有开业的卫生室", "no clinic is open in it"),
    ),
    _village_count(
        "village_several_clinics",
        ("有两所及以上卫生室的行政村数", "Villages with two clinics or more"),
        ("哪些行政村设了不止一所卫生室？", "Which villages have more than one clinic?"),
        (
            "月末有两所及以上开业卫生室的行政村数（不含社区和乡镇政府驻地村）。村计入所在乡镇的中心（卫生院）。",
            "Administrative villages in which two clinics or more are open at the month's end, without urban communities and "
            "the seats of towns. A village counts at the centre of its town.",
        ),
        lambda clinics: clinics >= 2,
        ("村内有两所及以上卫生室", "two clinics or more are open in it"),
    ),
    _S.card(
        "clinic_overlap",
        ("卫生室重叠设置率", "Clinics with another unit close by"),
        ("哪些卫生室与别的机构离得太近？", "Which clinics lie too close to another unit?"),
        (
            "月末 {overlap_km} 公里以内（不含）另有开业机构的卫生室数 ÷ 开业且有坐标的卫生室数。",
            "Clinics with another open unit less than {overlap_km} km away at the month's end over open clinics with "
            "coordinates.",
        ),
        unit=Unit.PERCENT,
        direction=_DOWN,
        period=Period.AS_OF,
        source=F004,
        reads=("unit",),
        numerator=dated(_overlapping, "overlap_km"),
        listed=_clinics(),
        gap=Gap.COUNTED,
        reason=(
            "{overlap_km} 公里以内另有机构",
            "another unit is less than {overlap_km} km away",
        ),
        caveat=(
            "直线距离；没有坐标的机构不在内。{overlap_km} 公里是默认值，来源没有规定，可调整。",
            "Straight lines; units without coordinates are left out. {overlap_km} km is a default of ours, not of any "
            "source, and can be changed.",
        ),
        kinds=_CLINIC,
        parameters=("overlap_km",),
        catalogue=_RULE,
    ),
]
