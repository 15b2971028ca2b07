"""S08: children, by the checks that their age asks for and by what their visits say."""

from __future__ import annotations

import csv
from functools import cache

from tests.plain.district import STANDARDS, District, parameter, remembered
from tests.plain.groups import child, this_year
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import managed_by, resident_at, resident_of_year
from tests.plain.works import Made, counted, owed

_READS = ("child_visit",)


@cache
def checks_at(age: int) -> int:
    """Checks that a year at an age asks for."""
    with (STANDARDS / "child_schedule.csv").open(encoding="utf-8-sig", newline="") as file:
        return {int(row["age"]): int(row["checks"]) for row in csv.DictReader(file)}.get(age, 0)


def young_in_year(district: District, person: int, month: int) -> bool:
    """Not yet seven on the last day of the year."""
    born = district.masters[person]["born_month"]
    return born is not None and born + 84 > district.year_start(month) + 11


def child_of_year(district: District, person: int, month: int) -> int | None:
    return resident_of_year(district, person, month) if young_in_year(district, person, month) else None


@remembered
def months_here(district: District, person: int, y0: int) -> tuple[int, int] | None:
    """The first and the last month of a year in which the child is a resident."""
    months = [month for month in range(y0, y0 + 12) if resident_at(district, person, month) is not None]
    return (months[0], months[-1]) if months else None


