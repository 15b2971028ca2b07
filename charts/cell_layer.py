"""Cells of one colour as one layer of a map: every map of cells draws them so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pydeck as pdk

from charts.grid_view import ring_of
from metrics.coverage.lattice import Lattice

_DIGITS = 5  # decimals of a degree: a metre


def places_of(cells: pd.DataFrame, lattice: Lattice) -> list[list[float]]:
    """The middle of each cell (column, row) as [longitude, latitude]."""
    lon, lat = lattice.centre(cells["column"].to_numpy(), cells["row"].to_numpy())
    return np.round(np.column_stack([lon, lat]), _DIGITS).tolist()


def cell_layer(
    rows: list[dict], lattice: Lattice, name: str, colour: Sequence[int], share: float = 1.0
) -> pdk.Layer:
    """rows: a cell's place ``p``, and what is asked of it by the pointer; colour: red, green, blue, opacity; ``share`` of
    a cell's size is drawn."""
    return pdk.Layer(
        "SolidPolygonLayer",
        data=rows,
        id=name,
        get_polygon=ring_of(lattice, share),
        extruded=False,
        material=False,
        get_fill_color=list(colour),
        pickable=True,
        auto_highlight=True,
    )
