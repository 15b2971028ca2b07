"""Figures on a scorecard: trends, and the units below side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from sqlalchemy import Connection

from metrics import figures
from metrics.card import Card, Gap, Unit
from metrics.cards import CARDS
from metrics.principal import Principal
from metrics.reading import within
from metrics.scorecard.parts import Cost, Finding, Scored, Station, Value
from metrics.scorecard.scores import of_stations

FIGURES = 6  # by which stations stand side by side


def trends_of(
    principal: Principal,
    published: Connection,
    unit: int,
    month: int,
    score: Scored | None,
    lost: pd.DataFrame,
    behind: pd.DataFrame,
) -> dict[str, tuple[float, ...]]:
    """card -> its last thirteen months, of the items that cost points and of what is behind."""
    of_items = [score.sheet.item(key).card for key in lost["item"]] if score else []
    cards = {key: CARDS[key] for key in (*of_items, *behind.index) if key in CARDS}
    lines = figures.sparks(principal, published, unit, month, cards) if cards else {}
    return {key: tuple(line) for key, line in lines.items()}


def side_by_side(
    principal: Principal,
    published: Connection,
    unit: int,
    month: int,
    below: Sequence[int],
    costs: Sequence[Cost],
    standing: pd.DataFrame,
) -> tuple[tuple[str, ...], dict[int, dict[str, Value]]]:
    """The shares by which the units below stand side by side, and their figures.

    First those that cost the unit most, then its headline figures; those that most of the units have.
    """
    asked = [key for key in _candidates(costs, standing) if _is_shared(CARDS[key])]
    if not below or not asked:
        return (), {}
    matrix = figures.matrix(principal, published, unit, month, {key: CARDS[key] for key in asked})
    known = matrix[matrix["value"].notna()].groupby("indicator").size()
    most = known.max() / 2 if len(known) else 0
    columns = tuple(key for key in asked if known.get(key, 0) >= max(most, 1))[:FIGURES]
    cells: dict[int, dict[str, Value]] = {}
    for row in matrix[matrix["indicator"].isin(columns)].itertuples():
        cells.setdefault(int(row.unit), {})[row.indicator] = value_of(row)
    return columns, cells


def _candidates(costs: Sequence[Cost], standing: pd.DataFrame) -> list[str]:
    headline = [
        key for key in figures.headline(standing, CARDS, 4 * FIGURES) if CARDS[key].gap is Gap.PERSONS
    ]
    keys = dict.fromkeys((*(one.item.card for one in costs[: 2 * FIGURES]), *headline))
    return [
        key
        for key in keys
        if key in standing.index and CARDS[key].unit is Unit.PERCENT and figures.is_ranking(CARDS[key])
    ]


def _is_shared(card: Card) -> bool:
    """Whether units below a centre have the figure too."""
    return card.kinds is None or bool({"station", "clinic"} & set(card.kinds))


def stations_of(
    principal: Principal,
    register: Connection,
    below: Sequence[int],
    month: int,
    cells: Mapping[int, Mapping[str, Value]],
    findings: Sequence[Finding],
    tree: pd.DataFrame,
) -> tuple[Station, ...]:
    """The units below, the lowest score first; without those that have nothing to show."""
    if not below:
        return ()
    scores = of_stations(principal, register, below, month)
    found = []
    for one in below:
        own = set(within(tree, one))
        mine = [finding for finding in findings if finding.unit in own]
        overdue = sum(finding.days_left < 0 for finding in mine)
        found.append(Station(one, scores.get(one), cells.get(one, {}), len(mine), overdue))
    # Who has neither a score nor a figure was closed or never began: nothing to show side by side.
    found = [
        one
        for one in found
        if one.score or one.open or any(not math.isnan(value.value) for value in one.values.values())
    ]
    return tuple(sorted(found, key=_weakest_first))


def _weakest_first(one: Station) -> tuple[bool, int, int]:
    behind = sum(value.judgement == "below" for value in one.values.values())
    return one.score is None, one.score.points if one.score else 0, -behind


def value_of(row) -> Value:
    """A row of ``figures.standing`` or ``figures.matrix`` as a value."""
    return Value(float(row.value), row.status, row.judgement)
