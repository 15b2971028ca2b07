"""S29: what residents think and say, and what they are told."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import sampled
from tests.spec.sorts import checked, happened, held_by, issued, owed, stands

SPECS = [
    sampled("sat_patient", "satisfaction"),
    Spec(
        "sat_patient_change",
        "the share of a month, or of the year so far, less that of a year before",
        """
        sample
        unit | day        | kind            | asked | positive
        S1   | 2024-03-05 | satisfaction    | 100   | 80
        S1   | 2025-03-05 | satisfaction    | 200   | 170
        S1   | 2025-06-05 | satisfaction    | 200   | 190
        S1   | 2024-03-05 | satisfaction_tcm | 100  | 10
        """,
        {
            ("S1", "2025-03", "month"): 170 / 200 - 80 / 100,
            ("S1", "2025-06", "month"): None,
            ("S1", "2025-06", "ytd"): (170 + 190) / 400 - 80 / 100,
            ("S1", "2024-03", "month"): None,
        },
        basis="ytd",
    ),
    sampled("sat_tcm", "satisfaction_tcm"),
    sampled("sat_doctor_90", "satisfaction_doctor"),
    happened("sat_thanks_letters", "incident", "thanks_letter"),
    happened("sat_banners", "incident", "silk_banner"),
    happened("sat_suggestions", "incident", "suggestion"),
    happened("complaints", "incident", "complaint"),
    owed("sat_regular_survey", "sample", "satisfaction", "half"),
    owed("disc_staff_assessment", "activity", "disclosure_appraisal", "quarter"),
    checked("disc_prices", "price_services", "price_drugs", of=4, unit_kind="station"),
    Spec(
        "disc_incidents",
        "disclosures over accidents and disputes, each in its own month; more than there were is shown as it is",
        """
        incident
        unit | day        | kind
        S1   | 2025-03-05 | medical_accident
        S1   | 2025-03-31 | medical_dispute
        S1   | 2025-03-15 | complaint
        S3   | 2025-04-01 | medical_dispute

        activity
        unit | day        | kind
        S1   | 2025-04-10 | disclosure_incident
        S1   | 2025-04-11 | disclosure_appraisal
        S3   | 2025-04-12 | disclosure_incident
        S3   | 2025-04-13 | disclosure_incident
        """,
        {
            ("S1", "2025-03"): (0, 2),
            ("S1", "2025-04"): (1, 0),
            ("S3", "2025-04"): (2, 1),
            ("S1", "2025-04", "ytd"): (1, 2),
            ("B", "2025-04", "ytd"): (1 + 2, 2 + 1),
        },
    ),
    Spec(
        "disc_channels",
        "channels of disclosures of every kind this year, each once at each level; those of lectures do not count",
        """
        activity
        unit | day        | kind                 | channel
        S1   | 2025-02-05 | disclosure_appraisal | board
        S1   | 2025-03-05 | disclosure_incident  | board
        S1   | 2025-04-05 | disclosure           | web
        S1   | 2025-02-05 | lecture              | meeting
        S1   | 2025-02-06 | disclosure           | -
        S2   | 2025-03-05 | disclosure_incident  | web
        """,
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02..2025-03"): 1,
            ("S1", "2025-04..2025-12"): 2,
            ("S1", "2026-01"): 0,
            ("C1", "2025-03"): 1 + 1,
            ("B", "2025-12"): 2,
        },
    ),
    held_by("complaint_platform", "facility", "complaint_channel", unit_kind="clinic"),
    stands("sat_benefit_policies", "document", "benefit_policy"),
    issued("sat_benefit_policies", "benefit_policy"),
    Spec(
        "disc_public_supervision",
        "complaints, suggestions and opinions dealt with, of those received in the month",
        """
        incident
        unit | day        | kind             | closed_at
        S1   | 2025-03-05 | complaint        | 2025-03-07T10:00
        S1   | 2025-03-31 | suggestion       | 2025-06-01T10:00
        S1   | 2025-03-15 | public_opinion   | -
        S1   | 2025-03-16 | medical_accident | -
        S1   | 2025-03-17 | thanks_letter    | 2025-03-17T10:00
        S3   | 2025-04-01 | complaint        | -
        """,
        {
            ("S1", "2025-03"): (1 + 1, 3),
            ("S3", "2025-04"): (0, 1),
            ("B", "2025-04", "ytd"): (2, 3 + 1),
        },
    ),
]
