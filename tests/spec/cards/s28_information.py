"""S28 information: what is connected and in use, services online, warnings handled."""

from __future__ import annotations

from tests.spec.cards.s13_infectious_disease import CASES
from tests.spec.harness import Spec
from tests.spec.table import standard, units_with

_FOLLOWUPS = """
        followup
        unit | person | programme | mode   | day
        S1   | ann    | htn       | auto   | 2025-03-05
        S1   | bob    | dm        | auto   | 2025-03-31
        S1   | cat    | htn       | clinic | 2025-03-31
        S2   | cat    | htn       | -      | 2025-04-01
"""

SPECS = [
    Spec(
        "info_key_pop_warning",
        "warnings handled of those raised, whenever",
        """
        incident
        unit | kind      | topic   | day        | closed_at
        S1   | alert     | elder   | 2025-03-05 | 2025-04-05 08:00:00
        S1   | alert     | nursery | 2025-03-31 | -
        S1   | complaint | elder   | 2025-03-31 | 2025-04-05 08:00:00
        """,
        {("S1", "2025-03"): (1, 2)},
    ),
    units_with(
        "info_platform_connected",
        "facility",
        "kind | working",
        "regional_platform | yes",
        "regional_platform | no",
    ),
    Spec(
        "info_app_functions",
        "functions in use at the month's end",
        """
        facility
        unit | kind         | name    | start_on   | end_on     | working
        B    | app_function | query   | 2025-03-10 | -          | yes
        B    | app_function | booking | 2025-04-10 | 2025-06-30 | yes
        B    | app_function | advice  | 2025-04-10 | -          | no
        B    | it_system    | his     | 2025-04-10 | -          | yes
        """,
        {("B", "2025-02"): 0, ("B", "2025-03"): 1, ("B", "2025-04..2025-06"): 2, ("B", "2025-07"): 1},
    ),
    Spec(
        "info_integration",
        "systems integrated of those in use",
        """
        facility
        unit | kind         | name    | start_on   | end_on     | working
        C1   | it_system    | his     | 2025-03-10 | -          | yes
        C1   | it_system    | lis     | 2025-04-10 | -          | no
        C1   | it_system    | old     | 2025-03-10 | 2025-03-31 | -
        C1   | app_function | query   | 2025-03-10 | -          | yes
        """,
        {("C1", "2025-03"): (1, 2), ("C1", "2025-04"): (1, 2), ("B", "2025-04"): (1, 2)},
    ),
    standard("info_dynamic_supervision", "dynamic_quantity", "dynamic_quality"),
    Spec(
        "info_one_card",
        "residents who hold a card over the population",
        """
        person
        person | health_card | registered | arrived_on
        ann    | yes         | yes        | -
        bob    | no          | yes        | -
        cat    | -           | yes        | -
        dan    | yes         | no         | 2025-01-31    # a resident from July

        population
        unit | year | band | persons
        S1   | 2025 | all  | 5
        """,
        {
            ("S1", "2025-06"): ("ann", "ann bob cat", 5),
            ("S1", "2025-07"): ("ann dan", "ann bob cat dan", 5),
        },
    ),
    units_with("info_clinic_online", "facility", "kind | working", "info_clinic | yes", "it_system | yes"),
    Spec(
        "info_digital_class",
        "each class",
        """
        activity
        unit | kind          | day
        C1   | digital_class | 2025-03-05
        C1   | digital_class | 2025-03-31
        C1   | lecture       | 2025-03-31
        """,
        {("C1", "2025-03"): 2},
    ),
    Spec("info_remote_followup", "automatic ones, each time", _FOLLOWUPS, {("S1", "2025-03"): 2}),
    Spec(
        "info_remote_followup_share",
        "automatic of all",
        _FOLLOWUPS,
        {("S1", "2025-03"): (2, 3), ("S2", "2025-04"): (0, 1)},
    ),
    standard("info_residents_visual", "visual_live", "visual_own"),
    Spec(
        "info_reporting_timely",
        "in time of those reported whose times are known",
        CASES,
        {("S1", "2025-03"): (1 + 1, 2 + 2), ("S2", "2025-04"): (1, 1)},
    ),
]
