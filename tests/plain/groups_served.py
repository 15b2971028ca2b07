"""S19, S30, S33: disabled, women of fertile age, floating residents."""

from __future__ import annotations

from tests.plain.district import District, parameter
from tests.plain.groups import enrolled, tagged, this_year
from tests.plain.patients import managed_at
from tests.plain.records import recorded_resident_at
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import resident_at, resident_of_year
from tests.plain.works import counted, ratio, standing


def _disabled(district: District, person: int, month: int) -> int | None:
    return resident_at(district, person, month) if tagged(district, person, month, "disabled") else None


def _disabled_of_year(district: District, person: int, month: int) -> int | None:
    return resident_of_year(district, person, month) if tagged(district, person, month, "disabled") else None


def _guided(district: District, person: int, month: int) -> bool:
    kinds = ("guidance", "rehab", "home_nursing")
    return this_year(district, person, month, "service", lambda row: row["kind"] in kinds)


def _woman(district: District, person: int, month: int) -> int | None:
    master = district.masters[person]
    if master["sex"] != 2 or master["born_month"] is None:
        return None
    years = (month - master["born_month"]) // 12
    fertile = parameter("women_from_age", month) <= years <= parameter("women_to_age", month)
    return resident_at(district, person, month) if fertile else None


def _registered(value: bool):
    return lambda d, p, m: resident_of_year(d, p, m) if d.masters[p]["registered"] is value else None


_KEY = ("child_visit", "dose", "maternal_visit", "followup", "checkup")


def _served(district: District, person: int, month: int) -> bool:
    """With a public-health service in the year so far; a visit to the doctor is none."""
    return any(this_year(district, person, month, table) for table in (*_KEY, "screening")) or this_year(
        district, person, month, "service", lambda row: row["kind"] != "update"
    )


def _key_services(district: District):
    rows = [row for table in _KEY for row in district.rows(table)]
    rows += [row for row in district.rows("service") if row["kind"] == "guidance"]
    for row in rows:
        if district.masters[row["person"]]["registered"] is False:
            yield row["unit"], row["month"], 1


CARDS = {
    "dis_registered": Stock(_disabled, lambda d, p, m: True, listed=None),
    "dis_guided_rate": Stock(_disabled_of_year, _guided, basis="ytd"),
    "rehab_equipment_use": ratio(
        "sample", "positive", "asked", lambda row: row["kind"] == "rehab_equipment_use"
    ),
    "rehab_plan": Stock(lambda d, p, m: managed_at(d, p, m, "rehab_plan"), lambda d, p, m: True, listed=None),
    "rehab_plan_rate": Stock(_disabled, lambda d, p, m: enrolled(d, p, m, "rehab_plan")),
    "fp_contraceptives": standing(
        "facility", lambda row: row["kind"] == "contraceptive_point" and row["working"] is True
    ),
    "fp_registration": Stock(
        _woman, lambda d, p, m: recorded_resident_at(d, p, m) is not None, band="f15-49"
    ),
    "fp_guidance": counted("service", lambda row: row["kind"] == "family_planning"),
    "fl_equal_service": Stock(_registered(False), _served, basis="ytd"),
    "fl_registered_service": Stock(_registered(True), _served, basis="ytd"),
    "fl_key_services": Flow(_key_services, reads=_KEY),
}
