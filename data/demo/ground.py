"""The ground of the invented district as GeoJSON: borders, villages, grids, roads, built-up areas, sites.

All of it follows from the positions of `geography.py`: a village is what lies nearer to it than to any other, a
town its villages, the county its towns; a management grid is what of its village lies nearest to it. Some mistakes
are planted, so that finding them can be shown (`PLANTED`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from data.demo.coordinates import shifted
from data.demo.draw import stream
from data.demo.geography import Places, Units, degrees, make_places, make_units
from data.demo.towns import AREA_CODE, CORNER, KM_EAST, KM_NORTH, TOWNS
from data.records.levels import COMMUNITY

COUNTY = "云岭县"
_DIGITS = 5  # of a degree: about a metre
_APART = 0.05  # kilometres that a grid's middle keeps from the border of its village
_CANDIDATES, _STOPS = 12, 8


@dataclass(frozen=True)
class Planted:
    """A mistake made on purpose: the file, its feature (from 1), and the rule by which it must be found."""

    file: str
    feature: int
    rule: str


@dataclass
class _Ground:
    """Shapes in kilometres from the corner."""

    units: Units
    places: Places
    x: np.ndarray  # of places
    y: np.ndarray
    village: np.ndarray  # indexes of places: villages and communities
    group: np.ndarray
    county: shapely.Geometry
    cells: np.ndarray  # of villages


def write_ground(folder: Path, seed: int = 20240101) -> list[Planted]:
    """Write the district's GeoJSON files into ``folder`` (made if need be). Returns the planted mistakes.

    The same seed gives the same bytes, and the ground of the district that `write_district` makes with it.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ground = _ground(seed)
    planted: list[Planted] = []
    _write(folder / "boundaries.geojson", _boundaries(ground))
    _write(folder / "villages.geojson", _villages(ground, planted))
    _write(folder / "grids.geojson", _grids(ground, planted))
    _write(folder / "roads.geojson", _roads(ground, stream(seed, "roads")))
    _write(folder / "built.geojson", _built(ground))
    _write(folder / "candidates.geojson", _candidates(ground, planted), crs="GCJ02")
    _write(folder / "stops.geojson", _stops(ground))
    return planted


def _ground(seed: int) -> _Ground:
    units = make_units(seed)
    places = make_places(seed, units)
    x, y = (places.lon - CORNER[0]) / KM_EAST, (places.lat - CORNER[1]) / KM_NORTH
    village, group = np.flatnonzero(places.division), np.flatnonzero(np.array(places.level) == "group")
    # Everyone's surroundings, grown together: a county without holes, whose border is no straight line.
    lived = shapely.union_all(
        [
            *shapely.buffer(shapely.points(x[village], y[village]), 2.6, quad_segs=4),
            *shapely.buffer(shapely.points(x[group], y[group]), 0.7, quad_segs=3),
        ]
    )
    closed = shapely.buffer(shapely.buffer(lived, 2.2, quad_segs=4), -2.0, quad_segs=4)
    county = shapely.simplify(shapely.polygons(shapely.get_exterior_ring(closed)), 0.08)
    return _Ground(units, places, x, y, village, group, county, _nearest(x[village], y[village], county))


def _nearest(x: np.ndarray, y: np.ndarray, within: shapely.Geometry) -> np.ndarray:
    """What of an area lies nearer to each point than to any other."""
    if len(x) == 1:
        return np.array([within], object)
    pieces = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(np.column_stack([x, y])), extend_to=within)
    )
    point, piece = shapely.STRtree(pieces).query(shapely.points(x, y), predicate="intersects")
    cells = np.empty(len(x), object)
    cells[point] = pieces[piece]
    return shapely.intersection(cells, within)


def _boundaries(ground: _Ground) -> list[dict]:
    places, cells = ground.places, ground.cells
    features = [_feature(ground.county, 编码=AREA_CODE, 名称=COUNTY, 层级="县")]
    for t, town in enumerate(TOWNS):
        index = places.parent[ground.village[np.flatnonzero(places.town[ground.village] == t)[0]]]
        whole = shapely.union_all(cells[places.town[ground.village] == t])
        kind = town.name[-1] if town.name[-1] in "镇乡" else "街道"
        features.append(
            _feature(whole, 编码=places.code[index], 名称=town.name, 层级=kind, 上级编码=AREA_CODE)
        )
    return features


def _villages(ground: _Ground, planted: list[Planted]) -> list[dict]:
    places, shapes = ground.places, ground.cells.copy()
    # One village was drawn across the border of its neighbour.
    wrong = int(np.flatnonzero(places.town[ground.village] == 2)[3])
    grown = shapely.buffer(shapes[wrong], 0.5, quad_segs=2)
    taken = shapely.intersection(shapes[:wrong], grown)  # the finding is about the later of the two
    shapes[wrong] = shapely.union(shapes[wrong], taken[int(np.argmax(shapely.area(taken)))])
    planted.append(Planted("villages.geojson", wrong + 1, "geometry_overlap"))
    return [
        _feature(
            shape,
            编码=places.code[i],
            名称=places.name[i],
            层级="社区" if places.level[i] == COMMUNITY else "村",
            上级编码=places.code[places.parent[i]],
        )
        for i, shape in zip(ground.village, shapes, strict=True)
    ]


