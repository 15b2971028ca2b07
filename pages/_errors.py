"""Errors that are answers, in the language of the page."""

from __future__ import annotations

import re

from sqlalchemy.exc import OperationalError

from data.config import ConfigError
from data.installation import InstallationError
from data.intake.layouts import LayoutError
from data.keys import KeyFileError
from data.store import StoreError
from metrics.logbook import NotLoggedError
from metrics.standards import StandardsError
from pages._store import installation
from pages._text import Text

# Their messages say what happened and what to do.
ANSWERS = (
    ConfigError,
    InstallationError,
    KeyFileError,
    LayoutError,
    NotLoggedError,
    StandardsError,
    StoreError,
)

# Where the Chinese half of a message ends and the English one begins.
_SEAM = re.compile(r"(?<=[。！])\n?(?![\u2e80-\u9fff\uff00-\uffef“‘（《])")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def told(error: Exception, text: Text) -> str:
    """What an error says, in one language; of an error that is none of ANSWERS only that it is in the log."""
    if unreachable(error):
        return text("error.database")
    if not isinstance(error, ANSWERS):
        return text("error.unknown", kind=type(error).__name__)
    return half(str(error), text.language)


def unreachable(error: Exception) -> bool:
    """Whether the database server did not answer. A connection that fails fails before any statement."""
    return isinstance(error, OperationalError) and error.statement is None and bool(installation().database)


def half(message: str, language: str) -> str:
    """One language's half of a message that holds Chinese and then English; all of one that is not so made."""
    lines = message.split("\n", 1)
    if len(lines) == 2 and _CHINESE.search(lines[0]):
        return lines[0 if language == "zh" else 1].strip()
    parts = _SEAM.split(message, maxsplit=1)
    if len(parts) < 2 or not parts[1].strip():
        return message
    return parts[0 if language == "zh" else 1].strip()
