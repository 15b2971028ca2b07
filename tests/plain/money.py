"""S20 to S23: drugs, finance, public-health funds, insurance."""

from __future__ import annotations

from dataclasses import dataclass

from tests.plain.district import District, parameter
from tests.plain.groups import tagged
from tests.plain.months import month_of
from tests.plain.shapes import Flow, Stock, approved
from tests.plain.stay import resident_at
from tests.plain.works import Checked, Made, OfUnits, any_holding, counted, owed, shared, surveyed


def of_kind(*kinds: str):
    return lambda row: row["kind"] in kinds


def summed(*accounts: str):
    """Money of some accounts."""
    return counted("money", lambda row: row["account"] in accounts, lambda row: row["amount"])


def part_of(part: tuple[str, ...], whole: tuple[str, ...]) -> Flow:
    """Money of some accounts over money of others."""

    def events(district: District):
        for row in district.rows("money"):
            if row["amount"] is not None and row["account"] in (*part, *whole):
                n = row["amount"] if row["account"] in part else 0
                yield row["unit"], row["month"], n, row["amount"] if row["account"] in whole else 0

    return Flow(events, of=True, reads=("money",))


def _of_clinics(account: str) -> Flow:
    def events(district: District):
        for row in district.rows("money"):
            clinic = row["unit"] is not None and district.units[row["unit"]]["kind"] == "clinic"
            if row["account"] == account and clinic:
                yield row["unit"], row["month"], row["amount"]

    return Flow(events, reads=("money",), kinds=("clinic",))


@dataclass(frozen=True)
class OverPopulation:
    """What happened, over the approved population of the year."""

    flow: Flow
    reads: tuple[str, ...] = ("money",)

    def figures(self, district: District) -> dict[tuple, tuple]:
        return {
            (unit, month, basis): (n, None, approved(district, "all", None, unit, month))
            for (unit, month, basis), (n, _, _) in self.flow.figures(district).items()
        }


def _paid_for(share: str | None, *accounts: str) -> OverPopulation:
    def events(district: District):
        for row in district.rows("money"):
            if row["account"] in accounts and row["amount"] is not None:
                part = 1 if share is None else parameter(share, row["month"])
                fen = parameter("fund_per_head", row["month"]) * round(100 * part)
                yield row["unit"], row["month"], int(row["amount"] / fen + 0.5)

    return OverPopulation(Flow(events))


def _in_scope(district: District):
    for row in district.rows("money"):
        if row["account"] == "fund_spending" and row["topic"] is not None and row["amount"] is not None:
            yield (
                row["unit"],
                row["month"],
                row["amount"] if row["topic"] in ("equipment", "repair") else 0,
                row["amount"],
            )


def _credit(district: District):
    for row in district.rows("incident"):
        if row["kind"] == "credit" and row["amount"] is not None:
            due = row["month"] + int(parameter("credit_months", row["month"]))
            recovered = row["closed_at"] is not None and month_of(row["closed_at"]) <= due
            yield row["unit"], due, row["amount"] if recovered else 0, row["amount"]


def in_time(row: dict) -> bool:
    return row["day"] is not None and (row["due_on"] is None or row["day"] <= row["due_on"])


_REVENUE = part_of(("revenue_drug",), ("revenue_drug", "revenue_medical"))

CARDS = {
    "drug_zero_markup": shared(
        "drug_line",
        lambda row: row["price"] == row["cost"],
        lambda row: row["kind"] == "sale" and row["price"] is not None and row["cost"] is not None,
    ),
    "drug_unified_purchase": shared(
        "drug_line",
        lambda row: row["channel"] == "centre",
        lambda row: row["kind"] == "purchase" and row["channel"] is not None,
    ),
    "drug_illegal_channel": counted(
        "drug_line", lambda row: row["kind"] == "purchase" and row["channel"] == "illegal"
    ),
    "drug_ratio": _REVENUE,
    "drug_ratio_change": Made(_REVENUE, "points"),
    "drug_shortage": counted("drug_line", of_kind("stocktake"), lambda row: max(0, row["amount"] or 0)),
    "drug_disclosure": surveyed("procurement_disclosed"),
    "fin_medical_revenue": summed("revenue_medical", "revenue_drug"),
    "fin_medical_income": summed("revenue_medical"),
    "fin_clinic_public_health": _of_clinics("revenue_public_health"),
    "fin_clinic_medical": _of_clinics("revenue_medical"),
    "fin_clinic_zero_markup": _of_clinics("subsidy_zero_markup"),
    "fin_clinic_other": _of_clinics("revenue_other"),
    "fin_unified_accounts": OfUnits(
        ("clinic",), any_holding("facility", of_kind("own_account")), reads=("facility",)
    ),
    "fin_accounting_books": Checked("fin_accounting_books", ("centre",)),
    "fin_clinic_journals": Checked("fin_clinic_journals", ("clinic",)),
    "fin_daily_handover": surveyed("cash_handover"),
    "fin_monthly_settlement": owed(
        "fin_monthly_settlement",
        "document",
        lambda row: row["kind"] == "monthly_settlement" and in_time(row),
    ),
    "fin_receipt_control": surveyed("receipt"),
    "fin_credit_recovery": Flow(_credit, of=True, reads=("incident",)),
    "fin_price_standard": surveyed("price"),
    "fin_hidden_accounts": counted("finding", of_kind("hidden_account")),
    "fin_cost_control": owed(
        "fin_cost_control",
        "document",
        lambda row: row["kind"] == "cost_report" and row["day"] is not None,
    ),
    "fin_budget_exec": part_of(("spending",), ("budget",)),
    "fin_bookkeeper": OfUnits(
        ("clinic",), any_holding("staff", lambda row: "bookkeeper" in (row["duty"] or "")), reads=("staff",)
    ),
    "fin_charge_register": surveyed("charge_register"),
    "fund_per_capita": OverPopulation(summed("fund_allocated")),
    "fund_prepay_70": _paid_for("fund_prepay_share", "fund_prepaid"),
    "fund_reward_30": _paid_for("fund_reward_share", "fund_settled"),
    "fund_reconciled": _paid_for(None, "fund_prepaid", "fund_settled"),
    "fund_usage_scope": Flow(_in_scope, of=True, reads=("money",)),
    "fund_village_subsidy": summed("village_subsidy_paid"),
    "fund_village_subsidy_rate": part_of(("village_subsidy_paid",), ("village_subsidy_due",)),
    "fund_transparency": owed(
        "fund_transparency",
        "activity",
        lambda row: row["kind"] == "disclosure" and row["topic"] == "finance",
    ),
    "fund_zero_markup_subsidy": summed("subsidy_zero_markup"),
    "ins_participation_rate": Stock(resident_at, lambda d, p, m: tagged(d, p, m, "insured"), band="all"),
    "ins_awareness_rate": surveyed("insurance_awareness"),
    "ins_reimb_disclosure": owed(
        "ins_reimb_disclosure",
        "activity",
        lambda row: row["kind"] == "disclosure" and row["topic"] == "reimbursement",
    ),
    "ins_monthly_report": owed(
        "ins_monthly_report",
        "document",
        lambda row: row["kind"] == "insurance_report" and in_time(row) and row["good"] is not False,
    ),
    "ins_roster": Checked("ins_roster", ("station", "clinic")),
    "ins_deduction": summed("insurance_deduction"),
    "ins_fee_reduction": summed("fee_reduction"),
    "ins_fee_reduction_times": counted("activity", of_kind("fee_reduction"), lambda row: row["people"]),
}
