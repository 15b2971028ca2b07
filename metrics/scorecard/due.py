"""What is open and what is due on a scorecard: findings and duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from metrics.duties import done_periods, duty_keys, periods_of_year
from metrics.principal import Principal
from metrics.reading import within
from metrics.scorecard.parts import Duty, Finding
from metrics.supervision.ageing import ageing

YEAR = 12  # months


def findings_of(
    principal: Principal, register: Connection, among: Sequence[int], today: date
) -> tuple[Finding, ...]:
    """Findings of these units that are open on a day, the most urgent first."""
    rows = ageing(principal, register, today)
    return tuple(
        Finding(
            number=int(row.finding),
            unit=int(row.unit),
            kind=row.kind,
            severity=row.severity,
            state=row.state,
            due_on=row.due_on,
            days_left=int(row.days_left),
        )
        for row in rows[rows["unit"].isin(list(among))].itertuples()
    )


def duties_of(
    principal: Principal, published: Connection, tree: pd.DataFrame, unit: int, month: int
) -> tuple[Duty, ...]:
    """Duties whose period ends in the month, of a unit and those below it, not done first."""
    kinds = set(tree.loc[tree["unit"].isin(within(tree, unit)), "kind"])
    year = month // YEAR
    rows = done_periods(principal, published, (unit,), year, month)
    known = {row.indicator: row for row in rows[rows["month"] == month].itertuples()}
    found = []
    for key in duty_keys():
        if not any(last == month for _, last in periods_of_year(key, kinds, year)):
            continue
        row = known.get(key)
        found.append(Duty(key, int(row.done), int(row.owed)) if row else Duty(key, None, None))
    return tuple(sorted(found, key=lambda one: (one.is_done, one.owed is None)))
