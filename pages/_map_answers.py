"""What a question of the map has for an answer: a class and a value for every cell, the numbers of its sentence, the worst.

Plain sums over frames. A value that nobody knows is not 0; a number of people so small that it names them is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from charts.grid import shades, spread, steps
from charts.grid_layers import HIDDEN, NOTHING, UNKNOWN
from metrics.card import Card, Direction, Unit
from metrics.coverage.reach import reached_by
from metrics.small_numbers import names_somebody
from metrics.units import count, number
from pages._map_data import MapData
from pages._map_questions import Question, Shape
from pages._text import Text

_MOST = 3  # places that a sentence names
_PARTS = (0.25, 0.5, 0.75, 1.0)  # of a limit
_NINE_OF_TEN, _HALF = 0.9, 0.5


class UnansweredError(LookupError):
    """There is nothing to answer from. ``lacks``: key of the words that say what is missing and who can give it."""

    def __init__(self, lacks: str, **facts: str) -> None:
        super().__init__(lacks)
        self.lacks, self.facts = lacks, facts


@dataclass(frozen=True)
class Answer:
    """Arrays in the order of the cells; a class is a place in ``labels`` and ``kind``'s colours, or a grey one.

    says    key of the sentence, with ``facts``
    greys   what the grey classes mean, by class
    worst   places of cells in ``MapData.cells``, the worst first; of ``things`` none: its list is of units or grids
    """

    classes: np.ndarray
    shown: Sequence[str]
    kind: str
    labels: Sequence[str]
    says: str
    facts: Mapping[str, str]
    worst: Sequence[int]
    greys: Mapping[int, str] = field(default_factory=dict)
    things: str = ""


def answer(data: MapData, asked: Question, card: Card | None, text: Text, inside: np.ndarray) -> Answer:
    """The answer; its sentence and its list are of the cells ``inside`` (bool). Raises UnansweredError."""
    if asked.shape is Shape.GAP:
        return _gap(data, card, text, inside)
    makers = {
        Shape.COUNT: _count,
        Shape.CHANGE: _change,
        Shape.METRES: _metres,
        Shape.MINUTES: _minutes,
        Shape.LOAD: _load,
        Shape.SUPPLY: _supply,
        Shape.CONTRACT: _contract,
        Shape.TEAMS: _teams,
    }
    return makers[asked.shape](data, asked, text, inside)


def floats(values: pd.Series) -> np.ndarray:
    """Values as floats, NaN where nothing is known."""
    return values.astype("Float64").to_numpy(float, na_value=np.nan)


def _count(data: MapData, asked: Question, text: Text, inside: np.ndarray) -> Answer:
    values, whole = floats(data.cells[asked.column]), floats(data.cells[asked.whole])
    if np.isnan(values).all() and np.isnan(floats(data.cells["beyond"])).all() and asked.bad:
        raise UnansweredError("units")
    # Of a group that nobody tells it is known all the same that none of it is beyond, where nobody is.
    if np.isnan(values).all() or np.isnan(whole).all():
        raise UnansweredError("bands")
    limits = spread(pd.Series(values))
    n, total = _sum(values, inside), _sum(whole, inside)
    return Answer(
        classes=_classed(values, limits, nothing=values == 0),
        shown=_counts(values),
        kind="bad" if asked.bad else "plain",
        labels=_number_labels(limits, text("unit.people")),
        says=asked.code,
        facts={
            "n": count(n),
            "total": count(total),
            "share": _percent(n, total),
            "km": data.km,
            "most": _most(data, values, inside, text),
        },
        worst=_order(values, inside & (values > 0)),
        greys={NOTHING: text("map.no_one"), UNKNOWN: text("map.not_known")},
    )


def _change(data: MapData, asked: Question, text: Text, inside: np.ndarray) -> Answer:
    if data.before.empty:
        raise UnansweredError("year")
    now = floats(data.cells["beyond"])
    then = data.before.set_index("cell")["beyond"]
    before = floats(then.reindex(data.cells["cell"]))
    before[~data.cells["cell"].isin(then.index).to_numpy()] = 0  # nobody lived there
    values = now - before
    if np.isnan(values).all():
        raise UnansweredError("units")
    moved = np.abs(values[np.nan_to_num(values) != 0])
    much = int(max(1, np.quantile(moved, 0.7))) if len(moved) else 1
    classes = np.select(
        [np.isnan(values), values == 0, values < -much, values < 0, values <= much],
        [UNKNOWN, NOTHING, 0, 1, 2],
        3,
    )
    lived = data.before["town"].isin(set(data.cells["town"][inside])).to_numpy() | inside.all()
    earlier = _sum(floats(data.before["beyond"]), lived)  # with cells in which nobody lives any more
    n = _sum(now, inside)
    return Answer(
        classes=classes,
        shown=["—" if v != v else f"{v:+,.0f}".replace("-", "−") for v in values],
        kind="change",
        labels=[f"< −{much:,}", f"−{much:,} – −1", f"+1 – +{much:,}", f"> +{much:,}"],
        says="change" if n != n or earlier != earlier else f"change_{_direction(n - earlier)}",
        facts={
            "n": count(n),
            "before": count(earlier),
            "change": count(abs(n - earlier)),
            "km": data.km,
            "most": _most(data, -values if n < earlier else values, inside, text),
        },
        worst=_order(values, inside & (values > 0)),
        greys={NOTHING: text("map.no_change"), UNKNOWN: text("map.not_known")},
    )


def _direction(change: float) -> str:
    return "more" if change > 0 else "fewer" if change < 0 else "same"


def _metres(data: MapData, asked: Question, text: Text, inside: np.ndarray) -> Answer:
    kind = asked.column
    if kind:
        found = data.reach[data.reach["kind"] == kind].set_index("cell")["metres"]
        values = floats(found.reindex(data.cells["cell"]))
    else:
        values = floats(data.cells["metres"])
    named = text(f"map.kind_{kind or 'any'}")
    if np.isnan(values).all():
        raise UnansweredError("kind", kind=named)
    rule, people = data.about.rule_m, np.nan_to_num(floats(data.cells["people"]))
    limits = [rule * part for part in (0.25, 0.5, 1, 1.5)]
    known = inside & ~np.isnan(values)
    far = _order(values, known)
    return Answer(
        classes=_classed(values, limits),
        shown=_counts(values),
        kind="distance",
        labels=_labels(limits, text("map.km"), _km),
        says="metres",
        facts={
            "kind": named,
            "ninth": _km(reached_by(values[known], people[known], _NINE_OF_TEN)),
            "half": _km(reached_by(values[known], people[known], _HALF)),
            "place": _place(data, far[0], text) if len(far) else "—",
            "far": _km(values[far[0]]) if len(far) else "—",
        },
        worst=_order(values, known & (values > rule)),
        greys={UNKNOWN: text("map.not_known")},
    )


def _minutes(data: MapData, asked: Question, text: Text, inside: np.ndarray) -> Answer:
    about = data.about
    if about.travel is None or about.minutes is None:
        raise UnansweredError("travel")
    values, slow = floats(data.cells["minutes"]), floats(data.cells["slow"])
    limits = [about.minutes * part for part in _PARTS]
    longer = np.isnan(values) & (slow > 0)
    classes = np.where(longer, len(limits), _classed(values, limits))
    n, total = _sum(slow, inside), _sum(floats(data.cells["people"]), inside)
    shown = [f"> {about.minutes}" if long else count(v) for v, long in zip(values, longer, strict=True)]
    return Answer(
        classes=classes,
        shown=shown,
        kind="distance",
        labels=_labels(limits, text("map.min")),
        says="minutes",
        facts={
            "n": count(n),
            "total": count(total),
            "share": _percent(n, total),
            "limit": str(about.minutes),
            "how": text(f"map.mode_{about.mode}"),
            "source": text(f"map.travel_{about.travel}"),
            "most": _most(data, slow, inside, text),
        },
        worst=_order(slow, inside & (slow > 0)),
        greys={UNKNOWN: text("map.not_known")},
    )


def _load(data: MapData, asked: Question, text: Text, inside: np.ndarray) -> Answer:
    served = data.served.dropna(subset=["people"])
    if served.empty:
        raise UnansweredError("units")
    people = served.set_index("unit")["people"]
    values = floats(data.cells["unit"].map(people.astype(float)))
    limits = [data.most_people * part for part in _PARTS]
    heavy = above(data)
    most = served.loc[served["people"].astype(float).idxmax()]
    return Answer(
        classes=_classed(values, limits),
        shown=_counts(values),
        kind="distance",
        labels=_number_labels(limits, text("unit.people")),
        says="load",
        facts={
            "n": str(len(heavy)),
            "total": str(len(data.served)),
            "limit": count(data.most_people),
            "unit": most["name"],
            "most": count(float(most["people"])),
        },
        worst=(),
        greys={UNKNOWN: text("map.not_known")},
        things="units",
    )


def above(data: MapData) -> pd.DataFrame:
    """Rows of ``MapData.served`` that are nearest to more people than the rule has, the most first."""
    served = data.served.assign(people=data.served["people"].astype("Float64"))
    return served[served["people"].fillna(0) > data.most_people].sort_values("people", ascending=False)


def _supply(data: MapData, asked: Question, text: Text, inside: np.ndarray) -> Answer:
    found = data.access[data.access["supply"] == asked.column].set_index("cell")
    named = text(f"map.supply_{asked.column}")
    if found.empty:
        raise UnansweredError("supply", supply=named)
    found = found.reindex(data.cells["cell"])
    values = found["per_1000"].to_numpy(float)
    unsure = found["unsure"].fillna(False).to_numpy(bool)
    people = np.nan_to_num(floats(data.cells["people"]))
    limits = steps(pd.Series(values))
    known = inside & ~np.isnan(values)
    without = _sum(people, known & (values == 0))
    worst = np.flatnonzero(known)[np.lexsort((-people[known], values[known]))]
    words = [
        "—" if v != v else f"{'≥ ' if low else ''}{v:.2f}" for v, low in zip(values, unsure, strict=True)
    ]
    return Answer(
        classes=_classed(values, limits),
        shown=words,
        kind="plain",
        labels=_labels(limits, ""),
        says="supply_unsure" if unsure[inside].any() else "supply",
        facts={
            "supply": named,
            "km": f"{data.about.catchment_m / 1000:g}",
            "half": f"{reached_by(values[known], people[known], _HALF):.2f}",
            "without": count(without),
            "share": _percent(without, _sum(people, inside)),
            "unsure": str(int(unsure[inside].sum())),
        },
        worst=worst,
        greys={UNKNOWN: text("map.not_known")},
    )


def _contract(data: MapData, asked: Question, text: Text, inside: np.ndarray) -> Answer:
    people, contracted = floats(data.cells["people"]), floats(data.cells["contracted"])
    if np.isnan(contracted).all():
        raise UnansweredError("contract")
    return _lacking(data, contracted, people, people - contracted, "contract", {}, text, inside)


def _gap(data: MapData, card: Card, text: Text, inside: np.ndarray) -> Answer:
    found = data.by_cell(card.key)
    having, listed = found["numerator"].to_numpy(float), found["listed"].to_numpy(float)
    if np.isnan(listed).all() or not np.nansum(listed):
        raise UnansweredError("gap")
    lacking = listed - having if card.direction is Direction.HIGHER else having
    named = {"name": card.name[text.language]}
    secret = found["hidden"].to_numpy(bool)
    return _lacking(data, having, listed, lacking, "gap", named, text, inside, secret)


def _lacking(
    data: MapData,
    having: np.ndarray,
    listed: np.ndarray,
    lacking: np.ndarray,
    says: str,
    more: Mapping[str, str],
    text: Text,
    inside: np.ndarray,
    not_theirs: np.ndarray | bool = False,
) -> Answer:
    """People who lack something, by cell (``not_theirs``: cells of which the reader knows nothing). Numbers that would name somebody are hidden; they are in the sums, unless the
    difference of a sum and what is shown would tell them: the hidden cells are then few people together."""
    secret = names_somebody(having, listed, data.small) | not_theirs
    unshown = secret & inside
    told = (
        inside & ~unshown
        if names_somebody(having[unshown].sum(), listed[unshown].sum(), data.small)
        else inside
    )
    nobody = ~(listed > 0)
    open_ = np.where(secret | nobody, np.nan, np.maximum(lacking, 0))
    limits = spread(pd.Series(open_))
    classes = np.select(
        [nobody & ~np.isnan(listed), secret, np.isnan(open_), open_ == 0],
        [UNKNOWN, HIDDEN, UNKNOWN, NOTHING],
        _classed(open_, limits),
    )
    few = text("map.few", n=f"{data.small:g}")
    shown = [
        few if one else "—" if v != v else f"{v:,.0f} / {whole:,.0f}"
        for v, whole, one in zip(open_, listed, secret, strict=True)
    ]
    n, total = (float(np.nansum(one[told])) for one in (lacking, listed))
    return Answer(
        classes=classes,
        shown=shown,
        kind="bad",
        labels=_number_labels(limits, text("unit.people")),
        says=says if (told == inside).all() else f"{says}_less",
        facts={
            "n": count(n),
            "total": count(total),
            "share": _percent(n, total),
            "hidden": str(int(unshown.sum())),
            "few": f"{data.small:g}",
            "most": _most(data, open_, inside, text),
            **more,
        },
        worst=_order(open_, inside & (open_ > 0)),
        greys={
            NOTHING: text("map.no_gap"),
            HIDDEN: text("map.hidden", n=f"{data.small:g}"),
            UNKNOWN: text("map.nobody_concerned"),
        },
    )


def _teams(data: MapData, asked: Question, text: Text, inside: np.ndarray) -> Answer:
    grids = data.grids
    if grids.empty:
        raise UnansweredError("teams")
    placed = grids[grids["cell"].isin(data.cells["cell"][inside])] if not inside.all() else grids
    teams = grids["teams"].to_numpy()
    states = pd.Series(np.select([teams == 0, teams > 1], [2, 1], 0)).groupby(grids["cell"].to_numpy()).max()
    classes = states.reindex(data.cells["cell"]).fillna(UNKNOWN).to_numpy(int)
    words = [text(f"map.teams_{name}") for name in ("one", "several", "none")]
    return Answer(
        classes=classes,
        shown=[words[one] if one >= 0 else "—" for one in classes],
        kind="teams",
        labels=words,
        says="teams",
        facts={
            "total": count(len(placed)),
            "without": count(int((placed["teams"] == 0).sum())),
            "several": count(int((placed["teams"] > 1).sum())),
            "unplaced": count(int(placed["cell"].isna().sum())),
        },
        worst=(),
        greys={UNKNOWN: text("map.no_grid")},
        things="grids",
    )


# -- small sums --------------------------------------------------------------------------------------


def _sum(values: np.ndarray, inside: np.ndarray) -> float:
    """NaN where it is not known of some cell: a part is no sum."""
    return float(np.sum(values[inside]))


def _classed(values: np.ndarray, limits: Sequence[float], nothing: np.ndarray | None = None) -> np.ndarray:
    found = np.searchsorted(np.asarray(limits, float), np.nan_to_num(values), side="left")
    found = np.where(np.isnan(values), UNKNOWN, found)
    return found if nothing is None else np.where(nothing, NOTHING, found)


def _order(values: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Places of what is kept, the largest first; ties as the cells lie."""
    places = np.flatnonzero(kept)
    return places[np.argsort(-values[places], kind="stable")]


