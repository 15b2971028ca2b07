"""S13, S14, S15, S28: cases and events by when they were found, reported and handled; what is connected."""

from __future__ import annotations

from datetime import datetime

from tests.plain.district import District, parameter
from tests.plain.months import last_day, month_of
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import managed_by, resident_at
from tests.plain.works import Checked, OfUnits, any_holding, counted, owed, shared, standing


def hours(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else (end - start).total_seconds() / 3600


def within(start: datetime | None, end: datetime | None, most: float) -> bool:
    passed = hours(start, end)
    return passed is not None and passed <= most


def notifiable(row: dict) -> bool:
    return row["kind"] == "notifiable"


def allowed(row: dict) -> float:
    return parameter("class_a_hours" if row["severity"] == "high" else "class_b_hours", row["day"])


def late(row: dict) -> bool:
    passed = hours(row["found_at"], row["reported_at"])
    return passed is not None and passed > allowed(row)


def _faulty(row: dict) -> bool:
    return row["reported_at"] is None or late(row) or row["outcome"] == "wrong"


def _handled(row: dict) -> bool:
    start = row["reported_at"] or row["found_at"]
    return within(start, row["closed_at"], parameter("outbreak_hours", row["day"]))


def _kind(*kinds: str):
    return lambda row: row["kind"] in kinds


def _told(column: str):
    return lambda row: row[column] is not None


def _contacts(district: District):
    for row in district.rows("enrolment"):
        if row["programme"] == "monitored_contact":
            start, end = row["start_on"], row["end_on"]
            days = -1 if end is None else (end - start).days
            whole = days >= parameter("contact_days", start) and row["end_reason"] in (None, "other")
            yield row["unit"], month_of(start), whole, 1


def _courses(day: str, hit, fits=lambda row: True) -> Flow:
    return Flow(
        lambda d: (
            (row["unit"], month_of(row[day]), hit(row), 1)
            for row in d.rows("tb_course")
            if row[day] is not None and fits(row)
        ),
        of=True,
        reads=("tb_course",),
    )


def _supervised(district: District, person: int, month: int) -> bool:
    """Under way on the month's last day."""
    on = last_day(month)
    return any(
        row["managed_on"] is not None
        and row["managed_on"] <= on
        and (row["ended_on"] is None or row["ended_on"] >= on)
        for row in district.of(person, "tb_course")
    )


def _regular(row: dict) -> bool:
    due, taken = row["doses_due"], row["doses_taken"]
    if not due or taken is None:
        return False
    return taken * 100 >= due * parameter("tb_dose_percent", row["ended_on"])


def _lead(row: dict) -> bool:
    return row["kind"] == "supervision_lead"


def _works(kind: str):
    return lambda row: row["kind"] == kind and row["working"] is True


def _followups(of: bool) -> Flow:
    def events(district: District):
        for row in district.rows("followup"):
            automatic = row["mode"] == "auto"
            if of:
                yield row["unit"], row["month"], automatic, 1
            elif automatic:
                yield row["unit"], row["month"], 1

    return Flow(events, of=of)


CARDS = {
    "id_report_cases": counted("incident", lambda row: notifiable(row) and row["reported_at"] is not None),
    "id_missed_reports": counted("incident", lambda row: notifiable(row) and _faulty(row)),
    "id_missed_check_quarterly": owed("id_missed_check_quarterly", "activity", _kind("missed_report_check")),
    "id_report_rate": shared("incident", _told("reported_at"), notifiable),
    "id_cluster_handled": shared("incident", _handled, _kind("outbreak")),
    "id_surveillance_three_level": Checked("id_surveillance_three_level", ("centre",)),
    "phe_plan": OfUnits(("centre",), any_holding("document", _kind("phe_plan")), reads=("document",)),
    "phe_drill": owed("phe_drill", "activity", _kind("phe_drill")),
    "phe_report_rate": shared(
        "incident",
        lambda row: within(row["found_at"], row["reported_at"], parameter("event_report_hours", row["day"])),
        _kind("phe_event"),
    ),
    "id_school_pairing": standing("facility", lambda row: row["working"] is True, among=_kind("school")),
    "id_close_contacts": Flow(lambda d: ((unit, month, 1) for unit, month, *_ in _contacts(d))),
    "id_contacts_completed": Flow(_contacts, of=True),
    "id_hfmd_cases": counted("incident", lambda row: notifiable(row) and row["topic"] == "hfmd"),
    "id_brucella_screen": counted("screening", _kind("brucella")),
    "id_report_system": Checked("id_report_system", ("centre", "station")),
    "id_death_cause_survey": shared("health_event", _told("handled_on"), _kind("death")),
    "tb_suspect_referred": counted(
        "referral", lambda row: row["disease"] == "tb" and row["direction"] == "up"
    ),
    "tb_dot_managed": Stock(managed_by, _supervised, listed=None, reads=("tb_course",)),
    "tb_mgmt_rate": _courses("notified_on", _told("managed_on")),
    "tb_regular_rate": _courses("ended_on", _regular, lambda row: row["completed"] is True),
    "hiv_tb_control": owed("hiv_tb_control", "activity", lambda row: row["topic"] in ("tb", "aids")),
    "hs_patrol": owed("hs_patrol", "activity", _kind("patrol")),
    "hs_patrol_count": counted("activity", _kind("patrol")),
    "hs_info_report": shared("incident", _told("reported_at"), _lead),
    "hs_illegal_practice": shared(
        "incident", _told("closed_at"), lambda row: _lead(row) and row["topic"] == "illegal_practice"
    ),
    "info_key_pop_warning": shared("incident", _told("closed_at"), _kind("alert")),
    "info_platform_connected": OfUnits(
        ("centre", "station", "clinic"),
        any_holding("facility", _works("regional_platform")),
        reads=("facility",),
    ),
    "info_app_functions": standing("facility", _works("app_function")),
    "info_integration": standing("facility", lambda row: row["working"] is True, among=_kind("it_system")),
    "info_dynamic_supervision": Checked("info_dynamic_supervision", ("bureau", "centre")),
    "info_one_card": Stock(resident_at, lambda d, p, m: d.masters[p]["health_card"] is True, band="all"),
    "info_clinic_online": OfUnits(
        ("centre",), any_holding("facility", _works("info_clinic")), reads=("facility",)
    ),
    "info_digital_class": counted("activity", _kind("digital_class")),
    "info_remote_followup": _followups(of=False),
    "info_remote_followup_share": _followups(of=True),
    "info_residents_visual": Checked("info_residents_visual", ("centre",)),
    "info_reporting_timely": shared(
        "incident",
        lambda row: within(row["found_at"], row["reported_at"], allowed(row)),
        lambda row: notifiable(row) and row["reported_at"] is not None and row["found_at"] is not None,
    ),
}
