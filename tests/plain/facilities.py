"""S02 and S24: rooms, areas, equipment, laboratory, beds; clinics and their centres managed as one."""

from __future__ import annotations

from functools import cache

from tests.plain.chinese_medicine import names
from tests.plain.district import District, parameter
from tests.plain.network import in_force, kind
from tests.plain.shapes import Flow
from tests.plain.works import (
    Checked,
    Made,
    OfUnits,
    Standing,
    any_holding,
    counted,
    in_use,
    owed,
    standing,
    surveyed,
    whole,
)

CLINIC = ("clinic",)


def at(kinds: tuple[str, ...]):
    """Whether a row's unit is of one of the kinds."""

    def fits(district: District, row: dict) -> bool:
        unit = district.units.get(row["unit"])
        return unit is not None and unit["kind"] in kinds

    return fits


def _area(which: str) -> Standing:
    def rows(district: District):
        for row in district.rows("facility"):
            if row["kind"] == which and row["quantity"] is not None and at(CLINIC)(district, row):
                yield row

    return Standing(
        lambda d: ((r["unit"], r["start_on"], r["end_on"], whole(r["quantity"])) for r in rows(d)),
        listed=lambda d: ((r["unit"], r["start_on"], r["end_on"]) for r in rows(d)),
        reads=("facility",),
        kinds=CLINIC,
    )


def _enough(which: str, least: str) -> OfUnits:
    @cache
    def at(enough: float):
        return any_holding(
            "facility",
            lambda row: row["kind"] == which and row["quantity"] is not None and row["quantity"] >= enough,
        )

    def held(district: District, unit: int, month: int) -> bool:
        return at(parameter(least, month))(district, unit, month)

    return OfUnits(CLINIC, held, reads=("facility",))


def _minutes(district: District):
    for row in district.rows("lab_order"):
        if row["minutes"] is not None:
            yield row["unit"], row["month"], row["minutes"], 1


def _quantity(row: dict) -> int | None:
    return whole(row["quantity"])


_TURNAROUND = Flow(_minutes, of=True, reads=("lab_order",))
_REHAB_AREA = standing("facility", kind("rehab_area"), _quantity)


def _clinics_with(which: str) -> OfUnits:
    held = any_holding("facility", in_use(which))
    return OfUnits(CLINIC, held, reads=("facility",))


def _signed(which: str):
    return lambda row: row["kind"] == which and row["day"] is not None


CARDS = {
    "clinic_land_area": _area("land_area"),
    "clinic_land_area_met": _enough("land_area", "clinic_land_m2"),
    "clinic_medical_area": _area("medical_area"),
    "clinic_medical_area_met": _enough("medical_area", "clinic_medical_m2"),
    "clinic_six_rooms": Checked("clinic_six_rooms", CLINIC),
    "clinic_ancillary": Checked("clinic_ancillary", CLINIC),
    "clinic_premises_ownership": Checked("clinic_premises_ownership", CLINIC),
    "clinic_building_method": OfUnits(CLINIC, in_force("building_acceptance"), reads=("document",)),
    "equipment_standard_rate": Checked("equipment_standard_rate", ("station", "clinic")),
    "equipment_investment": counted(
        "money", lambda row: row["account"] == "equipment", lambda row: row["amount"]
    ),
    "lab_item_count": names("facility", "name", in_use("lab_item")),
    "lab_turnaround": _TURNAROUND,
    "lab_tat_change": Made(_TURNAROUND, "relative"),
    "unified_identity": Checked("unified_identity", ("centre", "station", "clinic")),
    "smoke_free_org": Checked("smoke_free_org", ("centre", "station")),
    "bed_configuration": surveyed("bed_days"),
    "beds": standing("facility", kind("beds"), _quantity),
    "centre_dept_rooms": standing("facility", in_use("consulting_room", "paediatric_room")),
    "paediatric_rooms": standing("facility", in_use("paediatric_room")),
    "rehab_area": _REHAB_AREA,
    "rehab_area_change": Made(_REHAB_AREA, "relative"),
    # S24
    "int_five_unifications": Checked("int_five_unifications", CLINIC),
    "int_four_unify_one_separate": Checked("int_four_unify_one_separate", CLINIC),
    "int_four_unify_build": Checked("int_four_unify_build", ("station", "clinic")),
    "int_public_built_run": _clinics_with("public_built_run"),
    "int_town_mgmt_village_use": standing(
        "staff",
        lambda row: row["employer"] == "town",
        among=lambda row: row["role"] == "village_doctor" and row["employer"] is not None,
    ),
    "int_coverage_rate": _clinics_with("integrated"),
    "int_target_letter": owed("int_target_letter", "document", _signed("responsibility_letter")),
    "int_leading_group": Checked("int_leading_group", ("bureau",)),
    "int_dedicated_person": OfUnits(
        ("centre", "clinic"),
        any_holding("staff", lambda row: "integration" in (row["duty"] or "").split("、")),
        reads=("staff",),
    ),
    "int_meeting_monthly": owed("int_meeting_monthly", "activity", kind("clinic_heads_meeting")),
    "int_info_sharing": _clinics_with("record_sharing"),
    "int_resource_sharing": Checked("int_resource_sharing", ("centre", "clinic")),
    "int_circuit_visits": owed("int_circuit_visits", "activity", kind("circuit_visit")),
    "int_circuit_visit_count": counted("activity", kind("circuit_visit")),
    "int_impl_plan": owed("int_impl_plan", "document", _signed("int_plan")),
}
