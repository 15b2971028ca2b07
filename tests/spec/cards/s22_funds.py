"""S22 funds: what is paid against the approved population, at the standard of the month of payment."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import money_over_money, money_summed, owed

# A year's standard is 99 yuan (9900 fen) in 2025 and 94 in 2024: at 70 % 6930 and 6580 fen, at 30 % 2970 in 2025.
_PAYMENTS = """
    population
    unit | year | band | persons
    C1   | 2024 | all  | 500
    C1   | 2025 | all  | 1000
    C1   | 2026 | 18+  | 900

    money
    unit | day        | account      | amount
    C1   | 2024-12-31 | fund_prepaid | 3290000
    C1   | 2025-02-10 | fund_prepaid | 5544000
    C1   | 2025-06-10 | fund_prepaid | 1386003
    C1   | 2025-06-11 | fund_prepaid | -
    C1   | 2025-09-10 | fund_settled | 2376000
    C1   | 2025-09-11 | something    | 9999999
"""

SPECS = [
    Spec(
        "fund_per_capita",
        "fen allocated over the approved population of the year; without one there is no figure",
        """
        population
        unit | year | band | persons
        C1   | 2025 | all  | 1000

        money
        unit | day        | account        | amount
        C1   | 2025-01-10 | fund_allocated | 5000000
        C1   | 2025-07-10 | fund_allocated | 4900000
        C1   | 2025-07-10 | fund_prepaid   | 1
        C1   | 2026-01-10 | fund_allocated | 100
        """,
        {
            ("C1", "2025-01"): (5000000, 1000),
            ("C1", "2025-12"): (5000000 + 4900000, 1000),
            ("C1", "2026-01"): (100, None),
            ("B", "2025-12"): (9900000, None),  # C2 has no approved population
        },
        basis="ytd",
    ),
    Spec(
        "fund_prepay_70",
        "people whom the prepayment pays for: fen over 6930 (2025) or 6580 (2024), rounded; more than all is shown",
        _PAYMENTS,
        {
            ("C1", "2024-12"): (3290000 // 6580, 500),  # 500 of 500
            ("C1", "2025-02"): (800, 1000),  # 5544000 / 6930
            ("C1", "2025-06"): (800 + 200, 1000),  # 1386003 / 6930 = 200.0004
            ("C1", "2025-12"): (1000, 1000),
            ("C1", "2026-06"): (0, None),
        },
        basis="ytd",
    ),
    Spec(
        "fund_reward_30",
        "people whom the settlement pays for: fen over 2970; what the appraisal took away is missing",
        _PAYMENTS,
        {("C1", "2025-06"): (0, 1000), ("C1", "2025-12"): (800, 1000)},  # 2376000 / 2970
        basis="ytd",
    ),
    Spec(
        "fund_reconciled",
        "70 % for 347671 people and 30 % for 536533: not one population, and the gap is shown, not made 100 %",
        """
        population
        unit | year | band | persons
        C1   | 2025 | all  | 347671
        C2   | 2025 | all  | 536533

        money
        unit | day        | account      | amount
        C1   | 2025-02-10 | fund_prepaid | 2409360030       # 347671 x 6930
        C1   | 2025-11-10 | fund_settled | 1593503010       # 536533 x 2970
        C2   | 2025-02-10 | fund_prepaid | 2409360030
        C2   | 2025-11-10 | fund_settled | 1593503010
        """,
        {
            # 2409360030 / 9900 = 243369.7 and 1593503010 / 9900 = 160959.9: together not the population of either.
            ("C1", "2025-06"): (243370, 347671),
            ("C1", "2025-12"): (243370 + 160960, 347671),  # 116.3 %
            ("C2", "2025-12"): (243370 + 160960, 536533),  # 75.4 %
        },
        basis="ytd",
    ),
    Spec(
        "fund_usage_scope",
        "spending on equipment and repairs over spending whose purpose is known",
        """
        money
        unit | day        | account       | topic     | amount
        C1   | 2025-03-10 | fund_spending | equipment | 50000
        C1   | 2025-03-11 | fund_spending | repair    | 20000
        C1   | 2025-03-12 | fund_spending | bonus     | 30000
        C1   | 2025-03-13 | fund_spending | -         | 90000
        C1   | 2025-03-13 | fund_spending | repair    | -
        C1   | 2025-03-14 | spending      | equipment | 70000
        """,
        {("C1", "2025-03"): (50000 + 20000, 50000 + 20000 + 30000)},
    ),
    money_summed("fund_village_subsidy", "village_subsidy_paid"),
    money_over_money("fund_village_subsidy_rate", "village_subsidy_paid", "village_subsidy_due"),
    owed(
        "fund_transparency",
        "activity",
        "kind=disclosure;topic=finance",
        "kind=disclosure;topic=price",
        "K",
        every=3,
    ),
    money_summed("fund_zero_markup_subsidy", "subsidy_zero_markup"),
]
