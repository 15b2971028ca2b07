"""S35 医疗安全与院感: disinfection, waste, insurance, certificates, quality control."""

from __future__ import annotations

from metrics.cards.families import sampled
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F004
from metrics.tables import activity, document

_S = System("S35")
_EVERYWHERE = ("centre", "station", "clinic")

CARDS = [
    _S.check(
        "ic_sterilisation",
        ("消毒灭菌执行", "Disinfection and sterilisation"),
        _EVERYWHERE,
        source=F000,
    ),
    sampled(
        _S,
        "ic_waste",
        ("医疗废物登记并集中处理比例", "Medical waste registered and treated centrally"),
        ("医疗废物都登记并集中处理了吗？", "Is all medical waste registered and treated centrally?"),
        (
            "已登记并交集中处理的医疗废物（千克）",
            "Kilograms registered and handed over for central treatment",
        ),
        ("产生的医疗废物（千克）", "kilograms of medical waste"),
        "medical_waste",
        f"{F000}；{F004}",
        caveat=("按机构的逐月登记汇总。", "Totals as units register them month by month."),
    ),
    _S.of_units_with(
        "ic_liability_insurance",
        ("参加医疗责任保险的机构", "Units with liability insurance"),
        ("机构都参加医疗责任保险了吗？", "Is every unit insured against liability?"),
        (
            "月末医疗责任保险有效的机构数 ÷ 机构数；没有写明到期日的一直有效。",
            "Units with a liability insurance in force at the month's end over all units; "
            "one without an end stays in force.",
        ),
        _EVERYWHERE,
        document,
        document.c.kind == "liability_insurance",
        source=F000,
        reason=("没有有效的医疗责任保险", "has no liability insurance in force"),
    ),
    sampled(
        _S,
        "ic_certificate_checks",
        ("一次性用品和消毒产品索证率", "Consumables with certificates"),
        ("一次性用品和消毒产品都有证吗？", "Do consumables and disinfectants have certificates?"),
        ("证件齐全的品种数", "Products with full certificates"),
        ("验证的品种数", "products verified"),
        "certificate_check",
        F000,
    ),
    _S.duty(
        "ic_quality_control",
        ("医疗质量管理活动", "Quality control"),
        activity,
        activity.c.kind == "quality_control",
    ),
]
