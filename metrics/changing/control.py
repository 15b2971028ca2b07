"""The control chart of one unit and card, from published figures as whoever asks may see them. Who asks comes first.

What is hidden has no part in it: where a month is hidden there is no chart, because hidden months are the small ones and
limits of the others would mislead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.store import read_frame
from metrics import figures, published
from metrics.card import Basis, Card, Direction, Period
from metrics.changing.events import Mark, known_events
from metrics.changing.suited import unsuited
from metrics.changing.terms import Lengths, lengths_in
from metrics.comparing.sorts import Sort, sort_of
from metrics.principal import Principal
from metrics.small_numbers import HIDDEN
from metrics.standards import value_in
from metrics.statistics import suitability as suits
from metrics.statistics import xmr

HIDDEN_MONTHS, RECENT = "hidden", "recent"  # why there is no chart, beside ``suited`` and ``suitability``
OPEN = "open"  # of the newest cohorts some may still be served: beware
SIGN = {Direction.HIGHER: 1, Direction.LOWER: -1, Direction.NONE: 0}
#: Statuses of figures that count as a month's; a bureau's count though some unit is late.
WHOLE, OF_BUREAU = ("ok",), ("ok", "part")
#: Sorts of which the numerator says how many cases a month has; of the others the denominator does.
COUNTED = (Sort.SHARE, Sort.RATE, Sort.COUNT)


@dataclass(frozen=True, eq=False)
class Control:
    """reason: why there is no chart; "" where there is one. Then all below, arrays by month:

    beware    what a reader must know: ``suitability.SEASONAL``, ``LINKED``, ``OPEN``
    months    oldest first, every one
    rows      of ``figures.course``, one a month
    chart     centre, limits, rules met
    marks     known events within the months
    target    of the newest month; NaN where there is none, or a range
    changed   of ``xmr.changed``
    attained  of ``xmr.attainment``
    """

    reason: str
    hidden: int = 0
    known: int = 0  # months that are known
    beware: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    rows: pd.DataFrame | None = None
    chart: xmr.Chart | None = None
    marks: tuple[Mark, ...] = ()
    target: float = math.nan
    changed: str = xmr.UNCLEAR
    attained: str = xmr.UNCLEAR


def control(
    principal: Principal,
    connection: Connection,
    unit: int,
    card: Card,
    month: int,
    rebased: tuple[int, ...] = (),
) -> Control:
    """At the end of ``month``. ``rebased``: months from which on somebody has limits begin anew (``marking``)."""
    if reason := unsuited(card):
        return Control(reason)
    lengths = lengths_in(month)
    course = figures.course(principal, connection, unit, card, str(Basis.MONTH))
    tree = figures.units(principal, connection)
    kind = str(tree.loc[tree["unit"] == unit, "kind"].iloc[0])
    marks = known_events(
        unit,
        card,
        tree,
        figures.parameters_of(principal, connection, card),
        _sides(principal, connection, unit),
    )
    return of_course(course, card, kind, month, lengths, marks, rebased)


def of_course(
    course: pd.DataFrame,
    card: Card,
    kind: str,
    month: int,
    lengths: Lengths,
    marks: list[Mark],
    rebased: tuple[int, ...] = (),
) -> Control:
    """The same from a frame of ``figures.course`` on the basis of the month. ``kind``: of the unit."""
    first = max(int(course["month"].min()), month - lengths.shown + 1) if len(course) else month
    months = tuple(range(first, month + 1))
    rows = course.set_index("month").reindex(months).rename_axis("month").reset_index()
    hidden = int((rows["status"] == HIDDEN).sum())
    values = rows["value"].astype(float).where(rows["status"].isin(OF_BUREAU if kind == "bureau" else WHOLE))
    values = values.to_numpy()
    known = int((~np.isnan(values)).sum())
    if hidden:
        return Control(HIDDEN_MONTHS, hidden=hidden, known=known)
    marks = [mark for mark in marks if first < mark.month <= month]
    events = sorted({mark.month - first for mark in marks if mark.rebase} | {at - first for at in rebased})
    share = sort_of(card) is Sort.SHARE
    chart = xmr.chart(
        values,
        lengths.rules,
        events=events,
        baseline=lengths.base,
        within=(0, 1) if share else (0, np.inf),
        enough=lengths.least,
    )
    found = suits.suitability(
        values,
        value_in("interval_pct", month) / 100,
        enough=lengths.least,
        first_month=first % 12,
        counts=cases(rows, card),
        rare=lengths.rare,
        centre=chart.centre,
    )
    # That a figure of the month only grew within its years is a change, and no sign that it is cumulative.
    refused = [reason for reason in found.refused if reason != suits.CUMULATIVE]
    if refused:
        return Control(refused[0], known=known)
    if np.isnan(values[-1]):
        return Control(RECENT, known=known)
    newest = rows.iloc[-1]
    ranged = not math.isnan(newest["target_to"])
    target = math.nan if ranged else float(newest["target"])
    sign = SIGN[card.direction]
    return Control(
        "",
        0,
        known,
        found.beware + ((OPEN,) if card.period is Period.COHORT else ()),
        months,
        rows,
        chart,
        tuple(marks),
        target,
        xmr.changed(chart, sign),
        xmr.attainment(chart, target, sign),
    )


def cases(rows: pd.DataFrame, card: Card) -> np.ndarray:
    """[row]: of how many cases a figure of the month is made; NaN where it is not known."""
    if sort_of(card) in COUNTED:
        return rows["numerator"].to_numpy(float) / (card.top_scale if not card.is_ratio else 1)
    return rows["denominator"].to_numpy(float) / card.bottom_scale


def _sides(principal: Principal, connection: Connection, unit: int) -> pd.DataFrame:
    table = published.population
    mine = (table.c.unit == unit, principal.figures.holds(table.c.unit))
    return read_frame(
        connection,
        select(table.c.unit, table.c.year, table.c.kind, table.c.band, table.c.in_force).where(*mine),
    )
