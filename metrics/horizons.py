"""For which months figures are made: those in which services came in, by all that is known now."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, func, select

from data import records
from data.store import StoreError
from metrics.context import Horizon


class NothingToComputeError(StoreError):
    """What is known so far gives no figure: units or services are still to be imported."""


SERVICE_TABLES = ("followup", "checkup", "encounter", "dose", "service")

# Doses are carried over from a child's whole life: they say nothing of when delivery began.
_BEGINNING = ("followup", "checkup", "encounter", "service")

# Where nothing but the work of units, or figures alone, is delivered, these say for which months figures are made.
_OTHERWISE = ("activity", "inspection", "incident", "sample", "reported_count")

# Figures are made for so many years at most, the newest ones.
_MOST_YEARS = 6


def horizon_of(connection: Connection) -> Horizon:
    """From the first month of the first year of services to their last month, but none after the files' date.

    Without any services: of the registers of work and the reported figures. For builds, which read everybody's rows; what was
    so earlier is said by ``published.build``. Raises NothingToComputeError.
    """
    made = connection.execute(select(func.max(records.source_file.c.made_on))).scalar()
    limit = made.year * 12 + made.month - 1 if made is not None else None
    firsts, lasts = [], []
    for name in SERVICE_TABLES:
        months = _usual_months(connection, records.RECORDS[name], limit)
        if months:
            lasts.append(max(months))
            if name in _BEGINNING:
                firsts.append(min(months))
    if not firsts:
        firsts = lasts = [
            month for name in _OTHERWISE for month in _usual_months(connection, records.RECORDS[name], limit)
        ]
    if not firsts:
        raise NothingToComputeError(
            "还没有服务数据，请先导入服务记录。There are no services yet: import service records first."
        )
    years = Horizon(min(firsts), max(lasts)).years[-_MOST_YEARS:]
    return Horizon(years[0], max(lasts))


def _usual_months(connection: Connection, table, limit: int | None) -> list[int]:
    """Months with about as many rows as usual: next to nothing is a slip of the pen in a date, no delivery."""
    by_month = (
        select(table.c.month, func.count())
        .where(table.c.known_to.is_(None), table.c.unit.is_not(None))
        .group_by(table.c.month)
    )
    if limit is not None:
        by_month = by_month.where(table.c.month <= limit)
    counts = dict(map(tuple, connection.execute(by_month)))
    usual = np.median(list(counts.values())) if counts else 0
    return [month for month, n in counts.items() if n >= usual / 20]
