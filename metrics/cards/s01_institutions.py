"""S01 机构网络与设置: which institutions there are, where they lie, what they are licensed for and offer."""

from __future__ import annotations

from sqlalchemy import Date, Select, case, cast, func, literal, null, select, true, union_all

from metrics.card import Alert, Direction, Gap, Period, Unit, words
from metrics.cards.families import IN_USE
from metrics.cards.rules import standing, tenths, units_open
from metrics.cards.running import running_of_spans
from metrics.cards.shapes import System
from metrics.facts.network import (
    dense_places,
    lying,
    served_towns,
    towns,
    units_in_dense_places,
    villages,
)
from metrics.facts.work import open_unit
from metrics.sql import FOREVER, at_least, at_most, dated, merged, one, reigning, year_start
from metrics.standards import values_of
from metrics.tables import (
    CURRENT,
    activity,
    appraisal,
    checkup,
    child_visit,
    document,
    dose,
    encounter,
    facility,
    maternal_visit,
    sample,
    service,
)

_F000 = "000_f9eae4dcaaefe31d.txt"
_F002 = "002_0d124a093410b4d9.txt"
_F003 = "003_bec17c85df752c38.txt"
_F004 = "004_15fc63bc3e97ad6e.txt"

_S = System("S01")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_INSTITUTIONS = ("centre", "station")
_ALL = ("centre", "station", "clinic")
_PASSED = appraisal.c.grade.in_(["excellent", "good", "qualified"])
_YEAR = 12


def _results(kind: str) -> Select:
    """unit, month, day, row_id, passed: appraisals of a kind that have a result."""
    return select(
        appraisal.c.unit,
        appraisal.c.month,
        appraisal.c.day,
        appraisal.c.row_id,
        one(_PASSED).label("passed"),
    ).where(appraisal.c.kind == kind, appraisal.c.grade.is_not(None), appraisal.c.unit.is_not(None))


def _passed_at_latest(kind: str, years: int | None = None) -> Select:
    """unit, s, e: while the latest appraisal is one that was passed; ``years``: for so many years' ends at most."""
    results = _results(kind).subquery()
    latest = reigning(
        results, "unit", until=literal(FOREVER), order=[results.c.month, results.c.day, results.c.row_id]
    ).subquery()
    end = latest.c.e
    if years is not None:
        end = at_most(end, year_start(latest.c.month) + years * _YEAR - 1)
    return select(latest.c.unit, latest.c.s, end.label("e")).where(latest.c.passed == 1)


def _failed_twice() -> Select:
    """thing, unit, s, e, what: units whose last inspections of two years running were failed, until the next."""
    rows = _results("annual_inspection").subquery()
    year = year_start(rows.c.month)
    nth = func.row_number().over(
        partition_by=[rows.c.unit, year],
        order_by=[rows.c.month.desc(), rows.c.day.desc(), rows.c.row_id.desc()],
    )
    ranked = select(*rows.c, year.label("y0"), nth.label("nth")).subquery()
    last = select(*ranked.c).where(ranked.c.nth == 1).subquery()
    by_year = {"partition_by": last.c.unit, "order_by": last.c.y0}
    pairs = select(
        *last.c,
        func.lag(last.c.y0).over(**by_year).label("y0_before"),
        func.lag(last.c.passed).over(**by_year).label("passed_before"),
        func.lead(last.c.month).over(**by_year).label("following"),
    ).subquery()
    return (
        select(
            pairs.c.unit.label("thing"),
            pairs.c.unit,
            at_least(pairs.c.month, open_unit.c.s).label("s"),
            at_most(func.coalesce(pairs.c.following - 1, FOREVER), open_unit.c.e).label("e"),
            open_unit.c.name.label("what"),
        )
        .join(open_unit, open_unit.c.unit == pairs.c.unit)
        .where(
            pairs.c.passed == 0,
            pairs.c.passed_before == 0,
            pairs.c.y0_before == pairs.c.y0 - _YEAR,
            open_unit.c.kind.in_(_ALL),
        )
    )


def _one_clinic() -> Select:
    """thing, unit, s, e: villages while exactly one clinic lies in them."""
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


