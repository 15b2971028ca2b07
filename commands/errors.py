"""Errors that are answers: their message says what happened and what to do, so no traceback is shown."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from data.config import ConfigError
from data.installation import InstallationError
from data.store import StoreError

EXPECTED = (ConfigError, InstallationError, StoreError, OperationalError)
