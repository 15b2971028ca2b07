"""Errors that are answers: their message says what happened and what to do, so no traceback is shown."""

from __future__ import annotations

from data.backup.manifest import BackupError
from data.config import ConfigError
from data.failures import failure
from data.installation import InstallationError
from data.intake.deciding import DecisionError
from data.intake.layouts import LayoutError
from data.intake.mapping import MappingError
from data.intake.undoing import UndoError
from data.keys import KeyFileError
from data.postgres.engines import is_gone
from data.store import StoreError
from metrics.logbook import NotLoggedError
from metrics.standards import StandardsError

_EXPECTED = (
    BackupError,
    ConfigError,
    InstallationError,
    KeyFileError,
    StoreError,
    LayoutError,
    MappingError,
    DecisionError,
    UndoError,
    StandardsError,
    NotLoggedError,
)


def explanation(error: Exception) -> str | None:
    """What to tell instead of a traceback; None for an error that is ours to mend."""
    if isinstance(error, _EXPECTED):
        return str(error)
    if told := failure(error):
        return told
    if is_gone(error):
        return (
            "无法连接数据库，请检查 config.toml 的 database 或环境变量 JICENG_DATABASE。\n"
            f"The database cannot be reached: look at database in config.toml, or JICENG_DATABASE.\n\n{error.orig}"
        )
    return None
