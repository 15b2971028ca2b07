"""S10 older residents: the yearly check, from the year in which one turns 65."""

from __future__ import annotations

from tests.spec.harness import Spec

_PEOPLE = """
        person
        person | born_on    | died_on
        ann    | 1960-12-31 | -             # 65 on 31 December 2025
        bob    | 1961-01-01 | -             # not before 2026
        cat    | 1950-01-01 | -
        dan    | 1950-01-01 | -
        eve    | 1950-01-01 | 2025-06-10    # stays to the year's end""".strip()


def _tag_count(card: str, tag: str) -> Spec:
    return Spec(
        card,
        "residents on the list, to the month in which they leave it",
        f"""
        person
        person | registered | arrived_on
        cat    | no         | 2025-01-31    # a resident from July

        person_tag
        person | tag   | start_on   | end_on
        ann    | {tag} | 2025-02-28 | -
        bob    | {tag} | 2025-03-01 | 2025-09-01
        cat    | {tag} | 2025-02-01 | -
        dan    | other | 2024-01-01 | -
        """,
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02"): "ann",
            ("S1", "2025-03..2025-06"): "ann bob",
            ("S1", "2025-07..2025-09"): "ann bob cat",
            ("S1", "2025-10..2026-12"): "ann cat",
        },
    )


def _examined(card: str, whole: bool) -> Spec:
    """Persons examined; ``whole``: as a share of the population."""
    expect = {
        "2024-12": ("cat", "cat dan eve", None),
        "2025-01..2025-02": (0, "ann cat dan eve", 6),
        "2025-03": ("ann eve", "ann cat dan eve", 6),
        "2025-04..2025-12": ("ann eve dan", "ann cat dan eve", 6),
        "2026-01..2026-03": (0, "ann bob cat dan", 7),
    }
    return Spec(
        card,
        "any check of the year, complete or not; age on 31 December; who dies stays to the year's end",
        f"""
        {_PEOPLE}

        checkup
        person | day        | complete
        ann    | 2025-03-31 | no
        ann    | 2025-05-01 | yes          # a second check
        bob    | 2025-03-31 | yes          # too young this year
        cat    | 2024-12-31 | yes          # last year's
        dan    | 2025-04-01 | -
        eve    | 2025-03-01 | yes

        population
        unit | year | band | persons
        S1   | 2025 | 65+  | 6
        S1   | 2026 | 65+  | 7
        S1   | 2025 | 60+  | 99
        """,
        {("S1", months): figure if whole else figure[0] for months, figure in expect.items()},
    )


