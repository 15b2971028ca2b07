"""Specs of sorts of like cards: what happened, what stands, which units hold something, duties, checks.

Each makes one table in which something does not count: another kind, another month, another unit.
"""

from __future__ import annotations

from tests.spec.harness import Spec


def happened(card: str, table: str, kind: str) -> Spec:
    """Rows of a kind, each counted in the month of its day."""
    return Spec(
        card,
        f"rows of the kind {kind}, each in the month of its day at its unit; others do not count",
        f"""
        {table}
        unit | day        | kind
        S1   | 2025-03-01 | {kind}
        S1   | 2025-03-31 | {kind}
        S1   | 2025-04-01 | {kind}
        S3   | 2025-03-15 | {kind}
        S1   | 2025-03-10 | another
        """,
        {
            ("S1", "2025-03"): 2,
            ("S1", "2025-04"): 1,
            ("S3", "2025-03"): 1,
            ("C1", "2025-03"): 2,
            ("B", "2025-04", "ytd"): 2 + 1 + 1,
        },
    )


def stands(card: str, table: str, kind: str, n: str = "") -> Spec:
    """Rows of a kind from their first day on, while they hold at a month's end. ``n``: a column that is summed."""
    extra = f"| {n}" if n else ""
    each = [f"| {value}" if n else "" for value in (4, 10, 7, "-")]
    first, second, third = (4, 10, 7) if n else (1, 1, 1)
    nothing = 0 if n else 1
    return Spec(
        card,
        f"what is of the kind {kind} and holds at the month's end; the last day decides",
        f"""
        {table}
        unit | kind    | start_on   | end_on     {extra}
        S1   | {kind}  | 2025-02-10 | -          {each[0]}
        S1   | {kind}  | 2025-02-28 | 2025-05-30 {each[1]}
        S3   | {kind}  | 2025-04-01 | 2025-04-30 {each[2]}
        S2   | {kind}  | 2025-06-01 | -          {each[3]}
        S2   | another | 2025-02-01 | -          {each[0]}
        """,
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02..2025-04"): first + second,
            ("S1", "2025-05..2025-12"): first,
            ("S3", "2025-03"): 0,
            ("S3", "2025-04"): third,
            ("S3", "2025-05"): 0,
            ("S2", "2025-05"): 0,
            ("S2", "2025-06"): nothing,
            ("B", "2025-04"): first + second + third,
        },
    )


