"""A week's visits of a unit: whom, when, where, what to do there, and what that leaves.

One visit at home is one door: everybody of the household with something to do is seen. At the centre everybody comes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from metrics.cards import CARDS
from metrics.standards import value_in
from metrics.visiting.choosing import choose
from metrics.visiting.closings import HOME, services
from metrics.visiting.days import WEEK, by_day
from metrics.visiting.owing import CLOSES, GONE, LATE, NOTHING, Lists

#: What presses: the last chance of the year, a warning, soon.
LAST, WARNING, SOON = "last", "warning", "soon"
MARKS = (LAST, WARNING, SOON)
VISITS = (
    "day",
    "stop",
    "village",
    "place",
    "person",
    "sex",
    "age",
    "services",
    "closes",
    "steps",
    "last",
    "mark",
)


@dataclass(frozen=True)
class Counts:
    """Gaps on the lists, each once: they add up to ``gaps``.

    can       a visit of this kind closes it or brings it on; elsewhere: only one of the other kind does
    waiting   it is too early for the next service; late, gone: lost for the year
    closed    of ``can``, closed by the visits chosen; steps: brought on, but not closed by them
    people    on any list; stops: visits that everybody with something to do would take; chosen: visits made
    """

    gaps: int
    can: int
    elsewhere: int
    waiting: int
    late: int
    gone: int
    closed: int
    steps: int
    people: int
    stops: int
    chosen: int
    villages: int
    pressing: int  # gaps whose last chance is this week
    pressing_done: int


@dataclass(frozen=True, eq=False)
class Plan:
    """``visits``: a row a person (VISITS) in the order of the week; ``days``: its working days."""

    where: str
    days: tuple[date, ...]
    visits: pd.DataFrame
    counts: Counts


def capacity_of(where: str, month: int) -> int:
    """How many visits a week has where nobody says otherwise."""
    return int(value_in("visit_week" if where == HOME else "visit_week_centre", month))


def week_plan(found: Lists, where: str, days: Sequence[date], visits: int, doctor: str | None = None) -> Plan:
    """The week's visits; ``doctor``: of the people of one responsible doctor alone. Pure: reads nothing."""
    chosen = _chosen(found, where, days, visits, doctor)
    shown = _visits(chosen.doors, chosen.open_ones, chosen.people, days)
    return Plan(where, tuple(days), shown, chosen.counts)


def week_counts(found: Lists, where: str, days: Sequence[date], visits: int) -> Counts:
    """The counts of the same plan of everybody, without its rows."""
    return _chosen(found, where, days, visits, None).counts


@dataclass(frozen=True, eq=False)
class _Chosen:
    doors: pd.DataFrame  # a row a person seen
    open_ones: pd.DataFrame  # gaps that can be closed or brought on
    people: pd.DataFrame
    counts: Counts


def _chosen(found: Lists, where: str, days: Sequence[date], visits: int, doctor: str | None) -> _Chosen:
    people, gaps = found.people, found.gaps
    if doctor is not None:
        people = people[people["doctor"] == doctor]
        gaps = gaps[gaps["person"].isin(people["person"])]
    rated = _rated(gaps, where, days, found.month)
    open_ones = rated[rated["state"] == "can"]
    stops, behind = _stops(open_ones, people, where, found.month)
    cost = int(value_in("visit_points_village", found.month)) if where == HOME else 0
    made = choose(stops["points"].to_numpy(), stops["village_no"].to_numpy(), visits if days else 0, cost)
    chosen = stops.iloc[made].reset_index(drop=True)
    # How many of the days lie before it counts; without a first day (NaT) none does.
    starts = (pd.DatetimeIndex(days).values[None, :] < chosen["starts"].to_numpy()[:, None]).sum(axis=1)
    chosen["at"] = by_day(
        _last_places(chosen["due"], days), chosen["village_no"].to_numpy(), len(days), starts
    )
    doors = chosen.merge(behind, on="door")
    return _Chosen(doors, open_ones, people, _counts(rated, stops, chosen, doors["person"]))


def _rated(gaps: pd.DataFrame, where: str, days: Sequence[date], month: int) -> pd.DataFrame:
    """Each gap with its state, what presses, the day it is due within the week, and its points."""
    rows = gaps.copy()
    does = rows[where].to_numpy()
    rows["closes"] = does == CLOSES
    alert = rows["card"].map({key: card.alert is not None for key, card in CARDS.items()}).astype(bool)
    state = np.where(does > NOTHING, "can", "elsewhere")
    rows["mark"], rows["points"] = "", 0
    if days:
        first, end, newest = pd.Timestamp(days[0]), _end_of(days), pd.Timestamp(days[-1])
        soon = end + pd.Timedelta(days=int(value_in("visit_soon_days", month)))
        state = np.where((rows["first"] > newest) & (state == "can"), "waiting", state)
        over = (rows["last"] < first) & ~alert
        state = np.where(over, LATE, state)
        rows["mark"] = np.select(
            [alert & (rows["last"] <= end), ~alert & (rows["last"] <= end), rows["last"] <= soon],
            [WARNING, LAST, SOON],
            "",
        )
    state = np.where(rows["lost"] == "", state, rows["lost"])
    points = {name: int(value_in(f"visit_points_{name}", month)) for name in ("last", "soon", "gap", "step")}
    rows["points"] = np.select(
        [rows["mark"].isin([LAST, WARNING]), rows["mark"] == SOON, does == CLOSES],
        [points["last"], points["soon"], points["gap"]],
        points["step"],
    )
    rows["state"] = state
    return rows


