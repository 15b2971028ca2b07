"""The regular cells of the map: squares or hexagons that stay where they are when people or units move.

Cells are counted from longitude 0 and latitude 0 in steps of fixed degrees. The steps are the cell's metres at the
district's latitude to a tenth of a degree: over a county cells keep their size to within a percent, and a little
more or less of the district moves none of them. Squares lie along the meridians, hexagons stand on a corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike

from metrics.coverage.earth import Plane

KINDS = ("square", "hexagon")
_LARGEST_CELLS = 5_000_000  # of a box: more is a mistake in what was given, and would fill the memory


@dataclass(frozen=True)
class Lattice:
    """Cells of a kind. A hexagon has the area of the square of ``side_m``: its own sides are 0.6204 of it, it is
    1.0746 wide and 1.2408 high.

    ``plane``: any plane of the district; its latitude to a tenth of a degree sets the steps. Take it around something
    that does not move, such as the middle of the boundary.
    """

    kind: str
    side_m: float
    plane: Plane

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"cells are {' or '.join(KINDS)}, not {self.kind!r}")
        if not 0 < self.side_m < np.inf:
            raise ValueError(f"no cells of {self.side_m} m")

    @cached_property
    def step(self) -> tuple[float, float]:
        """Degrees of longitude and latitude of ``side_m``."""
        east_m, north_m = Plane.around(self.plane.lon, round(self.plane.lat, 1)).degree_m
        return self.side_m / east_m, self.side_m / north_m

    @property
    def _half(self) -> tuple[float, float]:
        """Degrees of half a hexagon's width and of half its side."""
        side = np.sqrt(2 / (3 * np.sqrt(3)))
        return self.step[0] * side * np.sqrt(3) / 2, self.step[1] * side / 2

    def cell_of(self, lon: ArrayLike, lat: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Column and row, int64, of the cells in which points lie; ValueError where a point is not known."""
        lon, lat = np.asarray(lon, float), np.asarray(lat, float)
        if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
            raise ValueError("a point without coordinates lies in no cell")
        if self.kind == "square":
            step_lon, step_lat = self.step
            return np.floor(lon / step_lon).astype(np.int64), np.floor(lat / step_lat).astype(np.int64)
        width, height = self._half
        # Cube coordinates: three that add up to 0; the one that rounding moved most follows from the others.
        r = lat / (3 * height)
        q = lon / (2 * width) - r / 2
        whole = [np.rint(q), np.rint(r), np.rint(-q - r)]
        moved = [abs(whole[0] - q), abs(whole[1] - r), abs(whole[2] + q + r)]
        column = np.where(
            (moved[0] > moved[1]) & (moved[0] > moved[2]), -whole[1] - whole[2], whole[0]
        ).astype(np.int64)
        row = np.where(
            (moved[1] > moved[2]) & ~((moved[0] > moved[1]) & (moved[0] > moved[2])),
            -whole[0] - whole[2],
            whole[1],
        ).astype(np.int64)
        return column + (row - (row & 1)) // 2, row

    def centre(self, column: ArrayLike, row: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Longitude and latitude of the middles of cells."""
        column, row = np.asarray(column, np.int64), np.asarray(row, np.int64)
        if self.kind == "square":
            return (column + 0.5) * self.step[0], (row + 0.5) * self.step[1]
        width, height = self._half
        return (2 * column + (row & 1)) * width, 3 * row * height

    def polygon(self, column: ArrayLike, row: ArrayLike) -> np.ndarray:
        """Corners in degrees, counterclockwise from the south, not closed: shape (..., 4 or 6, 2).

        Neighbours share their corners to the last digit.
        """
        column, row = np.asarray(column, np.int64)[..., None], np.asarray(row, np.int64)[..., None]
        if self.kind == "square":
            (step_x, step_y), x, y = self.step, column + np.array([0, 1, 1, 0]), row + np.array([0, 0, 1, 1])
        else:
            step_x, step_y = self._half
            x = 2 * column + (row & 1) + np.array([0, 1, 1, 0, -1, -1])
            y = 3 * row + np.array([-2, -1, 1, 2, 1, -1])
        return np.stack([x * step_x, y * step_y], axis=-1)

    def shapes(self, column: ArrayLike, row: ArrayLike) -> np.ndarray:
        """The cells as shapely polygons in degrees, shape as given."""
        return shapely.polygons(self.polygon(column, row))

    def covering(self, west: float, south: float, east: float, north: float) -> tuple[np.ndarray, np.ndarray]:
        """Columns and rows of all cells that may touch a box in degrees, by rows; ValueError for millions of them."""
        columns, rows = self.cell_of([west, east, west, east], [south, south, north, north])
        margin = 0 if self.kind == "square" else 1  # a hexagon reaches into the columns and rows beside it
        first, last = columns.min() - margin, columns.max() + margin
        low, high = rows.min() - margin, rows.max() + margin
        if (last - first + 1) * (high - low + 1) > _LARGEST_CELLS:
            raise ValueError(f"more than {_LARGEST_CELLS} cells of {self.side_m} m in one shape")
        row, column = np.meshgrid(np.arange(low, high + 1), np.arange(first, last + 1), indexing="ij")
        return column.ravel(), row.ravel()


def cell_name(column: int, row: int) -> str:
    """What a cell is called in ``published.cell`` and in addresses: column-row."""
    return f"{column}-{row}"
