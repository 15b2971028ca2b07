"""S08 children: checks by age and month, cohorts in the month in which they reach an age."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.table import monthly_duty

_CHILDREN = """
        person
        person | born_on
        ann    | 2025-01-10    # 4 a year: owed by the end of March, June, September, December
        bob    | 2023-07-05    # 2 a year: June, December
        cat    | 2021-01-01    # 1 a year: December
        dan    | 2018-12-31    # seven on 31 December 2025
        eve    | 2020-03-20    # 1 a year
        fay    | 2025-05-20    # here from May: July, October
        gus    | 2025-11-05    # nothing is owed before January

        child_visit
        person | kind    | day
        ann    | check   | 2025-03-31
        ann    | check   | 2025-06-30
        ann    | check   | 2025-06-30    # the same day
        ann    | check   | 2025-10-02    # the third, owed by September
        bob    | check   | 2025-07-10
        bob    | check   | 2025-12-01
        dan    | check   | 2025-02-01
        eve    | check   | 2025-04-10
        eve    | check   | 2024-12-10    # of another year
        fay    | newborn | 2025-05-28    # no check
        fay    | check   | 2025-08-01""".strip()


def _prophylaxis(card: str, born: str, at: str, too_late: str, month: str) -> Spec:
    return Spec(
        card,
        "children who reach the age in the month, by what their visits noted at that age",
        f"""
        person
        person | born_on
        ann    | {born}
        bob    | {born}
        cat    | {born}

        child_visit
        person | kind  | day        | vitamin_d
        ann    | check | {at}       | yes
        bob    | check | {too_late} | yes        # at another age
        cat    | check | {at}       | no
        """,
        {("S1", month): ("ann", "ann bob cat")},
    )


_SCREENED = """
        person
        person | born_on
        ann    | 2016-03-05
        bob    | 2016-03-05
        cat    | 2016-03-05
        dan    | 2007-07-01    # 17 years
        eve    | 2016-03-05
        fay    | 2007-03-05    # 18 on the day

        screening
        unit | person | kind    | day        | positive
        S1   | ann    | {kind}  | 2025-03-05 | no
        S2   | ann    | {kind}  | 2025-04-05 | yes      # first seen at S1
        S2   | bob    | {kind}  | 2025-05-05 | yes
        C1   | dan    | {kind}  | 2025-06-05 | -        # without a result
        S1   | fay    | {kind}  | 2025-03-05 | yes
        S1   | cat    | other   | 2025-03-05 | yes
        S1   | ann    | {kind}  | 2024-03-05 | yes      # another year
        S1   | eve    | {kind}  | 2024-03-05 | no
