"""Specs of families of like cards: money summed, money over money, samples, amounts of work, duties."""

from __future__ import annotations

from tests.spec.harness import Spec


def money_summed(
    card: str, account: str, shows: str = "money of the account in the month of its day"
) -> Spec:
    """An amount missing adds nothing; another account does not count."""
    return Spec(
        card,
        shows,
        f"""
        money
        unit | day        | account   | amount
        S1   | 2025-03-05 | {account} | 120050
        S1   | 2025-03-31 | {account} | 7000
        S1   | 2025-04-01 | {account} | 1
        S1   | 2025-03-07 | {account} | -          # nobody wrote down how much
        S1   | 2025-03-08 | something | 999
        S3   | 2025-03-09 | {account} | 500
        """,
        {
            ("S1", "2025-03"): 120050 + 7000,
            ("S1", "2025-04"): 1,
            ("S3", "2025-03"): 500,
            ("C1", "2025-03"): 120050 + 7000,
            ("B", "2025-04", "ytd"): 120050 + 7000 + 1 + 500,
        },
    )


def money_over_money(card: str, part: str, whole: str) -> Spec:
    """What was ``part`` over what was ``whole``, each with entries of its own."""
    return Spec(
        card,
        f"{part} over {whole}, entry by entry; more than all is shown as it is",
        f"""
        money
        unit | day        | account   | amount
        S1   | 2025-01-02 | {whole}   | 100000
        S1   | 2025-01-20 | {part}    | 20000
        S1   | 2025-02-20 | {part}    | 40000
        S1   | 2025-02-21 | {part}    | -
        S1   | 2025-02-22 | something | 5000
        S2   | 2025-02-01 | {whole}   | 10000
        S2   | 2025-02-02 | {part}    | 15000
        """,
        {
            ("S1", "2025-01"): (20000, 100000),
            ("S1", "2025-02"): (40000, 0),
            ("S1", "2025-02", "ytd"): (20000 + 40000, 100000),
            ("S2", "2025-02"): (15000, 10000),
            ("C1", "2025-02", "ytd"): (20000 + 40000 + 15000, 100000 + 10000),
        },
    )


def sampled(card: str, kind: str) -> Spec:
    """So many of so many; looks of a month are added up."""
    return Spec(
        card,
        "what is in order over what was looked at; several looks in a month are added up",
        f"""
        sample
        unit | day        | kind   | asked | positive
        S1   | 2025-03-05 | {kind} | 100   | 75
        S1   | 2025-03-20 | {kind} | 50    | 45
        S1   | 2025-04-01 | {kind} | -     | 30       # nobody wrote down how many were looked at
        S1   | 2025-04-02 | {kind} | 10    | -
        S2   | 2025-03-31 | other  | 10    | 10
        """,
        {("S1", "2025-03"): (75 + 45, 100 + 50), ("C1", "2025-03"): (75 + 45, 100 + 50)},
    )


def amounts(card: str, kind: str, column: str = "quantity", scale: int = 1) -> Spec:
    """Amounts of an activity; ``scale`` is what one of the unit counts (10: tenths)."""
    return Spec(
        card,
        f"the {column} of the activity is added up; without a number it adds nothing",
        f"""
        activity
        unit | day        | kind    | {column}
        S1   | 2025-03-05 | {kind}  | 12
        S1   | 2025-03-20 | {kind}  | 30
        S1   | 2025-04-01 | {kind}  | 5
        S1   | 2025-03-21 | {kind}  | -
        S1   | 2025-03-22 | other   | 100
        """,
        {
            ("S1", "2025-03"): scale * (12 + 30),
            ("S1", "2025-04"): scale * 5,
            ("C1", "2025-04", "ytd"): scale * 47,
        },
    )


def owed(
    card: str,
    table: str,
    good: str,
    bad: str,
    who: str = "C",
    *,
    every: int = 1,
    times: int = 1,
) -> Spec:
    """Owed ``times`` in every period of ``every`` months by unit ``who``: done in the first and third, not in the second.

    ``good``, ``bad``: columns and values of a row that counts and of one that does not.
    """
    columns = [pair.partition("=")[0] for pair in good.split(";")]
    starts = [2024 * 12 + number * every for number in range(3)]

    def row(unit: str, month: int, day: int, values: str) -> str:
        cells = dict(pair.split("=") for pair in values.split(";"))
        date = f"{month // 12}-{month % 12 + 1:02}-{day:02}"
        return " | ".join([unit, date, *(cells[column] for column in columns)])

    enough = [row(who, starts[0] + every - 1, day, good) for day in range(28, 28 - times, -1)]
    too_few = [row(who, starts[1], day, good) for day in range(1, times)]
    other = [row(who, starts[1], 9, bad), row("X", starts[1], 10, good)]
    again = [row(who, starts[2], day, good) for day in range(1, times + 2)]
    newline = "\n        "
    last = [f"{m // 12}-{m % 12 + 1:02}" for m in (start + every - 1 for start in starts)]
    of_that_year = [n for n, month in zip((1, 0, 1), last, strict=True) if month[:4] == last[2][:4]]
    return Spec(
        card,
        "done in the first period, missed in the second (too few, the wrong sort, another unit's), done in the third",
        f"""
        unit
        code | kind   | parent
        B    | bureau | -
        C    | centre | B
        K    | clinic | C
        X    | bureau | -

        {table}
        unit | day | {" | ".join(columns)}
        {newline.join([*enough, *too_few, *other, *again])}
        """,
        {
            (who, last[0]): (1, 1),
            (who, last[1]): (0, 1),
            (who, last[2]): (1, 1),
            (who, last[2], "ytd"): (sum(of_that_year), len(of_that_year)),
        },
    )


def checked(card: str, items: list[str], who: str) -> Spec:
    """Every item looked at but the last; the first is found missing in March and there in May."""
    first, *others = items
    looked_at = others[:-1]
    rows = [f"{who} | 2025-03-10 | {item} | yes" for item in (*looked_at, "unknown")]
    newline = "\n        "
    n = len(items)
    return Spec(
        card,
        "items met at the latest look over all items; one never looked at is not met, a later look changes the state",
        f"""
        unit
        code | kind   | parent
        B    | bureau | -
        C    | centre | B
        C2   | centre | B
        K    | clinic | C
        K2   | clinic | C

        check_item
        unit | day | item | met
        {who} | 2025-03-10 | {first} | no
        {who} | 2025-05-20 | {first} | yes
        {newline.join(rows)}
        """,
        {
            (who, "2025-02"): (0, 0),
            (who, "2025-03..2025-04"): (n - 2, n),
            (who, "2025-05"): (n - 1, n),
            ("B", "2025-06"): (n - 1, n),
            (f"{who}2", "2025-06"): (0, 0),
        },
    )
