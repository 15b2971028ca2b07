"""记录各部分的版次，以及人员在哪些机构有记录 · when each part was written, and which unit knows which person"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
CREATE TABLE store.part (
    part varchar PRIMARY KEY,
    generation integer NOT NULL
)""")
    for part, table in (
        ("records", "records.event"),
        ("identity", "identity.subject"),
        ("published", "published.build"),
    ):
        op.execute(
            f"INSERT INTO store.part SELECT '{part}', number FROM store.generation"
            f" WHERE EXISTS (SELECT 1 FROM {table})"
        )
    # A person is known to every unit that has a row about them: whose rows somebody of the unit may see.
    op.execute("""
CREATE TABLE store.acquainted (
    unit integer NOT NULL,
    person integer NOT NULL,
    PRIMARY KEY (unit, person)
)""")
    op.execute("CREATE TABLE store.acquainted_until (event integer NOT NULL)")
