"""Rows of S04, S05, S07, S10, S11 and S17 that are about the work around persons: grids, reports, falls, exams."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.plain.contracts import contracts
from tests.plain.district import District, parameter
from tests.plain.groups import this_year
from tests.plain.months import age_on, month_of
from tests.plain.network import Counted
from tests.plain.shapes import Distinct, Flow, Stock, approved, rolled_up
from tests.plain.stay import managed_by, resident_at, resident_of_year
from tests.plain.works import (
    Checked,
    Made,
    counted,
    holds,
    in_use,
    owed,
    rows_where,
    shared,
    standing,
    surveyed,
    tenths,
    whole,
)


def kind(*kinds: str) -> Callable[[dict], bool]:
    return lambda row: row["kind"] in kinds


@dataclass(frozen=True)
class OfThings:
    """Things of units at each month's end: (unit, counted, among) of each."""

    things: Callable[[District, int], Iterable[tuple]]
    reads: tuple[str, ...] = ()
    kinds: tuple[str, ...] | None = None
    basis: str = "as_of"

    def figures(self, district: District) -> dict[tuple, tuple]:
        numerator, listed = Counter(), Counter()
        for month in district.months:
            for unit, n, of in self.things(district, month):
                if unit is not None:
                    numerator[unit, month] += int(bool(n and of))
                    listed[unit, month] += int(bool(of))
        numerator, listed = rolled_up(district, numerator), rolled_up(district, listed)
        return {
            (unit, month, self.basis): (numerator[unit, month], listed[unit, month], listed[unit, month])
            for unit in district.units
            for month in district.months
        }


@dataclass(frozen=True)
class FlowOver(Flow):
    """What happened in a month, over the approved population of a band."""

    band: str = "all"

    def figures(self, district: District) -> dict[tuple, tuple]:
        return {
            (unit, month, basis): (n, None, approved(district, self.band, None, unit, month))
            for (unit, month, basis), (n, *_) in super().figures(district).items()
        }


def on(table: str, day: str, fits, **more) -> Flow:
    """How often something happened, in the month of another day than that of the row."""
    rows = rows_where(table, lambda row: row[day] is not None and fits(row))
    return Flow(lambda d: ((row["unit"], month_of(row[day]), 1) for row in rows(d)), reads=(table,), **more)


def share_on(table: str, day: str, hit, among) -> Flow:
    rows = rows_where(table, lambda row: row[day] is not None and among(row))
    return Flow(
        lambda d: ((row["unit"], month_of(row[day]), 1 if hit(row) else 0, 1) for row in rows(d)),
        of=True,
        reads=(table,),
    )


def in_time(row: dict) -> bool:
    return row["day"] is not None and row["day"] <= row["due_on"]


def served_with(what: str) -> Stock:
    """Residents with a service of a kind this year."""
    return Stock(
        resident_of_year,
        lambda d, p, m: this_year(d, p, m, "service", lambda row: row["kind"] == what),
        listed=None,
        basis="ytd",
    )


# -- S05 ----------------------------------------------------------------------------------------------


def _guardian_families(district: District, person: int, month: int) -> set[int]:
    return {
        row["family"]
        for row in contracts(district, person, month)
        if row["package"] in ("健康守护包", "guardian") and row["family"] is not None
    }


def _households(district: District, month: int):
    for person in district.persons:
        unit = managed_by(district, person, month)
        for family in _guardian_families(district, person, month):
            yield unit, family


def _visited(district: District, month: int):
    days: dict[int, set] = defaultdict(set)
    for person in district.persons:
        at_home = {
            row["day"]
            for table in ("service", "followup")
            for row in district.of(person, table)
            if row["month"] == month and row["mode"] == "home"
        }
        for family in _guardian_families(district, person, month):
            days[family] |= at_home
    for unit, family in _households(district, month):
        if len(days[family]) >= parameter("guardian_visits", month):
            yield unit, family


def _grids(district: District, month: int):
    for unit, teams in _teams_of_grids(district):
        yield unit, teams == 1, True


def _grids_with(fits) -> Counted:
    """Grids by the number of teams that their code stands for, counted."""

    def at(district: District, month: int):
        yield from ((unit, 1) for unit, teams in _teams_of_grids(district) if fits(teams))

    return Counted(at, kinds=("centre",))


def _teams_of_grids(district: District):
    places = [row for row in district.rows("place") if row["level"] in ("village", "community", "group")]
    parents = {row["parent_code"] for row in places}
    by_code = {row["code"]: row for row in district.rows("place")}
    teams = Counter(row["code"] for row in district.rows("team") if row["unit"] is not None)
    bureau = min(
        unit for unit, row in district.units.items() if row["kind"] == "bureau" and row["parent"] is None
    )
    for grid in places:
        if grid["code"] in parents:
            continue
        above = by_code.get(grid["parent_code"], {}).get("parent_code")
        around = {grid["code"], grid["parent_code"], above} - {None}
        centres = [
            unit
            for unit, row in district.units.items()
            if row["kind"] == "centre" and row["closed_on"] is None and row["place_code"] in around
        ]
        yield min(centres, default=bureau), teams[grid["team_code"]]


