"""S25 督导整改: visits, what they find, what is written down and mended, and by when.

A fault found by supervision has a kind whose code begins with ``sup_``; other faults (audits, notices to
residents) are counted elsewhere.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal_column, select

from metrics.card import Alert, Card, Direction, Gap, Period, Unit, words
from metrics.cards.rules import events, kinds_of_year
from metrics.cards.shapes import System
from metrics.cards.sources import F002, F003, F004
from metrics.facts.work import open_unit
from metrics.sql import month_of
from metrics.standards import by_day, values_of
from metrics.standards.schedules import warnings
from metrics.tables import appraisal, document, finding, inspection, working_due

_S = System("S25")
_UP = Direction.HIGHER
# As words say it.
_KIND = {1: ("日历日", "calendar"), 2: ("工作日", "working")}[values_of("rectify_day_kind")[-1]]
_OWNER = warnings()["sup_findings_open"]
_DAY = literal_column("INTERVAL '1 day'")
_VISIT = inspection.c.kind.in_(["monthly", "irregular", "annual"])
_FOUND = finding.c.kind.startswith("sup_", autoescape=True)


def _days_later(days: int, kind: int) -> ColumnElement:
    """The last of so many calendar (1) or working days (2) after the notice."""
    calendar = finding.c.day + literal_column(f"INTERVAL '{days} days'")
    if kind == 1:
        return calendar
    due = select(working_due.c.due_on).where(working_due.c.day == finding.c.day, working_due.c.days == days)
    return func.coalesce(due.scalar_subquery(), calendar)  # long before the figures begin: no matter when


_record_due = by_day(
    "rectify_days",
    finding.c.day,
    lambda days: by_day("rectify_day_kind", finding.c.day, lambda kind: _days_later(days, kind)),
)


def _visits(key, zh, en, who, kinds):
    """Supervision visits to units of some kinds."""
    visited = select(open_unit.c.unit).where(open_unit.c.kind.in_(kinds))
    return _S.card(
        key,
        (zh, en),
        (f"对{who[0]}督导了多少次？", f"How many supervision visits were made to {who[1]}?"),
        (
            f"本期对{who[0]}的督导次数（每月、不定期督导和年检）。",
            f"Supervision visits of the period to {who[1]}: monthly, irregular and annual.",
        ),
        unit=Unit.VISITS,
        direction=_UP,
        period=Period.FLOW,
        source=F003,
        catalogue=("sup_center_count",),
        reads=("inspection",),
        numerator=events(inspection, _VISIT, inspection.c.unit.in_(visited)),
        kinds=kinds,
    )


def _problem(key, zh, en, kind):
    """Faults of one of the kinds that supervisors often find."""
    return _S.count(
        key,
        (f"督导问题：{zh}", f"Supervision findings: {en}"),
        (f"督导发现{zh}多少次？", f"How often did supervision find this: {en}?"),
        (f"本期督导发现的“{zh}”问题数。", f"Findings of the period of this kind: {en}."),
        finding,
        finding.c.kind == kind,
        unit=Unit.ITEMS,
        source=F003,
        catalogue=("sup_common_problems",),
    )


CARDS: list[Card] = [
    _S.duty(
        "sup_monthly",
        ("站和村卫生室每月督导", "Monthly supervision of stations and clinics"),
        inspection,
        inspection.c.kind == "monthly",
    ),
    _S.share(
        "sup_rectify_3day",
        ("督导意见按时记录整改的比例", "Measures written down in time"),
        ("督导意见按时记入整改措施和效果了吗？", "Were measures and effect written down in time?"),
        (
            f"督导问题中自发出之日起 {{rectify_days}} 日内（{_KIND[0]}，发出次日起算）记入措施和效果的比例；"
            "计入期限届满的月份，期限未到的不提前计入。",
            "Of supervision findings, the share for which measures and effect were written down within {rectify_days} "
            f"{_KIND[1]} days after the notice. A finding counts in the month in which its time is over.",
        ),
        finding,
        finding.c.recorded_on <= _record_due,
        _FOUND,
        month=month_of(_record_due),
        what=finding.c.kind,
        source=F004,
        reason=("期限内没有记录整改措施和效果", "measures and effect were not written down in time"),
        parameters=("rectify_days", "rectify_day_kind"),
        caveat=(
            f"文件写“3 日内”，没有说明是哪种日；现按{_KIND[0]}计算，可由参数改定。",
            f"The source says within three days and not which days; we count {_KIND[1]} days, which a parameter may change.",
        ),
    ),
    _S.share(
        "sup_handbook",
        ("督导意见详细记录的比例", "Visits with a detailed record"),
        ("每次督导意见都详细记入督导手册吗？", "Is every visit recorded in detail in the handbook?"),
        (
            "本期督导中意见详细记入督导手册的次数比例；没有说明是否记录的不计入。",
            "Of the period's visits, the share with a detailed record in the handbook; visits of which nothing is said "
            "are left out.",
        ),
        inspection,
        inspection.c.recorded,
        _VISIT,
        inspection.c.recorded.is_not(None),
        what=inspection.c.kind,
        source=F004,
        reason=("督导手册中没有详细记录", "there is no detailed record in the handbook"),
    ),
    _visits(
        "sup_center_count",
        "对中心的督导次数",
        "Supervision visits to centres",
        ("社区卫生服务中心（卫生院）", "centres"),
        ("centre",),
    ),
    _visits(
        "sup_station_count",
        "对站和村卫生室的督导次数",
        "Supervision visits to stations and clinics",
        ("社区卫生服务站和村卫生室", "stations and clinics"),
        ("station", "clinic"),
    ),
    _S.count(
        "sup_findings_issued",
        ("督导发现问题数", "Problems found by supervision"),
        ("督导发现了多少问题？", "How many problems did supervision find?"),
        ("本期督导发现并发出的问题数。", "Problems found by supervision in the period."),
        finding,
        _FOUND,
        unit=Unit.ITEMS,
        source=F002,
        catalogue=("sup_findings_rectified",),
    ),
    _S.count(
        "sup_findings_rectified",
        ("督导整改问题数", "Problems rectified"),
        ("本期发现的问题整改了多少？", "How many of the problems found were rectified?"),
        (
            "本期督导发现的问题中到目前已整改的项数；计入发现的月份，因此不会多于发现数。",
            "Of the problems found in the period, those closed by now; they count in the month in which they were "
            "found, so there are never more than were found.",
        ),
        finding,
        _FOUND,
        finding.c.closed_on.is_not(None),
        unit=Unit.ITEMS,
        direction=_UP,
        source=F002,
        caveat=(
            "整改问题与收集到的意见建议是两件事，后者另计。",
            "Problems rectified and suggestions collected are different things; the latter are counted elsewhere.",
        ),
    ),
    _S.stock(
        "sup_findings_open",
        ("尚未整改的督导问题", "Problems still open"),
        ("还有多少督导问题没有整改？", "How many problems are still open?"),
        ("月末已发出而未整改的督导问题数。", "Problems found and not closed at the month's end."),
        finding,
        _FOUND,
        unit=Unit.ITEMS,
        direction=Direction.LOWER,
        start=finding.c.day,
        end=finding.c.closed_on - _DAY,
        what=finding.c.kind,
        source=F004,
        catalogue=("sup_timely_rectify",),
        gap=Gap.COUNTED,
        reason=("问题尚未整改", "the problem is still open"),
        alert=Alert(owner=words(_OWNER.owner_zh, _OWNER.owner_en), days=_OWNER.days),
    ),
    _S.duty(
        "sup_assessment_rounds",
        ("每年两轮考核督导", "Two rounds of appraisal a year"),
        appraisal,
        appraisal.c.kind == "round",
    ),
    _S.duty(
        "sup_institution_annual_inspection",
        ("机构年检", "Annual inspection of institutions"),
        inspection,
        inspection.c.kind == "annual",
    ),
    _S.count(
        "sup_close_or_rectify",
        ("严重问题整改或关闭", "Serious faults mended or places closed down"),
        (
            "多少不符合规定的情况被整改或关闭？",
            "How many serious faults ended with mending or closing down?",
        ),
        (
            "本期督导发现的严重问题中已整改或已关闭（取缔）的件数；计入发现的月份。",
            "Of the period's serious findings, those that ended with the fault mended or the place closed down; "
            "they count in the month in which they were found.",
        ),
        finding,
        _FOUND,
        finding.c.severity == "high",
        finding.c.outcome.in_(["mended", "closed_down"]),
        unit=Unit.CASES,
        source=F004,
    ),
    _S.card(
        "sup_common_problems",
        ("督导问题种类数", "Kinds of problems found"),
        ("督导发现了哪些种类的问题？", "What kinds of problems did supervision find?"),
        (
            "本年至今督导发现的问题种类数；下属机构同一种问题，上级只计一种。",
            "Kinds of problems found in the year so far; one kind found at two units counts once above them.",
        ),
        unit=Unit.KINDS,
        direction=Direction.NONE,
        period=Period.IN_YEAR,
        source=F003,
        reads=("finding",),
        numerator=kinds_of_year(finding, finding.c.kind, _FOUND),
        each_level=True,
    ),
    _problem("sup_problem_drugs", "药品不全", "drugs are missing", "sup_drugs"),
    _problem("sup_problem_folic", "叶酸发放不及时", "folic acid is late", "sup_folic"),
    _problem("sup_problem_paper", "工作只停留在纸面", "work that exists on paper only", "sup_paper"),
    _problem("sup_problem_board", "宣传资料不全", "health-education material is missing", "sup_board"),
    _S.duty(
        "sup_problem_analysis",
        ("项目实施情况分析上报", "Analysis of implementation reported"),
        document,
        document.c.kind == "supervision_report",
    ),
    _S.share(
        "sup_timely_rectify",
        ("问题按期整改率", "Problems closed in time"),
        ("督导发现的问题按期整改了吗？", "Were problems closed by their date?"),
        (
            "有整改期限的督导问题中在期限内整改的比例；计入期限届满的月份。",
            "Of supervision findings with a date by which to close them, the share closed by it; a finding counts in "
            "the month of that date.",
        ),
        finding,
        finding.c.closed_on <= finding.c.due_on,
        _FOUND,
        finding.c.due_on.is_not(None),
        month=month_of(finding.c.due_on),
        what=finding.c.kind,
        source=f"{F004}；{F003}",
        reason=("没有在期限内整改", "not closed by its date"),
    ),
    _S.count(
        "sup_irregular_checks",
        ("定期和不定期检查次数", "Regular and irregular checks"),
        ("一共检查了多少次？", "How many checks were made in all?"),
        ("本期定期与不定期督导检查的次数。", "Supervision visits of the period, regular and irregular."),
        inspection,
        _VISIT,
        unit=Unit.VISITS,
        direction=_UP,
        source=F003,
    ),
    _S.count(
        "sup_unannounced",
        ("其中：未事先通知的检查", "Of these, unannounced"),
        ("其中多少次没有事先通知？", "How many of them were unannounced?"),
        ("本期督导检查中未事先通知的次数。", "Visits of the period that were not announced."),
        inspection,
        _VISIT,
        inspection.c.announced.is_(False),
        unit=Unit.VISITS,
        direction=_UP,
        source=F003,
        catalogue=("sup_irregular_checks",),
    ),
]
