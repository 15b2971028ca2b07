"""What comparisons say in words, the same on pages and on paper."""

from __future__ import annotations

import pandas as pd

from data.words import Text
from metrics.card import Card
from metrics.comparing.levels import levels_in
from metrics.comparing.places import OVER, PART, THIN, UNKNOWN
from metrics.comparing.sorts import Sort, sort_of
from metrics.small_numbers import HIDDEN
from metrics.statistics.ranks import ALIKE
from metrics.units import MISSING, is_missing

#: Why one unit has no rank, whatever the others have.
_OF_THE_UNIT = (HIDDEN, UNKNOWN, PART, OVER, THIN)


def verdict_word(word: str, text: Text) -> str:
    """better, no different, worse, ..."""
    return text(f"comparing.word.{word}")


def place_words(row) -> str:
    """ "3 (2–6)"; of a rank in which chance has no part "3"; "—" without one. ``row``: place, place_low, place_high."""
    if is_missing(row.place):
        return MISSING
    if is_missing(row.place_low):
        return f"{int(row.place)}"
    low, high = int(row.place_low), int(row.place_high)
    return f"{int(row.place)} ({low}–{high})" if low < high else f"{low} ({low})"


def unranked_words(reason: str, card: Card, month: int, text: Text) -> str:
    """Why there is no rank, as a part of a sentence."""
    name = "equal" if reason == ALIKE and sort_of(card) is Sort.STOCK else reason
    levels = levels_in(month)
    return text(f"comparing.unranked.{name}", n=levels.mean_fewest if reason == THIN else levels.rank_fewest)


def reason_of(comparison: pd.DataFrame) -> str:
    """Why none of the units has a rank; "" where some have, or where no figure is to be compared."""
    reasons = set(comparison["unranked"])
    shared = [one for one in reasons if one and one not in _OF_THE_UNIT]
    if "" in reasons:
        return ""
    return shared[0] if shared else THIN if THIN in reasons else ""