def _points(district: District):
    for row in district.rows("appraisal_item"):
        whole_row = row["score"] is not None and row["full"] is not None
        if whole_row and row["kind"] == "family_doctor" and row["dimension"] in _DIMENSIONS:
            yield row["unit"], row["month"], tenths(row["score"]), tenths(row["full"])


_DIMENSIONS = ("authenticity", "standardisation", "satisfaction")


# -- S07 ----------------------------------------------------------------------------------------------


def _immunisation_report(row: dict) -> bool:
    return row["kind"] == "report" and row["topic"] == "immunisation"


# -- S10 ----------------------------------------------------------------------------------------------


def _falls(district: District):
    for row in district.rows("health_event"):
        born_on = district.masters[row["person"]]["born_on"]
        if row["kind"] != "fall" or born_on is None:
            continue
        if age_on(born_on, row["day"]) >= parameter("elder_age", row["month"]):
            yield resident_at(district, row["person"], row["month"]), row["month"], 1


_FALL_RATE = FlowOver(_falls, reads=("health_event",), band="65+")


# -- S17 ----------------------------------------------------------------------------------------------


def _staff_passed(district: District, month: int):
    year = district.year_so_far(month)
    passed = {
        (row["unit"], row["staff_no"])
        for row in district.rows("training")
        if row["kind"] == "three_basics_exam" and row["passed"] is True and row["month"] in year
    }
    for row in district.rows("staff"):
        at_work = row["technical"] is True and holds(row["start_on"], row["end_on"], month)
        yield row["unit"], (row["unit"], row["staff_no"]) in passed, at_work


def _critical(row: dict) -> bool:
    return (
        row["direction"] == "up"
        and row["severe"] is True
        and row["minutes"] is not None
        and row["minutes"] >= 0
    )


CARDS = {
    "hr_authenticity_rate": surveyed("record_authentic"),
    "hr_separation_transfer": shared(
        "health_event", lambda row: row["handled_on"] is not None, kind("record_transfer")
    ),
    "hr_keypop_roster": Checked("hr_keypop_roster", ("centre", "station")),
    "hr_keypop_list_dynamic": owed("hr_keypop_list_dynamic", "activity", kind("keypop_review")),
    "fd_guardian_package_households": Distinct(_households),
    "fd_guardian_visits": Distinct(_visited, _households),
    "fd_grid_management": OfThings(_grids, kinds=("centre",)),
    "fd_grids_without_team": _grids_with(lambda teams: teams == 0),
    "fd_grids_several_teams": _grids_with(lambda teams: teams >= 2),
    "fd_public_notice": Checked("fd_public_notice", ("centre", "station")),
    "fd_contact_cards": counted("activity", kind("contact_card"), lambda row: whole(row["quantity"])),
    "fd_coordination": Checked("fd_coordination", ("centre",)),
    "fd_realtime_monitoring": Checked("fd_realtime_monitoring", ("centre",)),
    "fd_dual_assessment": Flow(_points, of=True, reads=("appraisal_item",)),
    "fd_online_clinic": owed("fd_online_clinic", "activity", kind("online_clinic")),
    "fd_discount": surveyed("exam_discount"),
    "im_card_consistency": surveyed("card_certificate"),
    "im_clinic_sessions": counted("activity", kind("vaccination_session")),
    "im_report_timely_rate": share_on("document", "due_on", in_time, _immunisation_report),
    "im_report_quality_rate": share_on(
        "document",
        "day",
        lambda row: row["good"],
        lambda row: _immunisation_report(row) and row["good"] is not None,
    ),
    "im_cold_chain": Checked("im_cold_chain", ("centre",)),
    "im_temp_sites": on("facility", "start_on", kind("temp_vaccination_site", "mobile_vaccination")),
    "im_campaign_polio_rate": surveyed("polio_campaign"),
    "im_campaign_measles_rate": surveyed("measles_campaign"),
    "im_school_check": surveyed("school_vaccination_check"),
    "im_publicity_coverage": surveyed("im_publicity"),
    "el_fall_rate": _FALL_RATE,
    "el_fall_rate_change": Made(_FALL_RATE, "relative"),
    "el_meals": served_with("meal"),
    "el_exam_investment": counted(
        "money", lambda row: row["account"] == "free_exam", lambda row: row["amount"]
    ),
    "el_free_exam_persons": Stock(
        resident_of_year, lambda d, p, m: this_year(d, p, m, "checkup"), listed=None, basis="ytd"
    ),
    "el_fall_education": counted("activity", kind("silver_class")),
    "ncd_health_problem_analysis": owed("ncd_health_problem_analysis", "document", kind("ncd_analysis")),
    "ncd_patient_club": standing("facility", in_use("patient_club")),
    "medical_accidents": counted("incident", kind("medical_accident", "medical_dispute")),
    "first_visit_responsibility": surveyed("first_contact"),
    "diagnosis_rate": surveyed("care_need"),
    "medical_document_quality": surveyed("medical_document"),
    "five_records": Checked("five_records", ("clinic",)),
    "three_basics_exam": OfThings(_staff_passed, reads=("staff", "training"), basis="ytd"),
    "queue_flex_scheduling": Checked("queue_flex_scheduling", ("centre",)),
    "int_emergency_first_aid": shared(
        "referral",
        lambda row: row["minutes"] <= parameter("critical_transfer_minutes", row["day"]),
        _critical,
    ),
}
