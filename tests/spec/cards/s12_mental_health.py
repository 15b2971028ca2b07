"""S12 severe mental disorder: contacts in time, the last one of the year, home visits by month."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.table import standard, units_with

_PATIENTS = """
        enrolment
        person | programme | start_on   | end_on
        ann    | smi       | 2024-01-10 | -
        bob    | smi       | 2024-01-10 | -
        cat    | smi       | 2025-04-10 | -
        dan    | htn       | 2024-01-10 | -            # another programme
        eve    | smi       | 2024-01-10 | 2024-11-30   # over before the year""".strip()


def _last(card: str, adherence: tuple[str, str, str]) -> Spec:
    """Counted at the last follow-up of the year; ``adherence`` of ann, then bob's first and last."""
    return Spec(
        card,
        "by the last follow-up of the year, of any mode; none this year is not counted",
        f"""
        {_PATIENTS}

        followup
        person | programme | mode   | day        | adherence
        ann    | smi       | phone  | 2025-03-05 | {adherence[0]}
        bob    | smi       | clinic | 2025-02-05 | {adherence[1]}
        bob    | smi       | clinic | 2025-05-05 | {adherence[2]}
        cat    | htn       | clinic | 2025-05-05 | regular
        ann    | smi       | phone  | 2024-03-05 | none
        """,
        {
            ("S1", "2025-01"): (0, "ann bob"),
            ("S1", "2025-02"): ("bob", "ann bob"),
            ("S1", "2025-03"): ("ann bob", "ann bob"),
            ("S1", "2025-04"): ("ann bob", "ann bob cat"),
            ("S1", "2025-05..2025-12"): ("ann", "ann bob cat"),
            ("S1", "2026-01"): (0, "ann bob cat"),
        },
    )


_APART = f"""
        {_PATIENTS}

        followup
        person | programme | mode    | day        | inpatient
        ann    | smi       | clinic  | 2025-03-31 | -
        ann    | smi       | home    | 2025-06-15 | -
        ann    | smi       | station | 2025-09-01 | -
        ann    | smi       | home    | 2025-12-20 | -
        bob    | smi       | clinic  | 2025-02-01 | -
        bob    | smi       | clinic  | 2025-06-01 | -        # owed by May
        bob    | htn       | clinic  | 2025-04-01 | -        # another programme's
        cat    | smi       | phone   | 2025-06-10 | no       # not face to face
        cat    | smi       | phone   | 2025-07-10 | yes      # in hospital: seen there
"""

