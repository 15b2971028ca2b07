"""Whom to visit, and what a visit does for each gap, is the same on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select

from data import records
from metrics.cards import CARDS
from metrics.context import Horizon, prepare
from metrics.visiting.closings import closings
from metrics.visiting.owing import gaps_of, rules
from tests.conftest import new_database
from tests.property.districts import FIRST, tables
from tests.property.engine import filled, units_of
from tests.property.test_strata import FIXED

SERVICES = closings(date(2026, 1, 1))


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[str]:
    with new_database(postgres_url) as url:
        yield url


def read(url: str | None) -> pd.DataFrame:
    """Every gap of the whole district in its last month."""
    cards, horizon = [CARDS[key] for key in SERVICES], Horizon(FIRST, FIXED.last)
    with filled(tables(FIXED), *([url] if url else [])) as connection:
        units = units_of(connection)["unit"].astype(int).tolist()
        everybody = select(records.person.c.person)
        prepare(connection, rules(cards, FIXED.last), horizon, persons=everybody, whole=False)
        return gaps_of(connection, cards, SERVICES, units, FIXED.last, horizon, lambda share: None)


def test_engines_agree_on_what_is_owed(postgres) -> None:
    duckdb, other = (read(url).sort_values(["card", "person"], ignore_index=True) for url in (None, postgres))
    assert duckdb["card"].nunique() > 10
    pd.testing.assert_frame_equal(duckdb, other)
