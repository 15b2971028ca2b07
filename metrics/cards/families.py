"""Families of like cards that several systems share: results of samples, things known by their name."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, Table, func, literal, select

from metrics.card import Card
from metrics.cards.rules import events, first_day, span_of
from metrics.cards.shapes import Pair, System
from metrics.sql import FOREVER, merged, one
from metrics.tables import ancestry, facility, sample

#: Of a facility: it is not recorded as out of use.
IN_USE = facility.c.working.is_distinct_from(False)

#: First and last month of what has no history: it is as it is now.
ALWAYS = literal(0).label("s"), literal(FOREVER).label("e")

_A_SAMPLE = (
    "抽样或登记的结果，受样本量和抽取方式影响，不与全量统计混用。",
    "A sample or a tally: it depends on how many were looked at and how they were chosen.",
)


def sampled(
    system: System, key: str, name: Pair, ask: Pair, hit: Pair, of: Pair, kind: str, source: str, **more
) -> Card:
    """Of the people asked or things looked at in samples of a kind, the share that fits."""
    return system.ratio(
        key,
        name,
        ask,
        (
            f"本期各次登记中{hit[0]} ÷ {of[0]}；多次合并计算。",
            f"{hit[1]} over {of[1]}, in all samples of the period added up.",
        ),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == kind,
        source=source,
        caveat=more.pop("caveat", _A_SAMPLE),
        **more,
    )


def known_share(table: Table, hit: ColumnElement, *among: ColumnElement) -> Select:
    """unit, month, n, of: of the rows of which ``hit`` is known, how often it is true. For shares without a list."""
    return events(table, hit.is_not(None), *among, n=one(hit), of=literal(1))


def names_standing(table: Table, name: ColumnElement, *where: ColumnElement) -> Select:
    """thing, unit, s, e, what: each name at each level while any row of it holds (first day to end_on).

    Counted anew at every level: what two stations both have is one thing at their centre.
    """
    s, e = span_of(first_day(table), table.c.end_on)
    rows = (
        select(ancestry.c.ancestor.label("unit"), name.label("what"), s.label("s"), e.label("e"))
        .join(ancestry, ancestry.c.unit == table.c.unit)
        .where(*where, name.is_not(None), s <= e)
        .subquery()
    )
    joined = merged(rows, "unit", "what").subquery()
    number = func.dense_rank().over(order_by=joined.c.what)
    return select(number.label("thing"), joined.c.unit, joined.c.s, joined.c.e, joined.c.what)
