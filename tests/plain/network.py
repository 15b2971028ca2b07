"""S01: which institutions there are, where they lie, what they hold and offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from tests.plain.district import District, parameter, remembered
from tests.plain.shapes import Flow, rolled_up
from tests.plain.works import (
    OfUnits,
    People,
    Standing,
    any_holding,
    holds,
    in_use,
    open_at_end,
    shared,
    standing,
    started,
    surveyed,
    tenths,
)

INSTITUTIONS = ("centre", "station")
ALL = ("centre", "station", "clinic")
PASSED = ("excellent", "good", "qualified")


def kind(*kinds: str):
    return lambda row: row["kind"] in kinds


@dataclass(frozen=True)
class Counted:
    """Anything counted month by month: ``at`` gives pairs of (unit, n) for a month; ``of`` those it is a part of."""

    at: Callable[[District, int], Iterable[tuple]]
    of: Callable[[District, int], Iterable[tuple]] | None = None
    basis: str = "as_of"
    reads: tuple[str, ...] = ()
    kinds: tuple[str, ...] | None = None

    @property
    def listed(self):
        return self.of

    def figures(self, district: District) -> dict[tuple, tuple]:
        numerator = self._sums(district, self.at)
        listed = None if self.of is None else self._sums(district, self.of)
        found = {}
        for unit in district.units:
            for month in district.months:
                of = None if listed is None else listed.get((unit, month), 0)
                found[unit, month, self.basis] = (numerator.get((unit, month), 0), of, of)
        return found

    @staticmethod
    def _sums(district: District, pairs):
        counts = Counter()
        for month in district.months:
            for unit, n in pairs(district, month):
                if unit is not None:
                    counts[unit, month] += n
        return rolled_up(district, counts)


def open_units(*kinds: str) -> Counted:
    def at(district: District, month: int):
        for unit, row in district.units.items():
            if row["kind"] in kinds and open_at_end(row, month):
                yield unit, 1

    return Counted(at)


def in_force(which: str):
    """For OfUnits: a document of the kind holds at the month's end."""
    return any_holding("document", kind(which))


# -- appraisals ---------------------------------------------------------------------------------------


def _results(which: str):
    @remembered
    def found(district: District) -> dict[int, list[dict]]:
        by_unit: dict[int, list[dict]] = {}
        for row in district.rows("appraisal"):
            if row["kind"] == which and row["grade"] is not None and row["unit"] is not None:
                by_unit.setdefault(row["unit"], []).append(row)
        for rows in by_unit.values():
            rows.sort(key=lambda row: (row["month"], row["day"], row["row_id"]))
        return by_unit

    return found


def latest_passed(which: str, years: int | None = None):
    """For OfUnits: the latest result of a kind up to the month is a pass, no older than ``years`` years' ends."""
    results = _results(which)

    def passed(district: District, unit: int, month: int) -> bool:
        so_far = [row for row in results(district).get(unit, ()) if row["month"] <= month]
        if not so_far:
            return False
        last = so_far[-1]
        too_old = years is not None and district.year_start(last["month"]) + 12 * years <= month
        return last["grade"] in PASSED and not too_old

    return passed


def _failed_twice(district: District, month: int):
    for unit, rows in _results("annual_inspection")(district).items():
        if unit not in district.units:
            continue
        if district.units[unit]["kind"] not in ALL or not open_at_end(district.units[unit], month):
            continue
        of_year: dict[int, dict] = {}
        for row in rows:  # in order: the last of a year remains
            of_year[district.year_start(row["month"])] = row
        begun = [year for year, row in of_year.items() if row["month"] <= month]
        if begun:
            year = max(begun)
            before = of_year.get(year - 12)
            failed = [row is not None and row["grade"] not in PASSED for row in (of_year[year], before)]
            if all(failed):
                yield unit, 1


# -- places -------------------------------------------------------------------------------------------


@remembered
def _place(district: District) -> dict[str, dict]:
    return {row["code"]: row for row in district.rows("place")}


def _divides(place: dict) -> bool:
    """Whether it is an administrative village or an urban community: what a town is divided into."""
    return place["level"] in ("village", "community")


def village_of(district: District, unit: dict) -> str | None:
    here = _place(district).get(unit.get("place_code"))
    if here is None:
        return None
    return here["parent_code"] if here["level"] == "group" else here["code"] if _divides(here) else None


