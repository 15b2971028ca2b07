"""Early warnings: who counts from when, and what takes them off again."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS = [
    Spec(
        "warn_ncd_no_contact",
        "more than six months since the last follow-up or since enrolment",
        """
        enrolment
        person | programme | start_on   | end_on
        ann    | htn       | 2024-01-10 | -
        ann    | dm        | 2024-01-10 | -            # both diseases: once
        bob    | dm        | 2024-05-10 | 2025-02-10
        cat    | smi       | 2024-01-10 | -

        followup
        person | programme | mode  | day
        ann    | htn       | phone | 2024-06-05
        ann    | dm        | -     | 2025-02-05
        ann    | smi       | phone | 2025-06-05
        """,
        {
            ("S1", "2024-01..2024-11"): 0,
            ("S1", "2024-12"): "bob",  # enrolled in May
            ("S1", "2025-01"): "ann bob",  # seen in June
            ("S1", "2025-02"): "bob",  # ann was seen in February
            ("S1", "2025-03..2025-08"): 0,
            ("S1", "2025-09..2026-12"): "ann",
        },
    ),
    Spec(
        "warn_severe_reading",
        "a severe reading without a follow-up within fourteen days, until the next one",
        """
        enrolment
        person | programme | start_on   | end_on
        ann    | htn       | 2024-01-10 | -
        bob    | htn       | 2024-01-10 | -
        cat    | dm        | 2024-01-10 | 2025-07-10
        dan    | htn       | 2024-01-10 | -
        eve    | htn       | 2024-01-10 | -
        fay    | htn       | 2026-01-10 | -            # not yet managed

        followup
        person | programme | day        | sbp | dbp | fpg
        ann    | htn       | 2025-03-05 | 180 | 80  | -
        ann    | htn       | 2025-03-20 | 130 | 80  | -      # a day too late, in the same month
        ann    | htn       | 2025-05-20 | 120 | 110 | -      # due on 3 June
        ann    | htn       | 2025-08-20 | 120 | 80  | -
        bob    | htn       | 2025-03-05 | 180 | 80  | -
        bob    | htn       | 2025-03-19 | 180 | 80  | -      # in time; this one is not followed
        cat    | dm        | 2025-03-05 | -   | -   | 16.7
        dan    | htn       | 2025-03-05 | 999 | 80  | 20     # not plausible
        eve    | htn       | 2025-03-05 | 179 | 109 | -
        fay    | htn       | 2025-03-05 | 190 | 80  | -
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03"): "cat",
            ("S1", "2025-04..2025-05"): "bob cat",
            ("S1", "2025-06..2025-07"): "ann bob cat",
            ("S1", "2025-08"): "bob",
            ("S1", "2026-01"): "bob fay",
        },
    ),
    Spec(
        "warn_doses_overdue",
        "a dose a year overdue, until it is given or the child is seven",
        """
        person
        person | born_on
        ann    | 2020-02-10    # the dose at 48 months was owed by March 2024, a second warning none
        bob    | 2019-05-10    # seven in May 2026

        dose
        person | vaccine | dose_no | day
        ann    | bcg     | 1       | 2020-02-10
        ann    | hepb    | 1       | 2020-02-10
        ann    | hepb    | 2       | 2020-03-10
        ann    | hepb    | 3       | 2020-08-10
        ann    | polio   | 1       | 2020-04-10
        ann    | polio   | 2       | 2020-05-10
        ann    | polio   | 3       | 2020-06-10
        ann    | dtp     | 1       | 2020-05-10
        ann    | dtp     | 2       | 2020-06-10
        ann    | dtp     | 3       | 2020-07-10
        ann    | dtp     | 4       | 2021-08-10
        ann    | mcv     | 1       | 2020-10-10
        ann    | mcv     | 2       | 2021-08-10
        ann    | je      | 1       | 2020-10-10
        ann    | je      | 2       | 2022-02-10
        ann    | mena    | 1       | 2020-08-10
        ann    | mena    | 2       | 2020-11-10
        ann    | hepa    | 1       | 2021-08-10
        ann    | menac   | 1       | 2023-02-10
        ann    | polio   | 4       | 2025-06-10
        """,
        {
            ("S1", "2025-02"): "bob",
            ("S1", "2025-03..2025-05"): "ann bob",
            ("S1", "2025-06..2026-04"): "bob",
            ("S1", "2026-05"): 0,
        },
    ),
    Spec(
        "warn_smi_missed_month",
        "neither this month nor the month before",
        """
        enrolment
        person | programme | start_on   | end_on
        ann    | smi       | 2025-01-10 | 2025-12-10
        bob    | htn       | 2025-01-10 | -

        followup
        person | programme | mode  | day
        ann    | smi       | phone | 2025-04-05
        ann    | smi       | home  | 2025-06-05
        ann    | htn       | home  | 2025-09-05
        """,
        {
            ("S1", "2025-01..2025-02"): 0,  # enrolled in January
            ("S1", "2025-03"): "ann",
            ("S1", "2025-04..2025-07"): 0,
            ("S1", "2025-08..2025-12"): "ann",
            ("S1", "2026-01"): 0,
        },
    ),
    Spec(
        "warn_notifiable_late",
        "late in its month, not reported until it is",
        """
        incident
        unit | kind       | topic | severity | day        | found_at            | reported_at
        S1   | notifiable | flu   | low      | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-06 08:00:01
        S1   | notifiable | flu   | low      | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-06 08:00:00    # in time
        S1   | notifiable | flu   | low      | 2025-03-31 | 2025-03-31 08:00:00 | 2025-05-02 08:00:00
        S2   | notifiable | rage  | high     | 2025-04-05 | 2025-04-05 08:00:00 | -
        S1   | complaint  | rage  | high     | 2025-04-05 | 2025-04-05 08:00:00 | -
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03"): 2,
            ("S1", "2025-04"): 1,
            ("S1", "2025-05"): 0,
            ("S2", "2025-04..2026-12"): 1,
            ("C1", "2025-04"): 1 + 1,
        },
    ),
    Spec(
        "warn_doctor_two_unqualified",
        "two unqualified appraisals within twelve months, until one of them is older",
        """
        appraisal
        unit | kind   | staff_no | day        | grade
        S1   | doctor | v1       | 2025-03-31 | unqualified
        S1   | doctor | v1       | 2025-09-30 | unqualified
        S1   | doctor | v1       | 2025-12-31 | unqualified
        S1   | doctor | v2       | 2025-03-31 | unqualified
        S1   | doctor | v2       | 2026-03-31 | unqualified    # twelve months later
        S1   | doctor | v3       | 2025-03-31 | unqualified
        S1   | doctor | v3       | 2025-06-30 | qualified
        S1   | ethics | v3       | 2025-06-30 | unqualified
        S2   | doctor | v3       | 2025-06-30 | unqualified    # another unit's
        """,
        {
            ("S1", "2025-08"): 0,
            ("S1", "2025-09..2026-08"): 1,  # March and September, then September and December
            ("S1", "2026-09"): 0,
            ("S2", "2025-09"): 0,
        },
    ),
    Spec(
        "warn_elder_unserved",
        "listed, and no service for more than three months since the last one or the listing",
        """
        person_tag
        person | tag             | start_on   | end_on
        ann    | solitary        | 2025-01-10 | -
        bob    | high_risk_elder | 2025-01-10 | 2025-09-10
        cat    | disabled        | 2025-01-10 | -

        encounter
        person | kind       | day
        ann    | outpatient | 2025-03-05

        service
        person | kind   | day
        ann    | update | 2025-08-05    # no service
        ann    | visit  | 2025-10-05
        """,
        {
            ("S1", "2025-01..2025-04"): 0,
            ("S1", "2025-05..2025-06"): "bob",
            ("S1", "2025-07..2025-09"): "ann bob",
            ("S1", "2025-10..2026-01"): 0,
            ("S1", "2026-02"): "ann",
        },
    ),
    Spec(
        "warn_child_unchecked",
        "from September, three months after birth, until checked or the year's end",
        """
        person
        person | born_on
        ann    | 2022-01-10
        bob    | 2025-08-10
        cat    | 2022-01-10
        dan    | 2018-05-10    # seven

        child_visit
        person | kind    | day
        ann    | check   | 2025-10-05
        bob    | newborn | 2025-08-15
        cat    | check   | 2025-01-05
        """,
        {
            ("S1", "2025-01..2025-08"): 0,
            ("S1", "2025-09"): "ann",
            ("S1", "2025-10"): 0,
            ("S1", "2025-11..2025-12"): "bob",
            ("S1", "2026-01..2026-08"): 0,
            ("S1", "2026-09"): "ann bob cat",
        },
    ),
    Spec(
        "warn_high_risk_pregnancy",
        "no check within thirty days at the month's end, until delivered or dead",
        """
        person
        person | died_on
        dot    | 2025-02-15

        pregnancy
        person | pregnancy_no | booked_on  | high_risk | delivered_on
        ann    | a            | 2025-01-10 | yes       | 2025-07-10
        bea    | b            | 2025-01-10 | no        | -
        cat    | c            | 2025-03-01 | yes       | -            # 31 March is thirty days later
        dot    | d            | 2025-01-10 | yes       | -

        maternal_visit
        person | pregnancy_no | kind       | day        | mode
        ann    | a            | antenatal  | 2025-03-31 | clinic
        ann    | a            | antenatal  | 2025-05-20 | phone        # a call is no check
        ann    | a            | postpartum | 2025-05-20 | home
        """,
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02"): "ann dot",
            ("S1", "2025-03"): 0,
            ("S1", "2025-04"): "cat",  # 30 April is thirty days after 31 March
            ("S1", "2025-05..2025-06"): "ann cat",
            ("S1", "2025-07..2026-01"): "cat",
            ("S1", "2026-02"): 0,  # ten months after booking
        },
    ),
]
