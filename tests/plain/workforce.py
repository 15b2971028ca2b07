"""S03: who works here, with what qualifications, recruited and trained how."""

from __future__ import annotations

from tests.plain.district import District, parameter, remembered
from tests.plain.facilities import CLINIC, at
from tests.plain.months import age_on, last_day, month_of
from tests.plain.network import Counted, in_force, kind
from tests.plain.shapes import Flow
from tests.plain.works import (
    OfUnits,
    Standing,
    counted,
    holds,
    open_at_end,
    open_throughout,
    owed,
    shared,
    standing,
    tenths,
)

_EXAMS = ("exam", "three_basics_exam")
_CENTRE_ROLES = ("gp", "nurse", "public_health")
#: Codes of departments whose names a register may write instead.
_CODES = {"全科": "general", "中医科": "tcm"}
_CLINICAL = ("gp", "physician", "nurse")


def _gp(row: dict) -> bool:
    return row["role"] == "gp" and row["gp_qualified"] is not False


def _role(*roles: str):
    return lambda row: row["role"] in roles


def _anyone(row: dict) -> bool:
    return True


def _titled(row: dict) -> bool:
    return row["title"] in ("middle", "senior")


def _of_staff(fits, among) -> Standing:
    return standing("staff", fits, among=among)


def _in_service(district: District, month: int, fits=_anyone):
    for row in district.rows("staff"):
        if fits(row) and holds(row["start_on"], row["end_on"], month):
            yield row


def _heads(fits):
    return lambda district, month: ((row["unit"], 1) for row in _in_service(district, month, fits))


def _young_gps(district: District, month: int):
    for row in _in_service(district, month, _gp):
        born_on = row["born_on"]
        if born_on is not None and age_on(born_on, last_day(month)) < parameter("gp_young_age", month):
            yield row["unit"], 1


def _recruited(fits) -> Flow:
    return Flow(
        lambda d: ((row["unit"], month_of(row["start_on"]), 1) for row in d.rows("staff") if fits(row)),
        reads=("staff",),
    )


def _sent(least: str) -> Flow:
    return counted(
        "training",
        lambda row: (
            row["kind"] == "external"
            and row["months"] is not None
            and row["months"] >= parameter(least, row["month"])
        ),
    )


@remembered
def _trainings(district: District) -> dict[tuple, list[dict]]:
    found: dict[tuple, list[dict]] = {}
    for row in district.rows("training"):
        found.setdefault((row["unit"], row["staff_no"]), []).append(row)
    return found


def _trained_enough(district: District, month: int):
    since = month - 12 * int(parameter("tech_training_years", month))
    for row in _in_service(district, month, lambda row: row["technical"] is True):
        months = [
            tenths(one["months"])
            for one in _trainings(district).get((row["unit"], row["staff_no"]), ())
            if since < one["month"] <= month and one["kind"] not in _EXAMS and one["months"] is not None
        ]
        if sum(months) >= 10 * parameter("tech_training_months", month):
            yield row["unit"], 1


def _first_aid(district: District, month: int):
    for row in _in_service(district, month, _role(*_CLINICAL)):
        for one in _trainings(district).get((row["unit"], row["staff_no"]), ()):
            this_year = one["month"] in district.year_so_far(month)
            if this_year and one["topic"] == "first_aid" and one["passed"] is not False:
                yield row["unit"], 1
                break


def _at_centres(district: District, month: int):
    for unit, row in district.units.items():
        if row["kind"] == "centre" and open_at_end(row, month):
            yield unit


def _three(district: District, month: int):
    return ((unit, 3) for unit in _at_centres(district, month))


def _filled(district: District, month: int):
    rows = list(_in_service(district, month))
    for unit in _at_centres(district, month):
        here = [row for row in rows if row["unit"] == unit]
        for role in _CENTRE_ROLES:
            yield unit, any(row["role"] == role and (role != "gp" or _gp(row)) for row in here)


def _attendances(district: District, month: int):
    for row in district.rows("training"):
        fits = row["month"] in district.year_so_far(month) and row["kind"] not in _EXAMS
        if fits and at(CLINIC)(district, row):
            yield row["unit"], 1


