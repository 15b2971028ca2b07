"""What coverage is divided by: one kind of population in force for a unit and year, never silently another."""

from __future__ import annotations

from tests.spec.harness import Spec

_RECORDS = """
        person
        person | unit | died_on
        ann    | S1   | -
        bob    | S1   | -
        cat    | S2   | -
        dan    | S1   | 2025-03-10    # no numerator of an as-of rate from April on

        health_record
        person | unit | created_on
        ann    | S1   | 2024-05-01
        cat    | S2   | 2024-05-01
        dan    | S1   | 2024-05-01
        """

SPECS = [
    Spec(
        "hr_filing_rate",
        "registered residents in force for 2026: 2025 stays as it was, 2024 has no denominator",
        f"""
        {_RECORDS}
        population
        unit | year | kind       | band | persons | approved_on | in_force
        S1   | 2025 | resident   | all  | 10      | 2025-02-01  | -
        S1   | 2025 | registered | all  | 8       | 2025-02-01  | -
        S1   | 2026 | resident   | all  | 11      | 2026-03-01  | -
        S1   | 2026 | registered | all  | 9       | 2026-02-01  | yes    # though approved earlier
        """,
        {
            ("S1", "2024-12"): ("ann dan", "ann bob dan", None),
            ("S1", "2025-03"): ("ann dan", "ann bob dan", 10),
            ("S1", "2025-04..2025-12"): ("ann", "ann bob", 10),
            ("S1", "2026-01..2026-12"): ("ann", "ann bob", 9),
        },
    ),
    Spec(
        "hr_filing_rate",
        "of several approvals the latest holds; a kind that is said not to be in force gives none",
        f"""
        {_RECORDS}
        population
        unit | year | kind       | band | persons | approved_on | in_force
        S1   | 2025 | resident   | all  | 10      | 2025-02-01  | -
        S1   | 2025 | resident   | all  | 12      | 2025-05-01  | -
        S1   | 2026 | resident   | all  | 11      | 2026-02-01  | no
        S1   | 2026 | registered | all  | 9       | 2026-02-01  | -
        """,
        {
            ("S1", "2025-12"): ("ann", "ann bob", 12),
            ("S1", "2026-01"): ("ann", "ann bob", None),
        },
    ),
    Spec(
        "hr_filing_rate",
        "the record system's own number, where it is approved as the denominator",
        f"""
        {_RECORDS}
        population
        unit | year | kind     | band | persons | approved_on | in_force
        S1   | 2025 | resident | all  | 10      | 2025-02-01  | -
        S1   | 2025 | recorded | all  | 3       | 2025-02-01  | yes
        """,
        {("S1", "2025-12"): ("ann", "ann bob", 3)},
    ),
    Spec(
        "hr_filing_rate",
        "each band has its own denominator in force: 60 and over stays resident",
        f"""
        {_RECORDS}
        population
        unit | year | kind       | band | persons | approved_on | in_force
        S1   | 2025 | resident   | all  | 10      | 2025-02-01  | -
        S1   | 2025 | registered | all  | 8       | 2025-02-01  | yes
        S1   | 2025 | registered | 60+  | 2       | 2025-02-01  | -
        """,
        {("S1", "2025-12"): ("ann", "ann bob", 8)},
    ),
    Spec(
        "hr_60plus_filing_rate",
        "registered residents of 60 and over are not in force: no denominator",
        """
        person
        person | born_on
        ann    | 1950-01-01

        population
        unit | year | kind       | band | persons | approved_on | in_force
        S1   | 2025 | registered | all  | 8       | 2025-02-01  | yes
        S1   | 2025 | registered | 60+  | 2       | 2025-02-01  | -
        """,
        {("S1", "2025-12"): (0, "ann", None)},
    ),
    Spec(
        "hr_filing_rate",
        "the bureau takes its own; without one the sum of its centres' denominators in force, if each has one",
        f"""
        {_RECORDS}
        population
        unit | year | kind       | band | persons | approved_on | in_force
        B    | 2024 | resident   | all  | 100     | 2024-02-01  | -
        C1   | 2024 | resident   | all  | 30      | 2024-02-01  | -
        C2   | 2024 | resident   | all  | 40      | 2024-02-01  | -
        C1   | 2025 | resident   | all  | 30      | 2025-02-01  | -
        C1   | 2025 | registered | all  | 25      | 2025-02-01  | yes
        C2   | 2025 | resident   | all  | 40      | 2025-02-01  | -
        C1   | 2026 | resident   | all  | 30      | 2026-02-01  | -
        """,
        {
            ("B", "2024-12"): ("ann cat dan", "ann bob cat dan", 100),
            ("B", "2025-12"): ("ann cat", "ann bob cat", 25 + 40),
            ("C1", "2025-12"): ("ann cat", "ann bob cat", 25),
            ("B", "2026-01"): ("ann cat", "ann bob cat", None),  # C2 has none
        },
    ),
    Spec(
        "hr_filing_rate",
        "above 100 % is shown as it is: two records over a denominator of one",
        f"""
        {_RECORDS}
        population
        unit | year | band | persons
        S1   | 2025 | all  | 1
        """,
        {("S1", "2025-03"): ("ann dan", "ann bob dan", 1)},
    ),
]