def _grids(ground: _Ground, planted: list[Planted]) -> list[dict]:
    """The groups of each village, by what lies nearest to each; those that lie beyond it are drawn to its border."""
    places, features = ground.places, []
    for village, cell in zip(ground.village, ground.cells, strict=True):
        of = ground.group[np.array(places.parent)[ground.group] == village]
        inner = shapely.buffer(cell, -_APART)
        points = shapely.points(ground.x[of], ground.y[of])
        drawn = shapely.get_coordinates(shapely.shortest_line(inner, points))[::2]
        # Two may be drawn to the same corner: a little apart, so that each has ground of its own.
        drawn = drawn + 0.01 * np.column_stack([np.cos(np.arange(len(of))), np.sin(np.arange(len(of)))])
        for i, shape in zip(of, _nearest(drawn[:, 0], drawn[:, 1], cell), strict=True):
            features.append(
                _feature(
                    shape, 网格编码=places.code[i], 网格名称=places.name[i], 上级网格编码=places.code[village]
                )
            )
    without = 40
    del features[without]["properties"]["网格编码"]
    planted.append(Planted("grids.geojson", without + 1, "required_missing"))
    return features


def _roads(ground: _Ground, rng: np.random.Generator) -> list[dict]:
    """Between towns by main roads; from village to village, as short as they can be; all meet in villages."""
    x, y = ground.x[ground.village], ground.y[ground.village]
    town = ground.places.town[ground.village]
    seat = np.array([_closest(x, y, town == t, TOWNS[t].x, TOWNS[t].y) for t in range(len(TOWNS))])
    features = []
    main = {(0, t): ("省道" if t in (1, 3) else "县道") for t in range(1, len(TOWNS))}
    main |= {(1, 5): "县道", (1, 7): "乡道", (2, 6): "县道", (2, 4): "县道", (3, 4): "乡道", (3, 5): "乡道"}
    bends: dict[tuple[int, int], list] = {}
    taken = set()
    for (a, b), kind in main.items():
        through = _through(x, y, int(seat[a]), int(seat[b]))
        name = f"{TOWNS[a].name[:2]}至{TOWNS[b].name[:2]}{'公路' if kind != '乡道' else '路'}"
        positions = [_bend(x, y, p, q, bends, rng) for p, q in pairwise(through)]
        taken |= {(min(p, q), max(p, q)) for p, q in pairwise(through)}
        line = np.vstack([positions[0], *(part[1:] for part in positions[1:])])
        features.append(_feature(shapely.linestrings(line), 道路名称=name, 道路等级=kind, 平面交叉="否"))
    for a, b in _short_ways(x, y):
        if (a, b) not in taken:
            kind = "城市道路" if town[a] == town[b] == 0 else "村道"
            line = shapely.linestrings(_bend(x, y, a, b, bends, rng))
            features.append(_feature(line, 道路名称=None, 道路等级=kind, 平面交叉="是"))
    return features


def _closest(x: np.ndarray, y: np.ndarray, among: np.ndarray, to_x: float, to_y: float) -> int:
    rows = np.flatnonzero(among)
    return int(rows[np.argmin((x[rows] - to_x) ** 2 + (y[rows] - to_y) ** 2)])


def _through(x: np.ndarray, y: np.ndarray, a: int, b: int) -> list[int]:
    """Villages near the straight way between two, in order."""
    way = np.array([x[b] - x[a], y[b] - y[a]])
    length = float(np.hypot(*way))
    along = ((x - x[a]) * way[0] + (y - y[a]) * way[1]) / length
    aside = np.abs((x - x[a]) * way[1] - (y - y[a]) * way[0]) / length
    on = np.flatnonzero((along > 1.0) & (along < length - 1.0) & (aside < 0.5))
    return [a, *(int(i) for i in on[np.argsort(along[on], kind="stable")] if i not in (a, b)), b]


def _bend(x: np.ndarray, y: np.ndarray, a: int, b: int, bends: dict, rng: np.random.Generator) -> np.ndarray:
    """The road between two villages, a little crooked, the same whoever uses it."""
    key = (min(a, b), max(a, b))
    if key not in bends:
        start, end = np.array([x[key[0]], y[key[0]]]), np.array([x[key[1]], y[key[1]]])
        share = np.array([0.25, 0.5, 0.75])[:, None]
        aside = np.array([-(end - start)[1], (end - start)[0]])
        middle = start + share * (end - start) + rng.normal(0, 0.06, (3, 1)) * aside
        bends[key] = np.vstack([start, middle, end])
    return bends[key] if a == key[0] else bends[key][::-1]


