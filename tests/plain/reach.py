"""S01, S02, S33: how far people live from a unit, counted slowly; distances by Vincenty's formula of 1975."""

from __future__ import annotations

from collections import Counter
from functools import cache
from math import atan, atan2, cos, radians, sin, sqrt, tan

from tests.plain.district import District, parameter, remembered
from tests.plain.network import Counted, _open, _unit_of_village, _villages, village_of
from tests.plain.shapes import Stock
from tests.plain.stay import resident_at
from tests.plain.works import any_holding

CLINIC = ("clinic",)
_A, _F = 6378137.0, 1 / 298.257223563


@cache
def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The geodesic on the ellipsoid of WGS-84."""
    if (lon1, lat1) == (lon2, lat2):
        return 0.0
    b = _A * (1 - _F)
    u1, u2 = (atan((1 - _F) * tan(radians(lat))) for lat in (lat1, lat2))
    wide = lam = radians(lon2 - lon1)
    while True:
        across = cos(u2) * sin(lam)
        along = cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lam)
        sine = sqrt(across**2 + along**2)
        cosine = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lam)
        sigma = atan2(sine, cosine)
        alpha = cos(u1) * cos(u2) * sin(lam) / sine
        free = 1 - alpha**2
        middle = cosine - 2 * sin(u1) * sin(u2) / free if free else 0.0
        c = _F / 16 * free * (4 + _F * (4 - 3 * free))
        bend = sigma + c * sine * (middle + c * cosine * (2 * middle**2 - 1))
        lam, before = wide + (1 - c) * _F * alpha * bend, lam
        if abs(lam - before) < 1e-13:
            break
    k = free * (_A**2 - b**2) / b**2
    big = 1 + k / 16384 * (4096 + k * (k * (320 - 175 * k) - 768))
    small = k / 1024 * (256 + k * (k * (74 - 47 * k) - 128))
    inner = cosine * (2 * middle**2 - 1) - small / 6 * middle * (4 * sine**2 - 3) * (4 * middle**2 - 3)
    return b * big * (sigma - small * sine * (middle + small / 4 * inner))


def _point(row: dict | None) -> tuple[float, float] | None:
    if row is None or row.get("lon") is None or row.get("lat") is None:
        return None
    return row["lon"], row["lat"]


@remembered
def _located(district: District, month: int) -> list[dict]:
    """Open units with coordinates, but the bureau."""
    return [row for row in _open(district, month, "centre", "station", "clinic") if _point(row)]


def _nearest(district: District, month: int, point: tuple, but: int | None = None) -> tuple | None:
    """(unit, whole metres); of those equally near the smallest number."""
    ways = sorted(
        (metres(*point, *_point(row)), row["unit"]) for row in _located(district, month) if row["unit"] != but
    )
    if not ways:
        return None
    return min(unit for way, unit in ways if way <= ways[0][0] + 1e-3), round(ways[0][0])


@remembered
def _places(district: District) -> dict[int, dict]:
    return {row["place"]: row for row in district.rows("place")}


@remembered
def _home(district: District, person: int) -> tuple | None:
    """The coordinates of the place that the register names last, else the health record."""
    for table, day in (("residence", "start_on"), ("health_record", "created_on")):
        rows = [row for row in district.of(person, table) if row["place"] is not None]
        if rows:
            last = max(rows, key=lambda row: (row[day], row["place"]))
            return _point(_places(district).get(last["place"]))
    return None


@remembered
def _of_point(district: District, month: int, point: tuple) -> tuple:
    """The nearest unit and the next one."""
    first = _nearest(district, month, point)
    return first, first and _nearest(district, month, point, first[0])


def near(district: District, person: int, month: int) -> tuple | None:
    """(unit, metres) of the nearest unit, where anything is known."""
    point = _home(district, person)
    return _of_point(district, month, point)[0] if point else None


def _within(found: tuple | None, month: int) -> bool:
    return found is not None and found[1] <= parameter("clinic_radius_km", month) * 1000


def _close(district: District, person: int, month: int) -> bool:
    return _within(near(district, person, month), month)


def _has_choice(district: District, person: int, month: int) -> bool:
    point = _home(district, person)
    return point is not None and _within(_of_point(district, month, point)[1], month)


def _is_located(district: District, person: int, month: int) -> bool:
    return near(district, person, month) is not None


def _floating(district: District, person: int, month: int) -> int | None:
    master = district.masters[person]
    return resident_at(district, person, month) if master["registered"] is False else None


# -- clinics ------------------------------------------------------------------------------------------


@remembered
def _people(district: District, month: int) -> tuple[Counter, Counter]:
    """For how many each unit is the nearest, and how many of these live within the radius."""
    all_, close = Counter(), Counter()
    for person in district.persons:
        found = near(district, person, month)
        if found and resident_at(district, person, month) is not None:
            all_[found[0]] += 1
            close[found[0]] += _within(found, month)
    return all_, close


def _clinics(district: District, month: int):
    return [row["unit"] for row in _located(district, month) if row["kind"] == "clinic"]


def _all_clinics(district: District, month: int):
    yield from ((unit, 1) for unit in _clinics(district, month))


def _clinics_where_places_are_known(district: District, month: int):
    if any(_point(row) for row in district.rows("place")):
        yield from _all_clinics(district, month)


def _few(district: District, month: int):
    for unit, _ in _clinics_where_places_are_known(district, month):
        if _people(district, month)[0][unit] <= parameter("clinic_people", month):
            yield unit, 1


def _with_people(district: District, month: int):
    yield from ((unit, 1) for unit in _clinics(district, month) if _people(district, month)[0][unit])


def _mostly_close(district: District, month: int):
    all_, close = _people(district, month)
    for unit, _ in _with_people(district, month):
        if close[unit] * 100 >= all_[unit] * parameter("radius_share_pct", month):
            yield unit, 1


def _overlapping(district: District, month: int):
    for row in _located(district, month):
        if row["kind"] == "clinic":
            other = _nearest(district, month, _point(row), row["unit"])
            if other and other[1] < parameter("overlap_km", month) * 1000:
                yield row["unit"], 1


# -- villages, areas ----------------------------------------------------------------------------------


def _villages_with(fits):
    def at(district: District, month: int):
        clinics = [village_of(district, row) for row in _open(district, month, "clinic")]
        for row in _villages(district):
            if fits(clinics.count(row["code"])):
                yield _unit_of_village(district, row), 1

    return Counted(at, kinds=("centre",))


@cache
def _has_area(enough: float):
    return any_holding(
        "facility",
        lambda row: (
            row["kind"] == "medical_area" and row["quantity"] is not None and row["quantity"] >= enough
        ),
    )


def _near_clinic(district: District, person: int, month: int) -> bool:
    found = near(district, person, month)
    return found is not None and district.units[found[0]]["kind"] == "clinic"


def _near_large_clinic(district: District, person: int, month: int) -> bool:
    if not _near_clinic(district, person, month):
        return False
    unit, _ = near(district, person, month)
    return _has_area(parameter("clinic_medical_m2", month))(district, unit, month)


CARDS = {
    "reach_within_radius": Stock(resident_at, _close, _is_located),
    "reach_second_choice": Stock(resident_at, _has_choice, _close),
    "fl_within_radius": Stock(_floating, _close, _is_located),
    "clinic_nearest_people": Counted(_few, _clinics_where_places_are_known, kinds=CLINIC),
    "clinic_radius_share": Counted(_mostly_close, _with_people, kinds=CLINIC),
    "village_without_clinic": _villages_with(lambda clinics: clinics == 0),
    "village_several_clinics": _villages_with(lambda clinics: clinics >= 2),
    "clinic_overlap": Counted(_overlapping, _all_clinics, kinds=CLINIC),
    "clinic_area_nearest": Stock(resident_at, _near_large_clinic, _near_clinic, reads=("facility",)),
}
