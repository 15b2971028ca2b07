"""The grid map: own cells, no base map, nothing from outside.

``map_deck`` is the one place where a deck is made, because only one combination of arguments
fetches nothing: ``map_provider=None`` and no ``map_style`` at all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd
import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize

#: Keys of rows whose strings are words to be shown, and never looked up as anything else.
WORDS = frozenset(("h", "n", "s", "t", "tip", "v"))
HEIGHT = 490  # pixels: with question, answer and legend on a screen of 900
MODES = ("metres", "beyond", "people", "people_65", "contracted")

Colour = tuple[int, int, int]

# From light to dark; the first class is the best where a distance is shown.
_SEQUENTIAL = ((224, 236, 244), (158, 188, 218), (107, 142, 190), (63, 96, 153), (30, 58, 110))
_SEQUENTIAL_DARK = ((38, 54, 74), (49, 83, 122), (66, 116, 165), (104, 154, 204), (164, 203, 240))
_DISTANCE = ((84, 160, 124), (170, 205, 150), (246, 214, 128), (232, 146, 92), (190, 62, 48))
_BAD = ((253, 222, 190), (250, 184, 132), (238, 136, 86), (212, 84, 54), (158, 36, 36))
_BAD_DARK = ((92, 58, 44), (140, 76, 48), (190, 98, 58), (228, 130, 84), (250, 184, 142))
_CHANGE = ((38, 128, 90), (150, 203, 164), (238, 158, 104), (190, 62, 48))
_TEAMS = ((120, 178, 140), (240, 190, 90), (190, 62, 48))
_KINDS = {"metres": "distance", "beyond": "bad"}


class OutsideError(ValueError):
    """A deck that would fetch something from the network."""


class _Deck(pdk.Deck):
    """A deck whose JSON is written once, without the blanks and line ends that would double it."""

    _written: str | None = None

    def to_json(self) -> str:
        if self._written is None:
            self._written = json.dumps(
                self,
                sort_keys=True,
                default=default_serialize,
                separators=(",", ":"),
                ensure_ascii=False,
            )
        return self._written


def map_deck(layers: Sequence[pdk.Layer], view: pdk.ViewState, tooltip: dict) -> pdk.Deck:
    """A deck that draws from its own data alone. Raises OutsideError when anything in it is remote."""
    deck = _Deck(layers=list(layers), initial_view_state=view, map_provider=None, tooltip=tooltip)
    written = deck.to_json()
    if "http" in written.lower() and _names_address(json.loads(written)):
        raise OutsideError("the map holds an address of another machine")
    return deck


def _names_address(part: object) -> bool:
    """Whether a string other than a word of a row has an address in it: names are as people have typed them."""
    if isinstance(part, dict):
        return any(
            _names_address(value)
            for key, value in part.items()
            if key not in WORDS or not isinstance(value, str)
        )
    if isinstance(part, list):
        return any(map(_names_address, part))
    return isinstance(part, str) and "http" in part.lower()


def classes(mode: str, values: pd.Series, rule_metres: int) -> list[float]:
    """Upper limits of the first four of five classes, whole numbers that people can read."""
    if mode == "metres":
        return [rule_metres / 4, rule_metres / 2, rule_metres, rule_metres * 1.5]
    if mode == "contracted":
        return [0.2, 0.4, 0.6, 0.8]
    return spread(values)


def spread(values: pd.Series) -> list[float]:
    """Four limits, whole numbers, that part what is above 0 into classes; few are in the last ones."""
    known = values[values > 0].astype(float)
    if known.empty:
        return [1, 2, 3, 4]
    return _distinct([_round(float(known.quantile(q))) for q in (0.3, 0.6, 0.8, 0.93)])


def values_of(cells: pd.DataFrame, mode: str) -> pd.Series:
    """What a mode colours by (float); NaN where a cell has nothing to show or nothing is known."""
    if mode == "contracted":
        people = cells["people"].astype("Float64")
        share = cells["contracted"].astype("Float64") / people.where(people > 0)
        return share.astype(float)
    return cells[mode].astype("Float64").astype(float)


def palette(mode: str, dark: bool) -> list[Colour]:
    """Five colours, in the order of the classes."""
    return shades(_KINDS.get(mode, "plain"), dark)


def shades(kind: str, dark: bool) -> list[Colour]:
    """Five colours, ``plain`` less to more, ``bad`` some to many, ``distance`` near to far; four of ``change``, from better
    to worse; three of ``teams``: one, several, none."""
    return list(
        {
            "plain": _SEQUENTIAL_DARK if dark else _SEQUENTIAL,
            "bad": _BAD_DARK if dark else _BAD,
            "distance": _DISTANCE,
            "change": _CHANGE,
            "teams": _TEAMS,
        }[kind]
    )


def steps(values: pd.Series) -> list[float]:
    """At most four limits, each with two leading digits, that part values (0 and more) into equal shares."""
    known = values[values > 0].astype(float)
    found = (float(f"{known.quantile(q):.2g}") for q in (0.2, 0.4, 0.6, 0.8)) if len(known) else ()
    return sorted(set(found))


def _round(value: float) -> float:
    """To a number that people can read: two leading digits."""
    size = 10 ** max(0, len(str(int(value))) - 2)
    return float(max(1, round(value / size) * size))


def _distinct(limits: list[float]) -> list[float]:
    """The same limits, each larger than the one before."""
    out: list[float] = []
    for limit in limits:
        out.append(max(limit, out[-1] + 1) if out else limit)
    return out
