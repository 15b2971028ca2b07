"""S18, S29, S32, S34, S35, S36: referral, what residents say, programmes, what is handed in, safety, conduct."""

from __future__ import annotations

from tests.plain.around import OfThings, in_time, kind, share_on
from tests.plain.chinese_medicine import names
from tests.plain.district import District
from tests.plain.groups import enrolled
from tests.plain.shapes import Distinct, Flow, Stock
from tests.plain.stay import resident_at
from tests.plain.works import (
    Checked,
    Made,
    OfUnits,
    any_holding,
    counted,
    in_use,
    owed,
    shared,
    standing,
    surveyed,
)

_EVERYWHERE = ("centre", "station", "clinic")
_ACCIDENTS = ("medical_accident", "medical_dispute")


def _down(row: dict) -> bool:
    return row["direction"] == "down"


def _up(row: dict) -> bool:
    return row["direction"] == "up"


def _ratio(district: District):
    for row in district.rows("referral"):
        if _up(row) or _down(row):
            yield row["unit"], row["month"], _down(row), _up(row)


def _times(district: District):
    for row in district.rows("referral"):
        if row["minutes"] is not None and row["minutes"] >= 0:
            yield row["unit"], row["month"], (row["minutes"] + 3) // 6, 1


def _disclosed(district: District):
    for row in district.rows("activity"):
        if row["kind"] == "disclosure_incident":
            yield row["unit"], row["month"], 1, 0
    for row in district.rows("incident"):
        if row["kind"] in _ACCIDENTS:
            yield row["unit"], row["month"], 0, 1


def _channels(district: District, month: int):
    for row in district.rows("activity"):
        this_year = row["month"] in district.year_so_far(month)
        if this_year and row["kind"].startswith("disclosure") and row["channel"] is not None:
            yield row["unit"], row["channel"]


def _teams(district: District, month: int):
    for row in district.rows("team"):
        roles = set((row["members"] or "").split("、"))
        whole = {"gp", "nurse"} <= roles and bool(roles & {"specialist", "public_health"})
        yield row["unit"], whole, row["members"] is not None


def _taking_part(programme: str) -> Stock:
    return Stock(resident_at, lambda d, p, m: enrolled(d, p, m, programme), listed=None)


_PATIENTS = surveyed("satisfaction")

CARDS = {
    "rf_up": counted("referral", _up),
    "rf_down": counted("referral", _down),
    "rf_down_up_ratio": Flow(_ratio, of=True, reads=("referral",)),
    "rf_time": Flow(_times, of=True, reads=("referral",)),
    "rf_green_channel_hospitals": names("document", "topic", kind("referral_agreement")),
    "rf_severe_success": shared(
        "referral",
        lambda row: row["success"],
        lambda row: _up(row) and row["severe"] is True and row["success"] is not None,
    ),
    "rf_reserved_slots": standing("document", kind("referral_agreement"), weight=lambda row: row["items"]),
    "rf_discharge_followup": shared(
        "referral", lambda row: row["followed_on"] is not None and row["followed_on"] >= row["day"], _down
    ),
    "rf_telemedicine": counted("encounter", lambda row: row["channel"] == "remote"),
    "rf_mutual_recognition": shared(
        "lab_order", lambda row: row["recognised"], lambda row: row["recognised"] is not None
    ),
    "rf_multi_site": standing("staff", lambda row: row["multi_site"] is True),
    "rf_expert_sessions": counted("activity", kind("expert_session")),
    "rf_expert_persons": counted("activity", kind("expert_session"), lambda row: row["people"]),
    "rf_specialist_platform": Checked("rf_specialist_platform", ("centre",)),
    "sat_patient": _PATIENTS,
    "sat_patient_change": Made(_PATIENTS, "points"),
    "sat_tcm": surveyed("satisfaction_tcm"),
    "sat_doctor_90": surveyed("satisfaction_doctor"),
    "sat_thanks_letters": counted("incident", kind("thanks_letter")),
    "sat_banners": counted("incident", kind("silk_banner")),
    "sat_suggestions": counted("incident", kind("suggestion")),
    "complaints": counted("incident", kind("complaint")),
    "sat_regular_survey": owed("sat_regular_survey", "sample", kind("satisfaction")),
    "disc_staff_assessment": owed("disc_staff_assessment", "activity", kind("disclosure_appraisal")),
    "disc_prices": Checked("disc_prices", _EVERYWHERE),
    "disc_incidents": Flow(_disclosed, of=True, reads=("activity", "incident")),
    "disc_channels": Distinct(_channels, basis="ytd", reads=("activity",)),
    "complaint_platform": OfUnits(
        _EVERYWHERE, any_holding("facility", in_use("complaint_channel")), reads=("facility",)
    ),
    "sat_benefit_policies": standing("document", kind("benefit_policy")),
    "disc_public_supervision": shared(
        "incident",
        lambda row: row["closed_at"] is not None,
        kind("complaint", "suggestion", "public_opinion"),
    ),
    "prog_points_residents": _taking_part("points"),
    "prog_service_model": OfThings(_teams),
    "prog_elder_child_zones": names("facility", "name", in_use("elder_child_programme")),
    "prog_medical_elderly": standing("document", kind("medical_elderly_agreement")),
    "prog_nursing_home": _taking_part("home_bed"),
    "prog_function_community": standing("document", kind("function_site_agreement")),
    "doc_annual_summary": owed("doc_annual_summary", "document", kind("annual_summary")),
    "doc_annual_plan": owed("doc_annual_plan", "document", kind("annual_plan")),
    "doc_half_summary": owed("doc_half_summary", "document", kind("half_summary")),
    "doc_problem_section": counted(
        "document", kind("annual_summary", "half_summary"), lambda row: row["items"]
    ),
    "doc_report_forms": share_on(
        "document", "due_on", lambda row: in_time(row) and row["good"] is not False, kind("report")
    ),
    "doc_data_authentic": surveyed("data_authentic"),
    "ic_sterilisation": Checked("ic_sterilisation", _EVERYWHERE),
    "ic_waste": surveyed("medical_waste"),
    "ic_liability_insurance": OfUnits(
        _EVERYWHERE, any_holding("document", kind("liability_insurance")), reads=("document",)
    ),
    "ic_certificate_checks": surveyed("certificate_check"),
    "ic_quality_control": owed("ic_quality_control", "activity", kind("quality_control")),
    "gov_anti_bribery": counted("finding", kind("bribery")),
    "gov_red_packet": counted("finding", kind("red_packet")),
    "gov_party_building": counted("activity", kind("integrity_education")),
}
