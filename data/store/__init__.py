"""The store of one installation: records, identity and published figures behind one interface.

``open_store`` gives a DuckDB store (files, the default) or a PostgreSQL store; both keep the same
promise: readers see one whole generation, a change publishes all of itself or nothing.
"""

from __future__ import annotations

from data.store.bulk import bulk_batches, bulk_insert, bulk_select, create_missing
from data.store.contract import BUSY, Draft, Snapshot, Store, StoreError
from data.store.frames import read_frame

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
    "read_frame",
]


def open_store(installation) -> Store:
    """The store of an installation.

    ``installation`` has ``folder`` (Path), ``database`` (URL, empty for DuckDB), ``memory_limit`` (text such as "2GB",
    for DuckDB) and ``identity_key`` (KeyFile).
    """
    if installation.database:
        from data.postgres.engines import Server
        from data.store.postgres import PostgresStore

        demo = getattr(installation, "kind", "") == "demo"
        return PostgresStore(Server.of(installation), installation.identity_key, demo=demo)
    from data.store.duck import DuckStore

    return DuckStore(installation.folder / "store", installation.identity_key, installation.memory_limit)
