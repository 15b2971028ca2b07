"""What a bureau is told of each of its units: how much a week's visits close, and until when people must be seen.

Made at every build from the lists of all units at once, for the published tables ``week_visits`` and ``last_days``. Only
counts leave this module, and only whoever may open the lists themselves is shown them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection

from metrics import published
from metrics.card import Card
from metrics.cards import CARDS
from metrics.context import Horizon, prepare
from metrics.heading.reaching import last_day
from metrics.visiting.closings import WHERE, closings
from metrics.visiting.days import first_week, working_days
from metrics.visiting.owing import LATE, Lists, gaps_of, rules
from metrics.visiting.people import people_of
from metrics.visiting.plan import capacity_of, week_counts

ALL = ""  # of every system: its people each once


def week_tables(
    connection: Connection,
    cards: Collection[Card],
    units: pd.DataFrame,
    figures: pd.DataFrame,
    horizon: Horizon,
    event: int,
    after: date,
) -> dict[str, pd.DataFrame]:
    """Rows of the two tables, by name, of every unit right below a bureau.

    units    of ``metrics.unit_rows``; figures: of this build: a card without a figure of the unit has no list there
    event    what is known; after: the last day that is over
    """
    month, keys = horizon.last, {card.key for card in cards}
    asked = {key: closing for key, closing in closings(last_day(month)).items() if key in keys}
    bureaus = units.loc[units["kind"] == "bureau", "unit"]
    tops = [int(unit) for unit in units.loc[units["parent"].isin(bureaus), "unit"]]
    told = _told(figures, asked, tops, month)
    wanted = [CARDS[key] for key in asked if key in set(told["indicator"])]
    if not wanted:
        return {name: pd.DataFrame() for name in (published.week_visits.name, published.last_days.name)}
    prepare(connection, rules(wanted, month), horizon, known_at=event, whole=False)
    gaps = gaps_of(connection, wanted, asked, tops, month, horizon)
    known = pd.MultiIndex.from_frame(told[["unit", "indicator"]])
    gaps = gaps[pd.MultiIndex.from_frame(gaps[["unit", "card"]].astype({"card": str})).isin(known)]
    people = people_of(connection, month)
    monday = first_week(after)
    listed = []
    for unit in sorted(told["unit"].unique()):
        some = gaps[gaps["unit"] == unit]
        whom = people[people["person"].isin(some["person"])]
        listed.append(Lists(int(unit), month, some, whom, tuple(asked)))
    return {
        published.week_visits.name: visits_of(listed, monday, working_days(monday, after)),
        published.last_days.name: last_days_of(gaps),
    }


def visits_of(listed: Sequence[Lists], monday: date, days: Sequence[date]) -> pd.DataFrame:
    """Rows of ``week_visits``: the shortest list of each unit with the usual number of visits."""
    rows = []
    for found in listed:
        for where in WHERE:
            counts = week_counts(found, where, days, capacity_of(where, found.month))
            rows.append((found.unit, where, monday, counts.chosen, counts.closed))
    return pd.DataFrame(rows, columns=list(published.week_visits.c.keys()))


def last_days_of(gaps: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``last_days`` of GAPS: each person once a system and once of all, at the first of their last days.

    Warnings have no part in it: their day is one to act by, not the last chance. Nor has who died or left.
    """
    standards = gaps[~gaps["card"].astype(str).map(lambda key: CARDS[key].alert is not None).astype(bool)]
    named = standards["card"].astype(str).map(lambda key: CARDS[key].system)
    both = pd.concat([standards.assign(system=named), standards.assign(system=ALL)])
    keys = ["unit", "system", "person"]
    first = both[both["lost"] == ""].groupby(keys)["last"].min().reset_index()
    first["week_on"] = (first["last"] - pd.to_timedelta(first["last"].dt.day_of_week, "D")).dt.date
    open_ones = first.groupby(["unit", "system", "week_on"])["person"].count().reset_index(name="people")
    lost = both[both["lost"] == LATE].groupby(["unit", "system"])["person"].nunique()
    rows = pd.concat([open_ones, lost.reset_index(name="people").assign(week_on=None)], ignore_index=True)
    return rows.astype({"people": "int64"})[list(published.last_days.c.keys())]


def day_over(until: date, today: date, is_demo: bool) -> date:
    """The last day that is over: a demo's data end before today, and its week is theirs."""
    return until if is_demo else max(until, today - timedelta(days=1))


def _told(
    figures: pd.DataFrame, asked: Mapping[str, object], tops: Sequence[int], month: int
) -> pd.DataFrame:
    """unit, indicator of every figure that there is of the cards on their own basis."""
    bases = {key: str(CARDS[key].bases[0]) for key in asked}
    now = (figures["month"] == month) & (figures["stratum"] == "") & (figures["status"] != "none")
    told = figures.loc[now & figures["unit"].isin(tops), ["unit", "indicator", "basis"]].astype(
        {"indicator": str, "basis": str}
    )
    return told.loc[told["indicator"].map(bases) == told["basis"], ["unit", "indicator"]]
