"""Late entry and rewriting of the past: counts of rows, made at a build.

A month is *reported* so many days after its end (the parameter ``report_days``). What was known of it then is what the last event up
to that day left. Where nothing of a unit's records of a kind and layout was known by that day, it had not reported the month and nothing of it
can have been rewritten: so the years that a unit's first file brings are no late entry of anybody's, whenever it comes.

Two clocks are told apart. When a row was *entered* is what its source says (``entered_on``): the unit's own doing. Since when it is *known*
is our own book of events: it depends on when files were brought in, too.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Join,
    MetaData,
    Select,
    Subquery,
    Table,
    and_,
    case,
    cast,
    false,
    func,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.schema import CreateTable

from data import records
from data.store import bulk_insert, read_frame
from metrics import published
from metrics.context import Horizon, in_force
from metrics.standards import value_in

#: Record tables of what happened on a day: those of which it makes sense to ask how much later they were entered.
SOURCES = tuple(
    name
    for name, table in sorted(records.RECORDS.items())
    if {"day", "month", "entered_on"} <= set(table.c.keys())
)
#: What may have become of a row since its month was reported.
KINDS = ("changed", "withdrawn", "added", "backdated")

_month = Table(  # months, the day on which each is reported, and the last event up to then
    "reported_month",
    MetaData(),
    Column("month", Integer),
    Column("report_on", Date),
    Column("event", Integer),  # NULL: nothing was known at all
    Column("late_days", Integer),
    prefixes=["TEMPORARY"],
)


def report_day(month: int) -> date:
    """The last day on which what is entered of a month still stands in its report."""
    year, place = divmod(month, 12)
    last = date(year, place + 1, calendar.monthrange(year, place + 1)[1])
    return last + timedelta(days=int(value_in("report_days", month)))


def events(connection: Connection) -> pd.DataFrame:
    """event, on (datetime64): the book of events by number."""
    rows = read_frame(
        connection, select(records.event.c.event, records.event.c.at).order_by(records.event.c.event)
    )
    return pd.DataFrame({"event": rows["event"], "on": pd.to_datetime(rows["at"]).dt.normalize()})


def event_on(book: pd.DataFrame, day: date) -> int | None:
    """The last event up to a day, that day included; None before the first."""
    upto = book.loc[book["on"] <= pd.Timestamp(day), "event"]
    return int(upto.max()) if len(upto) else None


def late_entry(connection: Connection, horizon: Horizon) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of ``published.late_entry`` and of ``published.rewriting`` for the months of ``horizon``, as known now."""
    newest = _create_months(connection, horizon)
    late, rewritten = [], []
    for name in SOURCES:
        table = records.RECORDS[name]
        first = connection.scalar(select(func.min(table.c.known_from)))
        if first is None:
            continue
        late.append(read_frame(connection, _entered(table)).assign(source=name))
        if newest is not None and first <= newest:  # else no month of it was reported
            rewritten.append(read_frame(connection, _rewritten(table)).assign(source=name))
    _month.drop(connection)
    return _joined(late, published.late_entry), _joined(rewritten, published.rewriting)


def _create_months(connection: Connection, horizon: Horizon) -> int | None:
    """Make the table of months; the newest event by which one of them was reported, None where there is none."""
    book = events(connection)
    rows = [
        (m, report_day(m), event_on(book, report_day(m)), int(value_in("late_entry_days", m)))
        for m in horizon.months
    ]
    connection.execute(CreateTable(_month))
    frame = pd.DataFrame(rows, columns=list(_month.c.keys()))
    bulk_insert(connection, _month, frame.astype({"event": "Int64"}))
    return max((event for _, _, event, _ in rows if event is not None), default=None)


def _joined(frames: list[pd.DataFrame], table: Table) -> pd.DataFrame:
    columns = list(table.c.keys())
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat([frame[columns] for frame in frames], ignore_index=True)


def _begun(table: Table) -> Subquery:
    """unit, layout ("" where it is not known), first: the event since which anything of theirs is known."""
    c, file = table.c, records.source_file
    layout = func.coalesce(file.c.layout, "")
    return (
        select(c.unit, layout.label("layout"), func.min(c.known_from).label("first"))
        .select_from(table.outerjoin(file, file.c.file == c.file))
        .where(c.unit.is_not(None))
        .group_by(c.unit, layout)
        .subquery("begun")
    )


