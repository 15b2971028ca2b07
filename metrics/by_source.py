"""Figures by source system: of cards whose rows name their file, what each system brought.

A build counts them in the same pass as the figures (``metrics.counting``) and publishes them, summed over the units
below, on a card's default basis. What the systems of a unit count adds up to its figure. A system's part of a small
figure is smaller still, so the parts are for whoever may see the people; for nobody else they are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.store import read_frame
from metrics import published
from metrics.card import Card
from metrics.context import Horizon
from metrics.principal import Principal
from metrics.shaping import on_basis, rolled_up
from metrics.tree import Tree

COLUMNS = list(published.source_figure.c.keys())


def source_figures(
    cards: Iterable[Card],
    grids: dict[tuple[str, str], np.ndarray],
    units: tuple[int, ...],
    horizon: Horizon,
    tree: Tree,
) -> pd.DataFrame:
    """Rows of ``published.source_figure``: where a system brought anything that the figure is made of.

    grids   (indicator, part) -> counts [unit, month] from the horizon's first month on
    """
    months = slice(0, len(horizon.months))
    starts = np.asarray(horizon.years)
    of_year = np.searchsorted(starts, np.asarray(horizon.months), side="right") - 1
    year_starts = starts[of_year] - horizon.first
    is_open = tree.open_months(horizon)
    parts = {card.key: ("numerator", "denominator" if card.is_events else "listed") for card in cards}
    basis = {card.key: card.bases[0] for card in cards}
    found = []
    for key, part in sorted(place for place in grids if "@" in place[1]):
        name, _, system = part.partition("@")
        if key not in parts or name != parts[key][1]:
            continue
        both = []
        for side in parts[key]:
            counts = grids.get((key, f"{side}@{system}"))
            counts = np.zeros_like(grids[key, part]) if counts is None else counts
            counts = rolled_up(counts[:, months], tree.parents, tree.depth)
            both.append(on_basis(counts, basis[key], year_starts))
        top, of = both
        unit, month = np.nonzero((of > 0) & is_open)
        found.append(
            pd.DataFrame(
                {
                    "indicator": key,
                    "unit": np.asarray(units)[unit],
                    "month": month + horizon.first,
                    "system": system,
                    "numerator": top[unit, month],
                    "denominator": of[unit, month],
                }
            )
        )
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def by_source(
    principal: Principal, connection: Connection, units: Iterable[int], cards: Mapping[str, Card], month: int
) -> pd.DataFrame:
    """Rows of ``published.source_figure`` with ``value`` (0..1), the worst first, of units whose people are the principal's."""
    table = published.source_figure
    theirs = [key for key, card in cards.items() if principal.in_charge_of(card.system)]
    rows = read_frame(
        connection,
        select(table).where(
            table.c.month == month,
            table.c.unit.in_(list(units)),
            table.c.indicator.in_(theirs),
            principal.persons.holds(table.c.unit),
        ),
    )
    rows = rows.assign(value=rows["numerator"].astype(float) / rows["denominator"].astype(float))
    return rows.sort_values(["value", "system"], ignore_index=True)