SPECS = [
    Spec(
        "el_mgmt_rate",
        "a complete check of the year and a valid record; who dies or moves away stays to the year's end",
        f"""
        {_PEOPLE}
        fay    | 1950-01-01 | -
        gus    | 1950-01-01 | -
        hal    | 1950-01-01 | -
        ivy    | 1950-01-01 | -

        health_record
        person | created_on | cancelled_on | cancel_reason
        ivy    | 2024-01-01 | -            | -
        ann    | 2024-01-01 | -            | -
        bob    | 2024-01-01 | -            | -
        cat    | 2024-01-01 | -            | -
        eve    | 2024-01-01 | 2025-06-10   | died
        fay    | 2025-08-31 | -            | -           # the record comes after the check
        gus    | 2024-01-01 | 2025-09-30   | lost        # not valid at the end of September
        hal    | 2024-01-01 | 2025-09-30   | moved

        checkup
        person | day        | complete
        ann    | 2025-03-31 | yes
        bob    | 2025-03-31 | yes          # too young this year
        cat    | 2025-03-31 | no
        cat    | 2025-05-01 | yes          # the complete one counts
        dan    | 2025-03-31 | yes          # has no record
        eve    | 2025-03-01 | yes
        fay    | 2025-02-01 | yes
        gus    | 2025-02-01 | yes
        hal    | 2025-02-28 | yes
        ivy    | 2025-12-31 | yes          # on the last day of the year

        population
        unit | year | band | persons
        S1   | 2025 | 65+  | 9
        S1   | 2026 | 65+  | 9
        """,
        {
            ("S1", "2025-01"): (0, "ann cat dan eve fay gus hal ivy", 9),
            ("S1", "2025-02"): ("gus hal", 8, 9),
            ("S1", "2025-03..2025-04"): ("gus hal ann eve", 8, 9),
            ("S1", "2025-05..2025-07"): ("gus hal ann eve cat", 8, 9),
            ("S1", "2025-08"): ("gus hal ann eve cat fay", 8, 9),
            ("S1", "2025-09..2025-11"): ("hal ann eve cat fay", 8, 9),
            ("S1", "2025-12"): ("hal ann eve cat fay ivy", 8, 9),
            ("S1", "2026-01"): (0, "ann bob cat dan fay gus ivy", 9),
        },
    ),
    _examined("el_exam_rate", whole=True),
    _examined("el_examined", whole=False),
    Spec(
        "el_cognitive_rate",
        "70 on 31 December, with a result of the screening",
        """
        person
        person | born_on
        ann    | 1955-12-31       # 70 on 31 December 2025
        bob    | 1956-01-01       # not before 2026
        cat    | 1950-01-01
        dan    | 1950-01-01

        checkup
        person | day        | cognitive
        ann    | 2025-03-31 | negative
        bob    | 2025-03-31 | negative
        cat    | 2025-03-31 | -
        cat    | 2025-12-31 | positive
        dan    | 2024-12-31 | negative

        population
        unit | year | band | persons
        S1   | 2025 | 70+  | 5
        S1   | 2026 | 70+  | 5
        """,
        {
            ("S1", "2024-12"): ("dan", "cat dan", None),
            ("S1", "2025-02"): (0, "ann cat dan", 5),
            ("S1", "2025-03..2025-11"): ("ann", "ann cat dan", 5),
            ("S1", "2025-12"): ("ann cat", "ann cat dan", 5),
            ("S1", "2026-01"): (0, "ann bob cat dan", 5),
        },
    ),
    Spec(
        "el_graded_mgmt",
        "a grade of self-care, of those examined this year",
        f"""
        {_PEOPLE}

        checkup
        person | day        | self_care
        ann    | 2025-03-31 | 1
        bob    | 2025-03-31 | 1            # too young this year
        cat    | 2025-04-01 | -            # examined, no grade
        cat    | 2025-06-30 | 2
        dan    | 2024-12-31 | 1
        eve    | 2025-04-30 | 4
        """,
        {
            ("S1", "2024-12"): ("dan", "dan"),
            ("S1", "2025-02"): (0, 0),
            ("S1", "2025-03"): ("ann", "ann"),
            ("S1", "2025-04..2025-05"): ("ann eve", "ann eve cat"),
            ("S1", "2025-06..2025-12"): ("ann eve cat", "ann eve cat"),
            ("S1", "2026-01"): (0, 0),
        },
    ),
    Spec(
        "el_registered",
        "residents with a valid record, 65 on the last day of the month",
        """
        person
        person | born_on
        ann    | 1960-06-30
        bob    | 1960-07-01
        cat    | 1950-01-01
        dan    | 1950-01-01       # no record

        health_record
        person | created_on | cancelled_on | cancel_reason
        ann    | 2024-01-01 | -            | -
        bob    | 2024-01-01 | -            | -
        cat    | 2025-01-31 | 2025-10-31   | refused
        """,
        {
            ("S1", "2024-12"): 0,
            ("S1", "2025-01..2025-05"): "cat",
            ("S1", "2025-06"): "cat ann",
            ("S1", "2025-07..2025-09"): "cat ann bob",
            ("S1", "2025-10"): "ann bob",
        },
    ),
    Spec(
        "el_60plus_managed",
        "60 on 31 December, any service of the year; an update of the record is none",
        """
        person
        person | born_on    | died_on
        ann    | 1965-12-31 | -
        bob    | 1966-01-01 | -           # not before 2026
        cat    | 1950-01-01 | -
        dan    | 1950-01-01 | 2025-05-10  # stays to the year's end
        eve    | 1950-01-01 | -

        encounter
        person | day        | kind
        ann    | 2025-03-31 | outpatient
        bob    | 2025-03-31 | outpatient

        service
        person | day        | kind
        cat    | 2025-03-31 | update
        cat    | 2025-06-01 | consultation

        followup
        person | day        | programme
        dan    | 2025-04-30 | htn

        checkup
        person | day
        eve    | 2024-12-31

        population
        unit | year | band | persons
        S1   | 2025 | 60+  | 8
        S1   | 2026 | 60+  | 8
        """,
        {
            ("S1", "2024-12"): ("eve", "cat dan eve", None),
            ("S1", "2025-02"): (0, "ann cat dan eve", 8),
            ("S1", "2025-03"): ("ann", 4, 8),
            ("S1", "2025-04..2025-05"): ("ann dan", 4, 8),
            ("S1", "2025-06..2025-12"): ("ann dan cat", 4, 8),
            ("S1", "2026-01"): (0, "ann bob cat eve", 8),
        },
    ),
    Spec(
        "el_chronic_handover",
        "140/90 or 7.0 at a check, not known before, enrolled by the end of the following month",
        """
        person
        person | died_on
        l      | 2025-03-31

        checkup
        person | day        | sbp | dbp | fpg
        a      | 2025-03-31 | 139 | 89  | 6.9      # nothing found
        b      | 2025-03-01 | 140 | 80  | -
        c      | 2025-03-31 | 120 | 90  | -
        d      | 2025-03-31 | 120 | 80  | 7.0
        e      | 2025-03-31 | 150 | 95  | 8.0      # both: two programmes
        f      | 2025-03-31 | 150 | 95  | -        # was enrolled before
        g      | 2025-03-31 | 150 | 95  | -        # was diagnosed before
        i      | 2024-12-31 | 150 | 95  | -
        i      | 2025-03-31 | 150 | 95  | -        # found once, in December
        j      | 2025-03-31 | -   | -   | -
        k      | 2025-03-31 | 150 | 95  | -        # diagnosed on the day itself
        l      | 2025-03-10 | 150 | 95  | -        # died before the enrolment was due
        m      | 2025-03-10 | 999 | 95  | 126      # no valid reading: 999 mmHg, and mg/dL in place of mmol/L
        p      | 2025-03-10 | 300 | 200 | 50       # at the upper limits: found

        enrolment
        person | programme | start_on
        b      | htn       | 2025-04-30           # in time
        c      | htn       | 2025-05-01           # a day late
        d      | htn       | 2025-04-01           # the other programme
        e      | htn       | 2025-03-31           # on the day itself
        f      | htn       | 2025-03-30

        person_tag
        person | tag           | start_on
        g      | htn_diagnosed | 2025-03-30
        k      | htn_diagnosed | 2025-03-31
        """,
        {("S1", "2025-04"): ("b e", "b c d e e k p p"), ("S1", "2025-01"): (0, "i")},
    ),
    _tag_count("el_highrisk_listed", "high_risk_elder"),
    _tag_count("el_dynamic_mgmt", "elder_dynamic"),
    Spec(
        "el_sarcopenia_improved",
        "from the month of the assessment to the year's end; a new year counts anew",
        """
        person
        person | died_on
        cat    | 2025-06-10

        person_tag
        person | tag                 | start_on
        ann    | sarcopenia_improved | 2025-03-31
        ann    | sarcopenia_improved | 2025-05-01    # once a year
        bob    | sarcopenia_improved | 2024-12-31
        bob    | sarcopenia_improved | 2025-10-01    # improved again
        cat    | sarcopenia_improved | 2025-06-01
        dan    | sarcopenia          | 2025-03-31
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
]
