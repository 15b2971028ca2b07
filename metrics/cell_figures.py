"""Indicators about those who live in a cell of the map: sums over its management grids."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import Connection, String, cast, literal, select

from data.store import read_frame
from metrics import published
from metrics.principal import Principal
from metrics.small_numbers import HIDDEN, shown_to

_NO_FIGURE = ("none", "untold")  # of ``published.STATUSES``: what is counted then is not shown


def by_cell(principal: Principal, connection: Connection, indicator: str) -> pd.DataFrame:
    """cell, numerator, listed, hidden of an indicator about those who live there: the sums over its management grids.

    Of each grid what the unit that manages most of its people counts (``metrics.strata``); of the newest month. Both
    are missing where a grid of the cell has no figure, because nothing was delivered or its source does not tell it, and
    where one is hidden from the principal (``hidden``).
    """
    figure, place = published.figure, published.place
    key = literal(published.GRID) + cast(place.c.place, String)
    newest = select(published.lattice.c.month).scalar_subquery()
    names = ("indicator", "unit", "numerator", "listed", "status", "hidden")
    statement = (
        select(place.c.cell, *(figure.c[name] for name in names))
        .select_from(figure.join(place, figure.c.stratum == key))
        .where(
            figure.c.indicator == indicator,
            figure.c.month == newest,
            place.c.cell.is_not(None),
            principal.figures.holds(figure.c.unit),
        )
    )
    rows = shown_to(principal, read_frame(connection, statement))
    secret = rows["status"] == HIDDEN
    rows = rows.astype({"numerator": float, "listed": float})
    rows.loc[rows["status"].isin(_NO_FIGURE) | rows["numerator"].isna(), ["numerator", "listed"]] = np.nan
    by = rows.assign(hidden=secret).groupby("cell")
    frame = (
        by[["numerator", "listed"]]
        .sum(min_count=1)
        .where(by[["numerator", "listed"]].count().eq(by.size(), axis=0))
    )
    frame["hidden"] = by["hidden"].any()
    return frame.reset_index().astype({"numerator": "Int64", "listed": "Int64", "hidden": bool})


def cell_indicators(principal: Principal, connection: Connection) -> list[str]:
    """Keys of the indicators that ``by_cell`` knows: those counted by management grid in the newest month."""
    figure = published.figure
    newest = select(published.lattice.c.month).scalar_subquery()
    statement = (
        select(figure.c.indicator)
        .where(
            figure.c.stratum.startswith(published.GRID, autoescape=True),
            figure.c.month == newest,
            figure.c.listed > 0,
            figure.c.status.not_in(_NO_FIGURE),
            principal.figures.holds(figure.c.unit),
        )
        .distinct()
    )
    return sorted(connection.execute(statement).scalars())
