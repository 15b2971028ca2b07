"""Short names of units, for maps and heads of columns."""

from __future__ import annotations

from metrics.wording import short_names

__all__ = ["short_names"]
