"""Months as the URL and the eye have them. A month is ``year * 12 + month - 1``."""

from __future__ import annotations

from metrics.wording import month_alone, month_code, month_name

__all__ = ["code_of", "month_alone", "month_name", "month_of"]

code_of = month_code


def month_of(code: str) -> int:
    """ "2026-10" -> 24321."""
    year, month = code.split("-")
    return int(year) * 12 + int(month) - 1
