"""What Alembic runs around the steps: on the connection that it was given, or as SQL on paper."""

from __future__ import annotations

from alembic import context

from data.migrations import VERSION_SCHEMA, VERSION_TABLE

_options = {"version_table": VERSION_TABLE, "version_table_schema": VERSION_SCHEMA}
_schema = f"CREATE SCHEMA IF NOT EXISTS {VERSION_SCHEMA}"

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True, **_options)
    with context.begin_transaction():
        context.execute(_schema)
        context.run_migrations()
else:
    connection = context.config.attributes["connection"]
    connection.exec_driver_sql(_schema)
    context.configure(connection=connection, **_options)
    with context.begin_transaction():
        context.run_migrations()
