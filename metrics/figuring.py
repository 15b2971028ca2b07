"""Counts in, figures out: roll-up, bases, denominators in force, delivery, statuses. No database rules here."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals
from sqlalchemy import Connection

from metrics.card import Basis, Card, Change
from metrics.context import Horizon
from metrics.counting import PARTS, Frame
from metrics.delivering import NONE, PART, WHOLE, Delivery, delivered, over_window, with_parents
from metrics.denominators import MISSING, in_force, populations
from metrics.deriving import (
    EMPTY,
    NO_DENOMINATOR,
    NONE_CAME,
    OK,
    PART_CAME,
    UNTOLD,
    Made,
    derived,
    statistic_as_count,
)
from metrics.hiding import bits
from metrics.hiding_strata import Whole, strata_bits
from metrics.reporting import Reports
from metrics.shaping import on_basis, rolled_up, value_of
from metrics.strata import Strata, strata_figures, stratum_words
from metrics.tree import Tree

_STATUS_WORDS = np.array(["ok", "part", "none", "untold", "no_denominator", "empty"])
_ORIGINS = np.array(["records", "reported"])


class Grids(dict):
    """(indicator, part) -> counts [unit, month], as the database counted them."""

    def as_rows(self, frame: Frame) -> pd.DataFrame:
        """Rows of ``published.tally``: every count that is not 0."""
        counts = np.stack(list(self.values()))
        place, unit, month = np.nonzero(counts)
        return pd.DataFrame(
            {
                "indicator": _words([indicator for indicator, _ in self], place),
                "part": _words([part for _, part in self], place),
                "unit": np.asarray(frame.units)[unit],
                "month": month + frame.horizon.first,
                "n": counts[place, unit, month],
            }
        )

    @classmethod
    def from_rows(cls, rows: pd.DataFrame, frame: Frame) -> Grids:
        """The reverse of ``as_rows``; counts that are not there are 0."""
        indicators, indicator_names = pd.factorize(rows["indicator"])
        parts, part_names = pd.factorize(rows["part"])
        places, numbers = pd.factorize(indicators * len(part_names) + parts)
        counts = np.zeros((len(numbers), *frame.shape), dtype=np.int64)
        units = pd.Index(frame.units).get_indexer(rows["unit"])
        counts[places, units, rows["month"].to_numpy() - frame.horizon.first] = rows["n"]
        return cls(
            ((indicator_names[number // len(part_names)], part_names[number % len(part_names)]), grid)
            for number, grid in zip(numbers, counts, strict=True)
        )


def figures(
    connection: Connection,
    cards: Iterable[Card],
    frame: Frame,
    horizon: Horizon,
    units: pd.DataFrame,
    grids: Grids,
    strata: Strata | None = None,
    reports: Reports | None = None,
    known_at: int | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of ``published.figure`` and of ``published.delivery`` for the months of ``horizon``.

    ``known_at``: number of the event whose state was counted; None: what is known now.
    """
    shown = Frame(frame.units, horizon)
    months = slice(0, len(horizon.months))
    tree = Tree.of(units)
    open_months = tree.open_months(horizon)
    cards = list(cards)
    read = {source for card in cards for source in card.reads}
    deliveries, delivery_rows = delivered(connection, shown, open_months, read, known_at)
    approved = populations(connection, shown, tree, known_at)
    year_starts = _year_starts(horizon)
    came = cache(lambda basis, source: _came(basis, deliveries[source], year_starts, tree))
    made: list[Made] = []
    by_source: dict[str, np.ndarray] = {}
    for card in cards:
        counts = {part: grids[card.key, part][:, months] for part in PARTS if (card.key, part) in grids}
        told = _told(counts, tree)
        if not card.each_level:
            counts = {part: rolled_up(grid, tree.parents, tree.depth) for part, grid in counts.items()}
        statistic = in_force(card.statistic, approved, shown, tree) if card.statistic else None
        for basis in card.bases:
            if card.derived is not None and card.derived.how is Change.STATISTIC:
                table, arrived = statistic_as_count(statistic), []
            else:
                table = _on_one_basis(card, basis, counts, statistic, year_starts)
                arrived = [came(basis, source) for source in card.reads if source in deliveries]
            made.append(_made(card, basis, table, np.maximum(_status(table, arrived), told)))
            if basis is card.bases[0]:
                by_source[card.key] = np.maximum(_status(table | {"denominator": None}, arrived), told)
    if reports is not None:
        made = reports.filled(made)
    made = derived(made, tree, open_months)
    present = _present(made, open_months, tree)
    hidden = bits(made, present, horizon, tree, year_starts)
    rows = _rows(made, present, hidden, shown)
    if strata is not None:
        columns = strata_figures(strata, cards, by_source, horizon, tree)
        if columns:
            wholes = [
                Whole.of(one, there, gone)
                for one, there, gone in zip(made, present, hidden, strict=True)
                if one.basis is one.card.bases[0]
            ]
            columns["hidden"] = strata_bits(columns, wholes, horizon, tree)
        rows = _joined(rows, _strata_rows(columns, cards, shown))
    return rows, delivery_rows


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


def _status(table: dict, arrived: list[np.ndarray]) -> np.ndarray:
    """``arrived``: how much came of each source that the card reads."""
    status = np.full(table["numerator"].shape, OK)
    for came in arrived:
        status = np.maximum(status, np.choose(came, [OK, PART_CAME, NONE_CAME]))
    if (denominator := table["denominator"]) is not None:
        status = np.where((denominator == 0) & (status != NONE_CAME), EMPTY, status)
        status = np.where((denominator == MISSING) & (status != NONE_CAME), NO_DENOMINATOR, status)
    return status


