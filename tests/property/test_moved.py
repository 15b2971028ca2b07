"""Of which months it is kept how they moved, and for how long."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import create_engine, select

from data.store import create_missing
from metrics import published
from metrics.moved import MONTHS, drop_outdated, reported_months

JANUARY = 2026 * 12  # reported on the 10th of February


def test_a_month_is_reported_once_its_report_day_is_over():
    assert reported_months(JANUARY - 1, JANUARY + 1, dt.date(2026, 2, 10)) == [JANUARY - 1]
    assert reported_months(JANUARY - 1, JANUARY + 1, dt.date(2026, 2, 11)) == [JANUARY - 1, JANUARY]
    assert len(reported_months(JANUARY - 99, JANUARY, dt.date(2026, 2, 11))) == MONTHS


def test_what_old_builds_found_is_dropped_by_their_age_not_by_their_number():
    today = dt.date(2026, 11, 23)
    made = [dt.datetime(2025, 11, 22, 23, 59), dt.datetime(2025, 11, 23), dt.datetime(2026, 11, 22)]
    about = {"event": 1, "kind": "full", "first_month": 1, "last_month": 2, "definitions": ""}
    builds = [
        about | {"build": n, "built_at": at, "seconds": 1.0, "installation": "own", "bureau": ""}
        for n, at in enumerate(made, 1)
    ]
    row = {"indicator": "k", "unit": 1, "month": 1, "basis": "ytd", "redefined": False, "hidden": 0}
    engine = create_engine("duckdb:///:memory:")
    with engine.connect() as connection:
        create_missing(connection, published.metadata)
        connection.execute(published.build.insert(), builds)
        connection.execute(published.moved.insert(), [row | {"build": n} for n in (1, 2, 3, 4)])
        drop_outdated(connection, today)
        left = connection.execute(select(published.moved.c.build)).scalars().all()
    engine.dispose()
    assert sorted(left) == [2, 3, 4]  # the fourth is being made
