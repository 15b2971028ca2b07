"""S07: how vaccination is run."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import sampled
from tests.spec.sorts import checked, happened

SPECS = [
    sampled("im_card_consistency", "card_certificate"),
    happened("im_clinic_sessions", "activity", "vaccination_session"),
    Spec(
        "im_report_timely_rate",
        "reports by the month in which they are due: the due day itself is in time, a report not handed in is late",
        """
        document
        unit | kind         | topic        | due_on     | day        | month
        S1   | report       | immunisation | 2025-04-05 | 2025-04-05 | 2025-03
        S1   | report       | immunisation | 2025-04-05 | 2025-04-06 | 2025-03
        S1   | report       | immunisation | 2025-04-30 | -          | 2025-04
        S1   | report       | drugs        | 2025-04-05 | 2025-04-01 | 2025-03
        S1   | annual_plan  | immunisation | 2025-04-05 | 2025-04-01 | 2025-03
        S1   | report       | immunisation | -          | 2025-04-01 | 2025-03
        S3   | report       | immunisation | 2025-05-05 | 2025-04-29 | 2025-04
        """,
        {
            ("S1", "2025-04"): (1, 3),
            ("S3", "2025-05"): (1, 1),
            ("B", "2025-05", "ytd"): (1 + 1, 3 + 1),
        },
    ),
    Spec(
        "im_report_quality_rate",
        "reports handed in and reviewed, by the month in which they were handed in",
        """
        document
        unit | kind   | topic        | day        | good | month
        S1   | report | immunisation | 2025-04-05 | yes  | 2025-03
        S1   | report | immunisation | 2025-04-30 | no   | 2025-03
        S1   | report | immunisation | 2025-04-30 | -    | 2025-03
        S1   | report | immunisation | -          | yes  | 2025-04
        S1   | report | drugs        | 2025-04-05 | yes  | 2025-04
        """,
        {("S1", "2025-04"): (1, 2), ("C1", "2025-04"): (1, 2)},
    ),
    checked("im_cold_chain", "cold_chain_running", "vaccine_accounts", of=4),
    Spec(
        "im_temp_sites",
        "sites and vehicles by the month in which they were opened; what was there before is not new",
        """
        facility
        unit | kind                  | start_on   | end_on
        S1   | temp_vaccination_site | 2025-03-31 | -
        S1   | mobile_vaccination    | 2025-03-01 | 2025-03-10
        S1   | temp_vaccination_site | 2023-03-01 | -
        S1   | tcm_area              | 2025-03-01 | -
        S3   | mobile_vaccination    | 2025-04-01 | -
        """,
        {
            ("S1", "2025-03"): 1 + 1,
            ("S3", "2025-04"): 1,
            ("B", "2025-12", "ytd"): 2 + 1,
        },
    ),
    sampled("im_school_check", "school_vaccination_check"),
    sampled("im_campaign_polio_rate", "polio_campaign"),
    sampled("im_campaign_measles_rate", "measles_campaign"),
    sampled("im_publicity_coverage", "im_publicity"),
]
