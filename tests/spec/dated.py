"""Figures across a change of each parameter, counted by hand. Run as a process of its own, prints JSON.

Every parameter gets a second value on 1 July 2025, in a bureau's own file; rules read parameters when they
are imported, so the file lies in the folder that JICENG_HOME names before this process begins. Each table
shows a month before the change and one after it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.spec import dated_care, dated_reach

FROM = "2025-07-01"
SECOND = {
    "sbp_goal": 130,
    "sbp_goal_elder": 140,
    "dbp_goal": 80,
    "elder_bp_age": 80,
    "fpg_goal": 6.1,
    "sbp_low": 70,
    "sbp_high": 250,
    "dbp_low": 40,
    "dbp_high": 150,
    "fpg_low": 2,
    "fpg_high": 30,
    "contacts_per_year": 6,
    "resident_months": 12,
    "elder_age": 60,
    "cognitive_age": 75,
    "flu_age": 65,
    "dose_grace_months": 3,
    "due_floating": 0,
    "hepb_first_hours": 12,
    "observation_minutes": 20,
    "first_visit_bp_age": 30,
    "emergency_minutes": 60,
    "handover_months": 2,
    "htn_estimate": 0.5,
    "dm_estimate": 0.2,
    "phone_counts": 1,
    "keep_departed": 0,
    "use_electronic": 0,
    "use_rolling": 1,
    "coverage_kind": 3,
    **dated_care.SECOND,
    **dated_reach.SECOND,
}


def everything_changed() -> str:
    """The same with a second value of every other parameter, one more (of a share a tenth less) than its last."""
    from metrics.standards import CALENDAR, shipped_parameters

    rows = [own_file()]
    for key, values in shipped_parameters().items():
        if key not in SECOND and key not in CALENDAR:
            last = values[-1].value
            second = round(last * 0.9, 4) if last < 1 or key.endswith(("_share", "_pct")) else last + 1
            rows.append(f"{key},{FROM},{second:g},局文〔2025〕7号\n")
    return "".join(rows)


def own_file() -> str:
    """The bureau's file with every second value."""
    return "key,from,value,source\n" + "".join(
        f"{key},{FROM},{v},局文〔2025〕7号\n" for key, v in SECOND.items()
    )


def _last_reading(programme: str, columns: str, before: str, after: str, good: str, born_on: str) -> str:
    """ann has a reading on the last day of the old value, bob the same on the first of the new one, cat a good one."""
    return f"""
        person
        person | born_on
        ann    | {born_on}
        bob    | {born_on}
        cat    | 1940-01-01

        enrolment
        person | programme   | start_on
        ann    | {programme} | 2024-05-01
        bob    | {programme} | 2024-05-01
        cat    | {programme} | 2024-05-01

        followup
        person | programme   | day        | mode   | {columns}
        ann    | {programme} | 2025-06-30 | clinic | {before}
        bob    | {programme} | 2025-07-01 | clinic | {after}
        cat    | {programme} | 2025-07-02 | clinic | {good}
        """


# ann's reading keeps the value of its day: she is at goal in July as in June.
_AT_GOAL = {("S1", "2025-06"): ("ann", 3), ("S1", "2025-07"): ("ann cat", 3)}


def _control(shows: str, reading: str, good: str, born_on: str = "1980-01-01", again: str = "") -> tuple:
    given = _last_reading("htn", "sbp | dbp", reading, again or reading, good, born_on)
    return "htn_control_rate", shows, given, _AT_GOAL


def _glucose(shows: str, reading: str, good: str) -> tuple:
    return (
        "dm_control_rate",
        shows,
        _last_reading("dm", "fpg", reading, reading, good, "1980-01-01"),
        _AT_GOAL,
    )


def _found(shows: str, columns: str, reading: str, still: str) -> tuple:
    """Found at a check in June, no more by the same reading in July, still by another; due 1, then 2 months later."""
    given = f"""
        checkup
        person | day        | {columns}
        ann    | 2025-06-15 | {reading}
        bob    | 2025-07-15 | {reading}
        cat    | 2025-07-15 | {still}
        """
    return "el_chronic_handover", shows, given, {("S1", "2025-07"): (0, 1), ("S1", "2025-09"): (0, 1)}


