"""What is open and since when, what is overdue, what comes again, and how much is closed in time.

Closed in time means the same as on the card ``sup_timely_rectify``: by its day, in the period of that day; written in
time the same as on ``sup_rectify_3day``. Here it is what the register says today, there what the last build published.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from operator import itemgetter
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from metrics.principal import Principal
from metrics.supervision.deadlines import months_before, record_due, repeat_months
from metrics.supervision.findings import findings
from metrics.supervision.kinds import bucket_of
from metrics.supervision.repeats import times
from metrics.supervision.states import STANDING, WITHDRAWN

#: What ``by_unit`` and ``by_kind`` count, in order; the two shares are between 0 and 1, NaN where nothing was due.
COUNTS = (
    "issued",
    "repeated",
    "to_write",
    "written_in_time",
    "written_share",
    "due",
    "closed_in_time",
    "closed_share",
    "closed",
    "open",
    "overdue",
    "escalated",
)
_DAYS = ("issued_on", "due_on", "recorded_on", "closed_on")


def ageing(principal: Principal, connection: Connection, today: date) -> pd.DataFrame:
    """Findings that are not closed, the most urgent first: the columns of the register's table, and

    record_due    last day on which measure and effect are written down in time
    days_open     since the notice                 days_left  until due_on; negative: overdue by so many
    overdue       due_on has passed                unwritten  nothing written down though its time has passed
    bucket        code of the bucket of days_open  times      1, or the how-manieth of its kind at the unit
    """
    rows = _with_times(principal, connection)
    rows = rows[rows["state"].isin(STANDING)].copy()
    rows["record_due"] = [record_due(day) for day in rows["issued_on"]]
    rows["days_open"] = [(today - day).days for day in rows["issued_on"]]
    rows["days_left"] = [(day - today).days for day in rows["due_on"]]
    rows["overdue"] = rows["days_left"] < 0
    rows["unwritten"] = [
        written is None and due < today
        for written, due in zip(rows["recorded_on"], rows["record_due"], strict=True)
    ]
    rows["bucket"] = [bucket_of(days, today).code for days in rows["days_open"]]
    return rows.sort_values(["days_left", "finding"], ignore_index=True)


def repeated(principal: Principal, connection: Connection, today: date) -> pd.DataFrame:
    """Repeated problems that still count: unit, kind, times, first_on, last_on, open; the most frequent first.

    A row each unit and kind whose newest finding is a repeated problem and not older itself than the months within
    which problems repeat, or is still open; ``open``: how many of them are not closed.
    """
    rows = _with_times(principal, connection)
    groups, since = defaultdict(list), months_before(today, repeat_months(today))
    for row in sorted(rows.to_dict("records"), key=itemgetter("issued_on", "finding")):
        groups[row["unit"], row["kind"]].append(row)
    found = []
    for (unit, kind), group in groups.items():
        chain = group[-group[-1]["times"] :]
        standing = any(row["state"] in STANDING for row in chain)
        if len(chain) > 1 and (standing or chain[-1]["issued_on"] > since):
            found.append(
                {
                    "unit": unit,
                    "kind": kind,
                    "times": len(chain),
                    "first_on": chain[0]["issued_on"],
                    "last_on": chain[-1]["issued_on"],
                    "open": sum(row["state"] in STANDING for row in chain),
                }
            )
    columns = ["unit", "kind", "times", "first_on", "last_on", "open"]
    table = pd.DataFrame(found, columns=columns)
    return table.sort_values(
        ["times", "last_on", "unit", "kind"], ascending=[False, False, True, True], ignore_index=True
    )


def by_unit(
    principal: Principal, connection: Connection, first: date, last: date, today: date
) -> pd.DataFrame:
    """unit and ``COUNTS`` of the days from first to last, both included; a row each unit with any finding then."""
    return _by("unit", principal, connection, first, last, today)


def by_kind(
    principal: Principal, connection: Connection, first: date, last: date, today: date
) -> pd.DataFrame:
    """kind and ``COUNTS``, the same by kind of finding."""
    return _by("kind", principal, connection, first, last, today)


def in_all(
    principal: Principal, connection: Connection, first: date, last: date, today: date
) -> dict[str, float]:
    """``COUNTS`` of everything in scope."""
    return _counted(_with_times(principal, connection).to_dict("records"), first, last, today)


def _with_times(principal: Principal, connection: Connection) -> pd.DataFrame:
    rows = findings(principal, connection)
    rows = rows[rows["state"] != WITHDRAWN].reset_index(drop=True)
    return rows.assign(times=times(rows))


def _by(name: str, principal, connection, first: date, last: date, today: date) -> pd.DataFrame:
    groups = defaultdict(list)
    for row in _with_times(principal, connection).to_dict("records"):
        groups[row[name]].append(row)
    counted = [{name: key, **_counted(groups[key], first, last, today)} for key in sorted(groups)]
    table = pd.DataFrame(counted, columns=[name, *COUNTS])
    told = [count for count in COUNTS if not count.endswith("_share")]
    return table[table[told].sum(axis=1) > 0].reset_index(drop=True)


def _counted(rows: Iterable[Mapping[str, Any]], first: date, last: date, today: date) -> dict[str, float]:
    """What falls into the days; what is open or overdue is so at the end of the last day, or today if that is sooner."""
    end = min(last, today)
    found = dict.fromkeys(COUNTS, 0)
    for row in rows:
        issued, due, written, closed = (row[name] for name in _DAYS)
        write_by = record_due(issued)
        if first <= issued <= last:
            found["issued"] += 1
            found["repeated"] += row["times"] > 1
        if first <= write_by <= end:
            found["to_write"] += 1
            found["written_in_time"] += written is not None and written <= write_by
        if first <= due <= end:
            found["due"] += 1
            found["closed_in_time"] += closed is not None and closed <= due
        found["closed"] += closed is not None and first <= closed <= last
        is_open = issued <= end and (closed is None or closed > end)
        found["open"] += is_open
        found["overdue"] += is_open and due < end
        found["escalated"] += row["escalated_on"] is not None and first <= row["escalated_on"] <= last
    found["written_share"] = _share(found["written_in_time"], found["to_write"])
    found["closed_share"] = _share(found["closed_in_time"], found["due"])
    return found


def _share(n: int, of: int) -> float:
    return n / of if of else math.nan
