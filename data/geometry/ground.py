"""What was read of a bureau's ground: layers of shapes, tables, and an account of every feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import shapely

from data.geometry.findings import Account, Finding


@dataclass(frozen=True, eq=False)
class Layer:
    """The features of one layer that are used, in the order of the file.

    ``frame``: code, name, level, parent_code and what else the layout knows (missing: NaN or NA), ``feature`` (its
    number in the file, from 1). ``shapes``: as many geometries, WGS-84, polygons valid.
    """

    name: str
    frame: pd.DataFrame
    shapes: np.ndarray

    def __len__(self) -> int:
        return len(self.frame)

    def of_level(self, level: str) -> Layer:
        """Only the features of a level: "county", "town"."""
        rows = (self.frame["level"] == level).to_numpy(bool)
        return Layer(self.name, self.frame[rows].reset_index(drop=True), self.shapes[rows])


@dataclass(frozen=True, eq=False)
class Geometry:
    """The ground of a district. Every layer and table of the layout is there, without rows where nothing is given.

    ``layers``: boundaries, villages, grids, roads, built, candidates, stops. ``tables``: population_raster, speeds.
    ``report``: what was found; ``accounts``: what became of each file's features. ``digest``: of all that was
    read, so that one can tell whether the ground has changed.
    """

    layers: Mapping[str, Layer]
    tables: Mapping[str, pd.DataFrame]
    report: list[Finding] = field(default_factory=list)
    accounts: tuple[Account, ...] = ()
    digest: str = ""

    @cached_property
    def towns(self) -> Layer:
        return self.layers["boundaries"].of_level("town")

    @cached_property
    def county(self) -> shapely.Geometry | None:
        """The district: its own boundary, else its towns together; None where neither is given."""
        own = self.layers["boundaries"].of_level("county").shapes
        shapes = own if len(own) else self.towns.shapes
        return shapely.union_all(shapes) if len(shapes) else None

    @property
    def is_empty(self) -> bool:
        return not any(map(len, self.layers.values())) and not any(map(len, self.tables.values()))
