"""The road network as a graph, and minutes along it from people to sites.

Roads are joined where they share a vertex (to a ten-millionth of the globe: coordinates of six decimals). Where both of
two roads are marked as crossing at grade (``crosses``) they are also joined where they cross, and where one ends on the
other; a bridge is not marked, and is not a junction. Whoever travels goes straight to the nearest road that the mode
uses (or one beside it), along roads, and straight from the road to the site.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from metrics.coverage.earth import Plane
from metrics.coverage.speeds import Speeds

_DECIMALS = 6  # of a degree: vertices that agree so far are one
_TOUCH_M = 1.0  # a marked road that ends so near to another joins it
_SAME_M = 1e-3  # nearer than this is the same place
_BESIDE_M = 10.0  # two lanes, a line drawn twice: as good to set out on as the nearest road
_LEAST = 1e-9  # minutes; an edge of 0 would be none
_AT_ONCE = 32  # sites whose ways are held in memory together
_OBEY_ONEWAY = ("motorcycle", "car")


@dataclass(frozen=True)
class Roads:
    """Roads, arrays of one length.

    shapes      LineString or MultiLineString in degrees (WGS-84)
    road_class  text, missing where unknown
    crosses     bool: meets other such roads at grade wherever they cross
    oneway      bool: driven in the direction of the line only
    """

    shapes: np.ndarray
    road_class: np.ndarray
    crosses: np.ndarray
    oneway: np.ndarray

    @classmethod
    def of(cls, frame: pd.DataFrame, shapes: ArrayLike) -> Roads:
        """Of a layer: its frame (road_class; crosses, oneway as boolean; each may lack, or lack values) and shapes."""

        def marked(column: str) -> np.ndarray:
            if column not in frame:
                return np.zeros(len(frame), bool)
            return frame[column].astype("boolean").fillna(False).to_numpy(bool)

        classes = frame["road_class"].to_numpy(object) if "road_class" in frame else [None] * len(frame)
        return cls(
            np.asarray(shapes, object), np.asarray(classes, object), marked("crosses"), marked("oneway")
        )


@dataclass(frozen=True)
class _Segments:
    """Straight pieces of road: nodes a and b, their places in metres, metres a minute, driven one way only."""

    a: np.ndarray
    b: np.ndarray
    from_xy: np.ndarray
    to_xy: np.ndarray
    pace: np.ndarray
    oneway: np.ndarray
    crosses: np.ndarray
    nodes: int

    def __len__(self) -> int:
        return len(self.a)

    @property
    def length(self) -> np.ndarray:
        return np.hypot(*(self.to_xy - self.from_xy).T)

    def tree(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.linestrings(np.stack([self.from_xy, self.to_xy], axis=1)))

    def along(self, segment: np.ndarray, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest place on segments: its share of the way from a to b, and metres to it."""
        way = self.to_xy[segment] - self.from_xy[segment]
        squared = (way**2).sum(axis=1)
        share = ((xy - self.from_xy[segment]) * way).sum(axis=1) / np.where(squared > 0, squared, 1)
        share = np.clip(share, 0, 1)
        return share, np.hypot(*(self.from_xy[segment] + share[:, None] * way - xy).T)

    def cut(
        self, segment: np.ndarray, share: np.ndarray, node: np.ndarray, xy: np.ndarray, nodes: int
    ) -> _Segments:
        """Cut at nodes that lie on segments, at a share of the way."""
        everything = np.concatenate([np.arange(len(self)), segment])
        share = np.concatenate([np.zeros(len(self)), share])
        order = np.lexsort((share, everything))
        everything = everything[order]
        start = np.concatenate([self.a, node])[order]
        start_xy = np.concatenate([self.from_xy, xy])[order]
        last = np.append(everything[1:] != everything[:-1], True)
        end = np.where(last, self.b[everything], np.append(start[1:], 0))
        end_xy = np.where(last[:, None], self.to_xy[everything], np.append(start_xy[1:], [[0, 0]], axis=0))
        made = _Segments(
            start,
            end,
            start_xy,
            end_xy,
            self.pace[everything],
            self.oneway[everything],
            self.crosses[everything],
            nodes,
        )
        return made.where(start != end)

    def bridge(
        self, node: np.ndarray, xy: np.ndarray, ending: np.ndarray, there: np.ndarray, place: np.ndarray
    ) -> _Segments:
        """The gaps between where segments end and the ends of others close by: as fast as what ends."""
        no = np.zeros(len(ending), bool)
        return _Segments(node[ending], there, xy[ending], place, self.pace[ending], no, ~no, self.nodes)

    def joined(self, others: list[_Segments]) -> _Segments:
        """These and others, whose nodes are among these."""
        names = ("a", "b", "from_xy", "to_xy", "pace", "oneway", "crosses")
        every = [self, *others]
        return _Segments(
            *(np.concatenate([getattr(one, name) for one in every]) for name in names), self.nodes
        )

    def where(self, keep: np.ndarray) -> _Segments:
        return _Segments(
            self.a[keep],
            self.b[keep],
            self.from_xy[keep],
            self.to_xy[keep],
            self.pace[keep],
            self.oneway[keep],
            self.crosses[keep],
            self.nodes,
        )


