"""S33 流动人口: served like registered residents."""

from __future__ import annotations

from sqlalchemy import literal, select, union_all

from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.shapes import System
from metrics.cards.sources import F000
from metrics.facts import first_of_year, reached, resident_year, within_km
from metrics.sql import dated, spans_of, within
from metrics.tables import checkup, child_visit, dose, followup, maternal_visit, person, screening, service

_S = System("S33")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_r = resident_year.c
_floating = reached.c.registered.is_(False)


_services = union_all(
    *(
        select(table.c.person, table.c.month)
        for table in (checkup, child_visit, dose, followup, maternal_visit, screening)
    ),
    select(service.c.person, service.c.month).where(service.c.kind != "update"),
).subquery()
_served = first_of_year(_services).subquery()


def _residents(*where):
    return select(_r.person, _r.unit, _r.s, _r.e).where(*where)


def _share(key, zh, en, ask, who, among, **more):
    return _S.card(
        key,
        (zh, en),
        ask,
        (
            "本年截至月末得到过任一项基本公卫服务（预防接种、儿童和孕产妇访视检查、随访、体检、筛查、健康指导等，看病就诊不计）"
            f"的{who[0]} ÷ 年内{who[0]}。",
            f"{who[1]} with any public-health service this year (doses, visits and checks of children and mothers, "
            f"follow-ups, health checks, screenings, guidance; visits to the doctor do not count) ÷ {who[1].lower()} of the "
            "year.",
        ),
        unit=Unit.PERCENT,
        period=Period.IN_YEAR,
        source=F000,
        catalogue=("fl_equal_service",),
        reads=("checkup", "dose", "followup"),
        numerator=within(_served, among.subquery()),
        listed=among,
        gap=Gap.PERSONS,
        reason=("本年没有任何基本公卫服务", "no public-health service this year"),
        **more,
    )


_KEY = {
    "child_visit": (child_visit,),
    "dose": (dose,),
    "maternal_visit": (maternal_visit,),
    "followup": (followup,),
    "checkup": (checkup,),
    "service": (service, service.c.kind == "guidance"),
}


def _given(table, *where):
    return (
        select(table.c.person, table.c.unit, table.c.month, literal(1).label("n"))
        .join(person, person.c.person == table.c.person)
        .where(person.c.registered.is_(False), *where)
    )


CARDS = [
    _share(
        "fl_equal_service",
        "流动人口基本公卫服务率",
        "Floating residents served",
        ("流动人口今年得到服务了吗？", "Were floating residents served this year?"),
        ("流动（非户籍）常住居民", "Floating residents"),
        _residents(_r.registered.is_(False)),
        direction=_UP,
        caveat=("请与户籍居民服务率对照看。", "Compare with registered residents served."),
    ),
    _share(
        "fl_registered_service",
        "户籍居民基本公卫服务率（对照）",
        "Registered residents served (for comparison)",
        ("户籍居民今年得到服务了吗？", "Were registered residents served this year?"),
        ("户籍常住居民", "Registered residents"),
        _residents(_r.registered.is_(True)),
        direction=_UP,
    ),
    _S.card(
        "fl_within_radius",
        (
            "{clinic_radius_km} 公里内有机构的流动人口比例",
            "Floating residents within {clinic_radius_km} km of a unit",
        ),
        (
            "流动人口 {clinic_radius_km} 公里内有机构吗？",
            "Do floating residents live within {clinic_radius_km} km of a unit?",
        ),
        (
            "月末离最近的开业机构（中心、站、卫生室）不超过 {clinic_radius_km} 公里的流动（非户籍）常住居民 ÷ "
            "所在管理网格有坐标的流动常住居民。",
            "Floating residents who live at most {clinic_radius_km} km from the nearest open centre, station or clinic at the "
            "month's end over floating residents whose management grid has coordinates.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F000,
        catalogue=("fl_equal_service",),
        reads=("unit", "place"),
        numerator=dated(lambda km: within_km(km, _floating), "clinic_radius_km"),
        listed=spans_of(reached).where(_floating),
        gap=Gap.PERSONS,
        reason=("{clinic_radius_km} 公里内没有开业的机构", "no open unit within {clinic_radius_km} km"),
        caveat=(
            "按居民所在管理网格的坐标到机构的直线距离计算；没有登记管理网格、管理网格没有坐标的居民不在内。请与全体居民的比例对照看。",
            "By the straight line from the coordinates of a resident's management grid; who has none, or one without "
            "coordinates, is in neither part. Compare with the share of all residents.",
        ),
        parameters=("clinic_radius_km",),
    ),
    _S.card(
        "fl_key_services",
        ("流动人口重点服务人次", "Key services for floating residents"),
        ("给流动人口做了多少重点服务？", "How many key services did floating residents get?"),
        (
            "本期给非户籍人口做的预防接种、儿童和孕产妇访视检查、随访、体检、健康指导人次合计，按服务机构统计。",
            "Doses, visits and checks of children and mothers, follow-ups, health checks and guidance given to people who "
            "are not registered here, at the performing unit.",
        ),
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        period=Period.FLOW,
        source=F000,
        reads=tuple(sorted(_KEY)),
        numerator=select(*union_all(*(_given(*rule) for rule in _KEY.values())).subquery().c),
    ),
]
