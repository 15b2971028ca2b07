"""What every card shares: period logics over a year's end, denominators, delivery, the tree of units."""

from __future__ import annotations

from tests.spec.harness import ABSENT, Spec

_PERIODS = [
    Spec(
        "el_registered",
        "as of: age, unit and life on the last day of December, and of January",
        """
        person
        person | born_on    | died_on
        ann    | 1960-12-31 | -              # 65 on 31 December
        bob    | 1961-01-01 | -              # 65 on 1 January
        cat    | 1950-01-01 | -
        dan    | 1950-01-01 | 2025-12-31     # counts in December, not in January
        eve    | 1950-01-01 | -

        residence
        person | unit | start_on   | end_on
        cat    | S1   | 2020-01-01 | 2025-12-30
        cat    | S2   | 2025-12-31 | -           # moved on the last day of December
        eve    | S1   | 2020-01-01 | 2025-12-31
        eve    | S2   | 2026-01-01 | -           # moved on the first of January

        health_record
        person | created_on
        ann    | 2024-01-01
        bob    | 2024-01-01
        cat    | 2024-01-01
        dan    | 2024-01-01
        eve    | 2024-01-01
        """,
        {
            ("S1", "2025-11"): "cat dan eve",
            ("S1", "2025-12"): "ann dan eve",
            ("S1", "2026-01"): "ann bob",
            ("S2", "2025-11"): 0,
            ("S2", "2025-12"): "cat",
            ("S2", "2026-01"): "cat eve",
            ("C1", "2025-12"): "ann dan eve cat",
        },
    ),
    Spec(
        "el_examined",
        "in year: begins anew in January; who moves counts at the last unit, who leaves or dies stays",
        """
        person
        person | born_on    | died_on
        bob    | 1950-01-01 | -
        cat    | 1950-01-01 | -
        dan    | 1950-01-01 | 2025-06-10
        eve    | 1950-01-01 | -
        fay    | 1950-01-01 | -

        residence
        person | unit | start_on   | end_on
        cat    | S1   | 2020-01-01 | 2025-06-30
        cat    | S2   | 2025-07-01 | -
        fay    | S1   | 2020-01-01 | 2025-02-10     # left the district

        checkup
        person | unit | day
        bob    | S1   | 2025-12-31
        cat    | S1   | 2025-03-10
        cat    | S1   | 2025-03-20                  # two in one month
        dan    | S1   | 2025-06-01
        eve    | S1   | 2026-01-01
        fay    | S1   | 2025-01-20
        """,
        {
            ("S1", "2024-12"): 0,
            ("S1", "2025-01..2025-02"): "fay",
            ("S1", "2025-03..2025-05"): "fay cat",
            ("S1", "2025-06"): "fay cat dan",
            ("S1", "2025-07..2025-11"): "fay dan",
            ("S1", "2025-12"): "fay dan bob",
            ("S1", "2026-01"): "eve",
            ("S2", "2025-06"): 0,
            ("S2", "2025-07..2025-12"): "cat",
            ("S2", "2026-01"): 0,
        },
    ),
    Spec(
        "htn_exam_rate",
        "in year: a patient enrolled in December counts in December; enrolment ended, the year goes on",
        """
        enrolment
        person | programme | start_on   | end_on
        ann    | htn       | 2025-12-31 | -
        bob    | htn       | 2024-05-01 | 2025-01-01
        cat    | htn       | 2024-05-01 | 2024-12-31

        checkup
        person | day
        ann    | 2025-01-10
        bob    | 2025-03-10
        """,
        {
            ("S1", "2024-12"): (0, "bob cat"),
            ("S1", "2025-01..2025-02"): (0, "bob"),
            ("S1", "2025-03..2025-11"): ("bob", "bob"),
            ("S1", "2025-12"): ("bob ann", "bob ann"),
            ("S1", "2026-01"): (0, "ann"),
        },
    ),
    Spec(
        "op_visits",
        "flow: the month, the year so far, the last twelve months once there are twelve",
        """
        encounter
        person | day        | kind
        ann    | 2024-12-31 | outpatient
        ann    | 2025-01-01 | outpatient
        ann    | 2025-01-31 | outpatient      # two in one month
        ann    | 2025-12-31 | outpatient
        ann    | 2026-01-01 | outpatient
        """,
        {
            ("S1", "2024-12"): 1,
            ("S1", "2025-01"): 1 + 1,
            ("S1", "2025-12"): 1,
            ("S1", "2026-01"): 1,
            ("S1", "2024-12", "ytd"): 1,
            ("S1", "2025-01..2025-11", "ytd"): 2,
            ("S1", "2025-12", "ytd"): 2 + 1,
            ("S1", "2026-01..2026-12", "ytd"): 1,
            ("S1", "2024-01..2024-11", "r12"): ABSENT,
            ("S1", "2024-12", "r12"): 1,
            ("S1", "2025-01..2025-11", "r12"): 1 + 2,
            ("S1", "2025-12", "r12"): 2 + 1,  # December 2024 has left the window
            ("S1", "2026-01..2026-11", "r12"): 1 + 1,
            ("S1", "2026-12", "r12"): 1,
            ("S1", "2025-01", "as_of"): ABSENT,
        },
    ),
    Spec(
        "im_newborn_hepb",
        "cohort: the month of birth decides, though the dose be given in the next year",
        """
        person
        person | born_on
        ann    | 2024-12-31
        bob    | 2025-01-01
        cat    | 2025-12-31

        dose
        person | vaccine | dose_no | day
        ann    | hepb    | 1       | 2025-01-31
        cat    | hepb    | 1       | 2026-01-31
        """,
        {
            ("S1", "2024-12"): ("ann", "ann"),
            ("S1", "2025-01"): (0, "bob"),
            ("S1", "2025-12"): ("cat", "cat"),
            ("S1", "2024-12", "ytd"): ("ann", "ann"),
            ("S1", "2025-01..2025-11", "ytd"): (0, "bob"),
            ("S1", "2025-12", "ytd"): ("cat", "bob cat"),
            ("S1", "2026-01", "ytd"): (0, 0),
            ("S1", "2025-11", "r12"): ("ann", "ann bob"),
            ("S1", "2025-12", "r12"): ("cat", "bob cat"),
            ("S1", "2026-01..2026-11", "r12"): ("cat", "cat"),
            ("S1", "2026-12", "r12"): (0, 0),
        },
    ),
    Spec(
        "im_flu60_rate",
        "season: goes on over the year's end to June, where the person lives",
        """
        person
        person | born_on    | died_on
        ann    | 1950-01-01 | -
        bob    | 1950-01-01 | -
        dan    | 1950-01-01 | 2025-12-10

        residence
        person | unit | start_on   | end_on
        ann    | S1   | 2020-01-01 | 2025-12-31
        ann    | S2   | 2026-01-01 | -

        dose
        person | vaccine | day
        ann    | flu     | 2025-10-31
        bob    | flu     | 2026-06-30
        dan    | flu     | 2025-07-01

        population
        unit | year | band | persons
        S1   | 2025 | 60+  | 4
        S1   | 2026 | 60+  | 5
        S2   | 2026 | 60+  | 6
        """,
        {
            ("S1", "2025-06"): (0, "ann bob dan", 4),
            ("S1", "2025-07..2025-09"): ("dan", "ann bob dan", 4),
            ("S1", "2025-10..2025-12"): ("dan ann", "ann bob dan", 4),
            ("S1", "2026-01..2026-05"): (0, "bob", 5),
            ("S1", "2026-06"): ("bob", "bob", 5),
            ("S1", "2026-07"): (0, "bob", 5),
            ("S2", "2026-01..2026-06"): ("ann", "ann", 6),
            ("S2", "2026-07"): (0, "ann", 6),
        },
    ),
]

