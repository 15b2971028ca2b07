"""S27: village doctors, one by one."""

from __future__ import annotations

from datetime import date

from tests.plain.district import District, parameter, remembered
from tests.plain.money import summed
from tests.plain.months import first_day, month_of
from tests.plain.shapes import Flow, rolled_up
from tests.plain.works import (
    OfUnits,
    Standing,
    any_holding,
    counted,
    duty,
    holds,
    shared,
    standing,
)


def _doctor(row: dict) -> bool:
    return row["role"] == "village_doctor"


def _doctors(district: District) -> list[dict]:
    return [row for row in district.rows("staff") if _doctor(row) and row["unit"] is not None]


def _employed(row: dict):
    return row["unit"], row["start_on"], row["end_on"]


def _under_contract(district: District):
    for row in _doctors(district):
        if row["contract_filed"] and row["contract_from"] is not None:
            ends = [end for end in (row["end_on"], row["contract_to"]) if end is not None]
            yield row["unit"], max(row["start_on"], row["contract_from"]), min(ends, default=None)


def _quarters(district: District):
    (term,) = duty("vd_quarterly_appraisal")
    quarterly = [row for row in district.rows("appraisal") if row["kind"] == "doctor"]
    begun = min((row["month"] for row in quarterly), default=None)
    for last in district.months:
        if last % 3 != 2 or begun is None or last < begun:
            continue
        for row in _doctors(district):
            if district.units[row["unit"]]["kind"] not in term["kinds"].split():
                continue
            if row["start_on"] <= first_day(last - 2) and holds(row["start_on"], row["end_on"], last):
                done = any(
                    (one["unit"], one["staff_no"]) == (row["unit"], row["staff_no"])
                    and last - 2 <= one["month"] <= last
                    for one in quarterly
                )
                yield row["unit"], last, done, 1


@remembered
def _failures(district: District, kind: str) -> dict[tuple, list[int]]:
    """(unit, staff number) -> months of appraisals that found the person unqualified."""
    found: dict[tuple, list[int]] = {}
    for row in district.rows("appraisal"):
        if row["kind"] == kind and row["grade"] == "unqualified" and row["staff_no"] is not None:
            found.setdefault((row["unit"], row["staff_no"]), []).append(row["month"])
    return found


def _often(district: District, row: dict, month: int, times: int) -> bool:
    months = _failures(district, "doctor").get((row["unit"], row["staff_no"]), ())
    return sum(month - 11 <= one <= month for one in months) >= times


class _AtMonthsEnd:
    """Village doctors counted one by one: ``counted`` says of a row of the staff whether it counts in a month."""

    kinds = None
    reads = ("appraisal", "staff")

    def __init__(self, rows, counted) -> None:
        self.rows, self.counted = rows, counted

    def figures(self, district: District) -> dict[tuple, tuple]:
        counts = {}
        for row in self.rows(district):
            for month in district.months:
                if self.counted(district, row, month):
                    counts[row["unit"], month] = counts.get((row["unit"], month), 0) + 1
        counts = rolled_up(district, counts)
        return {
            (unit, month, "as_of"): (counts[unit, month], None, None)
            for unit in district.units
            for month in district.months
        }


def _each_once(district: District) -> list[dict]:
    return list({(row["unit"], row["staff_no"]): row for row in _doctors(district)}.values())


def _due(district: District, row: dict, month: int) -> bool:
    return _often(district, row, month, int(parameter("dismissal_count", month)))


def _still_due(district: District, row: dict, month: int) -> bool:
    return holds(row["start_on"], row["end_on"], month) and _due(district, row, month)


def _stayed(district: District, row: dict, month: int) -> bool:
    months = _failures(district, "doctor_year").get((row["unit"], row["staff_no"]), ())
    return holds(row["start_on"], row["end_on"], month) and any(one <= month for one in months)


def _renewals(district: District):
    for row in _doctors(district):
        renewed = row["contract_from"]
        if renewed is None or renewed <= row["start_on"]:
            continue
        trained = any(
            (one["unit"], one["staff_no"]) == (row["unit"], row["staff_no"])
            and one["day"] <= renewed
            and month_of(one["day"]) >= month_of(renewed) - 12
            for one in district.rows("training")
        )
        yield row["unit"], month_of(renewed), trained, 1


def _hired(district: District):
    for row in _doctors(district):
        if row["hire_mode"] is not None:
            yield row["unit"], month_of(row["start_on"]), row["hire_mode"] == "open", 1


def _share(hit, *known: str) -> Standing:
    return standing(
        "staff", hit, among=lambda row: _doctor(row) and all(row[column] is not None for column in known)
    )


CARDS = {
    "vd_appointed": Standing(_under_contract, listed=lambda d: map(_employed, _doctors(d)), reads=("staff",)),
    "vd_quarterly_appraisal": Flow(
        _quarters, of=True, reads=("appraisal", "staff"), kinds=("station", "clinic")
    ),
    "vd_dismiss_three": _AtMonthsEnd(_each_once, _due),
    "vd_not_dismissed": _AtMonthsEnd(_doctors, _still_due),
    "vd_annual_fail_exit": counted(
        "appraisal", lambda row: row["kind"] == "doctor_year" and row["grade"] == "unqualified"
    ),
    "vd_failed_not_exited": _AtMonthsEnd(_doctors, _stayed),
    "vd_liability_deposit": Standing(
        lambda d: ((*_employed(row), row["deposit"]) for row in _doctors(d)),
        listed=lambda d: map(_employed, _doctors(d)),
        reads=("staff",),
    ),
    "vd_deposit_paid": _share(
        lambda row: (
            row["deposit"] is not None
            and row["deposit"] >= 100 * parameter("deposit_least", row["start_on"] or date.min)
        )
    ),
    "vd_archive": shared(
        "appraisal",
        lambda row: row["filed"],
        lambda row: row["kind"] in ("doctor", "doctor_year") and row["filed"] is not None,
    ),
    "vd_wage_subsidy": _share(lambda row: row["paid"], "paid"),
    "vd_social_insurance": _share(
        lambda row: row["pension"] and row["medical_insurance"], "pension", "medical_insurance"
    ),
    "vd_legal_person": OfUnits(
        ("clinic",),
        any_holding("document", lambda row: row["kind"] == "legal_person_director"),
        reads=("document",),
    ),
    "vd_compensation_liability": summed("compensation"),
    "vd_home_visit_rx_signature": shared(
        "prescription",
        lambda row: row["signed"],
        lambda row: row["home_visit"] and row["signed"] is not None,
    ),
    "vd_training_link": Flow(_renewals, of=True, reads=("staff", "training")),
    "vd_open_recruitment": Flow(_hired, of=True, reads=("staff",)),
}