def town_of(district: District, unit: dict) -> str | None:
    here = _place(district).get(unit.get("place_code"))
    if here is None:
        return None
    above = _place(district).get(here["parent_code"])
    if here["level"] == "group":
        return above["parent_code"] if above else None
    return here["parent_code"] if _divides(here) else here["code"] if here["level"] == "town" else None


def _registrar(district: District, place: dict) -> int | None:
    bureaus = [unit for unit, row in district.units.items() if row["kind"] == "bureau"]
    return place["unit"] if place["unit"] is not None else min(bureaus, default=None)


def _unit_of_village(district: District, village: dict) -> int | None:
    centres = [
        unit
        for unit, row in district.units.items()
        if row["kind"] == "centre"
        and village["parent_code"] is not None
        and town_of(district, row) == village["parent_code"]
    ]
    return min(centres, default=_registrar(district, village))


def _towns(district: District, month: int):
    for row in district.rows("place"):
        if row["level"] == "town":
            yield _registrar(district, row), 1


def _open(district: District, month: int, *kinds: str) -> list[dict]:
    return [row for row in district.units.values() if row["kind"] in kinds and open_at_end(row, month)]


def _served_towns(district: District, month: int):
    served = {town_of(district, row) for row in _open(district, month, *INSTITUTIONS)}
    for row in district.rows("place"):
        if row["level"] == "town" and row["code"] in served:
            yield _registrar(district, row), 1


def _villages(district: District):
    """Urban communities are none of them: the rule of one clinic each is about administrative villages."""
    return [row for row in district.rows("place") if row["level"] == "village" and row["seat"] is not True]


def _all_villages(district: District, month: int):
    for row in _villages(district):
        yield _unit_of_village(district, row), 1


def _one_clinic(district: District, month: int):
    clinics = [village_of(district, row) for row in _open(district, month, "clinic")]
    for row in _villages(district):
        if clinics.count(row["code"]) == 1:
            yield _unit_of_village(district, row), 1


def _dense(district: District) -> list[dict]:
    return [
        row
        for row in district.rows("place")
        if row["dense"] is True and (row["level"] == "town" or _divides(row))
    ]


def _unit_of_dense(district: District, place: dict) -> int | None:
    return (_unit_of_village if _divides(place) else _registrar)(district, place)


def _all_dense(district: District, month: int):
    for row in _dense(district):
        yield _unit_of_dense(district, row), 1


def _served_dense(district: District, month: int):
    served = {
        code
        for row in _open(district, month, *ALL)
        for code in (village_of(district, row), town_of(district, row))
    }
    for row in _dense(district):
        if row["code"] in served:
            yield _unit_of_dense(district, row), 1


def _units_in_dense(district: District, month: int):
    dense = {row["code"] for row in _dense(district)}
    for row in _open(district, month, *ALL):
        if {village_of(district, row), town_of(district, row)} & dense:
            yield row["unit"], 1


# -- single rules -------------------------------------------------------------------------------------


def _planned(district: District, month: int):
    for row in district.rows("document"):
        if row["kind"] == "site_plan" and holds(row["day"], None, month):
            yield row["unit"], 1


def _built(district: District, month: int):
    for row in district.rows("document"):
        if (
            row["kind"] == "site_plan"
            and holds(row["day"], None, month)
            and holds(row["start_on"], None, month)
        ):
            yield row["unit"], 1


@cache
def _within_km(km: float):
    return any_holding(
        "facility",
        lambda row: (
            row["kind"] == "service_radius_km" and row["quantity"] is not None and row["quantity"] <= km
        ),
    )


