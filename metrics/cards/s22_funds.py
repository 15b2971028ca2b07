"""S22 公卫经费: allocated, prepaid, settled, spent, passed on to village doctors.

What is prepaid or settled is compared with the approved population: an amount over the standard per head
(and the share of it that the stage is due) is the number of people whom it pays for.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, Double, case, cast, func, literal

from metrics.card import Card, Direction, Statistic, Unit
from metrics.cards.shapes import Pair, System
from metrics.cards.sources import F003, F004
from metrics.standards import by_month, values_of
from metrics.tables import activity, money

_S = System("S22")
_POPULATION = Statistic(band="all")
_IN_SCOPE = ("equipment", "repair")
# As words say them.
_PREPAID, _HELD_BACK = (f"{values_of(share)[-1]:.0%}" for share in ("fund_prepay_share", "fund_reward_share"))


def _paid_for(share: str | None) -> ColumnElement:
    """How many people an amount pays for, when a share (a parameter; None: all) of the month's standard is due."""
    percent = literal(100)
    if share is not None:
        percent = by_month(share, money.c.month, lambda value: literal(round(100 * value)))
    fen_per_head = by_month("fund_per_head", money.c.month) * percent
    return cast(func.floor(cast(money.c.amount, Double) / cast(fen_per_head, Double) + 0.5), BigInteger)


def _against_population(
    key: str,
    name: Pair,
    ask: Pair,
    rule: Pair,
    share: str | None,
    *accounts: str,
    parameters: tuple[str, ...],
    **more,
) -> Card:
    """People paid for over the approved population; what differs from 100 % is the gap, and it is shown."""
    return _S.count(
        key,
        name,
        ask,
        rule,
        money,
        money.c.account.in_(accounts),
        money.c.amount.is_not(None),
        n=_paid_for(share),
        unit=Unit.PERCENT,
        source=F003,
        statistic=_POPULATION,
        parameters=("fund_per_head", *parameters),
        caveat=(
            "按拨付当月的人均标准折算成人数；不足或超过 100% 的部分就是差额，不作修正。",
            "Amounts are turned into people at the standard per head of the month of payment; what lacks or exceeds "
            "100 % is the gap and is never corrected.",
        ),
        **more,
    )


def _sum(key, zh, en, ask, rule, account, *, source, direction=Direction.NONE, **more):
    """Money of one account."""
    return _S.count(
        key,
        (zh, en),
        ask,
        rule,
        money,
        money.c.account == account,
        n=money.c.amount,
        unit=Unit.YUAN,
        direction=direction,
        source=source,
        **more,
    )


