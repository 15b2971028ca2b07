"""A table as text: Markdown that also lines up in a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable


class Table:
    """A title, heads, and rows of texts; ``str()`` gives it as Markdown."""

    def __init__(self, title: str, heads: list[str]) -> None:
        self.title = title
        self.heads = heads
        self.rows: list[list[str]] = []

    def add(self, *cells: str) -> None:
        """A row; cells left out at its end are empty."""
        self.rows.append([*cells, *[""] * (len(self.heads) - len(cells))])

    def __str__(self) -> str:
        widths = [max(map(_width, column)) for column in zip(self.heads, *self.rows, strict=True)]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        lines = [_line(row, widths) for row in (self.heads, rule, *self.rows)]
        return "\n".join([f"### {self.title}", "", *lines])


def _line(cells: list[str], widths: list[int]) -> str:
    """The first cell to the left, the others to the right."""
    padded = [
        cell + " " * room if place == 0 else " " * room + cell
        for place, (cell, room) in enumerate(
            (cell, width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
        )
    ]
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def milliseconds(rounds: int, work: Callable[[], object]) -> str:
    """Processor time of some work, the best of some rounds: others on the machine only ever make it longer."""
    spent = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    return f"{min(spent) * 1000:.1f}"