def owed_by(district: District, person: int, month: int) -> int:
    """Checks owed by the end of a month: a twelfth of a year's for each month here, rounded down."""
    here = months_here(district, person, district.year_start(month))
    if here is None:
        return 0
    born = district.masters[person]["born_month"]
    return sum(checks_at((one - born) // 12) for one in range(here[0], min(month, here[1]) + 1)) // 12


def _made(district: District, person: int, month: int) -> int:
    return len(
        {
            row["day"]
            for row in district.of(person, "child_visit")
            if row["kind"] == "check" and row["month"] in district.year_so_far(month)
        }
    )


def _on_schedule(district: District, person: int, month: int) -> bool:
    here = months_here(district, person, district.year_start(month))
    return here is not None and _made(district, person, month) >= owed_by(district, person, month)


def _owed_in_year(district: District, person: int, month: int) -> int:
    return owed_by(district, person, district.year_start(month) + 11)


def _due_child(district: District, person: int, month: int) -> int | None:
    unit = child_of_year(district, person, month)
    return unit if unit is not None and _owed_in_year(district, person, month) else None


def _met(district: District, person: int, month: int) -> bool:
    return _made(district, person, month) >= _owed_in_year(district, person, month)


def _visited(district: District, person: int, month: int, fits=lambda row: True) -> bool:
    return this_year(district, person, month, "child_visit", fits)


def _reaching(months: int, seen) -> Flow:
    """Children in the month in which they reach an age, where they are managed then."""

    def events(district: District):
        for person in district.persons:
            born = district.masters[person]["born_month"]
            if born is not None:
                hit = any(seen(district.masters[person], row) for row in district.of(person, "child_visit"))
                yield managed_by(district, person, born + months), born + months, hit, 1

    return Flow(events, of=True, reads=_READS)


def _in_first_weeks(master: dict, row: dict) -> bool:
    days = (row["day"] - master["born_on"]).days
    return row["kind"] == "newborn" and 0 <= days <= parameter("newborn_visit_days", row["day"])


def _vitamin(first: int, last: int):
    return lambda master, row: (
        row["vitamin_d"] is True and first <= row["month"] - master["born_month"] <= last
    )


def _feeding(district: District):
    for person in district.persons:
        born = district.masters[person]["born_month"]
        rows = [
            row
            for row in district.of(person, "child_visit")
            if born is not None and row["feeding"] is not None and 4 <= row["month"] - born <= 6
        ]
        if rows:
            last = max(rows, key=lambda row: (row["day"], row["row_id"]))
            yield last["unit"], born + 6, last["feeding"] in ("breast", "mixed"), 1


def _holder(district: District, person: int, month: int) -> int | None:
    holds = any(
        row["handbook"] is True and row["month"] <= month for row in district.of(person, "child_visit")
    )
    return resident_at(district, person, month) if holds and child(district, person, month) else None


# -- screenings: at the unit of the first one of the year ---------------------------------------------


def first_unit(table: str, fits):
    """The unit of a person's first fitting row of the year so far."""

    def at(district: District, person: int, month: int) -> int | None:
        rows = [
            row
            for row in district.of(person, table)
            if row["month"] in district.year_so_far(month) and row["unit"] is not None and fits(row)
        ]
        return min(rows, key=lambda row: (row["day"], row["row_id"]))["unit"] if rows else None

    return at


def _screened_at(kind: str, fits=lambda row: True):
    """The unit of a child's first fitting screening of a kind; a child by the age on the day."""

    def at(district: District, person: int, month: int) -> int | None:
        born = district.masters[person]["born_on"]

        def counts(row: dict) -> bool:
            day = row["day"]
            age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
            return row["kind"] == kind and age < parameter("screened_child_age", day) and fits(row)

        return None if born is None else first_unit("screening", counts)(district, person, month)

    return at


def _screened(kind: str) -> Stock:
    return Stock(_screened_at(kind), lambda d, p, m: True, listed=None, basis="ytd", reads=("screening",))


def _found(kind: str) -> Stock:
    positive = _screened_at(kind, lambda row: row["positive"] is True)
    return Stock(
        _screened_at(kind, lambda row: row["positive"] is not None),
        lambda d, p, m: positive(d, p, m) is not None,
        basis="ytd",
        reads=("screening",),
    )


_MYOPIA, _CARIES = _found("vision"), _found("caries")


def _defective(district: District, person: int, month: int) -> int | None:
    found = _visited(district, person, month, lambda row: row["defect"] is True)
    return child_of_year(district, person, month) if found else None


def _corrected(district: District, person: int, month: int) -> bool:
    rows = [row for row in district.of(person, "child_visit") if row["month"] in district.year_so_far(month)]
    found = [row["day"] for row in rows if row["defect"] is True]
    return bool(found) and any(row["corrected"] is True and row["day"] >= min(found) for row in rows)


CARDS = {
    "ch_mgmt_rate": Stock(child_of_year, _visited, basis="ytd", band="0-6", reads=_READS),
    "ch_system_rate": Stock(child_of_year, _on_schedule, basis="ytd", band="0-6", reads=_READS),
    "ch_421_exam_rate": Stock(_due_child, _met, basis="ytd", reads=_READS),
    "ch_newborn_visit_rate": _reaching(0, _in_first_weeks),
    "ch_handbook": Stock(_holder, lambda d, p, m: True, listed=None, reads=_READS),
    "ch_handbook_exam_rate": Stock(
        _holder, lambda d, p, m: _visited(d, p, m, lambda row: row["kind"] == "check"), reads=_READS
    ),
    "ch_breastfeeding_rate": Flow(_feeding, of=True, reads=_READS),
    "ch_rickets_0_1": _reaching(12, _vitamin(0, 11)),
    "ch_rickets_2_3": _reaching(36, _vitamin(24, 35)),
    "ch_vision_screened": _screened("vision"),
    "ch_myopia_rate": _MYOPIA,
    "ch_myopia_growth": Made(_MYOPIA, "relative"),
    "ch_sealant": counted("screening", lambda row: row["kind"] == "sealant", lambda row: row["quantity"]),
    "ch_fluoride": counted("screening", lambda row: row["kind"] == "fluoride"),
    "ch_caries_rate": _CARIES,
    "ch_caries_change": Made(_CARIES, "points"),
    "ch_dev_assessment": owed("ch_dev_assessment", "activity", lambda row: row["kind"] == "dev_assessment"),
    "ch_defect_correction": Stock(
        _defective,
        _corrected,
        basis="ytd",
        reads=_READS,
    ),
}