_CONTRACTS = """
        person
        person | unit
        ann    | S1
        bob    | S1
        cat    | S3

        contract
        person | start_on   | end_on
        ann    | 2023-01-01 | 2027-12-31
        bob    | 2023-01-01 | 2027-12-31
        cat    | 2023-01-01 | 2027-12-31
"""

_DENOMINATORS = [
    Spec(
        "fd_contract_rate",
        "each unit and year has its own denominator: none is carried forward, a centre's is no sum of its stations",
        f"""
        {_CONTRACTS.strip()}

        population
        unit | year | band | persons
        B    | 2025 | all  | 50
        C1   | 2024 | all  | 9
        C1   | 2025 | all  | 10
        C2   | 2025 | all  | 20
        C1   | 2026 | all  | 11
        C2   | 2026 | all  | 22
        S1   | 2024 | all  | 5
        S3   | 2025 | all  | 7
        """,
        {
            ("B", "2024-12"): ("ann bob cat", 3, None),  # one centre has none
            ("B", "2025-01..2025-12"): ("ann bob cat", 3, 50),  # its own, not 10 + 20
            ("B", "2026-01"): ("ann bob cat", 3, 11 + 22),  # has none of its own
            ("C1", "2024-12"): ("ann bob", 2, 9),
            ("C1", "2025-01"): ("ann bob", 2, 10),
            ("C2", "2024-12"): ("cat", 1, None),
            ("S1", "2024-12"): ("ann bob", 2, 5),
            ("S1", "2025-01"): ("ann bob", 2, None),
            ("S3", "2025-12"): ("cat", 1, 7),
            ("S3", "2026-01"): ("cat", 1, None),
        },
    ),
    Spec(
        "fd_contract_rate",
        "the latest approval is in force; registered population is another one; above 100 % stays above",
        f"""
        {_CONTRACTS.strip()}

        population
        unit | year | band | kind       | persons | approved_on
        S1   | 2025 | all  | resident   | 12      | 2025-07-01
        S1   | 2025 | all  | resident   | 10      | 2025-01-31
        S1   | 2025 | all  | resident   | 99      | -
        S1   | 2026 | all  | registered | 99      | 2026-01-31
        S3   | 2025 | all  | resident   | 0       | 2025-01-31
        C1   | 2025 | all  | resident   | 1       | 2025-01-31
        """,
        {
            ("S1", "2025-01..2025-12"): ("ann bob", 2, 12),
            ("S1", "2026-01"): ("ann bob", 2, None),
            ("S3", "2025-01"): ("cat", 1, 0),  # nothing to divide by
            ("C1", "2025-01"): ("ann bob", 2, 1),  # 200 %
        },
    ),
]


