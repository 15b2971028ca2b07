"""Chances in words: always the same word for the same chance.

The scale of the Intergovernmental Panel on Climate Change (Mastrandrea and others, Guidance note on consistent treatment of
uncertainties, 2010), with the share beside the word wherever it is told.
"""

from __future__ import annotations

#: (below this chance, word); the last holds for all above.
SCALE = (
    (0.01, "hardly"),
    (0.10, "very_unlikely"),
    (0.33, "unlikely"),
    (0.66, "even"),
    (0.90, "likely"),
    (0.99, "very_likely"),
)
SURE = "almost_sure"
WORDS = (*(word for _, word in SCALE), SURE)


def word(chance: float) -> str:
    """One of WORDS. ValueError for what is no chance."""
    if not 0 <= chance <= 1:
        raise ValueError(f"no chance: {chance}")
    return next((name for below, name in SCALE if chance < below), SURE)


def percent(chance: float) -> str:
    """As exactly as it is meant: <1%, >99%, every five percent between."""
    if chance < 0.01:
        return "<1%"
    if chance > 0.99:
        return ">99%"
    if 0.05 <= chance <= 0.95:
        return f"{round(chance * 20) * 5}%"
    return f"{round(chance * 100)}%"