"""


def _found(card: str, kind: str) -> Spec:
    return Spec(
        card,
        "children with a finding of those whose result is known, at the unit that screened them first",
        _SCREENED.format(kind=kind),
        {
            ("S1", "2024-03"): ("ann", "ann eve"),
            ("S1", "2025-03"): (0, "ann"),
            ("S1", "2025-04..2025-12"): ("ann", "ann"),
            ("S2", "2025-05"): ("bob", "bob"),
            ("C1", "2025-12"): (1 + 1, 1 + 1),
        },
    )


def _changed(card: str, kind: str, change: float) -> Spec:
    return Spec(
        card,
        "the share of the year so far against that of a year before",
        f"""
        person
        person | born_on
        ann    | 2016-01-01
        bob    | 2016-01-01
        cat    | 2016-01-01
        dan    | 2016-01-01

        screening
        person | kind    | day        | positive
        ann    | {kind}  | 2024-02-01 | yes
        bob    | {kind}  | 2024-02-01 | no
        cat    | {kind}  | 2024-02-01 | no
        dan    | {kind}  | 2024-02-01 | no
        ann    | {kind}  | 2025-02-01 | yes
        bob    | {kind}  | 2025-02-01 | no
        cat    | another | 2025-02-01 | yes
        """,
        # 1 of 4 = 0.25 last year, 1 of 2 = 0.5 this year
        {
            ("S1", "2025-06"): change,
            ("B", "2025-06"): change,
            ("S1", "2024-06"): None,
            ("S2", "2025-06"): None,
        },
    )


def _teeth(card: str, kind: str, march: int) -> Spec:
    return Spec(
        card,
        "in the month of the measure",
        f"""
        screening
        unit | person | kind   | day        | quantity
        S1   | ann    | {kind} | 2025-03-05 | 4
        S1   | bob    | {kind} | 2025-03-31 | 2
        S1   | cat    | {kind} | 2025-03-31 | -
        S2   | cat    | {kind} | 2025-04-01 | 1
        S1   | ann    | vision | 2025-03-05 | 9
        """,
        {("S1", "2025-03"): march, ("S2", "2025-04"): 1},
    )


SPECS = [
    Spec(
        "ch_mgmt_rate",
        "any visit or check of the year; age on 31 December; who dies stays to the year's end",
        """
        person
        person | born_on    | died_on
        ann    | 2025-01-10 | -
        bob    | 2019-01-01 | -            # six on 31 December 2025
        cat    | 2021-01-01 | 2025-06-15
        dan    | 2018-12-31 | -            # seven

        child_visit
        person | kind    | day
        ann    | newborn | 2025-01-15
        bob    | check   | 2025-03-31
        cat    | check   | 2025-02-28
        dan    | check   | 2025-02-01
        bob    | check   | 2024-05-05

        population
        unit | year | band | persons
        S1   | 2025 | 0-6  | 4
        S1   | 2025 | all  | 100
        """,
        {
            ("S1", "2025-01"): ("ann", "ann bob cat", 4),
            ("S1", "2025-02"): ("ann cat", "ann bob cat", 4),
            ("S1", "2025-03..2025-12"): ("ann bob cat", "ann bob cat", 4),
            ("S1", "2026-01"): (0, "ann", None),
        },
    ),
    Spec(
        "ch_system_rate",
        "on schedule by what each month of age asks for; a newborn visit is no check",
        f"""
        {_CHILDREN}

        population
        unit | year | band | persons
        S1   | 2025 | 0-6  | 8
        """,
        {
            ("S1", "2025-01..2025-04"): ("ann bob cat eve", "ann bob cat eve", 8),
            ("S1", "2025-05"): ("ann bob cat eve fay", "ann bob cat eve fay", 8),
            ("S1", "2025-06"): ("ann cat eve fay", "ann bob cat eve fay", 8),
            ("S1", "2025-07"): ("ann bob cat eve", "ann bob cat eve fay", 8),
            ("S1", "2025-08"): ("ann bob cat eve fay", "ann bob cat eve fay", 8),
            ("S1", "2025-09"): ("bob cat eve fay", "ann bob cat eve fay", 8),
            ("S1", "2025-10"): ("ann bob cat eve", "ann bob cat eve fay", 8),
            ("S1", "2025-11"): ("ann bob cat eve gus", "ann bob cat eve fay gus", 8),
            ("S1", "2025-12"): ("bob eve gus", "ann bob cat eve fay gus", 8),
        },
    ),
    Spec(
        "ch_system_rate",
        "what would come due after the child moved away is not owed",
        """
        person
        person | born_on
        ann    | 2025-01-10

        residence
        person | start_on   | end_on
        ann    | 2025-01-10 | 2025-05-20

        child_visit
        person | kind  | day
        ann    | check | 2025-03-05
        """,
        {("S1", "2025-03..2025-12"): ("ann", "ann", None)},
    ),
    Spec(
        "ch_421_exam_rate",
        "all checks of the year; a child to whom none is owed is not asked for",
        f"\n{_CHILDREN}\n",
        {
            ("S1", "2025-01..2025-03"): (0, "ann bob cat eve"),
            ("S1", "2025-04"): ("eve", "ann bob cat eve"),
            ("S1", "2025-05..2025-11"): ("eve", "ann bob cat eve fay"),
            ("S1", "2025-12"): ("bob eve", "ann bob cat eve fay"),
        },
    ),
    Spec(
        "ch_newborn_visit_rate",
        "visited within 28 days of birth, in the month of birth",
        """
        person
        person | born_on
        ann    | 2025-01-10
        bob    | 2025-01-20
        cat    | 2025-02-01

        child_visit
        person | kind    | day
        ann    | newborn | 2025-02-07    # 28 days
        bob    | newborn | 2025-02-18    # 29 days
        cat    | check   | 2025-02-05
        """,
        {("S1", "2025-01"): ("ann", "ann bob"), ("S1", "2025-02"): (0, "cat")},
    ),
    Spec(
        "ch_handbook",
        "from the first visit that notes a handbook, until the seventh birthday",
        """
        person
        person | born_on
        ann    | 2019-02-15
        bob    | 2020-02-15

        child_visit
        person | kind  | day        | handbook
        ann    | check | 2024-05-10 | yes
        ann    | check | 2025-03-10 | -
        bob    | check | 2024-05-10 | no
        """,
        {
            ("S1", "2024-04"): 0,
            ("S1", "2024-05..2026-01"): "ann",
            ("S1", "2026-02"): 0,
        },
    ),
    Spec(
        "ch_handbook_exam_rate",
        "holders checked in the year so far",
        """
        person
        person | born_on
        ann    | 2019-02-15
        bob    | 2020-02-15

        child_visit
        person | kind    | day        | handbook
        ann    | check   | 2024-05-10 | yes
        ann    | check   | 2025-03-10 | -
        bob    | newborn | 2024-05-10 | yes
        """,
        {
            ("S1", "2024-05"): ("ann", "ann bob"),
            ("S1", "2025-01..2025-02"): (0, "ann bob"),
            ("S1", "2025-03..2025-12"): ("ann", "ann bob"),
            ("S1", "2026-01"): (0, "ann bob"),
            ("S1", "2026-02"): (0, "bob"),
        },
    ),
    Spec(
        "ch_breastfeeding_rate",
        "by the last visit at four to six months that tells, in the month of six months",
        """
        person
        person | born_on
        ann    | 2025-01-31
        bob    | 2025-01-31
        cat    | 2025-01-31
        dan    | 2025-01-31

        child_visit
        person | kind  | day        | feeding
        ann    | check | 2025-05-10 | breast
        ann    | check | 2025-07-01 | formula    # the last one at that age
        bob    | check | 2025-05-10 | mixed
        cat    | check | 2025-04-30 | breast     # three months
        cat    | check | 2025-08-01 | breast     # seven
        dan    | check | 2025-06-10 | breast
        dan    | check | 2025-07-31 | -
        """,
        {("S1", "2025-07"): ("bob dan", "ann bob dan")},
    ),
    _prophylaxis("ch_rickets_0_1", "2024-03-15", "2025-02-28", "2025-03-01", "2025-03"),
    _prophylaxis("ch_rickets_2_3", "2022-05-15", "2024-05-01", "2024-04-30", "2025-05"),
    Spec(
        "ch_vision_screened",
        "each once a year, at the unit of the first screening",
        _SCREENED.format(kind="vision"),
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03..2025-12"): "ann",
            ("S2", "2025-05..2025-12"): "bob",
            ("C1", "2025-06..2025-12"): 3,
            ("C1", "2026-01"): 0,
        },
    ),
    _found("ch_myopia_rate", "vision"),
    _found("ch_caries_rate", "caries"),
    _changed("ch_myopia_growth", "vision", (0.5 - 0.25) / 0.25),
    _changed("ch_caries_change", "caries", 0.5 - 0.25),
    _teeth("ch_sealant", "sealant", 4 + 2),
    _teeth("ch_fluoride", "fluoride", 3),
    monthly_duty("ch_dev_assessment", "dev_assessment"),
    Spec(
        "ch_defect_correction",
        "defects found this year, corrected this year",
        """
        person
        person | born_on
        ann    | 2022-01-31
        bob    | 2022-01-31
        cat    | 2022-01-31
        dan    | 2012-01-31
        eve    | 2022-01-31

        child_visit
        person | kind  | day        | defect | corrected
        ann    | check | 2025-03-10 | yes    | no
        ann    | check | 2025-06-10 | no     | yes
        bob    | check | 2025-04-10 | yes    | -
        bob    | check | 2024-04-10 | yes    | yes       # last year
        cat    | check | 2025-05-10 | no     | yes
        dan    | check | 2025-05-10 | yes    | yes       # thirteen
        eve    | check | 2025-02-10 | no     | yes       # an earlier defect
        eve    | check | 2025-08-10 | yes    | -
        eve    | check | 2025-08-10 | -      | no
        """,
        {
            ("S1", "2024-04..2024-12"): ("bob", "bob"),
            ("S1", "2025-03"): (0, "ann"),
            ("S1", "2025-04..2025-05"): (0, "ann bob"),
            ("S1", "2025-06..2025-07"): ("ann", "ann bob"),
            ("S1", "2025-08..2025-12"): ("ann", "ann bob eve"),
        },
    ),
]
