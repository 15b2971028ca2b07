"""Who on a card's list can still be reached this year: read from the records, for ``metrics.gaps`` only.

Whoever calls has asked for the people of the units and prepared the connection with ``rules`` among the rules.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, FromClause

from data.store import read_frame
from metrics.card import Card
from metrics.heading.ceiling import see_by
from metrics.heading.owed import CARDS, CHECKED, FOLLOWED, WINDOWS, statement
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


def reach(card: Card, frame: pd.DataFrame, total: int, month: int) -> Reach:
    """Of a list of ``total`` rows whose people are ``frame`` (of ``owing``, each once), after ``month``."""
    days = frame["see_by"].dropna()
    soon_by = days.min() if len(days) else None
    spacing = _spacing(card, month) if card.key in (*FOLLOWED, *CHECKED) else 0
    # Of what somebody is listed for several times only the newest can still be done.
    return Reach(
        len(days),
        total - len(days),
        int((days == soon_by).sum()),
        None if soon_by is None else soon_by.date(),
        spacing,
    )


def owing(connection: Connection, card: Card, people: FromClause, month: int) -> pd.DataFrame:
    """Everybody among ``people``, each once: person, times, owed, other, here as ``see_by`` takes them; first, see_by: the days from which and
    until which the next follow-up counts (NaT: any day, and too late)."""
    frame = read_frame(connection, statement(card, people, month)).drop_duplicates(
        "person", ignore_index=True
    )
    frame["owed"] = frame["owed"].astype(float)
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
        frame["owed"].fillna(1).to_numpy(int),  # of whom it is not known is not ``here``
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
