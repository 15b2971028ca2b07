"""Whom a sample is drawn from is the same on both engines, with the record that speaks for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from sqlalchemy import select, update

from data import records
from metrics.cards import CARDS
from metrics.gaps import persons_of
from metrics.verifying.frame import read_counted
from tests.conftest import new_database
from tests.property.districts import FIRST, tables
from tests.property.engine import counted, filled, units_of
from tests.property.test_strata import FIXED

#: Followups, checkups, contracts (which are signed, not done), doses (events), and a card without any record that speaks.
SOME = ("htn_on_schedule_rate", "el_exam_rate", "fd_contract_rate", "im_vaccine_bcg", "hr_filing_rate")


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[str]:
    with new_database(postgres_url) as url:
        yield url


def read(url: str | None, key: str) -> list[tuple]:
    """The frame of the whole district in its last month, row by row."""
    month = FIXED.last
    basis = str(CARDS[key].bases[0])
    with filled(tables(FIXED), *([url] if url else [])) as connection:
        units = units_of(connection)["unit"].astype(int).tolist()

        @contextmanager
        def records_of():
            yield connection

        known = SimpleNamespace(records=records_of)
        rows = read_counted(known, CARDS[key], units, month, basis, 10**6, (FIRST, month))
    return [tuple(plain(value) for value in row) for row in rows.itertuples(index=False, name=None)]


def plain(value: object) -> object:
    """A value in one form: engines and frames have several of days, whole numbers and nothing."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, str):
        return value
    return pd.Timestamp(value).date() if isinstance(value, date) else int(value)


@pytest.mark.parametrize("key", SOME)
def test_engines_agree_on_whom_a_sample_is_drawn_from(postgres, key) -> None:
    duckdb = read(None, key)
    assert duckdb and read(postgres, key) == duckdb
    with filled(tables(FIXED)) as connection:
        units = units_of(connection)
        tops = units.loc[units["parent"].isna(), "unit"].astype(int)
        found = counted(connection, FIXED, [CARDS[key]])
    place = (FIXED.last, str(CARDS[key].bases[0]))
    assert sum(row[2] for row in duckdb) == sum(found[key, top, *place][0] or 0 for top in tops)


def test_whom_later_imports_bring_is_not_among_the_people_of_then() -> None:
    with filled(tables(FIXED)) as connection:
        unit = [connection.execute(select(records.followup.c.unit)).scalars().first()]
        there = set(connection.execute(persons_of(connection, unit, 10**6)).scalars())
        for table in records.RECORDS.values():
            if table.info["person"] and table.info["performed"]:
                connection.execute(update(table).values(known_from=10**6 + 1))
        assert there and not connection.execute(persons_of(connection, unit, 10**6)).scalars().all()
        assert set(connection.execute(persons_of(connection, unit, 10**6 + 1)).scalars()) == there
