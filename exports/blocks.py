"""What a written document holds, whatever program writes it: titles, headings, paragraphs, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True)
class Title:
    """The document's title, and what stands under it."""

    text: str
    under: str = ""


@dataclass(frozen=True)
class Heading:
    """A numbered heading: level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of whole sentences."""

    text: str
    indent: bool = True  # two characters, as official papers have it
    align: Align = "left"
    lead: str = ""  # what it is about, in bold before the text


@dataclass(frozen=True)
class Table:
    """A table with a caption; ``weights`` are the relative widths of its columns.

    Cells are texts as they are shown. ``marks`` has a shape and a word in its own cells, never colour alone.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    weights: Sequence[float]
    aligns: Sequence[Align]
    note: str = ""

    def __post_init__(self) -> None:
        width = len(self.head)
        if (
            len(self.weights) != width
            or len(self.aligns) != width
            or any(len(row) != width for row in self.rows)
        ):
            raise ValueError(
                f"table {self.caption!r}: rows, widths and alignments do not fit its {width} columns"
            )


def folded(table: Table, beside: int) -> Table:
    """The same table with its rows in ``beside`` runs next to each other, read downwards: half the paper, or less."""
    height = -(-len(table.rows) // beside)
    runs = [table.rows[run * height : (run + 1) * height] for run in range(beside)]
    blank = [""] * len(table.head)
    rows = [
        [cell for run in runs for cell in (run[line] if line < len(run) else blank)] for line in range(height)
    ]
    return replace(
        table,
        head=[*table.head] * beside,
        rows=rows,
        weights=[*table.weights] * beside,
        aligns=[*table.aligns] * beside,
    )


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page; ``landscape``: and lies on its side, for wide tables."""

    landscape: bool = False


@dataclass(frozen=True)
class Signature:
    """Who signs, and the date, at the right."""

    lines: tuple[str, ...]


Block = Title | Heading | Paragraph | Table | PageBreak | Signature


@dataclass(frozen=True)
class Document:
    """A whole document: its blocks, and the lines on its origin that stand in the footer and at its end."""

    name: str  # of the file, without its ending
    language: str
    blocks: tuple[Block, ...]
    about: tuple[str, ...]
    compact: bool = False  # small letters and margins: as much as can be read on one page