def _inferred() -> Spec:
    rows = [
        f"p{n} | {unit} | {month}-10 | outpatient"
        for unit, usual in (("S1", 8), ("S2", 7))
        for month in ("2025-01", "2025-03")
        for n in range(usual)
    ]
    table = ["encounter", "person | unit | day | kind", *rows]
    return Spec(
        "op_visits",
        "delivery: eight rows in a usual month and none in another mean that they were not delivered",
        "\n".join(table),
        {
            ("S1", "2024-01..2026-12"): None,
            ("S1", "2025-01"): 8,
            ("S1", "2025-03"): 8,
            ("S2", "2025-01"): 7,
            ("S2", "2025-03"): 7,
            ("C1", "2025-02"): 0,
            ("C1", "2025-03"): 8 + 7,
        },
        status={
            ("S1", "2024-01..2024-12"): "none",
            ("S1", "2025-02"): "none",
            ("S1", "2025-04..2026-12"): "none",
            ("C1", "2025-02"): "part",
        },
    )


_DELIVERY = [
    Spec(
        "op_visits",
        "delivery: none is no figure, part is shown and said; sums above say what they lack",
        """
        encounter
        person | unit | day        | kind
        ann    | S1   | 2025-01-10 | outpatient
        ann    | S1   | 2025-02-10 | outpatient
        bob    | S2   | 2025-02-10 | outpatient
        bob    | S2   | 2025-03-10 | outpatient

        delivery_note
        unit | source    | month   | status
        S1   | encounter | 2025-02 | part
        S1   | encounter | 2025-03 | none
        S2   | encounter | 2025-03 | whole
        S3   | encounter | 2025-03 | none
        S2   | dose      | 2025-03 | none       # of a source that the card does not read
        """,
        {
            ("S1", "2025-01"): 1,
            ("S1", "2025-02"): 1,
            ("S1", "2025-03"): None,
            ("S1", "2025-01", "ytd"): 1,
            ("S1", "2025-02..2025-12", "ytd"): 1 + 1,
            ("S1", "2026-01", "ytd"): 0,
            ("S1", "2026-01", "r12"): 1,
            ("S1", "2026-02", "r12"): 0,
            ("S1", "2026-03", "r12"): 0,  # March 2025 has left the window
            ("S2", "2025-02"): 1,
            ("S2", "2025-03"): 1,
            ("S3", "2025-03"): None,
            ("C1", "2025-01"): 1,
            ("C1", "2025-02"): 1 + 1,
            ("C1", "2025-03"): 1,
            ("C2", "2025-03"): None,
            ("B", "2025-03"): 1,
            ("B", "2025-04"): 0,
        },
        status={
            ("S1", "2025-02"): "part",
            ("S1", "2025-03"): "none",
            ("S1", "2025-02..2025-12", "ytd"): "part",
            ("S1", "2026-01", "r12"): "part",
            ("S1", "2026-02", "r12"): "part",
            ("S3", "2025-03"): "none",
            ("C1", "2025-02..2025-03"): "part",
            ("C2", "2025-03"): "none",
            ("B", "2025-03"): "part",
        },
    ),
    Spec(
        "im_covid_booster2",
        "delivery: as of, what was delivered before still stands",
        """
        dose
        person | vaccine | dose_no | day
        ann    | covid   | 4       | 2025-01-10

        population
        unit | year | band | persons
        S1   | 2025 | 18+  | 5

        delivery_note
        unit | source | month   | status
        S1   | dose   | 2025-03 | none
        """,
        {("S1", "2025-02..2025-04"): ("ann", "ann", 5)},
        status={("S1", "2025-03"): "part"},
    ),
    _inferred(),
]

