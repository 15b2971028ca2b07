"""S31 environment: checks in five steps, amounts of work, days and letters, complaints, fees."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import amounts, money_over_money, money_summed, owed, sampled


def _step(step: str, other: str, every: int, times: int = 1) -> Spec:
    return owed(
        f"env_check_{step}",
        "activity",
        f"kind=env_check;topic={step}",
        f"kind=env_check;topic={other}",
        every=every,
        times=times,
    )


SPECS = [
    _step("daily", "weekly", 1, 20),
    _step("weekly", "daily", 1, 4),
    _step("monthly", "weekly", 1),
    _step("quarterly", "monthly", 3),
    _step("yearly", "quarterly", 12),
    Spec(
        "env_cleaning_hours",
        "tenths of hours over days of which the hours are known",
        """
        activity
        unit | day        | kind     | quantity
        S1   | 2025-03-01 | cleaning | 8
        S1   | 2025-03-02 | cleaning | 9.5
        S1   | 2025-03-03 | cleaning | -
        S1   | 2025-03-03 | lecture  | 5
        """,
        {("S1", "2025-03"): (80 + 95, 2)},
    ),
    sampled("env_waste_daily", "waste_daily"),
    amounts("env_cleanup_stats", "waste_removed", scale=10),
    amounts("env_dead_corners", "dead_corner"),
    amounts("env_posters", "poster_removed"),
    amounts("env_pest_control", "pest_bait", scale=10),
    amounts("env_pest_boards", "pest_board"),
    amounts("env_pest_bags", "pest_bag"),
    amounts("env_household_visits", "env_visit"),
    amounts("env_households_treated", "pest_household"),
    Spec(
        "env_complaints_solved",
        "complaints solved by now, in the month in which they came",
        """
        incident
        unit | day        | kind                 | closed_at
        S1   | 2025-03-01 | sanitation_complaint | 2025-05-02 08:00:00
        S1   | 2025-03-31 | sanitation_complaint | -
        S1   | 2025-03-31 | complaint            | 2025-04-01 08:00:00
        S2   | 2025-04-01 | sanitation_complaint | 2025-04-01 09:00:00
        """,
        {("S1", "2025-03"): (1, 2), ("S2", "2025-04"): (1, 1), ("C1", "2025-04", "ytd"): (1 + 1, 2 + 1)},
    ),
    sampled("env_responsibility_letters", "door_letter"),
    Spec(
        "env_rectification_notices",
        "notices to clean up",
        """
        finding
        unit | day        | kind
        S1   | 2025-03-05 | env_notice
        S1   | 2025-03-05 | env_notice
        S1   | 2025-03-06 | sup_other
        """,
        {("S1", "2025-03"): 2},
    ),
    amounts("env_month_participants", "env_campaign", "people"),
    amounts("env_month_educated", "env_education", "people"),
    amounts("env_volunteers", "env_volunteer", "people"),
    money_over_money("env_fee_collection", "sanitation_fee_paid", "sanitation_fee_due"),
    Spec(
        "env_city_review",
        "the bureau's title while it is in force",
        """
        document
        unit | day        | kind        | start_on   | end_on
        B    | 2025-02-01 | city_review | 2025-02-01 | 2025-05-30
        C1   | 2025-02-01 | city_review | 2025-01-01 | -
        """,
        {("B", "2025-01"): (0, 1), ("B", "2025-02..2025-04"): (1, 1), ("B", "2025-05"): (0, 1)},
    ),
    money_summed("env_self_funded_projects", "community_fund"),
]
