"""S26 绩效考核: scores, ranks, areas, weights, and what follows from them."""

from __future__ import annotations

from sqlalchemy import and_, func, literal, or_, select

from metrics.card import Card, Change, Direction, Form, Period, Unit
from metrics.cards.rules import kinds_of_year, tenths
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F001, F002, F003, F004
from metrics.facts.work import open_unit
from metrics.standards import by_month, values_of
from metrics.tables import activity, ancestry, appraisal, appraisal_item, document, sample, staff

_S = System("S26")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_WEAK = values_of("weak_area_share")[-1]  # as words say it
_PENALTIES = ("warned", "interviewed", "reclaimed", "dismissed")


# A score as points of 100, in tenths.
_POINTS = tenths(appraisal.c.score * 100 / func.nullif(appraisal.c.full, 0))


def _score(key, zh, en, ask, what, kind, source):
    """The mean of the period's appraisals, each as points of 100."""
    return _S.ratio(
        key,
        (zh, en),
        ask,
        (
            f"本期{what[0]}得分的平均值，每次按满分 100 分折算（得分 ÷ 满分 × 100）。",
            f"Mean of the period's scores: {what[1]}. Each is turned into points of 100 (score over full score).",
        ),
        appraisal,
        _POINTS,
        literal(1),
        appraisal.c.kind == kind,
        appraisal.c.full > 0,
        unit=Unit.SCORE,
        source=source,
    )


def _scores_of_units():
    """unit, month, n, of, thing: each unit's own appraisals; at the bureau those of its centres."""
    its_own = and_(ancestry.c.ancestor == appraisal.c.unit, open_unit.c.kind != "bureau")
    return (
        select(
            ancestry.c.ancestor.label("unit"),
            appraisal.c.month,
            _POINTS.label("n"),
            literal(1).label("of"),
            appraisal.c.row_id.label("thing"),
        )
        .select_from(
            appraisal.join(open_unit, open_unit.c.unit == appraisal.c.unit).join(
                ancestry, ancestry.c.unit == appraisal.c.unit
            )
        )
        .where(
            appraisal.c.kind == "unit",
            appraisal.c.score.is_not(None),
            appraisal.c.full > 0,
            # Above a centre is the bureau alone.
            or_(its_own, open_unit.c.kind == "centre"),
        )
    )


def _areas(key, zh, en, ask, what, kind, source):
    """Areas that an appraisal of the year scored."""
    return _S.card(
        key,
        (zh, en),
        ask,
        (
            f"本年至今{what[0]}中有得分的方面数；各下属机构同一方面只计一次。",
            f"Areas with a score in {what[1]} of the year so far; an area scored at two units counts once above them.",
        ),
        unit=Unit.KINDS,
        direction=_INFO,
        period=Period.IN_YEAR,
        source=source,
        reads=("appraisal_item",),
        numerator=kinds_of_year(
            appraisal_item,
            appraisal_item.c.dimension,
            appraisal_item.c.kind == kind,
            appraisal_item.c.score.is_not(None),
        ),
        each_level=True,
    )


def _followed(key, zh, en, ask, rule, *where, source):
    """Appraisals with a certain consequence."""
    return _S.count(
        key,
        (zh, en),
        ask,
        rule,
        appraisal,
        *where,
        what=appraisal.c.sanction,
        unit=Unit.CASES,
        source=source,
    )


def _weights():
    """unit, month, n, of, thing, what: an area that was weak twelve months before; n: its weight now less then, in tenths."""
    now, before = appraisal_item.alias("now"), appraisal_item.alias("before")
    return (
        select(
            now.c.unit,
            now.c.month,
            (tenths(now.c.weight) - tenths(before.c.weight)).label("n"),
            literal(1).label("of"),
            now.c.row_id.label("thing"),
            now.c.dimension.label("what"),
        )
        .join(
            before,
            and_(
                before.c.unit == now.c.unit,
                before.c.kind == now.c.kind,
                before.c.dimension == now.c.dimension,
                before.c.month == now.c.month - 12,
            ),
        )
        .where(
            now.c.kind == "unit",
            now.c.weight.is_not(None),
            before.c.weight.is_not(None),
            before.c.full > 0,
            before.c.score < before.c.full * by_month("weak_area_share", now.c.month),
        )
    )


_total = _S.card(
    "ap_total_score",
    ("基本公卫综合考核得分", "Public-health appraisal score"),
    ("基本公卫考核得了多少分？", "What score did the public-health appraisal give?"),
    (
        "本期机构自身基本公共卫生服务考核得分，每次按满分 100 分折算（得分 ÷ 满分 × 100），多次取平均，不含下属机构的考核；"
        "卫健局为各中心（卫生院）自身考核得分的平均值。",
        "Score of the unit's own appraisals of the period for basic public-health services, each turned into points of 100 "
        "(score over full score), on average; appraisals of units below it have no part. The bureau's is the mean over the "
        "appraisals of its centres.",
    ),
    unit=Unit.SCORE,
    direction=_UP,
    period=Period.FLOW,
    source=F002,
    reads=("appraisal",),
    numerator=_scores_of_units(),
    each_level=True,
)

