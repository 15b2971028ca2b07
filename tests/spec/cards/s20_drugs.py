"""S20 drugs: sales at cost, purchases by channel, revenue shares, what is missing."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import sampled

_REVENUE = """
    money
    unit | day        | account         | amount
    S1   | 2024-05-10 | revenue_drug    | 60000
    S1   | 2024-05-10 | revenue_medical | 40000
    S1   | 2025-05-10 | revenue_drug    | 30000
    S1   | 2025-05-20 | revenue_drug    | 20000
    S1   | 2025-05-20 | revenue_medical | 50000
    S1   | 2025-05-21 | revenue_other   | 70000      # no medical business
    S2   | 2025-05-21 | revenue_medical | 25000
"""

SPECS = [
    Spec(
        "drug_zero_markup",
        "sales at cost over sales of which both prices are known",
        """
        drug_line
        unit | day        | kind     | item | cost | price
        S1   | 2025-03-01 | sale     | a    | 500  | 500
        S1   | 2025-03-31 | sale     | b    | 500  | 501
        S1   | 2025-03-31 | sale     | c    | -    | 900     # cost not known
        S1   | 2025-03-31 | sale     | d    | 900  | -
        S1   | 2025-03-31 | purchase | e    | 500  | 500     # no sale
        S1   | 2025-04-01 | sale     | a    | 0    | 0
        """,
        {("S1", "2025-03"): (1, 2), ("S1", "2025-04"): (1, 1), ("C1", "2025-04", "ytd"): (1 + 1, 2 + 1)},
    ),
    Spec(
        "drug_unified_purchase",
        "purchases through the centre over purchases of known channel",
        """
        drug_line
        unit | day        | kind     | channel
        S1   | 2025-03-01 | purchase | centre
        S1   | 2025-03-02 | purchase | centre
        S1   | 2025-03-03 | purchase | other
        S1   | 2025-03-04 | purchase | illegal
        S1   | 2025-03-05 | purchase | -
        S1   | 2025-03-06 | sale     | centre
        """,
        {("S1", "2025-03"): (2, 2 + 1 + 1)},
    ),
    Spec(
        "drug_illegal_channel",
        "purchases from illegal channels",
        """
        drug_line
        unit | day        | kind     | channel
        S1   | 2025-03-03 | purchase | illegal
        S1   | 2025-03-04 | purchase | illegal
        S1   | 2025-03-05 | purchase | other
        S1   | 2025-03-06 | sale     | illegal       # not bought
        S2   | 2025-04-01 | purchase | illegal
        """,
        {("S1", "2025-03"): 2, ("S2", "2025-04"): 1, ("C1", "2025-04", "ytd"): 2 + 1},
    ),
    Spec(
        "drug_ratio",
        "drug revenue over medical and drug revenue together; a sum over a sum above the unit",
        _REVENUE,
        {
            ("S1", "2024-05"): (60000, 60000 + 40000),
            ("S1", "2025-05"): (30000 + 20000, 50000 + 50000),
            ("S2", "2025-05"): (0, 25000),
            ("C1", "2025-05"): (50000, 100000 + 25000),
        },
    ),
    Spec(
        "drug_ratio_change",
        "points less than in the same month of last year",
        _REVENUE,
        {
            ("S1", "2025-05"): 50000 / 100000 - 60000 / 100000,
            ("C1", "2025-05"): 50000 / 125000 - 60000 / 100000,
            **{(unit, "2024-01..2026-12"): None for unit in ("S2", "S3")},
            ("S1", "2024-01..2025-04"): None,
            ("S1", "2025-06..2026-12"): None,
        },
    ),
    Spec(
        "drug_shortage",
        "what stocktakes found short",
        """
        drug_line
        unit | day        | kind      | amount
        S1   | 2025-06-30 | stocktake | 1250
        S1   | 2025-06-30 | stocktake | 300
        S1   | 2025-06-30 | stocktake | -
        S1   | 2025-06-30 | stocktake | -400      # a surplus makes nothing good
        S1   | 2025-06-30 | sale      | 9900
        """,
        {("S1", "2025-06"): 1250 + 300},
    ),
    sampled("drug_disclosure", "procurement_disclosed"),
]
