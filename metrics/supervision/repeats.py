"""Repeated problems: the same kind of finding at the same unit, again within so many months (``repeat_months``)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
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
    found: dict[int, int] = {}
    days: dict[tuple[int, str], list[date]] = defaultdict(list)  # of the earlier ones, in order
    ordered = sorted(zip(rows["issued_on"], rows["finding"], rows["unit"], rows["kind"], strict=True))
    for day, number, unit, kind in ordered:
        before = days[unit, kind]
        found[number] = 1 + len(before) - bisect_right(before, months_before(day, repeat_months(day)))
        before.append(day)
    return [found[number] for number in rows["finding"]]
