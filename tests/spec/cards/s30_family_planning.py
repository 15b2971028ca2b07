"""S30 family planning: points, women registered, guidance."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS = [
    Spec(
        "fp_contraceptives",
        "points in use at the month's end",
        """
        facility
        unit | kind                | start_on   | end_on     | working
        S1   | contraceptive_point | 2025-03-10 | -          | yes
        S1   | contraceptive_point | 2025-04-10 | 2025-06-30 | yes
        S1   | contraceptive_point | 2025-04-10 | -          | no
        S1   | school              | 2025-04-10 | -          | yes
        """,
        {("S1", "2025-02"): 0, ("S1", "2025-03"): 1, ("S1", "2025-04..2025-06"): 2, ("C1", "2025-07"): 1},
    ),
    Spec(
        "fp_registration",
        "women of 15 to 49 at the month's end with a valid record",
        """
        person
        person | sex | born_on
        ann    | 2   | 1975-06-10    # fifty in June 2025
        bea    | 2   | 2010-03-31    # fifteen in March 2025
        cat    | 1   | 1990-01-01
        dot    | 2   | 1990-01-01

        health_record
        person | created_on | cancelled_on
        ann    | 2024-01-01 | -
        bea    | 2024-01-01 | -
        cat    | 2024-01-01 | -
        dot    | 2024-01-01 | 2025-04-10

        population
        unit | year | band   | persons
        S1   | 2025 | f15-49 | 4
        """,
        {
            ("S1", "2025-02"): ("ann dot", "ann dot", 4),
            ("S1", "2025-03"): ("ann bea dot", "ann bea dot", 4),
            ("S1", "2025-04..2025-05"): ("ann bea", "ann bea dot", 4),
            ("S1", "2025-06"): ("bea", "bea dot", 4),
        },
    ),
    Spec(
        "fp_guidance",
        "guidance of that kind, each time",
        """
        service
        unit | person | kind            | day
        S1   | ann    | family_planning | 2025-03-05
        S1   | ann    | family_planning | 2025-03-25
        S1   | ann    | guidance        | 2025-03-25
        """,
        {("S1", "2025-03"): 2},
    ),
]
