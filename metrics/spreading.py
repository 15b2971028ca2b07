"""How widely the values of a mean spread: published beside its figure, so that readers can have an interval of it.

A build counts the squares of the rows that make up a mean in the same pass (``metrics.counting``), adds them up over months and
units as the figure itself is made, and publishes the standard deviation. Where a number of the figure is hidden its spread is,
too. A figure that a unit stated alone has none: nobody knows the single values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.store import read_frame
from metrics import published
from metrics.card import SCALE, Basis, Card
from metrics.context import Horizon
from metrics.principal import Principal
from metrics.shaping import on_basis, rolled_up
from metrics.small_numbers import VALUE, is_of_persons, shown_to, small, threshold
from metrics.squares import SQUARES, deviations
from metrics.tree import Tree

KEYS = ["indicator", "unit", "month", "basis"]


def spreads(
    cards: Iterable[Card],
    grids: Mapping[tuple[str, str], np.ndarray],
    figures: pd.DataFrame,
    units: tuple[int, ...],
    horizon: Horizon,
    tree: Tree,
) -> pd.DataFrame:
    """Rows of ``published.spread``: of every mean with two values or more. KeyError where its squares were not counted.

    grids    (indicator, part) -> counts [unit, month] from the horizon's first month on
    figures  rows of ``published.figure``
    """
    cards = {card.key: card for card in cards if card.is_mean}
    rows = figures[figures["indicator"].isin(list(cards))]
    rows = rows[(rows["stratum"] == "") & (rows["origin"] == "records") & rows["value"].notna()]
    place = {unit: position for position, unit in enumerate(units)}
    found = []
    for (key, basis), mine in rows.groupby(["indicator", "basis"], observed=True):
        card = cards[key]
        at = mine["unit"].map(place).to_numpy(), mine["month"].to_numpy() - horizon.first
        squares, rest = (_shaped(grids[key, part], card, Basis(basis), horizon, tree)[at] for part in SQUARES)
        n, total = (mine[name].to_numpy(float) for name in ("denominator", "numerator"))
        single_out = small(n, threshold(horizon.last)) & is_of_persons(card)
        found.append(
            mine[KEYS].assign(
                deviation=deviations(n, total, squares, rest) / SCALE.get(card.unit, 1),
                hidden=np.where((mine["hidden"] != 0) | single_out, VALUE, 0),
            )
        )
    if not found:
        return pd.DataFrame(columns=list(published.spread.c.keys()))
    return pd.concat(found, ignore_index=True).dropna(subset="deviation")


def with_deviation(
    principal: Principal, connection: Connection, figures: pd.DataFrame, cards: Mapping[str, Card]
) -> pd.DataFrame:
    """Add to figures the standard deviation of the single values, in the figure's unit; NaN where it is hidden or there is none."""
    means = [key for key in figures["indicator"].unique() if cards[key].is_mean]
    if not means:
        return figures.assign(deviation=np.nan)
    table = published.spread
    asked = (table.c[name].in_(figures[name].unique().tolist()) for name in KEYS[1:])
    mine = principal.figures.holds(table.c.unit)
    rows = read_frame(connection, select(table).where(table.c.indicator.in_(means), *asked, mine))
    shown = shown_to(principal, rows.rename(columns={"deviation": "value"}))
    return figures.merge(shown.rename(columns={"value": "deviation"}), on=KEYS, how="left")


def _shaped(grid: np.ndarray, card: Card, basis: Basis, horizon: Horizon, tree: Tree) -> np.ndarray:
    """Counts of units and months as a figure's own are: with the units below, over the months of the basis."""
    counts = grid[:, : len(horizon.months)]
    if not card.each_level:
        counts = rolled_up(counts, tree.parents, tree.depth)
    starts = np.asarray(horizon.years)
    of_year = np.searchsorted(starts, np.asarray(horizon.months), side="right") - 1
    return on_basis(counts, basis, starts[of_year] - horizon.first)
