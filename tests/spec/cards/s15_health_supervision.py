"""S15 health supervision: patrols each quarter, leads reported and acted on."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.table import quarterly_duty

_LEADS = """
        incident
        unit | kind             | topic            | day        | reported_at         | closed_at
        S1   | supervision_lead | illegal_practice | 2025-03-05 | 2025-03-05 08:00:00 | 2025-04-05 08:00:00
        S1   | supervision_lead | illegal_practice | 2025-03-06 | -                   | -
        S1   | supervision_lead | water            | 2025-03-31 | 2025-04-05 08:00:00 | -
        S1   | complaint        | illegal_practice | 2025-03-31 | 2025-04-05 08:00:00 | 2025-04-05 08:00:00
"""

SPECS = [
    quarterly_duty("hs_patrol", "patrol"),
    Spec(
        "hs_patrol_count",
        "each patrol",
        """
        activity
        unit | kind    | day
        S1   | patrol  | 2025-03-05
        S1   | patrol  | 2025-03-31
        S2   | patrol  | 2025-04-01
        S1   | lecture | 2025-03-31
        """,
        {("S1", "2025-03"): 2, ("S2", "2025-04"): 1},
    ),
    Spec("hs_info_report", "reported of the leads found", _LEADS, {("S1", "2025-03"): (2, 3)}),
    Spec(
        "hs_illegal_practice",
        "acted on of the leads on illegal practice",
        _LEADS,
        {("S1", "2025-03"): (1, 2)},
    ),
]
