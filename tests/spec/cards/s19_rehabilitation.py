"""S19 rehabilitation: residents marked as disabled, what they got, and their plans."""

from __future__ import annotations

from tests.spec.harness import Spec

_DISABLED = """
        person_tag
        person | tag      | start_on   | end_on
        ann    | disabled | 2025-02-28 | -
        bob    | disabled | 2025-03-01 | 2025-09-01
        cat    | solitary | 2025-03-01 | -""".strip()

SPECS = [
    Spec(
        "dis_registered",
        "to the month in which the mark ends",
        f"\n{_DISABLED}\n",
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02"): "ann",
            ("S1", "2025-03..2025-09"): "ann bob",
            ("S1", "2025-10"): "ann",
        },
    ),
    Spec(
        "dis_guided_rate",
        "guided, rehabilitated or nursed this year",
        f"""
        {_DISABLED}

        service
        person | kind          | day
        ann    | rehab         | 2025-01-05    # before the mark
        ann    | guidance      | 2025-04-05
        bob    | consultation  | 2025-04-05
        bob    | home_nursing  | 2025-06-05
        bob    | guidance      | 2024-06-05
        cat    | guidance      | 2025-04-05
        """,
        {
            ("S1", "2025-02"): ("ann", "ann"),
            ("S1", "2025-03..2025-05"): ("ann", "ann bob"),
            ("S1", "2025-06..2025-09"): ("ann bob", "ann bob"),
            ("S1", "2025-10..2025-12"): ("ann", "ann"),
            ("S1", "2026-01"): (0, "ann"),
        },
    ),
    Spec(
        "rehab_equipment_use",
        "hours used over hours available, added up",
        """
        sample
        unit | kind                | day        | asked | positive
        S1   | rehab_equipment_use | 2025-03-05 | 100   | 40
        S1   | rehab_equipment_use | 2025-03-20 | 60    | 30
        S1   | rehab_equipment_use | 2025-04-01 | 60    | -
        S1   | awareness           | 2025-03-20 | 60    | 30
        """,
        {("S1", "2025-03"): (40 + 30, 100 + 60)},
    ),
    Spec(
        "rehab_plan",
        "plans in force at the month's end",
        """
        enrolment
        person | programme  | start_on   | end_on
        ann    | rehab_plan | 2025-03-05 | 2025-06-10
        bob    | rehab_plan | 2025-04-05 | -
        cat    | rehab      | 2025-03-05 | -
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03"): "ann",
            ("S1", "2025-04..2025-06"): "ann bob",
            ("S1", "2025-07"): "bob",
        },
    ),
    Spec(
        "rehab_plan_rate",
        "disabled residents with a plan",
        f"""
        {_DISABLED}

        enrolment
        person | programme  | start_on   | end_on
        ann    | rehab_plan | 2025-03-05 | 2025-06-10
        cat    | rehab_plan | 2025-04-05 | -            # not disabled
        """,
        {
            ("S1", "2025-02"): (0, "ann"),
            ("S1", "2025-03..2025-06"): ("ann", "ann bob"),
            ("S1", "2025-07"): (0, "ann bob"),
        },
    ),
]
