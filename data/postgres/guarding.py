"""What owner, writer and reader may do with each table, and which rows the reader is shown: the second line of defence.

The dashboard asks with the scope of whoever is asking (``metrics.principal``); the server holds each row that a page reads
against the same scope again, so that a query that forgot it gives nothing away. A transaction says whose rows it
reads (``data.store.rows``); one that says nothing is shown nothing. The scope is worked out once for each query, not
once for each row.

What this does not guard against: whoever has the password of the dashboard's login can act as its writer, and whoever has
a login of the reader can say whatever scope they like. Logins of the reader are for people who may see everything.
The numbers that ``published.figure.hidden`` marks are hidden by the program, not here: a row is shown whole or not.

All of it can be said again at any time; ``manage.py migrate`` does so after its steps, ``manage.py database roles`` at
set-up. Rules are written here, not in migrations: a changed rule takes effect with the next ``migrate``.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from data.migrations import SCHEMAS
from data.postgres.roles import Roles

#: table -> why its rows are the same to every reader
OPEN = {
    "store.alembic_version": "number of the last migration",
    "store.generation": "number of the data in force",
    "store.part": "the same of each part",
    "records.event": "what kind of change, when, by which batch: no contents",
    "records.batch": "when and by whom files were brought in",
    "records.unit": "names, codes and places of institutions",
    "records.place": "names and places of villages and grids",
    "records.population": "population by statistics, by institution",
    "records.facility": "rooms, areas and beds of institutions: whose clinic is too small counts at whoever lives nearest",
    "records.source_unit": "codes of institutions in other systems",
    "published.unit": "names, codes and places of institutions: whoever signs in is placed among them",
    "published.parameter": "values of the standards",
    "published.build": "when figures were made, of what",
    "published.lattice": "how the map is laid out",
    "published.ground": "the bureau's own borders and roads",
    "published.place": "names and places of grids",
    "published.truth_look": "how many units and doctors are worth checking: names none",
}
#: table -> why the reader has no right to it at all
CLOSED = {
    "store.acquainted": "who is known where: read through a function, for the scope of whoever asks",
    "store.acquainted_until": "of use to builds alone",
    "records.sighting": "of use to imports alone",
    "records.coverage": "of use to imports alone",
    "records.unread": "of use to imports alone",
    "identity.name_plain": "names of an older release, until they are sealed: read and emptied by the program as the writer",
    "identity.subject": "of use to imports alone",
    "identity.number": "of use to imports alone",
    "identity.match_key": "keyed hashes of ID numbers: of use to imports alone",
    "identity.decision": "of use to imports alone",
    "identity.review": "of use to imports and commands alone",
    "published.tally": "counts before small numbers are hidden: of use to builds alone",
    "published.stratum_tally": "the same",
}
#: schema -> why the reader has no right to any of its tables
CLOSED_SCHEMAS = {
    "register": "what people wrote: read by the program as the writer, with the scope of whoever asks",
    "access": "accounts, sessions, the log: read by the program as the writer",
}


def _in(scope: str, unit: str = "unit") -> str:
    """A condition on a column of units; the scope is asked for once a query."""
    return f"(SELECT store.all_units('{scope}')) OR {unit} = ANY ((SELECT store.units('{scope}'))::integer[])"


def _about(scope: str, what: str, number: str) -> str:
    return f"(SELECT store.all_units('{scope}')) OR {number} IN (SELECT store.{what}('{scope}'))"


_BOOK = "(SELECT store.reads_book())"
_FIGURES, _WORK = _in("figures"), _in("own")
_PEOPLE = f"{_in('people')} OR person IN (SELECT store.persons('people'))"

#: table -> the rows that a reader is shown
RULES = {
    "published.figure": _FIGURES,
    "published.source_figure": _in("people"),  # parts of figures that may be small
    "published.spread": _FIGURES,
    "published.reported": _FIGURES,
    "published.notice": _FIGURES,
    "published.population": _FIGURES,
    "published.delivery": _FIGURES,
    "published.late_entry": _FIGURES,
    "published.rewriting": _FIGURES,
    "published.moved": _FIGURES,
    "published.target": f"unit IS NULL OR {_FIGURES}",
    # Part of the map belongs to whoever sees the figures of the nearest unit.
    "published.cell": _FIGURES,
    "published.cell_reach": _FIGURES,
    "published.cell_access": "cell IN (SELECT c.cell FROM published.cell c)",
    "published.point": _FIGURES,
    "published.served": _FIGURES,
    # Reasons to check concern people at work: they are for whoever may see the people seen by them.
    "published.truth_group": _in("people"),
    "published.truth_signal": _in("people"),
    # Small numbers of people: for whoever may open the lists that they are counted from.
    "published.week_visits": _in("people"),
    "published.last_days": _in("people"),
    "records.problem": _BOOK,
    # Money says which file it came from, to whoever has work of their own.
    "records.suspected": _about("people", "persons", "person"),
    "records.source_file": f"{_BOOK} OR (SELECT store.has_work())",
    "identity.name": _about("names", "subjects", "subject"),
    "identity.link": _about("names", "persons", "person"),
}

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION store.all_units(scope text) RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT coalesce(current_setting('jiceng.' || scope, true) = 'all', false) $$;

CREATE OR REPLACE FUNCTION store.units(scope text) RETURNS integer[] LANGUAGE sql STABLE
AS $$ SELECT CASE WHEN current_setting('jiceng.' || scope, true) ~ '^[0-9]+(,[0-9]+)*$'
    THEN string_to_array(current_setting('jiceng.' || scope, true), ',')::integer[] ELSE '{}' END $$;

CREATE OR REPLACE FUNCTION store.reads_book() RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT coalesce(current_setting('jiceng.book', true) = 'yes', false) $$;

CREATE OR REPLACE FUNCTION store.has_work() RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT coalesce(current_setting('jiceng.own', true), '') <> '' $$;

-- As the owner, who sees every row: only numbers of people in the scope come back.
CREATE OR REPLACE FUNCTION store.persons(scope text) RETURNS SETOF integer LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT DISTINCT person FROM store.acquainted WHERE unit = ANY (store.units(scope)) $$;

CREATE OR REPLACE FUNCTION store.subjects(scope text) RETURNS SETOF integer LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT store.persons(scope) UNION
    SELECT l.subject FROM identity.link l WHERE l.known_to IS NULL AND l.person IN (SELECT store.persons(scope)) $$;
"""

