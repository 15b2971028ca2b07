"""S03 人才队伍与培训: employments at the month's end, trainings in the month of their last day, duties."""

from __future__ import annotations

from tests.spec import ledgers, sorts
from tests.spec.harness import ABSENT, Spec


def staff_share(card: str, columns: str, good: str, bad: str, other: str) -> Spec:
    """``good`` counts in both, ``bad`` and ``other`` in the denominator alone."""
    return Spec(
        card,
        "of those in service at the month's end; what is not recorded does not count",
        f"""
        staff
        unit | start_on   | end_on     | {columns}
        S1   | 2025-01-01 | -          | {good}
        S1   | 2025-02-28 | -          | {bad}
        S1   | 2025-04-30 | 2025-06-29 | {other}
        S3   | 2025-01-31 | 2025-03-31 | {good}
        """,
        {
            ("S1", "2025-01"): (1, 1),
            ("S1", "2025-02..2025-03"): (1, 1 + 1),
            ("S1", "2025-04..2025-05"): (1, 1 + 1 + 1),
            ("S1", "2025-06"): (1, 1 + 1),
            ("S3", "2025-03"): (1, 1),
            ("S3", "2025-04"): (0, 0),
            ("B", "2025-03"): (1 + 1, 2 + 1),
        },
    )


def staff_count(card: str, columns: str, good: str, bad: str) -> Spec:
    return Spec(
        card,
        "employments that hold at the month's end",
        f"""
        staff
        unit | start_on   | end_on     | {columns}
        S1   | 2025-01-01 | -          | {good}
        S1   | 2025-02-28 | 2025-04-29 | {good}
        S1   | 2025-01-01 | -          | {bad}
        S3   | 2025-03-31 | 2025-03-31 | {good}
        """,
        {
            ("S1", "2025-01"): 1,
            ("S1", "2025-02..2025-03"): 1 + 1,
            ("S1", "2025-04"): 1,
            ("S3", "2025-02"): 0,
            ("S3", "2025-03"): 1,
            ("S3", "2025-04"): 0,
            ("B", "2025-03"): 2 + 1,
        },
    )


def per_10k(card: str, columns: str, good: str, bad: str) -> Spec:
    return Spec(
        card,
        f"those in service over the population in force for the year; {columns}: not {bad}",
        f"""
        population
        unit | year | band | persons
        C1   | 2025 | all  | 20000
        B    | 2025 | all  | 50000
        C1   | 2025 | 18+  | 999

        staff
        unit | start_on   | end_on     | {columns}
        C1   | 2024-01-01 | -          | {good}
        S1   | 2025-03-01 | -          | {good}
        S1   | 2025-03-01 | -          | {bad}
        S3   | 2025-03-01 | 2025-05-30 | {good}
        """,
        {
            ("C1", "2025-02"): (1, 20000),
            ("C1", "2025-03"): (1 + 1, 20000),
            ("B", "2025-04"): (1 + 1 + 1, 50000),
            ("B", "2025-05"): (1 + 1, 50000),
            ("S1", "2025-03"): (1, None),
            ("C1", "2026-01"): (2, None),
        },
    )


def recruited(card: str, role: str, other: str, everybody: bool = False) -> Spec:
    return Spec(
        card,
        "whoever took up a post, in the month of the first day",
        f"""
        staff
        unit | role    | start_on   | end_on
        S1   | {role}  | 2025-03-01 | -
        S1   | {role}  | 2025-03-31 | 2025-04-15
        S1   | {other} | 2025-03-15 | -
        S3   | {role}  | 2024-12-31 | -
        S3   | {role}  | 2025-04-01 | -
        """,
        {
            ("S1", "2025-03"): 1 + 1 + everybody,
            ("S3", "2024-12"): 1,
            ("S3", "2025-04"): 1,
            ("B", "2025-04", "ytd"): 2 + 1 + everybody,
        },
    )


def sent(card: str, months: int) -> Spec:
    return Spec(
        card,
        f"trainings outside of at least {months} months, in the month in which they ended",
        f"""
        training
        unit | staff_no | kind     | day        | months
        S1   | 1        | external | 2025-03-31 | {months}
        S1   | 2        | external | 2025-03-31 | {months - 1}.9
        S1   | 3        | external | 2025-03-31 | -
        S1   | 4        | internal | 2025-03-31 | {months}
        S1   | 1        | external | 2025-05-01 | {months}.5
        S3   | 1        | external | 2025-03-01 | 12
        """,
        {
            ("S1", "2025-03"): 1,
            ("S1", "2025-05"): 1,
            ("S3", "2025-03"): 1,
            ("B", "2025-05", "ytd"): 1 + 1 + 1,
        },
    )


