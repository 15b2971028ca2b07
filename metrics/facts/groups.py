"""Groups of persons: by tag, by age, and the key populations."""

from __future__ import annotations

from sqlalchemy import Select, case, literal, select, union_all

from metrics.facts.patients import enrolled
from metrics.facts.registry import fact
from metrics.facts.stay import resident
from metrics.sql import FOREVER, at_least, at_most, dated, merged, month_of, within
from metrics.tables import person, person_tag

_tag_end = case((person_tag.c.end_on.is_(None), FOREVER), else_=month_of(person_tag.c.end_on))
_tag_rows = select(
    person_tag.c.tag, person_tag.c.person, month_of(person_tag.c.start_on).label("s"), _tag_end.label("e")
).subquery()

#: Groups and findings noted of a person (disabled, low income, solitary, care plan, ...).
tagged = fact("tagged", merged(_tag_rows, "tag", "person"))


def with_tag(*tags: str):
    """Spans of persons who carry one of the tags."""
    return select(tagged.c.person, tagged.c.s, tagged.c.e).where(tagged.c.tag.in_(tags))


def aged(spans, years: int | None = None, below: int | None = None) -> Select:
    """The part of spans (with born_month) in which the person is ``years`` old or more, or less than ``below``.

    Age on the last day of the month.
    """
    s, e = spans.c.s, spans.c.e
    if years is not None:
        s = at_least(s, spans.c.born_month + years * 12)
    if below is not None:
        e = at_most(e, spans.c.born_month + below * 12 - 1)
    return select(spans.c.person, spans.c.unit, s.label("s"), e.label("e")).where(
        s <= e,
        spans.c.born_month.is_not(None),  # of unknown age: neither old nor young
    )


_KEY_TAGS = ("pregnant", "disabled", "low_income", "special_family", "tb", "smi")


def _older(years: int) -> Select:
    return select(
        person.c.person, (person.c.born_month + years * 12).label("s"), literal(FOREVER).label("e")
    ).where(person.c.born_month.is_not(None))


_key_rows = union_all(
    dated(_older, "elder_age"),
    select(
        person.c.person, person.c.born_month.label("s"), (person.c.born_month + 7 * 12 - 1).label("e")
    ).where(person.c.born_month.is_not(None)),
    with_tag(*_KEY_TAGS),
    select(enrolled.c.person, enrolled.c.s, enrolled.c.e).where(enrolled.c.programme.in_(["htn", "dm"])),
).subquery()

#: Persons of a key population: 65 and over, 0 to 6, patients, pregnant, disabled, low income, ...
key_person = fact("key_person", merged(_key_rows, "person"))
#: Residents of a key population.
key_resident = fact("key_resident", within(key_person, resident))