def _short_ways(x: np.ndarray, y: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of villages: the shortest ways that connect all, and each with its two nearest."""
    far = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    tree = coo_array(minimum_spanning_tree(far))
    pairs = {(int(min(a, b)), int(max(a, b))) for a, b in zip(*tree.coords, strict=True)}
    near = np.argsort(far, axis=1, kind="stable")[:, 1:3]
    pairs |= {(min(a, int(b)), max(a, int(b))) for a, row in enumerate(near) for b in row}
    return sorted(pairs)


def _built(ground: _Ground) -> list[dict]:
    """Where houses stand: around each group, more where more people live."""
    places, features = ground.places, []
    for village, cell in zip(ground.village, ground.cells, strict=True):
        of = ground.group[np.array(places.parent)[ground.group] == village]
        radius = 0.07 * np.sqrt(places.weight[of]) * (1.3 if places.town[village] == 0 else 1.0)
        points = shapely.points(ground.x[of], ground.y[of])
        houses = shapely.intersection(shapely.union_all(shapely.buffer(points, radius, quad_segs=2)), cell)
        # Groups beyond the border live where their village's people live: around its middle.
        if shapely.is_empty(houses):
            middle = shapely.points(ground.x[village], ground.y[village])
            houses = shapely.intersection(shapely.buffer(middle, 0.15, quad_segs=2), cell)
        features.append(_feature(houses, 名称=f"{places.name[village]}居民点", 村编码=places.code[village]))
    return features


def _far_villages(ground: _Ground) -> np.ndarray:
    """Villages (positions in ``ground.village``), those farthest from every unit first."""
    ux = (ground.units.lon - CORNER[0]) / KM_EAST
    uy = (ground.units.lat - CORNER[1]) / KM_NORTH
    x, y = ground.x[ground.village], ground.y[ground.village]
    far = np.hypot(x[:, None] - ux[None, :], y[:, None] - uy[None, :]).min(axis=1)
    return np.argsort(-far, kind="stable")


def _candidates(ground: _Ground, planted: list[Planted]) -> list[dict]:
    """Rooms that stand empty in villages far from every unit, as an application of maps gives their positions."""
    places, features = ground.places, []
    chosen = ground.village[np.sort(_far_villages(ground)[:_CANDIDATES])]
    lon, lat = degrees(ground.x[chosen], ground.y[chosen])
    lon, lat = shifted(lon, lat, ["GCJ02"] * len(chosen))
    swapped = 4
    for n, (i, x, y) in enumerate(zip(chosen, lon, lat, strict=True)):
        point = [round(float(x), 6), round(float(y), 6)]
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "编码": f"H{n + 1:02d}",
                    "名称": f"{places.name[i]}村委会闲置房",
                    "所在村编码": places.code[i],
                    "说明": "一层，可改建",
                },
                "geometry": {"type": "Point", "coordinates": point[::-1] if n == swapped else point},
            }
        )
    planted.append(Planted("candidates.geojson", swapped + 1, "coordinates_swapped"))
    return features


def _stops(ground: _Ground) -> list[dict]:
    places = ground.places
    chosen = ground.village[np.sort(_far_villages(ground)[_CANDIDATES : _CANDIDATES + _STOPS])]
    return [
        _feature(
            shapely.points(ground.x[i], ground.y[i]),
            编码=f"X{n + 1:02d}",
            名称=f"{places.name[i]}文化广场",
            所在村编码=places.code[i],
        )
        for n, i in enumerate(chosen)
    ]


def _feature(shape: shapely.Geometry, **properties: str | None) -> dict:
    """A shape in kilometres as a feature in degrees."""
    placed = shapely.transform(shape, lambda xy: np.column_stack(degrees(xy[:, 0], xy[:, 1])))
    whole = shapely.set_precision(placed, 10.0**-_DIGITS) if shapely.get_dimensions(placed) == 2 else placed
    geometry = json.loads(shapely.to_geojson(whole))
    geometry["coordinates"] = _rounded(geometry["coordinates"])
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _rounded(coordinates: list | float) -> list | float:
    if isinstance(coordinates, list):
        return [_rounded(each) for each in coordinates]
    return round(coordinates, _DIGITS)


def _write(path: Path, features: list[dict], crs: str = "urn:ogc:def:crs:OGC:1.3:CRS84") -> None:
    """One feature a line, so that two versions can be compared."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    head = json.dumps({"type": "name", "properties": {"name": crs}})
    text = f'{{"type":"FeatureCollection","name":"{path.stem}","crs":{head},\n"features":[\n{lines}\n]}}\n'
    path.write_text(text, "utf-8")
