"""账号与统一认证的身份绑定 · whose account it is at the identity server"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    # Bound at the next sign-in through an identity server.
    op.add_column("account", sa.Column("bound", sa.String()), schema="access")
