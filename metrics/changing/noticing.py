"""Notices of changes that last, made at every build for all units and cards at once: rows of ``published.notice``.

They are computed from public figures alone, so that nothing hidden has a part in them: whoever may see a unit's figures may see its
notices, and everybody sees the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from metrics.card import Basis, Card
from metrics.changing.comparable import before, comparable
from metrics.changing.events import of_population, of_rule, of_unit
from metrics.changing.marking import NOTHING, months_of
from metrics.changing.suited import is_raised
from metrics.changing.terms import terms_in
from metrics.standards import value_in
from metrics.statistics.lasting import YEAR, raised

COLUMNS = ("indicator", "unit", "month", "since", "way", "before", "after", "p", "q")


def notice_rows(
    figures: pd.DataFrame,
    cards: Mapping[str, Card],
    units: pd.DataFrame,
    values: pd.DataFrame,
    sides: pd.DataFrame,
    last: int,
    marked: pd.DataFrame = NOTHING,
) -> pd.DataFrame:
    """Every notice of the months up to ``last``, by month.

    figures  rows of ``published.figure``: those of a month and of all people are used
    units, values, sides  rows of ``published.unit``, ``parameter``, ``population``
    marked   of ``marking.rebasing``: from these months on what is expected begins anew, so what was foreseen is not raised
    """
    suited = [key for key, card in cards.items() if is_raised(card)]
    rows = figures[
        (figures["basis"] == Basis.MONTH) & (figures["stratum"] == "") & (figures["month"] <= last)
    ]
    rows = rows[rows["indicator"].isin(suited)]
    rows = comparable(rows, cards, units, value_in("notice_fewest", last))
    if rows.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    first = int(rows["month"].min())
    by_pair = rows.groupby(["indicator", "unit"])
    place, about = (
        by_pair.ngroup().to_numpy(),
        by_pair[["chance", "half"]].mean(),
    )  # both in the order of pairs
    pairs = [(str(key), int(unit)) for key, unit in about.index]
    levels = np.full((len(pairs), last - first + 1), np.nan)
    levels[place, rows["month"].to_numpy(int) - first] = rows["level"]
    marks_of = {unit: of_unit(unit, units) for unit in {unit for _, unit in pairs}}
    rules = {key: of_rule(cards[key], values) for key in {key for key, _ in pairs}}
    begun = {}
    for at, (key, unit) in enumerate(pairs):
        marks = [*marks_of[unit], *rules[key], *of_population(unit, cards[key], sides)]
        known = {mark.month for mark in marks if mark.rebase} | months_of(marked, unit, key)
        if months := {month - first for month in known if first < month <= last}:
            begun[at] = sorted(months)
    values_of = np.full(levels.shape, np.nan)
    values_of[place, rows["month"].to_numpy(int) - first] = rows["value"].astype(float)
    out = []
    for one in raised(levels, about["chance"].to_numpy(), first % YEAR, terms_in(last), begun):
        key, unit = pairs[one.series]
        after = float(np.nanmean(values_of[one.series, one.since : one.month + 1]))
        half = float(about["half"].iloc[one.series])
        expected = before(cards[key], after, (one.before, one.after), half)
        out.append((key, unit, first + one.month, first + one.since, one.way, expected, after, one.p, one.q))
    found = pd.DataFrame(out, columns=list(COLUMNS))
    return found.sort_values(["month", "indicator", "unit"], ignore_index=True)
