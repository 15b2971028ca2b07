"""Who on a card's list can still be reached this year: read from the records, for ``metrics.gaps`` only.

Whoever calls has asked for the people of the units and prepared the connection with ``rules`` among the rules.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, FromClause, func, select

from data.store import read_frame
from metrics.card import Card
from metrics.heading.ceiling import see_by
from metrics.heading.owed import CARDS, CHECKED, COLUMNS, FOLLOWED, WINDOWS, statement
from metrics.judgement import months_elapsed
from metrics.standards import value_in


@dataclass(frozen=True)
class Reach:
    """Of everybody on a list: how many can still meet the standard, and who must be seen soonest.

    can      people who can still meet it; lost: those who cannot
    soon     of ``can``, those who must be seen first: by ``soon_by``, None where nobody can be reached
    spacing  days between follow-ups with which it was computed; 0 where one visit is enough
    """

    can: int
    lost: int
    soon: int
    soon_by: date | None
    spacing: int


def has_ceiling(card: Card) -> bool:
    """Whether the card's standard asks for visits that can be counted ahead."""
    return card.key in CARDS


def is_by_window(card: Card) -> bool:
    """Whether the day follows from a birth or a discharge, not from the year's end."""
    return card.key in WINDOWS


def reach(connection: Connection, card: Card, people: FromClause, month: int) -> Reach:
    """Of ``people`` (see ``owed.statement``), after ``month``; counted by the database, whoever many they are."""
    rows = statement(card, people, month).subquery()
    by = [rows.c[name] for name in COLUMNS[2:]]
    found = connection.execute(
        select(*by, func.count().label("n"), func.sum(rows.c.times).label("times")).group_by(*by)
    ).all()
    frame = pd.DataFrame(found, columns=[*COLUMNS[2:], "n", "times"])
    days = _days(card, frame, month)
    n = frame["n"].to_numpy(int)
    can = ~np.isnat(days)
    soon_by = days[can].min() if can.any() else None
    soon = can & (days == soon_by) if can.any() else can
    spacing = _spacing(card, month) if card.key in (*FOLLOWED, *CHECKED) else 0
    # Of what somebody is listed for several times only the newest can still be done.
    return Reach(
        int(n[can].sum()),
        int(frame["times"].sum() - n[can].sum()),
        int(n[soon].sum()),
        None if soon_by is None else soon_by.item(),
        spacing,
    )


def days_of(connection: Connection, card: Card, people: FromClause, month: int, persons: list[int]) -> dict:
    """person -> the day by which they must be seen (date), None for those who are lost; of some ``persons``."""
    rows = statement(card, people, month).subquery()
    found = connection.execute(
        select(*(rows.c[name] for name in COLUMNS)).where(rows.c.person.in_(persons))
    ).all()
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    days = _days(card, frame, month)
    return {
        int(person): None if np.isnat(day) else day.item()
        for person, day in zip(frame["person"], days, strict=True)
    }


def owing(connection: Connection, card: Card, people: FromClause, month: int) -> pd.DataFrame:
    """Everybody among ``people``: person, owed, other, here as ``see_by`` takes them; first, see_by: the days from which and
    until which the next follow-up counts (NaT: any day, and too late)."""
    frame = read_frame(connection, statement(card, people, month))
    last = pd.to_datetime(frame["last_on"])
    frame["first"] = (last + pd.Timedelta(days=_spacing(card, month))).where(frame["owed"] > 0)
    frame["see_by"] = pd.to_datetime(_days(card, frame, month))
    return frame


def last_day(month: int) -> date:
    """The last day of a month."""
    year, number = month // 12, month % 12 + 1
    return date(year, number, calendar.monthrange(year, number)[1])


def _days(card: Card, frame: pd.DataFrame, month: int) -> np.ndarray:
    end = month + 12 - months_elapsed(card, month)
    since = pd.to_datetime(frame["since"]).to_numpy("datetime64[D]")
    return see_by(
        frame["owed"].to_numpy(int),
        pd.to_datetime(frame["last_on"]).to_numpy("datetime64[D]"),
        frame["other"].to_numpy(int) > 0,
        frame["here"].to_numpy(int) > 0,
        np.datetime64(last_day(month)),
        np.datetime64(last_day(end)),
        _spacing(card, month),
        since + frame["within"].to_numpy(int).astype("timedelta64[D]"),  # NaT where there is no window
    )


def _spacing(card: Card, month: int) -> int:
    key = "child_check_spacing_days" if card.key in CHECKED else "contact_spacing_days"
    return max(1, int(value_in(key, month)))  # several on one day count as one