def issued(card: str, kind: str) -> Spec:
    """Documents hold from the day that they name, else from that on which they were issued."""
    return Spec(
        card,
        "a document without a first day holds from its day of issue; without either it holds never",
        f"""
        document
        unit | kind   | topic | day        | start_on
        S1   | {kind} | a     | 2025-03-05 | -
        S2   | {kind} | b     | 2025-03-05 | 2025-05-01
        S3   | {kind} | c     | -          | -
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03..2025-12"): 1,
            ("S2", "2025-04"): 0,
            ("S2", "2025-05"): 1,
            ("S3", "2025-12"): 0,
            ("B", "2025-05"): 1 + 1,
        },
    )


def in_use(card: str, kind: str) -> Spec:
    """Facilities count unless they are recorded as out of use."""
    return Spec(
        card,
        "what is recorded as out of use is not there; what nothing is recorded of is",
        f"""
        facility
        unit | kind   | name | start_on   | working
        S1   | {kind} | a    | 2025-03-05 | yes
        S1   | {kind} | b    | 2025-03-05 | -
        S1   | {kind} | c    | 2025-03-05 | no
        """,
        {("S1", "2025-02"): 0, ("S1", "2025-03"): 1 + 1, ("B", "2025-03"): 2},
    )


def named(card: str, table: str, kind: str, column: str) -> Spec:
    """Names, each counted once at each level while any row of it holds."""
    return Spec(
        card,
        "a name counts once at each level, however many units have it; rows without one do not count",
        f"""
        {table}
        unit | kind    | {column} | start_on   | end_on
        S1   | {kind}  | a        | 2025-01-01 | -
        S1   | {kind}  | a        | 2025-02-01 | -
        S2   | {kind}  | a        | 2025-02-01 | 2025-04-30
        S2   | {kind}  | b        | 2025-02-01 | 2025-04-29
        S3   | {kind}  | a        | 2025-03-01 | -
        S3   | {kind}  | -        | 2025-01-01 | -
        S3   | another | c        | 2025-01-01 | -
        """,
        {
            ("S1", "2025-01..2025-12"): 1,
            ("S2", "2025-02..2025-03"): 1 + 1,
            ("S2", "2025-04"): 1,
            ("S2", "2025-05"): 0,
            ("S3", "2025-02"): 0,
            ("S3", "2025-03"): 1,
            ("C1", "2025-03"): 2,
            ("B", "2025-03"): 2,
        },
    )


def held_by(card: str, table: str, kind: str, unit_kind: str = "centre") -> Spec:
    """Of the open units of a kind, those that hold something."""
    return Spec(
        card,
        f"units that hold something of the kind {kind} at the month's end, of those that are open",
        f"""
        unit
        code | kind        | parent | opened_on
        B    | bureau      | -      | -
        C1   | {unit_kind} | B      | -
        C2   | {unit_kind} | B      | 2025-02-10

        {table}
        unit | kind    | start_on   | end_on
        C1   | {kind}  | 2025-03-05 | 2025-06-29
        C1   | {kind}  | 2025-04-05 | 2025-05-29    # twice is once
        C2   | another | 2025-02-10 | -
        B    | {kind}  | 2025-02-10 | -             # of no kind that is asked for
        C2   | {kind}  | 2025-09-01 | -
        """,
        {
            ("C1", "2025-02"): (0, 1),
            ("C1", "2025-03..2025-05"): (1, 1),
            ("C1", "2025-06"): (0, 1),
            ("C2", "2025-08"): (0, 1),
            ("C2", "2025-09"): (1, 1),
            ("B", "2025-01"): (0, 1),
            ("B", "2025-03"): (1 + 0, 2),
        },
    )


_PERIODS = {
    # first and last day of the first period, a day of the second, their last months; the year so far
    "quarter": ("2025-01-01", "2025-05-05", "2025-06-30", "2025-03", "2025-06", (1 + 0 + 1, 2 + 1)),
    "half": ("2025-01-01", "2025-08-05", "2025-12-31", "2025-06", "2025-12", (1 + 0 + 1, 2 + 1)),
    "year": ("2025-01-01", "2026-05-05", "2026-12-31", "2025-12", "2026-12", (0 + 1, 1 + 1)),
}


def owed(card: str, table: str, kind: str, every: str) -> Spec:
    """Owed by centres: one does it in the first period only, the other opens within that and does it in the second."""
    first, between, last, end_1, end_2, so_far = _PERIODS[every]
    return Spec(
        card,
        f"once a {every}: a period missed, and one in which a unit was not open throughout and owes nothing",
        f"""
        unit
        code | kind   | parent | opened_on
        B    | bureau | -      | -
        C1   | centre | B      | -
        C2   | centre | B      | 2025-02-10

        {table}
        unit | day        | kind
        C1   | {first}    | {kind}
        C1   | {between}  | another
        C2   | {last}     | {kind}
        B    | {between}  | {kind}      # the bureau does not owe it
        """,
        {
            ("C1", end_1): (1, 1),
            ("C2", end_1): (0, 0),
            ("C1", end_2): (0, 1),
            ("C2", end_2): (1, 1),
            ("B", end_2, "ytd"): so_far,
        },
    )


def checked(card: str, one: str, two: str, of: int, unit_kind: str = "centre") -> Spec:
    """Two of a standard's items looked at and looked at again; the others never."""
    return Spec(
        card,
        f"items met at the latest look, of all {of}; a unit never looked at has no figure",
        f"""
        unit
        code | kind        | parent
        B    | bureau      | -
        C1   | {unit_kind} | B
        C2   | {unit_kind} | B

        check_item
        unit | day        | item    | met
        C1   | 2025-02-10 | {one}   | yes
        C1   | 2025-02-10 | {two}   | no
        C1   | 2025-05-01 | {two}   | yes
        C1   | 2025-07-31 | {one}   | no
        C1   | 2025-02-10 | another | yes      # of another standard
        B    | 2025-02-10 | {one}   | yes      # not a unit that is looked at
        """,
        {
            ("C1", "2025-01"): (0, 0),
            ("C1", "2025-02..2025-04"): (1, of),
            ("C1", "2025-05..2025-06"): (1 + 1, of),
            ("C1", "2025-07..2025-12"): (1, of),
            ("C2", "2025-12"): (0, 0),
            ("B", "2025-05"): (1 + 1, of),
        },
    )


def distinct_persons(card: str, kind: str) -> Spec:
    """Residents with a service of a kind this year, each once, at the managing unit."""
    return Spec(
        card,
        f"residents with a {kind} this year, each once, at the unit that manages them, until the year ends",
        f"""
        person
        person | unit
        ANN    | S1
        BOB    | S3

        service
        person | unit | day        | kind
        ANN    | S2   | 2025-03-05 | {kind}
        ANN    | S2   | 2025-06-05 | {kind}
        BOB    | S3   | 2025-04-30 | {kind}
        BOB    | S3   | 2025-01-30 | guidance
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03..2025-12"): "ANN",
            ("S2", "2025-12"): 0,
            ("S3", "2025-03"): 0,
            ("S3", "2025-04..2025-12"): "BOB",
            ("B", "2025-12"): "ANN BOB",
            ("B", "2026-01"): 0,
        },
    )


def untold(card: str, columns: str, hit: str, silent: str, n: int = 1) -> Spec:
    """Of staff. ``hit``: somebody who counts ``n``; ``silent``: somebody of whom the register lacks the item."""
    return Spec(
        card,
        "a centre whose register never says it has no figure, nor has the bureau; a clinic's register is its centre's",
        f"""
        unit
        code | kind   | parent
        B    | bureau | -
        C1   | centre | B
        K1   | clinic | C1
        C2   | centre | B
        K2   | clinic | C2

        staff
        unit | start_on   | end_on     | {columns}
        C1   | 2025-01-01 | -          | {silent}
        C1   | 2024-01-01 | 2024-06-30 | {hit}       # it stood there once
        K1   | 2025-01-01 | -          | {silent}
        C2   | 2025-02-01 | -          | {silent}
        K2   | 2025-02-01 | -          | {silent}
        """,
        {
            ("C1", "2024-05"): (n, 1),
            ("C1", "2025-01..2025-02"): (0, 1 + 1),
            ("K1", "2025-02"): (0, 1),
            ("C2", "2025-01"): (0, 0),
            ("C2", "2025-02"): (0, 1 + 1),
            ("K2", "2025-02"): (0, 1),
            ("B", "2025-01"): (0, 2),
            ("B", "2025-02"): (0, 2 + 2),
        },
        status={("C2", "2025-02"): "untold", ("K2", "2025-02"): "untold", ("B", "2025-02"): "untold"},
    )