def _percent(part: float, whole: float) -> str:
    return number(part / whole if whole else float("nan"), Unit.PERCENT)


def _km(metres: float) -> str:
    return "—" if metres != metres else f"{metres / 1000:.2g}" if metres < 10_000 else f"{metres / 1000:.0f}"


def _counts(values: np.ndarray) -> list[str]:
    return ["—" if v != v else f"{v:,.0f}" for v in values]


def _labels(limits: Sequence[float], suffix: str, write: Callable[[float], str] = "{:g}".format) -> list[str]:
    """Names of the classes between limits."""
    words = [write(limit) for limit in limits]
    if not words:
        return [f"> 0 {suffix}".rstrip()]
    between = (f"{a}–{b}" for a, b in pairwise(words))
    return [f"≤ {words[0]} {suffix}".rstrip(), *between, f"> {words[-1]}"]


def _number_labels(limits: Sequence[float], suffix: str) -> list[str]:
    """Names of the classes of whole numbers above 0: each begins after the one before it."""
    ends = [round(limit) for limit in limits]
    starts = [1, *(end + 1 for end in ends)]
    names = [count(a) if a == b else f"{count(a)}–{count(b)}" for a, b in zip(starts, ends, strict=False)]
    return [f"{names[0]} {suffix}", *names[1:], f"> {count(ends[-1])}"]


