"""Parameters of children, mothers, mental health, infectious disease, tuberculosis and warnings across a change.

As in ``tests.spec.dated``: each gets a second value on 1 July 2025, and a table with what holds before and after.
"""

from __future__ import annotations

SECOND = {
    "screened_child_age": 7,
    "newborn_visit_days": 7,
    "early_weeks": 12,
    "antenatal_checks": 1,
    "postpartum_days": 14,
    "postpartum_service_days": 3,
    "women_from_age": 20,
    "women_to_age": 44,
    "smi_gap_months": 2,
    "smi_transfer_days": 5,
    "class_a_hours": 1,
    "class_b_hours": 12,
    "outbreak_hours": 12,
    "event_report_hours": 3,
    "contact_days": 3,
    "rectify_day_kind": 2,
    "tb_dose_percent": 80,
    "warn_contact_months": 3,
    "warn_sbp": 170,
    "warn_dbp": 100,
    "warn_fpg": 13,
    "warn_followup_days": 7,
    "warn_dose_months": 3,
    "warn_smi_months": 3,
    "warn_elder_months": 1,
    "warn_child_month": 8,
    "warn_child_months": 1,
    "warn_pregnancy_days": 10,
    "warn_pregnancy_months": 1,
}
Table = tuple[str, str, str, dict]


def _delivered(
    card: str, shows: str, columns: str, first: str, second: str, visits: str, expect: dict
) -> Table:
    """ann is delivered on the last day of the old value, bea on the first of the new one."""
    given = f"""
        pregnancy
        person | pregnancy_no | delivered_on | live_births | {columns}
        ann    | a            | 2025-06-30   | 1           | {first}
        bea    | b            | 2025-07-01   | 1           | {second}

        maternal_visit
        person | pregnancy_no | kind       | day
        {visits}
        """
    return card, shows, given, expect


_BEFORE_ONLY = {("S1", "2025-06"): ("ann", "ann"), ("S1", "2025-07"): (0, "bea")}
_AFTER_ONLY = {("S1", "2025-06"): (0, "ann"), ("S1", "2025-07"): ("bea", "bea")}


def _incident(
    card: str, shows: str, kind: str, severity: str, before: tuple, after: tuple, expect: dict
) -> Table:
    """One on the last day of the old value, one on the first of the new one: found, reported, closed at."""
    given = f"""
        incident
        kind   | severity   | day        | found_at            | reported_at                  | closed_at
        {kind} | {severity} | 2025-06-30 | 2025-06-30 00:00:00 | 2025-06-30 {before[0]}:00:00 | 2025-06-30 {before[1]}:00:00
        {kind} | {severity} | 2025-07-01 | 2025-07-01 00:00:00 | 2025-07-01 {after[0]}:00:00  | 2025-07-01 {after[1]}:00:00
        """
    return card, shows, given, expect


_ONE_BEFORE = {("S1", "2025-06"): (1, 1), ("S1", "2025-07"): (0, 1)}
_ONE_AFTER = {("S1", "2025-06"): (0, 1), ("S1", "2025-07"): (1, 1)}


def _reading(key: str, programme: str, columns: str, values: str, shows: str) -> dict[str, list[Table]]:
    """The same reading in June, when it is not severe yet, and in July, when it is."""
    given = f"""
        enrolment
        person | programme   | start_on
        ann    | {programme} | 2024-05-01
        bob    | {programme} | 2024-05-01

        followup
        person | programme   | day        | {columns}
        ann    | {programme} | 2025-06-30 | {values}
        bob    | {programme} | 2025-07-01 | {values}
        """
    return {key: [("warn_severe_reading", shows, given, {("S1", "2025-06"): 0, ("S1", "2025-07"): "bob"})]}


_WOMEN = """
        person
        person | sex | born_on
        ann    | 2   | {born}
        bea    | 2   | 1990-01-01

        health_record
        person | created_on
        ann    | 2024-05-01
        """


def _women(shows: str, born: str) -> Table:
    expect = {("S1", "2025-06"): ("ann bea", "ann bea", None), ("S1", "2025-07"): ("bea", "bea", None)}
    given = _WOMEN.format(born=born) + "bea    | 2024-05-01\n"
    return "fp_registration", shows, given, expect


