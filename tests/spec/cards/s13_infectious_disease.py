"""S13 infectious disease: notifiable cases by when they were found, reported and handled."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.table import quarterly_duty, standard, units_with, yearly_duty

CASES = """
        incident
        unit | kind       | topic | severity | day        | found_at            | reported_at         | outcome
        S1   | notifiable | flu   | low      | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-06 08:00:00 | -       # 24 hours
        S1   | notifiable | hfmd  | middle   | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-06 08:00:01 | -       # a second more
        S1   | notifiable | rage  | high     | 2025-03-07 | 2025-03-07 08:00:00 | 2025-03-07 10:00:00 | -       # class A: 2 hours
        S1   | notifiable | rage  | high     | 2025-03-07 | 2025-03-07 08:00:00 | 2025-03-07 10:00:01 | wrong   # late and wrong: once
        S1   | notifiable | hfmd  | -        | 2025-03-31 | 2025-03-31 08:00:00 | -                   | -       # never
        S1   | notifiable | flu   | low      | 2025-03-31 | -                   | 2025-04-02 08:00:00 | wrong
        S2   | notifiable | flu   | low      | 2025-04-01 | 2025-04-01 08:00:00 | 2025-04-01 09:00:00 | -
        S1   | complaint  | hfmd  | low      | 2025-03-31 | 2025-03-31 08:00:00 | -                   | wrong
"""

SPECS = [
    Spec(
        "id_report_cases",
        "cases with a report, by the day found",
        CASES,
        {("S1", "2025-03"): 6 - 1, ("S2", "2025-04"): 1},
    ),
    Spec(
        "id_missed_reports",
        "not reported, late or wrong, each case once",
        CASES,
        {("S1", "2025-03"): 1 + 2 + 1},  # never; two late, one of them wrong; one wrong
    ),
    Spec(
        "id_report_rate",
        "reported of those registered",
        CASES,
        {("S1", "2025-03"): (5, 6), ("S2", "2025-04"): (1, 1)},
    ),
    Spec("id_hfmd_cases", "cases of the one disease", CASES, {("S1", "2025-03"): 2}),
    quarterly_duty("id_missed_check_quarterly", "missed_report_check"),
    Spec(
        "id_cluster_handled",
        "handled within 24 hours of the report",
        """
        incident
        kind     | topic | day        | found_at            | reported_at         | closed_at
        outbreak | flu   | 2025-03-05 | 2025-03-04 08:00:00 | 2025-03-05 08:00:00 | 2025-03-06 08:00:00
        outbreak | noro  | 2025-03-05 | 2025-03-05 08:00:00 | -                   | 2025-03-06 07:00:00
        outbreak | noro  | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-05 08:00:00 | 2025-03-06 08:30:00
        outbreak | pox   | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-05 08:00:00 | -
        accident | pox   | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-05 08:00:00 | 2025-03-05 08:30:00
        """,
        {("S1", "2025-03"): (2, 4)},
    ),
    standard(
        "id_surveillance_three_level", "surveillance_community", "surveillance_grid", "surveillance_household"
    ),
    units_with("phe_plan", "document", "kind", "phe_plan", "mental_plan"),
    yearly_duty("phe_drill", "phe_drill"),
    Spec(
        "phe_report_rate",
        "reported within two hours of being found",
        """
        incident
        kind      | topic | day        | found_at            | reported_at
        phe_event | food  | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-05 10:00:00
        phe_event | food  | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-05 10:00:01
        phe_event | water | 2025-03-05 | -                   | 2025-03-05 08:30:00
        outbreak  | food  | 2025-03-05 | 2025-03-05 08:00:00 | 2025-03-05 09:00:00
        """,
        {("S1", "2025-03"): (1, 3)},
    ),
    Spec(
        "id_school_pairing",
        "schools with a paired contact of those there",
        """
        facility
        unit | kind   | name | start_on   | end_on     | working
        S1   | school | a    | 2025-03-10 | -          | yes
        S1   | school | b    | 2025-04-10 | 2025-05-31 | yes
        S1   | school | c    | 2025-04-10 | -          | no
        S1   | school | d    | 2025-05-10 | -          | -
        S1   | other  | e    | 2025-03-10 | -          | yes
        """,
        {
            ("S1", "2025-03"): (1, 1),
            ("S1", "2025-04"): (2, 3),
            ("S1", "2025-05"): (2, 4),
            ("S1", "2025-06"): (1, 3),
        },
    ),
    Spec(
        "id_close_contacts",
        "in the month in which the monitoring begins",
        """
        enrolment
        unit | person | programme         | start_on   | end_on
        S1   | ann    | monitored_contact | 2025-03-01 | 2025-03-08
        S1   | ann    | monitored_contact | 2025-03-20 | -
        S2   | bob    | monitored_contact | 2025-04-01 | -
        S1   | cat    | smi               | 2025-03-01 | -
        """,
        {("S1", "2025-03"): 2, ("S2", "2025-04"): 1},
    ),
    Spec(
        "id_contacts_completed",
        "seven days and not lost",
        """
        enrolment
        person | programme         | start_on   | end_on     | end_reason
        ann    | monitored_contact | 2025-03-28 | 2025-04-04 | -
        bob    | monitored_contact | 2025-03-01 | 2025-03-07 | -           # six
        cat    | monitored_contact | 2025-03-01 | 2025-03-20 | lost
        dan    | monitored_contact | 2025-03-01 | 2025-03-20 | other
        eve    | monitored_contact | 2025-03-01 | -          | -
        """,
        {("S1", "2025-03"): ("ann dan", "ann bob cat dan eve")},
    ),
    Spec(
        "id_brucella_screen",
        "each time",
        """
        screening
        unit | person | kind     | day
        S1   | ann    | brucella | 2025-03-05
        S1   | bob    | brucella | 2025-03-25
        S1   | ann    | mental   | 2025-03-25
        """,
        {("S1", "2025-03"): 2},
    ),
    standard("id_report_system", "report_rules", "report_register", "report_self_check"),
    Spec(
        "id_death_cause_survey",
        "deaths investigated, whenever",
        """
        health_event
        person | kind             | day        | handled_on
        ann    | death            | 2025-03-05 | 2025-05-15
        bob    | death            | 2025-03-05 | -
        cat    | mental_discharge | 2025-03-31 | 2025-03-31
        """,
        {("S1", "2025-03"): ("ann", "ann bob")},
    ),
]