def _clinic_workers(district: District, month: int):
    for row in _in_service(district, month):
        if at(CLINIC)(district, row):
            yield row["unit"], 1


def _department_months(district: District):
    held = {
        (row["unit"], row["department"], row["month"])
        for row in district.rows("activity")
        if row["kind"] == "dept_training"
    }
    months = [row["month"] for row in district.rows("activity") if row["kind"] == "dept_training"]
    departments: dict[tuple, list] = {}
    for row in district.rows("facility"):
        if row["kind"] == "department" and row["name"] and at(("centre",))(district, row):
            departments.setdefault((row["unit"], _CODES.get(row["name"], row["name"])), []).append(
                (row["start_on"], row["end_on"])
            )
    for month in district.months:
        if not months or month < min(months):
            continue
        for (unit, name), spans in departments.items():
            if open_throughout(district.units[unit], month, month) and _throughout(spans, month):
                yield unit, month, (unit, name, month) in held, 1


def _throughout(spans: list, month: int) -> bool:
    """Whether a department is there from the first day of a month to its last; months of two rows that touch join."""
    return any(open_throughout({"opened_on": start, "closed_on": end}, month, month) for start, end in spans)


CARDS = {
    "gp_per_10k": standing("staff", _gp, band="all"),
    "phdoc_per_10k": standing("staff", _role("public_health"), band="all"),
    "phdoc_count": standing("staff", _role("public_health")),
    "staff_total": standing("staff", _anyone),
    "post_certificate_rate": _of_staff(lambda row: row["certificate"] is True, _anyone),
    "mid_senior_title_count": standing("staff", _titled),
    "mid_senior_title_rate": _of_staff(_titled, _anyone),
    "gp_under35_rate": Counted(_young_gps, _heads(_gp), reads=("staff",)),
    "staff_recruited": _recruited(_anyone),
    "staff_recruited_gp": _recruited(_role("gp")),
    "staff_recruited_nurse": _recruited(_role("nurse")),
    "staff_recruited_phdoc": _recruited(_role("public_health")),
    "staff_recruited_rehab": _recruited(_role("rehab")),
    "staff_sent_training": _sent("sent_training_months"),
    "staff_sent_training_long": _sent("sent_training_long_months"),
    "internal_training_sessions": counted("activity", kind("training_internal")),
    "internal_exams": counted("activity", kind("staff_exam")),
    "training_exam_pass_rate": shared(
        "training",
        lambda row: row["passed"],
        lambda row: row["kind"] == "exam" and row["passed"] is not None,
    ),
    "tech_training_5y": Counted(
        _trained_enough, _heads(lambda row: row["technical"] is True), reads=("staff", "training")
    ),
    "gp_nurse_training_rate": _of_staff(lambda row: row["trained"] is True, _role(*_CLINICAL)),
    "gp_registration_rate": _of_staff(
        lambda row: row["gp_registered"] is True, lambda row: row["gp_qualified"] is True
    ),
    "responsible_doctor_licensed": _of_staff(
        lambda row: row["licence"] in ("physician", "assistant"), lambda row: row["responsible"] is True
    ),
    "centre_min_staffing": Counted(_filled, _three, reads=("staff",), kinds=("centre",)),
    "village_doctor_training_times": Counted(
        _attendances, _clinic_workers, basis="ytd", reads=("staff", "training"), kinds=CLINIC
    ),
    "skills_drill_monthly": owed("skills_drill_monthly", "activity", kind("skills_drill")),
    "cpr_training_rate": Counted(
        _first_aid, _heads(_role(*_CLINICAL)), basis="ytd", reads=("staff", "training")
    ),
    "dept_monthly_training": Flow(
        _department_months, of=True, reads=("activity", "facility"), kinds=("centre",)
    ),
    "staff_meeting_monthly": owed("staff_meeting_monthly", "activity", kind("staff_meeting")),
    "training_persons_external": counted("training", kind("external")),
    "staff_rotation": OfUnits(("centre",), in_force("rotation_system"), reads=("document",)),
    "staff_emergency_drill": owed("staff_emergency_drill", "activity", kind("staff_drill")),
}
