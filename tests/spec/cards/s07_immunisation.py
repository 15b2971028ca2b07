"""S07 immunisation: what fell due and was given in time, certificates, seasons, safety."""

from __future__ import annotations

from tests.spec.harness import Spec

# Of each vaccine: a birthday, and the doses with the last day on which each is in time (the end of the
# month after the recommended age) and the day after. Children of several ages where doses lie far apart.
_SCHEDULE = {
    "bcg": [("2025-03-15", [(1, "2025-04-30", "2025-05-01")])],  # at birth
    "hepb": [  # at birth, 1 and 6 months
        (
            "2025-03-15",
            [
                (1, "2025-04-30", "2025-05-01"),
                (2, "2025-05-31", "2025-06-01"),
                (3, "2025-10-31", "2025-11-01"),
            ],
        )
    ],
    "polio": [  # 2, 3, 4 months; 4 years
        (
            "2025-03-15",
            [
                (1, "2025-06-30", "2025-07-01"),
                (2, "2025-07-31", "2025-08-01"),
                (3, "2025-08-31", "2025-09-01"),
            ],
        ),
        ("2021-04-30", [(4, "2025-05-31", "2025-06-01")]),
    ],
    "dtp": [  # 3, 4, 5, 18 months
        (
            "2025-03-15",
            [
                (1, "2025-07-31", "2025-08-01"),
                (2, "2025-08-31", "2025-09-01"),
                (3, "2025-09-30", "2025-10-01"),
                (4, "2026-10-31", "2026-11-01"),
            ],
        )
    ],
    "mcv": [  # 8, 18 months
        ("2025-03-15", [(1, "2025-12-31", "2026-01-01"), (2, "2026-10-31", "2026-11-01")])
    ],
    "je": [  # 8 months, 2 years
        ("2024-02-10", [(1, "2024-11-30", "2024-12-01"), (2, "2026-03-31", "2026-04-01")])
    ],
    "mena": [  # 6, 9 months
        ("2025-03-15", [(1, "2025-10-31", "2025-11-01"), (2, "2026-01-31", "2026-02-01")])
    ],
    "menac": [  # 3 and 6 years
        ("2022-04-30", [(1, "2025-05-31", "2025-06-01")]),
        ("2019-06-01", [(2, "2025-07-31", "2025-08-01")]),
    ],
    "hepa": [("2024-03-15", [(1, "2025-10-31", "2025-11-01")])],  # 18 months
}


def _vaccine(vaccine: str) -> Spec:
    """For every birthday a child vaccinated on the last day in time and one a day late: one of two."""
    people, doses, expect = [], [], {}
    for number, (born_on, course) in enumerate(_SCHEDULE[vaccine]):
        for child in ("in_time", "late"):
            people.append(f"{child}{number} | {born_on}")
            for dose_no, last_day, day_after in course:
                day = last_day if child == "in_time" else day_after
                doses.append(f"{child}{number} | {vaccine} | {dose_no} | {day}")
        for _, last_day, _ in course:
            expect["S1", last_day[:7]] = (1, 1 + 1)
    table = ["person", "person | born_on", *people, "", "dose", "person | vaccine | dose_no | day", *doses]
    return Spec(
        f"im_vaccine_{vaccine}",
        "each dose in the month in which it counts as missed, in time up to its last day",
        "\n".join(table),
        expect,
    )


# Eleven doses: 1 BCG, 3 hepatitis B, 3 polio, 3 DTP, 1 measles-containing.
_FIVE = [("bcg", 1), *((v, n) for v in ("hepb", "polio", "dtp") for n in (1, 2, 3)), ("mcv", 1)]


def _course(person: str, last_day: str, *, without: str = "", more: tuple = ()) -> str:
    """Rows of the five vaccines' course, the measles dose on ``last_day``."""
    given = [(v, n) for v, n in _FIVE if v != without] + list(more)
    return "\n".join(
        f"{person} | {vaccine} | {dose_no} | {last_day if vaccine == 'mcv' else '2024-09-01'}"
        for vaccine, dose_no in given
    )


def _until_six(person: str, polio: int = 4) -> str:
    """Rows of all that is due before the sixth birthday."""
    numbers = {
        "bcg": 1,
        "hepb": 3,
        "polio": polio,
        "dtp": 4,
        "mcv": 2,
        "je": 2,
        "mena": 2,
        "menac": 1,
        "hepa": 1,
    }
    return "\n".join(
        f"{person} | {vaccine} | {dose_no} | 2022-12-31"
        for vaccine, doses in numbers.items()
        for dose_no in range(1, doses + 1)
    )