def _open_count(key, zh, en, what, *kinds):
    return _S.card(
        key,
        (zh, en),
        (f"现有多少{what[0]}？", f"How many {what[1]} are there?"),
        (f"月末开业的{what[0]}数。", f"Open {what[1]} at the month's end."),
        unit=Unit.PIECES,
        direction=_UP,
        period=Period.AS_OF,
        source=_F003,
        reads=("unit",),
        numerator=units_open(*kinds),
    )


def _holding(key, zh, en, ask, kinds, kind, what, source, **more):
    """The share of units that have a document of a kind in force."""
    return _S.of_units_with(
        key,
        (zh, en),
        ask,
        (
            f"月末有有效{what[0]}的机构数 ÷ 开业机构数；没有写明到期日的一直有效。",
            f"Units with {what[1]} in force at the month's end over open units; one without an end stays in force.",
        ),
        kinds,
        document,
        document.c.kind == kind,
        source=source,
        reason=(f"没有有效的{what[0]}", f"has no {what[1]} in force"),
        **more,
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
        source=_F003,
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
        source=_F003,
        reads=("unit", "place"),
        numerator=served_towns(_INSTITUTIONS, merged),
        listed=towns(),
        gap=Gap.THINGS,
        reason=("辖区内没有机构", "no institution lies in it"),
        kinds=("bureau",),
    ),
    _S.of_units(
        "org_standard_compliant_rate",
        ("标准化机构达标率", "Institutions that meet the evaluation standard"),
        ("多少机构达到评价标准？", "How many institutions meet the evaluation standard?"),
        (
            "最近一次标准化评价合格及以上的机构数 ÷ 开业机构数；从未评价的按未达标计。",
            "Institutions whose latest evaluation was passed over open institutions; one never evaluated does "
            "not count as meeting it.",
        ),
        _INSTITUTIONS,
        _passed_at_latest("standard_evaluation"),
        reads=("appraisal",),
        source=_F003,
        reason=("最近一次评价未达标或未评价", "did not pass its latest evaluation, or was never evaluated"),
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
        source=f"{_F003}；{_F002}",
    ),
    _S.card(
        "village_clinic_per_village",
        ("行政村卫生室设置率", "Villages with exactly one clinic"),
        ("每个行政村都有一所卫生室吗？", "Does every village have its clinic?"),
        (
            "月末恰有一所卫生室的行政村数 ÷ 行政村数（不含乡镇政府驻地村）。村计入所在乡镇的中心（卫生院）。",
            "Villages in which exactly one clinic is open at the month's end over villages, without the seats of "
            "towns. A village counts at the centre of its town.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=_F004,
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
            f"当年服务人口不超过 {values_of('clinic_people')[-1]} 人，或登记的服务半径不超过 {values_of('clinic_radius_km')[-1]} "
            "公里的卫生室数 ÷ 开业卫生室数；两者都没有登记的按未达标计。",
            f"Clinics whose population of the year is at most {values_of('clinic_people')[-1]}, or whose recorded radius "
            f"is at most {values_of('clinic_radius_km')[-1]} km, over open clinics; one with neither recorded does not "
            "count as within the rule.",
        ),
        ("clinic",),
        _within_service_unit(),
        reads=("facility",),
        source=_F004,
        reason=("超出服务单元标准，或没有登记", "is beyond the rule, or nothing is recorded"),
        parameters=("clinic_people", "clinic_radius_km"),
    ),
    _holding(
        "org_licence_approval",
        "设置审批（执业许可）有效率",
        "Units with a licence in force",
        ("机构都有有效的执业许可吗？", "Does every unit hold a licence?"),
        _ALL,
        "practice_licence",
        ("执业许可", "licence"),
        f"{_F004}；{_F003}",
    ),
    _S.stock(
        "org_approval_filed",
        ("设置审批备案率", "Approvals filed with the city"),
        ("机构设置审批都报市级备案了吗？", "Are the approvals of institutions filed with the city?"),
        (
            "月末有效、登记了是否备案的设置批准书中，已报市级备案的比例。",
            "Of the approvals in force at the month's end of which it is recorded, the share filed with the city.",
        ),
        document,
        document.c.good,
        among=(document.c.kind == "setting_approval", document.c.good.is_not(None)),
        unit=Unit.PERCENT,
        direction=_UP,
        source=_F004,
        reason=("批准书未备案", "the approval is not filed"),
        catalogue=("org_licence_approval",),
    ),
    _S.of_units(
        "org_annual_inspection_pass",
        ("机构年检合格率", "Units that passed the annual inspection"),
        ("机构年检都合格吗？", "Has every unit passed its annual inspection?"),
        (
            "最近一次年检合格的机构数 ÷ 开业机构数；年检结论有效到下一年年末，逾期未检的按未合格计。",
            "Units that passed their latest annual inspection over open units; a result holds to the end of the "
            "next year, after which a unit not inspected again no longer counts.",
        ),
        _ALL,
        _passed_at_latest("annual_inspection", years=2),
        reads=("appraisal",),
        source=_F003,
        reason=("最近一次年检不合格，或逾期未检", "failed its latest inspection, or it is overdue"),
    ),
    _S.card(
        "org_inspection_failed_twice",
        ("连续两年年检不合格机构数", "Units that failed two years running"),
        ("哪些机构连续两年年检不合格？", "Which units failed the inspection two years running?"),
        (
            "上一年和本年最后一次年检都不合格的机构数，直到下一年的年检；应取消其从业资格。",
            "Units that failed the last inspection of two years running, until that of the next year; their "
            "licence is to be withdrawn.",
        ),
        unit=Unit.PIECES,
        direction=Direction.LOWER,
        period=Period.AS_OF,
        source=_F003,
        reads=("appraisal",),
        numerator=_failed_twice(),
        gap=Gap.COUNTED,
        reason=("连续两年年检不合格", "failed the inspection two years running"),
        alert=Alert(owner=words("卫健局医政", "the bureau's licensing office"), days=30),
        kinds=_ALL,
        catalogue=("org_annual_inspection_pass",),
    ),
    _holding(
        "org_independent_legal_entity",
        "独立法人登记率",
        "Institutions that are legal entities of their own",
        ("机构都登记为独立法人了吗？", "Is every institution a legal entity of its own?"),
        _INSTITUTIONS,
        "legal_entity",
        ("独立法人登记", "registration as a legal entity"),
        _F003,
    ),
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
        source=f"{_F000}；{_F003}",
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
        source=_F003,
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
        source=_F003,
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
        source=_F004,
        reason=("没有归属中心（卫生院）", "is not linked to a centre"),
    ),
    _S.card(
        "floating_population_sites",
        ("流动人口密集区机构数", "Institutions in areas dense with newcomers"),
        ("流动人口密集区有多少机构？", "How many institutions lie where many newcomers live?"),
        (
            "月末位于标记为流动人口密集的乡镇或村内的开业机构数。",
            "Open institutions at the month's end that lie in a town or village marked as dense with newcomers.",
        ),
        unit=Unit.PIECES,
        direction=_INFO,
        period=Period.AS_OF,
        source=_F000,
        reads=("unit", "place"),
        numerator=_units_in_dense(),
    ),
    _S.card(
        "floating_population_covered",
        ("流动人口密集区机构覆盖率", "Areas dense with newcomers that have an institution"),
        ("流动人口密集区都有机构吗？", "Does every area dense with newcomers have an institution?"),
        (
            "月末有开业机构的流动人口密集乡镇、村数 ÷ 标记的密集乡镇、村数。村计入所在乡镇的中心，乡镇计入县级。",
            "Dense towns and villages in which an institution is open at the month's end over all that are marked. "
            "A village counts at the centre of its town, a town at the bureau.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=_F000,
        reads=("unit", "place"),
        numerator=_dense_served(),
        listed=dense_places(),
        gap=Gap.THINGS,
        reason=("密集区内没有机构", "no institution lies in it"),
        kinds=("centre",),
        catalogue=("floating_population_sites",),
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
        source=f"{_F000}；{_F004}",
    ),
    _S.share(
        "org_provincial_acceptance",
        ("省、市级验收通过率", "Institutions accepted by province or city"),
        ("省、市级验收通过了吗？", "Were institutions accepted by the province or the city?"),
        (
            "本期通过省、市级验收的机构数 ÷ 申请验收并有结论的机构数。",
            "Acceptances passed in the period over acceptances with a result.",
        ),
        appraisal,
        _PASSED,
        appraisal.c.kind == "acceptance",
        appraisal.c.grade.is_not(None),
        source=_F003,
        reason=("验收未通过", "was not accepted"),
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
        source=_F000,
        reason=("没有同步规划机构", "no institution is planned with it"),
    ),
]
