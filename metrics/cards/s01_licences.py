"""S01 机构网络与设置: what institutions are licensed for, and whether they pass inspections and evaluations."""

from __future__ import annotations

from sqlalchemy import Select, func, literal, select

from metrics.card import Alert, Direction, Gap, Period, Unit, words
from metrics.cards.shapes import System
from metrics.cards.sources import F003, F004
from metrics.facts.work import open_unit
from metrics.sql import FOREVER, at_least, at_most, one, reigning, year_start
from metrics.tables import appraisal, document

_S = System("S01")
_UP = Direction.HIGHER
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


CARDS = [
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
        source=F003,
        reason=("最近一次评价未达标或未评价", "did not pass its latest evaluation, or was never evaluated"),
    ),
    _holding(
        "org_licence_approval",
        "设置审批（执业许可）有效率",
        "Units with a licence in force",
        ("机构都有有效的执业许可吗？", "Does every unit hold a licence?"),
        _ALL,
        "practice_licence",
        ("执业许可", "licence"),
        f"{F004}；{F003}",
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
        source=F004,
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
        source=F003,
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
        source=F003,
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
        F003,
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
        source=F003,
        reason=("验收未通过", "was not accepted"),
    ),
]
