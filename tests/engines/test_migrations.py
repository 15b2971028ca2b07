"""Migrations: from nothing and from the release before, with its data, to what this version's tables are."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, create_engine, select, text

from commands import migrate
from commands.environment import Stop
from data import identity, migrations, records
from data.access import open_access
from data.access.tables import metadata as access
from data.installation import Installation, make_installation
from data.postgres.engines import psycopg2_url
from data.postgres.prepared import NotPreparedError
from data.register import open_register
from data.register.tables import metadata as register
from data.store import StoreError, create_missing, open_store
from metrics import published

ALL = (records.metadata, identity.metadata, published.metadata, register, access)


@pytest.fixture
def engine(postgres_database: str) -> Iterator[Engine]:
    made = create_engine(psycopg2_url(postgres_database))
    yield made
    made.dispose()


@pytest.fixture
def own(postgres_database: str, tmp_path, monkeypatch) -> Installation:
    """An installation over an empty database, in force."""
    monkeypatch.setenv("JICENG_DATABASE", postgres_database)
    monkeypatch.setenv("JICENG_HOME", str(tmp_path / "own"))
    return make_installation(kind="own")


def differences(connection: Connection, metadata: MetaData) -> list:
    """What the database of a schema lacks of its tables, or has beside them."""
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == metadata.schema,
            "compare_type": True,
        },
    )
    return compare_metadata(context, metadata)


def say(**said) -> int:
    return migrate.main(SimpleNamespace(**{"sql": False, "show": False} | said))


def set_number(engine: Engine, number: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE store.alembic_version SET version_num = :number"), {"number": number})


#: A row of the release before in each schema, as that release wrote it.
BEFORE = """
INSERT INTO records.event VALUES (1, 'import', '2026-01-05 08:00', 'li', 1, NULL);
INSERT INTO records.followup (row_id, key, content, rank, batch, file, line, known_from, subject, person, unit, day,
    month, programme) VALUES (1, 11, 12, 13, 1, 1, 2, 1, 7, 7, 3, '2025-12-03', 24311, 'htn');
INSERT INTO identity.subject VALUES (7, 'id', 99, NULL, NULL);
INSERT INTO published.figure (indicator, unit, month, basis, stratum, numerator, value, status, origin)
    VALUES ('htn_control_rate', 3, 24311, 'as_of', '', 5, 0.5, 'ok', 'records');
INSERT INTO published.build VALUES (1, 1, 1, '2026-01-05 08:10', 'full', 24300, 24311, '2025-12-31', 'abc', 1.5, 'own', '局');
INSERT INTO register.visit (visit, unit, kind, planned_on, state, version, edited_at, edited_by)
    VALUES (1, 3, 'monthly', '2025-12-01', 'planned', 1, '2025-11-30', 'li');