SPECS = [
    Spec(
        "mh_standard_rate",
        "never more than three months between contacts, from the year's beginning or enrolment to now",
        _APART,
        {
            ("S1", "2025-01..2025-03"): ("ann bob", "ann bob"),
            ("S1", "2025-04"): ("ann bob cat", "ann bob cat"),
            ("S1", "2025-05..2025-09"): ("ann cat", "ann bob cat"),
            ("S1", "2025-10..2025-12"): ("ann", "ann bob cat"),
            ("S1", "2026-01..2026-02"): ("ann bob cat", "ann bob cat"),
            ("S1", "2026-03"): (0, "ann bob cat"),
        },
    ),
    Spec(
        "mh_home_mgmt_rate",
        "of those not in hospital at the last follow-up; whom nobody has seen yet is at home",
        _APART,
        {
            ("S1", "2025-01..2025-03"): ("ann bob", "ann bob"),
            ("S1", "2025-04"): ("ann bob cat", "ann bob cat"),
            ("S1", "2025-05..2025-06"): ("ann cat", "ann bob cat"),
            ("S1", "2025-07..2025-12"): ("ann", "ann bob"),
            ("S1", "2026-03"): (0, "ann bob cat"),
        },
    ),
    Spec(
        "mh_mgmt_rate",
        "any follow-up of the year, whatever its mode",
        _APART,
        {
            ("S1", "2025-01"): (0, "ann bob"),
            ("S1", "2025-02"): ("bob", "ann bob"),
            ("S1", "2025-05"): ("ann bob", "ann bob cat"),
            ("S1", "2025-06..2025-12"): ("ann bob cat", "ann bob cat"),
            ("S1", "2024-12"): (0, "ann bob eve"),
        },
    ),
    Spec(
        "mh_case_count",
        "persons followed up in the year, each once",
        _APART,
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02"): "bob",
            ("S1", "2025-03..2025-05"): "ann bob",
            ("S1", "2025-06..2025-12"): "ann bob cat",
        },
    ),
    Spec(
        "mh_faceface_rate",
        "seen in clinic, station, community or at home",
        _APART,
        {
            ("S1", "2025-02"): ("bob", "ann bob"),
            ("S1", "2025-03"): ("ann bob", "ann bob"),
            ("S1", "2025-04..2025-12"): ("ann bob", "ann bob cat"),
        },
    ),
    Spec(
        "mh_registered",
        "managed at the month's end",
        f"\n{_PATIENTS}\n",
        {
            ("S1", "2024-01..2024-11"): "ann bob eve",
            ("S1", "2024-12"): "ann bob",
            ("S1", "2025-04"): "ann bob cat",
        },
    ),
    Spec(
        "mh_register_rate",
        "registered residents over the population; a floating person counts after six months",
        f"""
        person
        person | registered | arrived_on
        cat    | no         | 2025-01-31    # a resident from July

        {_PATIENTS}

        population
        unit | year | band | persons
        S1   | 2025 | all  | 400
        S1   | 2025 | 0-6  | 40
        """,
        {
            ("S1", "2025-04..2025-06"): (2, 400),
            ("S1", "2025-07"): (3, 400),
        },
    ),
    Spec(
        "mh_monthly_visit",
        "months with a home visit over months managed",
        """
        enrolment
        person | programme | start_on   | end_on
        ann    | smi       | 2025-02-10 | 2025-05-10
        bob    | smi       | 2025-04-10 | 2025-05-10
        dan    | dm        | 2025-02-10 | -

        followup
        unit | person | programme | mode   | day
        S1   | ann    | smi       | home   | 2025-02-11
        S1   | ann    | smi       | clinic | 2025-03-11     # not at home
        S2   | ann    | smi       | home   | 2025-04-11     # by another unit
        S1   | ann    | smi       | home   | 2025-04-12     # twice is once
        S1   | bob    | htn       | home   | 2025-05-11
        """,
        {
            ("S1", "2025-02"): (1, 1),
            ("S1", "2025-03"): (0, 1),
            ("S1", "2025-04"): (1, 2),
            ("S1", "2025-05"): (0, 2),
            ("S1", "2025-05", "ytd"): (1 + 0 + 1 + 0, 1 + 1 + 2 + 2),
        },
    ),
    _last("mh_medication_rate", ("irregular", "regular", "none")),
    _last("mh_regular_medication_rate", ("regular", "regular", "irregular")),
    Spec(
        "mh_stable_rate",
        "stable at the last follow-up of those not in hospital; without one at home and not stable",
        f"""
        {_PATIENTS}

        followup
        person | programme | mode   | day        | condition | inpatient
        ann    | smi       | phone  | 2025-03-05 | stable    | no
        bob    | smi       | clinic | 2025-02-05 | stable    | -
        bob    | smi       | clinic | 2025-05-05 | basic     | -
        cat    | smi       | clinic | 2025-05-05 | stable    | yes
        """,
        {
            ("S1", "2025-01"): (0, "ann bob"),
            ("S1", "2025-02"): ("bob", "ann bob"),
            ("S1", "2025-03"): ("ann bob", "ann bob"),
            ("S1", "2025-04"): ("ann bob", "ann bob cat"),
            ("S1", "2025-05..2025-12"): ("ann", "ann bob"),
        },
    ),
    Spec(
        "mh_annual_exam",
        "any health check of the year",
        f"""
        {_PATIENTS}

        checkup
        person | day
        ann    | 2025-03-05
        bob    | 2024-12-05
        dan    | 2025-03-05
        """,
        {
            ("S1", "2025-02"): (0, "ann bob"),
            ("S1", "2025-03"): ("ann", "ann bob"),
            ("S1", "2025-04..2025-12"): ("ann", "ann bob cat"),
        },
    ),
    Spec(
        "mh_incident_count",
        "in the month in which it happened",
        """
        health_event
        unit | person | kind            | day
        S1   | ann    | mental_incident | 2025-03-05
        S1   | ann    | mental_incident | 2025-03-25
        S2   | bob    | mental_incident | 2025-04-01
        S1   | ann    | fall            | 2025-03-05
        """,
        {("S1", "2025-03"): 2, ("S2", "2025-04"): 1},
    ),
    Spec(
        "mh_rehab",
        "patients who take part at some time of the year",
        """
        enrolment
        person | programme | start_on   | end_on
        ann    | smi       | 2024-01-10 | -
        bob    | smi       | 2024-01-10 | -
        ann    | rehab     | 2025-03-10 | 2025-06-10
        cat    | rehab     | 2025-03-10 | -            # no patient
        """,
        {("S1", "2025-02"): 0, ("S1", "2025-03..2025-12"): "ann", ("S1", "2026-01"): 0},
    ),
    units_with("mh_emergency_plan", "document", "kind", "mental_plan", "phe_plan"),
    Spec(
        "mh_screen",
        "persons screened in the year, each once, at the unit of the first screening",
        """
        screening
        unit | person | kind   | day
        S1   | ann    | mental | 2025-03-05
        S2   | ann    | mental | 2025-03-25
        S2   | bob    | mental | 2025-04-25
        S1   | cat    | vision | 2025-03-25
        S1   | dan    | mental | 2024-03-25    # another year
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03..2025-12"): "ann",
            ("S2", "2025-03"): 0,
            ("S2", "2025-04..2025-12"): "bob",
            ("C1", "2025-12"): 2,
        },
    ),
    Spec(
        "mh_discharge_transfer",
        "taken over within ten days of discharge",
        """
        health_event
        person | kind             | day        | handled_on
        ann    | mental_discharge | 2025-03-05 | 2025-03-15    # ten days
        bob    | mental_discharge | 2025-03-05 | 2025-03-16
        cat    | mental_discharge | 2025-03-31 | -
        dan    | death            | 2025-03-05 | 2025-03-06
        """,
        {("S1", "2025-03"): ("ann", "ann bob cat")},
    ),
    standard("mh_privacy", "mh_privacy_locked", "mh_privacy_duty", "mh_privacy_no_display"),
    Spec(
        "mh_county_rehab_centre",
        "institutions at work at the month's end",
        """
        facility
        unit | kind              | start_on   | end_on     | working
        B    | psychiatric_rehab | 2025-03-10 | 2026-03-30 | yes
        B    | psychiatric_rehab | 2025-03-10 | -          | no
        B    | school            | 2025-03-10 | -          | yes
        """,
        {("B", "2025-02"): 0, ("B", "2025-03..2026-02"): 1, ("B", "2026-03"): 0},
    ),
]
