"""Whole stores for tests of builds: written with what a history knows, read back as figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pandas as pd
from sqlalchemy import select

from data import identity, records
from data.keys import KeyFile
from data.store import Store, bulk_insert, create_missing, open_store
from metrics import published
from tests.property.districts import Tables
from tests.property.engine import arrow, insert
from tests.property.histories import History

_CONFIG = SimpleNamespace(
    bureau_name="", grid_cell="square", grid_cell_m=500, map_people="records", travel_mode="walk"
)


@contextmanager
def new_store() -> Iterator[tuple[Store, SimpleNamespace]]:
    """An empty DuckDB store and the installation that it belongs to."""
    with TemporaryDirectory() as folder:
        place = SimpleNamespace(
            folder=Path(folder),
            database="",
            memory_limit="1GB",
            kind="own",
            name="",
            config=_CONFIG,
            identity_key=KeyFile(Path(folder) / "identity.key"),
            secret=lambda: b"a secret of tests",
        )
        store = open_store(place)
        try:
            yield store, place
        finally:
            store.close()


def write(store: Store, history: History) -> None:
    """The records as the history has them now, in place of those that are there."""
    with store.change("records", "identity") as draft:
        create_missing(draft.records, records.metadata)
        create_missing(draft.identity, identity.metadata)
        for table in (*records.RECORDS.values(), records.event):
            draft.records.execute(table.delete())
        insert(draft.records, history.versions)
        events = [
            {"event": event, "kind": "import", "at": datetime(2026, 1, 1), "by": "test"}
            for event in range(1, history.event + 1)
        ]
        bulk_insert(draft.records, records.event, arrow(records.event, events))


def read_figures(store: Store, *, strata: bool = False) -> pd.DataFrame:
    """Every published figure, sorted by place; of everyone alone, or with the strata."""
    with store.published() as connection:
        table = published.figure
        places = (table.c.indicator, table.c.unit, table.c.month, table.c.basis, table.c.stratum)
        statement = select(table).order_by(*places)
        if not strata:
            statement = statement.where(table.c.stratum == "")
        return pd.DataFrame(connection.execute(statement).mappings().all())


def write_tables(store: Store, tables: Tables) -> None:
    """Rows of the record tables into an empty store, as one import brought them."""
    with store.change("records", "identity") as draft:
        create_missing(draft.records, records.metadata)
        create_missing(draft.identity, identity.metadata)
        insert(draft.records, tables)
        event = {"event": 1, "kind": "import", "at": datetime(2026, 1, 1), "by": "test"}
        bulk_insert(draft.records, records.event, arrow(records.event, [event]))