CARDS: list[Card] = [
    _S.count(
        "fund_per_capita",
        ("人均公卫补助经费", "Public-health funds per resident"),
        ("公卫补助经费人均多少？", "How much public-health money is allocated per resident?"),
        (
            "本期下达的公卫补助经费 ÷ 当年生效的常住人口数；看本年累计，与当年人均标准比较。",
            "Public-health funds allocated in the period over the resident population in force for the year; "
            "compare the year so far with the standard per head.",
        ),
        money,
        money.c.account == "fund_allocated",
        n=money.c.amount,
        unit=Unit.YUAN,
        source=F003,
        statistic=_POPULATION,
    ),
    _against_population(
        "fund_prepay_70",
        ("公卫经费预拨到位率", "Prepayment of public-health funds"),
        (f"该预拨的 {_PREPAID} 都预拨了吗？", f"Was the {_PREPAID} that is due in advance paid?"),
        (
            f"预拨经费按当年人均标准的 {_PREPAID} 折算的人数 ÷ 当年生效的常住人口数；100% 即应预拨的已全部到位。",
            f"People for whom the prepayment suffices at {_PREPAID} of the standard per head over the resident "
            "population in force for the year; 100% means that all that is due in advance was paid.",
        ),
        "fund_prepay_share",
        "fund_prepaid",
        direction=Direction.HIGHER,
        parameters=("fund_prepay_share",),
    ),
    _against_population(
        "fund_reward_30",
        ("公卫经费考核奖补到位率", "Public-health reward after appraisal"),
        (
            f"考核后的 {_HELD_BACK} 奖补拨了多少？",
            f"How much of the {_HELD_BACK} held back for appraisal was paid?",
        ),
        (
            f"考核后拨付的奖补经费按当年人均标准的 {_HELD_BACK} 折算的人数 ÷ 当年生效的常住人口数；考核扣减的部分即差额。",
            f"People for whom the settlement suffices at {_HELD_BACK} of the standard per head over the resident "
            "population in force; what the appraisal took away is the gap.",
        ),
        "fund_reward_share",
        "fund_settled",
        direction=Direction.HIGHER,
        parameters=("fund_reward_share",),
    ),
    _against_population(
        "fund_reconciled",
        ("公卫经费拨付与人口核对", "Public-health payments against the population"),
        ("预拨加奖补与人均标准乘人口对得上吗？", "Do all payments agree with standard times population?"),
        (
            "预拨与考核奖补之和按当年人均标准折算的人数 ÷ 当年生效的常住人口数。100% 即对得上。",
            "People for whom prepayment and settlement together suffice at the full standard per head over the resident "
            "population in force; 100 % means that they agree.",
        ),
        None,
        "fund_prepaid",
        "fund_settled",
        parameters=(),
        catalogue=("fund_prepay_70", "fund_reward_30"),
    ),
    _S.ratio(
        "fund_usage_scope",
        ("公卫经费用途合规比例", "Funds spent within their purpose"),
        ("公卫专项经费都用在规定范围内吗？", "Were the funds spent only on what they are for?"),
        (
            "本期专项经费支出中用于基本设备配置和房屋修缮的金额 ÷ 有用途记录的支出金额。",
            "Spending on basic equipment and repairs over all spending of the funds whose purpose is recorded.",
        ),
        money,
        case((money.c.topic.in_(_IN_SCOPE), money.c.amount), else_=0),
        money.c.amount,
        money.c.account == "fund_spending",
        money.c.topic.is_not(None),
        parts=Unit.YUAN,
        source=F003,
    ),
    _sum(
        "fund_village_subsidy",
        "村医公卫补助发放金额",
        "Public-health subsidy paid to village doctors",
        ("给村医发了多少公卫补助？", "How much public-health subsidy did village doctors receive?"),
        (
            "本期实际发放给村医的公卫补助金额。",
            "Public-health subsidy paid to village doctors in the period.",
        ),
        "village_subsidy_paid",
        source=F004,
        direction=Direction.HIGHER,
    ),
    _S.ratio(
        "fund_village_subsidy_rate",
        ("村医公卫补助到位率", "Village doctors' subsidy paid of that earned"),
        ("村医按考核应得的补助都发了吗？", "Did village doctors get what they earned by their scores?"),
        (
            "本期实际发放的村医公卫补助 ÷ 按考核得分核定的应发金额。",
            "Subsidy paid to village doctors over the amount that their appraisal entitles them to.",
        ),
        money,
        case((money.c.account == "village_subsidy_paid", money.c.amount), else_=0),
        case((money.c.account == "village_subsidy_due", money.c.amount), else_=0),
        money.c.account.in_(["village_subsidy_paid", "village_subsidy_due"]),
        money.c.amount.is_not(None),
        parts=Unit.YUAN,
        source=F004,
        catalogue=("fund_village_subsidy",),
    ),
    _S.duty(
        "fund_transparency",
        ("财务收支定期公示", "Income and spending disclosed"),
        activity,
        activity.c.kind == "disclosure",
        activity.c.topic == "finance",
    ),
    _sum(
        "fund_zero_markup_subsidy",
        "基药零差价补贴金额",
        "Zero mark-up subsidy",
        ("发了多少基药零差价补贴？", "How much zero mark-up subsidy was paid?"),
        (
            "本期拨付的基本药物零差价补贴金额。",
            "Subsidy paid in the period for selling essential drugs at cost.",
        ),
        "subsidy_zero_markup",
        source=F004,
    ),
]