_TABLES = {
    "sbp_goal": [_control("135 is below 140, not below 130", "135 | 75", "135 | 75")],  # cat is 85
    "dbp_goal": [_control("85 is below 90, not below 80", "120 | 85", "120 | 79")],
    "sbp_goal_elder": [
        _control("at 85: 145 is below 150, not below 140", "145 | 75", "139 | 75", "1940-01-01")
    ],
    "elder_bp_age": [
        _control(
            "at 70: 149 is below 150; then 135 would be below the elder goal of 140, but the goal is 130",
            "149 | 75",
            "139 | 75",
            "1955-01-01",
            again="135 | 75",
        )
    ],
    "sbp_low": [_control("65 is a reading, then none", "65 | 45", "70 | 45")],
    "dbp_low": [_control("35 is a reading, then none", "100 | 35", "100 | 40")],
    "fpg_goal": [_glucose("6.5 is below 7.0, not below 6.1", "6.5", "6.0")],
    "fpg_low": [_glucose("1.5 is a reading, then none", "1.5", "2.0")],
    "sbp_high": [_found("260 is a reading, then none", "sbp | dbp", "260 | 95", "200 | 95")],
    "dbp_high": [_found("180 is a reading, then none", "sbp | dbp", "210 | 180", "210 | 140")],
    "fpg_high": [_found("40 is a reading, then none", "fpg", "40", "25")],
    "handover_months": [
        (
            "el_chronic_handover",
            "found in June: enrolled by July; found in July: by September",
            """
            checkup
            person | day        | sbp | dbp
            ann    | 2025-06-15 | 160 | 95
            bob    | 2025-07-15 | 160 | 95

            enrolment
            person | programme | start_on
            ann    | htn       | 2025-08-05     # in the month after: late
            bob    | htn       | 2025-09-05
            """,
            {("S1", "2025-07"): (0, "ann"), ("S1", "2025-09"): ("bob", "bob")},
        )
    ],
    "contacts_per_year": [
        (
            "htn_standard_rate",
            "a year asks for what is in force when it begins: 4 in 2025, 6 in 2026",
            """
            enrolment
            person | programme | start_on
            ann    | htn       | 2024-05-01
            bob    | htn       | 2024-05-01

            checkup
            person | day
            ann    | 2025-02-01
            ann    | 2026-02-01
            bob    | 2026-02-01

            followup
            person | programme | day        | mode
            ann    | htn       | 2025-02-01 | clinic
            ann    | htn       | 2025-05-01 | clinic
            ann    | htn       | 2025-08-01 | clinic
            ann    | htn       | 2025-11-01 | clinic     # the fourth
            ann    | htn       | 2026-02-01 | clinic
            ann    | htn       | 2026-04-01 | clinic
            ann    | htn       | 2026-06-01 | clinic
            ann    | htn       | 2026-08-01 | clinic     # four of six
            bob    | htn       | 2026-01-05 | clinic
            bob    | htn       | 2026-03-05 | clinic
            bob    | htn       | 2026-05-05 | clinic
            bob    | htn       | 2026-07-05 | clinic
            bob    | htn       | 2026-09-05 | clinic
            bob    | htn       | 2026-11-05 | clinic     # the sixth
            """,
            {
                ("S1", "2025-10"): (0, 2),
                ("S1", "2025-11..2025-12"): ("ann", 2),
                ("S1", "2026-10"): (0, 2),
                ("S1", "2026-11..2026-12"): ("bob", 2),
            },
        ),
        (
            "htn_on_schedule_rate",
            "one contact suffices to June by 4 a year (4 x 181 / 365 = 1.98), to April by 6 (6 x 120 / 365 = 1.97)",
            """
            enrolment
            person | programme | start_on
            ann    | htn       | 2024-05-01

            followup
            person | programme | day        | mode
            ann    | htn       | 2025-02-10 | clinic
            ann    | htn       | 2026-02-10 | clinic
            """,
            {
                ("S1", "2025-01..2025-06"): ("ann", 1),
                ("S1", "2025-07..2025-12"): (0, 1),
                ("S1", "2026-01..2026-04"): ("ann", 1),
                ("S1", "2026-05..2026-12"): (0, 1),
            },
        ),
    ],
    "phone_counts": [
        (
            "htn_on_schedule_rate",
            "two contacts are owed by the end of July: a call of June is none, one of July is",
            """
            enrolment
            person | programme | start_on
            ann    | htn       | 2024-05-01
            bob    | htn       | 2024-05-01

            followup
            person | programme | day        | mode
            ann    | htn       | 2025-02-10 | clinic
            ann    | htn       | 2025-06-30 | phone
            bob    | htn       | 2025-02-10 | clinic
            bob    | htn       | 2025-07-01 | phone
            """,
            {("S1", "2025-06"): ("ann bob", 2), ("S1", "2025-07"): ("bob", 2)},
        )
    ],
    "resident_months": [
        (
            "el_highrisk_listed",
            "here since December 2024: six months are complete in June, twelve in December",
            """
            person
            person | registered | arrived_on
            ann    | no         | 2024-12-10

            person_tag
            person | tag             | start_on
            ann    | high_risk_elder | 2024-01-01
            """,
            {
                ("S1", "2025-05"): 0,
                ("S1", "2025-06"): "ann",
                ("S1", "2025-07..2025-11"): 0,
                ("S1", "2025-12..2026-12"): "ann",
            },
        ),
        (
            "op_utilisation_trust",
            "who was a resident in June by six months is none of July's year by twelve",
            """
            person
            person | registered | arrived_on
            ann    | no         | 2024-12-10

            encounter
            person | day        | kind
            ann    | 2025-02-10 | outpatient

            population
            unit | year | band | persons
            S1   | 2025 | all  | 9
            """,
            {
                ("S1", "2025-05"): (0, 0, 9),
                ("S1", "2025-06"): ("ann", "ann", 9),
                ("S1", "2025-07..2025-11"): (0, 0, 9),
                ("S1", "2025-12"): ("ann", "ann", 9),
            },
        ),
    ],
    "elder_age": [
        (
            "el_registered",
            "62 years old: no elder at 65, one at 60",
            """
            person
            person | born_on
            ann    | 1963-01-15

            health_record
            person | created_on
            ann    | 2024-01-01
            """,
            {("S1", "2025-06"): 0, ("S1", "2025-07..2026-12"): "ann"},
        ),
        (
            "el_examined",
            "60 on 31 December: June's figure of the year asks for 65, July's for 60",
            """
            person
            person | born_on
            ann    | 1965-12-31
            bob    | 1966-01-01

            checkup
            person | day
            ann    | 2025-03-10
            bob    | 2025-03-10
            """,
            {("S1", "2025-03..2025-06"): 0, ("S1", "2025-07..2025-12"): "ann"},
        ),
        (
            "hr_keypop_filing_rate",
            "of the key populations from July on",
            """
            person
            person | born_on
            ann    | 1963-01-15
            """,
            {("S1", "2025-06"): (0, 0), ("S1", "2025-07"): (0, "ann")},
        ),
    ],
    "cognitive_age": [
        (
            "el_cognitive_rate",
            "72 in the year: screened at 70, not at 75",
            """
            person
            person | born_on
            ann    | 1953-05-05

            checkup
            person | day        | cognitive
            ann    | 2025-03-31 | negative

            population
            unit | year | band | persons
            S1   | 2025 | 70+  | 5
            """,
            {("S1", "2025-06"): ("ann", "ann", 5), ("S1", "2025-07"): (0, 0, 5)},
        )
    ],
    "flu_age": [
        (
            "im_flu60_rate",
            "62 years old: counted to June, not at 65",
            """
            person
            person | born_on
            ann    | 1963-01-15

            dose
            person | vaccine | dose_no | day
            ann    | flu     | 1       | 2024-10-01
            ann    | flu     | 1       | 2025-07-02

            population
            unit | year | band | persons
            S1   | 2025 | 60+  | 6
            """,
            {("S1", "2025-06"): ("ann", "ann", 6), ("S1", "2025-07"): (0, 0, 6)},
        )
    ],
    "dose_grace_months": [
        (
            "im_newborn_hepb",
            "born in June: by July; born in July: by October",
            """
            person
            person | born_on
            ann    | 2025-06-15
            bob    | 2025-07-15
            cat    | 2025-07-15

            dose
            person | vaccine | dose_no | day
            ann    | hepb    | 1       | 2025-08-01
            bob    | hepb    | 1       | 2025-10-31
            cat    | hepb    | 1       | 2025-11-01
            """,
            {("S1", "2025-06"): (0, "ann"), ("S1", "2025-07"): ("bob", "bob cat")},
        )
    ],
    "due_floating": [
        (
            "im_vaccine_bcg",
            "due in June: a child from elsewhere too; due in July or later: registered children only",
            """
            person
            person | born_on    | registered | arrived_on
            ann    | 2025-05-15 | no         | 2025-05-15
            bob    | 2025-05-15 | yes        | -
            cat    | 2025-06-15 | no         | 2025-06-15
            dan    | 2025-06-15 | yes        | -

            dose
            person | vaccine | dose_no | day
            ann    | bcg     | 1       | 2025-05-16
            dan    | bcg     | 1       | 2025-06-16
            """,
            {("S1", "2025-06"): ("ann", "ann bob"), ("S1", "2025-07"): ("dan", "dan")},
        )
    ],
    "hepb_first_hours": [
        (
            "im_hepb_first_timely",
            "18 hours after birth: within 24, not within 12",
            """
            person
            person | born_on    | born_hour
            ann    | 2025-06-30 | 8
            bob    | 2025-07-01 | 8

            dose
            person | vaccine | dose_no | day        | given_at
            ann    | hepb    | 1       | 2025-07-01 | 2025-07-01 02:00
            bob    | hepb    | 1       | 2025-07-02 | 2025-07-02 02:00
            """,
            {("S1", "2025-06"): ("ann", "ann"), ("S1", "2025-07"): (0, "bob")},
        )
    ],
    "observation_minutes": [
        (
            "im_observation_30min",
            "25 minutes: too few of 30, enough of 20",
            """
            dose
            person | vaccine | day        | observed_minutes
            ann    | hepb    | 2025-06-30 | 25
            bob    | hepb    | 2025-07-01 | 25
            """,
            {("S1", "2025-06"): (0, "ann"), ("S1", "2025-07"): ("bob", "bob")},
        )
    ],
    "first_visit_bp_age": [
        (
            "htn_screen35_rate",
            "32 years old: not asked for at 35, asked for at 30",
            """
            person
            person | born_on
            ann    | 1993-01-01

            encounter
            person | day        | kind       | first_visit | sbp
            ann    | 2025-06-30 | outpatient | yes         | -
            ann    | 2025-07-01 | outpatient | yes         | -
            """,
            {("S1", "2025-06"): (0, 0), ("S1", "2025-07"): (0, "ann")},
        )
    ],
    "emergency_minutes": [
        (
            "emergency_response",
            "45 minutes: too many for 30, few enough for 60",
            """
            encounter
            person | day        | kind      | handled_minutes
            ann    | 2025-06-30 | emergency | 45
            bob    | 2025-07-01 | emergency | 45
            """,
            {("S1", "2025-06"): (0, "ann"), ("S1", "2025-07"): ("bob", "bob")},
        )
    ],
    **{
        f"{programme}_estimate": [
            (
                f"{programme}_discovery_rate",
                f"of 1,000 adults {before}, then {after} are estimated to be patients",
                f"""
                enrolment
                person | programme   | start_on
                ann    | {programme} | 2024-05-01

                population
                unit | year | band | persons
                S1   | 2025 | 18+  | 1000
                """,
                {("S1", "2025-06"): ("ann", before), ("S1", "2025-07"): ("ann", after)},
            )
        ]
        for programme, before, after in (("htn", 252, 500), ("dm", 97, 200))
    },
    "keep_departed": [
        (
            "htn_exam_rate",
            "the dead of March stay to June; of July on, nobody stays beyond the month",
            """
            person
            person | died_on
            ann    | 2025-03-10
            bob    | -
            cat    | 2025-08-10

            enrolment
            person | programme | start_on
            ann    | htn       | 2024-05-01
            bob    | htn       | 2024-05-01
            cat    | htn       | 2024-05-01
            """,
            {
                ("S1", "2025-03..2025-06"): (0, "ann bob cat"),
                ("S1", "2025-07..2025-08"): (0, "bob cat"),
                ("S1", "2025-09..2026-12"): (0, "bob"),
            },
        )
    ],
    "use_electronic": [
        (
            "hr_dynamic_update_rate",
            "a record on paper is asked for from July on",
            """
            health_record
            person | created_on | electronic
            ann    | 2024-05-01 | yes
            bob    | 2024-05-01 | no

            encounter
            person | day        | kind
            bob    | 2025-03-10 | outpatient
            """,
            {("S1", "2025-06"): (0, "ann"), ("S1", "2025-07"): ("bob", "ann bob")},
        )
    ],
    "use_rolling": [
        (
            "hr_dynamic_update_rate",
            "a visit of September 2024: no use of 2025, but one of the twelve months to August",
            """
            health_record
            person | created_on | electronic
            ann    | 2024-05-01 | yes

            encounter
            person | day        | kind
            ann    | 2024-09-10 | outpatient
            ann    | 2025-12-10 | outpatient
            """,
            {
                ("S1", "2024-12"): ("ann", 1),
                ("S1", "2025-01..2025-06"): (0, 1),
                ("S1", "2025-07..2025-08"): ("ann", 1),
                ("S1", "2025-09..2025-11"): (0, 1),
                ("S1", "2025-12..2026-11"): ("ann", 1),
                ("S1", "2026-12"): (0, 1),
            },
        )
    ],
    "coverage_kind": [
        (
            "hr_filing_rate",
            "by statistics in 2025; in 2026, which begins after the change, by the three known by name",
            """
            person
            person | unit
            ann    | S1
            bob    | S1
            cat    | S1
            dan    | S2

            health_record
            person | created_on
            ann    | 2024-05-01

            population
            unit | year | band | persons
            S1   | 2025 | all  | 1000
            S1   | 2026 | all  | 1000
            """,
            {
                ("S1", "2025-06..2025-12"): ("ann", "ann bob cat", 1000),
                ("S1", "2026-01..2026-12"): ("ann", "ann bob cat", 3),
                ("C1", "2026-01"): ("ann", "ann bob cat dan", 3 + 1),
            },
        )
    ],
    **dated_care.TABLES,
    **dated_reach.TABLES,
}


def differences_by_parameter() -> dict[str, list[str]]:
    """Parameter -> where the figures are not those of its tables, in words."""
    from data.installation import make_installation
    from data.store import open_store
    from metrics.cards import CARDS
    from metrics.context import prepare, rules_of
    from tests.spec.harness import HORIZON, Spec, World, differences

    specs = {key: [Spec(*table) for table in tables] for key, tables in _TABLES.items()}
    every = [spec for some in specs.values() for spec in some]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(make_installation(Path(folder) / "installation", kind="own"))
        world = World(every)
        world.fill(store)
        with store.records() as connection:
            world.connection = connection
            prepare(connection, rules_of(CARDS[spec.card] for spec in every), HORIZON)
            found = {
                key: [line for spec in some for line in differences(spec, world.figures(spec))]
                for key, some in specs.items()
            }
        store.close()
    return found


if __name__ == "__main__":
    json.dump(differences_by_parameter(), sys.stdout)