def _now_and_then(table: Table) -> tuple[Join, ColumnElement[bool], ColumnElement[bool]]:
    """The rows with their months, files and what was known of their keys on the report day; whether the month was reported by then,
    and whether a row of a reported month came since. Joins, not conditions by row: there are millions of rows and no index by key."""
    c, file, begun, then = table.c, records.source_file, _begun(table), table.alias("then")
    rows = (
        table.join(_month, c.month == _month.c.month)
        .outerjoin(file, file.c.file == c.file)
        .join(begun, and_(begun.c.unit == c.unit, begun.c.layout == func.coalesce(file.c.layout, "")))
        .outerjoin(
            then,
            and_(
                then.c.key == c.key,
                then.c.known_from <= _month.c.event,
                or_(then.c.known_to.is_(None), then.c.known_to > _month.c.event),
            ),
        )
    )
    reported = func.coalesce(_month.c.event >= begun.c.first, false())
    return rows, reported, and_(reported, c.known_from > _month.c.event, then.c.row_id.is_(None))


def _entered(table: Table) -> Select:
    """unit, month, layout and counts of the rows in force."""
    c, layout = table.c, records.source_file.c.layout
    rows, reported, came = _now_and_then(table)
    counts = {
        "dated": c.entered_on.is_not(None),
        "late": c.entered_on - c.day > _month.c.late_days,
        "after_report": c.entered_on > _month.c.report_on,
        "added": came,
    }
    sums = {name: func.sum(case((holds, 1), else_=0)) for name, holds in counts.items()}
    sums["added"] = case(
        (func.bool_or(reported), sums["added"]), else_=null()
    )  # the same for the whole group
    return (
        select(c.unit, c.month, layout, func.count().label("n"), *(s.label(name) for name, s in sums.items()))
        .select_from(rows)
        .where(in_force(table, None))
        .group_by(c.unit, c.month, layout)
    )


def _rewritten(table: Table) -> Select:
    """unit, month, layout, kind, event, on, by, n of rows that are no longer what was reported, or were not."""
    now, gone_for_good = table.alias("now"), _withdrawn(table)
    c, file, event = table.c, records.source_file, records.event
    # What was reported: versions in force then and no longer. What is in force of their keys now?
    gone = (
        select(
            c.unit,
            c.month,
            func.coalesce(now.c.file, c.file).label("file"),
            case((now.c.row_id.is_(None), "withdrawn"), else_="changed").label("kind"),
            func.coalesce(now.c.known_from, gone_for_good.c.event).label("event"),
        )
        .select_from(
            table.join(_month, c.month == _month.c.month)
            .outerjoin(now, and_(now.c.key == c.key, now.c.known_to.is_(None)))
            .outerjoin(gone_for_good, gone_for_good.c.key == c.key)
        )
        .where(
            _month.c.event.is_not(None),
            c.known_from <= _month.c.event,
            c.known_to > _month.c.event,
            c.unit.is_not(None),
            or_(now.c.row_id.is_(None), now.c.content != c.content),
        )
    )
    rows, _, new = _now_and_then(table)
    came = (
        select(
            c.unit,
            c.month,
            c.file,
            case((c.entered_on <= _month.c.report_on, "backdated"), else_="added").label("kind"),
            c.known_from.label("event"),
        )
        .select_from(rows)
        .where(in_force(table, None), _month.c.event.is_not(None), new)
    )
    rows = union_all(gone, came).subquery()
    by = [rows.c.unit, rows.c.month, file.c.layout, rows.c.kind, rows.c.event, event.c.at, event.c.by]
    return (
        select(*by[:5], cast(event.c.at, Date).label("on"), event.c.by, func.count().label("n"))
        .select_from(
            rows.join(event, event.c.event == rows.c.event).outerjoin(file, file.c.file == rows.c.file)
        )
        .group_by(*by)
    )


def _withdrawn(table: Table) -> Subquery:
    """key, event of the keys of which nothing is in force any more: the event that took the last version away."""
    key, until = table.c.key, table.c.known_to
    return (
        select(key, func.max(until).label("event"))
        .group_by(key)
        .having(func.count(until) == func.count())
        .subquery("withdrawn")
    )
