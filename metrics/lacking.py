"""What each person on a card's list still lacks: which service, how often, and whether a health check besides.

For the lists of ``metrics.gaps`` and ``metrics.visiting``, which have asked whether somebody may see the people and have
prepared the connection with ``rules`` among the rules.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, FromClause, Select, select

from data.store import read_frame
from metrics.card import Card
from metrics.cards import CARDS
from metrics.facts import child_year, patient_year
from metrics.heading import reaching
from metrics.visiting.closings import Closing, closings

#: Cards about the last reading of the year: card -> the card that counts who has a valid one.
READINGS = {"htn_control_rate": "htn_reading_rate", "dm_control_rate": "dm_reading_rate"}
#: Ways in which a card asks for several services of one kind (``Closing.how``).
_SEVERAL = ("standard", "behind", "year")
_PROGRAMMES = {"htn": "htn", "dm": "dm"}
#: No valid reading in the year; a reading that is not at the goal.
READING, RESULT = "reading", "result"


@dataclass(frozen=True)
class Lack:
    """What one person lacks.

    service  of ``metrics/standards/visits.csv``; or READING, RESULT of cards about a reading; "" where only a check is lacking
    n        how many of it; None where it is one in any case
    check    a health check besides
    """

    service: str
    n: int | None = None
    check: bool = False


def rules(card: Card) -> list[Select]:
    """What must be prepared to read what is lacking, besides the rules of ``heading.owed``."""
    found = [select(fact.c.person) for fact in (child_year, patient_year)]
    return found + ([CARDS[READINGS[card.key]].numerator] if card.key in READINGS else [])


def lacks(
    connection: Connection,
    card: Card,
    people: FromClause,
    month: int,
    owing: pd.DataFrame | None = None,
) -> dict[int, Lack]:
    """Of everybody among ``people`` of whom it is known; ``owing``: of ``reaching.owing``, where it has been read."""
    if card.key in READINGS:
        return _of_readings(connection, card, people, month)
    closing = closings(reaching.last_day(month)).get(card.key)
    if closing is None:
        return {}
    if closing.how not in _SEVERAL:
        listed = read_frame(connection, select(people.c.person))["person"]
        return dict.fromkeys(map(int, listed), Lack(closing.service))
    rows = services(connection, card, closing, people, month, owing)
    return {
        int(one.person): Lack(
            closing.service if one.n > 0 else "", int(one.n) if one.n > 0 else None, one.check
        )
        for one in rows.itertuples()
        if one.n == one.n
    }


def services(
    connection: Connection,
    card: Card,
    closing: Closing,
    people: FromClause,
    month: int,
    owing: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """person, n, check of a card that asks for several services (``standard``, ``behind``, ``year``); n is a float."""
    if closing.how == "standard":
        rows = reaching.owing(connection, card, people, month) if owing is None else owing
        rows = rows.drop_duplicates("person")
        return pd.DataFrame(
            {"person": rows["person"], "n": rows["owed"].astype(float), "check": rows["other"].astype(bool)}
        )
    n = _behind(connection, card, people, month, whole=closing.how == "year")
    return pd.DataFrame({"person": n.index, "n": n.to_numpy(float), "check": False})


def _behind(connection: Connection, card: Card, people: FromClause, month: int, whole: bool) -> pd.Series:
    """person -> how many services the schedule asks for, so far or (``whole``) in the whole year, and were not made."""
    programme = _PROGRAMMES.get(card.key.partition("_")[0])
    of = child_year if programme is None else patient_year
    where = [of.c.y0 <= month, of.c.y1 >= month]
    if programme is not None:
        where.append(of.c.programme == programme)
    rows = read_frame(connection, select(of).join(people, people.c.person == of.c.person).where(*where))
    owed_by = rows["y1"] if whole else month
    owed = sum((rows[name] <= owed_by).astype(int) for name in rows if name[0] == "t" and name[1:].isdigit())
    made = sum((rows[name] <= month).astype(int) for name in rows if name[0] == "c" and name[1:].isdigit())
    if programme is not None and not whole:  # in the year's last month the whole standard is asked for
        owed = owed.where(rows["y1"] > month, rows["full"])
    return (owed - made).groupby(rows["person"]).max()


def _of_readings(connection: Connection, card: Card, people: FromClause, month: int) -> dict[int, Lack]:
    spans = CARDS[READINGS[card.key]].numerator.subquery()
    read = (
        select(spans.c.person)
        .join(people, people.c.person == spans.c.person)
        .where(spans.c.s <= month, spans.c.e >= month)
    )
    have = set(read_frame(connection, read)["person"])
    listed = read_frame(connection, select(people.c.person))["person"]
    return {int(person): Lack(RESULT if person in have else READING) for person in listed}
