"""Names written into a store without files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection

from data import identity
from data.store import Store, bulk_insert


def write_names(
    store: Store, connection: Connection, people: np.ndarray, said: Sequence[identity.Identifiers]
) -> None:
    """One row a person, sealed as the intake seals them; key, content and subject are the person's number."""
    rows = pa.table({field: [getattr(one, field) for one in said] for field in identity.Identifiers._fields})
    sealer = store.keys.sealer()
    table = {
        "key": people,
        "content": people,
        "subject": people,
        "sealed": identity.sealed(sealer, rows, people, people, people),
        "sealed_with": np.full(len(people), sealer.current),
        "in_force": np.full(len(people), True),
    }
    bulk_insert(connection, identity.name, pa.table(table))
