"""The 80 published figures of the reference centre, and what an installation computes for them.

``reference_centre.csv``: no (of the published list), indicator, field (value or numerator), value_2025 (percent,
points, hours, ten thousand yuan or a count; empty where the source cannot be read), change against 2024 (percentage
points for shares, else per cent), kind (share, count, yuan, points, most: at most, unknown).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from data.installation import Installation
from data.store import open_store
from metrics import published
from metrics.cards import CARDS

LIST = list(csv.DictReader(Path(__file__).with_name("reference_centre.csv").read_text("utf-8").splitlines()))
YEARS = (2024, 2025)
PAGE = Path(__file__).parents[2] / "docs" / "reference.md"
UNTIL = "2026-10"  # the last month of the demo that the page is about

Figures = dict[tuple[str, int, str], float | None]


def centre_figures(installation: Installation) -> Figures:
    """(indicator, year, value or numerator) of the largest centre at the year's end, on the default basis."""
    store = open_store(installation)
    figure, unit = published.figure, published.unit
    months = {year * 12 + 11: year for year in YEARS}
    with store.published() as connection:
        largest = connection.execute(
            select(figure.c.unit)
            .join(unit, unit.c.unit == figure.c.unit)
            .where(
                figure.c.indicator == "hr_filing_rate",
                figure.c.stratum == "",
                figure.c.month == max(months),
                unit.c.kind == "centre",
            )
            .order_by(figure.c.denominator.desc())
        ).first()
        rows = connection.execute(
            select(figure).where(
                figure.c.unit == largest.unit,
                figure.c.stratum == "",
                figure.c.month.in_(list(months)),
                figure.c.basis.in_(["as_of", "ytd"]),
            )
        ).all()
    store.close()
    found: Figures = {}
    for row in rows:
        found[row.indicator, months[row.month], "value"] = row.value
        found[row.indicator, months[row.month], "numerator"] = row.numerator
    return found


def computed(row: dict, figures: Figures) -> float | None:
    """The product's figure for a row of the list, in the list's unit."""
    value = figures.get((row["indicator"], 2025, row["field"]))
    if value is None:
        return None
    return value * 100 if row["kind"] == "share" and row["field"] == "value" else value


def agrees(row: dict, value: float | None) -> bool:
    """Within 0.5 points for shares, exactly for whole numbers below 100, else within 1 per cent."""
    if value is None:
        return False
    wanted = float(row["value_2025"])
    match row["kind"]:
        case "share":
            return abs(value - wanted) <= 0.5
        case "most":
            return value <= wanted
        case "count" if wanted < 100:
            return value == wanted
    return abs(value - wanted) <= 0.01 * wanted


def changed(row: dict, figures: Figures) -> float | None:
    """How the figure changed from 2024, as the list counts it; None where one of both years has none."""
    now, before = (figures.get((row["indicator"], year, row["field"])) for year in (2025, 2024))
    if now is None or before is None:
        return None
    return (now - before) * 100 if row["kind"] == "share" else (now / before - 1) * 100


def changed_as_listed(row: dict, change: float | None) -> bool:
    """Within 0.5 points."""
    return change is not None and abs(change - float(row["change"])) <= 0.5


UNITS = {"share": "%", "yuan": "元 CNY", "points": "分 points", "most": "小时 hours"}


def page(figures: Figures) -> str:
    """docs/reference.md: published beside computed, one row a figure."""
    lines, good = [], 0
    for row in LIST:
        card = CARDS[row["indicator"]]
        name = f"{card.name.zh} {card.name.en}"
        value = computed(row, figures)
        if row["kind"] == "unknown":
            lines.append(f"| {row['no']} | {name} | — | {_number(value)} | `{card.key}` | — | unknown |")
            continue
        good += agrees(row, value)
        wanted, unit = float(row["value_2025"]), UNITS.get(row["kind"], "")
        published_as = f"≤ {_number(wanted)}" if row["kind"] == "most" else _number(wanted)
        difference = "—" if value is None or row["kind"] == "most" else _signed(value - wanted)
        within = "yes" if agrees(row, value) else "**no**"
        lines.append(
            f"| {row['no']} | {name} | {published_as} {unit}".rstrip()
            + f" | {_number(value)} | `{card.key}` | {difference} | {within} |"
        )
    return "\n".join(
        [
            *_HEAD,
            f"{good} of {len(LIST)} figures agree.",
            "",
            *_TABLE,
            *lines,
            "",
            *_CHANGES,
            *_changes(figures),
            "",
        ]
    )


def _changes(figures: Figures) -> Iterator[str]:
    for row in LIST:
        if not row["change"]:
            continue
        card, change = CARDS[row["indicator"]], changed(row, figures)
        unit = "points" if row["kind"] == "share" else "%"
        found = "—" if change is None else _signed(change)
        within = "yes" if changed_as_listed(row, change) else "**no**"
        yield f"| {row['no']} | {card.name.zh} {card.name.en} | {float(row['change']):+g} {unit} | {found} | {within} |"


_HEAD = [
    "# The reference centre",
    "",
    "A real centre published 80 figures of its work in 2025. The demo district has a centre of the same size whose",
    "source files were made so that the product computes the same figures from them: nothing is stated as a result.",
    "Allowed are 1 % or 0.5 points; counts below 100 must be equal. One figure (37) cannot be read in the source and",
    "is compared with nothing. Figures are those of December 2025 of the demo that `manage.py run` makes (250,000",
    f"residents, until {UNTIL}), on each card's default basis; a demo until December 2025 agrees as well.",
    "Written by `python -m tests.demo.reference_page FOLDER`; a long test keeps it true.",
    "",
]
_TABLE = [
    "| no | what | published | computed | card | difference | within |",
    "|---|---|---|---|---|---|---|",
]
_CHANGES = [
    "## Changes from 2024",
    "",
    "As published for some of the figures; the product's are of December 2024 and 2025. Allowed are 0.5 points.",
    "",
    "| no | what | published | computed | within |",
    "|---|---|---|---|---|",
]


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _signed(value: float) -> str:
    text = f"{value:+,.1f}"
    return "0" if text in ("+0.0", "-0.0") else text.removesuffix(".0")
