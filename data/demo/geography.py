"""The district's units and management grids with their positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.draw import stream
from data.demo.towns import (
    AREA_CODE,
    BUREAU,
    CORNER,
    COUNTY_CLINIC,
    HEIGHT,
    KM_EAST,
    KM_NORTH,
    MERGED,
    TOWNS,
    WIDTH,
)
from data.records.levels import COMMUNITY, DIVISIONS, VILLAGE

#: Villages with many newcomers, by town: some have a unit, one has none.
DENSE = {0: (0, 3, 9), 1: (0,), 3: (14,)}

_FIRST = "上中下大小新老东西南北前后金银玉青白红黄"
_SECOND = "河溪湾坪坝岭冲沟塘桥井庄屯园坡洞岩林寨岗"


@dataclass(frozen=True)
class Units:
    """Every unit by index: the bureau first, then each centre with its stations, the county clinic last."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[str, ...]
    parent: tuple[int, ...]
    lon: np.ndarray  # WGS-84
    lat: np.ndarray
    coord_sys: tuple[str, ...]
    town: np.ndarray  # index of the town, -1 for the bureau and the county clinic
    quality: np.ndarray

    def of_town(self, town: int) -> np.ndarray:
        """The units of a town: the centre itself first."""
        return np.flatnonzero(self.town == town)

    def named(self, name: str) -> int:
        return self.name.index(name)

    @property
    def model(self) -> int:
        """The village clinic where everything is as it should be."""
        return self._clinics()[-1]

    @property
    def uncounted(self) -> int:
        """The village clinic without a population figure for the first year: the second poorest."""
        return self._clinics()[1]

    def _clinics(self) -> list[int]:
        """Village clinics that stay open, the poorest first."""
        there = [u for u, kind in enumerate(self.kind) if kind == "clinic" and self.town[u] >= 0]
        return sorted((u for u in there if self.name[u] != MERGED), key=lambda u: float(self.quality[u]))


@dataclass(frozen=True)
class Places:
    """Every management grid by index: town, village or (in the town seat) community, group."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    parent: tuple[int, ...]
    level: tuple[str, ...]
    lon: np.ndarray
    lat: np.ndarray
    town: np.ndarray
    unit: np.ndarray  # unit in charge of a group's people
    weight: np.ndarray  # how many live here, relative within the town; 0 above the group
    seat: np.ndarray  # of a village: needs no clinic of its own
    dense: np.ndarray  # of a village or community: many newcomers
    home: np.ndarray  # by unit: the village or community in which it lies

    @property
    def division(self) -> np.ndarray:
        """bool: what is a village or a community."""
        return np.isin(np.array(self.level), DIVISIONS)


def degrees(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of kilometres from the south-western corner."""
    return CORNER[0] + np.asarray(x) * KM_EAST, CORNER[1] + np.asarray(y) * KM_NORTH


def make_units(seed: int) -> Units:
    """The unit tree. Stations sit where their villages are; quality differs by 20 to 30 points of a rate."""
    rng = stream(seed, "units")
    rows = [(f"{AREA_CODE}000", BUREAU, "bureau", -1, 17.3, 15.4, "WGS84", -1, 0.0)]
    for t, town in enumerate(TOWNS):
        parent = len(rows)
        rows.append(
            (
                f"{AREA_CODE}{t + 1:03d}",
                town.centre,
                "centre",
                0,
                town.x,
                town.y,
                town.coord_sys,
                t,
                town.quality,
            )
        )
        n = len(town.stations)
        # An even ladder of qualities in random order: the spread does not depend on luck.
        ladder = rng.permutation(np.linspace(-0.55, 0.55, n)) + town.quality
        turn = rng.random() * 2 * np.pi
        for i, name in enumerate(town.stations):
            angle = turn + 2 * np.pi * (i + 0.25 * rng.random()) / n
            reach = town.radius * (0.42 + 0.22 * rng.random())
            x, y = town.x + reach * np.cos(angle), town.y + reach * np.sin(angle)
            kind = "station" if name.endswith("服务站") else "clinic"
            rows.append(
                (f"{AREA_CODE}{t + 1:03d}{i + 1:03d}", name, kind, parent, x, y, town.coord_sys, t, ladder[i])
            )
    rows.append((f"{AREA_CODE}901", COUNTY_CLINIC, "clinic", 0, 16.2, 15.9, "WGS84", -1, 0.2))
    code, name, kind, parent, x, y, coord_sys, town, quality = zip(*rows, strict=True)
    lon, lat = degrees(np.array(x), np.array(y))
    return Units(code, name, kind, parent, lon, lat, coord_sys, np.array(town), np.array(quality))