SPECS = [
    per_10k("gp_per_10k", "role | gp_qualified", "gp | -", "gp | no"),
    per_10k("gp_per_10k", "gp_qualified | role", "yes | gp", "yes | physician"),
    per_10k("phdoc_per_10k", "role", "public_health", "gp"),
    staff_count("phdoc_count", "role", "public_health", "-"),
    Spec(
        "staff_total",
        "everybody in service at the month's end",
        """
        staff
        unit | role  | start_on   | end_on
        S1   | gp    | 2025-01-01 | 2025-03-30
        S1   | -     | 2025-03-31 | -
        S3   | other | 2025-02-01 | -
        """,
        {
            ("S1", "2025-01..2025-02"): 1,
            ("S1", "2025-03"): 1,
            ("B", "2025-02..2025-12"): 1 + 1,
        },
    ),
    staff_share("post_certificate_rate", "certificate", "yes", "no", "-"),
    sorts.untold("post_certificate_rate", "certificate", "yes", "-"),
    sorts.untold("mid_senior_title_rate", "title", "senior", "-"),
    sorts.untold("gp_nurse_training_rate", "role | trained", "nurse | yes", "nurse | -"),
    sorts.untold("gp_registration_rate", "gp_qualified | gp_registered", "yes | yes", "yes | -"),
    sorts.untold("responsible_doctor_licensed", "responsible | licence", "yes | physician", "yes | -"),
    sorts.untold("gp_under35_rate", "role | born_on", "gp | 2000-01-01", "gp | -"),
    staff_share("mid_senior_title_rate", "title", "middle", "junior", "-"),
    staff_count("mid_senior_title_count", "title", "senior", "none"),
    staff_share("gp_nurse_training_rate", "role | trained", "nurse | yes", "gp | no", "physician | -"),
    staff_share("gp_registration_rate", "gp_qualified | gp_registered", "yes | yes", "yes | no", "yes | -"),
    staff_share(
        "responsible_doctor_licensed",
        "responsible | licence",
        "yes | assistant",
        "yes | village",
        "yes | -",
    ),
    Spec(
        "responsible_doctor_licensed",
        "who is not a responsible doctor is not asked",
        """
        staff
        unit | start_on   | responsible | licence
        S1   | 2025-01-01 | yes         | physician
        S1   | 2025-01-01 | no          | physician
        S1   | 2025-01-01 | -           | none
        """,
        {("S1", "2025-01"): (1, 1)},
    ),
    Spec(
        "gp_under35_rate",
        "younger than 35 at the month's end; without a date of birth in the denominator alone",
        """
        staff
        unit | role      | gp_qualified | born_on    | start_on   | end_on
        S1   | gp        | -            | 1990-06-30 | 2025-01-01 | -
        S1   | gp        | yes          | 1992-02-29 | 2025-01-01 | -
        S1   | gp        | -            | -          | 2025-03-01 | -
        S1   | gp        | no           | 2000-01-01 | 2025-01-01 | -          # recorded as unqualified
        S1   | physician | -            | 2000-01-01 | 2025-01-01 | -
        S3   | gp        | -            | 1995-01-01 | 2025-01-01 | 2025-05-30
        S3   | gp        | -            | 1991-02-28 | 2025-07-01 | -
        S2   | gp        | -            | 1991-02-28 | 2025-07-01 | -
        """,
        {
            ("S1", "2025-02"): (1 + 1, 2),
            ("S1", "2025-05"): (1 + 1, 3),
            ("S1", "2025-06..2026-12"): (1, 3),  # 35 on the last day of June; the other is 35 in 2027
            ("S3", "2025-04"): (1, 1),
            ("S3", "2025-05"): (0, 0),
            ("S3", "2026-01"): (1, 1),
            ("S3", "2026-02"): (0, 1),
            ("B", "2025-04"): (2 + 1, 3 + 1),
        },
    ),
    Spec(
        "gp_under35_rate",
        "born on 29 February: 35 on 1 March of a year without that day",
        """
        staff
        unit | role | born_on    | start_on
        S1   | gp   | 1991-03-01 | 2025-01-01
        S2   | gp   | 1988-02-29 | 2022-01-01
        S3   | gp   | 1991-02-28 | 2025-01-01
        """,
        {
            ("S1", "2026-02"): (1, 1),
            ("S1", "2026-03"): (0, 1),
            ("S2", "2024-01"): (0, 1),
            ("S3", "2026-02"): (0, 1),
        },
    ),
    recruited("staff_recruited", "gp", "other", everybody=True),
    recruited("staff_recruited_gp", "gp", "physician"),
    recruited("staff_recruited_nurse", "nurse", "gp"),
    recruited("staff_recruited_phdoc", "public_health", "rehab"),
    recruited("staff_recruited_rehab", "rehab", "public_health"),
    sent("staff_sent_training", 3),
    sent("staff_sent_training_long", 6),
    sorts.happened("internal_training_sessions", "activity", "training_internal"),
    sorts.happened("internal_exams", "activity", "staff_exam"),
    Spec(
        "training_exam_pass_rate",
        "examinations passed, of those with a result",
        """
        training
        unit | staff_no | kind     | day        | passed
        S1   | 1        | exam     | 2025-03-01 | yes
        S1   | 2        | exam     | 2025-03-31 | yes
        S1   | 3        | exam     | 2025-03-31 | no
        S1   | 4        | exam     | 2025-03-31 | -
        S1   | 4        | internal | 2025-03-31 | yes
        S3   | 1        | exam     | 2025-04-01 | yes
        """,
        {
            ("S1", "2025-03"): (2, 3),
            ("S3", "2025-04"): (1, 1),
            ("B", "2025-04", "ytd"): (2 + 1, 3 + 1),
        },
    ),
    Spec(
        "tech_training_5y",
        "technical staff whose training of the last sixty months adds up to three months",
        """
        staff
        unit | staff_no | technical | start_on   | end_on
        S1   | 1        | yes       | 2019-01-01 | -
        S1   | 2        | yes       | 2025-05-01 | 2025-08-30
        S1   | 3        | no        | 2019-01-01 | -
        S3   | 1        | yes       | 2019-01-01 | -           # the number of another unit's staff
        S3   | 2        | -         | 2019-01-01 | -

        training
        unit | staff_no | kind     | day        | months
        S1   | 1        | external | 2020-03-10 | 1.5
        S1   | 1        | internal | 2024-06-30 | 1.5       # now three months
        S1   | 1        | exam     | 2024-07-30 | 6
        S1   | 1        | external | 2025-11-01 | 1.4
        S1   | 1        | internal | 2025-12-01 | 0.1
        S1   | 2        | external | 2025-03-01 | 3
        S1   | 3        | external | 2025-03-01 | 3
        S3   | 1        | external | 2025-03-01 | -
        S3   | 1        | external | 2025-03-01 | 2.9
        """,
        {
            ("S1", "2024-05"): (0, 1),
            ("S1", "2024-06..2025-02"): (1, 1),
            ("S1", "2025-03..2025-04"): (0, 1),  # what ended in March 2020 has lapsed
            ("S1", "2025-05..2025-07"): (0 + 1, 1 + 1),
            ("S1", "2025-08"): (0, 1),
            ("S1", "2025-11"): (0, 1),  # 1.5 + 1.4
            ("S1", "2025-12"): (1, 1),
            ("S3", "2025-12"): (0, 1),
            ("B", "2025-12"): (1, 1 + 1),
        },
    ),
    Spec(
        "centre_min_staffing",
        "three posts at each centre; two people in one post are one",
        """
        unit
        code | kind    | parent | opened_on
        B    | bureau  | -      | -
        C1   | centre  | B      | -
        C2   | centre  | B      | 2025-03-10
        S    | station | C1     | -

        staff
        unit | role          | gp_qualified | start_on   | end_on
        C1   | gp            | no           | 2024-01-01 | -
        C1   | gp            | yes          | 2025-02-01 | 2025-05-15
        C1   | nurse         | -            | 2025-02-10 | 2025-04-30
        C1   | nurse         | -            | 2025-04-01 | 2025-06-30
        C1   | other         | -            | 2024-01-01 | -
        C2   | public_health | -            | 2025-02-01 | -
        S    | public_health | -            | 2024-01-01 | -          # at a station: not the centre's
        """,
        {
            ("C1", "2025-01"): (0, 3),
            ("C1", "2025-02..2025-04"): (1 + 1, 3),
            ("C1", "2025-05..2025-06"): (1, 3),
            ("C1", "2025-07"): (0, 3),
            ("C2", "2025-03"): (1, 3),
            ("B", "2025-02"): (2, 3),
            ("B", "2025-03"): (2 + 1, 3 + 3),
            ("S", "2025-03"): ABSENT,
        },
    ),
    Spec(
        "village_doctor_training_times",
        "attendances of the year so far over the workers of clinics at the month's end",
        """
        unit
        code | kind   | parent
        B    | bureau | -
        C    | centre | B
        K    | clinic | C

        staff
        unit | staff_no | role           | start_on   | end_on
        K    | 1        | village_doctor | 2024-01-01 | -
        K    | 2        | nurse          | 2025-04-01 | 2025-08-15
        C    | 3        | nurse          | 2024-01-01 | -

        training
        unit | staff_no | kind     | day
        K    | 1        | internal | 2024-12-31
        K    | 1        | internal | 2025-02-10
        K    | 1        | external | 2025-05-31
        K    | 2        | internal | 2025-05-31
        K    | 2        | exam     | 2025-05-31      # an examination is no training
        C    | 3        | internal | 2025-05-31
        """,
        {
            ("K", "2024-12"): (1, 1),
            ("K", "2025-01"): (0, 1),
            ("K", "2025-02..2025-03"): (1, 1),
            ("K", "2025-04"): (1, 1 + 1),
            ("K", "2025-05..2025-07"): (1 + 1 + 1, 1 + 1),
            ("K", "2025-08..2025-12"): (3, 1),
            ("B", "2025-05"): (3, 2),
        },
    ),
    ledgers.owed("skills_drill_monthly", "activity", "kind=skills_drill", "kind=training_internal"),
    ledgers.owed("staff_meeting_monthly", "activity", "kind=staff_meeting", "kind=skills_drill"),
    ledgers.owed("staff_emergency_drill", "activity", "kind=staff_drill", "kind=skills_drill", every=6),
    Spec(
        "cpr_training_rate",
        "doctors and nurses trained this year, of those in service at the month's end",
        """
        staff
        unit | staff_no | role      | start_on   | end_on
        S1   | 1        | physician | 2024-01-01 | -
        S1   | 2        | nurse     | 2024-01-01 | 2025-06-29
        S1   | 3        | other     | 2024-01-01 | -
        S1   | 4        | gp        | 2025-05-01 | -

        training
        unit | staff_no | kind     | topic     | day        | passed
        S1   | 1        | internal | first_aid | 2025-03-31 | -
        S1   | 1        | internal | first_aid | 2025-05-31 | yes
        S1   | 2        | internal | first_aid | 2025-04-01 | yes
        S1   | 3        | internal | first_aid | 2025-04-01 | yes
        S1   | 4        | internal | first_aid | 2025-04-01 | no
        S1   | 4        | internal | tcm       | 2025-05-01 | yes
        S2   | 4        | internal | first_aid | 2025-04-01 | yes    # another unit's number 4
        """,
        {
            ("S1", "2025-02"): (0, 2),
            ("S1", "2025-03"): (1, 2),
            ("S1", "2025-04"): (1 + 1, 2),
            ("S1", "2025-05"): (1 + 1, 2 + 1),
            ("S1", "2025-06..2025-12"): (1, 2),
            ("S1", "2026-01"): (0, 2),
        },
    ),
    Spec(
        "dept_monthly_training",
        "each department owes a training a month, from the first whole month it is there",
        """
        unit
        code | kind    | parent
        B    | bureau  | -
        C    | centre  | B
        S    | station | C

        facility
        unit | kind       | name    | start_on   | end_on
        C    | department | general | 2023-01-01 | -
        C    | department | 中医科  | 2024-02-10 | 2024-05-30      # the name of the code tcm
        C    | department | -       | 2023-01-01 | -
        S    | department | general | 2023-01-01 | -

        activity
        unit | day        | kind          | department
        C    | 2024-01-10 | dept_training | general
        C    | 2024-01-31 | dept_training | general
        C    | 2024-02-29 | dept_training | tcm        # not owed yet
        C    | 2024-03-10 | dept_training | tcm
        C    | 2024-03-11 | lecture       | general
        S    | 2024-03-11 | dept_training | general
        """,
        {
            ("C", "2024-01"): (1, 1),
            ("C", "2024-02"): (0, 1),
            ("C", "2024-03"): (0 + 1, 1 + 1),
            ("C", "2024-04"): (0, 2),
            ("C", "2024-05"): (0, 1),
            ("B", "2024-04", "ytd"): (1 + 0 + 1 + 0, 1 + 1 + 2 + 2),
        },
    ),
    sorts.happened("training_persons_external", "training", "external"),
    sorts.held_by("staff_rotation", "document", "rotation_system"),
]
