"""What a chart says, apart from any library that draws it: the one description for pictures, slides and sheets.

Values are numbers as they are shown (87.3 for a share of 0.873), NaN where there is no figure. Colours are named by
what they mean (``charts.look.colours``); words stand beside them, so that colour is never alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Caption:
    """What stands around a chart: every text ready to be shown, "" where there is nothing to say."""

    title: str
    unit: str  # what values are counted in, in words: "Unit: %"
    target: str = ""  # the target with its value, in words
    source: str = ""  # who says so, and where the target comes from
    date: str = ""  # until when the data reach
    note: str = ""  # what a reader must know: units that have no figure
    demo: str = ""  # that all is invented; where a page or slide says so already, a chart on it does not


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: its name, its value, its judgement (a name of ``look.colours``) and the words beside it."""

    label: str
    value: float
    text: str  # the value as it is written, with its mark: "▼ 62.4%"
    judgement: str = "none"
    colour: str = ""  # a name of ``look.colours`` where it is not the judgement's

    @property
    def paint(self) -> str:
        """The name of the colour that it is drawn in."""
        return self.colour or self.judgement


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Things side by side, in the order in which they are read from above."""

    caption: Caption
    bars: tuple[Bar, ...]
    target: float = math.nan  # drawn as a line where all have the same
    legend: tuple[tuple[str, str], ...] = ()  # (name of a colour, words) of what the colours mean
    decimals: int = 0
    suffix: str = ""  # what follows a number: "%"

    @property
    def highest(self) -> float:
        """The end of the longest bar or the target, whichever is farther; 0 where nothing is known."""
        known = [v for v in (*(bar.value for bar in self.bars), self.target) if not math.isnan(v)]
        return max(known, default=0.0)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line over the labels of its chart; a NaN is a gap."""

    name: str
    values: tuple[float, ...]
    role: str = "line"  # line, before, target, or another name of ``look.colours``
    open: frozenset[int] = frozenset()  # places whose figure is only part: open marks

    @property
    def dash(self) -> str:
        """solid, dot (what was) or dash (what is asked)."""
        return {"before": "dot", "target": "dash"}.get(self.role, "solid")


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Values over time, oldest first."""

    caption: Caption
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    decimals: int = 0
    suffix: str = ""  # what follows a number: "%"

    def __post_init__(self) -> None:
        for line in self.lines:
            if len(line.values) != len(self.labels):
                raise ValueError(f"line {line.name}: {len(line.values)} values, {len(self.labels)} labels")


#: Corners as shares of a map's width and height, from above left.
Path = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Area:
    """All of a map that has one colour: rings, not closed. Holes run the other way round than what they lie in."""

    fill: str  # "#rrggbb"
    rings: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class Border:
    """Borders of one rank, as lines."""

    lines: tuple[Path, ...]
    strong: bool  # of the whole district
    words: str  # what they are borders of


@dataclass(frozen=True, kw_only=True)
class Point:
    """A place on a map: its middle as shares of width and height, and its name where it is written."""

    x: float
    y: float
    large: bool
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name that stands on the map without a mark."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """A map of its own cells, borders and points; nothing lies under it."""

    caption: Caption
    aspect: float  # width / height
    areas: tuple[Area, ...]
    outlined: bool = True  # a hair of paper between cells; without it where they are too many
    borders: tuple[Border, ...] = ()
    points: tuple[Point, ...] = ()
    names: tuple[Name, ...] = ()  # written where the points' own leave room
    legend_title: str = ""
    legend: tuple[tuple[str, str], ...] = field(default=())  # ("#rrggbb", words)
    points_word: str = ""  # what the points are
    cell_words: str = ""  # how large one cell is
    scale: tuple[float, str] = (0.0, "")  # a length as a share of the width, and its words


Chart = Bars | Lines | Shapes
