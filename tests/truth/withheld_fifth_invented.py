"""The fifth withheld world, its fabricators: who they are, which rows they make up, on which days and when they type them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.truth import withheld_fifth_kinds as kinds
from tests.truth.withheld_fifth_honest import QUARTER
from tests.truth.withheld_fifth_places import District
from tests.truth.withheld_fifth_taste import draw
from tests.truth.withheld_fifth_writing import typed

KINDS = (
    "head",
    "last_plus",
    "list_cycle",
    "other_sheet",
    "desk",
    "shave",
    "absent",
    "uniform",
    "simulate",
    "last_year",
    "neighbour",
    "between",
    "shifted",
    "not_round",
    "checkup_reuse",
    "diary",
    "steady_fall",
    "alternate",
    "strips",
)
REAL_VISIT = {"shave", "strips"}  # somebody came; only the readings are not what was measured
GHOSTS = {
    "desk": 1.0,
    "absent": 1.0,
    "diary": 1.0,
    "between": 1.0,
    "last_year": 0.7,
    "head": 0.6,
    "list_cycle": 0.7,
}
MOST = {"last_year": 0.5, "between": 0.6, "other_sheet": 0.75, "simulate": 0.85, "checkup_reuse": 0.9}


def _score(rng: np.random.Generator, kind: str, part: pd.DataFrame) -> np.ndarray:
    """Which rows are made up first: the highest."""
    luck = rng.random(len(part))
    day = part.day.to_numpy()
    if kind == "shave":
        return np.nan_to_num(part.sbp.to_numpy(), nan=100) + 2 * luck
    if kind == "last_year":
        return np.where(day > 330, luck + 1, -1)
    if kind == "between":
        return luck + part.absent.to_numpy()
    by_person = rng.random(part.who.max() + 1)[part.who.to_numpy()]
    if kind == "absent":
        return by_person
    ways = [
        luck,
        by_person,
        day + 0.0,
        day % QUARTER,
        luck + part.absent.to_numpy(),
        day // QUARTER * 0.3 + by_person,
    ]
    return ways[rng.integers(len(ways))]


def _chosen(rng: np.random.Generator, kind: str, part: pd.DataFrame, ghost: bool) -> np.ndarray:
    """Positions of the rows to make up, those that lead a visit."""
    what = part.kind.to_numpy()
    fit = part.held.to_numpy().copy() & (what != "smi")
    if ghost:
        luck = rng.random(len(part))
        gone = part.blocked.to_numpy() & (part.since_death.to_numpy() < (600 if kind == "absent" else 200))
        fit |= part.absent.to_numpy() & ~part.blocked.to_numpy() & (luck < 0.8) & (what != "smi")
        fit |= gone & (luck < (0.8 if kind == "absent" else 0.25)) & (what != "smi")
    if kind == "strips":
        return np.flatnonzero(fit & ((what == "dm") | (what == "checkup")))
    if kind == "shave":
        fit &= ((part.sbp >= 134) | (part.dbp >= 88) | (part.fpg >= 7)).to_numpy()
    if rng.random() < 0.75 and (fit & (what != "checkup")).sum() > 0.4 * part.held.sum():
        fit &= what != "checkup"
    if kind == "last_year":
        fit &= part.day.to_numpy() > 330
    fit &= ~part.follows.to_numpy()
    share = np.clip(0.29 + 0.78 * rng.random() ** 1.4, 0, MOST.get(kind, 1.0))
    score = np.where(fit, _score(rng, kind, part), -np.inf)
    size = 1 + part.led.to_numpy()
    order = np.argsort(-score, kind="stable")[: fit.sum()]
    many = np.searchsorted(np.cumsum(size[order]), share * part.held.sum()) + 1
    return order[:many]


def _dates(
    rng: np.random.Generator, district: District, part: pd.DataFrame, rows: np.ndarray, way: str
) -> np.ndarray:
    """Made-up days of visits that never were."""
    day = part.day.to_numpy()[rows].copy()
    place = part.place.to_numpy()[rows]
    quarters = np.floor(day / QUARTER).astype(int)
    if way == "keep":
        return day
    if way == "interval":
        phase = (place * 37) % 88
        return (quarters * QUARTER + phase).astype(int) + (rng.random(rows.size) < 0.1)
    load = int(rng.integers(18, 46)) if way == "diary" else int(rng.integers(4, 15))
    for quarter in np.unique(quarters):
        own = np.flatnonzero(quarters == quarter)
        if way == "diary":  # in the order of the register, wherever they live
            own = own[np.argsort((part.who.to_numpy()[rows[own]] * 7919) % 1009, kind="stable")]
        else:
            own = own[np.argsort(place[own], kind="stable")]
        needed = int(np.ceil(own.size / load))
        first = int(quarter * QUARTER) + int(rng.integers(0, max(1, 80 - needed)))
        dates = first + np.arange(needed * 2 + 14)
        weekday = (district.start.day_of_week + dates) % 7
        dates = dates if way == "diary" else dates[weekday < 5 + (load % 2)]
        day[own] = dates[np.minimum(np.arange(own.size) // load, dates.size - 1)]
    return day


def _typing(
    rng: np.random.Generator, district: District, part: pd.DataFrame, rows, day: np.ndarray, way: str
) -> np.ndarray:
    entered = typed(rng, district, np.clip(day, 0, district.days - 1), part.doctor.to_numpy()[rows])
    if way == "burst":
        evening = np.sort(rng.integers(-6, 9, 3))
        quarter = np.ceil((day + 1) / QUARTER).astype(int)
        late = (quarter * QUARTER).astype(int) + evening[np.arange(rows.size) * 3 // max(rows.size, 1)]
        entered = np.where(np.isnan(entered), np.nan, np.clip(np.maximum(late, day), 0, district.days - 1))
    if way == "same":
        entered = np.where(
            np.isnan(entered), np.nan, np.maximum(entered if district.temper["moved_system"] else day, day)
        )
    return entered


def _fabricate(
    rng: np.random.Generator,
    district: District,
    part: pd.DataFrame,
    kind: str,
    likes: dict,
    chosen,
    way: dict,
) -> None:
    """Writes the made-up rows into the part."""
    what = part.kind.to_numpy()
    order = np.lexsort((part.place.to_numpy()[chosen], part.day.to_numpy()[chosen] // QUARTER))
    if way["ghost"]:
        day = _dates(rng, district, part, chosen, way["dates"])
        part.iloc[chosen, part.columns.get_loc("day")] = day
        entered = _typing(rng, district, part, chosen, day, way["typing"])
        part.iloc[chosen, part.columns.get_loc("entered")] = entered
        order = np.lexsort((part.place.to_numpy()[chosen], day, np.nan_to_num(entered, nan=0)))
        if way["mode"]:
            part.iloc[chosen, part.columns.get_loc("mode")] = way["mode"]
        part.iloc[chosen, part.columns.get_loc("held")] = (day >= 0) & (day < district.days)
    rows = chosen[order]
    part.iloc[rows, part.columns.get_loc("seq")] = np.arange(rows.size) / 10
    s, d, g = getattr(kinds, kind)(rng, likes, part, rows)
    if kind != "strips":
        d = np.minimum(np.clip(np.round(d), 48, 118), np.round(s) - 16)
        pressure = (what[rows] != "dm") | district.temper["dm_pressure"]
        part.iloc[rows, part.columns.get_loc("sbp")] = np.where(
            pressure, np.clip(np.round(s), 92, 208), np.nan
        )
        part.iloc[rows, part.columns.get_loc("dbp")] = np.where(pressure, d, np.nan)
    sweet = what[rows] != "htn"
    old = part.fpg.to_numpy()[rows]
    part.iloc[rows, part.columns.get_loc("fpg")] = np.where(sweet, np.clip(np.round(g, 1), 3.4, 21), old)
    part.iloc[rows, part.columns.get_loc("complete")] = True
    part.iloc[rows, part.columns.get_loc("made")] = True
    if kind == "strips":
        return
    # The second form of a visit follows the first.
    mine = part.index.get_indexer(part.leader)
    behind = np.flatnonzero((mine >= 0) & np.isin(mine, rows))
    lead = mine[behind]
    glucose = np.full(len(part), np.nan)
    glucose[rows] = g
    for column in ("day", "entered", "held", "mode", "seq", "made"):
        part.iloc[behind, part.columns.get_loc(column)] = part[column].to_numpy()[lead]
    for column in ("sbp", "dbp") if district.temper["dm_pressure"] else ():
        part.iloc[behind, part.columns.get_loc(column)] = part[column].to_numpy()[lead]
    fit = np.clip(np.round(glucose[lead], 1), 3.4, 21)
    part.iloc[behind, part.columns.get_loc("fpg")] = fit


def _way(rng: np.random.Generator, kind: str) -> dict:
    ghost = kind not in REAL_VISIT and rng.random() < GHOSTS.get(kind, 0.4)
    dates = rng.choice(["keep", "even", "interval"], p=[0.4, 0.4, 0.2])
    return {
        "ghost": ghost,
        "dates": "diary" if kind == "diary" else dates if kind not in ("between", "last_year") else "keep",
        "typing": rng.choice(["habit", "burst", "same"], p=[0.45, 0.3, 0.25]),
        "mode": "home" if kind == "diary" else str(rng.choice(["", "", "clinic", "home"])),
    }


def _attempt(
    rng: np.random.Generator,
    district: District,
    table: pd.DataFrame,
    doctors: list[int],
    kind: str,
    second: str | None,
):
    likes, way = draw(rng), _way(rng, kind)
    parts = []
    for doctor in doctors:
        part = table[table.doctor == doctor].copy()
        if part.held.sum() < 15:
            parts.append(part)
            continue
        chosen = _chosen(rng, kind, part, way["ghost"])
        if second:
            other = rng.random(chosen.size) < rng.uniform(0.25, 0.5)
            _fabricate(
                rng,
                district,
                part,
                second,
                likes,
                chosen[other],
                way | {"ghost": way["ghost"] and second not in REAL_VISIT},
            )
            chosen = chosen[~other]
        _fabricate(rng, district, part, kind, likes, chosen, way)
        there = part[part.held].sort_values("made", kind="stable")
        twice = there.index[there.duplicated(["who", "kind", "day"]) & there.made]
        part.loc[twice, "held"] = False
        parts.append(part)
    return pd.concat(parts)


def invent(
    rng: np.random.Generator, district: District, table: pd.DataFrame, number: int
) -> tuple[pd.DataFrame, dict]:
    """The table with made-up rows, and (unit row, doctor's name or "") -> (kind, made up, rows)."""
    units, doctors = district.units, district.doctors
    held = table[table.held].groupby("doctor").size().reindex(range(len(doctors)), fill_value=0).to_numpy()
    able = [unit for unit in range(len(units)) if held[doctors.unit == unit].max(initial=0) >= 130]
    many = int(np.clip(round(rng.uniform(0.11, 0.24) * len(units)), 2, 0.25 * len(units)))
    order = [str(kind) for kind in rng.permutation(KINDS)]
    due = [KINDS[(2 * number) % len(KINDS)], KINDS[(2 * number + 1) % len(KINDS)], *order, *order]
    found: dict = {}
    for turn, unit in enumerate(rng.permutation(able)[:many]):
        own = np.flatnonzero(doctors.unit == unit)
        bare = bool(units.bare[unit])
        if bare or (own.size > 1 and rng.random() < 0.4):
            groups = [(own.tolist(), "")]
        else:
            busy = own[held[own] >= 130]
            several = 2 if busy.size > 2 and rng.random() < 0.2 else 1
            groups = [([int(one)], doctors.name[one]) for one in rng.choice(busy, several, replace=False)]
        for place, (members, name) in enumerate(groups):
            for trial in range(12):
                # The due kind is tried first; a doctor who has no fit patients does something else.
                kind = due[turn] if place == 0 and trial < 6 else order[(turn + trial + place) % len(order)]
                mixed = kind not in ("strips", "shave") and rng.random() < 0.22
                second = (
                    str(rng.choice([k for k in KINDS if k not in (kind, "strips", "shave", "last_year")]))
                    if mixed
                    else None
                )
                part = _attempt(rng, district, table, members, kind, second)
                made, rows = int((part.made & part.held).sum()), int(part.held.sum())
                if made >= 45 and 0.26 <= made / rows <= 1:
                    table.loc[part.index] = part
                    label = f"{kind}+{second}" if second else kind
                    found[int(unit), "" if name == "" else str(name)] = (label, made, rows)
                    break
    return table, found
