"""Distinct households, counted anew at each level: a family whose members live at two units is one family above."""

from __future__ import annotations

from sqlalchemy import Select, select

from metrics.sql import merged
from metrics.tables import ancestry, health_record

_family_of = (
    select(health_record.c.person, health_record.c.family, health_record.c.doctor)
    .where(health_record.c.family.is_not(None))
    .subquery()
)


def _members(spans, *where):
    """Months in which a unit has a member of the family in the spans; members alike once."""
    return (
        select(_family_of.c.family, spans.c.unit, spans.c.s, spans.c.e)
        .select_from(spans.join(_family_of, _family_of.c.person == spans.c.person))
        .where(*where)
        .distinct()
        .subquery()
    )


def households(spans, *where) -> Select:
    """Months in which a household has a member in the spans, at every unit above: person (the family), unit, s, e."""
    members = _members(spans, *where)
    rows = (
        select(members.c.family.label("person"), ancestry.c.ancestor.label("unit"), members.c.s, members.c.e)
        .select_from(members.join(ancestry, ancestry.c.unit == members.c.unit))
        .subquery()
    )
    return merged(rows, "person", "unit")


def households_with_doctor(spans) -> Select:
    """The same for households of which at least one record names a responsible doctor."""
    return households(spans, _family_of.c.doctor.is_not(None))
