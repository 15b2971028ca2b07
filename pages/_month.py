"""Months as the URL and the eye have them. A month is ``year * 12 + month - 1``."""

from __future__ import annotations

_SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def code_of(month: int) -> str:
    """24321 -> "2026-10"."""
    return f"{month // 12}-{month % 12 + 1:02}"


def month_of(code: str) -> int:
    """ "2026-10" -> 24321."""
    year, month = code.split("-")
    return int(year) * 12 + int(month) - 1


def month_name(month: int, text) -> str:
    """The month as people write it, in the language of ``text``."""
    return text("month.name", year=month // 12, number=month % 12 + 1, short=_SHORT[month % 12])


def month_alone(month: int, text) -> str:
    """The month without its year."""
    return text("month.only", number=month % 12 + 1, short=_SHORT[month % 12])
