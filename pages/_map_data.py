"""What the map page has read: each table asked when a question needs it, in the scope of who is asking."""

from __future__ import annotations

import json
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection

from metrics import cell_figures, coverage
from metrics.card import Card
from metrics.coverage import About
from metrics.coverage.reading import YEAR
from metrics.principal import Principal
from metrics.standards import value_in
from pages._map_questions import indicators
from pages._open import ask

LINES = ("boundaries", "villages", "roads")


class MapData:
    """The map of the newest build. ``about`` says what it is made of."""

    def __init__(self, about: About) -> None:
        self.about = about

    @cached_property
    def cells(self) -> pd.DataFrame:
        """``coverage.cells`` with ``town`` (code) and ``area`` (name of the town, else of the place)."""
        return ask(map_cells)

    @cached_property
    def before(self) -> pd.DataFrame:
        """The cells of a year before, as ``cells``; empty where there is no such month."""
        return ask(map_cells, month=self.about.month - YEAR)

    @cached_property
    def reach(self) -> pd.DataFrame:
        return ask(coverage.cell_reach)

    @cached_property
    def access(self) -> pd.DataFrame:
        return ask(coverage.cell_access)

    @cached_property
    def served(self) -> pd.DataFrame:
        return ask(coverage.served_units)

    @cached_property
    def points(self) -> pd.DataFrame:
        return ask(coverage.demand_points)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Rows of ``published.ground`` that are drawn under every map."""
        return ask(map_lines)

    @cached_property
    def grid_lines(self) -> pd.DataFrame:
        return ask(map_grid_lines)

    @cached_property
    def grid_ground(self) -> pd.DataFrame:
        """Rows that are drawn under the map of management grids: their borders instead of the villages'."""
        return pd.concat([self.lines[self.lines["layer"] != "villages"], self.grid_lines])

    @cached_property
    def towns(self) -> pd.DataFrame:
        return self.lines[(self.lines["layer"] == "boundaries") & (self.lines["level"] == "town")]

    @cached_property
    def grids(self) -> pd.DataFrame:
        """Management grids with their teams; of a part of the district those that lie in its cells."""
        return ask(map_grids)

    def by_cell(self, indicator: str) -> pd.DataFrame:
        """numerator, listed (floats) and hidden (bool) of an indicator in the order of ``cells``; NaN where nothing is
        known, or nothing may be."""
        found = ask(cell_figures.by_cell, indicator=indicator).set_index("cell").reindex(self.cells["cell"])
        secret = found.pop("hidden").eq(True).to_numpy(bool)
        return found.astype("Float64").astype(float).assign(hidden=secret).reset_index(drop=True)

    @cached_property
    def indicators(self) -> list[Card]:
        """Cards that can be seen by cell, in their order: those that have figures; without any, the first, so that its lack is told."""
        known = set(ask(cell_figures.cell_indicators))
        cards = indicators()
        return [card for card in cards if card.key in known] or list(cards[:1])

    @cached_property
    def small(self) -> float:
        """Fewer people than that are not shown where they would be known by something about them."""
        return value_in("small_number", self.about.month)

    @cached_property
    def most_people(self) -> float:
        """How many people a unit is for."""
        return value_in("clinic_people", self.about.month)

    @property
    def km(self) -> str:
        """The rule's distance as it is written."""
        return f"{self.about.rule_m / 1000:g}"


def map_about(principal: Principal, connection: Connection) -> About | None:
    return coverage.about(principal, connection)


def map_cells(principal: Principal, connection: Connection, month: int | None = None) -> pd.DataFrame:
    """The cells in scope (of the newest month, or another) with the town in which each lies: its code, and its name or,
    where there is none, the place's. Where towns lie over each other the first counts."""
    cells = coverage.cells(principal, connection, month)
    towns = map_lines(principal, connection)
    towns = towns[(towns["layer"] == "boundaries") & (towns["level"] == "town")]
    town = np.full(len(cells), None, dtype=object)
    area = cells["place_name"].to_numpy(dtype=object).copy()
    for row in towns[::-1].itertuples():
        inside = shapely.contains_xy(shapely.from_geojson(row.shape), cells["lon"], cells["lat"])
        town[inside], area[inside] = row.code, row.name
    return cells.assign(town=town, area=area)


def map_lines(_principal: Principal, connection: Connection) -> pd.DataFrame:
    return coverage.ground(connection, *LINES)


def map_grid_lines(_principal: Principal, connection: Connection) -> pd.DataFrame:
    return coverage.ground(connection, "grids")


def map_grids(principal: Principal, connection: Connection) -> pd.DataFrame:
    return coverage.grids(principal, connection)


def land_of(shape: str) -> tuple[float, float, float, float]:
    """West, south, east and north of a GeoJSON geometry."""
    west, south, east, north = shapely.bounds(shapely.geometry.shape(json.loads(shape)))
    return float(west), float(south), float(east), float(north)
