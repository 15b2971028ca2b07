"""S32: points, teams, agreements and programmes beyond the basic packages."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.sorts import in_use, issued, named, stands


def _taking_part(card: str, programme: str) -> Spec:
    return Spec(
        card,
        f"residents enrolled in {programme} at the month's end, at the unit that manages them, each once",
        f"""
        person
        person | unit | registered | arrived_on
        ANN    | S1   | yes        | -
        BOB    | S1   | no         | 2025-01-10
        CAT    | S3   | yes        | -

        enrolment
        person | unit | programme   | start_on   | end_on
        ANN    | S2   | {programme} | 2025-02-10 | -
        ANN    | S1   | {programme} | 2025-03-10 | -
        BOB    | S1   | {programme} | 2025-02-10 | -
        CAT    | S3   | {programme} | 2025-02-10 | 2025-05-10
        CAT    | S3   | htn         | 2025-02-10 | -
        """,
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02..2025-06"): "ANN",
            ("S1", "2025-07..2025-12"): "ANN BOB",  # here for six months
            ("S2", "2025-12"): 0,
            ("S3", "2025-02..2025-05"): "CAT",
            ("S3", "2025-06"): 0,
            ("B", "2025-05"): "ANN CAT",
        },
    )


SPECS = [
    _taking_part("prog_points_residents", "points"),
    Spec(
        "prog_service_model",
        "teams with a doctor, a nurse and one more; a team whose members are not told is left out",
        """
        team
        unit | code | members
        C1   | T1   | gp、nurse、public_health
        C1   | T2   | nurse、specialist、gp
        C1   | T3   | gp、nurse
        C1   | T4   | gp、specialist、public_health
        C1   | T5   | nurse、public_health
        C1   | T6   | -
        C2   | T7   | gp、nurse、specialist
        """,
        {
            ("C1", "2024-01..2026-12"): (1 + 1, 5),
            ("C2", "2025-03"): (1, 1),
            ("B", "2025-03"): (2 + 1, 5 + 1),
        },
    ),
    named("prog_elder_child_zones", "facility", "elder_child_programme", "name"),
    in_use("prog_elder_child_zones", "elder_child_programme"),
    stands("prog_medical_elderly", "document", "medical_elderly_agreement"),
    issued("prog_medical_elderly", "medical_elderly_agreement"),
    _taking_part("prog_nursing_home", "home_bed"),
    stands("prog_function_community", "document", "function_site_agreement"),
]