TABLES: dict[str, list[Table]] = {
    "newborn_visit_days": [
        (
            "ch_newborn_visit_rate",
            "visited on the 20th day: in time by 28, late by 7",
            """
            person
            person | born_on
            ann    | 2025-06-05
            bob    | 2025-07-05

            child_visit
            person | kind    | day
            ann    | newborn | 2025-06-25
            bob    | newborn | 2025-07-25
            """,
            {("S1", "2025-06"): ("ann", "ann"), ("S1", "2025-07"): (0, "bob")},
        )
    ],
    "screened_child_age": [
        (
            "ch_vision_screened",
            "a child of ten when screened in June, not when screened in July",
            """
            person
            person | born_on
            ann    | 2015-01-10
            bob    | 2015-01-10
            cat    | 2020-01-10

            screening
            person | kind   | day
            ann    | vision | 2025-06-30
            bob    | vision | 2025-07-01
            cat    | vision | 2025-07-01
            """,
            {("S1", "2025-06"): "ann", ("S1", "2025-07"): "ann cat"},
        )
    ],
    "early_weeks": [
        _delivered(
            "mt_early_booking_rate",
            "booked at 12 weeks: before 13, not before 12",
            "booked_weeks | first_check_on",
            "12 | 2025-01-01",
            "12 | 2025-01-01",
            "ann | a | antenatal | 2025-01-01",
            _BEFORE_ONLY,
        )
    ],
    "antenatal_checks": [
        _delivered(
            "mt_system_rate",
            "one check: too few for five, enough for one",
            "booked_weeks | first_check_on",
            "8 | 2025-01-01",
            "8 | 2025-01-01",
            """ann | a | antenatal  | 2025-01-01
        bea    | b            | antenatal  | 2025-01-01
        ann    | a            | postpartum | 2025-07-05
        bea    | b            | postpartum | 2025-07-05""",
            _AFTER_ONLY,
        )
    ],
    "postpartum_days": [
        _delivered(
            "mt_postpartum_visit_rate",
            "visited after 20 days: in time by 28, late by 14",
            "discharged_on",
            "2025-06-30",
            "2025-07-01",
            """ann | a | postpartum | 2025-07-20
        bea    | b            | postpartum | 2025-07-21""",
            _BEFORE_ONLY,
        )
    ],
    "postpartum_service_days": [
        _delivered(
            "mt_postpartum_service_rate",
            "visited after 5 days: in time by 7, late by 3",
            "discharged_on",
            "2025-06-30",
            "2025-07-01",
            """ann | a | postpartum | 2025-07-05
        bea    | b            | postpartum | 2025-07-06""",
            _BEFORE_ONLY,
        )
    ],
    "women_from_age": [_women("at 16: of age from 15, not from 20", "2009-01-01")],
    "women_to_age": [_women("at 47: of age up to 49, not up to 44", "1978-01-01")],
    "smi_gap_months": [
        (
            "mh_standard_rate",
            "seen in June and September: in time by the three months of June; from September on within two",
            """
            enrolment
            person | programme | start_on
            ann    | smi       | 2024-05-01

            followup
            person | programme | mode | day
            ann    | smi       | home | 2025-03-10
            ann    | smi       | home | 2025-06-10
            ann    | smi       | home | 2025-09-10
            ann    | smi       | home | 2025-12-10
            """,
            {
                ("S1", "2025-01..2025-10"): ("ann", "ann"),
                ("S1", "2025-11..2025-12"): (0, "ann"),  # owed by November
            },
        )
    ],
    "smi_transfer_days": [
        (
            "mh_discharge_transfer",
            "taken over after 8 days: in time by 10, late by 5",
            """
            health_event
            person | kind             | day        | handled_on
            ann    | mental_discharge | 2025-06-30 | 2025-07-08
            bob    | mental_discharge | 2025-07-01 | 2025-07-09
            """,
            {("S1", "2025-06"): ("ann", "ann"), ("S1", "2025-07"): (0, "bob")},
        )
    ],
    "class_a_hours": [
        _incident(
            "info_reporting_timely",
            "class A after two hours: in time by 2, late by 1",
            "notifiable",
            "high",
            ("02", "03"),
            ("02", "03"),
            _ONE_BEFORE,
        )
    ],
    "class_b_hours": [
        _incident(
            "info_reporting_timely",
            "after 15 hours: in time by 24, late by 12",
            "notifiable",
            "low",
            ("15", "16"),
            ("15", "16"),
            _ONE_BEFORE,
        )
    ],
    "outbreak_hours": [
        _incident(
            "id_cluster_handled",
            "handled after 15 hours: in time by 24, late by 12",
            "outbreak",
            "low",
            ("01", "16"),
            ("01", "16"),
            _ONE_BEFORE,
        )
    ],
    "event_report_hours": [
        _incident(
            "phe_report_rate",
            "reported after three hours: late by 2, in time by 3",
            "phe_event",
            "low",
            ("03", "04"),
            ("03", "04"),
            _ONE_AFTER,
        )
    ],
    "contact_days": [
        (
            "id_contacts_completed",
            "five days: too few for seven, enough for three",
            """
            enrolment
            person | programme         | start_on   | end_on
            ann    | monitored_contact | 2025-06-30 | 2025-07-05
            bob    | monitored_contact | 2025-07-01 | 2025-07-06
            """,
            {("S1", "2025-06"): (0, "ann"), ("S1", "2025-07"): ("bob", "bob")},
        )
    ],
    "rectify_day_kind": [
        (
            "sup_rectify_3day",
            "three calendar days after a Friday end on Monday; three working days on Wednesday, and beyond a holiday",
            """
            finding
            unit | day        | kind      | recorded_on
            S1   | 2025-06-27 | sup_drugs | 2025-07-01
            S1   | 2025-07-04 | sup_drugs | 2025-07-09    # 7, 8, 9
            S1   | 2025-07-11 | sup_drugs | 2025-07-17    # 14, 15, 16: too late
            S1   | 2025-09-30 | sup_drugs | 2025-10-11    # 1 to 8 off: 9, 10, and Saturday 11 is worked
            """,
            {("S1", "2025-06"): (0, 1), ("S1", "2025-07"): (1, 2), ("S1", "2025-10"): (1, 1)},
        )
    ],
    "tb_dose_percent": [
        (
            "tb_regular_rate",
            "85 of 100 doses: too few for 90 %, enough for 80 %",
            """
            tb_course
            person | notified_on | ended_on   | completed | doses_due | doses_taken
            ann    | 2025-01-10  | 2025-06-30 | yes       | 100       | 85
            bob    | 2025-01-10  | 2025-07-01 | yes       | 100       | 85
            """,
            {("S1", "2025-06"): (0, "ann"), ("S1", "2025-07"): ("bob", "bob")},
        )
    ],
    "warn_contact_months": [
        (
            "warn_ncd_no_contact",
            "seen in June: quiet for six months; seen in July: for three",
            """
            enrolment
            person | programme | start_on
            ann    | htn       | 2024-05-01
            bob    | htn       | 2024-05-01

            followup
            person | programme | day
            ann    | htn       | 2025-06-30
            bob    | htn       | 2025-07-01
            """,
            {
                ("S1", "2025-06"): "bob",  # enrolled more than a year ago
                ("S1", "2025-07..2025-10"): 0,
                ("S1", "2025-11..2025-12"): "bob",
                ("S1", "2026-01"): "ann bob",
            },
        )
    ],
    **_reading("warn_sbp", "htn", "sbp | dbp", "175 | 80", "175 is severe from 170, not from 180"),
    **_reading("warn_dbp", "htn", "sbp | dbp", "120 | 105", "105 is severe from 100, not from 110"),
    **_reading("warn_fpg", "dm", "fpg", "15", "15 is severe from 13, not from 16.7"),
    "warn_followup_days": [
        (
            "warn_severe_reading",
            "seen again after ten days: in time by 14, late by 7",
            """
            enrolment
            person | programme | start_on
            ann    | htn       | 2024-05-01
            bob    | htn       | 2024-05-01

            followup
            person | programme | day        | sbp | dbp
            ann    | htn       | 2025-06-22 | 190 | 80
            ann    | htn       | 2025-07-02 | 130 | 80
            bob    | htn       | 2025-07-22 | 190 | 80
            bob    | htn       | 2025-08-01 | 130 | 80
            """,
            {("S1", "2025-06"): 0, ("S1", "2025-07"): "bob", ("S1", "2025-08"): 0},
        )
    ],
    "warn_dose_months": [
        (
            "warn_doses_overdue",
            "missed in July: a warning three months later; missed in June: only a year later",
            """
            person
            person | born_on
            ann    | 2025-05-10    # nothing was ever given: at one month, missed in July
            bob    | 2025-08-10    # at birth, missed in November: the grace is three months by then
            """,
            {
                ("S1", "2025-05..2025-09"): 0,
                ("S1", "2025-10..2026-01"): "ann",
                ("S1", "2026-02"): "ann bob",
            },
        )
    ],
    "warn_smi_months": [
        (
            "warn_smi_missed_month",
            "seen in April: quiet to May; seen in July: quiet to October",
            """
            enrolment
            person | programme | start_on
            ann    | smi       | 2024-05-01

            followup
            person | programme | day
            ann    | smi       | 2025-04-10
            ann    | smi       | 2025-07-10
            """,
            {
                ("S1", "2025-04..2025-05"): 0,
                ("S1", "2025-06"): "ann",
                ("S1", "2025-07..2025-10"): 0,
                ("S1", "2025-11"): "ann",
            },
        )
    ],
    "warn_elder_months": [
        (
            "warn_elder_unserved",
            "seen in February: quiet to May; seen in July: quiet to August",
            """
            person_tag
            person | tag      | start_on
            ann    | solitary | 2024-05-01

            checkup
            person | day
            ann    | 2025-02-10
            ann    | 2025-07-10
            """,
            {
                ("S1", "2025-02..2025-05"): 0,
                ("S1", "2025-06"): "ann",
                ("S1", "2025-07..2025-08"): 0,
                ("S1", "2025-09"): "ann",
            },
        )
    ],
    "warn_child_month": [
        (
            "warn_child_unchecked",
            "from September in 2024, from August in 2025",
            """
            person
            person | born_on
            ann    | 2021-05-10
            """,
            {
                ("S1", "2024-08"): 0,
                ("S1", "2024-09..2024-12"): "ann",
                ("S1", "2025-07"): 0,
                ("S1", "2025-08..2025-12"): "ann",
            },
        )
    ],
    "warn_child_months": [
        (
            "warn_child_unchecked",
            "born in September: from December in 2024, from October in 2025",
            """
            person
            person | born_on
            ann    | 2024-09-10
            bob    | 2025-09-10
            """,
            {
                ("S1", "2024-11"): 0,
                ("S1", "2024-12"): "ann",
                ("S1", "2025-09"): "ann",
                ("S1", "2025-10..2025-12"): "ann bob",
            },
        )
    ],
    "warn_pregnancy_days": [
        (
            "warn_high_risk_pregnancy",
            "seen on the 5th: recent at the month's end by 30 days, not by 10",
            """
            pregnancy
            person | pregnancy_no | booked_on  | high_risk
            ann    | a            | 2025-05-05 | yes

            maternal_visit
            person | pregnancy_no | kind      | day
            ann    | a            | antenatal | 2025-06-05
            ann    | a            | antenatal | 2025-07-05
            """,
            {("S1", "2025-05..2025-06"): 0, ("S1", "2025-07"): "ann"},
        )
    ],
    "warn_pregnancy_months": [
        (
            "warn_high_risk_pregnancy",
            "booked in June: a warning for ten months; booked in July: for one",
            """
            pregnancy
            person | pregnancy_no | booked_on  | high_risk
            ann    | a            | 2025-06-01 | yes
            bea    | b            | 2025-07-01 | yes
            """,
            {
                ("S1", "2025-07..2025-08"): "ann bea",
                ("S1", "2025-09..2026-04"): "ann",
                ("S1", "2026-05"): 0,
            },
        )
    ],
}
