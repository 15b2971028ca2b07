"""The questions of which there is a picture: what a cell's colour means, its classes, and their words.

Codes, colours and limits are those of the map page, so that a picture and the page show the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from charts.grid import shades, spread, steps
from exports.words import Text
from metrics.coverage import About as Map
from metrics.small_numbers import names_somebody
from metrics.units import count

BEYOND = ("beyond", "beyond_65", "beyond_0_6", "beyond_floating", "one_choice")
WAYS = {"metres": "", "metres_centre": "centre", "metres_station": "station", "metres_clinic": "clinic"}
SUPPLIES = ("doctors", "gps", "beds", "hours")
PEOPLE = ("people", "people_65", "people_0_6", "floating")
QUESTIONS = (*BEYOND, "change", *WAYS, "minutes", "load", *SUPPLIES, "contract", *PEOPLE)
_PALE = (*BEYOND, "change", "contract", *PEOPLE)  # of these a cell with 0 is pale, whatever the classes
NOTHING, UNKNOWN, HIDDEN = "#e4e7eb", "#f6f3ea", "#bdb7ad"
_PARTS = (0.25, 0.5, 0.75, 1.0)  # of a limit
_METRES = (0.25, 0.5, 1.0, 1.5)  # of the rule
_MUCH = 0.7  # of the cells that changed, so many changed little


@dataclass(frozen=True, eq=False)
class Material:
    """What questions are answered from.

    cells   of the newest month (``coverage.cells``); ``before``: of the month a year before
    reach, access, served   ``coverage.cell_reach``, ``cell_access``, ``served_units``
    """

    of: Map
    cells: pd.DataFrame
    small_number: float
    most_people: float  # that one village clinic serves
    before: pd.DataFrame = field(default_factory=pd.DataFrame)
    reach: pd.DataFrame = field(default_factory=pd.DataFrame)
    access: pd.DataFrame = field(default_factory=pd.DataFrame)
    served: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Classes:
    """Values up to each of the limits, and above. ``words`` and ``shades``: one a class."""

    limits: tuple[float, ...]
    shades: tuple[str, ...]
    words: tuple[str, ...]

    def shade(self, value: float) -> str:
        return self.shades[sum(value > limit for limit in self.limits)]


def valued(given: Material, question: str) -> pd.DataFrame:
    """Cells with ``value`` (float; NaN: not known), ``hidden`` and ``unsure`` (bool).

    Of ``change`` also the cells in which people lived a year before, and nobody lives now.
    """
    made = given.cells.assign(hidden=False, unsure=False)
    if question == "change":
        return _change(given, made)
    if question == "contract":
        people, having = _floats(made["people"]), _floats(made["contracted"])
        few = names_somebody(having, people, given.small_number)
        return made.assign(value=np.where(few, np.nan, np.maximum(people - having, 0)), hidden=few)
    if question == "load":
        people = given.served.set_index("unit")["people"].astype(float)
        return made.assign(value=_floats(made["unit"].map(people)))
    if question in SUPPLIES:
        told = given.access[given.access["supply"] == question].set_index("cell").reindex(made["cell"])
        unsure = told["unsure"].fillna(False).to_numpy(bool)
        return made.assign(value=told["per_1000"].to_numpy(float), unsure=unsure)
    if WAYS.get(question):
        near = given.reach[given.reach["kind"] == WAYS[question]].set_index("cell")["metres"]
        return made.assign(value=_floats(near.reindex(made["cell"])))
    if question == "minutes":  # somebody's way is longer than is looked for: the last class
        minutes, slow = _floats(made["minutes"]), np.nan_to_num(_floats(made["slow"]))
        return made.assign(value=np.where(np.isnan(minutes) & (slow > 0), np.inf, minutes))
    return made.assign(value=_floats(made[question]))


def _change(given: Material, made: pd.DataFrame) -> pd.DataFrame:
    before = given.before
    gone = before[~before["cell"].isin(made["cell"])]
    nobody = dict.fromkeys(("people", *BEYOND, "people_0_6", "people_65", "floating", "contracted"), 0)
    made = pd.concat([made, gone.assign(**nobody, hidden=False, unsure=False)], ignore_index=True)
    then = made["cell"].map(before.set_index("cell")["beyond"].astype("Float64"))
    lived = made["cell"].isin(before["cell"])
    return made.assign(value=_floats(made["beyond"]) - np.where(lived, _floats(then), 0))


def _floats(values: pd.Series) -> np.ndarray:
    return values.astype("Float64").to_numpy(float, na_value=np.nan)


def is_pale(question: str, value: float) -> bool:
    """Whether a cell has nobody whom the question is about."""
    return value == 0 and question in _PALE


def classes(given: Material, question: str, value: pd.Series, said: Text) -> Classes:
    """The classes of a question; of counts by the values that there are, in round numbers."""
    if question == "change":
        moved = value[value.fillna(0) != 0].abs()
        much = int(max(1, moved.quantile(_MUCH))) if len(moved) else 1
        words = (
            said("map.fewer", n=f"> {count(much)}"),
            said("map.fewer", n=_range(1, much)),
            said("map.more", n=_range(1, much)),
            said("map.more", n=f"> {count(much)}"),
        )
        return Classes((-much - 1, 0, much), _hex("change"), words)
    if question in SUPPLIES:
        limits = tuple(steps(value))
        return Classes(limits, _hex("plain"), _between(limits, lambda v: f"{v:g}"))
    if question == "minutes":
        limits = tuple((given.of.minutes or 0) * part for part in _PARTS)
        return Classes(limits, _hex("distance"), _between(limits, lambda v: f"{v:g}", said("map.min")))
    near = {
        **dict.fromkeys(WAYS, ([given.of.rule_m * part for part in _METRES], "chart.m")),
        "load": ([given.most_people * part for part in _PARTS], "unit.people"),
    }
    if question in near:
        limits, unit = near[question]
        return Classes(tuple(limits), _hex("distance"), _counted(limits, said(unit)))
    limits = spread(value)
    shade = _hex("plain" if question in PEOPLE else "bad")
    return Classes(tuple(limits), shade, _counted(limits, said("unit.people"), first=1))


def title(given: Material, question: str, said: Text) -> str:
    """What the question asks, in words."""
    return said(f"map.{question}", km=f"{given.of.rule_m / 1000:g}", far=f"{given.of.catchment_m / 1000:g}")


def _hex(kind: str) -> tuple[str, ...]:
    return tuple("#{:02x}{:02x}{:02x}".format(*shade) for shade in shades(kind, dark=False))


def _counted(limits: Sequence[float], suffix: str, first: int | None = None) -> tuple[str, ...]:
    """Whole numbers: the next class begins at the next number. ``first``: the least number of the first class."""
    low = f"≤ {count(limits[0])}" if first is None else _range(first, limits[0])
    between = [_range(math.floor(low) + 1, high) for low, high in pairwise(limits)]
    return f"{low} {suffix}", *between, f"> {count(limits[-1])} {suffix}"


def _range(first: float, last: float) -> str:
    return count(last) if first >= last else f"{count(first)}–{count(last)}"


def _between(limits: Sequence[float], say, suffix: str = "") -> tuple[str, ...]:
    if not limits:
        return ("0",)
    between = [f"{say(low)}–{say(high)}" for low, high in pairwise(limits)]
    ends = f"≤ {say(limits[0])} {suffix}", f"> {say(limits[-1])} {suffix}"
    return ends[0].rstrip(), *between, ends[1].rstrip()
