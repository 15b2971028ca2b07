"""Cells of the map as .xlsx and GeoJSON: people, ways, supply of each, with the rule and the source beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from exports import geojson
from exports.about import About, lines
from exports.sheets import Column, Sheet, sheets_bytes
from exports.words import Text, text
from metrics import coverage
from metrics.coverage import About as Map
from metrics.principal import Principal
from metrics.small_numbers import names_somebody
from metrics.standards import value_in
from metrics.wording import month_code, month_name

KINDS = ("centre", "station", "clinic")
SUPPLIES = ("doctors", "gps", "beds", "hours")
#: Columns by name in GeoJSON, in their order, with how they are shown (``sheets.FORMATS``).
COLUMNS: dict[str, str] = {
    "cell": "text",
    "place_name": "text",
    "people": "count",
    "beyond": "count",
    "people_0_6": "count",
    "beyond_0_6": "count",
    "people_65": "count",
    "beyond_65": "count",
    "floating": "count",
    "beyond_floating": "count",
    "one_choice": "count",
    "contracted": "count",
    "contracted_share": "share",
    "contracted_hidden": "text",
    "unit_name": "text",
    "metres": "metres",
    "minutes": "minutes",
    "slow": "count",
    **{f"{kind}_{what}": shown for kind in KINDS for what, shown in (("name", "text"), ("m", "metres"))},
    **dict.fromkeys((f"{name}_per_1000" for name in SUPPLIES), "rate"),
    "unsure": "text",
    "estimated": "text",
    "lon": "degree",
    "lat": "degree",
}
#: In GeoJSON, of numbers that are not whole.
_DECIMALS = {"share": 4, "rate": 3, "minutes": 1, "degree": 6}


@dataclass(frozen=True, eq=False)
class Cells:
    """The map's cells as they leave: ``frame`` has COLUMNS, column and row; of flags True and False."""

    of: Map
    small_number: float
    frame: pd.DataFrame


def gathered(principal: Principal, connection: Connection, units: list[int] | None = None) -> Cells | None:
    """The cells whose nearest unit is among ``units`` (None: all in scope); None where there is no map, or no cell."""
    of = coverage.about(principal, connection)
    if of is None:
        return None
    cells = coverage.cells(principal, connection)
    if units is not None:
        cells = cells[cells["unit"].isin(units)]
    if cells.empty:
        return None
    small = value_in("small_number", of.month)
    frame = cells.set_index("cell", drop=False)
    reach = coverage.cell_reach(principal, connection)
    for kind in KINDS:
        near = reach[reach["kind"] == kind].set_index("cell")
        frame[f"{kind}_name"] = near["unit_name"].reindex(frame.index)
        frame[f"{kind}_m"] = near["metres"].reindex(frame.index).astype(float)
    access = coverage.cell_access(principal, connection)
    frame["unsure"] = frame.index.isin(access.loc[access["unsure"].astype(bool), "cell"])
    for name in SUPPLIES:
        told = access[access["supply"] == name].set_index("cell")["per_1000"]
        frame[f"{name}_per_1000"] = told.reindex(frame.index).astype(float)
    having, people = (
        frame[name].astype("Float64").to_numpy(float, na_value=np.nan) for name in ("contracted", "people")
    )
    few = names_somebody(having, people, small)
    frame["contracted"] = frame["contracted"].mask(few)
    frame["contracted_share"] = np.where(
        few | ~(people > 0), np.nan, having / np.where(people > 0, people, 1)
    )
    frame["contracted_hidden"] = few
    for name in ("metres", *(f"{kind}_m" for kind in KINDS)):
        frame[name] = frame[name].round()
    frame["estimated"] = frame["estimated"].astype(bool)
    return Cells(of, small, frame[[*COLUMNS, "column", "row"]].reset_index(drop=True))


def cells_xlsx(
    made: Cells, about: About, language: str, progress: Callable[[float], None] = lambda share: None
) -> bytes:
    """One sheet of cells, one that says where they are from."""
    said = text(language)
    heads = _heads(made, said)
    columns = [Column(name, heads[name], shown) for name, shown in COLUMNS.items()]
    flags = dict.fromkeys(("estimated", "unsure"), said("cells.yes"))
    flags["contracted_hidden"] = said("cells.hidden", n=f"{made.small_number:g}")
    told = made.frame.assign(**{name: made.frame[name].map({True: word}) for name, word in flags.items()})
    heading = said("cells.title", unit=about.unit, month=month_name(made.of.month, said))
    notes = [
        *map_notes(made.of, said),
        said("cells.about_hidden", n=f"{made.small_number:g}"),
        *lines(about, language),
    ]
    return sheets_bytes(
        heading, [Sheet(said("cells.sheet"), columns, told)], said("cells.about"), notes, progress
    )


def cells_geojson(made: Cells, about: About, language: str) -> bytes:
    """A polygon a cell; ``_about`` says what its properties mean. Column and row are those of its number."""
    said = text(language)
    corners = coverage.corners(made.frame, made.of.lattice)
    decimals = {name: _DECIMALS[shown] for name, shown in COLUMNS.items() if shown in _DECIMALS}
    found = geojson.features(geojson.polygons(corners), made.frame[list(COLUMNS)], decimals)
    told = map_about(made.of, about, language) | {
        "small_number": made.small_number,
        "properties": _heads(made, said),
    }
    return geojson.collection_bytes(found, told)


def _heads(made: Cells, said: Text) -> dict[str, str]:
    """What each column is, in words."""
    return {name: said(f"cells.{name}", km=f"{made.of.rule_m / 1000:g}") for name in COLUMNS}


def map_about(of: Map, about: About, language: str) -> Mapping[str, object]:
    """What a GeoJSON file of the map says of itself: English names, and the sentences of every file."""
    return {
        "month": month_code(of.month),
        "rule_m": of.rule_m,
        "cell": {"kind": of.lattice.kind, "side_m": of.lattice.side_m},
        "people_from": of.people_from,
        "catchment_m": of.catchment_m,
        "travel": of.travel,
        "travel_mode": of.mode,
        "longest_minutes": of.minutes,
        "people_without_place": of.unplaced,
        "units_without_place": of.units_unplaced,
        "demo": about.is_demo,
        "left_out": text(language)("cells.left_out"),
        "source": [*map_notes(of, text(language)), *lines(about, language)],
    }


def map_notes(of: Map, said: Text) -> list[str]:
    """What the map is made of, one sentence a line."""
    km = f"{of.rule_m / 1000:g}"
    found = [
        said("cells.about_map", month=month_name(of.month, said), km=km),
        said("chart.source", source=said(f"map.source_{of.people_from}")),
        said("cells.about_supply", km=f"{of.catchment_m / 1000:g}"),
    ]
    if of.travel is not None:
        how = said(f"cells.mode_{of.mode}")
        found.append(said(f"cells.about_{of.travel}", how=how, n=of.minutes))
    if of.unplaced:
        found.append(said("cells.about_unplaced", n=f"{of.unplaced:,}"))
    if of.units_unplaced:
        found.append(said("cells.about_units_unplaced", n=of.units_unplaced))
    return found
