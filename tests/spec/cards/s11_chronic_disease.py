"""S11 readings at goal, appointments, cases found, plans and visits of chronic patients."""

from __future__ import annotations

from tests.spec.cards.s11_programmes import count_followups, enrolled, which_followup
from tests.spec.harness import Spec


def _readings(card: str, programme: str, shows: str, columns: str, rows: str, good: str) -> Spec:
    """One follow-up a person on 2025-06-15: who is at goal from June to the year's end."""
    lines = [line.partition("#")[0] for line in rows.strip().splitlines()]
    people = [line.split("|")[0].strip() for line in lines]
    # Performed here and there: many rows at one unit would promise rows in every month.
    followups = "\n".join(
        f"{line.split('|')[0]} | S{number % 3 + 1} | {programme} | 2025-06-15 | clinic | {line.split('|', 1)[1]}"
        for number, line in enumerate(lines)
    )
    return Spec(
        card,
        shows,
        f"""
        {enrolled(programme, " ".join(people))}

        followup
        person | unit | programme | day | mode | {columns}
{followups}
        """,
        {
            ("S1", "2025-05"): (0, len(people)),
            ("S1", "2025-06..2025-12"): (good, len(people)),
            ("S1", "2026-01"): (0, len(people)),
        },
    )


SPECS = [
    which_followup(
        "htn_control_rate",
        "htn",
        "sbp | dbp",
        "120 | 80",
        "160 | 80",
        "the last follow-up of the year so far decides, by any mode",
    ),
    _readings(
        "htn_control_rate",
        "htn",
        "below 140 and below 90",
        "sbp | dbp",
        """
        a | 139 | 89
        b | 140 | 80     # 140 is not below 140
        c | 120 | 90     # 90 is not below 90
        d | 139 | 90
        e | 140 | 89
        """,
        "a",
    ),
    _readings(
        "htn_control_rate",
        "htn",
        "no valid reading is not at goal",
        "sbp | dbp",
        """
        a | -   | 80
        b | 120 | -
        c | 0   | 0
        d | 999 | 80
        e | 85  | 85     # systolic not above diastolic
        f | 86  | 85
        g | 18  | 11     # kPa
        h | 60  | 30     # just plausible
        i | 59  | 30
        j | 60  | 29
        """,
        "f h",
    ),
    _readings(
        "htn_reading_rate",
        "htn",
        "both parts, plausible, the systolic one above; high ones are readings too",
        "sbp | dbp",
        """
        a | -   | 80
        b | 120 | -
        c | 0   | 0
        d | 999 | 80
        e | 85  | 85     # systolic not above diastolic
        f | 86  | 85
        g | 18  | 11     # kPa
        h | 60  | 30     # just plausible
        i | 59  | 30
        j | 60  | 29
        k | 200 | 120
        """,
        "f h k",
    ),
    Spec(
        "htn_control_rate",
        "below 150 from the 65th birthday on, by the age on the day of the reading",
        """
        person
        person | born_on
        a      | 1960-06-15
        b      | 1960-06-16       # 64 on the day
        c      | 1960-06-15
        e      | 1960-06-15
        f      | 1960-06-16       # turns 65 after the reading: nothing changes
        g      | 1960-07-01
        h      | 1960-05-31

        enrolment
        person | programme | start_on
        a      | htn       | 2024-05-01
        b      | htn       | 2024-05-01
        c      | htn       | 2024-05-01
        e      | htn       | 2024-05-01
        f      | htn       | 2024-05-01
        g      | htn       | 2024-05-01
        h      | htn       | 2024-05-01

        followup
        person | programme | day        | mode   | sbp | dbp
        a      | htn       | 2025-06-15 | clinic | 149 | 89
        b      | htn       | 2025-06-15 | clinic | 149 | 89
        c      | htn       | 2025-06-15 | clinic | 150 | 89
        e      | htn       | 2025-06-14 | clinic | 149 | 89     # the day before
        f      | htn       | 2025-06-15 | clinic | 139 | 89
        g      | htn       | 2025-06-30 | clinic | 149 | 89     # a day before the birthday
        h      | htn       | 2025-06-01 | clinic | 149 | 89     # in the month after it
        """,
        {("S1", "2025-05"): (0, 7), ("S1", "2025-06..2025-12"): ("a f h", 7), ("S1", "2026-01"): (0, 7)},
    ),
    Spec(
        "htn_control_rate",
        "who dies or leaves stays in the year with the last reading, at the last managing unit",
        """
        person
        person | died_on
        ann    | 2025-05-10

        enrolment
        person | programme | start_on   | end_on
        ann    | htn       | 2024-05-01 | -
        bob    | htn       | 2024-05-01 | 2025-05-31
        cat    | htn       | 2024-05-01 | -

        residence
        person | unit | start_on   | end_on
        cat    | S1   | 2020-01-01 | 2025-05-31
        cat    | S2   | 2025-06-01 | -

        followup
        person | unit | programme | day        | mode   | sbp | dbp
        ann    | S1   | htn       | 2025-03-01 | clinic | 120 | 80
        bob    | S1   | htn       | 2025-03-01 | clinic | 160 | 80
        cat    | S1   | htn       | 2025-03-01 | clinic | 120 | 80
        """,
        {
            ("S1", "2025-03..2025-05"): ("ann cat", "ann bob cat"),
            ("S1", "2025-06..2025-12"): ("ann", "ann bob"),
            ("S2", "2025-05"): (0, 0),
            ("S2", "2025-06..2025-12"): ("cat", "cat"),
            ("S1", "2026-01"): (0, 0),
            ("S2", "2026-01"): (0, "cat"),
        },
    ),
    which_followup(
        "dm_control_rate",
        "dm",
        "fpg",
        "6.1",
        "9.0",
        "the last follow-up of the year so far decides, by any mode",
    ),
    _readings(
        "dm_control_rate",
        "dm",
        "fasting glucose below 7.0; no valid reading is not at goal",
        "fpg | ppg | rpg",
        """
        a | 6.9  | -   | -
        b | 7.0  | -   | -     # 7.0 is not below 7.0
        c | -    | 6.0 | -     # after a meal is not fasting
        d | -    | -   | 6.0
        e | 110  | -   | -     # mg/dL
        f | 0    | -   | -
        g | 1.0  | -   | -     # just plausible
        h | 0.9  | -   | -
        i | 6.9  | 15  | 15
        """,
        "a g i",
    ),
    _readings(
        "dm_reading_rate",
        "dm",
        "a fasting value that can be believed, high ones among them",
        "fpg | ppg | rpg",
        """
        a | 6.9  | -   | -
        b | 30.0 | -   | -
        c | -    | 6.0 | -     # after a meal is not fasting
        d | -    | -   | 6.0
        e | 110  | -   | -     # mg/dL
        f | 0    | -   | -
        g | 1.0  | -   | -     # just plausible
        h | 0.9  | -   | -
        i | 50   | -   | -
        """,
        "a b g i",
    ),
    count_followups("ncd_followup_count", "follow-ups of both programmes together", ("htn", "dm")),
    Spec(
        "ncd_timely_followup",
        "the next follow-up of the programme on or before the appointed day",
        """
        followup
        person | unit | programme | day        | next_on
        ann    | S1   | htn       | 2024-11-10 | 2025-01-31
        ann    | S1   | htn       | 2025-01-31 | 2025-04-30    # on the day
        ann    | S1   | htn       | 2025-05-01 | -             # a day late, and no new appointment
        bob    | S1   | htn       | 2024-11-10 | 2025-01-01
        bob    | S1   | dm        | 2024-12-10 | 2025-02-28    # the other programme does not help
        bob    | S2   | dm        | 2025-02-01 | 2025-06-01    # made by S2
        cat    | S1   | smi       | 2025-01-10 | 2025-03-01    # another programme
        """,
        {
            ("S1", "2025-01"): ("ann", "ann bob"),
            ("S1", "2025-02"): (1, 1),
            ("S1", "2025-04"): (0, 1),
            ("S2", "2025-06"): (0, 1),
        },
    ),
    Spec(
        "ncd_glucose_at_followup",
        "diabetes follow-ups with any glucose",
        """
        followup
        person | programme | day        | fpg | ppg | rpg | hba1c
        ann    | dm        | 2024-12-31 | 6.1 | -   | -   | -
        ann    | dm        | 2025-01-01 | -   | 8.0 | -   | -
        ann    | dm        | 2025-01-15 | -   | -   | 8.0 | -
        ann    | dm        | 2025-01-31 | -   | -   | -   | 6.5     # not a glucose
        bob    | htn       | 2025-01-31 | 6.1 | -   | -   | -       # not a diabetes follow-up
        """,
        {("S1", "2024-12"): (1, 1), ("S1", "2025-01"): (1 + 1, 3)},
    ),
    Spec(
        "ncd_new_found",
        "enrolments in either programme by their first day, at the enrolling unit",
        """
        enrolment
        person | unit | programme | start_on   | end_on
        ann    | S1   | htn       | 2024-12-31 | -
        ann    | S1   | dm        | 2025-01-01 | 2025-01-20
        bob    | S1   | htn       | 2025-01-31 | -
        bob    | S1   | smi       | 2025-01-31 | -
        cat    | S2   | htn       | 2025-02-01 | -
        """,
        {("S1", "2024-12"): 1, ("S1", "2025-01"): 1 + 1, ("S2", "2025-02"): 1},
    ),
    Spec(
        "ncd_multimorbid_mgmt",
        "managed for both at the month's end",
        """
        person
        person | died_on
        cat    | 2025-07-10

        enrolment
        person | programme | start_on   | end_on
        ann    | htn       | 2024-05-01 | 2025-10-01
        ann    | dm        | 2025-03-31 | -
        bob    | htn       | 2024-05-01 | -
        cat    | htn       | 2024-05-01 | -
        cat    | dm        | 2025-04-01 | -
        dan    | htn       | 2024-05-01 | 2025-02-28
        dan    | dm        | 2025-03-01 | -              # never both at once
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03"): "ann",
            ("S1", "2025-04..2025-07"): "ann cat",
            ("S1", "2025-08..2025-10"): "ann",
            ("S1", "2025-11"): 0,
        },
    ),
    Spec(
        "ncd_plan_rate",
        "of those managed for either disease, each once, who has a plan; a plan without management is not counted",
        """
        enrolment
        person | programme | start_on   | end_on
        ann    | htn       | 2024-05-01 | 2025-06-30
        ann    | dm        | 2025-03-01 | -
        bob    | htn       | 2024-05-01 | -
        cat    | dm        | 2025-04-01 | -

        person_tag
        person | tag       | start_on   | end_on
        ann    | care_plan | 2025-02-10 | 2025-09-30
        cat    | care_plan | 2025-03-01 | -
        bob    | complex   | 2025-01-01 | -
        dan    | care_plan | 2025-01-01 | -              # managed for nothing
        """,
        {
            ("S1", "2025-01"): (0, "ann bob"),
            ("S1", "2025-02..2025-03"): ("ann", "ann bob"),
            ("S1", "2025-04..2025-09"): ("ann cat", "ann bob cat"),
            ("S1", "2025-10"): ("cat", "ann bob cat"),
        },
    ),
    Spec(
        "ncd_post_op_listed",
        "residents marked as recovering at the month's end",
        """
        person_tag
        person | tag     | start_on   | end_on
        ann    | post_op | 2025-03-31 | 2025-05-01
        bob    | post_op | 2025-04-01 | -
        cat    | complex | 2025-04-01 | -
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03"): "ann",
            ("S1", "2025-04..2025-05"): "ann bob",
            ("S1", "2025-06"): "bob",
        },
    ),
    Spec(
        "ncd_complex_one_policy",
        "residents with an individual plan",
        """
        person_tag
        person | tag        | start_on   | end_on
        ann    | care_plan  | 2025-02-28 | 2025-09-01
        bob    | care_plan  | 2025-03-01 | -
        cat    | complex    | 2025-03-01 | -             # complex, without a plan
        """,
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02"): "ann",
            ("S1", "2025-03..2025-09"): "ann bob",
            ("S1", "2025-10"): "bob",
        },
    ),
    Spec(
        "ncd_complex_improved",
        "from the month of the assessment to the year's end; a new year counts anew",
        """
        person
        person | died_on
        cat    | 2025-06-10

        person_tag
        person | tag                | start_on
        ann    | care_plan_improved | 2025-03-31
        ann    | care_plan_improved | 2025-05-01       # once a year
        bob    | care_plan_improved | 2024-12-31
        bob    | care_plan_improved | 2025-10-01       # improved again
        cat    | care_plan_improved | 2025-06-01       # who dies stays to the year's end
        dan    | care_plan          | 2025-03-31
        """,
        {
            ("S1", "2024-12"): "bob",
            ("S1", "2025-01..2025-02"): 0,
            ("S1", "2025-03..2025-05"): "ann",
            ("S1", "2025-06..2025-09"): "ann cat",
            ("S1", "2025-10..2025-12"): "ann cat bob",
            ("S1", "2026-01"): 0,
        },
    ),
    Spec(
        "htn_screen35_rate",
        "first visits at 35 or over on the day, with a systolic pressure",
        """
        person
        person | born_on
        ann    | 1990-03-15
        bob    | 1990-03-16
        cat    | 1980-01-01
        dan    | -                # age unknown

        encounter
        person | unit | day        | kind       | first_visit | sbp
        ann    | S1   | 2025-03-15 | outpatient | yes         | 120     # 35 on the day
        ann    | S1   | 2025-03-14 | outpatient | yes         | 120     # 34
        bob    | S1   | 2025-03-15 | outpatient | yes         | 120     # 34
        cat    | S1   | 2025-03-31 | outpatient | yes         | -
        cat    | S1   | 2025-03-31 | outpatient | no          | 120     # not a first visit
        cat    | S1   | 2025-03-31 | outpatient | -           | 120
        cat    | S2   | 2024-12-31 | outpatient | yes         | 120
        dan    | S1   | 2025-03-31 | outpatient | yes         | 120
        """,
        {("S1", "2025-03"): ("ann", "ann cat"), ("S2", "2024-12"): (1, 1)},
    ),
    Spec(
        "ncd_opc_share",
        "outpatient visits of patients known by then, or with a chronic main diagnosis",
        """
        enrolment
        person | programme | start_on
        ann    | htn       | 2025-03-31
        smi    | smi       | 2024-01-01

        person_tag
        person | tag          | start_on
        bob    | dm_diagnosed | 2024-01-01

        encounter
        person | unit | day        | kind       | icd
        ann    | S1   | 2025-02-28 | outpatient | J06      # not known yet
        ann    | S1   | 2025-03-01 | outpatient | J06
        bob    | S1   | 2025-03-31 | outpatient | -
        smi    | S1   | 2025-03-31 | outpatient | J06
        c1     | S1   | 2025-04-01 | outpatient | I10
        c2     | S1   | 2025-04-01 | outpatient | I15.9
        c3     | S1   | 2025-04-01 | outpatient | I16
        c4     | S1   | 2025-04-01 | outpatient | I09
        c5     | S1   | 2025-04-01 | outpatient | E10.1
        c6     | S1   | 2025-04-01 | outpatient | E14
        c7     | S1   | 2025-04-01 | outpatient | E15
        c8     | S1   | 2025-04-01 | outpatient | -
        c9     | S1   | 2025-04-01 | emergency  | I10      # not an outpatient visit
        d1     | S2   | 2024-12-31 | outpatient | E11.9
        """,
        {
            ("S1", "2025-02"): (0, "ann"),
            ("S1", "2025-03"): ("ann bob", "ann bob smi"),
            ("S1", "2025-04"): ("c1 c2 c5 c6", "c1 c2 c3 c4 c5 c6 c7 c8"),
            ("S2", "2024-12"): (1, 1),
        },
    ),
]
