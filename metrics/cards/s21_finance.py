"""S21 机构财务: revenue, ledgers, cash, receipts, credit, budget."""

from __future__ import annotations

from sqlalchemy import case, func, or_, select

from metrics.card import Card, Direction, Gap, Period, Unit
from metrics.cards.rules import events
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F003, F004
from metrics.facts.work import open_unit
from metrics.sql import month_of
from metrics.standards import by_month
from metrics.tables import document, facility, finding, incident, money, sample, staff

_S = System("S21")
_CLINIC = ("clinic",)


def _revenue(key, zh, en, ask, rule, *accounts, catalogue):
    """Revenue of some accounts, in ten thousand yuan."""
    return _S.count(
        key,
        (zh, en),
        ask,
        rule,
        money,
        money.c.account.in_(accounts),
        n=money.c.amount,
        unit=Unit.WAN_YUAN,
        source=F003,
        catalogue=catalogue,
    )


def _clinic_revenue(key, zh, en, account):
    """One type of the revenue of village clinics; units above a clinic show the sum of their clinics."""
    clinics = select(open_unit.c.unit).where(open_unit.c.kind == "clinic")
    return _S.card(
        key,
        (f"村卫生室{zh}", f"Village clinics: {en}"),
        (f"村卫生室的{zh}有多少？", f"How much of the village clinics' revenue is {en}?"),
        (f"本期村卫生室入账的{zh}之和。", f"Revenue of village clinics in the period that is {en}."),
        unit=Unit.YUAN,
        direction=Direction.NONE,
        period=Period.FLOW,
        source=F004,
        catalogue=("fin_revenue_types",),
        reads=("money",),
        numerator=events(money, money.c.account == account, money.c.unit.in_(clinics), n=money.c.amount),
        kinds=_CLINIC,
    )


def _checked(key, zh, en, ask, rule, kind, source):
    """Of what was looked at in the period, the share that is in order."""
    return _S.ratio(
        key,
        (zh, en),
        ask,
        rule,
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == kind,
        source=source,
    )


# A credit is judged when its months are over: it counts in that month, whatever is recovered later.
_credit_due = incident.c.month + by_month("credit_months", incident.c.month)
_recovered = month_of(incident.c.closed_at) <= _credit_due