def _doses(card: str, shows: str, column: str, counts: str, others: tuple[str, ...]) -> Spec:
    """A count of doses whose ``column`` says ``counts``."""
    rows = "\n".join(f"bob | S1 | hepb | 2025-01-15 | {value}" for value in others)
    return Spec(
        card,
        shows,
        f"""
        dose
        person | unit | vaccine | day        | {column}
        ann    | S1   | hepb    | 2024-12-31 | {counts}
        ann    | S1   | mcv     | 2025-01-01 | {counts}
        ann    | S1   | dtp     | 2025-01-31 | {counts}
        cat    | S2   | dtp     | 2025-02-01 | {counts}
{rows}
        """,
        {("S1", "2024-12"): 1, ("S1", "2025-01"): 1 + 1, ("S2", "2025-02"): 1},
    )


SPECS = [
    Spec(
        "im_class1_rate",
        "every dose of the schedule, by the month in which it counts as missed",
        """
        person
        person | born_on
        tong   | 2025-03-15
        adult  | 1990-01-01       # owes nothing

        dose
        person | vaccine | dose_no | day
        tong   | bcg     | 1       | 2025-03-16
        tong   | hepb    | 1       | 2025-04-30      # the last day in time
        tong   | hepb    | 2       | 2025-06-01      # a day late
        tong   | polio   | 1       | 2025-06-30
        tong   | flu     | 1       | 2025-09-15      # not of the schedule
        """,
        {
            ("S1", "2025-04"): ("bcg1 hepb1", "bcg1 hepb1"),
            ("S1", "2025-05"): (0, "hepb2"),
            ("S1", "2025-06"): ("polio1", "polio1"),
            ("S1", "2025-07"): (0, "polio2 dtp1"),
            ("S1", "2025-08"): (0, "polio3 dtp2"),
            ("S1", "2025-09"): (0, "dtp3"),
            ("S1", "2025-10"): (0, "hepb3 mena1"),
            ("S1", "2025-12"): (0, "mcv1 je1"),
            ("S1", "2026-01"): (0, "mena2"),
            ("S1", "2026-10"): (0, "dtp4 mcv2 hepa1"),
        },
    ),
    Spec(
        "im_class1_rate",
        "a dose is owed where the child is managed in the month in which it falls due",
        """
        person
        person | born_on    | arrived_on | died_on
        tong   | 2024-04-10 | -          | -
        ping   | 2024-04-10 | 2025-11-01 | -            # what fell due before it came is not owed here
        xiao   | 2025-06-10 | -          | 2025-06-20   # before anything fell due

        residence
        person | unit | start_on   | end_on
        tong   | S2   | 2025-04-15 | -
        tong   | S1   | 2024-04-10 | 2025-04-14
        """,
        {
            ("S1", "2024-05"): (0, "bcg1 hepb1"),
            ("S1", "2024-06"): (0, "hepb2"),
            ("S1", "2024-07"): (0, "polio1"),
            ("S1", "2024-08"): (0, "polio2 dtp1"),
            ("S1", "2024-09"): (0, "polio3 dtp2"),
            ("S1", "2024-10"): (0, "dtp3"),
            ("S1", "2024-11"): (0, "hepb3 mena1"),
            ("S1", "2025-01"): (0, "mcv1 je1"),
            ("S1", "2025-02"): (0, "mena2"),
            ("S2", "2025-11"): (0, "dtp4 mcv2 hepa1"),
            ("S1", "2025-11"): (0, "dtp4 mcv2 hepa1"),  # ping's
            ("S2", "2026-05"): (0, "je2"),
            ("S1", "2026-05"): (0, "je2"),
        },
    ),
    *(_vaccine(vaccine) for vaccine in _SCHEDULE),
    Spec(
        "im_vaccine_hpv",
        "girls born since November 2012, at 13 and half a year later",
        """
        person
        person | born_on    | sex
        mei    | 2012-11-01 | 2
        lan    | 2012-10-31 | 2         # born before it was added
        gang   | 2012-11-01 | 1

        dose
        person | vaccine | dose_no | day
        mei    | hpv     | 1       | 2025-12-31
        mei    | hpv     | 2       | 2026-07-01       # a day late
        """,
        {("S1", "2025-12"): (1, 1), ("S1", "2026-06"): (0, 1)},
    ),
    Spec(
        "im_new_epi_rate",
        "only doses of vaccines newly added to the programme",
        """
        person
        person | born_on    | sex
        mei    | 2012-12-31 | 2
        tong   | 2025-03-15 | 2         # owes doses of the old programme

        dose
        person | vaccine | dose_no | day
        mei    | hpv     | 1       | 2026-02-01       # a day late
        mei    | hpv     | 2       | 2026-07-31
        """,
        {("S1", "2026-01"): (0, 1), ("S1", "2026-07"): (1, 1)},
    ),
    Spec(
        "im_five_full_rate",
        "of children who turn one, those with all eleven doses by the end of that month",
        f"""
        person
        person | born_on    | died_on
        ann    | 2024-03-15 | -
        bob    | 2024-03-15 | -
        cat    | 2024-03-31 | -
        dan    | 2024-04-01 | -
        eve    | 2023-12-31 | -
        fay    | 2024-03-15 | 2025-02-28     # did not turn one

        dose
        person | vaccine | dose_no | day
        {_course("ann", "2025-03-31")}
        {_course("bob", "2025-04-01")}
        {_course("cat", "2025-03-01", without="bcg", more=(("polio", 4), ("dtp", 3)))}
        {_course("dan", "2025-04-30", more=(("dtp", 3),))}
        {_course("eve", "2024-12-31")}
        """,
        {
            ("S1", "2024-12"): ("eve", "eve"),
            ("S1", "2025-03"): (
                "ann",
                "ann bob cat",
            ),  # bob a day late; cat lacks BCG, others do not replace it
            ("S1", "2025-04"): ("dan", "dan"),
        },
    ),
    Spec(
        "im_newborn_hepb",
        "the first dose in the month of birth or the next",
        """
        person
        person | born_on
        ann    | 2025-01-31
        bob    | 2025-01-31
        cat    | 2025-01-01
        dan    | 2024-12-31
        eve    | 2025-01-15

        dose
        person | vaccine | dose_no | day
        ann    | hepb    | 1       | 2025-02-28
        bob    | hepb    | 1       | 2025-03-01
        cat    | bcg     | 1       | 2025-01-02      # another vaccine
        dan    | hepb    | 1       | 2024-12-31
        eve    | hepb    | 2       | 2025-01-16      # not the first dose
        """,
        {("S1", "2025-01"): ("ann", "ann bob cat eve"), ("S1", "2024-12"): ("dan", "dan")},
    ),
    Spec(
        "im_hepb_first_timely",
        "within 24 hours of birth; without a time it is not timely",
        """
        person
        person | born_on    | born_hour
        ann    | 2025-01-31 | 10
        bob    | 2025-01-31 | 10
        cat    | 2025-01-31 | 10
        dan    | 2025-01-31 | 10
        eve    | 2025-01-31 | -
        fay    | 2025-01-31 | -
        gus    | 2025-01-31 | 10
        hal    | 2024-12-31 | 23

        dose
        person | vaccine | dose_no | day        | given_at
        ann    | hepb    | 1       | 2025-02-01 | 2025-02-01 10:00    # 24 hours
        bob    | hepb    | 1       | 2025-02-01 | 2025-02-01 10:00:01 # a second late
        cat    | hepb    | 1       | 2025-01-31 | -                   # no time
        dan    | hepb    | 1       | 2025-01-31 | 2025-01-31 09:59    # before it was born
        eve    | hepb    | 1       | 2025-02-01 | 2025-02-01 00:00    # unknown hour of birth: from 0:00
        fay    | hepb    | 1       | 2025-02-01 | 2025-02-01 00:01
        gus    | bcg     | 1       | 2025-01-31 | 2025-01-31 11:00
        hal    | hepb    | 1       | 2024-12-31 | 2024-12-31 23:00    # at once
        """,
        {
            ("S1", "2025-01"): ("ann eve", "ann bob cat dan eve fay gus"),
            ("S1", "2024-12"): ("hal", "hal"),
        },
    ),
    Spec(
        "im_births",
        "children managed here from birth: a record made within the first year, no later arrival",
        """
        person
        person | born_on    | arrived_on | entered_on
        ann    | 2025-01-31 | -          | 2025-01-31
        bob    | 2025-02-01 | -          | 2025-02-01
        cat    | 2025-02-10 | 2025-03-01 | 2025-02-10     # born elsewhere
        dan    | 2025-02-10 | -          | 2026-02-20
        eve    | 2025-02-10 | -          | 2026-02-20

        health_record
        person | created_on
        dan    | 2026-02-09      # the last day of the first year
        eve    | 2026-02-10      # known only from then on
        """,
        {("S1", "2025-01"): 1, ("S1", "2025-02"): 1 + 1},
    ),
    Spec(
        "im_card_rate",
        "children of 0 to 6 known here, from the day on which the certificate was issued",
        """
        person
        person | born_on    | registered | arrived_on
        ann    | 2020-01-01 | yes        | -
        bob    | 2020-01-01 | yes        | -                # no certificate
        cat    | 2018-06-30 | yes        | -                # 7 in June
        dan    | 2025-02-28 | yes        | -
        eve    | 2020-01-01 | no         | 2025-02-10       # known here, though not yet a resident
        fay    | 2010-01-01 | yes        | -                # too old
        gus    | 2018-07-10 | yes        | 2025-06-05       # came in the last month before the birthday

        vaccination_card
        person | issued_on
        ann    | 2025-03-31
        cat    | 2018-07-10
        dan    | -               # no date: from birth
        eve    | 2020-01-05
        fay    | 2010-01-05
        """,
        {
            ("S1", "2025-01"): ("cat", "ann bob cat"),
            ("S1", "2025-02"): ("cat dan eve", "ann bob cat dan eve"),
            ("S1", "2025-03..2025-05"): ("ann cat dan eve", "ann bob cat dan eve"),
            ("S1", "2025-06"): ("ann dan eve", "ann bob dan eve gus"),
            ("S1", "2025-07"): ("ann dan eve", "ann bob dan eve"),
        },
    ),
    Spec(
        "im_floating_children",
        "floating children of 0 to 6 with no dose overdue at the month's end, wherever it fell due",
        f"""
        person
        person | born_on    | registered | arrived_on
        ann    | 2019-06-01 | no         | 2025-01-10     # the second A+C dose counts as missed in July
        bob    | 2019-06-01 | no         | 2025-01-10
        cat    | 2019-06-01 | no         | 2025-01-10
        fay    | 2019-06-01 | no         | 2025-01-10     # came with a dose missing
        gus    | 2019-06-01 | no         | 2026-05-10     # came in the last month before the birthday
        hal    | 2019-06-01 | no         | 2026-06-10     # came too old
        dan    | 2019-06-01 | yes        | 2025-01-10     # registered here
        eve    | 2019-06-01 | -          | 2025-01-10     # not known to be floating

        dose
        person | vaccine | dose_no | day
        {_until_six("ann")}
        ann    | menac   | 2       | 2025-07-31
        {_until_six("bob")}
        bob    | menac   | 2       | 2025-09-01
        {_until_six("cat")}
        {_until_six("fay", polio=3)}
        fay    | polio   | 4       | 2025-03-31
        fay    | menac   | 2       | 2025-05-01
        {_until_six("gus")}
        gus    | menac   | 2       | 2025-05-01
        """,
        {
            ("S1", "2024-12"): (0, 0),
            ("S1", "2025-01..2025-02"): ("ann bob cat", "ann bob cat fay"),
            ("S1", "2025-03..2025-06"): ("ann bob cat fay", 4),
            ("S1", "2025-07..2025-08"): ("ann fay", 4),
            ("S1", "2025-09..2026-04"): ("ann bob fay", 4),
            ("S1", "2026-05"): ("ann bob fay gus", 4 + 1),
            ("S1", "2026-06"): (0, 0),  # seven years old
        },
    ),
    Spec(
        "im_flu60_rate",
        "vaccinated between July and June, 60 on the last day of the month",
        """
        person
        person | born_on
        ann    | 1950-01-01
        bob    | 1950-01-01
        cat    | 1965-10-31      # 60 in October
        dan    | 1950-01-01

        dose
        person | vaccine | day
        ann    | flu     | 2025-06-30       # the old season
        bob    | flu     | 2025-07-01       # the new one
        bob    | flu     | 2025-11-01       # again
        cat    | flu     | 2025-09-01
        dan    | covid   | 2025-09-01

        population
        unit | year | band | persons
        S1   | 2025 | 60+  | 6
        S1   | 2026 | 60+  | 7
        """,
        {
            ("S1", "2025-05"): (0, "ann bob dan", 6),
            ("S1", "2025-06"): ("ann", "ann bob dan", 6),
            ("S1", "2025-07..2025-09"): ("bob", "ann bob dan", 6),
            ("S1", "2025-10..2025-12"): ("bob cat", "ann bob cat dan", 6),
            ("S1", "2026-01..2026-06"): ("bob cat", "ann bob cat dan", 7),
            ("S1", "2026-07"): (0, "ann bob cat dan", 7),
        },
    ),
    Spec(
        "im_covid_booster2",
        "a fourth dose or later, once and for all, from 18 on",
        """
        person
        person | born_on
        ann    | 1980-01-01
        bob    | 1980-01-01
        cat    | 2007-06-30       # 18 in June
        dan    | 1980-01-01
        eve    | 1980-01-01

        dose
        person | vaccine | dose_no | day
        ann    | covid   | 4       | 2025-03-31
        bob    | covid   | 3       | 2025-03-31
        cat    | covid   | 4       | 2024-01-01
        dan    | covid   | 5       | 2025-04-01
        eve    | flu     | 4       | 2025-04-01

        population
        unit | year | band | persons
        S1   | 2025 | 18+  | 9
        S1   | 2026 | 18+  | 9
        """,
        {
            ("S1", "2025-02"): (0, "ann bob dan eve", 9),
            ("S1", "2025-03"): ("ann", "ann bob dan eve", 9),
            ("S1", "2025-04..2025-05"): ("ann dan", "ann bob dan eve", 9),
            ("S1", "2025-06..2026-12"): ("ann dan cat", "ann bob dan eve cat", 9),
        },
    ),
    _doses("im_doses_epi", "doses of the national programme", "programme_class", "1", ("2", "-")),
    _doses("im_doses_non_epi", "doses outside the programme", "programme_class", "2", ("1", "-")),
    _doses("im_campaign_doses", "doses marked as part of a campaign", "campaign", "polio 2025", ("-",)),
    Spec(
        "im_h1n1_campaign",
        "influenza doses marked as part of a campaign; those of every autumn are none",
        """
        dose
        person | vaccine | day        | campaign
        ann    | flu     | 2025-03-31 | H1N1
        bob    | flu     | 2025-03-01 | H1N1
        cat    | flu     | 2025-03-02 | -
        dan    | mcv     | 2025-03-03 | measles
        eve    | flu     | 2025-04-01 | H1N1
        """,
        {("S1", "2025-03"): 1 + 1, ("S1", "2025-04"): 1, ("S1", "2025-04", "ytd"): 2 + 1},
    ),
    _doses("im_aefi", "doses with a suspected reaction", "reaction", "yes", ("no", "-")),
    Spec(
        "im_consent_rate",
        "doses with consent, of those of which the source tells",
        """
        dose
        person | unit | vaccine | day        | consent
        ann    | S1   | hepb    | 2024-12-31 | yes
        ann    | S1   | mcv     | 2025-01-01 | yes
        ann    | S1   | dtp     | 2025-01-31 | no
        bob    | S1   | dtp     | 2025-01-31 | -
        bob    | S2   | dtp     | 2025-02-01 | yes
        """,
        {("S1", "2024-12"): (1, 1), ("S1", "2025-01"): (1, 1 + 1), ("S2", "2025-02"): (1, 1)},
    ),
    Spec(
        "im_observation_30min",
        "30 minutes or more, of doses with a time",
        """
        dose
        person | vaccine | day        | observed_minutes
        ann    | hepb    | 2025-01-31 | 29
        bob    | hepb    | 2025-01-31 | 30
        cat    | hepb    | 2025-01-31 | 31
        dan    | hepb    | 2025-01-31 | -
        eve    | hepb    | 2025-02-01 | 0
        """,
        {("S1", "2025-01"): ("bob cat", "ann bob cat"), ("S1", "2025-02"): (0, "eve")},
    ),
    Spec(
        "im_info_upload",
        "doses uploaded, of all doses",
        """
        dose
        person | vaccine | day        | uploaded_on
        ann    | hepb    | 2024-12-31 | -
        ann    | mcv     | 2025-01-01 | 2025-02-10       # late, but uploaded
        bob    | mcv     | 2025-01-31 | -
        """,
        {("S1", "2024-12"): (0, 1), ("S1", "2025-01"): (1, 1 + 1)},
    ),
]
