"""A frame as csv that Excel opens rightly: UTF-8 with a byte order mark, and no formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from data.cleaning import harmless
from metrics.card import Unit
from metrics.units import is_missing, scaled


def values(given: Iterable[float | None], unit: Unit) -> list[float | None]:
    """Values as they are shown: shares in per cent; missing ones are None."""
    return [None if is_missing(one) else round(scaled(float(one), unit), 4) for one in given]


def amounts(given: Iterable[float | None], scale: float = 1) -> list[float | None]:
    """Numerators or denominators as they are shown: counts whole, amounts in yuan and hours, not in fen and tenths.

    ``scale``: a card's ``top_scale`` or ``bottom_scale``.
    """
    return [None if is_missing(one) else int(one) if scale == 1 else round(one / scale, 2) for one in given]


def csv_bytes(frame: pd.DataFrame, notes: Sequence[str] = ()) -> bytes:
    """The rows under their column names; ``notes`` follow after an empty line, one a line.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; missing values
    are empty cells.
    """
    safe = frame.rename(columns=_harmless)
    for position, name in enumerate(safe.columns):
        if not pd.api.types.is_numeric_dtype(safe.iloc[:, position]):
            column = [_harmless(value) for value in safe.iloc[:, position]]
            safe[name] = pd.Series(
                column, safe.index, dtype=object
            )  # whole numbers beside missing ones stay whole
    text = safe.to_csv(index=False, lineterminator="\r\n")
    if notes:
        text += "\r\n" + pd.DataFrame({"": [_harmless(n) for n in notes]}).to_csv(
            index=False, header=False, lineterminator="\r\n"
        )
    return text.encode("utf-8-sig")


def _harmless(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value
