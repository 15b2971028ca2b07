"""S02 设施与设备: areas, rooms and equipment of units, laboratory and beds."""

from __future__ import annotations

from tests.spec import ledgers, sorts
from tests.spec.harness import Spec

_ROOMS = [
    f"room_{name}" for name in ("consulting", "treatment", "observation", "pharmacy", "duty", "records")
]
_EQUIPMENT = [
    *("eq_stethoscope", "eq_sphygmomanometer", "eq_thermometer", "eq_glucometer", "eq_scale", "eq_bed"),
    *("eq_observation_bed", "eq_drug_cabinet", "eq_fridge", "eq_steriliser", "eq_visit_bag", "eq_first_aid"),
    *("eq_oxygen", "eq_sharps"),
]
_CLINICS = """
        unit
        code | kind   | parent | opened_on
        B    | bureau | -      | -
        C    | centre | B      | -
        K1   | clinic | C      | -
        K2   | clinic | C      | 2025-02-10
        """


def area(card: str, kind: str, enough: int) -> list[Spec]:
    """The mean area of clinics, and the clinics that have enough of it."""
    given = f"""{_CLINICS}
        facility
        unit | kind    | quantity     | start_on   | end_on
        K1   | {kind}  | {enough}     | 2025-01-05 | 2025-06-29
        K1   | {kind}  | {enough}.5   | 2025-07-01 | -
        K2   | {kind}  | {enough}     | 2025-09-01 | -
        K2   | {kind}  | {enough - 1}.9 | 2025-03-01 | 2025-08-31
        K2   | {kind}  | -            | 2025-03-01 | -           # nobody measured
        K2   | another | 999          | 2025-03-01 | -
        C    | {kind}  | 5000         | 2025-01-01 | -           # a centre's does not count
        """
    mean = {
        ("K1", "2025-01..2025-05"): (enough, 1),
        ("K1", "2025-06"): (0, 0),
        ("K1", "2025-07"): (enough + 1, 1),  # half a square metre is rounded up
        ("K2", "2025-02"): (0, 0),
        ("K2", "2025-03..2025-07"): (enough, 1),
        ("K2", "2025-08"): (enough, 1),
        ("C", "2025-03"): (enough + enough, 1 + 1),
    }
    met = {
        ("K1", "2025-01..2025-05"): (1, 1),
        ("K1", "2025-06"): (0, 1),
        ("K1", "2025-07"): (1, 1),
        ("K2", "2025-03..2025-08"): (0, 1),  # a tenth too small
        ("K2", "2025-09"): (1, 1),
        ("B", "2025-01"): (1, 1),
        ("B", "2025-09"): (1 + 1, 2),
    }
    return [
        Spec(card, "square metres of clinics over clinics for which they are known", given, mean),
        Spec(f"{card}_met", f"clinics with at least {enough} square metres, of open clinics", given, met),
    ]


SPECS = [
    *area("clinic_land_area", "land_area", 300),
    *area("clinic_medical_area", "medical_area", 80),
    ledgers.checked("clinic_six_rooms", _ROOMS, "K"),
    ledgers.checked("clinic_ancillary", ["has_kitchen", "has_well", "has_toilet"], "K"),
    sorts.checked("clinic_premises_ownership", "premises_village", "premises_free", 2, "clinic"),
    ledgers.checked("equipment_standard_rate", _EQUIPMENT, "K"),
    ledgers.checked("unified_identity", ["id_name", "id_sign", "id_seal", "id_rules"], "C"),
    ledgers.checked("smoke_free_org", ["smoke_free", "barrier_free", "one_doctor_room"], "C"),
    sorts.held_by("clinic_building_method", "document", "building_acceptance", "clinic"),
    Spec(
        "clinic_building_method",
        "an acceptance without a first day holds from the day on which it was issued",
        f"""{_CLINICS}
        document
        unit | kind                | day        | start_on   | end_on
        K1   | building_acceptance | 2025-03-05 | -          | -
        K2   | building_acceptance | 2025-03-05 | 2025-05-01 | -
        """,
        {("C", "2025-02"): (0, 2), ("C", "2025-03..2025-04"): (1, 2), ("C", "2025-05"): (1 + 1, 2)},
    ),
    ledgers.money_summed("equipment_investment", "equipment"),
    sorts.named("lab_item_count", "facility", "lab_item", "name"),
    sorts.in_use("lab_item_count", "lab_item"),
    Spec(
        "lab_turnaround",
        "minutes over the orders for which they are known",
        """
        lab_order
        unit | day        | minutes
        S1   | 2025-03-05 | 30
        S1   | 2025-03-31 | 90
        S1   | 2025-03-31 | 0
        S1   | 2025-03-31 | -        # not recorded
        S1   | 2025-04-01 | 45
        S3   | 2025-03-05 | 60
        """,
        {
            ("S1", "2025-03"): (30 + 90 + 0, 3),
            ("S1", "2025-04"): (45, 1),
            ("S3", "2025-03"): (60, 1),
            ("B", "2025-04", "ytd"): (120 + 45 + 60, 3 + 1 + 1),
        },
    ),
    Spec(
        "lab_tat_change",
        "the mean of the month, and of the year so far, against that of twelve months before",
        """
        lab_order
        unit | day        | minutes
        S1   | 2024-03-05 | 40
        S1   | 2024-03-06 | 60
        S1   | 2024-02-06 | 80
        S1   | 2025-03-05 | 35
        S1   | 2025-03-06 | -
        S1   | 2025-05-06 | 10
        S3   | 2024-03-06 | 0
        S3   | 2025-03-06 | 10
        """,
        {
            **{
                (unit, "2024-01..2026-12"): None for unit in ("S1", "S2", "S3")
            },  # S3: nothing compares with 0
            ("S1", "2025-03"): (35 - 50) / 50,  # (40 + 60) / 2 a year before
            ("S1", "2025-03", "ytd"): (35 - 60) / 60,  # (40 + 60 + 80) / 3
        },
    ),
    sorts.stands("beds", "facility", "beds", "quantity"),
    ledgers.sampled("bed_configuration", "bed_days"),
    sorts.stands("centre_dept_rooms", "facility", "consulting_room"),
    Spec(
        "centre_dept_rooms",
        "rooms for children are consulting rooms as well",
        """
        facility
        unit | kind            | start_on
        S1   | consulting_room | 2025-02-10
        S1   | paediatric_room | 2025-03-10
        """,
        {("S1", "2025-02"): 1, ("S1", "2025-03"): 1 + 1},
    ),
    sorts.stands("paediatric_rooms", "facility", "paediatric_room"),
    sorts.in_use("paediatric_rooms", "paediatric_room"),
    sorts.in_use("centre_dept_rooms", "consulting_room"),
    sorts.stands("rehab_area", "facility", "rehab_area", "quantity"),
    Spec(
        "rehab_area_change",
        "the area at the month's end against that of twelve months before",
        """
        facility
        unit | kind       | quantity | start_on   | end_on
        S1   | rehab_area | 100      | 2024-03-01 | -
        S1   | rehab_area | 50       | 2025-06-10 | -
        S1   | beds       | 50       | 2025-06-10 | -
        """,
        {
            ("S1", "2025-02"): None,
            ("S1", "2025-03..2025-05"): 0,
            ("S1", "2025-06..2026-05"): (150 - 100) / 100,
            ("S1", "2026-06"): 0,
        },
    ),
]
