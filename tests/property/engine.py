"""The engine under test, without building: rows into a database, figures out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pandas as pd
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Double,
    Integer,
    SmallInteger,
    create_engine,
    select,
    text,
)

from data import records
from data.store import bulk_insert, create_missing
from metrics import published
from metrics.card import Card
from metrics.cards import CARDS
from metrics.context import Horizon, prepare, rules_of
from metrics.counting import Frame, count_cards
from metrics.figuring import Grids, figures
from tests.property.districts import FIRST, Plan, Tables

_ARROW = {
    BigInteger: pa.int64(),
    Integer: pa.int32(),
    SmallInteger: pa.int16(),
    Boolean: pa.bool_(),
    Date: pa.date32(),
    DateTime: pa.timestamp("us"),
    Double: pa.float64(),
}


def arrow(table, rows: list[dict]) -> pa.Table:
    """Rows as Arrow, in the types of a record table."""
    fields = [(column.name, _ARROW.get(type(column.type), pa.string())) for column in table.c]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def insert(connection: Connection, tables: Tables) -> None:
    """Rows into the record tables and the table of suspects, which are there."""
    there = {**records.RECORDS, records.suspected.name: records.suspected}
    for name, rows in tables.items():
        if rows:
            bulk_insert(connection, there[name], arrow(there[name], rows))


@contextmanager
def filled(tables: Tables, url: str = "duckdb:///:memory:") -> Iterator[Connection]:
    """A connection to a database with these rows; on PostgreSQL all is taken back afterwards."""
    engine = create_engine(url)
    with engine.connect() as connection:
        if connection.dialect.name == "duckdb":
            connection.execute(text("SET threads = 1"))
        create_missing(connection, records.metadata)
        insert(connection, tables)
        yield connection
        connection.rollback()
    engine.dispose()


def counted(
    connection: Connection,
    plan: Plan,
    cards: Iterable[Card] = tuple(CARDS.values()),
    also: tuple[str, ...] = (),
    **context,
) -> dict[tuple, tuple]:
    """(card, unit, month, basis) -> (numerator, listed, denominator) as the engine counts them; ``also``: more columns."""
    cards = list(cards)
    units = units_of(connection)
    horizon = Horizon(FIRST, plan.last)
    frame = Frame(tuple(int(unit) for unit in units["unit"]), horizon)
    prepare(connection, rules_of(cards), horizon, **context)
    grids = Grids(count_cards(connection, cards, frame))
    rows, _ = figures(connection, cards, frame, horizon, units, grids)
    return as_numbers(rows, also)


def as_numbers(rows: pd.DataFrame, also: tuple[str, ...] = ()) -> dict[tuple, tuple]:
    """Figures by place: numerator, listed, denominator, with None for what is not there.

    Of a figure made of another's the value is all there is: it stands in the numerator's place.
    """
    made = rows["indicator"].astype(str).isin([key for key, card in CARDS.items() if card.derived])
    rows = rows.assign(numerator=rows["numerator"].astype(object).where(~made, rows["value"].round(9)))
    parts = [
        rows[name].astype(object).where(rows[name].notna(), None)
        for name in ("numerator", "listed", "denominator", *also)
    ]
    places = zip(rows["indicator"], rows["unit"], rows["month"], rows["basis"], strict=True)
    return dict(zip(places, zip(*parts, strict=True), strict=True))


def units_of(connection: Connection) -> pd.DataFrame:
    table = records.unit
    columns = [column for column in table.c if column.name in published.unit.c]
    rows = connection.execute(select(*columns).where(table.c.known_to.is_(None)).order_by(table.c.unit))
    frame = pd.DataFrame(rows.mappings().all(), columns=[column.name for column in columns])
    return frame.astype({"parent": "Int64", "successor": "Int64"})
