"""S31: patriotic health and the environment."""

from __future__ import annotations

from tests.plain.district import District
from tests.plain.money import part_of, summed
from tests.plain.shapes import Flow
from tests.plain.works import OfUnits, any_holding, counted, owed, shared, surveyed, tenths, whole


def _step(step: str):
    return owed(
        f"env_check_{step}",
        "activity",
        lambda row: row["kind"] == "env_check" and row["topic"] == step,
    )


def _amount(kind: str, n=lambda row: whole(row["quantity"])):
    return counted("activity", lambda row: row["kind"] == kind, n)


def _people(row: dict) -> int | None:
    return row["people"]


def _tenths(row: dict) -> int | None:
    return tenths(row["quantity"])


def _cleaning(district: District):
    for row in district.rows("activity"):
        if row["kind"] == "cleaning" and row["quantity"] is not None:
            yield row["unit"], row["month"], tenths(row["quantity"]), 1


CARDS = {
    "env_check_daily": _step("daily"),
    "env_check_weekly": _step("weekly"),
    "env_check_monthly": _step("monthly"),
    "env_check_quarterly": _step("quarterly"),
    "env_check_yearly": _step("yearly"),
    "env_cleaning_hours": Flow(_cleaning, of=True, reads=("activity",)),
    "env_waste_daily": surveyed("waste_daily"),
    "env_cleanup_stats": _amount("waste_removed", _tenths),
    "env_dead_corners": _amount("dead_corner"),
    "env_posters": _amount("poster_removed"),
    "env_pest_control": _amount("pest_bait", _tenths),
    "env_pest_boards": _amount("pest_board"),
    "env_pest_bags": _amount("pest_bag"),
    "env_household_visits": _amount("env_visit"),
    "env_households_treated": _amount("pest_household"),
    "env_complaints_solved": shared(
        "incident",
        lambda row: row["closed_at"] is not None,
        lambda row: row["kind"] == "sanitation_complaint",
    ),
    "env_responsibility_letters": surveyed("door_letter"),
    "env_rectification_notices": counted("finding", lambda row: row["kind"] == "env_notice"),
    "env_month_participants": _amount("env_campaign", _people),
    "env_month_educated": _amount("env_education", _people),
    "env_volunteers": _amount("env_volunteer", _people),
    "env_fee_collection": part_of(("sanitation_fee_paid",), ("sanitation_fee_due",)),
    "env_city_review": OfUnits(
        ("bureau",),
        any_holding("document", lambda row: row["kind"] == "city_review"),
        reads=("document",),
    ),
    "env_self_funded_projects": summed("community_fund"),
}
