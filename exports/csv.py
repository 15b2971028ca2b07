"""A frame as csv that Excel opens rightly: UTF-8 with a byte order mark, and no formulas."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(frame: pd.DataFrame, notes: Sequence[str] = ()) -> bytes:
    """The rows under their column names; ``notes`` follow after an empty line, one a line.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; missing values
    are empty cells.
    """
    safe = frame.rename(columns=_harmless)
    for position, name in enumerate(safe.columns):
        if not pd.api.types.is_numeric_dtype(safe.iloc[:, position]):
            safe[name] = safe.iloc[:, position].map(_harmless)
    text = safe.to_csv(index=False, lineterminator="\r\n")
    if notes:
        text += "\r\n" + pd.DataFrame({"": [_harmless(n) for n in notes]}).to_csv(
            index=False, header=False, lineterminator="\r\n"
        )
    return text.encode("utf-8-sig")


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
