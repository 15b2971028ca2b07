"""Who on a card's list can still be reached this year: read from the records, for ``metrics.gaps`` only.

Whoever calls has asked for the people of the units and prepared the connection with ``rules`` among the rules.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, case, func, literal, select

from data.store import read_frame
from metrics.card import Card
from metrics.facts import contact_days, managed, patient_year, stay
from metrics.heading.ceiling import see_by
from metrics.judgement import months_elapsed
from metrics.standards import value_in

#: Cards whose standard asks for several follow-ups and a check: card -> programme.
FOLLOWED = {"htn_standard_rate": "htn", "dm_standard_rate": "dm"}
#: Cards that ask a patient to be seen once in the year: card -> programme.
ONCE_PATIENT = {"htn_exam_rate": "htn", "dm_exam_rate": "dm"}
#: Cards that ask a resident to be seen once in the year.
ONCE = (
    "el_mgmt_rate",
    "el_exam_rate",
    "el_cognitive_rate",
    "el_60plus_managed",
    "tcm_elder_rate",
    "hr_visit_rate",
)
CARDS = (*FOLLOWED, *ONCE_PATIENT, *ONCE)


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


def rules(card: Card) -> list[Select]:
    """What must be prepared to read who can be reached."""
    if card.key in FOLLOWED:
        return [select(patient_year.c.person), select(contact_days.c.person), select(managed.c.person)]
    if card.key in ONCE_PATIENT:
        return [select(managed.c.person)]
    return [select(stay.c.person)] if card.key in ONCE else []


def reach(connection: Connection, card: Card, people: FromClause, month: int) -> Reach:
    """Of ``people`` (a subquery with ``person``), after ``month``; counted by the database, whoever many they are."""
    rows = _owing(card, people, month).subquery()
    by = [rows.c.owed, rows.c.last_on, rows.c.other, rows.c.here]
    found = connection.execute(select(*by, func.count().label("n")).group_by(*by)).all()
    frame = pd.DataFrame(found, columns=["owed", "last_on", "other", "here", "n"])
    days = _days(card, frame, month)
    n = frame["n"].to_numpy(int)
    can = ~np.isnat(days)
    soon_by = days[can].min() if can.any() else None
    soon = can & (days == soon_by) if can.any() else can
    spacing = _spacing(month) if card.key in FOLLOWED else 0
    return Reach(
        int(n[can].sum()),
        int(n[~can].sum()),
        int(n[soon].sum()),
        None if soon_by is None else soon_by.item(),
        spacing,
    )


def days_of(connection: Connection, card: Card, people: FromClause, month: int, persons: list[int]) -> dict:
    """person -> the day by which they must be seen (date), None for those who are lost; of some ``persons``."""
    rows = _owing(card, people, month).subquery()
    found = connection.execute(select(rows).where(rows.c.person.in_(persons))).all()
    frame = pd.DataFrame(found, columns=["person", "owed", "last_on", "other", "here"])
    days = _days(card, frame, month)
    return {
        int(person): None if np.isnat(day) else day.item()
        for person, day in zip(frame["person"], days, strict=True)
    }


def owing(connection: Connection, card: Card, people: FromClause, month: int) -> pd.DataFrame:
    """Everybody among ``people``: person, owed, other, here as ``see_by`` takes them; first, see_by: the days from which and
    until which the next follow-up counts (NaT: any day, and too late)."""
    frame = read_frame(connection, _owing(card, people, month))
    last = pd.to_datetime(frame["last_on"])
    frame["first"] = (last + pd.Timedelta(days=_spacing(month))).where(frame["owed"] > 0)
    frame["see_by"] = pd.to_datetime(_days(card, frame, month))
    return frame


def last_day(month: int) -> date:
    """The last day of a month."""
    year, number = month // 12, month % 12 + 1
    return date(year, number, calendar.monthrange(year, number)[1])


def _days(card: Card, frame: pd.DataFrame, month: int) -> np.ndarray:
    end = month + 12 - months_elapsed(card, month)
    return see_by(
        frame["owed"].to_numpy(int),
        pd.to_datetime(frame["last_on"]).to_numpy("datetime64[D]"),
        frame["other"].to_numpy(int) > 0,
        frame["here"].to_numpy(int) > 0,
        np.datetime64(last_day(month)),
        np.datetime64(last_day(end)),
        _spacing(month),
    )


def _spacing(month: int) -> int:
    return max(1, int(value_in("contact_spacing_days", month)))  # several on one day count as one


def _owing(card: Card, people: FromClause, month: int) -> Select:
    """person, owed, last_on, other, here of everybody among ``people``."""
    if card.key in FOLLOWED:
        return _owing_followups(people, FOLLOWED[card.key], month)
    if card.key in ONCE_PATIENT:
        here = _present(managed, month, managed.c.programme == ONCE_PATIENT[card.key])
    else:
        here = _present(stay, month)
    return select(
        people.c.person,
        literal(0).label("owed"),
        literal(None).label("last_on"),
        literal(1).label("other"),
        _is_among(here),
    ).select_from(people.outerjoin(here, here.c.person == people.c.person))


def _owing_followups(people: FromClause, programme: str, month: int) -> Select:
    year = patient_year.alias("owing_year")
    made = _contacts_by(year, month)
    last = (
        select(contact_days.c.person, func.max(contact_days.c.day).label("last_on"))
        .where(
            contact_days.c.programme == programme,
            contact_days.c.y0 <= month,
            contact_days.c.y0 > month - 12,
            contact_days.c.month <= month,
        )
        .group_by(contact_days.c.person)
        .subquery()
    )
    here = _present(managed, month, managed.c.programme == programme)
    return select(
        people.c.person,
        case((year.c.full > made, year.c.full - made), else_=0).label("owed"),
        last.c.last_on,
        case((year.c.checked > month, 1), else_=0).label("other"),
        _is_among(here),
    ).select_from(
        people.join(
            year,
            and_(
                year.c.person == people.c.person,
                year.c.programme == programme,
                year.c.y0 <= month,
                year.c.y1 >= month,
            ),
        )
        .outerjoin(last, last.c.person == people.c.person)
        .outerjoin(here, here.c.person == people.c.person)
    )


def _contacts_by(year: FromClause, month: int) -> ColumnElement:
    """How many contacts of a patient's year were made by the end of ``month``."""
    made = literal(0)
    for k in range(1, _most() + 1):
        made = made + case((year.c[f"c{k}"] <= month, 1), else_=0)
    return made


def _most() -> int:
    return sum(1 for column in patient_year.c if column.name[0] == "c" and column.name[1:].isdigit())


def _present(spans: FromClause, month: int, *where: ColumnElement) -> FromClause:
    """Persons who are under care at the month's end, anywhere."""
    return select(spans.c.person).where(spans.c.s <= month, spans.c.e >= month, *where).distinct().subquery()


def _is_among(here: FromClause) -> ColumnElement:
    return case((here.c.person.is_not(None), 1), else_=0).label("here")
