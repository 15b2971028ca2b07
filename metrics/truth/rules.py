"""What the signals compare with: dated numbers of ``rules.csv``, and a bureau may give others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from metrics.standards.files import read_csv


@dataclass(frozen=True)
class Rules:
    """One value of each key of ``rules.csv``, which says what they mean."""

    q: float
    fewest: float
    lags: float
    near_sbp: float
    near_dbp: float
    near_fpg: float
    sbp_goal: float
    sbp_goal_elder: float
    elder_age: float
    dbp_goal: float
    fpg_goal: float
    pace_day: float
    batch_size: float
    batch_days: float
    far_km: float
    phone_persons: float
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
    late_days: float
    recent_days: float
    impossible_day: float
    batch_long_days: float
    fours_share: float
    spread_list: float


def rules_on(day: date) -> Rules:
    """The rules in force on a day."""
    rows = read_csv(Path(__file__).parent / "rules.csv")
    dated = sorted((date.fromisoformat(row["from"]), row["key"], float(row["value"])) for row in rows)
    return Rules(**{key: value for start, key, value in dated if start <= day})
