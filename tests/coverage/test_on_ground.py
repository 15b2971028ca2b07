"""The demo's ground from its files to cells, minutes and supply per head: everything fits together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data.demo.ground import write_ground
from data.geometry.folder import read_geometry
from data.geometry.ground import Geometry
from metrics.coverage import decay
from metrics.coverage.catchment import two_step
from metrics.coverage.earth import Plane
from metrics.coverage.gathering import gathered
from metrics.coverage.lattice import KINDS, Lattice
from metrics.coverage.network import Roads, parts_km
from metrics.coverage.people import spread
from metrics.coverage.reach import nearest
from metrics.coverage.speeds import speeds
from metrics.coverage.travel import road_pairs, straight_pairs

DAY = date(2025, 12, 31)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Geometry:
    folder: Path = tmp_path_factory.mktemp("ground")
    write_ground(folder)
    return read_geometry(folder)


@pytest.fixture(scope="module")
def lattice(ground: Geometry) -> Lattice:
    middle = shapely.centroid(ground.county)
    return Lattice("square", 500, Plane.around(middle.x, middle.y))


def village_totals(ground: Geometry) -> pd.DataFrame:
    villages = ground.layers["villages"].frame
    people = 300 + 37 * (np.arange(len(villages)) % 60)
    return pd.DataFrame(
        {
            "place": villages["code"],
            "name": villages["name"],
            "people": people,
            "people_0_6": people // 15,
            "people_65": people // 6,
        }
    )


@pytest.mark.parametrize("kind", KINDS)
def test_villages_become_cells(ground: Geometry, lattice: Lattice, kind: str) -> None:
    """All people of all villages, in cells that built-up land touches."""
    layer, built = ground.layers["villages"], ground.layers["built"].shapes
    totals, of_kind = village_totals(ground), Lattice(kind, 500, lattice.plane)
    points = spread(totals, layer.frame["code"].to_list(), layer.shapes, built, of_kind)
    cells, lost = gathered(points, of_kind)
    assert lost.empty
    assert cells["people"].sum() == totals["people"].sum()
    shapes = of_kind.shapes(cells["column"], cells["row"])
    assert (shapely.distance(shapes, shapely.union_all(built)) < 1e-9).all()


def test_roads_lead_to_the_sites(ground: Geometry, lattice: Lattice) -> None:
    """By car nobody is quicker than the crow at the highest speed; who has a road comes nearer than on foot."""
    layer, sites = ground.layers["villages"], ground.layers["candidates"]
    points = spread(village_totals(ground), layer.frame["code"].to_list(), layer.shapes, None, lattice)
    cells, _ = gathered(points, lattice)
    where = pd.DataFrame(shapely.get_coordinates(sites.shapes), columns=["lon", "lat"])
    roads = Roads.of(ground.layers["roads"].frame, ground.layers["roads"].shapes)
    car = speeds("car", DAY, ground.tables["speeds"])
    assert parts_km(roads, car)[0] > 0.5 * parts_km(roads, car).sum()
    found = road_pairs(cells, where, roads, car, 45)
    assert len(found)
    crow = straight_pairs(cells, where, 100_000)
    metres = pd.Series(crow.cost, index=pd.MultiIndex.from_arrays([crow.demand, crow.site]))
    straight = metres.loc[list(zip(found.demand, found.site, strict=True))].to_numpy()
    fastest = max([*car.by_class.values(), car.any]) * 1000 / 60
    assert (found.cost >= straight / fastest * 0.999).all()
    assert (found.cost <= straight / (car.off_road * 1000 / 60) + 1e-6).all()
    result = two_step(cells["people"].to_numpy(), np.full(len(where), 2), found, decay.gaussian(45))
    served = cells["people"].to_numpy() * result.access
    assert served.sum() == pytest.approx(2 * np.isfinite(result.ratio).sum())
    near = nearest(cells, where.assign(unit=np.arange(len(where))))
    site, metres = straight_pairs(cells, where, 100_000).nearest(len(cells))
    assert near["unit"].tolist() == site.tolist()
    assert np.allclose(near["metres"], metres)
