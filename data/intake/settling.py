"""The one place that decides which version of a row is in force.

For a set of keys of one table: of all readings whose files count, the one of highest rank wins (then the
content hash decides); a snapshot of a later day that speaks for the row and lacks it withdraws it. The
winner is put in force with the unit and the person that it belongs to now. Everything is a function of
the files that count, of the units and of the persons, never of the order of events.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sqlalchemy import (
    Select,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union,
    update,
)

from data.intake.frames import fill
from data.intake.units import FIRST_DAY
from data.intake.working import Working
from data.records import RECORDS, coverage, sighting, unread

_SERVICE_DAYS = ("day", "due_on", "signed_on", "start_on", "created_on", "issued_on")
PERSON = RECORDS["person"]


def service_day(table: Table):
    """The day that decides which unit a code means: when the service was given, or the record made."""
    for name in _SERVICE_DAYS:
        if name in table.c:
            return func.coalesce(table.c[name], FIRST_DAY)
    return literal(FIRST_DAY)


def touch(work: Working, keys: Select | Iterable[int]) -> None:
    """Say which keys are to be settled next."""
    work.records.execute(delete(work.touched))
    if isinstance(keys, Select):
        work.records.execute(insert(work.touched).from_select(["key"], keys.distinct()))
    else:
        fill(work.records, work.touched, key=np.unique(np.asarray(list(keys), dtype=np.int64)))


def touch_more(work: Working, keys: Select) -> None:
    """Add keys to those to be settled."""
    new = keys.distinct().subquery()
    known = select(work.touched.c.key).where(work.touched.c.key == new.c.key).exists()
    work.records.execute(insert(work.touched).from_select(["key"], select(new.c.key).where(~known)))


def judge(work: Working, table: Table) -> None:
    """Fill `winner`: the reading that each touched key goes by, if any."""
    touched, winner = work.touched, work.winner
    columns = ("key", "content", "rank", "batch", "file", "line")
    readings = union(
        select(*[table.c[c] for c in columns]).join(touched, touched.c.key == table.c.key),
        select(*[sighting.c[c] for c in columns])
        .join(touched, touched.c.key == sighting.c.key)
        .where(sighting.c.table_name == table.name),
    ).subquery()
    order = (readings.c.rank.desc(), readings.c.content.desc(), readings.c.file, readings.c.line)
    nth = func.row_number().over(partition_by=readings.c.key, order_by=order)
    ranked = (
        select(readings, work.alive.c.layout, nth.label("nth"))
        .join(work.alive, work.alive.c.file == readings.c.file)
        .subquery()
    )
    data = (
        select(table.c.key, table.c.content, func.min(table.c.row_id).label("row_id"))
        .join(touched, touched.c.key == table.c.key)
        .group_by(table.c.key, table.c.content)
        .subquery()
    )
    best = (
        select(*[ranked.c[c] for c in columns], data.c.row_id, ranked.c.layout)
        .join(data, and_(data.c.key == ranked.c.key, data.c.content == ranked.c.content))
        .where(ranked.c.nth == 1)
    )
    work.records.execute(delete(winner))
    work.records.execute(insert(winner).from_select([*columns, "row_id", "layout"], best))
    _withdraw(work, table)


def _withdraw(work: Working, table: Table) -> None:
    """Take out what a snapshot of a later day speaks for and lacks."""
    if not work.records.execute(
        select(coverage.c.file).where(coverage.c.table_name == table.name).limit(1)
    ).first():
        return
    winner = work.winner
    month = table.c.month if "month" in table.c else null()
    covered = (
        select(winner.c.key)
        .select_from(winner)
        .join(table, table.c.row_id == winner.c.row_id)
        .join(
            coverage,
            and_(
                coverage.c.table_name == table.name,
                coverage.c.layout == winner.c.layout,
                coverage.c.rank > winner.c.rank,
                or_(coverage.c.source_unit.is_(None), coverage.c.source_unit == table.c.source_unit),
                or_(coverage.c.month_from.is_(None), month >= coverage.c.month_from),
                or_(coverage.c.month_to.is_(None), month <= coverage.c.month_to),
            ),
        )
        .join(work.alive, work.alive.c.file == coverage.c.file)
        .where(~is_unread(table, winner.c.key, coverage.c.file))
    )
    work.records.execute(delete(winner).where(winner.c.key.in_(covered)))


def is_unread(table: Table, key, file):
    """Whether a snapshot file holds a row of this key that was refused: a condition."""
    c = unread.c
    return select(c.key).where(c.table_name == table.name, c.key == key, c.file == file).exists()


def enforce(work: Working, table: Table) -> None:
    """Put the winners in force: close what is no longer right, open what is missing."""
    _desire(work, table)
    desired, keep = work.desired, work.keep
    person_as_wanted = table.c.person == desired.c.person if table.info["person"] else literal(True)
    unit_as_wanted = (
        table.c.unit.is_not_distinct_from(desired.c.unit) if table.info["performed"] else literal(True)
    )
    right = (
        select(table.c.key, func.max(table.c.row_id))
        .join(desired, and_(desired.c.key == table.c.key, desired.c.content == table.c.content))
        .join(work.alive, work.alive.c.file == table.c.file)
        .where(table.c.known_to.is_(None), person_as_wanted, unit_as_wanted)
        .group_by(table.c.key)
    )
    work.records.execute(delete(keep))
    work.records.execute(insert(keep).from_select(["key", "row_id"], right))
    kept = select(keep.c.row_id).where(keep.c.row_id == table.c.row_id).exists()
    touched = select(work.touched.c.key).where(work.touched.c.key == table.c.key).exists()
    work.records.execute(
        update(table).where(table.c.known_to.is_(None), touched, ~kept).values(known_to=work.event)
    )
    _open(work, table)


def _desire(work: Working, table: Table) -> None:
    """Fill `desired`: the winners with the unit and the person that they belong to now."""
    winner, link, rule = work.winner, work.person_link, work.units.table
    rows = winner.join(table, table.c.row_id == winner.c.row_id)
    person, unit = null(), null()
    if table.info["person"]:
        rows = rows.outerjoin(link, link.c.subject == table.c.subject)
        person = func.coalesce(link.c.person, table.c.subject)
    if table.info["performed"]:
        day = service_day(table)
        rows = rows.outerjoin(
            rule,
            and_(rule.c.source_unit == table.c.source_unit, rule.c.from_on <= day, rule.c.to_on >= day),
        )
        unit = case((table.c.source_unit.is_(None), table.c.unit), else_=rule.c.unit)
    names = ("key", "content", "rank", "batch", "file", "line", "row_id")
    chosen = select(*[winner.c[n] for n in names], unit.label("unit"), person.label("person")).select_from(
        rows
    )
    if table is PERSON:
        # Of several rows about one person one speaks for them, or everyone who counts persons counts twice.
        inner = chosen.subquery()
        order = (inner.c.rank.desc(), inner.c.content.desc(), inner.c.key)
        nth = func.row_number().over(partition_by=inner.c.person, order_by=order)
        numbered = select(inner, nth.label("nth")).subquery()
        chosen = select(*[numbered.c[n] for n in (*names, "unit", "person")]).where(numbered.c.nth == 1)
    work.records.execute(delete(work.desired))
    work.records.execute(insert(work.desired).from_select([*names, "unit", "person"], chosen))


def _open(work: Working, table: Table) -> None:
    desired, keep = work.desired, work.keep
    kept = select(keep.c.key).where(keep.c.key == desired.c.key).exists()
    given = {
        "row_id": func.row_number().over(order_by=desired.c.key) + work.highest(table.c.row_id),
        "known_from": literal(work.event),
        "known_to": null(),
        **{name: desired.c[name] for name in ("rank", "batch", "file", "line")},
    }
    if table.info["person"]:
        given["person"] = desired.c.person
    if table.info["performed"]:
        given["unit"] = desired.c.unit
    rows = select(*[given.get(column.name, column) for column in table.c]).select_from(
        desired.join(table, table.c.row_id == desired.c.row_id)
    )
    work.records.execute(insert(table).from_select([c.name for c in table.c], rows.where(~kept)))


def with_companions(work: Working) -> None:
    """Add, for the table of persons, the keys of all rows about the persons that are touched."""
    whose = func.coalesce(work.person_link.c.person, PERSON.c.subject)
    rows = PERSON.outerjoin(work.person_link, work.person_link.c.subject == PERSON.c.subject)
    of_touched = rows.join(work.touched, work.touched.c.key == PERSON.c.key)
    persons = union(select(whose).select_from(of_touched), select(PERSON.c.person).select_from(of_touched))
    touch_more(
        work,
        select(PERSON.c.key).select_from(rows).where(or_(whose.in_(persons), PERSON.c.person.in_(persons))),
    )


def settle(work: Working, table: Table) -> None:
    """Judge and enforce the touched keys of a table."""
    if table is PERSON:
        with_companions(work)
    judge(work, table)
    enforce(work, table)
