"""Notices from one build to the next: what was raised is not raised again because late rows have moved a month.

A build finds the notices of all months anew. Those that were told before stay as they were told, as long as the figure of their month is
public and their month is over; a notice found anew is the same change when it began before the one that was told was raised.
What somebody has since marked as foreseen is no news: a notice of a marked month, or of a later one, stays only while it is still found.
"""

from __future__ import annotations

import pandas as pd

from metrics.card import Basis
from metrics.changing.marking import NOTHING, months_of
from metrics.small_numbers import DENOMINATOR, NUMERATOR, VALUE

_PAIR = ["indicator", "unit", "way"]


def kept(
    told: pd.DataFrame, found: pd.DataFrame, figures: pd.DataFrame, last: int, marked: pd.DataFrame = NOTHING
) -> pd.DataFrame:
    """Rows of ``published.notice``: those told of months before ``last`` and, of those found, all other changes.

    told     rows of the build in force, made by the same rules; found: of this build
    figures  rows of ``published.figure`` of this build
    marked   of ``marking.rebasing``, with which ``found`` was made
    """
    told = told[told["month"] < last]
    told = told[_is_public(told, figures)]
    told = told[~_is_foreseen(told, found, marked)]
    if told.empty:
        return found
    both = found.reset_index().merge(told[[*_PAIR, "month"]], on=_PAIR, suffixes=("", "_told"))
    same = both[(both["since"] <= both["month_told"]) & (both["month"] >= both["month_told"])]
    earlier = both[both["month"] < both["month_told"]]  # late rows brought it forward
    again = pd.concat([same["index"], earlier.loc[earlier["month_told"] >= earlier["since"], "index"]])
    new = found[~found.index.isin(again)]
    return pd.concat([told, new], ignore_index=True).sort_values(
        ["month", "indicator", "unit"], ignore_index=True
    )[list(found.columns)]


def _is_public(notices: pd.DataFrame, figures: pd.DataFrame) -> pd.Series:
    """Whether the figure of a notice's month, and of the month in which the change began, may be told to everybody."""
    rows = figures[(figures["basis"] == Basis.MONTH) & (figures["stratum"] == "") & figures["value"].notna()]
    rows = rows[(rows["hidden"] & (NUMERATOR | DENOMINATOR | VALUE)) == 0]
    public = pd.MultiIndex.from_frame(rows[["indicator", "unit", "month"]])
    asked = [
        pd.MultiIndex.from_frame(notices[["indicator", "unit", name]]).isin(public)
        for name in ("month", "since")
    ]
    return pd.Series(asked[0] & asked[1], index=notices.index)


def _is_foreseen(told: pd.DataFrame, found: pd.DataFrame, marked: pd.DataFrame) -> pd.Series:
    """Whether an event is marked by a notice's month and, knowing of it, this build finds no such change any more."""
    is_marked = [
        any(month <= one.month for month in months_of(marked, one.unit, one.indicator))
        for one in told.itertuples()
    ]
    both = told.reset_index().merge(found[[*_PAIR, "month", "since"]], on=_PAIR, suffixes=("", "_found"))
    again = both.loc[(both["since_found"] <= both["month"]) & (both["since"] <= both["month_found"]), "index"]
    return pd.Series(is_marked, index=told.index, dtype=bool) & ~told.index.isin(again)
