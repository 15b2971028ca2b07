"""Cells of the map in words: totals, tips, details, legend, and the list of the worst off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from charts.grid import palette
from metrics.card import Unit
from metrics.coverage import cover
from metrics.units import MISSING, count, is_missing, number
from pages._html import anchor, esc, given, span, table, tag
from pages._page import Here

_WORST = 12


def totals(here: Here, cells: pd.DataFrame, rule: int) -> str:
    """People on the map, those beyond the rule, and their share."""
    text, sums = here.text, cover(cells)
    km = f"{rule / 1000:g}"
    facts = [
        (text("map.total"), f"{count(sums.people)} {text('unit.people')}"),
        (text("map.total_beyond", km=km), f"{count(sums.beyond)} {text('unit.people')}"),
        (text("map.share_beyond"), f"{number(sums.share_beyond, Unit.PERCENT)}%"),
        (text("map.total_65_beyond", km=km), f"{count(sums.beyond_65)} {text('unit.people')}"),
    ]
    return tag(
        "div", *(tag("div", span(k, css="k"), span(v, css="v"), css="fact") for k, v in facts), css="head"
    )


def cell_tip(here: Here, row) -> str:
    """What the map says under the pointer."""
    pairs = _facts(here, row)[:5]
    return "\n".join(here.text("list.pair", name=name, value=value) for name, value in pairs)


def unit_tip(here: Here, row) -> str:
    return row.name


def cell_details(here: Here, row: pd.Series, rule: int) -> str:
    """Everything that is known of one cell."""
    text = here.text
    within = row["within"]
    word = "unknown" if pd.isna(within) else "within" if within else "outside"
    verdict = span(
        text(f"map.{word}", km=f"{rule / 1000:g}"),
        css={"within": "above", "outside": "below", "unknown": "muted"}[word] + " strong",
    )
    facts = [tag("dt", esc(name)) + tag("dd", esc(value)) for name, value in _facts(here, row)]
    place = tag(
        "div", span(text("map.cell", column=row["column"], row=row["row"]), css="strong"), " ", verdict
    )
    return place + tag("dl", *facts)


def _facts(here: Here, row) -> list[tuple[str, str]]:
    text, people = here.text, text_people(here)
    share = row.contracted / row.people if row.people else float("nan")
    contracted = f"{people(row.contracted)} ({number(share, Unit.PERCENT)}%)"
    return [
        (text("map.place"), _known(row.place_name)),
        (text("map.people"), people(row.people)),
        (text("map.nearest"), _known(row.unit_name)),
        (text("map.distance"), MISSING if is_missing(row.metres) else f"{count(row.metres)} {text('map.m')}"),
        (text("map.contracted"), contracted),
        (text("map.people_65"), people(row.people_65)),
        (text("map.people_0_6"), people(row.people_0_6)),
        (text("map.floating"), people(row.floating)),
    ]


def _known(name: object) -> str:
    return name if isinstance(name, str) and name else MISSING


def text_people(here: Here):
    """A function that writes a number of people."""
    return lambda n: f"{count(n)} {here.text('unit.people')}"


def worst_cells(here: Here, cells: pd.DataFrame) -> str:
    """Cells beyond the rule, the most people first; each opens its details."""
    text = here.text
    outside = cells[~cells["within"].fillna(True).astype(bool)].nlargest(_WORST, "people")
    if outside.empty:
        return span(text("map.none_outside"), css="above")
    head = [text("map.place"), text("map.people"), text("map.distance_m")]
    rows = [
        [
            anchor(
                here.view.link("map", mode=here.view.values["mode"], cell=row.cell),
                given(row.place_name) or esc(text("map.cell", column=row.column, row=row.row)),
            ),
            count(row.people),
            count(row.metres),
        ]
        for row in outside.itertuples()
    ]
    return table(head, rows, marks=["", "n", "n"])


def legend(here: Here, mode: str, limits: Sequence[float]) -> str:
    """The five classes with their limits, and the marks of units."""
    text = here.text
    percent = mode == "contracted"
    shown = [number(v, Unit.PERCENT).removesuffix(".0") + "%" if percent else count(v) for v in limits]
    suffix = "" if percent else " " + text("map.m" if mode == "metres" else "unit.people")
    labels = [
        f"≤ {shown[0]}{suffix}",
        *(f"{a}–{b}" for a, b in pairwise(shown)),
        f"> {shown[-1]}{suffix}",
    ]
    parts = [
        tag("span", tag("i", style=f"background: rgb{shade}"), esc(label))
        for shade, label in zip(palette(mode, here.dark), labels, strict=True)
    ]
    if mode == "beyond":
        parts.insert(
            0, tag("span", tag("i", style="background: rgba(150,158,168,.3)"), esc(text("map.no_one")))
        )
    dot = tag("i", css="dot", style="background: var(--st-blue-color)")
    return tag("div", *parts, tag("span", dot, esc(text("map.units"))), css="legend")