_INHERITS_BY_GRANT = 160_000  # version of the server

_TABLES = text("""
SELECT n.nspname || '.' || c.relname, bool_or(a.attname = 'unit'), bool_or(a.attname = 'person')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = ANY (:schemas) AND c.relkind = 'r'
GROUP BY 1 ORDER BY 1""")


class UnguardedError(Exception):
    """A table of which nobody has said who may read which of its rows."""


def rule_of(table: str, *, unit: bool, person: bool) -> str | None:
    """The rows of a table that a reader is shown; None: all or none of them. Raises UnguardedError."""
    if table in RULES:
        return RULES[table]
    if table in OPEN or table in CLOSED or table.partition(".")[0] in CLOSED_SCHEMAS:
        return None
    if table.startswith("records.") and unit:
        return _PEOPLE if person else _WORK
    raise UnguardedError(f"{table}: say in data/postgres/guarding.py who may read which of its rows")


def is_open(table: str) -> bool:
    """Whether a reader may read all of it."""
    return table in OPEN


def guard(roles: Roles, connection: Connection) -> list[str]:
    """The statements that say all of it, for the tables that there are; run by their owner."""
    writer, reader = f'"{roles.writer}"', f'"{roles.reader}"'
    said = [part.strip() for part in _FUNCTIONS.split(";\n") if part.strip()]
    for schema in SCHEMAS:
        readers = writer if schema in CLOSED_SCHEMAS else f"{writer}, {reader}"
        said += [
            f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {writer}, {reader}",
            f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC, {writer}, {reader}",
            f"GRANT USAGE ON SCHEMA {schema} TO {readers}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {writer}",
        ]
    said += [
        f"REVOKE INSERT, UPDATE, DELETE ON store.alembic_version FROM {writer}",
        f"REVOKE UPDATE, DELETE ON access.entry, register.history FROM {writer}",
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA store FROM PUBLIC",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA store TO {writer}, {reader}",
    ]
    found = connection.execute(_TABLES, {"schemas": list(SCHEMAS)}).all()
    for table, unit, person in found:
        rule = rule_of(table, unit=unit, person=person)
        if is_open(table) or rule is not None:
            said.append(f"GRANT SELECT ON {table} TO {reader}")
        if table == "identity.name_plain":
            said.append(f"GRANT TRUNCATE ON {table} TO {writer}")
        if rule is None:
            continue
        said += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS shown ON {table}",
            f"CREATE POLICY shown ON {table} FOR SELECT TO {reader} USING ({rule})",
            f"DROP POLICY IF EXISTS written ON {table}",
            f"CREATE POLICY written ON {table} TO {writer} USING (true) WITH CHECK (true)",
        ]
    return said


def make_roles(roles: Roles, database: str, logins: list[str], connection: Connection) -> list[str]:
    """The statements that make the three, for whoever may make roles and has the database; no superuser is needed.

    ``logins`` are those of the dashboard, which exist. Tables that are there become the owner's.
    """
    owner, writer, reader = (f'"{name}"' for name in (roles.owner, roles.writer, roles.reader))
    place = f'"{database}"'
    said = []
    for name in (roles.owner, roles.writer, roles.reader):
        there = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name})
        if there.scalar() is None:
            said.append(f'CREATE ROLE "{name}" NOLOGIN')
    said += [
        f"GRANT {owner} TO CURRENT_USER",
        f"REVOKE ALL ON DATABASE {place} FROM PUBLIC",
        f"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {place} TO {owner}",
        # Builds and lists make temporary tables.
        f"GRANT CONNECT, TEMPORARY ON DATABASE {place} TO {writer}, {reader}",
    ]
    # Its transactions say as which of the two they act; older servers know this of a login alone (NOINHERIT).
    version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    how = " WITH INHERIT FALSE" if version >= _INHERITS_BY_GRANT else ""
    for login in logins:  # one that inherits nothing still has to come in
        said += [
            f'GRANT {writer}, {reader} TO "{login}"{how}',
            f'GRANT CONNECT ON DATABASE {place} TO "{login}"',
        ]
    for schema in connection.execute(
        text("SELECT nspname FROM pg_namespace WHERE nspname = ANY (:schemas) ORDER BY 1"),
        {"schemas": list(SCHEMAS)},
    ).scalars():
        said.append(f"ALTER SCHEMA {schema} OWNER TO {owner}")
    for table, _unit, _person in connection.execute(_TABLES, {"schemas": list(SCHEMAS)}):
        said.append(f"ALTER TABLE {table} OWNER TO {owner}")
    for function in connection.execute(
        text(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = ANY (:schemas) ORDER BY 1"
        ),
        {"schemas": list(SCHEMAS)},
    ).scalars():
        said.append(f"ALTER FUNCTION {function} OWNER TO {owner}")
    return said