def _told(counts: dict[str, np.ndarray], tree: Tree) -> np.ndarray | int:
    """Whether the source of every unit concerned holds the item: a sum over some sources is no figure."""
    if "told" not in counts:
        return OK
    concerned = counts["listed"] > 0
    lacking = np.where((counts["told"] == 0) & concerned, NONE, WHOLE)
    return np.where(with_parents(lacking, concerned, tree.parents, tree.depth) == WHOLE, OK, UNTOLD)


def _came(basis: Basis, delivery: Delivery, year_starts: np.ndarray, tree: Tree) -> np.ndarray:
    status = delivery.status
    if basis is Basis.YTD:
        status = over_window(status, year_starts, None)
    elif basis is Basis.R12:
        status = over_window(status, None, 12)
    elif basis is Basis.AS_OF:
        status = np.minimum(status, PART)  # what was delivered before still stands
        status = np.where(delivery.unkept, NONE, status)
    return with_parents(status, delivery.concerned, tree.parents, tree.depth)


def _made(card: Card, basis: Basis, table: dict, status: np.ndarray) -> Made:
    nothing = np.full(status.shape, np.nan)
    numerator = table["numerator"].astype(float)
    listed = nothing if table["listed"] is None else table["listed"].astype(float)
    if table["denominator"] is None:
        denominator, value = nothing, value_of(card, numerator, None)
    else:
        denominator = np.where(table["denominator"] == MISSING, np.nan, table["denominator"].astype(float))
        value = value_of(card, numerator, denominator)
    undelivered = status == NONE_CAME
    numerator = np.where(undelivered, np.nan, numerator)
    value = np.where(undelivered | (status == UNTOLD), np.nan, value)
    return Made(card, basis, numerator, listed, denominator, value, status)


def _present(made: list[Made], open_months: np.ndarray, tree: Tree) -> np.ndarray:
    """[figure, unit, month]: published are the months in which a unit is open, for the units that a card is about."""
    about = cache(lambda kinds: tree.of_kinds_or_above(kinds)[:, None])
    present = np.stack([open_months & about(one.card.kinds) for one in made])
    present[[one.basis is Basis.R12 for one in made], :, :11] = False  # twelve months are not there yet
    return present


def _rows(made: list[Made], present: np.ndarray, hidden: list[np.ndarray], shown: Frame) -> pd.DataFrame:
    """Rows of ``published.figure`` of those present; ``hidden``: of each figure the bits [unit, month]."""
    place, unit, month = np.nonzero(present)

    def column(name: str) -> np.ndarray:
        return np.stack([getattr(one, name) for one in made])[present]

    return pd.DataFrame(
        {
            "indicator": _words([one.card.key for one in made], place),
            "unit": np.asarray(shown.units)[unit],
            "month": month + shown.horizon.first,
            "basis": _words([one.basis.value for one in made], place),
            "stratum": _words([""], np.zeros_like(place)),
            **{name: _integers(column(name)) for name in ("numerator", "listed", "denominator")},
            "value": pd.array(column("value"), dtype="Float64"),
            "status": _words(_STATUS_WORDS, column("status")),
            "origin": _words(_ORIGINS, _reported(made)[present]),
            "hidden": np.stack(hidden)[present],
        }
    )


def _reported(made: list[Made]) -> np.ndarray:
    """[figure, unit, month]: 1 where a unit's own report stands in for records."""
    nowhere = np.zeros(made[0].value.shape, dtype=int)
    return np.stack([nowhere if one.reported is None else one.reported.astype(int) for one in made])


def _strata_rows(columns: dict[str, np.ndarray], cards: list[Card], shown: Frame) -> pd.DataFrame:
    """Rows of ``published.figure`` from the columns of ``strata_figures``."""
    if not columns:
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "indicator": _words([card.key for card in cards], columns["card"]),
            "unit": np.asarray(shown.units)[columns["unit"]],
            "month": columns["month"],
            "basis": _words([card.bases[0].value for card in cards], columns["card"]),
            "stratum": stratum_words(columns["stratum"]),
            "numerator": _integers(columns["numerator"]),
            "listed": _integers(columns["listed"]),
            "denominator": _integers(columns["listed"]),
            "value": pd.array(columns["value"], dtype="Float64"),
            "status": _words(_STATUS_WORDS, columns["status"]),
            "origin": _words(_ORIGINS, np.zeros_like(columns["unit"])),
            "hidden": columns["hidden"],
        }
    )


def _joined(rows: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """One frame below the other; columns of words stay as they are, each word held once."""
    if more.empty:
        return rows
    words = {
        name: union_categoricals([rows[name], more[name]])
        for name in rows.columns
        if isinstance(rows[name].dtype, pd.CategoricalDtype)
    }
    plain = [name for name in rows.columns if name not in words]
    joined = pd.concat([rows[plain], more[plain]], ignore_index=True)
    return joined.assign(**words)[list(rows.columns)]


def _words(words: Iterable[str], chosen: np.ndarray) -> pd.Categorical:
    """``words[chosen]``, each word held once."""
    positions, distinct = pd.factorize(np.asarray(words, dtype=object))
    return pd.Categorical.from_codes(positions[chosen], distinct)


def _integers(numbers: np.ndarray) -> pd.array:
    missing = np.isnan(numbers)
    return pd.arrays.IntegerArray(np.where(missing, 0, numbers).astype(np.int64), missing)
