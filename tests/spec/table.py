"""Tables that many specs share: a tree of centres only, and what is there, checked or owed."""

from __future__ import annotations

from tests.spec.harness import Spec


def centres(name: str, rows: str) -> str:
    """A bureau with two centres, the second opened in February 2025, and the rows of one table."""
    return f"""
        unit
        code | kind   | parent | opened_on
        B    | bureau | -      | -
        C1   | centre | B      | -
        C2   | centre | B      | 2025-02-10

        {name}
        {rows}
        """


def monthly_duty(card: str, kind: str, name: str = "activity", more: str = "") -> Spec:
    """A duty of centres owed each month; ``more``: a further column with its value, as ``evidence=yes``."""
    column, _, value = more.partition("=")
    head, cell = (f" | {column}", f" | {value}") if more else ("", "")
    wrong = f"\n        C1   | 2025-04-10 | {kind} | no" if more else ""
    return Spec(
        card,
        "done in each month from the first one recorded; a month missed, another kind",
        centres(
            name,
            f"""unit | day        | kind{head}
        C1   | 2025-01-10 | {kind}{cell}
        C1   | 2025-02-10 | another{cell}
        C1   | 2025-03-31 | {kind}{cell}
        C2   | 2025-03-01 | {kind}{cell}{wrong}""",
        ),
        {
            ("C1", "2025-01"): (1, 1),
            ("C1", "2025-02"): (0, 1),
            ("C1", "2025-03"): (1, 1),
            ("C1", "2025-04"): (0, 1),
            ("C2", "2025-03"): (1, 1),  # its first whole month
            ("B", "2025-03", "ytd"): (2 + 1, 3 + 1),
        },
    )


def quarterly_duty(card: str, kind: str, name: str = "activity") -> Spec:
    """A duty of centres owed each quarter."""
    return Spec(
        card,
        "done in each quarter from the first one recorded; a quarter missed, another kind",
        centres(
            name,
            f"""unit | day        | kind
        C1   | 2025-01-10 | {kind}
        C1   | 2025-05-10 | another
        C1   | 2025-09-30 | {kind}
        C2   | 2025-05-01 | {kind}""",
        ),
        {
            ("C1", "2025-03"): (1, 1),
            ("C1", "2025-06"): (0, 1),
            ("C1", "2025-09"): (1, 1),
            ("C2", "2025-06"): (1, 1),  # its first whole quarter
            ("B", "2025-12", "ytd"): (2 + 1, 4 + 3),
        },
    )


def yearly_duty(card: str, kind: str, name: str = "activity", column: str = "kind") -> Spec:
    """A duty of centres owed once a year."""
    return Spec(
        card,
        "done in each year from the first one recorded; a year missed, another kind",
        centres(
            name,
            f"""unit | day        | {column}{" | kind" if column != "kind" else ""}
        C1   | 2024-05-10 | {kind}{" | lecture" if column != "kind" else ""}
        C1   | 2025-05-10 | another{" | lecture" if column != "kind" else ""}
        C2   | 2026-12-31 | {kind}{" | lecture" if column != "kind" else ""}""",
        ),
        {
            ("C1", "2024-12"): (1, 1),
            ("C1", "2025-12"): (0, 1),
            ("C2", "2026-12"): (1, 1),  # its first whole year
            ("B", "2026-12"): (0 + 1, 2),
        },
    )


def standard(card: str, *items: str, kind: str = "centre") -> Spec:
    """Items of a standard at one of two units: a later check changes the state, another item is not of it."""
    first, second = items[:2]
    n = len(items)
    return Spec(
        card,
        "items met at the latest check; an item never looked at is not met, a unit never checked has no figure",
        f"""
        unit
        code | kind   | parent
        B    | bureau | -
        C1   | {kind} | B
        C2   | {kind} | B

        check_item
        unit | day        | item     | met
        C1   | 2025-03-10 | {first}  | yes
        C1   | 2025-03-10 | {second} | no
        C1   | 2025-05-10 | {second} | yes
        C1   | 2025-06-10 | {first}  | no
        C1   | 2025-03-10 | another  | yes
        """,
        {
            ("C1", "2025-02"): (0, 0),
            ("C1", "2025-03..2025-04"): (1, n),
            ("C1", "2025-05"): (1 + 1, n),
            ("C1", "2025-06..2026-12"): (1, n),
            ("C2", "2025-06"): (0, 0),
            ("B", "2025-05"): (2, n),
        },
    )


def units_with(card: str, table: str, columns: str, right: str, wrong: str, kind: str = "centre") -> Spec:
    """The share of units for which something stands from March to August 2025."""
    return Spec(
        card,
        "units of the kind for which it stands at the month's end",
        f"""
        unit
        code | kind   | parent
        B    | bureau | -
        C1   | {kind} | B
        C2   | {kind} | B

        {table}
        unit | start_on   | end_on     | {columns}
        C1   | 2025-03-10 | 2025-08-30 | {right}    # ends a day before the month's last
        C1   | 2025-05-10 | 2025-06-30 | {right}    # twice is once
        C2   | 2025-03-10 | -          | {wrong}
        """,
        {
            ("C1", "2025-02"): (0, 1),
            ("C1", "2025-03..2025-07"): (1, 1),
            ("C1", "2025-08"): (0, 1),
            ("B", "2025-04"): (1, 1 + 1),
        },
    )
