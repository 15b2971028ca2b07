"""What each person on a card's list still owes this year, read from the records: for ``metrics.heading.reaching``."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Date, FromClause, Select, and_, case, cast, func, literal, null, select

from metrics.card import Card
from metrics.facts import child_year, contact_days, delivery, managed, patient_year, stay
from metrics.judgement import months_elapsed
from metrics.standards import by_day
from metrics.tables import child_visit, person

#: Cards whose standard asks for several follow-ups and a check: card -> programme.
FOLLOWED = {"htn_standard_rate": "htn", "dm_standard_rate": "dm"}
#: Cards that ask for several checks by a child's age.
CHECKED = ("ch_421_exam_rate",)
#: Cards that ask a patient to be seen once in the year: card -> programme.
ONCE_PATIENT = {
    "htn_exam_rate": "htn",
    "dm_exam_rate": "dm",
    "htn_reading_rate": "htn",
    "dm_reading_rate": "dm",
    "mh_mgmt_rate": "smi",
    "mh_faceface_rate": "smi",
    "mh_annual_exam": "smi",
}
#: Cards that ask a resident to be seen once in the year, or in the season.
ONCE = (
    "ch_mgmt_rate",
    "el_mgmt_rate",
    "el_exam_rate",
    "el_cognitive_rate",
    "el_60plus_managed",
    "mt_women_screening_rate",
    "tcm_elder_rate",
    "hr_visit_rate",
    "hr_dynamic_update_rate",
    "im_flu60_rate",
    "dis_guided_rate",
    "fl_equal_service",
    "fl_registered_service",
)
#: Cards about what happened to somebody (a notification, a delivery), to be answered by the year's end.
ANSWERED = ("tb_mgmt_rate", "mt_42day_rate")
#: Cards about a birth or a discharge, to be answered within days: card -> the parameter of how many.
WINDOWS = {
    "ch_newborn_visit_rate": "newborn_visit_days",
    "mt_postpartum_service_rate": "postpartum_service_days",
}
CARDS = (*FOLLOWED, *CHECKED, *ONCE_PATIENT, *ONCE, *ANSWERED, *WINDOWS)
COLUMNS = ("person", "times", "owed", "last_on", "other", "here", "since", "within")


def rules(card: Card) -> list[Select]:
    """What must be prepared to read what is owed."""
    if card.key in FOLLOWED:
        return [select(patient_year.c.person), select(contact_days.c.person), select(managed.c.person)]
    if card.key in ONCE_PATIENT:
        return [select(managed.c.person)]
    if card.key in CHECKED:
        return [select(child_year.c.person), select(child_visit.c.person), select(stay.c.person)]
    if card.key in WINDOWS:
        return [select(delivery.c.person), select(person.c.person), select(stay.c.person)]
    return [select(stay.c.person)] if card.key in CARDS else []


def statement(card: Card, people: FromClause, month: int) -> Select:
    """COLUMNS of everybody among ``people`` (a subquery with person, times; of events also newest, the last one's month).

    times          how often the person is on the list
    owed, last_on  follow-ups or checks still owed (NULL: it is not known how many), the day of the last one
    other          1: owes something else; of events, the newest one
    here           1: is under care at the month's end, and it is known what they owe
    since, within  the window of ``other``: so many days after a day; NULL: none
    """
    if card.key in FOLLOWED:
        return _followups(people, FOLLOWED[card.key], month)
    if card.key in CHECKED:
        return _child_checks(people, month)
    if card.key in ONCE_PATIENT:
        return _once(people, _present(managed, month, managed.c.programme == ONCE_PATIENT[card.key]))
    here = _present(stay, month)
    if card.key in ONCE:
        return _once(people, here)
    # What belongs to an earlier year is lost for this one.
    begins = month - months_elapsed(card, month) + 1
    if card.key in ANSWERED:
        return _once(people, here, people.c.newest >= begins)
    return _in_window(card, people, here)


def _once(people: FromClause, here: FromClause, *where: ColumnElement) -> Select:
    return select(
        people.c.person,
        people.c.times,
        literal(0).label("owed"),
        cast(null(), Date).label("last_on"),
        literal(1).label("other"),
        _is_among(here, *where),
        *_no_window(),
    ).select_from(people.outerjoin(here, here.c.person == people.c.person))


def _no_window() -> tuple[ColumnElement, ColumnElement]:
    return cast(null(), Date).label("since"), literal(0).label("within")


def _in_window(card: Card, people: FromClause, here: FromClause) -> Select:
    key = WINDOWS[card.key]
    if card.key == "ch_newborn_visit_rate":
        begun = select(person.c.person, person.c.born_month.label("month"), person.c.born_on.label("since"))
        on = person.c.born_on
    else:
        begun = select(delivery.c.person, delivery.c.month, delivery.c.left_on.label("since"))
        on = delivery.c.delivered_on
    begun = begun.add_columns(by_day(key, on).label("within")).subquery()
    return (
        select(
            people.c.person,
            people.c.times,
            literal(0).label("owed"),
            cast(null(), Date).label("last_on"),
            literal(1).label("other"),
            func.max(_is_among(here, begun.c.person.is_not(None))).label("here"),
            func.max(begun.c.since).label("since"),
            func.coalesce(func.max(begun.c.within), 0).label("within"),
        )
        .select_from(
            people.outerjoin(
                begun, and_(begun.c.person == people.c.person, begun.c.month == people.c.newest)
            ).outerjoin(here, here.c.person == people.c.person)
        )
        .group_by(people.c.person, people.c.times)
    )


def _child_checks(people: FromClause, month: int) -> Select:
    year = child_year.alias("owing_year")
    owed, made = literal(0), literal(0)
    for k in range(1, sum(1 for column in year.c if column.name[0] == "t") + 1):
        owed = owed + case((year.c[f"t{k}"] <= year.c.y1, 1), else_=0)
        made = made + case((year.c[f"c{k}"] <= month, 1), else_=0)
    last = (
        select(child_visit.c.person, func.max(child_visit.c.day).label("last_on"))
        .where(child_visit.c.kind == "check", child_visit.c.month <= month)
        .group_by(child_visit.c.person)
        .subquery()
    )
    here = _present(stay, month)
    return select(
        people.c.person,
        people.c.times,
        case((year.c.person.is_not(None), owed - made)).label("owed"),
        last.c.last_on,
        literal(0).label("other"),
        _is_among(here, year.c.person.is_not(None)),
        *_no_window(),
    ).select_from(
        people.outerjoin(year, and_(year.c.person == people.c.person, year.c.y0 <= month, year.c.y1 >= month))
        .outerjoin(last, last.c.person == people.c.person)
        .outerjoin(here, here.c.person == people.c.person)
    )


def _followups(people: FromClause, programme: str, month: int) -> Select:
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
        people.c.times,
        case((year.c.full > made, year.c.full - made), (year.c.person.is_not(None), 0)).label("owed"),
        last.c.last_on,
        case((year.c.checked > month, 1), else_=0).label("other"),
        _is_among(here, year.c.person.is_not(None)),
        *_no_window(),
    ).select_from(
        people.outerjoin(
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


def _is_among(here: FromClause, *where: ColumnElement) -> ColumnElement:
    return case((and_(here.c.person.is_not(None), *where), 1), else_=0).label("here")
