"""S11: patients found, managed to the standard, at goal."""

from __future__ import annotations

import math
from datetime import date

from tests.plain.district import District, parameter, remembered
from tests.plain.groups import enrolled, enrolments, improved, tagged, this_year
from tests.plain.months import age_on, first_day, last_day, month_of
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import last_of_year, managed_by, management, resident_at, resident_of_year

FACE_TO_FACE = ("clinic", "station", "community", "home")
CHRONIC = ("htn", "dm")


def managed_at(district: District, person: int, month: int, programme: str) -> int | None:
    """The unit that manages the patient at the month's end."""
    return managed_by(district, person, month) if enrolled(district, person, month, programme) else None


@remembered
def managed_in_year_at(district: District, person: int, month: int, programme: str) -> int | None:
    """The last unit of the year so far that managed the patient."""
    return last_of_year(district, month, lambda one: managed_at(district, person, one, programme))


# -- the standard of a year -------------------------------------------------------------------------


@remembered
def _year_managed(district: District, person: int, y0: int, programme: str) -> tuple[date, int]:
    """From which day of the year the patient was managed, and the last month in which they were."""
    days, months = [], []
    for month in range(y0, y0 + 12):
        if managed_at(district, person, month, programme) is not None:
            months.append(month)
            arrived_on = management(district, person, month)[0]
            days += [
                max(first_day(y0), arrived_on, enrolment["start_on"])
                for enrolment in enrolments(district, person, month, programme)
            ]
    return min(days), max(months)


def _contacts(district: District, person: int, month: int, programme: str) -> int:
    """Days with a face-to-face follow-up in the year so far."""
    return len(
        {
            row["day"]
            for row in district.of(person, "followup")
            if row["programme"] == programme
            and (
                row["mode"] in FACE_TO_FACE
                or (row["mode"] == "phone" and parameter("phone_counts", row["day"]))
            )
            and row["month"] in district.year_so_far(month)
        }
    )


def met_standard(district: District, person: int, month: int, programme: str) -> bool:
    """By the month's end all that the whole year asks for: contacts (pro rata, rounded up) and one check."""
    y0 = district.year_start(month)
    start, _ = _year_managed(district, person, y0, programme)
    each_year = parameter("contacts_per_year", y0)
    days = (last_day(y0 + 11) - start).days + 1
    owed = each_year if start == first_day(y0) else math.ceil(each_year * days / 365)
    return _contacts(district, person, month, programme) >= owed and this_year(
        district, person, month, "checkup"
    )


def on_schedule(district: District, person: int, month: int, programme: str) -> bool:
    """As many contacts as 4 x days managed / 365, rounded down; in the year's last month the whole standard."""
    y0 = district.year_start(month)
    if month == y0 + 11:
        return met_standard(district, person, month, programme)
    start, last_month = _year_managed(district, person, y0, programme)
    days = (last_day(min(month, last_month)) - start).days + 1
    owed = math.floor(parameter("contacts_per_year", y0) * days / 365)
    return _contacts(district, person, month, programme) >= owed


# -- the last follow-up -----------------------------------------------------------------------------


def _followups_so_far(district: District, person: int, month: int, programme: str) -> list[dict]:
    return [
        row
        for row in district.of(person, "followup")
        if row["programme"] == programme and row["month"] in district.year_so_far(month)
    ]


@remembered
def _last_followup(district: District, person: int, month: int, programme: str) -> dict | None:
    rows = _followups_so_far(district, person, month, programme)
    return max(
        rows, key=lambda row: (row["day"], row["entered_on"] or row["day"], row["row_id"]), default=None
    )


def _read(district: District, person: int, month: int, programme: str) -> bool:
    """Whether the last follow-up of the year has a reading that can be believed."""
    last = _last_followup(district, person, month, programme)
    if last is None:
        return False
    day, names = last["day"], ("sbp", "dbp") if programme == "htn" else ("fpg",)
    plausible = all(
        last[name] is not None
        and parameter(f"{name}_low", day) <= last[name] <= parameter(f"{name}_high", day)
        for name in names
    )
    return plausible and (programme != "htn" or last["sbp"] > last["dbp"])


def _at_goal_htn(district: District, person: int, month: int) -> bool:
    last = _last_followup(district, person, month, "htn")
    if last is None or last["sbp"] is None or last["dbp"] is None:
        return False
    sbp, dbp, day = last["sbp"], last["dbp"], last["day"]
    born_on = district.masters[person]["born_on"]
    old = born_on is not None and age_on(born_on, day) >= parameter("elder_bp_age", day)
    goal = parameter("sbp_goal_elder" if old else "sbp_goal", day)
    return _read(district, person, month, "htn") and sbp < goal and dbp < parameter("dbp_goal", day)


def _at_goal_dm(district: District, person: int, month: int) -> bool:
    last = _last_followup(district, person, month, "dm")
    if last is None or last["fpg"] is None:
        return False
    return _read(district, person, month, "dm") and last["fpg"] < parameter("fpg_goal", last["day"])


def _regular(district: District, person: int, month: int, programme: str) -> bool:
    last = _last_followup(district, person, month, programme)
    return last is not None and last["adherence"] == "regular"


# -- known patients ---------------------------------------------------------------------------------


def known(district: District, person: int, month: int, programme: str) -> bool:
    """Diagnosed or enrolled."""
    return tagged(district, person, month, f"{programme}_diagnosed") or enrolled(
        district, person, month, programme
    )


