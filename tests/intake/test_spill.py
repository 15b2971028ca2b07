"""What does not fit into the intake's memory goes to the disk, in a store that is new as in any other."""

from __future__ import annotations

import pytest
from sqlalchemy import text


@pytest.mark.parametrize("engine_name", ["duckdb"])
def test_a_large_change_of_a_new_store_spills(store):
    with store.change("records") as draft:
        draft.records.exec_driver_sql("SET memory_limit = '32MB'")
        draft.records.execute(
            text("CREATE TEMP TABLE much AS SELECT hash(i) AS a FROM range(8000000) AS r(i)")
        )
        assert draft.records.execute(text("SELECT count(*) FROM much")).scalar() == 8_000_000