CARDS: list[Card] = [
    _total,
    _S.changed(
        "ap_rank",
        ("考核得分排名", "Rank by appraisal score"),
        ("考核得分在同类机构中排第几？", "Where does the unit rank by its score?"),
        (
            "按基本公卫综合考核得分在同一上级、同类机构中的名次，同分同名次；没有得分的不排名。",
            "Place by appraisal score among units of the same kind under the same parent; equal scores share a place, "
            "units without a score have none.",
        ),
        _total,
        Change.RANK,
        source=F002,
        direction=Direction.LOWER,
    ),
    _areas(
        "ap_dimensions",
        "考核覆盖的方面数",
        "Areas appraised",
        ("考核覆盖了多少个方面？", "How many areas were appraised?"),
        ("机构考核", "unit appraisals"),
        "unit",
        F003,
    ),
    _S.stock(
        "ap_linked_to_pay",
        ("考核与绩效工资挂钩比例", "Staff whose pay follows the appraisal"),
        ("考核结果与绩效工资挂钩了吗？", "Does pay follow the appraisal?"),
        (
            "月末在岗人员中绩效工资与考核结果挂钩的人数 ÷ 有此项记录的在岗人数。",
            "Staff whose pay follows the appraisal over staff of whom this is known, at the month's end.",
        ),
        staff,
        staff.c.pay_linked,
        among=(staff.c.pay_linked.is_not(None),),
        what=staff.c.staff_no,
        unit=Unit.PERCENT,
        direction=_UP,
        source=F001,
        reason=("绩效工资没有与考核挂钩", "pay does not follow the appraisal"),
    ),
    _S.of_units_with(
        "ap_indicators_defined",
        ("评价标准和考核指标已制定", "Appraisal standards in force"),
        ("制定了评价标准和考核指标吗？", "Are there appraisal standards and indicators?"),
        (
            "月末有现行评价标准和考核指标文件的卫健局与中心数 ÷ 卫健局与中心数。",
            "The bureau and centres with standards and indicators in force over the bureau and all centres.",
        ),
        ("bureau", "centre"),
        document,
        document.c.kind == "appraisal_standard",
        source=F004,
        form=Form.DOCUMENT,
        reason=("没有现行的评价标准和考核指标", "has no standards and indicators in force"),
    ),
    _S.card(
        "ap_weights_weak",
        ("薄弱环节权重变化", "Change of the weight of weak areas"),
        ("薄弱环节的权重加重了吗？", "Do weak areas weigh more than last year?"),
        (
            f"机构考核中去年同月得分率低于 {_WEAK:.0%} 的方面：今年权重减去年权重，取平均（分）。",
            f"Areas of unit appraisals that scored below {_WEAK:.0%} in the same month last year: "
            "their weight now less their weight then, on average.",
        ),
        unit=Unit.SCORE,
        direction=_INFO,
        period=Period.FLOW,
        source=F003,
        reads=("appraisal_item",),
        numerator=_weights(),
        parameters=("weak_area_share",),
    ),
    _S.duty(
        "ap_internal_team_checks",
        ("项目团队定期互查", "Checks among project teams"),
        activity,
        activity.c.kind == "team_check",
    ),
    _followed(
        "ap_punish",
        "考核惩罚与问责",
        "Penalties after appraisal",
        ("考核后有多少次惩罚、问责？", "How many penalties followed from appraisals?"),
        (
            "本期考核后警告、约谈、追回经费、解聘的件数。",
            "Appraisals of the period that led to a warning, an interview, money reclaimed or dismissal.",
        ),
        appraisal.c.sanction.in_(_PENALTIES),
        source=F004,
    ),
    _S.ratio(
        "ap_unit_responsibility",
        ("科室目标责任书签订率", "Departments with a responsibility letter"),
        ("院、科两级目标责任书都签了吗？", "Have all departments signed a responsibility letter?"),
        (
            "本期已签订目标责任书的科室数 ÷ 应签订的科室数。",
            "Departments that signed a letter of responsibility over departments that owe one.",
        ),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == "department_letter",
        source=F000,
    ),
    _followed(
        "ap_cleaner_elimination",
        "保洁员末位淘汰",
        "Cleaners replaced as last of the ranking",
        ("淘汰了多少名末位保洁员？", "How many cleaners were replaced as last of the ranking?"),
        ("本期保洁员考评后末位淘汰的人数。", "Appraisals of cleaners in the period that led to replacement."),
        appraisal.c.kind == "cleaner",
        appraisal.c.sanction == "eliminated",
        source=F003,
    ),
    _score(
        "ap_medical_ethics",
        "医德考评得分",
        "Medical-ethics score",
        ("医德考评得了多少分？", "What score did the appraisal of medical ethics give?"),
        ("医德考评", "medical ethics"),
        "ethics",
        F003,
    ),
    _score(
        "ap_peer_review",
        "双向评议得分",
        "Two-way review score",
        ("群众和同事的评议得了多少分？", "What score did residents and colleagues give?"),
        ("群众评议与科室互评", "reviews by residents and by colleagues"),
        "peer",
        F000,
    ),
    _areas(
        "ap_fd_dimensions",
        "家庭医生考核维度数",
        "Dimensions of the family-doctor appraisal",
        ("家庭医生考核覆盖了几个维度？", "How many dimensions did the family-doctor appraisal cover?"),
        ("家庭医生考核", "family-doctor appraisals"),
        "family_doctor",
        F001,
    ),
    _followed(
        "ap_reward_excellent",
        "考核表彰奖励",
        "Awards after appraisal",
        ("表彰奖励了多少单位和个人？", "How many units and persons were commended?"),
        ("本期考核后受到表彰奖励的件数。", "Appraisals of the period that led to an award."),
        appraisal.c.sanction == "rewarded",
        source=F004,
    ),
    _S.duty(
        "ap_periodic_evaluation",
        ("机构定期考核评估", "Periodic appraisal of units"),
        appraisal,
        appraisal.c.kind == "unit",
    ),
]