def make_places(seed: int, units: Units) -> Places:
    """Towns, villages (in the county's seat: urban communities) and groups, each group with its unit in charge."""
    rng = stream(seed, "places")
    rows: list[tuple] = []
    used: set[str] = set()
    for t, town in enumerate(TOWNS):
        top = len(rows)
        code = f"{AREA_CODE}{(1 if t == 0 else 99 + t):03d}"
        rows.append((code, town.name, -1, "town", town.x, town.y, t, -1, 0.0))
        own = units.of_town(t)
        ux = (units.lon[own] - CORNER[0]) / KM_EAST
        uy = (units.lat[own] - CORNER[1]) / KM_NORTH
        dense = t == 0
        for v in range(town.villages):
            # A spiral fills the catchment evenly; the outermost villages lie far from every unit.
            r = town.radius * np.sqrt((v + 0.5) / town.villages) * (1.0 if dense else 1.05)
            angle = 2.399963 * v + 0.35 * rng.random()
            x = float(np.clip(town.x + r * np.cos(angle), 0.6, WIDTH - 0.6))
            y = float(np.clip(town.y + r * np.sin(angle), 0.6, HEIGHT - 0.6))
            village = len(rows)
            name = _village_name(rng, used) + ("社区" if dense else "村")
            village_code = f"{code}{(1 if dense else 201) + v:03d}"
            rows.append((village_code, name, top, COMMUNITY if dense else VILLAGE, x, y, t, -1, 0.0))
            nearest = own[np.argmin((ux - x) ** 2 + (uy - y) ** 2)]
            for g in range(11 if dense else 5):
                gx = x + rng.normal(0, 0.38 if dense else 0.75)
                gy = y + rng.normal(0, 0.38 if dense else 0.75)
                weight = rng.gamma(4.0) * (1.0 if dense else 1.6 - 0.9 * r / town.radius)
                label = f"{g + 1}小区" if dense else f"{g + 1}组"
                rows.append(
                    (
                        f"{village_code}{g + 1:02d}",
                        name[:-2] + label if dense else name + label,
                        village,
                        "group",
                        gx,
                        gy,
                        t,
                        nearest,
                        weight,
                    )
                )
    code, name, parent, level, x, y, town, unit, weight = zip(*rows, strict=True)
    lon, lat = degrees(np.array(x), np.array(y))
    level, town, unit = np.array(level, object), np.array(town), np.array(unit)
    home = _homes(units, lon, lat, level, town)
    seat = (level == VILLAGE) & np.isin(np.arange(len(town)), home[_of(units, "centre")])
    dense = np.zeros(len(town), bool)
    for t, positions in DENSE.items():
        dense[np.flatnonzero(np.isin(level, DIVISIONS) & (town == t))[list(positions)]] = True
    return Places(code, name, parent, tuple(level), lon, lat, town, unit, np.array(weight), seat, dense, home)


def teams(units: Units) -> tuple[tuple[str, ...], list[int], dict[int, int]]:
    """Codes and units of the family-doctor teams, and each unit's first: a centre has four, the others one."""
    of_team, first = [], {}
    for u in range(1, len(units.code) - 1):
        first[u] = len(of_team)
        of_team += [u] * (4 if units.kind[u] == "centre" else 1)
    codes = tuple(f"T{units.code[u]}{i:03d}" for i, u in enumerate(of_team))
    return codes, of_team, first


def _of(units: Units, *kinds: str) -> np.ndarray:
    return np.array([i for i, kind in enumerate(units.kind) if kind in kinds])


def _homes(units: Units, lon: np.ndarray, lat: np.ndarray, level: np.ndarray, town: np.ndarray) -> np.ndarray:
    """The village in which each unit lies: the nearest, of clinics the nearest that has neither seat nor clinic."""
    home = np.zeros(len(units.code), np.int64)
    taken: set[int] = set()
    for u in [*_of(units, "bureau", "centre", "station"), *_of(units, "clinic")]:
        villages = np.flatnonzero(np.isin(level, DIVISIONS) & (town == max(units.town[u], 0)))
        far = (lon[villages] - units.lon[u]) ** 2 + (lat[villages] - units.lat[u]) ** 2
        clinic = units.kind[u] == "clinic" and units.town[u] >= 0
        free = [v for v in villages[np.argsort(far, kind="stable")] if not (clinic and v in taken)]
        home[u] = free[0]
        if clinic or units.kind[u] == "centre":
            taken.add(int(free[0]))
    return home


def _village_name(rng: np.random.Generator, used: set[str]) -> str:
    while True:
        name = _FIRST[rng.integers(len(_FIRST))] + _SECOND[rng.integers(len(_SECOND))]
        if name not in used:
            used.add(name)
            return name
