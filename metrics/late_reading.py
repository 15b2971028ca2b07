"""Late entry and rewriting as pages read them: published counts, and the list of rows that were entered late.

Counts of a unit's rows are about its work and follow the scope of figures. By kind of record they are told to whoever may see the unit's
people: one row of a rare kind may be one person whom neighbours know of. Others see all kinds together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, and_, func, literal, select, union_all

from data import records
from data.identity import masked, told
from data.store import Snapshot, Store, read_frame
from metrics import published
from metrics.context import in_force
from metrics.gaps import units_below
from metrics.late import SOURCES
from metrics.principal import NotAllowedError, Principal
from metrics.small_numbers import BITS, shown_to
from metrics.standards import value_in

ALL = ""  # kind of record of whoever may not see the kinds
COUNTS = ("n", "dated", "late", "after_report", "reported", "added")
LIST = ("person", "name_masked", "unit", "source", "day", "entered_on", "days")
_PERSONAL = tuple(name for name in SOURCES if records.RECORDS[name].info["person"])


def entered(principal: Principal, connection: Connection, first: int, last: int) -> pd.DataFrame:
    """unit, source and COUNTS of the rows of some months; ``reported``: rows of months that were known by their report day, of
    which ``added`` came later. Each unit's own rows; source ALL where the kinds are not the principal's to see."""
    c = published.late_entry.c
    statement = select(published.late_entry).where(
        c.month.between(first, last), principal.figures.holds(c.unit)
    )
    rows = read_frame(connection, statement)
    rows = rows.assign(
        source=_kinds(principal, rows),
        reported=rows["n"].where(rows["added"].notna(), 0),
        added=rows["added"].fillna(0),
    )
    return (
        rows.groupby(["unit", "source"], as_index=False)[list(COUNTS)]
        .sum()
        .astype(dict.fromkeys(COUNTS, "int64"))
    )


def rewritten(principal: Principal, connection: Connection, first: int, last: int) -> pd.DataFrame:
    """unit, source, kind, event, on, by, first and last month, n of what was changed of reported months, the newest event first."""
    c = published.rewriting.c
    statement = select(published.rewriting).where(
        c.month.between(first, last), principal.figures.holds(c.unit)
    )
    rows = read_frame(connection, statement)
    rows = rows.assign(source=_kinds(principal, rows))
    by = rows.groupby(["unit", "source", "kind", "event", "on", "by"], as_index=False)
    found = by.agg(first=("month", "min"), last=("month", "max"), n=("n", "sum"))
    return found.sort_values(["event", "n"], ascending=False, ignore_index=True)


def _kinds(principal: Principal, rows: pd.DataFrame) -> pd.Series:
    """The kinds of record, ALL at units whose people are none of the principal's, and for officers of some systems."""
    if principal.systems:
        return pd.Series(ALL, index=rows.index, dtype=object)
    theirs = rows["unit"].map(lambda unit: unit in principal.persons).astype(bool)
    return rows["source"].astype(object).where(theirs, ALL)


def moved(principal: Principal, connection: Connection, unit: int, most: int = 200) -> pd.DataFrame:
    """Headline figures of reported months that came out otherwise at a build than before it, the newest build and month first: the
    columns of ``published.moved`` without ``hidden``, and built_at. Numbers that are not the principal's to see are NaN.

    What is hidden of today's figure is hidden of the earlier ones too: they may be the same, and give another away by subtraction.
    Where there is no such figure any more, nobody knows what it would give away.
    """
    c, build, figure = published.moved.c, published.build.c, published.figure.c
    newest = (
        select(published.moved, build.built_at)
        .join(published.build, build.build == c.build)
        .where(c.unit == unit, principal.figures.holds(c.unit))
        .order_by(c.build.desc(), c.month.desc(), c.indicator)
        .limit(most)
        .subquery()
    )
    place = (figure[name] == newest.c[name] for name in ("indicator", "unit", "month", "basis"))
    statement = (
        select(newest, figure.hidden.label("hidden_now"))
        .outerjoin(published.figure, and_(*place, figure.stratum == ""))
        .order_by(newest.c.build.desc(), newest.c.month.desc(), newest.c.indicator)
    )
    rows = read_frame(connection, statement)
    bits = rows.pop("hidden_now").fillna(sum(BITS.values())).astype(int)
    rows = rows.assign(hidden=rows["hidden"].astype(int) | bits)
    for when in ("before", "after"):
        names = {f"{name}_{when}": name for name in ("numerator", "denominator", "value")}
        side = shown_to(principal, rows[["indicator", "unit", "hidden", *names]].rename(columns=names))
        rows = rows.assign(**{column: side[name].astype(float) for column, name in names.items()})
    return rows.drop(columns="hidden")


@dataclass(frozen=True)
class LatePage:
    """``total`` is the length of the whole list; ``rows`` one page of it (LIST); ``unread`` as of ``gaps.GapPage``."""

    total: int
    rows: pd.DataFrame
    unread: str = ""


def may_list(principal: Principal, units: Sequence[int]) -> bool:
    """Whether somebody may see the list of these units: rows of all systems about people stand on it."""
    return not principal.systems and all(unit in principal.persons for unit in units)


def late_page(
    known: Snapshot | Store, principal: Principal, unit: int, first: int, last: int, page: int, size: int
) -> LatePage:
    """One page (from 1) of the rows about persons that were entered late at a unit and below, the latest first; names masked.

    Raises NotAllowedError for whoever may not see all these people.
    """
    with known.published() as connection:
        units = units_below(connection, unit)
    if not may_list(principal, units):
        raise NotAllowedError(f"{principal.name} may not see the people of unit {unit}")
    late = union_all(*(_late(name, units, first, last) for name in _PERSONAL)).subquery()
    with known.records() as connection:
        total = connection.execute(select(func.count()).select_from(late)).scalar_one()
        rows = read_frame(
            connection,
            select(late)
            .order_by(late.c.days.desc(), late.c.day.desc(), late.c.source, late.c.row_id)
            .offset((page - 1) * size)
            .limit(size),
        )
    about = told(known, [int(person) for person in rows["person"].unique()])
    names = masked(about)
    rows = rows.assign(name_masked=[names.get(int(person)) for person in rows["person"]])
    return LatePage(int(total), rows[list(LIST)], about.unread)


def _late(name: str, units: Sequence[int], first: int, last: int):
    """Rows of one kind that were entered later after the service than the parameter of their month allows."""
    c = records.RECORDS[name].c
    days = c.entered_on - c.day
    limits = {month: int(value_in("late_entry_days", month)) for month in range(first, last + 1)}
    parts = [
        select(
            c.row_id, c.person, c.unit, literal(name).label("source"), c.day, c.entered_on, days.label("days")
        ).where(
            in_force(records.RECORDS[name], None),
            c.unit.in_(list(units)),
            c.month.in_([month for month, one in limits.items() if one == limit]),
            c.entered_on > c.day + limit,
        )
        for limit in sorted(set(limits.values()))
    ]
    return union_all(*parts) if len(parts) > 1 else parts[0]
