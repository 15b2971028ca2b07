"""Errors that are answers: their message says what happened and what to do, so no traceback is shown."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from data.config import ConfigError
from data.installation import InstallationError
from data.intake.layouts import LayoutError
from data.intake.undoing import UndoError
from data.store import StoreError

EXPECTED = (ConfigError, InstallationError, StoreError, LayoutError, UndoError, OperationalError)
