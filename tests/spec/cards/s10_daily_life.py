"""S10: falls, meals, classes, and what free checks cost."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import money_summed
from tests.spec.sorts import distinct_persons, happened

_ELDERS = """
        person
        person | unit | born_on
        OLD    | S1   | 1960-06-15
        AGED   | S3   | 1940-01-01
        NEARLY | S1   | 1960-06-16
        YOUNG  | S1   | 1980-01-01
"""

SPECS = [
    Spec(
        "el_fall_rate",
        "falls of residents who were 65 on the day, at the unit that manages them, over the approved population",
        f"""
        population
        unit | year | band | persons | in_force
        S1   | 2025 | 65+  | 50      | yes
        C1   | 2025 | 65+  | 200     | yes
        B    | 2025 | 65+  | 500     | yes
        {_ELDERS}
        health_event
        person | unit | day        | kind
        OLD    | S2   | 2025-06-15 | fall
        OLD    | S2   | 2025-06-20 | fall
        NEARLY | S1   | 2025-06-15 | fall
        YOUNG  | S1   | 2025-06-15 | fall
        AGED   | S3   | 2025-06-01 | fall
        AGED   | S3   | 2025-06-02 | violence
        AGED   | S3   | 2025-07-01 | fall
        """,
        {
            ("S1", "2025-06"): (2, 50),
            ("S1", "2025-01..2025-05"): (0, 50),
            ("S1", "2025-07..2025-12"): (0, 50),
            ("S1", "2024-01..2024-12"): (0, None),
            ("S1", "2026-01..2026-12"): (0, None),
            ("S2", "2024-01..2026-12"): (0, None),
            ("S3", "2024-01..2025-05"): (0, None),
            ("S3", "2025-06"): (1, None),
            ("S3", "2025-07"): (1, None),
            ("S3", "2025-08..2026-12"): (0, None),
            ("C1", "2025-06"): (2, 200),
            ("B", "2025-07", "ytd"): (2 + 1 + 1, 500),
        },
    ),
    Spec(
        "el_fall_rate_change",
        "the rate of a month against that of the same month a year before",
        f"""
        population
        unit | year | band | persons | in_force
        S1   | 2024 | 65+  | 100     | yes
        S1   | 2025 | 65+  | 50      | yes
        B    | 2024 | 65+  | 100     | yes
        B    | 2025 | 65+  | 100     | yes
        {_ELDERS}
        health_event
        person | unit | day        | kind
        AGED   | S3   | 2024-06-10 | fall
        AGED   | S3   | 2024-06-11 | fall
        AGED   | S3   | 2024-06-12 | fall
        AGED   | S3   | 2024-06-13 | fall
        AGED   | S3   | 2025-06-10 | fall
        OLD    | S1   | 2025-07-15 | fall
        """,
        {
            ("B", "2025-06", "month"): (1 / 100 - 4 / 100) / (4 / 100),
            ("B", "2025-07", "ytd"): (2 / 100 - 4 / 100) / (4 / 100),
            ("B", "2025-07", "month"): None,  # nobody fell in July 2024
        },
        basis="ytd",
    ),
    distinct_persons("el_meals", "meal"),
    money_summed("el_exam_investment", "free_exam"),
    Spec(
        "el_free_exam_persons",
        "residents with a health check this year, each once, of any age and group",
        """
        person
        person | unit | born_on
        ANN    | S1   | 1950-01-01
        BOB    | S1   | 1990-01-01
        CAT    | S3   | 1990-01-01

        checkup
        person | unit | day        | complete
        ANN    | S1   | 2025-03-05 | no
        ANN    | S1   | 2025-08-05 | yes
        BOB    | S2   | 2025-05-31 | -
        CAT    | S3   | 2024-12-31 | yes
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03..2025-04"): "ANN",
            ("S1", "2025-05..2025-12"): "ANN BOB",
            ("S3", "2024-12"): "CAT",
            ("S3", "2025-01"): 0,
            ("B", "2025-12"): "ANN BOB",
        },
    ),
    happened("el_fall_education", "activity", "silver_class"),
]
