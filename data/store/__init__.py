"""The store of one installation: records, identity and published figures behind one interface.

``open_store`` gives a DuckDB store (files, the default) or a PostgreSQL store; both keep the same
promise: readers see one whole generation, a change publishes all of itself or nothing.
"""

from __future__ import annotations

from data.store.bulk import bulk_batches, bulk_insert, bulk_select, create_missing
from data.store.contract import BUSY, Draft, Snapshot, Store, StoreError

__all__ = [
    "BUSY",
    "Draft",
    "Snapshot",
    "Store",
    "StoreError",
    "bulk_batches",
    "bulk_insert",
    "bulk_select",
    "create_missing",
    "open_store",
]


def open_store(installation) -> Store:
    """The store of an installation.

    ``installation`` has ``folder`` (Path), ``database`` (URL, empty for DuckDB) and
    ``memory_limit`` (text such as "2GB", for DuckDB).
    """
    if installation.database:
        from data.store.postgres import PostgresStore

        return PostgresStore(installation.database)
    from data.store.duck import DuckStore

    return DuckStore(installation.folder / "store", memory_limit=installation.memory_limit)