def _most(data: MapData, values: np.ndarray, inside: np.ndarray, text: Text) -> str:
    """The towns (within a town: the places) that have most of it, in words; "" where there is none."""
    town = data.cells["town"].to_numpy()[inside]
    one_town = bool(len(town)) and pd.notna(town[0]) and (town == town[0]).all()
    names = data.cells["place_name" if one_town else "area"].to_numpy()[inside]
    sums = pd.Series(np.nan_to_num(values[inside])).groupby(names).sum()
    top = sums[sums > 0].nlargest(_MOST)
    if top.empty or len(sums) < 2:
        return ""
    each = text("list.comma").join(text("map.in_place", place=place, n=count(n)) for place, n in top.items())
    return text("map.most", places=each)


def _place(data: MapData, place: int, text: Text) -> str:
    row = data.cells.iloc[place]
    name = row["place_name"]
    return name if isinstance(name, str) and name else text("map.cell", column=row["column"], row=row["row"])


def colours_of(found: Answer, dark: bool) -> list[tuple[int, int, int]]:
    """A colour for each label: fewer labels than colours take them evenly, from the first to the last."""
    all_ = shades(found.kind, dark)
    places = (
        np.linspace(0, len(all_) - 1, len(found.labels)).round().astype(int) if len(found.labels) > 1 else [0]
    )
    return [all_[place] for place in places]
