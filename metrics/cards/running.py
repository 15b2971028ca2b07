"""Counts that change: how many of something there are from one change to the next."""

from __future__ import annotations

from sqlalchemy import BigInteger, Select, cast, func, literal, select, union_all

from metrics.sql import FOREVER


def running(changes: Select, *keys: str, sums: tuple[str, ...] = ("n",)) -> Select:
    """keys, s, e, n: the sum of all changes (keys, month, n) so far, from one month with changes to the next.

    ``sums``: the columns that are summed, where it is not n alone.
    """
    rows = changes.subquery()
    by = [rows.c[key] for key in keys]
    steps = (
        select(*by, rows.c.month, *(func.sum(rows.c[name]).label(name) for name in sums))
        .where(*(key.is_not(None) for key in by))
        .group_by(*by, rows.c.month)
        .subquery()
    )
    by = [steps.c[key] for key in keys]
    following = func.lead(steps.c.month).over(partition_by=by, order_by=steps.c.month)
    so_far = (
        (name, func.sum(steps.c[name]).over(partition_by=by, order_by=steps.c.month, rows=(None, 0)))
        for name in sums
    )
    return select(
        *by,
        steps.c.month.label("s"),
        func.coalesce(following - 1, FOREVER).label("e"),
        *(cast(amount, BigInteger).label(name) for name, amount in so_far),
    )


def running_of_spans(spans: Select, *keys: str, known: Select | None = None) -> Select:
    """keys, s, e, n: how many of the spans (keys, s, e) there are at a time.

    ``known`` (keys, s): what there may be none of, and from when on this is said; else there is no row before the first.
    """
    rows = spans.subquery()
    by = [rows.c[key] for key in keys]
    there = rows.c.s <= rows.c.e
    begins = select(*by, rows.c.s.label("month"), literal(1).label("n")).where(there)
    none_yet = []
    if known is not None:
        nothing = known.subquery()
        none_yet = [
            select(*(nothing.c[key] for key in keys), nothing.c.s.label("month"), literal(0).label("n"))
        ]
    ends = select(*by, (rows.c.e + 1).label("month"), literal(-1).label("n")).where(there)
    return running(union_all(begins, ends, *none_yet), *keys)
