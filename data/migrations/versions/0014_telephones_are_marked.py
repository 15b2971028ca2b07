"""相同电话可以比对：姓名表加一列带密钥的电话摘要 · equal telephones can be told: a keyed mark beside the sealed row

Rows that are there have none: making it takes the key, which SQL does not know. The program (``data.marking``, at the next
``run``) opens them once and fills it in.
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("ALTER TABLE identity.name ADD COLUMN phone_mark bigint")
