"""日志只能追加：数据库拒绝修改、删除和清空 · the log can only be added to"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
CREATE FUNCTION access.entry_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '日志只能追加，不能修改或删除。The log can only be added to.' USING ERRCODE = '2F002';
END
$$""")
    for deed in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER entry_no_{deed.lower()} BEFORE {deed} ON access.entry"
            " FOR EACH STATEMENT EXECUTE FUNCTION access.entry_is_never_changed()"
        )
