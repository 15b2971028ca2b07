"""A month as it was reported, against what is known of it now."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.causes import Part, cause_of, rewritten_since, side_by_side
from metrics.horizons import NothingToComputeError
from metrics.past import figures_then
from metrics.why.reading import Reading, agree
from metrics.why.sharing import Counted, Split, shared_out


def then_and_now(reading: Reading, month: int, told: pd.Series, now: pd.DataFrame) -> Split:
    """``told``: the figure that is published; ``now``: ``made_of`` as all is known now."""
    standing = reading.standing(month)
    if standing is None:
        return Split(reason="not_yet")
    card = reading.card
    with reading.known.records() as connection:
        try:
            rows = figures_then(connection, reading.principal, card, reading.unit, standing, reading.horizons)
        except NothingToComputeError:
            return Split(reason="no_figure")
    rows = rows[(rows["month"] == month) & (rows["basis"] == reading.basis) & rows["value"].notna()]
    if rows.empty:
        return Split(reason="no_figure")
    then = reading.of(standing, month)[month]
    if not agree(card, rows.iloc[0], then):
        return Split(reason="reported")
    both = side_by_side(then, now)
    with reading.known.records() as connection:
        touched = rewritten_since(connection, card, standing, set(both["who"]))
    cause = np.where(
        cause_of(card, both) == "units", "units", np.where(both["who"].isin(touched), "rewritten", "late")
    )
    parts = {name: Part() for name in ("units", "rewritten", "late")}
    for name, part in parts.items():
        chosen = both[(cause == name) & ((both["dn"] != 0) | (both["dd"] != 0))]
        if len(chosen):
            part.add(chosen)
    if card.statistic is not None:
        for part in parts.values():
            part.denominator = 0
        change = int(told["denominator"]) - int(rows.iloc[0]["denominator"])
        parts["denominator"] = Part(denominator=change)
    counted = {frozenset(): Counted(Part(), parts)}
    return shared_out(card, rows.iloc[0], told, counted, {}, {}, (standing.how, ""))
