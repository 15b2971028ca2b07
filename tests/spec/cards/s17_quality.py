"""S17: accidents, first contact, documents, records of clinics, examinations, critical cases."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import sampled
from tests.spec.sorts import checked

SPECS = [
    Spec(
        "medical_accidents",
        "accidents and disputes in the month in which they became known; a complaint is neither",
        """
        incident
        unit | day        | kind
        S1   | 2025-03-05 | medical_accident
        S1   | 2025-03-31 | medical_dispute
        S1   | 2025-03-15 | complaint
        S3   | 2025-04-01 | medical_dispute
        """,
        {
            ("S1", "2025-03"): 1 + 1,
            ("S3", "2025-04"): 1,
            ("B", "2025-04", "ytd"): 2 + 1,
        },
    ),
    sampled("first_visit_responsibility", "first_contact"),
    sampled("diagnosis_rate", "care_need"),
    sampled("medical_document_quality", "medical_document"),
    checked("five_records", "visits_registered", "charges_receipted", of=5, unit_kind="clinic"),
    Spec(
        "three_basics_exam",
        "of the technical staff at work, who passed this year; failing, another examination or another unit is not it",
        """
        staff
        unit | staff_no | technical | start_on   | end_on
        S1   | 1        | yes       | 2020-01-01 | -
        S1   | 2        | yes       | 2025-04-01 | 2025-09-29
        S1   | 3        | no        | 2020-01-01 | -
        S1   | 4        | -         | 2020-01-01 | -
        S3   | 1        | yes       | 2020-01-01 | -

        training
        unit | staff_no | kind              | day        | passed
        S1   | 1        | three_basics_exam | 2025-02-10 | no
        S1   | 1        | three_basics_exam | 2025-03-10 | yes
        S1   | 1        | three_basics_exam | 2025-06-10 | yes
        S1   | 2        | three_basics_exam | 2025-03-31 | yes
        S1   | 3        | three_basics_exam | 2025-03-31 | yes
        S3   | 1        | first_aid         | 2025-03-31 | yes
        S3   | 1        | three_basics_exam | 2025-05-31 | -
        """,
        {
            ("S1", "2025-02"): (0, 1),
            ("S1", "2025-03"): (1, 1),
            ("S1", "2025-04..2025-08"): (1 + 1, 2),
            ("S1", "2025-09..2025-12"): (1, 1),
            ("S1", "2026-01"): (0, 1),
            ("S3", "2025-12"): (0, 1),
            ("B", "2025-05"): (2, 2 + 1),
        },
    ),
    checked("queue_flex_scheduling", "flex_roster", "flex_peak_staffed", of=2),
    Spec(
        "int_emergency_first_aid",
        "critical cases referred up within 120 minutes, of those whose time is known",
        """
        referral
        person | unit | day        | direction | severe | minutes
        ANN    | S1   | 2025-03-05 | up        | yes    | 120
        BOB    | S1   | 2025-03-06 | up        | yes    | 121
        CAT    | S1   | 2025-03-07 | up        | yes    | -
        DAN    | S1   | 2025-03-08 | up        | no     | 30
        EVE    | S1   | 2025-03-09 | up        | -      | 30
        FAY    | S1   | 2025-03-10 | down      | yes    | 30
        GUS    | S3   | 2025-04-10 | up        | yes    | 0
        """,
        {
            ("S1", "2025-03"): (1, 2),
            ("S3", "2025-04"): (1, 1),
            ("B", "2025-04", "ytd"): (1 + 1, 2 + 1),
        },
    ),
]
