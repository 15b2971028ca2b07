"""Counts in, figures out: roll-up, bases, denominators in force, delivery, statuses. No database rules here."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from metrics.card import Basis, Card
from metrics.context import Horizon
from metrics.counting import PARTS, Frame
from metrics.delivering import NONE, PART, WHOLE, Delivery, delivered, over_window, with_parents
from metrics.denominators import MISSING, in_force, populations
from metrics.shaping import on_basis, rolled_up, value_of
from metrics.tree import Tree

_STATUS_WORDS = np.array(["ok", "part", "none", "untold", "no_denominator", "empty"])
_OK, _PART, _NONE, _UNTOLD, _NO_DENOMINATOR, _EMPTY = range(6)


class Grids(dict):
    """(indicator, part) -> counts [unit, month], as the database counted them."""

    def as_rows(self, frame: Frame) -> pd.DataFrame:
        """Rows of ``published.tally``: every count that is not 0."""
        tables = []
        for (indicator, part), counts in self.items():
            unit, month = np.nonzero(counts)
            tables.append(
                pd.DataFrame(
                    {
                        "indicator": indicator,
                        "part": part,
                        "unit": np.asarray(frame.units)[unit],
                        "month": month + frame.horizon.first,
                        "n": counts[unit, month],
                    }
                )
            )
        return pd.concat(tables, ignore_index=True)

    @classmethod
    def from_rows(cls, rows: pd.DataFrame, frame: Frame) -> Grids:
        """The reverse of ``as_rows``; counts that are not there are 0."""
        grids = cls()
        units = pd.Index(frame.units)
        for (indicator, part), group in rows.groupby(["indicator", "part"], sort=False):
            counts = frame.empty()
            counts[units.get_indexer(group["unit"]), group["month"] - frame.horizon.first] = group["n"]
            grids[indicator, part] = counts
        return grids


def figures(
    connection: Connection,
    cards: Iterable[Card],
    frame: Frame,
    horizon: Horizon,
    units: pd.DataFrame,
    grids: Grids,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of ``published.figure`` and of ``published.delivery`` for the months of ``horizon``."""
    shown = Frame(frame.units, horizon)
    months = slice(0, len(horizon.months))
    tree = Tree.of(units)
    open_months = tree.open_months(horizon)
    deliveries, delivery_rows = delivered(connection, shown, open_months)
    approved = populations(connection)
    year_starts = _year_starts(horizon)
    tables = []
    for card in cards:
        counts = {part: grids[card.key, part][:, months] for part in PARTS if (card.key, part) in grids}
        told = _told(counts, tree)
        if not card.each_level:
            counts = {part: rolled_up(grid, tree.parents, tree.depth) for part, grid in counts.items()}
        statistic = in_force(card.statistic, approved, shown, tree) if card.statistic else None
        for basis in card.bases:
            table = _on_one_basis(card, basis, counts, statistic, year_starts)
            status = np.maximum(_status(card, basis, table, deliveries, year_starts, tree), told)
            tables.append(_rows(card, basis, table, status, open_months, shown))
    return pd.concat(tables, ignore_index=True), delivery_rows


def _year_starts(horizon: Horizon) -> np.ndarray:
    """For each month the position of the first month of its year (negative: before the horizon)."""
    starts = np.array(horizon.years)
    months = np.array(horizon.months)
    return starts[np.searchsorted(starts, months, side="right") - 1] - horizon.first


def _on_one_basis(card, basis, counts, statistic, year_starts) -> dict[str, np.ndarray | None]:
    flows = card.is_events
    numerator = on_basis(counts["numerator"], basis, year_starts) if flows else counts["numerator"]
    if flows and "denominator" in counts:
        listed = on_basis(counts["denominator"], basis, year_starts)
    else:
        listed = counts.get("listed")
    denominator = statistic if statistic is not None else listed
    return {"numerator": numerator, "listed": listed, "denominator": denominator}


def _status(
    card: Card,
    basis: Basis,
    table: dict,
    deliveries: dict[str, Delivery],
    year_starts: np.ndarray,
    tree: Tree,
) -> np.ndarray:
    status = np.full(table["numerator"].shape, _OK)
    for source in card.reads:
        if source in deliveries:
            came = _came(basis, deliveries[source], year_starts, tree)
            status = np.maximum(status, np.choose(came, [_OK, _PART, _NONE]))
    if (denominator := table["denominator"]) is not None:
        status = np.where((denominator == 0) & (status != _NONE), _EMPTY, status)
        status = np.where((denominator == MISSING) & (status != _NONE), _NO_DENOMINATOR, status)
    return status


def _told(counts: dict[str, np.ndarray], tree: Tree) -> np.ndarray | int:
    """Whether the source holds the item: of a unit without it there is no figure, above it only part of one."""
    if "told" not in counts:
        return _OK
    lacking = np.where((counts["told"] == 0) & (counts["listed"] > 0), NONE, WHOLE)
    return np.choose(
        with_parents(lacking, counts["listed"] > 0, tree.parents, tree.depth), [_OK, _PART, _UNTOLD]
    )


def _came(basis: Basis, delivery: Delivery, year_starts: np.ndarray, tree: Tree) -> np.ndarray:
    status = delivery.status
    if basis is Basis.YTD:
        status = over_window(status, year_starts, None)
    elif basis is Basis.R12:
        status = over_window(status, None, 12)
    elif basis is Basis.AS_OF:
        status = np.minimum(status, PART)  # what was delivered before still stands
    return with_parents(status, delivery.concerned, tree.parents, tree.depth)


def _rows(
    card: Card, basis: Basis, table: dict, status: np.ndarray, open_months: np.ndarray, shown: Frame
) -> pd.DataFrame:
    numerator, listed, denominator = (
        None if table[part] is None else table[part].astype(float)
        for part in ("numerator", "listed", "denominator")
    )
    if denominator is not None:
        denominator = np.where(denominator == MISSING, np.nan, denominator)
    value = value_of(card, numerator, denominator)
    undelivered = status == _NONE
    numerator = np.where(undelivered, np.nan, numerator)
    value = np.where(undelivered | (status == _UNTOLD), np.nan, value)
    present = open_months.copy()
    if basis is Basis.R12:
        present[:, :11] = False  # twelve months are not there yet
    unit, month = np.nonzero(present)
    return pd.DataFrame(
        {
            "indicator": card.key,
            "unit": np.asarray(shown.units)[unit],
            "month": month + shown.horizon.first,
            "basis": basis.value,
            "stratum": "",
            "numerator": _integers(numerator, unit, month),
            "listed": _integers(listed, unit, month),
            "denominator": _integers(denominator, unit, month),
            "value": value[unit, month],
            "status": _STATUS_WORDS[status[unit, month]],
        }
    ).assign(value=lambda frame: frame["value"].astype("Float64"))


def _integers(grid: np.ndarray | None, unit: np.ndarray, month: np.ndarray) -> pd.array:
    if grid is None:
        return pd.array([pd.NA] * len(unit), dtype="Int64")
    return pd.array(grid[unit, month], dtype="Float64").astype("Int64")
