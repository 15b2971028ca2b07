"""DuckDB and PostgreSQL give the same figures, to the digit."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import given

from tests.conftest import new_database
from tests.property import test_spreading, test_strata
from tests.property.amount import examples
from tests.property.districts import plans, tables
from tests.property.engine import counted, filled
from tests.property.histories import History


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[str]:
    with new_database(postgres_url) as url:
        yield url


@examples(1)
@given(plan=plans)
def test_engines_agree(postgres, plan):
    rows = tables(plan)
    with filled(rows) as connection:
        duckdb = counted(connection, plan, also=("hidden",))
    with filled(rows, postgres) as connection:
        postgresql = counted(connection, plan, also=("hidden",))
    differing = {
        place for place in duckdb.keys() | postgresql.keys() if duckdb.get(place) != postgresql.get(place)
    }
    assert differing == set()
    assert any(numbers[-1] for numbers in duckdb.values())  # some are hidden


def test_engines_agree_on_strata(postgres):
    rows = tables(test_strata.FIXED)
    duckdb = test_strata.engine(rows, test_strata.FIXED)
    assert test_strata.engine(rows, test_strata.FIXED, postgres) == duckdb


@examples(1)
@given(plan=plans)
def test_engines_agree_on_the_past(postgres, plan):
    history = History(plan)
    history.change()
    with filled(history.versions) as connection:
        duckdb = counted(connection, plan, known_at=1)
    with filled(history.versions, postgres) as connection:
        assert counted(connection, plan, known_at=1) == duckdb


def test_engines_agree_on_how_widely_means_spread(postgres):
    plan = test_spreading.PLAN
    rows = tables(plan)
    duckdb = test_spreading.engine_spreads(rows, plan)
    postgresql = test_spreading.engine_spreads(rows, plan, postgres)
    pd.testing.assert_frame_equal(postgresql, duckdb, check_exact=True)
    assert len(duckdb) > 300


def test_engines_agree_on_what_is_too_large_to_square(postgres):
    values = [0, 123_456, -3_000_000_000, 3_000_000_001, -3_000_000_001, 2**63 - 1]
    duckdb = test_spreading.squared("duckdb:///:memory:", values)
    assert test_spreading.squared(postgres, values) == duckdb
    assert [one[0] < 0 for one in duckdb] == [False] * 3 + [True] * 3
