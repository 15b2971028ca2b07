"""Errors that are answers, in the language of the page."""

from __future__ import annotations

import re

from sqlalchemy.exc import SQLAlchemyError, TimeoutError

from data.config import ConfigError
from data.failures import failure
from data.installation import InstallationError
from data.intake.layouts import LayoutError
from data.keys import KeyFileError
from data.postgres.engines import is_gone, is_too_slow
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
    if words := failure(error):
        return half(words, text.language)
    if (away := why_away(error)) is not None:
        return text(f"error.{away}")
    if not isinstance(error, ANSWERS):
        return text("error.unknown", kind=type(error).__name__)
    return half(str(error), text.language)


def why_away(error: Exception) -> str | None:
    """Why a database server gave no answer: database (it is away), busy (no connection is free), slow (time was up).

    None: the error is another one, or there is no server.
    """
    if not isinstance(error, SQLAlchemyError) or not installation().database:
        return None
    if isinstance(error, TimeoutError):
        return "busy"
    if is_too_slow(error):
        return "slow"
    return "database" if is_gone(error) else None


def half(message: str, language: str) -> str:
    """One language's half of a message that holds Chinese and then English; all of one that is not so made."""
    lines = message.split("\n", 1)
    if len(lines) == 2 and _CHINESE.search(lines[0]):
        return lines[0 if language == "zh" else 1].strip()
    parts = _SEAM.split(message, maxsplit=1)
    if len(parts) < 2 or not parts[1].strip():
        return message
    return parts[0 if language == "zh" else 1].strip()
