"""信号分两级：列出的，只有单一迹象的 · signals of truth have a second level: one trace only

Empty until the next build, which looks anew.
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute("ALTER TABLE published.truth_look ADD COLUMN IF NOT EXISTS units_hinted integer")
    op.execute("ALTER TABLE published.truth_group ADD COLUMN IF NOT EXISTS hinted boolean")
