"""What a bureau is told of its units' weeks, from published tables alone. Who asks comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.store import read_frame
from metrics import published
from metrics.gaps import units_below
from metrics.principal import Principal
from metrics.standards import value_in
from metrics.visiting.closings import WHERE
from metrics.visiting.owing import may_see
from metrics.visiting.weeks import ALL

DAYS = ("due", "soon", "lost")


def unit_weeks(
    principal: Principal, connection: Connection, units: Sequence[int], monday: date, month: int
) -> pd.DataFrame:
    """By unit, of those of ``units`` whose lists somebody may open: WHERE, DAYS and week_on, the Monday of WHERE; NaN is not known.

    home, centre   gaps that the usual number of visits closes; only of every system together, for they share the visits
    due            people whose first last day comes by the end of the week of ``monday``, also where it passed since the data end
    soon           the same in the ``visit_soon_days`` after that week; lost: people who are too late for something this year
    month          in which the parameter is read

    Each person once. Somebody in charge of several systems, but not of all, is told no people: two counts cannot be added.
    """
    theirs = [unit for unit in units if may_see(principal, units_below(connection, unit))]
    found = pd.DataFrame(index=pd.Index(theirs, name="unit"), columns=[*WHERE, *DAYS], dtype=float)
    found["week_on"] = pd.NaT
    if len(principal.systems) > 1 or not theirs:
        return found
    visits, days = published.week_visits, published.last_days
    rows = read_frame(connection, select(visits).where(visits.c.unit.in_(theirs)))
    told = rows["unit"].unique()  # of the others nothing was delivered
    if not principal.systems:
        closed = rows.pivot(index="unit", columns="place", values="closed").reindex(index=theirs)
        for place in closed.columns:
            found[place] = closed[place].astype(float)
        found["week_on"] = pd.to_datetime(rows.groupby("unit")["week_on"].first()).reindex(theirs)
    system = next(iter(principal.systems), ALL)
    rows = read_frame(connection, select(days).where(days.c.unit.in_(theirs), days.c.system == system))
    week, this = pd.to_datetime(rows["week_on"]), pd.Timestamp(monday)
    end = this + timedelta(days=int(value_in("visit_soon_days", month)))
    when = np.select([week.isna(), week <= this, week <= end], ["lost", "due", "soon"], "")
    sums = rows["people"].groupby([rows["unit"], when]).sum().unstack().reindex(index=told, columns=DAYS)
    found.update(sums.fillna(0))
    return found
