"""How figures of months that were reported already have moved: each build held against the one before, by published figures alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd
from sqlalchemy import Connection, delete, select

from data.store import read_frame
from metrics import published
from metrics.card import Card, Form
from metrics.late import report_day
from metrics.standards import value_in

#: Of so many months each build is held against the one before.
MONTHS = 24

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
    """The newest months whose report day is over: MONTHS at most. Until then the build in force is what is reported of them,
    whenever it was made; what a build of the report day itself corrects is still in time, as in ``late.event_on``."""
    return [month for month in range(first, last + 1) if report_day(month) < today][-MONTHS:]


def drop_outdated(connection: Connection, today: date) -> None:
    """Delete what builds found that were made longer ago than the parameter ``moved_months``."""
    kept = int(value_in("moved_months", today.year * 12 + today.month - 1))
    since = pd.Timestamp(today) - pd.DateOffset(months=kept)
    build = published.build.c
    old = select(build.build).where(build.built_at < since.to_pydatetime())
    connection.execute(delete(published.moved).where(published.moved.c.build.in_(old)))


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
    other = pd.Series(False, index=both.index)
    for name in _NUMBERS:
        one, two = both[f"{name}_before"].astype(float), both[f"{name}_after"].astype(float)
        other |= (one != two) & ~(one.isna() & two.isna())
    bits = both["hidden_before"].fillna(0).astype(int) | both["hidden_after"].fillna(0).astype(int)
    both = both.assign(build=build, redefined=redefined, hidden=bits)[other]
    counts = {f"{name}_{when}": "Int64" for name in _NUMBERS[:2] for when in ("before", "after")}
    return both[list(published.moved.c.keys())].astype(counts | {"hidden": int}).reset_index(drop=True)
