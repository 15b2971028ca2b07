"""What the signals compare with: dated parameters (``metrics/standards/parameters.csv``), and a bureau may give its own."""

from __future__ import annotations

from dataclasses import dataclass, fields

from metrics.standards import value_in


@dataclass(frozen=True)
class Rules:
    """One value of each parameter: those of care, of visits and of what is plausible by their own names, all others as ``truth_`` and the field's name."""

    sbp_goal: float
    sbp_goal_elder: float
    elder_bp_age: float
    dbp_goal: float
    fpg_goal: float
    sbp_low: float
    sbp_high: float
    dbp_low: float
    dbp_high: float
    fpg_low: float
    fpg_high: float
    months: float
    false_pct: float
    fewest: float
    lags: float
    near_sbp: float
    near_dbp: float
    near_fpg: float
    pace_day: float
    batch_size: float
    batch_days: float
    far_km: float
    phone_households: float
    visit_household_most: float
    days_after_death: float
    usual_pct: float
    spread_count: float
    spread_slips: float
    spread_width: float
    spread_relation: float
    support_p: float
    slips_forgiven: float
    list_days: float
    visit_days: float
    carried_days: float
    late_days: float
    recent_days: float
    impossible_day: float
    travel_km: float
    batch_long_days: float
    fours_share: float
    favourite_share: float
    spread_list: float
    interval_days: float
    sole_pct: float
    usual_groups: float
    usual_wide: float
    clustered: float
    sort_fewest: float
    habit_fewest: float
    measured_pct: float
    just_digit: float
    pairs_fewest: float
    phone_lent_pct: float
    cause_most: float
    together_least: float
    typical_fewest: float
    own_visits: float
    forms_fewest: float
    coldest_day: float
    usual_part_pct: float
    usual_most_pct: float
    spread_crowded: float
    spread_templates: float
    told_least: float
    copied_pct: float
    slips_least: float
    slips_most: float
    goal_least: float
    goal_most: float
    list_least: float
    list_most: float
    alike_least: float
    alike_most: float
    repeats_least: float
    repeats_most: float

    @property
    def q(self) -> float:
        """Part of those listed that may be listed wrongly."""
        return self.false_pct / 100

    # How far the district's own rate may be from the one that is computed, as factors.

    @property
    def slips_bounds(self) -> tuple[float, float]:
        return self.slips_least, self.slips_most

    @property
    def goal_bounds(self) -> tuple[float, float]:
        return self.goal_least, self.goal_most

    @property
    def list_bounds(self) -> tuple[float, float]:
        return self.list_least, self.list_most

    @property
    def alike_bounds(self) -> tuple[float, float]:
        return self.alike_least, self.alike_most

    @property
    def repeats_bounds(self) -> tuple[float, float]:
        return self.repeats_least, self.repeats_most


#: Parameters that others use, too.
_SHARED = (
    "sbp_goal",
    "sbp_goal_elder",
    "elder_bp_age",
    "dbp_goal",
    "fpg_goal",
    "sbp_low",
    "sbp_high",
    "dbp_low",
    "dbp_high",
    "fpg_low",
    "fpg_high",
    "visit_household_most",
)


def rules_in(month: int) -> Rules:
    """The rules in force at the end of a month (year * 12 + month - 1)."""
    names = [field.name for field in fields(Rules)]
    return Rules(
        **{name: float(value_in(name if name in _SHARED else f"truth_{name}", month)) for name in names}
    )