@remembered
def _chronic_since(district: District, person: int) -> int:
    """The first month in which the person is known as a patient of either disease."""
    months = [
        month_of(row["start_on"])
        for row in district.of(person, "enrolment")
        if row["programme"] == "htn" or (row["programme"] == "dm" and row["subtype"] in (None, "type2"))
    ] + [
        month_of(row["start_on"])
        for row in district.of(person, "person_tag")
        if row["tag"] in ("htn_diagnosed", "dm_diagnosed")
    ]
    return min(months, default=10**9)


def _chronic_visit(district: District, row: dict) -> bool:
    icd = (row["icd"] or "")[:3]
    by_diagnosis = icd in ("I10", "I11", "I12", "I13", "I15", "E10", "E11", "E12", "E13", "E14")
    return by_diagnosis or _chronic_since(district, row["person"]) <= row["month"]


def _appointments(district: District):
    for person in district.persons:
        for programme in CHRONIC:
            rows = [row for row in district.of(person, "followup") if row["programme"] == programme]
            rows.sort(key=lambda row: (row["day"], row["row_id"]))
            for row, following in zip(rows, [*rows[1:], None], strict=False):
                if row["next_on"] is not None:
                    kept = following is not None and following["day"] <= row["next_on"]
                    yield row["unit"], month_of(row["next_on"]), kept, 1


def _first_visits(district: District):
    for row in district.rows("encounter"):
        born_on = district.masters[row["person"]]["born_on"]
        if row["first_visit"] is not True or born_on is None:
            continue
        if age_on(born_on, row["day"]) >= parameter("first_visit_bp_age", row["day"]):
            yield row["unit"], row["month"], row["sbp"] is not None, 1


def _followups(*programmes: str) -> Flow:
    return Flow(
        lambda d: (
            (row["unit"], row["month"], 1) for row in d.rows("followup") if row["programme"] in programmes
        )
    )


def _programme(programme: str, at_goal) -> dict:
    def managed(d, p, m):
        return managed_in_year_at(d, p, m, programme)

    def managed_now(d, p, m):
        return managed_at(d, p, m, programme)

    def met(d, p, m):
        return met_standard(d, p, m, programme)

    def is_known(d, p, m):
        return known(d, p, m, programme)

    cards = {
        "standard_rate": Stock(managed, met, basis="ytd"),
        "on_schedule_rate": Stock(managed, lambda d, p, m: on_schedule(d, p, m, programme), basis="ytd"),
        "managed": Stock(managed, met, listed=None, basis="ytd"),
        "control_rate": Stock(managed, at_goal, basis="ytd"),
        "reading_rate": Stock(managed, lambda d, p, m: _read(d, p, m, programme), basis="ytd"),
        "adherence_rate": Stock(managed, lambda d, p, m: _regular(d, p, m, programme), basis="ytd"),
        "exam_rate": Stock(managed, lambda d, p, m: this_year(d, p, m, "checkup"), basis="ytd"),
        "prevalence": Stock(resident_at, is_known, band="all"),
        "mgmt_rate": Stock(
            lambda d, p, m: resident_at(d, p, m) if is_known(d, p, m) else None,
            lambda d, p, m: enrolled(d, p, m, programme),
        ),
        "discovery_rate": Stock(
            managed_now, lambda d, p, m: True, listed=None, band="18+", share=f"{programme}_estimate"
        ),
        "followup_count": _followups(programme),
        "followups_per_patient": Stock(
            managed, lambda d, p, m: len(_followups_so_far(d, p, m, programme)), basis="ytd"
        ),
    }
    return {f"{programme}_{name}": card for name, card in cards.items()}


def _both_at(district: District, person: int, month: int) -> int | None:
    if enrolled(district, person, month, "dm"):
        return managed_at(district, person, month, "htn")
    return None


def _either_at(district: District, person: int, month: int) -> int | None:
    units = [managed_at(district, person, month, programme) for programme in CHRONIC]
    return next((unit for unit in units if unit is not None), None)


CARDS = {
    **_programme("htn", _at_goal_htn),
    **_programme("dm", _at_goal_dm),
    "ncd_followup_count": _followups(*CHRONIC),
    "ncd_timely_followup": Flow(_appointments, of=True),
    "ncd_glucose_at_followup": Flow(
        lambda d: (
            (row["unit"], row["month"], any(row[g] is not None for g in ("fpg", "ppg", "rpg")), 1)
            for row in d.rows("followup")
            if row["programme"] == "dm"
        ),
        of=True,
    ),
    "ncd_new_found": Flow(
        lambda d: (
            (row["unit"], month_of(row["start_on"]), 1)
            for row in d.rows("enrolment")
            if row["programme"] in CHRONIC
        )
    ),
    "ncd_multimorbid_mgmt": Stock(_both_at, lambda d, p, m: True, listed=None),
    "ncd_plan_rate": Stock(_either_at, lambda d, p, m: tagged(d, p, m, "care_plan")),
    "ncd_post_op_listed": Stock(resident_at, lambda d, p, m: tagged(d, p, m, "post_op"), listed=None),
    "ncd_complex_one_policy": Stock(resident_at, lambda d, p, m: tagged(d, p, m, "care_plan"), listed=None),
    "ncd_complex_improved": Stock(
        resident_of_year, lambda d, p, m: improved(d, p, m, "care_plan_improved"), listed=None, basis="ytd"
    ),
    "htn_screen35_rate": Flow(_first_visits, of=True),
    "ncd_opc_share": Flow(
        lambda d: (
            (row["unit"], row["month"], _chronic_visit(d, row), 1)
            for row in d.rows("encounter")
            if row["kind"] == "outpatient"
        ),
        of=True,
    ),
}
