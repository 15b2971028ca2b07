"""Cells of one colour as one layer of a map: every map of cells draws them so."""

from __future__ import annotations

from collections.abc import Sequence

import pydeck as pdk

from charts.grid_view import ring_of
from metrics.coverage.lattice import Lattice


def cell_layer(
    rows: list[dict], lattice: Lattice, name: str, colour: Sequence[int], share: float = 1.0
) -> pdk.Layer:
    """rows: a cell's column ``x`` and row ``y``, and what is asked of it by the pointer; colour: red, green, blue,
    opacity; ``share`` of a cell's size is drawn."""
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