INSERT INTO access.entry VALUES (1, '2026-01-05', 'li', 'officer', '', 'in', '{}', 'abc');
INSERT INTO store.generation VALUES (4);
"""


def before(engine: Engine) -> None:
    """The database of the release before migrations, with data: its tables, and no number."""
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
        connection.exec_driver_sql("DROP TABLE store.alembic_version")
        connection.exec_driver_sql(BEFORE)


def test_an_empty_database_becomes_that_of_this_version(engine: Engine):
    with engine.begin() as connection:
        assert migrations.state_of(connection) == migrations.EMPTY
        migrations.upgrade(connection)
        assert migrations.state_of(connection) == migrations.HEAD
        assert {metadata.schema: differences(connection, metadata) for metadata in ALL} == {
            metadata.schema: [] for metadata in ALL
        }


def test_the_comparison_finds_what_lacks(engine: Engine):
    with engine.begin() as connection:
        migrations.upgrade(connection)
        connection.exec_driver_sql("ALTER TABLE published.figure DROP COLUMN hidden")
        assert [found[0] for found in differences(connection, published.metadata)] == ["add_column"]


def test_the_release_before_comes_across_with_its_data(engine: Engine, own: Installation, capsys):
    before(engine)
    store = open_store(own)
    with pytest.raises(NotPreparedError, match=r"manage\.py migrate"):
        store.generation()
    assert say() == 0
    assert "0002" in capsys.readouterr().out
    with engine.connect() as connection:
        assert [differences(connection, metadata) for metadata in ALL] == [[]] * len(ALL)
    assert store.generation() == 4
    with store.published() as connection:
        row = connection.execute(published.figure.select()).mappings().one()
    assert (row["numerator"], row["value"], row["hidden"]) == (5, 0.5, 0)
    with store.records() as connection:
        assert connection.execute(records.RECORDS["followup"].select()).mappings().one()["person"] == 7
    with store.identity() as connection:
        assert connection.execute(identity.subject.select()).mappings().one()["hash"] == 99
    store.close()
    for opened, table in ((open_register(own), "register.visit"), (open_access(own), "access.entry")):
        with opened.reading() as connection:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1
        opened.close()
    assert say() == 0
    assert "nothing to do" in capsys.readouterr().out


def test_a_database_of_that_release_without_all_its_tables_gets_them(engine: Engine, own: Installation):
    """They were made when they were first needed: one that never built has no figures."""
    before(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA published CASCADE; DROP SCHEMA register CASCADE")
    say()
    with engine.connect() as connection:
        assert [differences(connection, metadata) for metadata in ALL] == [[]] * len(ALL)
    store = open_store(own)
    with pytest.raises(StoreError, match="nothing in the part published"), store.published():
        pass
    store.close()


def test_what_it_would_do_is_told_and_not_done(engine: Engine, own: Installation, capsys):
    before(engine)
    say(show=True)
    assert "0003" in capsys.readouterr().out
    say(sql=True)
    printed = capsys.readouterr().out
    assert "ALTER TABLE published.figure ADD COLUMN" in printed
    with engine.begin() as connection:
        assert migrations.state_of(connection) == migrations.UNNUMBERED
        # What was printed is what it does.
        connection.exec_driver_sql(printed.replace("BEGIN;", "").replace("COMMIT;", "").replace("%", "%%"))
        assert migrations.state_of(connection) == migrations.HEAD
        assert differences(connection, published.metadata) == []


def test_a_database_that_is_newer_is_refused(engine: Engine, own: Installation):
    open_access(own).close()
    set_number(engine, "9999")
    store = open_store(own)
    for asked in (store.generation, lambda: open_register(own), lambda: store.change("records").__enter__()):
        with pytest.raises(NotPreparedError, match="newer"):
            asked()
    store.close()
    with pytest.raises(Stop, match="newer"):
        say()


def test_a_demo_brings_its_own_database_up_to_date(
    engine: Engine, postgres_database: str, tmp_path, monkeypatch
):
    before(engine)
    monkeypatch.setenv("JICENG_DATABASE", postgres_database)
    store = open_store(make_installation(tmp_path / "demo", kind="demo"))
    with store.change("published"):
        pass
    assert store.generation() == 5
    store.close()


def test_a_step_that_fails_leaves_everything_as_it_was(engine: Engine, own: Installation):
    before(engine)
    with engine.begin() as connection:  # in the way of 0003
        connection.exec_driver_sql("CREATE TABLE store.part (other integer)")
        lacks = differences(connection, published.metadata)
    with pytest.raises(Exception, match="part"):
        say()
    with engine.connect() as connection:
        assert migrations.state_of(connection) == migrations.UNNUMBERED
        assert [found[0] for found in differences(connection, published.metadata)] == [
            found[0] for found in lacks
        ]
        assert "add_column" in [found[0] for found in lacks]


@pytest.mark.parametrize(
    "table", [records.RECORDS["followup"], identity.subject], ids=lambda table: table.name
)
def test_files_of_an_older_version_get_what_they_lack(tmp_path, table):
    """A DuckDB installation has no migrations: what lacks is added when it is next written to, and is empty."""
    store = open_store(make_installation(tmp_path / "own", kind="own"))
    part, last = table.schema, list(table.c)[-1].name
    with store.change(part) as draft:
        connection = getattr(draft, part)
        create_missing(connection, table.metadata)
        connection.exec_driver_sql(f"ALTER TABLE {part}.{table.name} DROP COLUMN {last}")
        connection.exec_driver_sql(f"DROP TABLE {part}.{other(table).name}")
    with store.change(part) as draft:
        create_missing(getattr(draft, part), table.metadata)
    with getattr(store, part)() as connection:
        assert connection.execute(select(table)).all() == []
        assert connection.execute(select(other(table))).all() == []
    store.close()


def other(table):
    """Another table of the same part."""
    return next(one for one in table.metadata.sorted_tables if one is not table)
