"""Figures of reach across a change of a parameter, by hand: ``tests.spec.dated`` runs them."""

from __future__ import annotations

SECOND = {"clinic_people": 2, "clinic_radius_km": 1, "radius_share_pct": 60, "overlap_km": 2}


def _given(lon: str) -> str:
    return f"""
        unit
        code | kind    | parent | lon   | lat
        B    | bureau  | -      | -     | -
        C1   | centre  | B      | {lon}.9 | 37.90
        S1   | station | C1     | -     | -
        K1   | clinic  | C1     | {lon}.0 | 37.05
        K2   | clinic  | C1     | {lon}.0 | 37.065      # 1.7 km from K1

        place
        place | code | name | level   | lon   | lat
        g1    | g1   | a    | village | {lon}.0 | 37.047
        g2    | g2   | b    | village | {lon}.0 | 37.035      # 1.7 km

        residence
        person | start_on   | place
        ann    | 2024-01-01 | g1
        bob    | 2024-01-01 | g1
        cat    | 2024-01-01 | g2
        """


TABLES = {
    "clinic_people": [
        (
            "clinic_nearest_people",
            "three people are at most 5,000, not at most 2",
            _given("101"),
            {("K1", "2025-06"): (1, 1), ("K1", "2025-07"): (0, 1), ("C1", "2025-07"): (0 + 1, 2)},
        )
    ],
    "clinic_radius_km": [
        (
            "reach_within_radius",
            "1.7 km is within 2 km, not within 1",
            _given("103"),
            {("S1", "2025-06"): (3, 3), ("S1", "2025-07"): (2, 3)},
        ),
        (
            "reach_second_choice",
            "K2 is 2.0 km from two of them, within 2 km, and beyond 1",
            _given("105").replace("37.047", "37.0475"),
            {("S1", "2025-06"): (2, 3), ("S1", "2025-07"): (0, 2)},
        ),
    ],
    "radius_share_pct": [
        (
            "clinic_radius_share",
            "all within 2 km in June, two of three within 1 km in July, and 60 % are enough",
            _given("107"),
            {("K1", "2025-06"): (1, 1), ("K1", "2025-07"): (1, 1)},
        )
    ],
    "overlap_km": [
        (
            "clinic_overlap",
            "1.7 km is no overlap by 1 km, and is one by 2",
            _given("109"),
            {("K1", "2025-06"): (0, 1), ("C1", "2025-06"): (0, 2), ("C1", "2025-07"): (2, 2)},
        )
    ],
}
