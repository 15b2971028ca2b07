"""S36: bribery, red packets, integrity education."""

from __future__ import annotations

from tests.spec.sorts import happened

SPECS = [
    happened("gov_anti_bribery", "finding", "bribery"),
    happened("gov_red_packet", "finding", "red_packet"),
    happened("gov_party_building", "activity", "integrity_education"),
]
