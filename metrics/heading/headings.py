"""Where one unit's figure is heading, from published figures alone. Who asks comes first.

Everything is computed from the figures as whoever asks may see them: what is hidden from them has no part in it, so
nothing of it can be told by a forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.store import read_frame
from metrics import published
from metrics.card import Card, Unit
from metrics.heading.course import YEAR
from metrics.heading.forecast import Histories, Outlook, outlooks
from metrics.heading.reserve import with_reserve
from metrics.judgement import accumulates, months_elapsed, scale_of
from metrics.principal import Principal
from metrics.reading import siblings
from metrics.small_numbers import HIDDEN, shown_to
from metrics.standards import value_in

#: Why there is no forecast, in the order in which it is asked.
REASONS = ("over_year", "early", "hidden", "no_figure", "no_last_year", "not_share", "few")


@dataclass(frozen=True)
class Heading:
    """The figure's range month by month until the year's end, in the value's own unit (shares 0..1).

    reason       one of REASONS where there is no forecast; "" otherwise
    months       the months ahead, the year's last one at the end
    low, high    the range that is told (``heading_range_pct``) at the end of each
    low_outer, high_outer   the outer range (``heading_outer_pct``)
    middle       as likely above as below
    chance       of meeting the target by the year's end, with its reserve (``reserve``); NaN without a target
    """

    reason: str
    months: tuple[int, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    low_outer: tuple[float, ...] = ()
    high_outer: tuple[float, ...] = ()
    middle: tuple[float, ...] = ()
    chance: float = math.nan


def heading(
    principal: Principal,
    connection: Connection,
    unit: int,
    card: Card,
    month: int,
    basis: str,
    target: float = math.nan,
) -> Heading | None:
    """None for a figure that does not grow with the year.

    target   what is to be met by the year's end, in the value's own unit; NaN: none
    """
    if not accumulates(card, basis):
        return None
    elapsed = months_elapsed(card, month)
    if elapsed == YEAR:
        return Heading("over_year")
    if elapsed < value_in("heading_months_least", month):
        return Heading("early")
    peers, kind = _peers(principal, connection, unit)
    first = month - elapsed - YEAR + 1
    frame = _figures(principal, connection, peers, card, basis, first, month)
    return of_figures(frame, unit, kind, card, month, target)


def of_figures(
    frame: pd.DataFrame, unit: int, kind: str, card: Card, month: int, target: float = math.nan
) -> Heading:
    """The same from the figures of a unit and its peers as somebody may see them.

    frame   unit, month, numerator, denominator, status: last year's months and this year's up to ``month``
    kind    of unit; only a bureau's figures are used where some below it delivered part
    """
    elapsed = months_elapsed(card, month)
    whole = ["ok", "part"] if kind == "bureau" else ["ok"]
    if reason := _hidden_or_missing(frame, unit, whole, month, month - elapsed):
        return Heading(reason)
    used = frame[frame["status"].isin(whole)]
    top = _by_month(used, "numerator", month, elapsed)
    of = _by_month(used, "denominator", month, elapsed)
    fewest = value_in("heading_fewest", month) * scale_of(card)
    once = card.is_ratio and card.unit is Unit.PERCENT
    now, end = top[:, -1], top[:, YEAR - 1]
    shares = np.full(len(top), True)
    if card.is_ratio:
        shares = (of[:, -1] > 0) & (of[:, YEAR - 1] > 0)
    if once:
        shares &= now <= of[:, -1]
    units = sorted(used["unit"].unique())
    place = units.index(unit)
    if not shares[place]:
        return Heading("not_share")
    if now[place] < fewest or end[place] < fewest:
        return Heading("few")
    fit = shares & (now > 0) & (end > 0)  # NaN is not
    histories = Histories(
        top[fit, YEAR:],
        top[fit, :YEAR],
        of[fit, -1] if card.is_ratio else np.full(fit.sum(), np.nan),
        of[fit, :YEAR] if card.is_ratio else np.full((fit.sum(), YEAR), np.nan),
        once,
    )
    ahead = list(range(1, YEAR - elapsed + 1))
    flat = value_in("heading_flat_pct", month) / 100
    found = outlooks(histories, flat, ahead, place=int(fit[:place].sum()))
    return _told(found, card, month, target)


def _told(found: list[Outlook], card: Card, month: int, target: float) -> Heading:
    end = found[-1]
    one = float(end.of_end[0]) if card.is_ratio else scale_of(card)
    inner = value_in("heading_range_pct", month) / 100
    outer = value_in("heading_outer_pct", month) / 100

    def at(share: float) -> tuple[float, ...]:
        return tuple(float(each.reached(share)[0]) / one for each in found)

    chance = math.nan
    if not math.isnan(target):
        reserve = value_in("heading_reserve_pct", month) / 100
        chance = float(with_reserve(end.chance(np.array([target * one])), len(found), reserve)[0])
    return Heading(
        "",
        tuple(range(month + 1, month + len(found) + 1)),
        at((1 - inner) / 2),
        at((1 + inner) / 2),
        at((1 - outer) / 2),
        at((1 + outer) / 2),
        at(0.5),
        chance,
    )


def _hidden_or_missing(frame: pd.DataFrame, unit: int, whole: list[str], month: int, end: int) -> str:
    own = frame[frame["unit"] == unit].set_index("month")
    for asked, missing in ((month, "no_figure"), (end, "no_last_year")):
        status = own["status"].get(asked, "none")
        if status == HIDDEN or (status in whole and own.loc[asked, ["numerator"]].isna().any()):
            return "hidden"
        if status not in whole:
            return missing
    return ""


def _by_month(frame: pd.DataFrame, column: str, month: int, elapsed: int) -> np.ndarray:
    """[unit, 12 + elapsed]: last year's months and this year's; NaN unknown. Units in order of their number."""
    months = range(month - elapsed - YEAR + 1, month + 1)
    wide = frame.pivot(index="unit", columns="month", values=column)
    return wide.sort_index().reindex(columns=months).to_numpy(float)


def _peers(principal: Principal, connection: Connection, unit: int) -> tuple[list[int], str]:
    table = published.unit
    columns = select(table.c.unit, table.c.parent, table.c.kind).where(principal.figures.holds(table.c.unit))
    tree = read_frame(connection, columns)
    kinds = dict(zip(tree["unit"], tree["kind"], strict=True))
    return siblings(tree, unit), kinds.get(unit, "")


def _figures(
    principal: Principal,
    connection: Connection,
    units: list[int],
    card: Card,
    basis: str,
    first: int,
    last: int,
) -> pd.DataFrame:
    table = published.figure.c
    statement = select(
        table.indicator,
        table.unit,
        table.month,
        table.numerator,
        table.denominator,
        table.value,
        table.status,
        table.hidden,
    ).where(
        table.indicator == card.key,
        table.basis == basis,
        table.stratum == "",
        table.unit.in_(units),
        table.month.between(first, last),
        principal.figures.holds(table.unit),
    )
    frame = shown_to(principal, read_frame(connection, statement))
    return frame.astype({"numerator": float, "denominator": float})
