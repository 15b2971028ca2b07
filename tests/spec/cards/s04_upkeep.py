"""S04: whether records are genuine, follow who moves, and whether the lists are known."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import sampled
from tests.spec.sorts import checked, owed

SPECS = [
    sampled("hr_authenticity_rate", "record_authentic"),
    Spec(
        "hr_separation_transfer",
        "of those found in a month to live elsewhere, the ones whose record was handed over, whenever that was",
        """
        health_event
        person | unit | day        | kind            | handled_on
        ANN    | S1   | 2025-03-05 | record_transfer | 2025-03-20
        BOB    | S1   | 2025-03-31 | record_transfer | 2025-06-01
        CAT    | S1   | 2025-03-10 | record_transfer | -
        DAN    | S1   | 2025-03-11 | fall            | 2025-03-12
        EVE    | S3   | 2025-04-01 | record_transfer | -
        """,
        {
            ("S1", "2025-03"): (1 + 1, 3),
            ("S3", "2025-04"): (0, 1),
            ("B", "2025-04", "ytd"): (1 + 1, 3 + 1),
        },
    ),
    checked("hr_keypop_roster", "roster_elder", "roster_tb", of=10),
    owed("hr_keypop_list_dynamic", "activity", "keypop_review", "quarter"),
]
