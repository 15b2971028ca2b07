"""What every cell parser starts from: one width of characters, and the many ways to write "nothing"."""

from __future__ import annotations

import unicodedata

from data.cleaning import cleaned_cell

_MISSING = frozenset(
    [
        "",
        "-",
        "--",
        "—",
        "——",
        "―",
        "/",
        "\\",
        "无",
        "暂无",
        "不详",
        "未知",
        "未填",
        "空",
        "null",
        "none",
        "nan",
        "n/a",
    ]
)


def normal(text: str) -> str:
    """Half-width digits and signs, no blanks around, no invisible characters, no leading quote of Excel."""
    if text.isascii() and text.isprintable():  # nine cells of ten: nothing to bring to one form
        return text.strip().lstrip("'").strip()
    return unicodedata.normalize("NFKC", cleaned_cell(text)).strip().lstrip("'").strip()


def is_missing(text: str) -> bool:
    """True for a blank and for the words that stand for one. Expects `normal` text."""
    return text.lower() in _MISSING
