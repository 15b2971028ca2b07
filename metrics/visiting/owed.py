"""How many gaps the lists of units hold, from published figures alone: as many as the lists are long."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from metrics.card import Card, Gap


def owed(figures: pd.DataFrame, cards: Mapping[str, Card]) -> pd.DataFrame:
    """unit, indicator, gaps of each figure (of ``figures.matrix``) whose list is known; rows of others are left out.

    A list holds who is listed and not counted; of cards that count what needs doing, whom they count. A figure that is
    hidden or was not delivered (NaN) tells no length.
    """
    counted = figures["indicator"].isin([key for key, card in cards.items() if card.gap is Gap.COUNTED])
    gaps = figures["numerator"].where(counted, figures["listed"] - figures["numerator"])
    found = figures[["unit", "indicator"]].assign(gaps=gaps)
    return found[found["gaps"].notna() & (figures["status"] != "none")].reset_index(drop=True)
