"""The reference centre, through the whole product: files imported, figures built, compared with the list.

``reference_centre.csv`` holds the figures of the list whose indicators exist: no (of the list), indicator,
value of 2025 (percent, yuan or a count), change against 2024 (percentage points for shares, else per cent).
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import select

from commands.installation import make_demo
from data.store import open_store
from metrics import published
from metrics.cards import CARDS

LIST = list(csv.DictReader(Path(__file__).with_name("reference_centre.csv").read_text("utf-8").splitlines()))
DECEMBER = {2024: 2024 * 12 + 11, 2025: 2025 * 12 + 11}


@pytest.fixture(scope="module")
def values(tmp_path_factory) -> dict[tuple[str, int], float]:
    """(indicator, year) -> the centre's published value at the year's end, on the default basis."""
    installation = make_demo(
        tmp_path_factory.mktemp("reference") / "installation",
        quiet=True,
        residents=250_000,
        seed=1,
        until="2025-12",
    )
    store = open_store(installation)
    figure = published.figure
    with store.published() as connection:
        largest = connection.execute(
            select(figure.c.unit)
            .join(published.unit, published.unit.c.unit == figure.c.unit)
            .where(
                figure.c.indicator == "hr_filing_rate",
                figure.c.month == DECEMBER[2025],
                published.unit.c.kind == "centre",
            )
            .order_by(figure.c.denominator.desc())
        ).first()
        rows = connection.execute(
            select(figure.c.indicator, figure.c.month, figure.c.value).where(
                figure.c.unit == largest.unit,
                figure.c.month.in_(DECEMBER.values()),
                figure.c.basis.in_(["as_of", "ytd"]),
            )
        ).all()
    store.close()
    year_of = {month: year for year, month in DECEMBER.items()}
    return {(row.indicator, year_of[row.month]): row.value for row in rows}


def _agrees(row: dict, value: float) -> bool:
    """Within 0.5 points for shares, exactly for whole numbers below 100, else within 1 per cent."""
    wanted = float(row["value_2025"])
    if row["kind"] == "share":
        return abs(value * 100 - wanted) <= 0.5
    if row["kind"] == "count" and wanted < 100:
        return value == wanted
    return abs(value - wanted) <= 0.01 * wanted


@pytest.mark.long
@pytest.mark.parametrize("row", LIST, ids=lambda row: f"{row['no']}-{row['indicator']}")
def test_the_centre_has_the_value_of_the_list(row, values):
    assert _agrees(row, values[row["indicator"], 2025]), values[row["indicator"], 2025]


@pytest.mark.long
@pytest.mark.parametrize(
    "row", [row for row in LIST if row["change"]], ids=lambda row: f"{row['no']}-{row['indicator']}"
)
def test_the_centre_changed_as_the_list_says(row, values):
    now, before = values[row["indicator"], 2025], values[row["indicator"], 2024]
    change = (now - before) * 100 if row["kind"] == "share" else (now / before - 1) * 100
    assert abs(change - float(row["change"])) <= 0.5, change


def test_the_list_names_indicators_that_exist():
    assert {row["indicator"] for row in LIST} <= set(CARDS)
