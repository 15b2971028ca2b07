"""S12: contacts with patients of a severe mental disorder, and the state at the last one."""

from __future__ import annotations

from tests.plain.children import first_unit
from tests.plain.district import District, parameter, remembered
from tests.plain.groups import enrolled, this_year
from tests.plain.patients import FACE_TO_FACE, managed_at, managed_in_year_at
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import resident_at
from tests.plain.works import Checked, OfUnits, any_holding, counted, shared, standing


def managed(district: District, person: int, month: int) -> int | None:
    return managed_at(district, person, month, "smi")


def of_year(district: District, person: int, month: int) -> int | None:
    return managed_in_year_at(district, person, month, "smi")


def _rows(district: District, person: int) -> list[dict]:
    return [row for row in district.of(person, "followup") if row["programme"] == "smi"]


@remembered
def _failed_in(district: District, person: int, y0: int) -> float:
    """The first month of a year by which a contact was owed and not made; infinity: none."""
    months = [month for month in range(y0, y0 + 12) if managed(district, person, month) is not None]
    first, last = months[0], months[-1]
    before = first == y0 and managed(district, person, y0 - 1) is not None
    previous = y0 - 1 if before else first
    contacts = {
        row["month"]
        for row in _rows(district, person)
        if row["month"] in range(y0, y0 + 12) and (row["mode"] in FACE_TO_FACE or row["inpatient"] is True)
    }
    for following in [*sorted(month for month in contacts if month > previous), float("inf")]:
        due = previous + parameter("smi_gap_months", previous)
        if following > due:
            return due if due <= last else float("inf")
        previous = following
    return float("inf")


def _on_schedule(district: District, person: int, month: int) -> bool:
    return month < _failed_in(district, person, district.year_start(month))


@remembered
def _last(district: District, person: int, month: int) -> dict | None:
    rows = [row for row in _rows(district, person) if row["month"] in district.year_so_far(month)]
    return max(
        rows, key=lambda row: (row["day"], row["entered_on"] or row["day"], row["row_id"]), default=None
    )


def _at_last(fits):
    def answer(district: District, person: int, month: int) -> bool:
        last = _last(district, person, month)
        return last is not None and fits(last)

    return answer


_IN_HOSPITAL = _at_last(lambda row: row["inpatient"] is True)


def _home(district: District, person: int, month: int) -> int | None:
    return None if _IN_HOSPITAL(district, person, month) else of_year(district, person, month)


def _seen(fits=lambda row: True):
    return lambda d, p, m: this_year(d, p, m, "followup", lambda row: row["programme"] == "smi" and fits(row))


def _share(counted_when, at=of_year) -> Stock:
    return Stock(at, counted_when, basis="ytd")


def _home_visits(district: District):
    for person in district.persons:
        for month in district.months:
            unit = managed(district, person, month)
            if unit is not None:
                seen = any(row["month"] == month and row["mode"] == "home" for row in _rows(district, person))
                yield unit, month, seen, 1


def _taken_over(row: dict) -> bool:
    on = row["handled_on"]
    return on is not None and (on - row["day"]).days <= parameter("smi_transfer_days", row["day"])


def _kind(name: str):
    return lambda row: row["kind"] == name


CARDS = {
    "mh_standard_rate": _share(_on_schedule),
    "mh_mgmt_rate": _share(_seen()),
    "mh_home_mgmt_rate": _share(_on_schedule, _home),
    "mh_faceface_rate": _share(_seen(lambda row: row["mode"] in FACE_TO_FACE)),
    "mh_register_rate": Stock(resident_at, lambda d, p, m: enrolled(d, p, m, "smi"), listed=None, band="all"),
    "mh_monthly_visit": Flow(_home_visits, of=True),
    "mh_medication_rate": _share(_at_last(lambda row: row["adherence"] in ("regular", "irregular"))),
    "mh_regular_medication_rate": _share(_at_last(lambda row: row["adherence"] == "regular")),
    "mh_stable_rate": _share(_at_last(lambda row: row["condition"] == "stable"), _home),
    "mh_annual_exam": _share(lambda d, p, m: this_year(d, p, m, "checkup")),
    "mh_incident_count": counted("health_event", _kind("mental_incident")),
    "mh_case_count": Stock(of_year, _seen(), listed=None, basis="ytd"),
    "mh_registered": Stock(managed, lambda d, p, m: True, listed=None),
    "mh_rehab": Stock(
        of_year,
        lambda d, p, m: managed_in_year_at(d, p, m, "rehab") is not None,
        listed=None,
        basis="ytd",
    ),
    "mh_emergency_plan": OfUnits(
        ("centre",), any_holding("document", _kind("mental_plan")), reads=("document",)
    ),
    "mh_screen": Stock(
        first_unit("screening", _kind("mental")),
        lambda d, p, m: True,
        listed=None,
        basis="ytd",
        reads=("screening",),
    ),
    "mh_discharge_transfer": shared("health_event", _taken_over, _kind("mental_discharge")),
    "mh_privacy": Checked("mh_privacy", ("centre", "station")),
    "mh_county_rehab_centre": standing(
        "facility", lambda row: row["kind"] == "psychiatric_rehab" and row["working"] is True
    ),
}
