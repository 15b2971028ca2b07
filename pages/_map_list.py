"""The list beside the map: the worst cells, units or grids of a question; each opens its details."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from metrics.units import count
from pages._html import anchor, esc, given, span, table, tag
from pages._map_answers import Answer, above
from pages._map_data import MapData
from pages._map_questions import Question
from pages._page import Here
from pages._pager import pager, wanted

LENGTH = 12
_KEPT = ("mode", "with", "ind", "ind2", "area")


def link(here: Here, **changes: object) -> str:
    """A link to this page with its question and one thing opened."""
    kept = {name: here.view.values[name] for name in _KEPT if name in here.view.values}
    return here.view.link("map", **(kept | changes))


def value_head(here: Here, data: MapData, asked: Question) -> str:
    """What a cell's value is, in few words."""
    return here.text(f"map.heads.{asked.code}", km=data.km)


def worst_list(
    here: Here, data: MapData, asked: Question, found: Answer, inside, cell: str | None, unit: int | None
) -> tuple[str, int, int]:
    """(the list's page as HTML, its number, how many there are)."""
    text = here.text
    if found.things == "units":
        rows = above(data)
    elif found.things == "grids":
        grids = data.grids[data.grids["teams"] != 1]
        if not inside.all():
            grids = grids[grids["cell"].isin(data.cells["cell"][inside])]
        rows = grids.sort_values(["teams", "name"])
    else:
        rows = data.cells.iloc[list(found.worst)].assign(shown=[found.shown[place] for place in found.worst])
    if rows.empty:
        return span(text("map.none_worst"), css="above"), 1, 1
    pages = -(-len(rows) // LENGTH)
    page = min(wanted(), pages)
    part = rows.iloc[(page - 1) * LENGTH : page * LENGTH]
    if found.things:
        makers = {"units": _units, "grids": _grids}
        return makers[found.things](here, part, page, cell, unit), page, pages
    return _cells(here, value_head(here, data, asked), part, page, cell), page, pages


def turn(page: int, pages: int) -> None:
    """The control that turns the list's pages."""
    pager("worst", pages, page)


def _cells(here: Here, value: str, rows: pd.DataFrame, page: int, cell: str | None) -> str:
    """``value`` names the question's own column; it is left out where another says the same."""
    text = here.text
    others = [text("map.people_word"), text("map.distance_m")]
    own = value not in others
    head = [text("map.place"), *([value] if own else []), *others]
    body = [
        [
            _opens(
                here,
                given(row.place_name) or esc(text("map.cell", column=row.column, row=row.row)),
                row.cell == cell,
                cell=row.cell,
                p=page,
            ),
            *([esc(row.shown)] if own else []),
            count(_float(row.people)),
            count(_float(row.metres)),
        ]
        for row in rows.itertuples()
    ]
    return table([esc(one) for one in head], body, marks=["", *["n"] * (len(head) - 1)])


def _units(here: Here, rows: pd.DataFrame, page: int, cell: str | None, unit: int | None) -> str:
    text = here.text
    head = [text("column.unit"), text("map.served"), text("map.rules_ninth")]
    body = [
        [
            _opens(here, esc(row.name), row.unit == unit, at=row.code, p=page),
            count(_float(row.people)),
            count(_float(row.ninth_m)),
        ]
        for row in rows.itertuples()
    ]
    return table([esc(one) for one in head], body, marks=["", "n", "n"])


def _grids(here: Here, rows: pd.DataFrame, page: int, cell: str | None, unit: int | None) -> str:
    text = here.text
    head = [text("map.grids"), text("map.team")]
    body = []
    for row in rows.itertuples():
        placed = isinstance(row.cell, str)
        name = esc(row.name)
        body.append(
            [
                _opens(here, name, row.cell == cell, cell=row.cell, p=page) if placed else name,
                esc(text("map.teams_none") if row.teams == 0 else count(row.teams)),
            ]
        )
    return table([esc(one) for one in head], body, marks=["", "n"])


def _opens(here: Here, name: str, chosen: bool, **changes: Mapping) -> str:
    """A name that opens its details; of what is open it is marked."""
    return anchor(link(here, **changes), tag("b", "▸ ", name) if chosen else name)


def _float(value: object) -> float:
    return float("nan") if pd.isna(value) else float(value)