_MERGER = """
        unit
        code | kind    | parent | opened_on  | closed_on  | successor
        B    | bureau  | -      | -          | -          | -
        C1   | centre  | B      | -          | -          | -
        S1   | station | C1     | -          | -          | -
        S2   | station | C1     | -          | 2025-06-15 | S1
        S3   | station | C1     | 2025-04-10 | -          | -
"""

_TREE = [
    Spec(
        "op_visits",
        "roll-up: a centre's own rows and its stations', the bureau all of them",
        """
        encounter
        person | unit | day        | kind
        ann    | S1   | 2025-01-10 | outpatient
        ann    | S2   | 2025-01-11 | outpatient
        ann    | C1   | 2025-01-12 | outpatient
        bob    | S3   | 2025-01-10 | outpatient
        cat    | B    | 2025-01-10 | outpatient
        """,
        {
            ("S1", "2025-01"): 1,
            ("S2", "2025-01"): 1,
            ("S3", "2025-01"): 1,
            ("C1", "2025-01"): 1 + 1 + 1,
            ("C2", "2025-01"): 1,
            ("B", "2025-01"): 3 + 1 + 1,
            ("B", "2025-01..2025-12", "ytd"): 5,
        },
    ),
    Spec(
        "fd_persons",
        "a merged unit: its history stays with it, its people go to the successor; none before it opened",
        f"""
        {_MERGER.strip()}

        person
        person | unit
        ann    | S1
        bob    | S2
        cat    | S3

        contract
        person | start_on   | end_on
        ann    | 2024-01-01 | 2026-12-31
        bob    | 2024-01-01 | 2026-12-31
        cat    | 2025-05-01 | 2026-12-31
        """,
        {
            ("S1", "2025-01..2025-05"): "ann",
            ("S1", "2025-06..2026-12"): "ann bob",
            ("S2", "2024-01..2025-05"): "bob",
            ("S2", "2025-06"): 0,
            ("S2", "2025-07..2026-12"): ABSENT,
            ("S3", "2025-01..2025-03"): ABSENT,
            ("S3", "2025-04"): 0,
            ("S3", "2025-05"): "cat",
            ("C1", "2025-04"): "ann bob",
            ("B", "2025-07"): "ann bob cat",
        },
    ),
    Spec(
        "el_examined",
        "a merged unit: within the year its people count for the successor from the merger on",
        f"""
        {_MERGER.strip()}

        person
        person | unit | born_on    | died_on
        ann    | S2   | 1950-01-01 | -
        bob    | S2   | 1950-01-01 | 2025-04-10

        checkup
        person | unit | day
        ann    | S2   | 2025-03-10
        bob    | S2   | 2025-03-10
        """,
        {
            ("S2", "2025-03..2025-05"): "ann bob",
            ("S2", "2025-06"): "bob",  # died before the merger
            ("S1", "2025-05"): 0,
            ("S1", "2025-06..2025-12"): "ann",
            ("C1", "2025-06"): "ann bob",
        },
    ),
]

SPECS = [*_PERIODS, *_DENOMINATORS, *_DELIVERY, *_TREE]
