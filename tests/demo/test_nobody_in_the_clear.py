"""The whole demo, imported, built and written about: no number, telephone or address of its people lies outside its sources."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from data.identity import told
from data.store import open_store

_NUMBER = re.compile(rb"(?<!\d)\d{17}[\dX](?!\d)")
_PHONE = re.compile(rb"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.fixture(scope="module")
def people(demo) -> set[bytes]:
    """ID numbers, telephones and addresses of everybody, as the sealed rows tell them."""
    store = open_store(demo)
    try:
        with store.identity() as connection:
            subjects = [
                row[0] for row in connection.exec_driver_sql("SELECT DISTINCT subject FROM identity.name")
            ]
        found = told(store, subjects)
    finally:
        store.close()
    assert found.unread == ""
    said = {
        one
        for about in found.persons.values()
        for one in (about.id_number, about.phone, about.address)
        if one
    }
    assert len(found.persons) > 2_500 and len(said) > 5_000
    return {one.encode() for one in said}


def test_no_file_holds_them(demo, people):
    for path in demo.folder.rglob("*"):
        if path.is_file() and demo.sources not in path.parents:
            content = path.read_bytes()
            seen = set(_NUMBER.findall(content)) | set(_PHONE.findall(content))
            assert not seen & people, path.name


def test_no_column_holds_them(demo, people, tmp_path):
    """Files compress what they hold: so every text of every table is looked at too."""
    everybody = pa.array([one.decode() for one in people])
    columns = 0
    for path in (demo.folder / "store").glob("*.duckdb"):
        shutil.copyfile(path, tmp_path / path.name)
        with duckdb.connect(str(tmp_path / path.name), read_only=True) as connection:
            for texts in _texts(connection):
                columns += 1
                assert not pc.any(pc.is_in(texts, value_set=everybody)).as_py()
    assert columns > 100


def _texts(connection) -> Iterator[pa.ChunkedArray]:
    query = "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' AND NOT internal"
    for schema, table, column in connection.execute(query).fetchall():
        found = connection.execute(
            f'SELECT DISTINCT "{column}" AS said FROM "{schema}"."{table}"'
        ).to_arrow_table()
        yield found["said"]
