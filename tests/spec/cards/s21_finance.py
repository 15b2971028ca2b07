"""S21 finance: revenue by account, ledgers, what is looked at, credit, the budget."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import checked, money_over_money, money_summed, owed, sampled

_CLINICS = """
        unit
        code | kind    | parent | opened_on  | closed_on
        B    | bureau  | -      | -          | -
        C1   | centre  | B      | -          | -
        K1   | clinic  | C1     | -          | -
        K2   | clinic  | C1     | 2025-03-10 | 2025-05-31
        S1   | station | C1     | -          | -
"""


def _clinic_revenue(card: str, account: str) -> Spec:
    return Spec(
        card,
        "only what clinics earn, also above them",
        f"""{_CLINICS}
        money
        unit | day        | account   | amount
        K1   | 2025-03-05 | {account} | 1000
        K1   | 2025-03-06 | {account} | 200
        K2   | 2025-03-31 | {account} | 30
        K1   | 2025-03-07 | something | 999
        S1   | 2025-03-07 | {account} | 5000       # a station's
        C1   | 2025-03-07 | {account} | 6000       # the centre's own
        """,
        {("K1", "2025-03"): 1000 + 200, ("K2", "2025-03"): 30, ("C1", "2025-03"): 1000 + 200 + 30},
    )


SPECS = [
    Spec(
        "fin_medical_revenue",
        "medical and drug revenue",
        """
        money
        unit | day        | account         | amount
        S1   | 2025-05-10 | revenue_drug    | 30000000
        S1   | 2025-05-20 | revenue_medical | 50000000
        S1   | 2025-05-21 | revenue_other   | 70000000
        S1   | 2025-05-21 | budget          | 90000000
        """,
        {("S1", "2025-05"): 30000000 + 50000000},
    ),
    money_summed("fin_medical_income", "revenue_medical"),
    _clinic_revenue("fin_clinic_public_health", "revenue_public_health"),
    _clinic_revenue("fin_clinic_medical", "revenue_medical"),
    _clinic_revenue("fin_clinic_zero_markup", "subsidy_zero_markup"),
    _clinic_revenue("fin_clinic_other", "revenue_other"),
    Spec(
        "fin_unified_accounts",
        "clinics with an account of their own, of the clinics open at the month's end",
        f"""{_CLINICS}
        facility
        unit | kind        | start_on   | end_on
        K1   | own_account | 2025-01-15 | 2025-03-30    # closed a day before the month's end
        K1   | own_account | 2025-04-20 | -
        K2   | own_account | 2025-03-10 | -
        S1   | own_account | 2025-01-01 | -
        K1   | other       | 2024-01-01 | -
        """,
        {
            ("K1", "2024-12"): (0, 1),
            ("K1", "2025-01..2025-02"): (1, 1),
            ("K1", "2025-03"): (0, 1),
            ("K1", "2025-04"): (1, 1),
            ("C1", "2025-03"): (0 + 1, 2),
            ("B", "2025-04"): (2, 2),
            ("C1", "2025-06"): (1, 1),
        },
    ),
    checked("fin_accounting_books", ["book_general", "book_detail", "book_property"], "C"),
    checked("fin_clinic_journals", ["journal_cash", "journal_assets"], "K"),
    sampled("fin_daily_handover", "cash_handover"),
    owed(
        "fin_monthly_settlement",
        "document",
        "kind=monthly_settlement;due_on=2030-01-01",
        "kind=monthly_settlement;due_on=2024-01-20",  # too late
        "K",
    ),
    sampled("fin_receipt_control", "receipt"),
    Spec(
        "fin_credit_recovery",
        "credit is judged three months later: what was recovered by the end of that month",
        """
        incident
        unit | day        | kind      | amount | closed_at
        S1   | 2025-01-10 | credit    | 10000  | 2025-04-30 08:00:00
        S1   | 2025-01-11 | credit    | 5000   | 2025-05-01 08:00:00   # a day too late
        S1   | 2025-01-12 | credit    | 2000   | -
        S1   | 2025-01-13 | credit    | -      | 2025-02-01 08:00:00   # nobody knows how much
        S1   | 2025-01-14 | complaint | 700    | 2025-02-01 08:00:00
        S1   | 2025-02-28 | credit    | 300    | 2025-02-28 09:00:00
        """,
        {
            ("S1", "2025-04"): (10000, 10000 + 5000 + 2000),
            ("S1", "2025-05"): (300, 300),
            ("S1", "2025-12", "ytd"): (10000 + 300, 17000 + 300),
        },
    ),
    sampled("fin_price_standard", "price"),
    Spec(
        "fin_hidden_accounts",
        "off-book accounts in the month of the notice",
        """
        finding
        unit | day        | kind
        S1   | 2025-03-05 | hidden_account
        S1   | 2025-03-06 | sup_drugs
        S3   | 2025-04-06 | hidden_account
        """,
        {("S1", "2025-03"): 1, ("S3", "2025-04"): 1, ("B", "2025-04", "ytd"): 1 + 1},
    ),
    owed("fin_cost_control", "document", "kind=cost_report", "kind=other", "C", every=12),
    money_over_money("fin_budget_exec", "spending", "budget"),
    Spec(
        "fin_bookkeeper",
        "clinics at which someone employed keeps the books, perhaps among other duties",
        f"""{_CLINICS}
        staff
        unit | staff_no | start_on   | end_on     | duty
        K1   | 1        | 2025-01-15 | 2025-02-27 | integration、bookkeeper
        K1   | 2        | 2025-03-31 | -          | bookkeeper
        K1   | 3        | 2024-01-01 | -          | integration
        K2   | 4        | 2024-01-01 | -          | -
        """,
        {
            ("K1", "2024-12"): (0, 1),
            ("K1", "2025-01"): (1, 1),
            ("K1", "2025-02"): (0, 1),
            ("K1", "2025-03"): (1, 1),
            ("K2", "2025-04"): (0, 1),
            ("C1", "2025-04"): (1, 2),
        },
    ),
    sampled("fin_charge_register", "charge_register"),
]
