"""S25 and S26: supervision and appraisal."""

from __future__ import annotations

import datetime as dt

from tests.plain.district import District, parameter, special_days
from tests.plain.months import month_of
from tests.plain.shapes import Distinct, Flow
from tests.plain.works import (
    Made,
    OfUnits,
    Standing,
    any_holding,
    counted,
    owed,
    shared,
    standing,
    surveyed,
    tenths,
)

_DAY = dt.timedelta(days=1)


def _of_kind(*kinds: str):
    return lambda row: row["kind"] in kinds


def _found(row: dict) -> bool:
    return row["kind"].startswith("sup_")


def _visit(row: dict) -> bool:
    return row["kind"] in ("monthly", "irregular", "annual")


def _visits(*kinds: str) -> Flow:
    def events(district: District):
        for row in district.rows("inspection"):
            if _visit(row) and row["unit"] is not None and district.units[row["unit"]]["kind"] in kinds:
                yield row["unit"], row["month"], 1

    return Flow(events, reads=("inspection",), kinds=kinds)


def _days_after(day: dt.date, count: int) -> dt.date:
    """Calendar days, or days on which offices work: a day off in the list, or a weekend that is not, does not count."""
    if parameter("rectify_day_kind", day) == 1:
        return day + count * _DAY
    special = special_days()
    while count:
        day += _DAY
        if special.get(str(day), "off" if day.strftime("%a") in ("Sat", "Sun") else "work") == "work":
            count -= 1
    return day


def _written_down(district: District):
    for row in filter(_found, district.rows("finding")):
        due = _days_after(row["day"], int(parameter("rectify_days", row["day"])))
        yield row["unit"], month_of(due), row["recorded_on"] is not None and row["recorded_on"] <= due, 1


def _closed_in_time(district: District):
    for row in filter(_found, district.rows("finding")):
        due, closed = row["due_on"], row["closed_on"]
        if due is not None:
            yield row["unit"], month_of(due), closed is not None and closed <= due, 1


def _open(district: District):
    for row in filter(_found, district.rows("finding")):
        closed = row["closed_on"]
        yield row["unit"], row["day"], None if closed is None else closed - _DAY


def _names(table: str, column: str, fits):
    """(unit, name) of the year so far, for ``Distinct``."""

    def of_month(district: District, month: int):
        for row in district.rows(table):
            if row["month"] in district.year_so_far(month) and row["unit"] is not None and fits(row):
                yield row["unit"], row[column]

    return Distinct(of_month, basis="ytd", reads=(table,))


def _score(kind: str) -> Flow:
    def events(district: District):
        for row in district.rows("appraisal"):
            if row["kind"] == kind and row["score"] is not None and row["full"]:
                yield row["unit"], row["month"], tenths(row["score"] * 100 / row["full"]), 1

    return Flow(events, of=True, reads=("appraisal",))


def _own_scores(district: District):
    """(unit, month, n, of) of each unit's own appraisals; those of centres again for the bureau."""
    for row in district.rows("appraisal"):
        if row["kind"] != "unit" or row["unit"] is None or row["score"] is None or not row["full"]:
            continue
        kind, points = district.units[row["unit"]]["kind"], tenths(row["score"] * 100 / row["full"])
        if kind != "bureau":
            yield row["unit"], row["month"], points, 1
        if kind == "centre":
            for above in district.above(row["unit"]):
                if district.units[above]["kind"] == "bureau":
                    yield above, row["month"], points, 1


def _areas(kind: str) -> Distinct:
    return _names("appraisal_item", "dimension", lambda row: row["kind"] == kind and row["score"] is not None)


def _weights(district: District):
    items = [
        row
        for row in district.rows("appraisal_item")
        if row["kind"] == "unit" and row["unit"] is not None and row["weight"] is not None
    ]
    for now in items:
        for before in items:
            same = all(now[column] == before[column] for column in ("unit", "dimension"))
            known = before["score"] is not None and before["full"]
            weak = known and before["score"] < before["full"] * parameter("weak_area_share", now["month"])
            if same and weak and before["month"] == now["month"] - 12:
                yield now["unit"], now["month"], tenths(now["weight"]) - tenths(before["weight"]), 1


_TOTAL = Flow(_own_scores, of=True, reads=("appraisal",), each_level=True)

CARDS = {
    "sup_monthly": owed("sup_monthly", "inspection", _of_kind("monthly")),
    "sup_rectify_3day": Flow(_written_down, of=True, reads=("finding",)),
    "sup_handbook": shared(
        "inspection", lambda row: row["recorded"], lambda row: _visit(row) and row["recorded"] is not None
    ),
    "sup_center_count": _visits("centre"),
    "sup_station_count": _visits("station", "clinic"),
    "sup_findings_issued": counted("finding", _found),
    "sup_findings_rectified": counted("finding", lambda row: _found(row) and row["closed_on"] is not None),
    "sup_findings_open": Standing(_open, reads=("finding",)),
    "sup_assessment_rounds": owed("sup_assessment_rounds", "appraisal", _of_kind("round")),
    "sup_institution_annual_inspection": owed(
        "sup_institution_annual_inspection", "inspection", _of_kind("annual")
    ),
    "sup_close_or_rectify": counted(
        "finding",
        lambda row: _found(row) and row["severity"] == "high" and row["outcome"] in ("mended", "closed_down"),
    ),
    "sup_common_problems": _names("finding", "kind", _found),
    "sup_problem_drugs": counted("finding", _of_kind("sup_drugs")),
    "sup_problem_folic": counted("finding", _of_kind("sup_folic")),
    "sup_problem_paper": counted("finding", _of_kind("sup_paper")),
    "sup_problem_board": counted("finding", _of_kind("sup_board")),
    "sup_problem_analysis": owed(
        "sup_problem_analysis",
        "document",
        lambda row: row["kind"] == "supervision_report" and row["day"] is not None,
    ),
    "sup_timely_rectify": Flow(_closed_in_time, of=True, reads=("finding",)),
    "sup_irregular_checks": counted("inspection", _visit),
    "sup_unannounced": counted("inspection", lambda row: _visit(row) and row["announced"] is False),
    "ap_total_score": _TOTAL,
    "ap_rank": Made(_TOTAL, "rank", scale=10),
    "ap_dimensions": _areas("unit"),
    "ap_linked_to_pay": standing(
        "staff", lambda row: row["pay_linked"], among=lambda row: row["pay_linked"] is not None
    ),
    "ap_indicators_defined": OfUnits(
        ("bureau", "centre"),
        any_holding("document", _of_kind("appraisal_standard")),
        reads=("document",),
    ),
    "ap_weights_weak": Flow(_weights, of=True, reads=("appraisal_item",)),
    "ap_internal_team_checks": owed("ap_internal_team_checks", "activity", _of_kind("team_check")),
    "ap_punish": counted(
        "appraisal", lambda row: row["sanction"] in ("warned", "interviewed", "reclaimed", "dismissed")
    ),
    "ap_unit_responsibility": surveyed("department_letter"),
    "ap_cleaner_elimination": counted(
        "appraisal", lambda row: row["kind"] == "cleaner" and row["sanction"] == "eliminated"
    ),
    "ap_medical_ethics": _score("ethics"),
    "ap_peer_review": _score("peer"),
    "ap_fd_dimensions": _areas("family_doctor"),
    "ap_reward_excellent": counted("appraisal", lambda row: row["sanction"] == "rewarded"),
    "ap_periodic_evaluation": owed("ap_periodic_evaluation", "appraisal", _of_kind("unit")),
}