def _within_rule(district: District, unit: int, month: int) -> bool:
    rows = [
        row
        for row in district.rows("population")
        if (row["unit"], row["year"], row["kind"], row["band"]) == (unit, month // 12, "resident", "all")
    ]
    latest = max(
        rows,
        key=lambda row: (row["approved_on"] is not None, str(row["approved_on"]), row["row_id"]),
        default=None,
    )
    few = latest is not None and latest["persons"] <= parameter("clinic_people", month)
    return few or _within_km(parameter("clinic_radius_km", month))(district, unit, month)


_EDUCATION = (
    *("lecture", "consultation", "theme_day", "board", "window"),
    *("handout", "video", "he_prescription"),
)


@remembered
def _function_months(district: District) -> dict[tuple[int, int], set[int]]:
    """(unit, function) -> the months in which it was provided."""
    found: dict[tuple[int, int], set[int]] = {}

    def saw(number: int, table: str, fits=lambda row: True) -> None:
        for row in district.rows(table):
            if fits(row):
                found.setdefault((row["unit"], number), set()).add(row["month"])

    saw(1, "dose")
    for table in ("checkup", "child_visit", "maternal_visit"):
        saw(2, table)
    saw(3, "encounter")
    saw(4, "encounter", lambda row: row["department"] == "rehab")
    saw(4, "service", kind("rehab"))
    saw(5, "activity", kind(*_EDUCATION))
    saw(6, "service", kind("family_planning"))
    return found


def _functions(district: District, month: int):
    for (unit, _), months in _function_months(district).items():
        row = district.units.get(unit)
        if row and row["kind"] in INSTITUTIONS and open_at_end(row, month):
            yield unit, any(one in district.year_so_far(month) for one in months)


def _six(district: District, month: int):
    for row in _open(district, month, *INSTITUTIONS):
        yield row["unit"], 6


def _own_of_area(district: District):
    known = {
        row["month"]
        for row in district.rows("sample")
        if row["kind"] == "area_visits" and row["asked"] is not None and row["unit"] is not None
    }
    for row in district.rows("encounter"):
        if row["kind"] in ("outpatient", "emergency") and row["month"] in known:
            yield row["unit"], row["month"], 1, 0
    for row in district.rows("sample"):
        if row["kind"] == "area_visits":
            yield row["unit"], row["month"], 0, row["asked"] or 0


def _linked(district: District, unit: int, month: int) -> bool:
    parent = district.units.get(district.units[unit]["parent"])
    return parent is not None and parent["kind"] == "centre" and open_at_end(parent, month)


def _approvals(fits):
    return lambda d: (
        (row["unit"], started(row), row["end_on"])
        for row in d.rows("document")
        if row["kind"] == "setting_approval" and fits(row)
    )


CARDS = {
    "org_count_total": open_units(*INSTITUTIONS),
    "org_count_centre": open_units("centre"),
    "org_count_station": open_units("station"),
    "org_build_completion_rate": Counted(_built, _planned, reads=("document",)),
    "org_coverage_street_rate": Counted(_served_towns, _towns, kinds=("bureau",)),
    "org_standard_compliant_rate": OfUnits(
        INSTITUTIONS, latest_passed("standard_evaluation"), reads=("appraisal",)
    ),
    "org_service_population": People("all"),
    "village_clinic_per_village": Counted(_one_clinic, _all_villages, kinds=("centre",)),
    "clinic_service_unit_rule": OfUnits(("clinic",), _within_rule, reads=("facility",)),
    "org_licence_approval": OfUnits(ALL, in_force("practice_licence"), reads=("document",)),
    "org_approval_filed": Standing(
        _approvals(lambda row: row["good"] is True),
        listed=_approvals(lambda row: row["good"] is not None),
        reads=("document",),
    ),
    "org_annual_inspection_pass": OfUnits(
        ALL, latest_passed("annual_inspection", years=2), reads=("appraisal",)
    ),
    "org_inspection_failed_twice": Counted(_failed_twice, reads=("appraisal",), kinds=ALL),
    "org_independent_legal_entity": OfUnits(INSTITUTIONS, in_force("legal_entity"), reads=("document",)),
    "six_functions_present": Counted(_functions, _six, basis="ytd", kinds=INSTITUTIONS),
    "opc_share_community": Flow(_own_of_area, of=True, reads=("sample",), kinds=("bureau",)),
    "baseline_survey_items": surveyed("baseline_survey"),
    "three_level_network": OfUnits(("clinic",), _linked),
    "floating_population_sites": Counted(_units_in_dense),
    "floating_population_covered": Counted(_served_dense, _all_dense, kinds=("centre",)),
    "emergency_capacity_hours": standing(
        "facility", in_use("extended_hours"), lambda row: tenths(row["quantity"])
    ),
    "org_provincial_acceptance": shared(
        "appraisal",
        lambda row: row["grade"] in PASSED,
        lambda row: row["kind"] == "acceptance" and row["grade"] is not None,
    ),
    "org_planned_with_new_estates": shared(
        "document",
        lambda row: row["good"],
        lambda row: row["kind"] == "estate_plan" and row["day"] is not None and row["good"] is not None,
    ),
}
