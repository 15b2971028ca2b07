"""S16: visits, techniques and herbs, the care of elders and small children."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.sorts import distinct_persons, held_by, in_use, issued, named, stands

SPECS = [
    Spec(
        "tcm_visits",
        "visits to the department of Chinese medicine, of whatever kind",
        """
        encounter
        person | unit | day        | kind       | department
        ANN    | S1   | 2025-03-05 | outpatient | tcm
        ANN    | S1   | 2025-03-31 | emergency  | tcm
        BOB    | S1   | 2025-03-06 | outpatient | general
        BOB    | S1   | 2025-03-07 | outpatient | -
        CAT    | S3   | 2025-04-01 | outpatient | tcm
        """,
        {
            ("S1", "2025-03"): 1 + 1,
            ("S3", "2025-04"): 1,
            ("B", "2025-04", "ytd"): 2 + 1,
        },
    ),
    Spec(
        "tcm_visits_change",
        "visits of the year so far against those of the year before",
        """
        encounter
        person | unit | day        | kind       | department
        ANN    | S1   | 2024-02-05 | outpatient | tcm
        ANN    | S1   | 2024-03-05 | outpatient | tcm
        ANN    | S1   | 2024-09-05 | outpatient | tcm
        ANN    | S1   | 2025-01-05 | outpatient | tcm
        ANN    | S1   | 2025-02-05 | outpatient | tcm
        ANN    | S1   | 2025-03-05 | outpatient | tcm
        ANN    | S1   | 2025-03-06 | outpatient | general
        """,
        {
            ("S1", "2025-01"): None,  # nobody came in January 2024
            ("S1", "2025-02"): (2 - 1) / 1,
            ("S1", "2025-03..2025-08"): (3 - 2) / 2,
            ("S1", "2025-09..2025-12"): 0.0,
            ("S1", "2024-12"): None,
            ("S1", "2025-03", "r12"): None,  # twelve months before, no twelve months were there
            ("S1", "2025-12", "r12"): (3 - 3) / 3,
            ("S1", "2026-02", "r12"): (1 - 4) / 4,  # from March 2025 on, and from March 2024 on
        },
        basis="ytd",
    ),
    named("tcm_techniques", "facility", "tcm_technique", "name"),
    in_use("tcm_techniques", "tcm_technique"),
    Spec(
        "tcm_techniques_added",
        "techniques in the month in which a unit began with them",
        """
        facility
        unit | kind          | name | start_on
        S1   | tcm_technique | a    | 2025-03-31
        S1   | tcm_technique | b    | 2025-03-01
        S1   | tcm_technique | c    | 2023-03-01
        S1   | tcm_area      | -    | 2025-03-01
        S3   | tcm_technique | a    | 2025-04-01
        """,
        {
            ("S1", "2025-03"): 1 + 1,
            ("S3", "2025-04"): 1,
            ("B", "2025-12", "ytd"): 2 + 1,
        },
    ),
    Spec(
        "tcm_decoction_rate",
        "prescriptions with herbal pieces, of those of which the source tells",
        """
        prescription
        person | unit | day        | herbal
        ANN    | S1   | 2025-03-05 | yes
        BOB    | S1   | 2025-03-06 | no
        CAT    | S1   | 2025-03-07 | no
        DAN    | S1   | 2025-03-08 | -
        EVE    | S3   | 2025-04-08 | yes
        """,
        {
            ("S1", "2025-03"): (1, 3),
            ("S3", "2025-04"): (1, 1),
            ("B", "2025-04", "ytd"): (1 + 1, 3 + 1),
        },
    ),
    distinct_persons("tcm_package_persons", "tcm_package"),
    held_by("tcm_clinic_built", "facility", "tcm_area"),
    distinct_persons("tcm_preventive", "tcm_constitution"),
    Spec(
        "tcm_elder_rate",
        "residents who reach 65 this year and were identified, over the approved population",
        """
        population
        unit | year | band | persons | in_force
        S1   | 2025 | 65+  | 40      | yes

        person
        person | unit | born_on
        OLD    | S1   | 1950-01-01
        TURNS  | S1   | 1960-12-31
        YOUNG  | S1   | 1961-01-01

        service
        person | unit | day        | kind
        OLD    | S1   | 2025-03-05 | tcm_constitution
        TURNS  | S1   | 2025-05-05 | tcm_constitution
        TURNS  | S1   | 2025-04-05 | guidance
        YOUNG  | S1   | 2025-03-05 | tcm_constitution
        """,
        {
            ("S1", "2025-02"): (0, "OLD TURNS", 40),
            ("S1", "2025-03..2025-04"): ("OLD", "OLD TURNS", 40),
            ("S1", "2025-05..2025-12"): ("OLD TURNS", "OLD TURNS", 40),
        },
    ),
    Spec(
        "tcm_child_rate",
        "visits due at 6, 12, ... 36 months, kept in the month due or the next, in the month in which the grace ends",
        """
        person
        person | unit | born_on    | entered_on
        KID    | S1   | 2024-06-20 | 2024-06-20
        TOT    | S3   | 2022-01-05 | 2022-01-05

        service
        person | unit | day        | kind
        KID    | S1   | 2024-12-01 | tcm_child      # at 6 months
        KID    | S1   | 2025-05-31 | tcm_child      # too early for 12 months
        KID    | S1   | 2025-08-01 | tcm_child      # too late for it
        KID    | S1   | 2026-01-31 | tcm_child      # at 18 months, in the month of grace
        KID    | S1   | 2025-12-31 | guidance
        TOT    | S3   | 2025-01-15 | tcm_child      # at 36 months, the last one due
        TOT    | S3   | 2025-02-15 | tcm_child
        """,
        {
            ("S1", "2025-01"): (1, 1),
            ("S1", "2025-07"): (0, 1),
            ("S1", "2026-01"): (1, 1),
            ("S1", "2026-07"): (0, 1),
            ("S3", "2024-02"): (0, 1),  # 24 months
            ("S3", "2024-08"): (0, 1),
            ("S3", "2025-02"): (1, 1),
            ("B", "2025-12", "ytd"): (1 + 0 + 1, 3),
        },
    ),
    stands("tcm_advanced_unit", "document", "tcm_advanced_unit"),
    issued("tcm_advanced_unit", "tcm_advanced_unit"),
]
