"""S09 mothers: deliveries in their month, women over live births; women screened in the year."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.table import monthly_duty


def _postpartum(card: str, last_day: str, too_late: str, march: tuple[int, int]) -> Spec:
    return Spec(
        card,
        "visited in time after discharge, without a day of discharge after delivery",
        f"""
        pregnancy
        person | pregnancy_no | delivered_on | discharged_on | live_births
        ann    | a            | 2025-03-01   | 2025-03-05    | 1
        bea    | b            | 2025-03-02   | 2025-03-05    | 1
        cat    | c            | 2025-03-05   | -             | 2
        dot    | d            | 2025-03-01   | 2025-03-05    | 1
        eve    | e            | 2025-03-01   | 2025-03-05    | 0

        maternal_visit
        person | pregnancy_no | kind       | day        | mode
        ann    | a            | postpartum | {last_day} | home
        bea    | b            | postpartum | {too_late} | home
        cat    | c            | postpartum | {last_day} | -
        dot    | d            | postpartum | 2025-03-04 | home     # still in hospital
        dot    | d            | postpartum | 2025-03-06 | phone    # a call is no visit
        dot    | x            | postpartum | 2025-03-06 | home     # another pregnancy's
        dot    | d            | day42      | 2025-03-06 | clinic
        eve    | e            | postpartum | 2025-03-06 | home     # no live birth: a woman delivered all the same
        """,
        {("S1", "2025-03"): march, ("C1", "2025-03", "ytd"): march},
    )


SPECS = [
    Spec(
        "mt_early_booking_rate",
        "booked before 13 weeks with a first check; twins are two live births of one woman",
        """
        pregnancy
        person | booked_on  | booked_weeks | first_check_on | delivered_on | live_births
        ann    | 2024-09-01 | 12           | 2024-09-01     | 2025-03-01   | 1
        bea    | 2024-09-01 | 13           | 2024-09-01     | 2025-03-31   | 1
        cat    | 2024-09-01 | 11           | -              | 2025-03-31   | 1
        dot    | 2024-09-01 | 8            | 2024-09-20     | 2025-03-15   | 2
        eve    | 2024-09-01 | 8            | 2024-09-20     | 2025-03-15   | 0
        fay    | 2024-09-01 | 8            | 2024-09-20     | -            | -
        gia    | 2024-09-01 | -            | 2024-09-20     | 2025-04-01   | 1
        """,
        {("S1", "2025-03"): ("ann dot", 1 + 1 + 1 + 2), ("S1", "2025-04"): (0, 1)},
    ),
    Spec(
        "mt_booking_rate",
        "women delivered, whatever came of it",
        """
        pregnancy
        unit | person | booked_on  | delivered_on | live_births
        S1   | ann    | 2024-09-01 | 2025-03-01   | 1
        S1   | bea    | -          | 2025-03-01   | 1
        S1   | cat    | 2025-03-20 | 2025-03-01   | 1          # afterwards
        S2   | eve    | 2024-09-01 | 2025-03-15   | 0
        S1   | fay    | 2024-09-01 | -            | -
        """,
        {("S1", "2025-03"): ("ann", "ann bea cat"), ("S2", "2025-03"): ("eve", "eve")},
    ),
    Spec(
        "mt_system_rate",
        "early booking, five checks before delivery and a visit in time",
        """
        pregnancy
        person | pregnancy_no | booked_weeks | first_check_on | delivered_on | discharged_on | live_births
        ann    | a            | 12           | 2024-09-01     | 2025-03-20   | 2025-03-25    | 1
        bea    | b            | 12           | 2024-09-01     | 2025-03-20   | 2025-03-25    | 1
        cat    | c            | 12           | 2024-09-01     | 2025-03-20   | 2025-03-25    | 1
        dot    | d            | 20           | 2024-09-01     | 2025-03-20   | 2025-03-25    | 1

        maternal_visit
        person | pregnancy_no | kind       | day
        ann    | a            | antenatal  | 2024-09-01
        ann    | a            | antenatal  | 2024-10-01
        ann    | a            | antenatal  | 2024-11-01
        ann    | a            | antenatal  | 2024-12-01
        ann    | a            | antenatal  | 2025-03-20
        ann    | a            | postpartum | 2025-03-27
        bea    | b            | antenatal  | 2024-09-01
        bea    | b            | antenatal  | 2024-10-01
        bea    | b            | antenatal  | 2024-11-01
        bea    | b            | antenatal  | 2024-12-01
        bea    | b            | antenatal  | 2025-03-21    # after delivery
        bea    | b            | postpartum | 2025-03-27
        cat    | c            | antenatal  | 2024-09-01
        cat    | c            | antenatal  | 2024-10-01
        cat    | c            | antenatal  | 2024-11-01
        cat    | c            | antenatal  | 2024-12-01
        cat    | c            | antenatal  | 2025-01-01    # no visit afterwards
        dot    | d            | antenatal  | 2024-09-01
        dot    | d            | antenatal  | 2024-10-01
        dot    | d            | antenatal  | 2024-11-01
        dot    | d            | antenatal  | 2024-12-01
        dot    | d            | antenatal  | 2025-01-01
        dot    | d            | postpartum | 2025-03-27    # booked late
        """,
        {("S1", "2025-03"): ("ann", 4)},
    ),
    Spec(
        "mt_mgmt_rate",
        "booked and checked at least once",
        """
        pregnancy
        person | pregnancy_no | booked_on  | first_check_on | delivered_on
        ann    | a            | 2024-09-01 | 2024-09-01     | 2025-03-20
        bea    | b            | 2024-09-01 | -              | 2025-03-20
        cat    | c            | 2024-09-01 | -              | 2025-03-20
        dot    | d            | -          | 2024-09-01     | 2025-03-20
        eve    | e            | 2025-03-22 | 2025-03-20     | 2025-03-20      # booked afterwards
        fay    | f            | 2025-03-01 | 2025-03-22     | 2025-03-20      # checked afterwards

        maternal_visit
        person | pregnancy_no | kind       | day        | mode
        bea    | b            | antenatal  | 2024-12-01 | clinic
        cat    | c            | postpartum | 2025-03-25 | home
        cat    | c            | antenatal  | 2024-12-01 | phone            # no check
        """,
        {("S1", "2025-03"): ("ann bea", "ann bea cat dot eve fay")},
    ),
    Spec(
        "mt_hospital_delivery_rate",
        "live births in hospital over live births",
        """
        pregnancy
        person | delivered_on | live_births | hospital
        ann    | 2025-03-01   | 2           | yes
        bea    | 2025-03-02   | 1           | no
        cat    | 2025-03-03   | 1           | -          # nobody knows where
        dot    | 2025-03-03   | 0           | yes
        """,
        {("S1", "2025-03"): (2, 2 + 1)},
    ),
    Spec(
        "mt_highrisk_hospital_rate",
        "women at high risk only",
        """
        pregnancy
        person | delivered_on | high_risk | hospital
        ann    | 2025-03-01   | yes       | yes
        bea    | 2025-03-02   | yes       | no
        cat    | 2025-03-03   | no        | yes
        dot    | 2025-03-03   | -         | yes
        eve    | 2025-03-03   | yes       | -          # nobody knows where
        """,
        {("S1", "2025-03"): ("ann", "ann bea")},
    ),
    _postpartum("mt_postpartum_visit_rate", "2025-04-02", "2025-04-03", (2, 1 + 1 + 2 + 1)),
    _postpartum("mt_postpartum_service_rate", "2025-03-12", "2025-03-13", (2 + 1, 5)),
    Spec(
        "mt_42day_rate",
        "checked at any later day, counted in the month of delivery",
        """
        pregnancy
        person | pregnancy_no | delivered_on
        ann    | a            | 2025-03-01
        bea    | b            | 2025-03-02
        cat    | c            | 2025-03-02

        maternal_visit
        person | pregnancy_no | kind       | day        | mode
        ann    | a            | day42      | 2025-04-12 | clinic
        bea    | b            | postpartum | 2025-04-12 | home
        cat    | x            | day42      | 2025-04-12 | clinic
        cat    | c            | day42      | 2025-04-12 | phone
        """,
        {("S1", "2025-03"): ("ann", "ann bea cat")},
    ),
    Spec(
        "mt_antenatal_persons",
        "each woman once a year, at the unit of her first check",
        """
        maternal_visit
        unit | person | kind       | day        | mode
        S1   | ann    | antenatal  | 2025-03-10 | clinic
        S2   | ann    | antenatal  | 2025-04-10 | clinic
        S2   | bea    | antenatal  | 2025-05-10 | -
        S2   | cat    | postpartum | 2025-05-10 | home
        S1   | dot    | antenatal  | 2025-03-10 | phone
        S1   | ann    | antenatal  | 2024-12-10 | clinic
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03..2025-12"): "ann",
            ("S2", "2025-05..2025-12"): "bea",
            ("C1", "2025-12"): 2,
        },
    ),
    Spec(
        "mt_highrisk_mgmt",
        "women at high risk with an antenatal visit that notes it",
        """
        pregnancy
        person | pregnancy_no | delivered_on | high_risk
        ann    | a            | 2025-03-20   | yes
        bea    | b            | 2025-03-20   | yes
        cat    | c            | 2025-03-20   | yes
        dot    | d            | 2025-03-20   | no

        maternal_visit
        person | pregnancy_no | kind       | day        | high_risk
        ann    | a            | antenatal  | 2025-01-10 | yes
        bea    | b            | antenatal  | 2025-01-10 | no
        cat    | c            | postpartum | 2025-03-25 | yes
        dot    | d            | antenatal  | 2025-01-10 | yes
        """,
        {("S1", "2025-03"): ("ann", "ann bea cat")},
    ),
    Spec(
        "mt_folic_acid",
        "handed out and followed up, in the month of booking",
        """
        pregnancy
        person | booked_on  | folic_on   | folic_followed
        ann    | 2025-03-01 | 2025-03-05 | yes
        bea    | 2025-03-31 | 2025-03-31 | no
        cat    | 2025-03-31 | -          | yes
        dot    | -          | 2025-03-31 | yes
        eve    | 2025-04-01 | 2025-03-31 | -
        """,
        {("S1", "2025-03"): ("ann", "ann bea cat"), ("S1", "2025-04"): (0, "eve")},
    ),
    Spec(
        "mt_women_screening_rate",
        "women of 15 to 49 on 31 December, screened in the year",
        """
        person
        person | sex | born_on
        ann    | 2   | 1976-01-01    # 49
        bea    | 2   | 1975-12-31    # 50
        cat    | 1   | 1990-01-01
        dot    | 2   | 2010-12-31    # 15
        eve    | 2   | 2011-01-01    # 14
        fay    | 2   | 1990-01-01

        screening
        person | kind          | day
        ann    | women_disease | 2025-03-10
        ann    | cervical      | 2025-02-10
        bea    | cervical      | 2025-03-10
        cat    | breast        | 2025-03-10
        dot    | vision        | 2025-03-10
        fay    | breast        | 2024-12-10

        population
        unit | year | band   | persons
        S1   | 2025 | f15-49 | 5
        S1   | 2025 | all    | 50
        """,
        {
            ("S1", "2025-01"): (0, "ann dot fay", 5),
            ("S1", "2025-02..2025-12"): ("ann", "ann dot fay", 5),
        },
    ),
    Spec(
        "mt_women_exam_count",
        "screenings of women, each time",
        """
        screening
        unit | person | kind          | day
        S1   | ann    | women_disease | 2025-03-10
        S1   | ann    | cervical      | 2025-03-10
        S2   | bea    | breast        | 2025-04-01
        S1   | bea    | vision        | 2025-03-10
        """,
        {("S1", "2025-03"): 1 + 1, ("S2", "2025-04"): 1},
    ),
    monthly_duty("mt_meeting", "mch_meeting", more="evidence=yes"),
]
