"""Owner, writer and reader: who may do what, and which rows somebody is shown who goes past the program."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pandas as pd
import psycopg2
import pytest
from sqlalchemy import create_engine, make_url, text

from commands import database
from commands.installation import init
from commands.least_privilege import excess
from data import identity, records
from data.access import open_access
from data.access.audit import Who, write
from data.config import DATABASE_VARIABLE, OWNER_VARIABLE
from data.installation import exists
from data.migrations import SCHEMAS
from data.postgres.engines import psycopg2_url
from data.postgres.guarding import CLOSED, CLOSED_SCHEMAS, OPEN, RULES
from data.postgres.prepared import NotPreparedError
from data.register import open_register
from data.store import bulk_insert, open_store
from data.store.rows import Rows
from metrics import past, published
from metrics.context import Horizon
from metrics.principal import EVERYTHING, LOCAL, NOTHING, Scope
from metrics.rows import rows_of
from tests.engines.guarded import Guarded, as_user, guarded
from tests.roles import as_role

CENTRE, STATION, OTHER, OLD = 2, 3, 4, 5  # STATION belongs to CENTRE, OLD was merged into STATION
#: person -> units that have rows about them
KNOWN = {101: (STATION,), 102: (OTHER,), 103: (STATION, OTHER), 104: (OLD,)}


@pytest.fixture(scope="module")
def here(postgres_url: str, tmp_path_factory) -> Iterator[Guarded]:
    with guarded(postgres_url, tmp_path_factory.mktemp("guarded") / "own") as made:
        fill(made)
        yield made


def fill(made: Guarded) -> None:
    """Records, identities and figures of some units, through the store as the program writes them."""
    store = open_store(made.installation)
    with store.change("records", "identity") as draft:
        number = 0
        about = {"key": 1, "content": 1, "rank": 1, "batch": 1, "file": 1, "line": 1, "known_from": 1}
        units = [
            {**about, "row_id": unit, "unit": unit, "code": f"u{unit}", "name": f"u{unit}", "kind": "station"}
            for unit in (CENTRE, STATION, OTHER, OLD)
        ]
        units[-1]["successor"] = STATION
        bulk_insert(draft.records, records.unit, pd.DataFrame(units).astype({"successor": "Int64"}))
        rows = []
        for person, places in KNOWN.items():
            for unit in places:
                number += 1
                row = {
                    "row_id": number,
                    "subject": person,
                    "person": person,
                    "unit": unit,
                    "programme": "htn",
                }
                rows.append({**about, **row, "day": pd.Timestamp("2025-12-01"), "month": 24311})
        bulk_insert(draft.records, records.followup, pd.DataFrame(rows))
        finding = {**about, "row_id": 1, "unit": OTHER, "month": 24311}
        draft.records.execute(records.RECORDS["inspection"].insert().values(_filled("inspection", finding)))
        draft.records.execute(
            records.event.insert().values(event=1, kind="import", at=pd.Timestamp("2026-01-01"), by="li")
        )
        for person in KNOWN:
            name = {"key": 1, "content": 1, "subject": person, "sealed_with": 1, "in_force": True}
            draft.identity.execute(identity.name.insert().values(name | {"sealed": str(person).encode()}))
        # 104 is also known as subject 204.
        draft.identity.execute(identity.link.insert().values(subject=204, person=104, known_from=1))
        other = {"key": 1, "content": 1, "subject": 204, "sealed_with": 1, "in_force": True, "sealed": b"204"}
        draft.identity.execute(identity.name.insert().values(other))
    with store.change("published") as draft:
        shown = [
            {
                "indicator": "htn",
                "unit": unit,
                "month": 24311,
                "basis": "as_of",
                "stratum": "",
                "status": "ok",
            }
            | {"origin": "records", "hidden": 0}
            for unit in (CENTRE, STATION, OTHER)
        ]
        bulk_insert(draft.published, published.figure, pd.DataFrame(shown))
    store.close()
    log = open_access(made.installation)
    write(log, Who("li", "officer", ""), "in", {})
    log.close()


def _filled(name: str, row: dict) -> dict:
    """A row with something in every column that must not be empty."""
    for column in records.RECORDS[name].c:
        if not column.nullable and column.name not in row:
            row[column.name] = {str: "x", int: 1}.get(column.type.python_type, pd.Timestamp("2026-01-01"))
    return row


@contextlib.contextmanager
def raw(url: str, role: str | None = None, rows: Rows | None = None):
    """A cursor that knows nothing of the program."""
    place = make_url(url)
    connection = psycopg2.connect(
        dbname=place.database,
        user=place.username,
        host=place.query.get("host") or place.host,
        port=place.port,
    )
    try:
        with connection.cursor() as cursor:
            if role is not None:
                cursor.execute(f'SET ROLE "{role}"')
            for name, value in (rows.settings() if rows else {}).items():
                cursor.execute("SELECT set_config(%s, %s, true)", (name, value))
            yield cursor
    finally:
        connection.close()


def seen(cursor, sql: str) -> set:
    cursor.execute(sql)
    return {row[0] for row in cursor.fetchall()}


DIRECTOR = as_role("dir", "director", figures=EVERYTHING, own=Scope(frozenset({CENTRE, STATION})))


def test_a_reader_without_a_scope_sees_nothing_of_anybody(here: Guarded):
    with raw(here.reader) as cursor:
        for table in RULES:
            assert seen(cursor, f"SELECT 1 FROM {table}") == set(), table
        for table in ("followup", "inspection", "staff"):
            assert seen(cursor, f"SELECT 1 FROM records.{table}") == set()
        assert seen(cursor, "SELECT unit FROM published.unit") == set()  # nothing was written
        assert seen(cursor, "SELECT unit FROM records.unit") == {CENTRE, STATION, OTHER, OLD}


def test_a_director_sees_figures_of_peers_and_never_their_people(here: Guarded):
    with raw(here.reader, rows=rows_of(DIRECTOR)) as cursor:
        assert seen(cursor, "SELECT unit FROM published.figure") == {CENTRE, STATION, OTHER}
        # Of somebody who is known here, what others did as well; and who was known to a unit that was merged into it.
        assert seen(cursor, "SELECT (person, unit)::text FROM records.followup") == {
            f"({person},{unit})"
            for person, units in KNOWN.items()
            for unit in units
            if STATION in units or OLD in units
        }
        assert seen(cursor, "SELECT unit FROM records.inspection") == set()
        assert seen(cursor, "SELECT subject FROM identity.name") == {101, 103, 104, 204}
        assert seen(cursor, "SELECT subject FROM identity.link") == {204}


def test_other_roles_see_what_they_may(here: Guarded):
    doctor = as_role("doc", "doctor", figures=Scope(frozenset({OTHER})), own=Scope(frozenset({OTHER})))
    leader = as_role("wang", "leader", figures=EVERYTHING, own=EVERYTHING)
    administrator = as_role("adm", "administrator", figures=EVERYTHING, own=NOTHING)
    for who, figures, followed, named in (
        (LOCAL, {CENTRE, STATION, OTHER}, set(KNOWN), {*KNOWN, 204}),
        (doctor, {OTHER}, {102, 103}, {102, 103}),
        (leader, {CENTRE, STATION, OTHER}, set(), set()),
        (administrator, {CENTRE, STATION, OTHER}, set(), set()),
    ):
        with raw(here.reader, rows=rows_of(who)) as cursor:
            assert seen(cursor, "SELECT unit FROM published.figure") == figures, who.role
            assert seen(cursor, "SELECT person FROM records.followup") == followed, who.role
            assert seen(cursor, "SELECT subject FROM identity.name") == named, who.role


def test_a_list_of_work_compares_with_the_district_and_names_nobody(here: Guarded):
    leader = as_role("wang", "leader", figures=EVERYTHING, own=Scope(frozenset({CENTRE, STATION})))
    with raw(here.reader, rows=rows_of(leader, work=True)) as cursor:
        assert seen(cursor, "SELECT person FROM records.followup") == set(KNOWN)
        assert seen(cursor, "SELECT unit FROM records.inspection") == {OTHER}
        assert seen(cursor, "SELECT subject FROM identity.name") == set()


def test_a_scope_ends_with_its_transaction(here: Guarded):
    with raw(here.reader, rows=rows_of(LOCAL)) as cursor:
        assert seen(cursor, "SELECT unit FROM published.figure")
        cursor.connection.rollback()
        assert seen(cursor, "SELECT unit FROM published.figure") == set()


@pytest.mark.parametrize("told", ["all'--", "1;2", "1,", "ALL", "{1}", "-1", "1 OR true"])
def test_a_scope_that_is_none_shows_nothing(here: Guarded, told: str):
    with raw(here.reader) as cursor:
        cursor.execute("SELECT set_config('jiceng.figures', %s, true)", (told,))
        assert seen(cursor, "SELECT unit FROM published.figure") == set()


FORBIDDEN_TO_READERS = (
    "INSERT INTO store.generation VALUES (1)",
    "DELETE FROM published.figure",
    "UPDATE records.unit SET name = 'x'",
    "TRUNCATE published.figure",
    "CREATE TABLE published.own (a integer)",
    "CREATE TABLE public.own (a integer)",
    "SELECT * FROM access.account",
    "SELECT * FROM access.entry",
    "SELECT * FROM register.finding",
    "SELECT * FROM identity.match_key",
    "SELECT * FROM store.acquainted",
    "ALTER TABLE published.figure DISABLE ROW LEVEL SECURITY",
    "DROP POLICY shown ON published.figure",
)
FORBIDDEN_TO_WRITERS = (
    "CREATE TABLE records.own (a integer)",
    "CREATE SCHEMA own",
    "DROP TABLE records.unit",
    "ALTER TABLE records.unit ADD COLUMN own integer",
    "TRUNCATE records.unit",
    "UPDATE access.entry SET who = 'x'",
    "DELETE FROM access.entry",
    "TRUNCATE access.entry",
    "UPDATE register.history SET by = 'x'",
    "DELETE FROM register.history",
    "UPDATE store.alembic_version SET version_num = '1'",
    "ALTER TABLE access.entry DISABLE TRIGGER ALL",
    "DROP TRIGGER entry_no_delete ON access.entry",
)


def test_readers_and_writers_may_do_no_more_than_they_need(here: Guarded):
    for url, role, forbidden in (
        (here.reader, None, FORBIDDEN_TO_READERS),
        (here.app, here.roles.reader, FORBIDDEN_TO_READERS),
        (here.app, here.roles.writer, FORBIDDEN_TO_WRITERS),
        (here.app, None, ("SELECT * FROM published.figure", "CREATE TEMPORARY TABLE own (a integer)")),
        (here.app, None, (f'SET ROLE "{here.roles.owner}"',)),
    ):
        for statement in forbidden:
            with raw(url, role) as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(statement)


def test_the_log_is_not_changed_by_the_owner_of_its_rows_either(here: Guarded):
    for url, role in ((here.administrator, here.roles.owner), (here.app, here.roles.writer)):
        with raw(url, role) as cursor:
            cursor.execute("INSERT INTO access.entry VALUES (99, now(), '', '', '', 'in', '{}', '')")
    for statement in (
        "UPDATE access.entry SET who = 'x'",
        "DELETE FROM access.entry",
        "TRUNCATE access.entry",
    ):
        with raw(here.administrator, here.roles.owner) as cursor:
            with pytest.raises(psycopg2.Error, match="can only be added to"):
                cursor.execute(statement)
            cursor.connection.rollback()
            cursor.execute(f'SET ROLE "{here.roles.owner}"')
            assert seen(cursor, "SELECT count(*) FROM access.entry") == {1}


def test_every_table_has_a_rule_or_a_reason(here: Guarded):
    engine = create_engine(psycopg2_url(here.administrator))
    with engine.connect() as connection:
        tables = connection.execute(
            text(
                "SELECT schemaname || '.' || tablename AS name, rowsecurity,"
                " has_table_privilege(:reader, schemaname || '.' || tablename, 'SELECT') AND"
                " has_schema_privilege(:reader, schemaname, 'USAGE') AS readable,"
                " EXISTS (SELECT 1 FROM pg_policies p WHERE p.schemaname = t.schemaname"
                "  AND p.tablename = t.tablename AND p.cmd = 'SELECT') AS shown FROM pg_tables t"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
            ),
            {"reader": here.roles.reader},
        ).all()
    engine.dispose()
    assert len(tables) > 70
    for name, secure, readable, shown in tables:
        if name in OPEN:
            assert (secure, readable) == (False, True), name
        elif name in CLOSED or name.partition(".")[0] in CLOSED_SCHEMAS:
            assert not readable, name
        else:
            assert (secure, readable, shown) == (True, True, True), name
    unknown = {*OPEN, *CLOSED, *RULES} - {name for name, *_ in tables} - {"identity.name_plain"}
    assert unknown == set()


def test_a_scope_is_worked_out_once_a_query(here: Guarded):
    with raw(here.reader, rows=rows_of(DIRECTOR)) as cursor:
        for table in ("records.followup", "published.figure", "identity.name"):
            cursor.execute(f"EXPLAIN (FORMAT JSON, VERBOSE) SELECT count(*) FROM {table}")
            told = json.dumps(cursor.fetchone()[0])
            [scan] = _scans(json.loads(told)[0]["Plan"], table.partition(".")[2])
            assert "store." not in scan["Filter"].replace("hashed SubPlan", ""), scan["Filter"]
            assert "InitPlan" in told


def _scans(plan: dict, table: str) -> list[dict]:
    """Where a table is read in a plan, apart from what is worked out beforehand."""
    found = [plan] if plan.get("Relation Name") == table else []
    for below in plan.get("Plans", []):
        found += _scans(below, table)
    return found


def test_the_program_itself_reads_as_whoever_asks_and_builds_as_the_writer(here: Guarded):
    store = open_store(here.installation)
    asked = [rows_of(DIRECTOR)]
    with store.snapshot(lambda: asked[0]) as known:
        with known.records() as connection:
            people = set(connection.execute(text("SELECT person FROM records.followup")).scalars())
            connection.exec_driver_sql("CREATE TEMPORARY VIEW own AS SELECT person FROM records.followup")
            assert (
                set(connection.execute(text("SELECT person FROM own")).scalars()) == people == {101, 103, 104}
            )
        asked[0] = Rows()
        with known.records() as connection:
            assert connection.execute(text("SELECT count(*) FROM records.followup")).scalar_one() == 0
    with store.snapshot() as known, known.records() as connection:
        assert connection.execute(text("SELECT count(*) FROM records.followup")).scalar_one() == 5
    store.close()


def test_which_months_were_known_on_a_day_is_no_matter_of_scope(here: Guarded):
    """The builds say it, whatever rows somebody is shown; of what came after the last build too."""
    month, horizons = 24311, {0: Horizon(24311, 24311), None: Horizon(24311, 24311)}
    store = open_store(here.installation)
    for rows in (rows_of(DIRECTOR), Rows()):
        with store.snapshot(lambda rows=rows: rows) as known, known.records() as connection:
            told = [
                past.standing_on(connection, one, date(2026, 1, 1), horizons).how
                for one in (month, month + 1)
            ]
        assert told == [past.KNOWN, past.ENTERED]
    store.close()


def test_who_is_known_where_follows_imports_and_merged_people(here: Guarded):
    store = open_store(here.installation)
    about = {
        "key": 1,
        "content": 1,
        "rank": 1,
        "batch": 2,
        "file": 1,
        "line": 1,
        "known_from": 2,
        "row_id": 9,
    }
    row = {"subject": 105, "person": 105, "unit": CENTRE, "programme": "htn", "month": 24311}
    more = about | row | {"day": pd.Timestamp("2025-12-01")}
    with store.change("records", "identity") as draft:
        bulk_insert(draft.records, records.followup, pd.DataFrame([more]))
        draft.records.execute(
            records.event.insert().values(event=2, kind="import", at=pd.Timestamp("2026-01-02"), by="li")
        )
    with store.change("published"):
        pass
    assert known_at(here, CENTRE) == {105}
    with store.change("records", "identity") as draft:  # 105 is 102
        draft.records.execute(text("UPDATE records.followup SET person = 102 WHERE person = 105"))
        draft.identity.execute(identity.link.insert().values(subject=105, person=102, known_from=3))
        draft.records.execute(
            records.event.insert().values(event=3, kind="import", at=pd.Timestamp("2026-01-03"), by="li")
        )
    with store.change("published"):
        pass
    assert known_at(here, CENTRE) == {102}
    with store.change("records") as draft:
        draft.records.execute(text("DELETE FROM records.followup WHERE row_id = 9"))
        draft.records.execute(text("DELETE FROM records.event WHERE event > 1"))
    with store.change("identity") as draft:
        draft.identity.execute(text("DELETE FROM identity.link WHERE subject = 105"))
    store.close()


def test_a_unit_that_went_over_by_mistake_takes_its_people_back(here: Guarded):
    """A list of units corrects it: that is an import like any other."""
    store = open_store(here.installation)
    before = known_at(here, STATION)
    handed = {person for person, places in KNOWN.items() if OLD in places and STATION not in places}
    assert handed and handed <= before
    with store.change("records") as draft:
        draft.records.execute(
            text("UPDATE records.unit SET successor = NULL, known_to = 10 WHERE unit = :u"), {"u": OLD}
        )
        draft.records.execute(
            records.event.insert().values(event=10, kind="import", at=pd.Timestamp("2026-01-02"), by="li")
        )
    with store.change("published"):
        pass
    assert known_at(here, STATION) == before - handed
    with store.change("records") as draft:
        undo = "UPDATE records.unit SET successor = :s, known_to = NULL WHERE unit = :u"
        draft.records.execute(text(undo), {"s": STATION, "u": OLD})
        draft.records.execute(text("UPDATE records.event SET kind = 'undo' WHERE event = 10"))
    with store.change("published"):
        pass
    store.close()


def known_at(here: Guarded, unit: int) -> set[int]:
    with raw(here.administrator, here.roles.owner) as cursor:
        return seen(cursor, f"SELECT person FROM store.acquainted WHERE unit = {unit}")


def test_register_and_accounts_work_with_the_dashboards_login(here: Guarded):
    for opened in (open_register(here.installation), open_access(here.installation)):
        with opened.reading() as connection:
            assert connection.execute(text("SELECT current_user")).scalar_one() == here.roles.writer
        with opened.writing() as connection:
            assert connection.execute(text("SELECT current_user")).scalar_one() == here.roles.writer
        opened.close()


def test_a_login_that_has_the_writers_rights_at_all_times_is_told(here: Guarded, monkeypatch, capsys):
    """Made without NOINHERIT: told by ``status``, mended by what it says."""
    monkeypatch.setenv(DATABASE_VARIABLE, here.app)
    monkeypatch.setenv(OWNER_VARIABLE, here.administrator)
    app = make_url(here.app).username
    status, roles = (
        SimpleNamespace(deed="status"),
        SimpleNamespace(deed="roles", login=[app], sql=False),
    )
    assert database.main(status) == 0
    with raw(as_user(here.app, "postgres")) as cursor:
        cursor.execute(f'ALTER ROLE "{app}" INHERIT')
        cursor.execute("SHOW server_version_num")
        by_grant = int(cursor.fetchone()[0]) >= 160_000
        if by_grant:
            cursor.execute(
                f'SET ROLE "{make_url(here.administrator).username}";'
                f' GRANT "{here.roles.writer}" TO "{app}" WITH INHERIT TRUE; RESET ROLE'
            )
        cursor.connection.commit()
        capsys.readouterr()
        assert database.main(status) == 1
        assert f'ALTER ROLE "{app}" NOINHERIT' in capsys.readouterr().out
        with pytest.raises(
            NotPreparedError, match=f'ALTER ROLE "{app}" NOINHERIT'
        ):  # nor does the server start
            excess(here.installation)
        cursor.execute(f'ALTER ROLE "{app}" NOINHERIT')
        cursor.connection.commit()
    assert database.main(roles) == 0
    assert database.main(status) == 0
    monkeypatch.delenv(OWNER_VARIABLE)
    assert excess(here.installation) == []


def test_more_than_the_dashboard_needs_is_told_when_the_server_starts(here: Guarded, monkeypatch):
    monkeypatch.setenv(OWNER_VARIABLE, here.administrator)
    assert [OWNER_VARIABLE in line for line in excess(here.installation)] == [True]
    monkeypatch.delenv(OWNER_VARIABLE)
    app = make_url(here.app).username
    with raw(as_user(here.app, "postgres")) as cursor:
        for more in ("BYPASSRLS", "CREATEROLE"):
            cursor.execute(f'ALTER ROLE "{app}" {more}')
            cursor.connection.commit()
            told = excess(here.installation)
            cursor.execute(f'ALTER ROLE "{app}" NO{more}')
            cursor.connection.commit()
            assert len(told) == 1 and more in told[0]
    everything = SimpleNamespace(database=as_user(here.app, "postgres"), is_demo=False)
    assert "superuser" in " ".join(excess(everything))
    with raw(as_user(here.app, "postgres")) as cursor:
        cursor.execute(f'GRANT "{here.roles.owner}" TO "{app}"')
        cursor.connection.commit()
        told = excess(here.installation)
        cursor.execute(f'REVOKE "{here.roles.owner}" FROM "{app}"')
        cursor.connection.commit()
    assert len(told) == 1 and "may act as the owner" in told[0]
    with pytest.raises(NotPreparedError, match="does not belong"):  # who made the roles is no dashboard
        excess(SimpleNamespace(database=here.administrator, is_demo=False))


def test_a_server_that_is_away_keeps_nothing_from_starting():
    away = SimpleNamespace(database="postgresql://nobody@127.0.0.1:9/none", is_demo=False)
    assert "cannot be reached" in " ".join(excess(away))


def test_the_dashboards_login_waits_for_the_owner(postgres_url: str, tmp_path, capsys):
    """Roles, then tables, then the installation: what comes too early is told, and said again later."""
    with guarded(postgres_url, tmp_path / "first") as made, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JICENG_HOME", str(tmp_path / "own"))
        with raw(made.administrator, made.roles.owner) as cursor:
            cursor.execute("DROP SCHEMA " + ", ".join(SCHEMAS) + " CASCADE")
            cursor.connection.commit()
        with pytest.raises(NotPreparedError, match="Its owner runs"):
            init(SimpleNamespace(name="云岭"))
        assert not exists()
        made.migrate()
        assert database.main(SimpleNamespace(deed="status")) == 0
        assert init(SimpleNamespace(name="云岭")) == 0
        assert exists()
        assert made.roles.owner in capsys.readouterr().out
