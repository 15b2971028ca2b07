"""S20 药品耗材: drugs are bought through the centre, sold at cost, counted and disclosed."""

from __future__ import annotations

from sqlalchemy import case

from metrics.card import Card, Change, Direction, Gap, Unit
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F003, F004
from metrics.tables import drug_line, money, sample

_S = System("S20")
_LOWER = Direction.LOWER
_SALE = drug_line.c.kind == "sale"
_PURCHASE = drug_line.c.kind == "purchase"

_ratio = _S.ratio(
    "drug_ratio",
    ("药占比", "Drug share of revenue"),
    ("医疗业务收入中药品占多少？", "How much of medical revenue comes from drugs?"),
    (
        "本期药品收入 ÷ 本期医疗业务收入（医疗收入与药品收入之和）。",
        "Drug revenue of the period over its medical business revenue (medical and drug revenue together).",
    ),
    money,
    case((money.c.account == "revenue_drug", money.c.amount), else_=0),
    money.c.amount,
    money.c.account.in_(["revenue_drug", "revenue_medical"]),
    parts=Unit.YUAN,
    source=F003,
    direction=_LOWER,
)

CARDS: list[Card] = [
    _S.share(
        "drug_zero_markup",
        ("药品零差率销售比例", "Drugs sold at purchase price"),
        ("药品按进价销售了吗？", "Are drugs sold at their purchase price?"),
        (
            "本期销售的药品中售价等于进价的笔数比例；没有登记进价或售价的不计入。",
            "Of the period's drug sales, the share sold at exactly the purchase price; sales without either price "
            "are left out.",
        ),
        drug_line,
        drug_line.c.price == drug_line.c.cost,
        _SALE,
        drug_line.c.price.is_not(None),
        drug_line.c.cost.is_not(None),
        what=drug_line.c.item,
        source=f"{F000}；{F004}",
        reason=("售价与进价不同", "sold at another price than it was bought at"),
        caveat=(
            "购销明细不区分是否基本药物，按全部药品计算。",
            "Sales are not marked as essential drugs or others: all drugs are counted.",
        ),
    ),
    _S.share(
        "drug_unified_purchase",
        ("药品统一采购比例", "Drugs bought through the centre"),
        ("药品都由中心（卫生院）统一采购吗？", "Are drugs bought through the centre?"),
        (
            "本期采购中经中心（卫生院）统一采购、调配的笔数比例；没有登记渠道的不计入。",
            "Of the period's purchases, the share made through the centre; purchases of unknown channel are left out.",
        ),
        drug_line,
        drug_line.c.channel == "centre",
        _PURCHASE,
        drug_line.c.channel.is_not(None),
        what=drug_line.c.item,
        source=F004,
        reason=("不是经中心统一采购", "not bought through the centre"),
    ),
    _S.count(
        "drug_illegal_channel",
        ("非法渠道采购笔数", "Purchases from illegal channels"),
        ("有没有从非法渠道采购药品？", "Was anything bought from illegal channels?"),
        (
            "本期经非法渠道采购的笔数；要求为 0，逐笔列出。",
            "Purchases of the period from illegal channels; none is allowed, each is listed.",
        ),
        drug_line,
        _PURCHASE,
        drug_line.c.channel == "illegal",
        what=drug_line.c.item,
        unit=Unit.CASES,
        direction=_LOWER,
        source=F004,
        gap=Gap.COUNTED,
        reason=("经非法渠道采购", "bought from an illegal channel"),
    ),
    _ratio,
    _S.changed(
        "drug_ratio_change",
        ("药占比同比变化", "Change of the drug share since last year"),
        ("药占比比去年同期降了吗？", "Has the drug share fallen since last year?"),
        (
            "药占比减去上年同期的药占比，单位为百分点。",
            "The drug share less that of the same period last year, in percentage points.",
        ),
        _ratio,
        Change.POINTS,
        source=F003,
        catalogue=("drug_ratio",),
    ),
    _S.count(
        "drug_shortage",
        ("药品短少金额", "Drugs missing at stocktaking"),
        ("盘点时短少了多少药品？", "How much was missing when drugs were counted?"),
        (
            "本期盘点发现短少的药品金额之和，盘盈不抵减；短少由执业责任金承担。",
            "Value of drugs found missing by stocktakes of the period; a surplus elsewhere takes nothing away. The "
            "liability deposit covers it.",
        ),
        drug_line,
        drug_line.c.kind == "stocktake",
        drug_line.c.amount > 0,
        n=drug_line.c.amount,
        unit=Unit.YUAN,
        direction=_LOWER,
        source=F004,
        caveat=(
            "没有盘点的月份也显示 0，不等于没有短少。",
            "A month without a stocktake shows 0 as well; that does not mean that nothing is missing.",
        ),
    ),
    _S.ratio(
        "drug_disclosure",
        ("药品器械采购公示比例", "Drug and device procurements disclosed"),
        ("药品、器械招标采购都公示了吗？", "Were procurements of drugs and devices disclosed?"),
        (
            "本期按规定程序公示的药品、器械招标采购项数 ÷ 采购项数。",
            "Procurements of drugs and devices disclosed as prescribed over procurements of the period.",
        ),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == "procurement_disclosed",
        source=F000,
    ),
]
