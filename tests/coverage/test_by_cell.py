"""An indicator by cell: sums over the grids of a cell, known where every grid has a figure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from metrics import cell_figures, published
from metrics.principal import EVERYTHING, LOCAL, Principal, Scope
from metrics.small_numbers import DENOMINATOR, LISTED, NUMERATOR, VALUE
from tests.roles import as_role

MONTH = 24310
#: indicator, unit, grid, status, numerator, listed
FIGURES = [
    ("told", 1, 1, "ok", 7, 10),
    ("told", 2, 2, "empty", 0, 0),
    ("told", 2, 3, "part", 4, 6),
    ("half_told", 1, 1, "ok", 7, 10),
    ("half_told", 2, 2, "untold", 8, 10),
    ("half_told", 2, 3, "ok", 1, 10),
    ("not_told", 1, 1, "untold", 8, 10),
    ("of_days_gone", 1, 1, "ok", 8, 10),
]


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with create_engine("duckdb:///:memory:").connect() as opened:
        opened.execute(text(f"CREATE SCHEMA {published.metadata.schema}"))
        for table in (published.figure, published.place, published.lattice):
            table.create(opened)
        about = {"month": MONTH, "kind": "square", "side_m": 500, "lon": 104.0, "lat": 30.0, "people_from": "records",
                 "rule_m": 2000, "catchment_m": 5000, "unplaced": 0, "units_unplaced": 0}  # fmt: skip
        opened.execute(published.lattice.insert().values(about))
        for number, cell in ((1, "1-1"), (2, "1-1"), (3, "2-1"), (4, None)):
            row = {"place": number, "name": f"第{number}网格", "level": "group", "cell": cell}
            opened.execute(published.place.insert().values(row))
        for key, unit, grid, status, numerator, listed in FIGURES:
            row = {"indicator": key, "unit": unit, "month": MONTH - (key == "of_days_gone"), "basis": "as_of",
                   "stratum": f"grid:{grid}", "numerator": numerator, "listed": listed, "status": status,
                   "origin": "records"}  # fmt: skip
            opened.execute(published.figure.insert().values(row))
        yield opened


def asked(connection: Connection, key: str, principal: Principal = LOCAL) -> dict[str, tuple]:
    found = cell_figures.by_cell(principal, connection, key).astype(object)
    found = found.where(found.notna(), None)
    return {row.cell: (row.numerator, row.listed) for row in found.itertuples()}


def test_grids_of_a_cell_are_summed(connection):
    assert asked(connection, "told") == {"1-1": (7, 10), "2-1": (4, 6)}


def test_a_cell_with_a_grid_that_is_not_told_is_not_known(connection):
    assert asked(connection, "half_told") == {"1-1": (None, None), "2-1": (1, 10)}
    assert asked(connection, "not_told") == {"1-1": (None, None)}


def test_each_sees_the_grids_of_the_own_units(connection):
    own = Scope(frozenset({2}))
    assert asked(connection, "told", as_role("d", "director", own, own)) == {"1-1": (0, 0), "2-1": (4, 6)}


def test_what_nobody_tells_this_month_is_no_indicator_by_cell(connection):
    assert cell_figures.cell_indicators(LOCAL, connection) == ["half_told", "told"]


def test_a_cell_with_a_hidden_grid_is_hidden_from_who_may_not_see_its_people(connection):
    table = published.figure
    grid = (table.c.indicator == "told") & (table.c.stratum == "grid:3")
    connection.execute(table.update().where(grid).values(hidden=NUMERATOR | LISTED | DENOMINATOR | VALUE))
    leader = as_role("l", "leader", EVERYTHING, EVERYTHING)
    found = cell_figures.by_cell(leader, connection, "told").set_index("cell")
    assert found["hidden"].to_dict() == {"1-1": False, "2-1": True}
    assert asked(connection, "told", leader) == {"1-1": (7, 10), "2-1": (None, None)}
    assert asked(connection, "told") == {"1-1": (7, 10), "2-1": (4, 6)}
