"""The tables of duties and checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import pandas as pd

from metrics.duties import best_of_year, periods_of_year
from metrics.standards import duties, standard_items
from metrics.things import ItemState
from metrics.units import MISSING, count, number, show
from pages._calendar import calendar
from pages._html import anchor, esc, span, table, tag
from pages._month import code_of
from pages._page import Here
from pages._words import made_of

Found = Mapping[tuple[str, int], dict[int, tuple[float, float]]]  # duty, unit -> last month -> done, owed


def by_place(periods: pd.DataFrame) -> Found:
    """Rows of ``metrics.duties.done_periods`` by duty and unit."""
    found: dict[tuple[str, int], dict[int, tuple[float, float]]] = {}
    for row in periods.itertuples():
        found.setdefault((row.indicator, row.unit), {})[row.month] = (row.done, row.owed)
    return found


def is_behind(found: dict[int, tuple[float, float]]) -> bool:
    return any(done < owed for done, owed in found.values())


def duty_table(here: Here, keys: Iterable[str], found: Found, kinds: Sequence[str], year: int) -> str:
    """Every duty that units of the kinds owe, by system; a name opens its units."""
    text = here.text
    head = [text(f"duties.{name}") for name in ("duty", "often", "calendar", "done", "best", "next")]
    rows: list[Sequence[str]] = []
    for system, group in groupby(keys, key=lambda key: here.cards[key].system):
        rows.append(_group(here, system, len(head)))
        for key in group:
            link = here.view.link("duties", duty=key, system=here.view.values["system"])
            name = anchor(link, esc(here.cards[key].name[here.language]))
            often = esc(text(f"every.{duties()[key][-1].every}"))
            rows.append([name, often, *_cells(here, key, found.get((key, here.unit), {}), kinds, year)])
    return table(head, rows, css="long", marks=["w", "nowrap wide", "", "n", "n wide", "n wide"]) + _legend(
        here
    )


def unit_table(here: Here, key: str, units: Iterable[int], found: Found, year: int) -> str:
    """One duty at each of the units; a name opens that unit's own duties."""
    text = here.text
    head = [text(f"duties.{name}") for name in ("unit", "calendar", "done", "best", "next")]
    rows = []
    for unit in units:
        kinds = here.kinds_below(unit)
        if not periods_of_year(key, kinds, year):
            continue
        link = here.view.link("duties", unit=here.code_of(unit))
        name = anchor(link, esc(here.name_of(unit)))
        rows.append([name, *_cells(here, key, found.get((key, unit), {}), kinds, year)])
    return table(head, rows, css="tall", marks=["w", "", "n", "n", "n wide"]) + _legend(here)


def _cells(
    here: Here, key: str, found: dict[int, tuple[float, float]], kinds: Sequence[str], year: int
) -> list[str]:
    """The calendar, done of owed, the most of the year that can be done, and by when the next period must be done."""
    periods = periods_of_year(key, kinds, year)
    done, owed = (sum(pair[place] for pair in found.values()) for place in (0, 1))
    coming = [last for _, last in periods if last > here.month]
    share = f"{count(done)} / {count(owed)}" if owed else MISSING
    look = "strong" if not is_behind(found) else "strong below"
    return [
        calendar(periods, found, here.month, here.text),
        tag("span", esc(share), css=look if owed else "muted"),
        _best(here, key, best_of_year(found, periods, here.month)),
        esc(code_of(min(coming)) if coming else MISSING),
    ]


def _best(here: Here, key: str, best: tuple[float, float] | None) -> str:
    if best is None:
        return tag("span", MISSING, css="muted")
    most, owed = best
    share = show(most / owed, here.cards[key].unit, here.language)
    return span(share, title=f"{count(most)} / {count(owed)}")


def _legend(here: Here) -> str:
    marks = (mark.strip() for mark in here.text("duties.legend").split("|"))
    best = tag("div", esc(here.text("duties.best_means")), css="muted small wide")
    return tag("div", *(span(mark) for mark in marks), css="muted small legends") + best


def check_table(here: Here, standing: pd.DataFrame) -> str:
    """Every standard with the items met at the unit and below it; a name opens what is not met."""
    text = here.text
    head = [text(f"duties.{name}") for name in ("standard", "met", "share")]
    rows: list[Sequence[str]] = []
    for system, keys in groupby(standing.index, key=lambda key: here.cards[key].system):
        rows.append(_group(here, system, len(head)))
        for key in keys:
            row, card = standing.loc[key], here.cards[key]
            rows.append(
                [
                    anchor(here.view.link("indicator", ind=key), esc(card.name[here.language])),
                    esc(made_of(row, card, text)),
                    tag("span", esc(show(row.value, card.unit, here.language)), css="strong"),
                ]
            )
    return table(head, rows, css="tall", marks=["w", "n", "n"])


def item_table(here: Here, items: Iterable[ItemState]) -> str:
    """The items of each standard at one unit: latest state, day, and every check before, oldest first."""
    text = here.text
    words = {item.code: item.zh if here.language == "zh" else item.en for item in standard_items()}
    head = [text(f"duties.{name}") for name in ("item", "state", "day", "history")]
    rows: list[Sequence[str]] = []
    for standard, group in groupby(items, key=lambda item: item.standard):
        states = list(group)
        card = here.cards[standard]
        met = sum(bool(one.checks) and one.checks[-1][1] for one in states)
        share = f" {met} / {len(states)} · {number(met / len(states), card.unit)}%"
        name = anchor(here.view.link("indicator", ind=standard), esc(card.name[here.language]))
        rows.append([tag("td", name, esc(share), css="group", colspan="4")])
        rows.extend([esc(words[one.code]), *_item_cells(here, one)] for one in states)
    return table(head, rows, css="long", marks=["w", "nowrap", "n", "nowrap wide"])


def _item_cells(here: Here, item: ItemState) -> list[str]:
    text = here.text
    if not item.checks:
        return [span(text("duties.not_checked"), css="muted"), MISSING, MISSING]
    day, met = item.checks[-1]
    marks = [
        span("✓" if ok else "✗", css="above" if ok else "below", title=f"{on:%Y-%m-%d}")
        for on, ok in item.checks
    ]
    state = span(text("duties.is_met" if met else "duties.not_met"), css="above" if met else "below")
    return [state, esc(f"{day:%Y-%m-%d}"), " ".join(marks)]


def _group(here: Here, system: str, width: int) -> list[str]:
    name = esc(f"{system} {here.text(f'system.{system}')}")
    return [tag("td", name, css="group", colspan=str(width))]
