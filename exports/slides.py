"""What a deck of slides holds, apart from any library that writes one: text ready to be shown, numbers as shown."""

from __future__ import annotations

from dataclasses import dataclass

from charts.spec import Bars, Lines, Shapes
from exports.about import About


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One figure at a glance."""

    name: str
    value: str
    mark: str  # shape and word of its judgement
    judgement: str  # a name of ``charts.look.colours``
    lines: tuple[str, ...] = ()  # target, how many are missing


@dataclass(frozen=True)
class Cell:
    """One cell of a table; ``judgement`` tints it, ``strong`` makes it bold."""

    text: str
    judgement: str = ""
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: every row has a cell for each head. ``align``: l, c or r a column; ``widths``: their proportions."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    align: str
    widths: tuple[float, ...]
    last_is_sum: bool = False

    def __post_init__(self) -> None:
        wanted = len(self.head)
        if {len(self.align), len(self.widths), *map(len, self.rows)} != {wanted}:
            raise ValueError(f"a table of {wanted} columns has a row, widths or alignments of another length")


@dataclass(frozen=True, kw_only=True)
class Tiles:
    """Figures at a glance, in rows of four."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, kw_only=True)
class Points:
    """Sentences under each other."""

    lines: tuple[str, ...]


Block = Table | Tiles | Points | Bars | Lines | Shapes


@dataclass(frozen=True, kw_only=True)
class Slide:
    """One slide: a title, the one sentence to remember, its blocks side by side, and what the speaker must know.

    Four blocks stand two by two. ``shares``: how wide each block is, where they are not alike.
    """

    key: str
    title: str
    message: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    note: str = ""  # small print under the blocks
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deck:
    """A whole deck. The cover is no slide of its own here: title, subtitle and ``cover`` lines say it."""

    title: str
    subtitle: str
    cover: tuple[str, ...]
    slides: tuple[Slide, ...]
    about: About
    language: str


# -- what other parts of the product tell ----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One unit's published score. Points are whole hundredths."""

    name: str
    points: int
    full: int
    grade: str  # excellent, good, qualified, unqualified
    rank: int | None = None
    change: int | None = None  # against the round before, hundredths


@dataclass(frozen=True, kw_only=True)
class Appraisal:
    """A published round, the best first."""

    title: str  # which sheet, which period
    scores: tuple[Scored, ...]


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Supervision of the year so far. Rows are in the order in which they are to be shown."""

    issued: int
    closed: int
    due: int  # whose day to be closed by has come
    closed_in_time: int  # of those due
    open: int
    overdue: int
    ages: tuple[tuple[str, int], ...]  # (days open, in words; how many)
    units: tuple[tuple[str, int, int, int], ...]  # (name, open, overdue, days of the oldest)
    kinds: tuple[tuple[str, int, int], ...]  # (kind in words, issued, of them repeated)
