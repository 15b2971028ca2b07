"""S23 医保新农合: who takes part, what people know, what is reported, disclosed and deducted."""

from __future__ import annotations

from sqlalchemy import func, or_

from metrics.card import Card, Direction, Gap, Period, Statistic, Unit
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F003
from metrics.facts import resident, with_tag
from metrics.sql import spans_of, within
from metrics.tables import activity, document, money, sample

_S = System("S23")
_INSURED = within(with_tag("insured").subquery(), resident)

CARDS: list[Card] = [
    _S.card(
        "ins_participation_rate",
        ("参合（参保）率", "Insurance participation"),
        ("常住居民都参加医保了吗？", "How many residents are insured?"),
        (
            "月末登记为参合（参保）的常住居民人数 ÷ 当年生效的常住人口数；一人只计一次。",
            "Residents registered as insured at the month's end over the resident population in force for the year; "
            "each person once.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F003,
        reads=("person_tag",),
        numerator=_INSURED,
        told=_INSURED,
        listed=spans_of(resident),
        statistic=Statistic(band="all"),
        gap=Gap.PERSONS,
        reason=("没有参合（参保）登记", "is not registered as insured"),
        parameters=("resident_months",),
    ),
    _S.ratio(
        "ins_awareness_rate",
        ("医保政策知晓率", "Knowledge of the insurance policy"),
        ("居民知道医保政策吗？", "Do residents know the insurance policy?"),
        (
            "本期医保（合作医疗）政策知晓调查中知晓的人数 ÷ 被调查人数；多次调查合并计算。",
            "People who know the policy over people asked in surveys of the period; several surveys are added up.",
        ),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == "insurance_awareness",
        source=F000,
        caveat=(
            "抽样结果，受样本量和抽样方式影响。",
            "A sample: it depends on how many were asked and how they were chosen.",
        ),
    ),
    _S.duty(
        "ins_reimb_disclosure",
        ("每月公示报销情况", "Monthly disclosure of reimbursements"),
        activity,
        activity.c.kind == "disclosure",
        activity.c.topic == "reimbursement",
    ),
    _S.duty(
        "ins_monthly_report",
        ("参合情况逐月上报", "Monthly insurance report"),
        document,
        document.c.kind == "insurance_report",
        or_(document.c.due_on.is_(None), document.c.day <= document.c.due_on),
        func.coalesce(document.c.good, True),
        caveat=(
            "没有登记期限的，只要报送即算按时；没有审核结论的算无误。",
            "Where no date is set by which it is due, handed in is in time; a report not reviewed counts as correct.",
        ),
    ),
    _S.check(
        "ins_roster",
        ("参合人员名册管理", "Roster of insured residents"),
        ("station", "clinic"),
        source=F000,
    ),
    _S.count(
        "ins_deduction",
        ("医保扣款金额", "Insurance deductions"),
        ("医保扣了多少款？", "How much did the insurance deduct?"),
        ("本期医保扣款金额之和。", "Amounts that the insurance deducted in the period."),
        money,
        money.c.account == "insurance_deduction",
        n=money.c.amount,
        unit=Unit.YUAN,
        direction=Direction.LOWER,
        source=F000,
    ),
    _S.count(
        "ins_fee_reduction",
        ("新农合减免金额", "Fees reduced by the insurance"),
        ("新农合减免了多少费用？", "How much was taken off fees by the insurance?"),
        ("本期新农合减免的费用之和。", "Fees that the cooperative insurance took over in the period."),
        money,
        money.c.account == "fee_reduction",
        n=money.c.amount,
        unit=Unit.YUAN,
        source=F003,
    ),
    _S.count(
        "ins_fee_reduction_times",
        ("新农合减免人次", "Visits with fees reduced by the insurance"),
        ("新农合减免了多少人次？", "How often were fees reduced by the insurance?"),
        (
            "本期享受新农合减免的人次之和，按每次登记的人次累计。",
            "Attendances with reduced fees in the period, as each entry counts them.",
        ),
        activity,
        activity.c.kind == "fee_reduction",
        n=activity.c.people,
        unit=Unit.PERSON_TIMES,
        source=F003,
        catalogue=("ins_fee_reduction",),
    ),
]