def road_costs(
    roads: Roads, speeds: Speeds, people: np.ndarray, sites: np.ndarray, limit: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Minutes by road from ``people`` to ``sites`` (degrees, shape (n, 2)) up to ``limit``.

    Returns positions of people and of sites and minutes, arrays of one length; what is not reached is not there.
    """
    empty = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    plane, segments = _joined(roads, speeds)
    if plane is None or not len(segments):
        return empty
    off_road = speeds.off_road * 1000 / 60
    site_xy = np.stack(plane.metres(*sites.T), axis=1)
    segments, site, joint, metres = _with_sites(segments, site_xy)
    graph = _graph(segments, segments.nodes + site, joint, metres / off_road, len(sites))
    xy = np.stack(plane.metres(*people.T), axis=1)
    person, on = _beside(segments, xy)
    share, metres = segments.along(on, xy[person])
    near = metres <= limit * off_road
    person, on, share, walk = person[near], on[near], share[near], metres[near] / off_road
    if not len(person):
        return empty
    length = segments.length[on] / segments.pace[on]
    a, b = segments.a[on], segments.b[on]
    to_b = walk + (1 - share) * length
    to_a = np.where(segments.oneway[on] & (share > 0), np.inf, walk + share * length)
    found = []
    for some in _neighbours(site_xy):
        ways = dijkstra(graph, directed=True, indices=segments.nodes + some, limit=limit)
        near = np.isfinite(ways).any(axis=0)
        row = np.flatnonzero(near[a] | near[b])  # of those who can set out to any of these sites
        if not len(row):
            continue
        minutes = np.minimum(ways[:, a[row]] + to_a[row], ways[:, b[row]] + to_b[row])
        first = np.flatnonzero(np.diff(person[row], prepend=-1))
        minutes = np.minimum.reduceat(minutes, first, axis=1)
        j, i = np.nonzero(minutes <= limit)
        found.append((person[row[first[i]]], some[j], minutes[j, i]))
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True)) if found else empty


def _neighbours(xy: np.ndarray) -> list[np.ndarray]:
    """Points (positions) in bunches of those that lie together: strips of ground, cut into pieces."""
    strips = max(1, int(np.sqrt(len(xy) / _AT_ONCE)))
    by_y = np.argsort(xy[:, 1], kind="stable")
    bunches = []
    for strip in np.array_split(by_y, strips):
        along = strip[np.argsort(xy[strip, 0], kind="stable")]
        bunches += np.array_split(along, -(-len(along) // _AT_ONCE))
    return bunches


def parts_km(roads: Roads, speeds: Speeds) -> np.ndarray:
    """Kilometres of the pieces of the network that are joined to each other, longest first.

    Many pieces say that roads were drawn without shared vertices, and that ``crosses`` is wanted.
    """
    _, segments = _joined(roads, speeds)
    if not len(segments):
        return np.empty(0)
    shape = (segments.nodes, segments.nodes)
    graph = csr_array((np.ones(len(segments)), (segments.a, segments.b)), shape=shape)
    _, part = connected_components(graph, directed=False)
    km = np.bincount(part[segments.a], segments.length / 1000)
    return np.sort(km[km > 0])[::-1]


def _joined(roads: Roads, speeds: Speeds) -> tuple[Plane | None, _Segments]:
    """The plane of the network, and its segments, cut where roads are joined."""
    lines, road = shapely.get_parts(np.asarray(roads.shapes, object), return_index=True)
    lonlat, line = shapely.get_coordinates(lines, return_index=True)
    if not len(lonlat):
        nothing = np.empty(0, np.int64)
        return None, _Segments(
            nothing,
            nothing,
            np.empty((0, 2)),
            np.empty((0, 2)),
            np.empty(0),
            nothing.astype(bool),
            nothing.astype(bool),
            0,
        )
    plane = Plane.around(*((lonlat.min(axis=0) + lonlat.max(axis=0)) / 2))
    xy = np.stack(plane.metres(*lonlat.T), axis=1)
    _, node = np.unique(np.rint(lonlat * 10**_DECIMALS).astype(np.int64), axis=0, return_inverse=True)
    node = node.ravel()
    first = np.flatnonzero((line[1:] == line[:-1]) & (node[1:] != node[:-1]))
    of_road = road[line[first]]
    pace = speeds.of(roads.road_class)[of_road] * 1000 / 60
    oneway = np.asarray(roads.oneway, bool)[of_road] & (speeds.mode in _OBEY_ONEWAY)
    crosses = np.asarray(roads.crosses, bool)[of_road]
    segments = _Segments(
        node[first], node[first + 1], xy[first], xy[first + 1], pace, oneway, crosses, int(node.max()) + 1
    )
    return plane, _crossed(segments.where(segments.pace > 0))


def _crossed(segments: _Segments) -> _Segments:
    """Cut where marked segments cross, and where one ends on another."""
    marked = np.flatnonzero(segments.crosses)
    if len(marked) < 2:
        return segments
    some = segments.where(segments.crosses)
    lines = shapely.linestrings(np.stack([some.from_xy, some.to_xy], axis=1))
    i, j = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=_TOUCH_M)
    other = i != j
    i, j = i[other], j[other]
    cuts: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    gaps: list[_Segments] = []
    strangers = (some.a[i] != some.a[j]) & (some.a[i] != some.b[j])
    strangers &= (some.b[i] != some.a[j]) & (some.b[i] != some.b[j])
    at_end = np.zeros(len(i), bool)  # of i on j, or of j on i
    for node, xy in ((some.a, some.from_xy), (some.b, some.to_xy)):
        for ending, crossed in ((i, j), (j, i)):
            share, metres = some.along(crossed, xy[ending])
            touches = metres <= _TOUCH_M
            at_end |= touches
            if ending is i:  # each pair is there both ways round
                new = touches & strangers & (share > 0) & (share < 1)
                cuts.append((crossed[new], share[new], node[ending[new]], xy[ending[new]]))
                gaps += [
                    some.bridge(node, xy, ending[gap], there[crossed[gap]], place[crossed[gap]])
                    for gap, there, place in (
                        (touches & strangers & (share == 0), some.a, some.from_xy),
                        (touches & strangers & (share == 1), some.b, some.to_xy),
                    )
                ]
    once = ~at_end & (i < j)
    i, j = i[once], j[once]
    way_i, way_j = some.to_xy[i] - some.from_xy[i], some.to_xy[j] - some.from_xy[j]
    apart = some.from_xy[j] - some.from_xy[i]
    cross = way_i[:, 0] * way_j[:, 1] - way_i[:, 1] * way_j[:, 0]
    askew = cross != 0
    i, j, way_i, way_j, apart, cross = (x[askew] for x in (i, j, way_i, way_j, apart, cross))
    on_i = (apart[:, 0] * way_j[:, 1] - apart[:, 1] * way_j[:, 0]) / cross
    on_j = (apart[:, 0] * way_i[:, 1] - apart[:, 1] * way_i[:, 0]) / cross
    meets = (on_i > 0) & (on_i < 1) & (on_j > 0) & (on_j < 1)
    node = segments.nodes + np.arange(meets.sum())
    xy = some.from_xy[i[meets]] + on_i[meets, None] * way_i[meets]
    cuts += [(i[meets], on_i[meets], node, xy), (j[meets], on_j[meets], node, xy)]
    segment, share, nodes, xy = (np.concatenate(column) for column in zip(*cuts, strict=True))
    made = segments.cut(marked[segment], share, nodes, xy, segments.nodes + int(meets.sum()))
    return made.joined(gaps)


def _beside(segments: _Segments, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and the segments on which they may set out: the nearest, and those that run beside it; by point."""
    tree, points = segments.tree(), shapely.points(xy)
    nearest = tree.query_nearest(points, all_matches=False)[1]
    reach = segments.along(nearest, xy)[1] + _BESIDE_M
    point, segment = tree.query(points, predicate="dwithin", distance=reach)
    order = np.lexsort((segment, point))
    return point[order], segment[order]


def _with_sites(segments: _Segments, xy: np.ndarray) -> tuple[_Segments, np.ndarray, np.ndarray, np.ndarray]:
    """Segments cut where ways to sites leave them; of each such way the site, the node, and metres off the road."""
    site, on = _beside(segments, xy)
    share, metres = segments.along(on, xy[site])
    length = segments.length[on]
    node = np.where(share * length < _SAME_M, segments.a[on], -1)
    node = np.where((node < 0) & ((1 - share) * length < _SAME_M), segments.b[on], node)
    between = np.flatnonzero(node < 0)
    places, first, which = np.unique(
        np.stack([on[between], np.rint(share[between] * length[between] / _SAME_M)], axis=1),
        axis=0,
        return_index=True,
        return_inverse=True,
    )
    node[between] = segments.nodes + which.ravel()
    keep = between[first]
    way = segments.to_xy[on[keep]] - segments.from_xy[on[keep]]
    joints = segments.from_xy[on[keep]] + share[keep, None] * way
    nodes = segments.nodes + np.arange(len(places))
    made = segments.cut(on[keep], share[keep], nodes, joints, segments.nodes + len(places))
    return made, site, node, metres


def _graph(
    segments: _Segments, site: np.ndarray, joint: np.ndarray, minutes_off: np.ndarray, sites: int
) -> csr_array:
    """Minutes between nodes, turned round: from where one arrives to where one comes from.

    ``site``: nodes after those of the segments, from which ways lead to their joints and nothing leads back: nobody
    cuts a corner across a clinic.
    """
    minutes = segments.length / segments.pace
    back = ~segments.oneway
    edges = pd.DataFrame(
        {
            "to": np.concatenate([segments.b, segments.a[back], site]),
            "from": np.concatenate([segments.a, segments.b[back], joint]),
            "minutes": np.maximum(np.concatenate([minutes, minutes[back], minutes_off]), _LEAST),
        }
    )
    # Of two roads between the same junctions the quicker one: a sparse matrix would add them up.
    least = edges.groupby(["to", "from"], as_index=False)["minutes"].min()
    size = segments.nodes + sites
    return csr_array(
        (least["minutes"].to_numpy(), (least["to"].to_numpy(), least["from"].to_numpy())), shape=(size, size)
    )
