"""居民姓名、身份证号、电话、住址加密保存 · names, ID numbers, telephones and addresses of residents are sealed

The rows of the release before wait in ``identity.name_plain``: sealing takes the key, which SQL does not know. The program
(``data.sealing_old``: at the first ``run``, or ``manage.py keys seal``) seals them and empties the table.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE identity.name RENAME TO name_plain")
    op.execute("""
CREATE TABLE identity.name (
    key bigint NOT NULL,
    content bigint NOT NULL,
    subject integer NOT NULL,
    sealed bytea,
    sealed_with integer NOT NULL,
    in_force boolean NOT NULL
)""")
    # The writer empties the table by TRUNCATE, which takes its file away: of deleted rows the file keeps the bytes.
    op.execute("""
DO $$
DECLARE writer text := current_database() || '_writer';
BEGIN
    IF NOT EXISTS (SELECT 1 FROM identity.name_plain) THEN
        DROP TABLE identity.name_plain;
    ELSIF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = writer) THEN
        EXECUTE format('GRANT SELECT, TRUNCATE ON identity.name_plain TO %I', writer);
    END IF;
END
$$""")
