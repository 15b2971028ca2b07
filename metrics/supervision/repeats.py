"""Repeated problems: the same kind of finding at the same unit, again within so many months (``repeat_months``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, or_, select

from data.register.tables import finding
from metrics.supervision.deadlines import months_before, repeat_months
from metrics.supervision.states import WITHDRAWN


def earlier(connection: Connection, row: Mapping[str, Any]) -> list[int]:
    """The findings that make one a repeated problem: earlier ones of its kind at its unit, within the months."""
    c, day = finding.c, row["issued_on"]
    since = months_before(day, repeat_months(day))
    before = or_(c.issued_on < day, (c.issued_on == day) & (c.finding < row["finding"]))
    return list(
        connection.execute(
            select(c.finding)
            .where(c.unit == row["unit"], c.kind == row["kind"], c.state != WITHDRAWN)
            .where(c.issued_on > since, before)
            .order_by(c.issued_on, c.finding)
        ).scalars()
    )


def times(rows: pd.DataFrame) -> list[int]:
    """For each of all findings (finding, unit, kind, issued_on): the how-manieth of its kind at its unit it is.

    1 is the first within the months before it; from 2 on it is a repeated problem.
    """
    found = dict.fromkeys(rows["finding"], 1)
    for _, group in rows.groupby(["unit", "kind"], sort=False):
        ordered = group.sort_values(["issued_on", "finding"])
        days = list(ordered["issued_on"])
        for place, (number, day) in enumerate(zip(ordered["finding"], days, strict=True)):
            since = months_before(day, repeat_months(day))
            found[number] = 1 + sum(before > since for before in days[:place])
    return [found[number] for number in rows["finding"]]
