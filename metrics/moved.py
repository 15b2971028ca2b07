"""How figures of months that were reported already have moved: each build held against the one before, by published figures alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, select, update

from data.store import read_frame
from metrics import published
from metrics.card import Basis, Card, Form
from metrics.late import report_day
from metrics.standards import number, value_in

_PLACE = ["indicator", "unit", "month", "basis"]
_NUMBERS = ["numerator", "denominator", "value"]

#: No figures before.
NOTHING = pd.DataFrame(columns=[*_PLACE, *_NUMBERS, "hidden"])


def told(cards: Iterable[Card], aims: pd.DataFrame) -> list[Card]:
    """The headline figures: indicators that have a target."""
    aimed = set(aims["indicator"])
    return [
        card for card in cards if card.key in aimed and card.form is Form.INDICATOR and card.alert is None
    ]


def reported_months(first: int, last: int, today: date) -> list[int]:
    """The newest months whose report day is over, as many as the parameter ``moved_held_months`` says. Until then the build in force is
    what is reported of them, whenever it was made; what a build of the report day itself corrects is still in time, as in
    ``late.event_on``."""
    held = int(value_in("moved_held_months", _month(today)))
    return [month for month in range(first, last + 1) if report_day(month) < today][-held:]


def drop_outdated(connection: Connection, today: date) -> None:
    """Delete what builds found that were made longer ago than the parameter ``moved_months``."""
    kept = int(value_in("moved_months", _month(today)))
    since = pd.Timestamp(today) - pd.DateOffset(months=kept)
    build = published.build.c
    old = select(build.build).where(build.built_at < since.to_pydatetime())
    connection.execute(delete(published.moved).where(published.moved.c.build.in_(old)))


def drop_unwatched(connection: Connection, before: pd.DataFrame) -> None:
    """Delete what is told of months and indicators that are held against the build before no longer (``before``: of ``figures_of``):
    nobody would notice when what was hidden of them is so no more."""
    if before.empty:
        return
    c = published.moved.c
    watched = c.indicator.in_(sorted(before["indicator"].astype(str).unique()))
    connection.execute(delete(published.moved).where(~watched | (c.month < int(before["month"].min()))))


def figures_of(connection: Connection, cards: Iterable[Card], months: Iterable[int]) -> pd.DataFrame:
    """Published figures of everybody on the cards' default basis."""
    c = published.figure.c
    names = [*_PLACE, *_NUMBERS, "hidden"]
    keys = {card.key: str(card.bases[0]) for card in cards}
    statement = select(*(c[name] for name in names)).where(
        c.stratum == "", c.indicator.in_(sorted(keys)), c.month.in_(list(months))
    )
    return _on_default(read_frame(connection, statement), keys)


def _on_default(frame: pd.DataFrame, keys: dict[str, str]) -> pd.DataFrame:
    return frame[frame["basis"].astype(str) == frame["indicator"].astype(str).map(keys)]


def moved(
    before: pd.DataFrame, rows: pd.DataFrame, cards: Iterable[Card], build: int, redefined: bool
) -> pd.DataFrame:
    """Rows of ``published.moved``: figures ``before`` (of ``figures_of``) that are others among ``rows`` of ``published.figure``.

    A figure that was not there, or is there no longer, has moved as well: its numbers are missing on that side.
    """
    both = _side_by_side(before, rows, cards)
    other = pd.Series(False, index=both.index)
    for name in _NUMBERS:
        one, two = both[f"{name}_before"].astype(float), both[f"{name}_after"].astype(float)
        other |= (one != two) & ~(one.isna() & two.isna())
    bits = both["hidden_before"] | both["hidden_after"]
    both = both.assign(build=build, redefined=redefined, hidden=bits)[other]
    counts = {f"{name}_{when}": "Int64" for name in _NUMBERS[:2] for when in ("before", "after")}
    return both[list(published.moved.c.keys())].astype(counts | {"hidden": int}).reset_index(drop=True)


def laid_open(before: pd.DataFrame, rows: pd.DataFrame, cards: Iterable[Card]) -> pd.DataFrame:
    """indicator, first and last month, bits: where something that was hidden is so no longer. Arguments as of ``moved``.

    A number that was hidden only to keep a sibling's is public once that sibling is small no more. When it never changed, it is also
    what it was then: with what moved around it, it would give away what the sibling was. So nothing that has moved up to this build among these
    figures may be told: all units of the indicator, in all months that one figure of the year so far adds up.
    """
    cards = list(cards)
    both = _side_by_side(before, rows, cards)
    both = both.assign(bits=both["hidden_before"] & ~both["hidden_after"])
    open_ = both.loc[both["bits"] != 0, ["indicator", "month", "bits"]]
    summed = {card.key for card in cards if card.bases[0] is Basis.YTD}
    year = open_["month"] - (open_["month"] - (int(number("year_first_month")) - 1)) % 12
    in_year = open_["indicator"].isin(summed)
    open_ = open_.assign(
        first=open_["month"].where(~in_year, year), last=open_["month"].where(~in_year, year + 11)
    )
    groups = open_.groupby(["indicator", "first", "last"], as_index=False)["bits"]
    return groups.agg(lambda bits: int(np.bitwise_or.reduce(bits)))


def hide(connection: Connection, places: pd.DataFrame) -> None:
    """Hide the numbers of all that has moved up to now at the places of ``laid_open``."""
    c = published.moved.c
    for place in places.itertuples():
        connection.execute(
            update(published.moved)
            .where(c.indicator == place.indicator, c.month.between(int(place.first), int(place.last)))
            .values(hidden=c.hidden.bitwise_or(int(place.bits)))
        )


def _side_by_side(before: pd.DataFrame, rows: pd.DataFrame, cards: Iterable[Card]) -> pd.DataFrame:
    """Figures of before and of now by place; ``hidden_before`` and ``hidden_after`` are 0 where there is no figure."""
    keys = {card.key: str(card.bases[0]) for card in cards}
    now = rows[
        (rows["stratum"] == "")
        & rows["indicator"].isin(list(keys))
        & rows["month"].isin(before["month"].unique())
    ]
    now = _on_default(
        now[[*_PLACE, *_NUMBERS, "hidden"]].assign(**{n: now[n].astype(str) for n in ("indicator", "basis")}),
        keys,
    )
    both = before.merge(now, on=_PLACE, how="outer", suffixes=("_before", "_after"))
    return both.assign(
        **{name: both[name].fillna(0).astype(int) for name in ("hidden_before", "hidden_after")}
    )


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
