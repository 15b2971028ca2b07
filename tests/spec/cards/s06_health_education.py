"""S06 health education: activities in the month of their day, duties in the last month of their period."""

from __future__ import annotations

from tests.spec.harness import Spec


def _activities(card: str, shows: str, columns: str, rows: str, expect: dict) -> Spec:
    return Spec(card, shows, f"\nactivity\nunit | day | {columns}\n{rows}\n", expect)


def _survey(card: str, kind: str) -> Spec:
    return Spec(
        card,
        "people who meet the mark over people asked; surveys of a month are added up",
        f"""
        sample
        unit | day        | kind   | asked | positive
        S1   | 2025-03-05 | {kind} | 100   | 75
        S1   | 2025-03-20 | {kind} | 50    | 45
        S1   | 2025-04-01 | {kind} | -     | 30       # nobody wrote down how many were asked
        S2   | 2025-03-31 | other  | 10    | 10
        """,
        {("S1", "2025-03"): (75 + 45, 100 + 50)},
    )


def _only_centres(name: str, rows: str) -> str:
    return f"""
        unit
        code | kind   | parent | opened_on
        B    | bureau | -      | -
        C1   | centre | B      | -
        C2   | centre | B      | 2025-02-10

        {name}
        {rows}
        """


SPECS = [
    _survey("he_awareness_rate", "awareness"),
    _survey("he_behaviour_rate", "behaviour"),
    _survey("he_literacy_level", "literacy"),
    Spec(
        "he_course_quarterly",
        "a class of 30 in each quarter; a quarter that a unit was not open throughout is not owed",
        _only_centres(
            "activity",
            """unit | day        | kind    | people
        C1   | 2025-01-15 | lecture | 30
        C1   | 2025-04-15 | lecture | 29      # too few
        C1   | 2025-09-30 | lecture | 31
        C2   | 2025-05-01 | lecture | 40""",
        ),
        {
            ("C1", "2025-03"): (1, 1),
            ("C1", "2025-06"): (0, 1),
            ("C1", "2025-09"): (1, 1),
            ("C1", "2025-12"): (0, 1),
            ("C2", "2025-06"): (1, 1),  # its first whole quarter
            ("C2", "2025-09"): (0, 1),
            ("C1", "2025-12", "ytd"): (2, 4),
            ("B", "2025-12", "ytd"): (2 + 1, 4 + 3),
        },
    ),
]