def _stops(
    rows: pd.DataFrame, people: pd.DataFrame, where: str, month: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A row a visit (door, points, village_no, due: the earliest last day, starts: from when all of it counts, head, village), the most pressing first; and who
    is behind which door: person, door."""
    each = (
        rows.groupby("person")
        .agg(points=("points", "sum"), due=("last", "min"), starts=("first", "max"))
        .reset_index()
        .merge(people[["person", "family", "place", "village", "village_name"]], on="person")
    )
    each["village"] = each["village"].fillna("")
    door = each["person"].astype(str).radd("p")
    if where == HOME:
        shared = each["family"].notna()
        where_at = each["village"].astype(str) + "/" + each["place"].fillna("").astype(str)
        key = where_at + "/" + each["family"].astype("Int64").astype(str)
        many = key.map(key[shared].value_counts()) > int(value_in("visit_household_most", month))
        door = door.where(~shared | many, key)
    each["door"] = door
    stops = each.groupby("door", as_index=False).agg(
        points=("points", "sum"),
        due=("due", "min"),
        starts=("starts", "max"),
        head=("person", "min"),
        village=("village", "first"),
        village_name=("village_name", "first"),
    )
    stops["village_no"] = pd.factorize(stops["village"], sort=True)[0]
    return stops.sort_values(["due", "head"], kind="stable").reset_index(drop=True), each[["person", "door"]]


def _last_places(due: pd.Series, days: Sequence[date]) -> np.ndarray:
    """[visit]: the last of the days on which it is in time; any of the week where its day is over already (a warning)."""
    if not days:
        return np.zeros(len(due), np.int64)
    place = np.searchsorted(pd.DatetimeIndex(days), pd.DatetimeIndex(due), side="right") - 1
    place = np.where(place < 0, len(days) - 1, place)
    return np.where(due > _end_of(days), len(days), place)


def _end_of(days: Sequence[date]) -> pd.Timestamp:
    """The Sunday of the week."""
    return pd.Timestamp(days[0] + timedelta(days=WEEK - 1 - days[0].weekday()))


def _visits(
    doors: pd.DataFrame, rows: pd.DataFrame, people: pd.DataFrame, days: Sequence[date]
) -> pd.DataFrame:
    """A row a person, by day, village and door."""
    if doors.empty:
        return pd.DataFrame(columns=list(VISITS))
    done = rows[rows["person"].isin(doors["person"])]
    order = {name: place for place, name in enumerate(services())}
    told = done.groupby("person").agg(
        services=("service", lambda some: tuple(sorted(set(some) - {""}, key=order.__getitem__))),
        last=("last", "min"),
        mark=("mark", lambda some: next((mark for mark in MARKS if mark in set(some)), "")),
    )
    value = done["card"].where(done["closes"])
    told["closes"] = value.groupby(done["person"]).agg(lambda some: tuple(some.dropna()))
    step = done["card"].where(~done["closes"])
    told["steps"] = step.groupby(done["person"]).agg(lambda some: tuple(some.dropna()))
    about = people[["person", "place", "sex", "age"]]
    found = doors.merge(told, left_on="person", right_index=True).merge(about, on="person")
    found["day"] = [days[at] for at in found["at"]]
    found["village"] = found["village_name"]
    found = found.sort_values(["at", "village", "place", "door", "person"], kind="stable", na_position="last")
    found["stop"] = pd.factorize(found["door"])[0] + 1
    return found[list(VISITS)].reset_index(drop=True)


def _counts(rated: pd.DataFrame, stops: pd.DataFrame, chosen: pd.DataFrame, seen: pd.Series) -> Counts:
    by_state = rated.groupby("state")["times"].sum()
    can = rated[rated["state"] == "can"]
    done = can[can["person"].isin(seen)]
    pressing = can["mark"].isin([LAST, WARNING])
    return Counts(
        gaps=int(rated["times"].sum()),
        **{name: int(by_state.get(name, 0)) for name in ("can", "elsewhere", "waiting", LATE, GONE)},
        closed=int(done.loc[done["closes"], "times"].sum()),
        steps=int(done.loc[~done["closes"], "times"].sum()),
        people=int(rated["person"].nunique()),
        stops=len(stops),
        chosen=len(chosen),
        villages=int(chosen["village"].nunique()),
        pressing=int(can.loc[pressing, "times"].sum()),
        pressing_done=int(done.loc[done["mark"].isin([LAST, WARNING]), "times"].sum()),
    )
