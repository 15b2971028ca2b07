"""S23 insurance: who is insured, surveys, disclosure, reports, deductions."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import amounts, checked, money_summed, owed, sampled

SPECS = [
    Spec(
        "ins_participation_rate",
        "residents registered as insured, each once, over the approved population; who lapsed or left is not counted",
        """
        person
        person | unit | died_on
        ann    | S1   | -
        bob    | S1   | -
        cat    | S1   | 2025-06-10
        dan    | S1   | -

        person_tag
        person | tag     | start_on   | end_on
        ann    | insured | 2024-01-01 | -
        ann    | insured | 2025-01-01 | -            # twice is once
        bob    | insured | 2025-01-01 | 2025-12-31
        cat    | insured | 2024-01-01 | -
        dan    | htn     | 2024-01-01 | -            # another tag

        population
        unit | year | band | persons
        S1   | 2025 | all  | 10
        """,
        {
            ("S1", "2025-01..2025-05"): ("ann bob cat", "ann bob cat dan", 10),
            ("S1", "2025-07..2025-12"): ("ann bob", "ann bob dan", 10),
            ("S1", "2026-01"): ("ann", "ann bob dan", None),
        },
    ),
    Spec(
        "ins_participation_rate",
        "a unit of which nobody is registered as insured has no figure: its source lacks the item",
        """
        person
        person | unit
        ann    | S1

        population
        unit | year | band | persons
        S1   | 2025 | all  | 10
        """,
        {("S1", "2025-03"): (0, "ann", 10)},
        status={("S1", "2025-03"): "untold"},
    ),
    sampled("ins_awareness_rate", "insurance_awareness"),
    owed(
        "ins_reimb_disclosure",
        "activity",
        "kind=disclosure;topic=reimbursement",
        "kind=disclosure;topic=finance",
        "K",
    ),
    owed(
        "ins_monthly_report",
        "document",
        "kind=insurance_report;due_on=2030-01-01;good=yes",
        "kind=insurance_report;due_on=2030-01-01;good=no",  # with errors
    ),
    checked("ins_roster", ["roster_keeper", "roster_complete", "roster_correct"], "K"),
    money_summed("ins_deduction", "insurance_deduction"),
    money_summed("ins_fee_reduction", "fee_reduction"),
    amounts("ins_fee_reduction_times", "fee_reduction", "people"),
]