CARDS: list[Card] = [
    _revenue(
        "fin_medical_revenue",
        "医疗业务收入",
        "Medical business revenue",
        ("医疗业务收入有多少？", "What is the medical business revenue?"),
        (
            "本期医疗收入与药品收入之和。",
            "Medical and drug revenue of the period together.",
        ),
        "revenue_medical",
        "revenue_drug",
        catalogue=("fin_medical_revenue",),
    ),
    _revenue(
        "fin_medical_income",
        "其中：医疗收入",
        "Of this, medical revenue without drugs",
        ("其中医疗收入有多少？", "How much of it is medical revenue without drugs?"),
        ("本期医疗收入（不含药品收入）。", "Medical revenue of the period, drugs left out."),
        "revenue_medical",
        catalogue=("fin_medical_revenue",),
    ),
    _clinic_revenue(
        "fin_clinic_public_health", "公共卫生服务经费", "public-health funds", "revenue_public_health"
    ),
    _clinic_revenue("fin_clinic_medical", "医疗收入", "medical revenue", "revenue_medical"),
    _clinic_revenue(
        "fin_clinic_zero_markup", "基本药物零差价补贴", "zero mark-up subsidy", "subsidy_zero_markup"
    ),
    _clinic_revenue("fin_clinic_other", "其他收入", "other revenue", "revenue_other"),
    _S.of_units_with(
        "fin_unified_accounts",
        ("村卫生室单独账户比例", "Clinics with an account of their own"),
        ("每个村卫生室都有单独账户吗？", "Does every clinic have an account of its own?"),
        (
            "月末由卫生院统一管理并设有单独账户的村卫生室数 ÷ 村卫生室数。",
            "Clinics that have an account of their own under the centre's management at the month's end "
            "over all clinics.",
        ),
        _CLINIC,
        facility,
        facility.c.kind == "own_account",
        source=F004,
        reason=("没有单独账户", "has no account of its own"),
    ),
    _S.check(
        "fin_accounting_books",
        ("卫生院账簿设置", "Ledgers that the centre keeps for its clinics"),
        ("centre",),
        source=F004,
    ),
    _S.check(
        "fin_clinic_journals",
        ("村卫生室账簿设置", "Journals that a clinic keeps"),
        _CLINIC,
        source=F004,
        catalogue=("fin_accounting_books",),
    ),
    _checked(
        "fin_daily_handover",
        "收款次日移交比例",
        "Cash handed over on the next day",
        ("收到的款项次日都移交了吗？", "Is cash handed over on the next day?"),
        (
            "本期收款日中于次日移交收费员的天数 ÷ 收款天数。",
            "Days whose takings were handed over on the next day over days with takings.",
        ),
        "cash_handover",
        F004,
    ),
    _S.duty(
        "fin_monthly_settlement",
        ("村卫生室每月结账", "Month-end settlement of clinics"),
        document,
        document.c.kind == "monthly_settlement",
        or_(document.c.due_on.is_(None), document.c.day <= document.c.due_on),
        caveat=(
            "没有登记期限的，只要报送即算按时。",
            "Where no date is set by which it is due, handed in is in time.",
        ),
    ),
    _checked(
        "fin_receipt_control",
        "收费票据合规比例",
        "Receipts from the official series",
        ("收费票据都从卫生院领购吗？", "Do all receipts come from the official series?"),
        (
            "抽查的收费票据中属于卫生院统一领购号段的张数 ÷ 抽查张数。",
            "Receipts that belong to the series issued by the township centre over receipts looked at.",
        ),
        "receipt",
        F004,
    ),
    _S.card(
        "fin_credit_recovery",
        ("欠费收回率", "Recovery of credit"),
        ("赊欠的医疗费收回来了吗？", "Was what was sold on credit recovered?"),
        (
            "赊欠满 {credit_months} 个月的款项中已在该月底前收回的金额 ÷ 赊欠金额；计入满期的月份。",
            "Of credit given {credit_months} months earlier, the amount recovered by the end of that month "
            "over the amount given; it counts in the month in which the time is over.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        parts=Unit.YUAN,
        source=F004,
        reads=("incident",),
        numerator=events(
            incident,
            incident.c.kind == "credit",
            incident.c.amount.is_not(None),
            n=case((_recovered, incident.c.amount), else_=0),
            of=incident.c.amount,
            month=_credit_due,
        ),
        parameters=("credit_months",),
        caveat=(
            "文件中收回期限为空白，现按 {credit_months} 个月计，可在参数中修改。",
            "The source leaves the time limit blank; {credit_months} months are taken, which can be changed.",
        ),
    ),
    _checked(
        "fin_price_standard",
        "收费标准执行比例",
        "Charges at the standard price",
        ("收费都按统一标准吗？", "Are charges made at the standard price?"),
        (
            "抽查的收费项目中符合统一标准的项数 ÷ 抽查项数。",
            "Charges at the standard price over charges looked at.",
        ),
        "price",
        F004,
    ),
    _S.count(
        "fin_hidden_accounts",
        ("账外账、小金库", "Off-book accounts found"),
        ("查出账外账、小金库了吗？", "Were off-book accounts found?"),
        (
            "本期查出的账外账、小金库件数；要求为 0。",
            "Off-book accounts found in the period; none is allowed.",
        ),
        finding,
        finding.c.kind == "hidden_account",
        unit=Unit.CASES,
        direction=Direction.LOWER,
        source=F000,
        gap=Gap.COUNTED,
        reason=("查出账外账或小金库", "an off-book account was found"),
    ),
    _S.duty(
        "fin_cost_control",
        ("年度成本核算报告", "Yearly cost accounting"),
        document,
        document.c.kind == "cost_report",
    ),
    _S.ratio(
        "fin_budget_exec",
        ("预算执行率", "Budget execution"),
        ("预算执行到了多少？", "How much of the budget has been spent?"),
        (
            "本期支出 ÷ 本期下达的预算。年度预算记在下达的月份，因此看本年累计。超过 100% 即超预算，如实显示。",
            "Spending over budget granted in the period. A year's budget stands in the month in which it is granted, "
            "so look at the year so far. More than 100 % is overspent and shown as it is.",
        ),
        money,
        case((money.c.account == "spending", money.c.amount), else_=0),
        case((money.c.account == "budget", money.c.amount), else_=0),
        money.c.account.in_(["spending", "budget"]),
        money.c.amount.is_not(None),
        parts=Unit.YUAN,
        source=F000,
        direction=Direction.NONE,
    ),
    _S.of_units_with(
        "fin_bookkeeper",
        ("配备报账员的村卫生室比例", "Clinics with a bookkeeper"),
        ("每个村卫生室都有兼职报账员吗？", "Does every clinic have a part-time bookkeeper?"),
        (
            "月末至少有一名兼任报账员的在岗人员的村卫生室数 ÷ 村卫生室数。",
            "Clinics with at least one person employed who also keeps the books over all clinics.",
        ),
        _CLINIC,
        staff,
        func.coalesce(staff.c.duty, "").like("%bookkeeper%"),
        source=F004,
        reason=("没有报账员", "has no bookkeeper"),
    ),
    _checked(
        "fin_charge_register",
        "收费登记完整比例",
        "Charges registered and signed",
        ("每笔收费都登记并签字了吗？", "Is every charge registered and signed?"),
        (
            "抽查的收费中日期、处方编号、金额登记齐全并有签字的笔数 ÷ 抽查笔数。",
            "Charges registered with date, prescription number, amount and signature over charges looked at.",
        ),
        "charge_register",
        F004,
    ),
]
