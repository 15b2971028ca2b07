"""S24 乡村一体化: checks at clinics, what they hold, what is owed."""

from __future__ import annotations

from tests.spec import ledgers, sorts
from tests.spec.harness import ABSENT, Spec

_FIVE = ["five_administration", "five_business", "five_finance", "five_drugs", "five_appraisal"]
_FOUR = ["four_tasks", "four_drugs", "four_staff", "four_finance", "one_accounts"]
_BUILD = ["build_planning", "build_building", "build_standard", "build_norms"]


def clinics_with(card: str, kind: str) -> Spec:
    """Clinics that have something in place and in use, of those that are open."""
    return Spec(
        card,
        "clinics that have it at the month's end and where it is in use; a centre's does not count",
        f"""
        unit
        code | kind   | parent | closed_on
        B    | bureau | -      | -
        C    | centre | B      | -
        K1   | clinic | C      | -
        K2   | clinic | C      | 2025-05-10
        K3   | clinic | C      | -

        facility
        unit | kind    | start_on   | end_on     | working
        K1   | {kind}  | 2025-02-10 | -          | yes
        K2   | {kind}  | 2025-03-31 | -          | -       # nobody said that it is out of use
        K3   | {kind}  | 2025-01-01 | -          | no
        K3   | another | 2025-01-01 | -          | yes
        K3   | {kind}  | 2025-07-01 | 2025-08-30 | yes
        C    | {kind}  | 2025-01-01 | -          | yes
        """,
        {
            ("K1", "2025-01"): (0, 1),
            ("K1", "2025-02..2025-12"): (1, 1),
            ("C", "2025-02"): (1, 3),
            ("C", "2025-03..2025-04"): (1 + 1, 3),
            ("C", "2025-05..2025-06"): (1, 2),
            ("B", "2025-07"): (1 + 1, 2),
            ("B", "2025-08"): (1, 2),
        },
    )


SPECS = [
    ledgers.checked("int_five_unifications", _FIVE, "K"),
    ledgers.checked("int_four_unify_one_separate", _FOUR, "K"),
    ledgers.checked("int_four_unify_build", _BUILD, "K"),
    ledgers.checked("int_resource_sharing", ["share_equipment", "share_people", "share_information"], "C"),
    Spec(
        "int_leading_group",
        "the bureau's group and office, at the latest check",
        """
        check_item
        unit | day        | item       | met
        B    | 2025-02-10 | int_group  | yes
        B    | 2025-02-10 | int_office | no
        B    | 2025-04-30 | int_office | yes
        C1   | 2025-02-10 | int_group  | yes      # a centre's does not count
        """,
        {("B", "2025-01"): (0, 0), ("B", "2025-02..2025-03"): (1, 2), ("B", "2025-04"): (2, 2)},
    ),
    clinics_with("int_public_built_run", "public_built_run"),
    clinics_with("int_coverage_rate", "integrated"),
    clinics_with("int_info_sharing", "record_sharing"),
    Spec(
        "int_town_mgmt_village_use",
        "village doctors whose employer is the town's centre, of village doctors in service at the month's end",
        """
        staff
        unit | role           | employer | start_on   | end_on
        S1   | village_doctor | town     | 2024-01-01 | -
        S1   | village_doctor | village  | 2025-02-01 | -
        S1   | village_doctor | -        | 2025-03-31 | -
        S1   | nurse          | town     | 2024-01-01 | -
        S3   | village_doctor | town     | 2024-01-01 | 2025-03-30
        """,
        {
            ("S1", "2025-01"): (1, 1),
            ("S1", "2025-02"): (1, 1 + 1),
            ("S1", "2025-03..2025-12"): (1, 1 + 1),  # whose employer nobody knows is left out
            ("S3", "2025-02"): (1, 1),
            ("S3", "2025-03"): (0, 0),
            ("B", "2025-02"): (1 + 1, 2 + 1),
        },
    ),
    ledgers.owed(
        "int_target_letter", "document", "kind=responsibility_letter", "kind=int_plan", who="K", every=12
    ),
    ledgers.owed("int_impl_plan", "document", "kind=int_plan", "kind=he_plan", every=12),
    ledgers.owed("int_meeting_monthly", "activity", "kind=clinic_heads_meeting", "kind=staff_meeting"),
    ledgers.owed("int_circuit_visits", "activity", "kind=circuit_visit", "kind=lecture", every=3),
    Spec(
        "int_target_letter",
        "a letter that is owed but not signed yet, without a day, is none",
        """
        unit
        code | kind   | parent
        B    | bureau | -
        K    | clinic | B

        document
        unit | day        | month   | kind
        K    | 2024-05-01 | 2024-05 | responsibility_letter
        K    | -          | 2025-05 | responsibility_letter
        """,
        {("K", "2024-12"): (1, 1), ("K", "2025-12"): (0, 1)},
    ),
    sorts.happened("int_circuit_visit_count", "activity", "circuit_visit"),
    Spec(
        "int_dedicated_person",
        "centres and clinics with somebody whose duties include integration",
        """
        unit
        code | kind    | parent
        B    | bureau  | -
        C    | centre  | B
        S    | station | C
        K    | clinic  | C

        staff
        unit | duty                       | start_on   | end_on
        C    | bookkeeper、integration    | 2025-02-10 | -
        C    | integration                | 2025-03-01 | 2025-04-30
        K    | bookkeeper                 | 2025-01-01 | -
        K    | integration                | 2025-05-01 | 2025-06-29
        S    | integration                | 2025-01-01 | -          # a station is not asked for one
        """,
        {
            ("C", "2025-01"): (0, 2),
            ("C", "2025-02..2025-04"): (1, 2),
            ("K", "2025-05"): (1, 1),
            ("K", "2025-06"): (0, 1),
            ("B", "2025-05"): (1 + 1, 2),
            ("S", "2025-05"): ABSENT,
        },
    ),
]
