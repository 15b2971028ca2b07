"""How much room a text takes, before any program lays it out: estimated on the large side, so that boxes hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

LINE = 1.28  # height of a line, in heights of its letters
_SPACE = 0.25  # that some programs put between Chinese and Latin letters
_WIDE = {"W": 1.0, "F": 1.0, "A": 1.0}
ELLIPSIS = "…"


def em(text: str) -> float:
    """The width of a text on one line, in widths of a Chinese character."""
    return sum(_em(one) for one in text) + _SPACE * sum(
        _is_wide(a) != _is_wide(b) and " " not in (a, b) for a, b in pairwise(text)
    )


def _is_wide(one: str) -> bool:
    return unicodedata.east_asian_width(one) in _WIDE


def _em(one: str) -> float:
    wide = _WIDE.get(unicodedata.east_asian_width(one))
    if wide:
        return wide
    if one.isupper() or one in "%@&mw":
        return 0.74
    if one in " .,:;'|!()[]il-/":
        return 0.36
    return 0.56


def pieces(text: str) -> Iterator[str]:
    """What stays together on a line: a word with what follows it up to the next blank, or one wide character."""
    word = ""
    for one in text:
        if _is_wide(one):
            if word:
                yield word
            yield one
            word = ""
        else:
            word += one
            if one == " ":
                yield word
                word = ""
    if word:
        yield word


def wrapped(text: str, width: float) -> list[str]:
    """The lines of a text in a box of ``width``, in widths of a Chinese character; line breaks are kept."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in pieces(paragraph):
            if line and em((line + piece).rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            while em(piece.rstrip()) > width and len(piece) > 1:  # a word longer than the line is broken
                keep = 1
                while keep < len(piece) and em(piece[: keep + 1]) <= width:
                    keep += 1
                lines.append(piece[:keep])
                piece = piece[keep:]
            line += piece
        lines.append(line.rstrip())
    return lines


def height(text: str, size: float, width: float) -> float:
    """Points of height of a text of ``size`` points in a box of ``width`` points."""
    return len(wrapped(text, max(1.0, width / size))) * size * LINE


def size_for(texts: Sequence[tuple[str, float]], width: float, room: float, least: float = 0.5) -> float:
    """The largest share (1 down to ``least``) of their sizes at which paragraphs fit into ``width`` x ``room`` points.

    texts: (text, points). All sizes in points.
    """
    share = 1.0
    while share > least and sum(height(text, size * share, width) for text, size in texts) > room:
        share -= 0.03
    return max(share, least)


def cut(text: str, size: float, width: float, lines: int) -> str:
    """The text, ended by an ellipsis where it has more lines than fit."""
    found = wrapped(text, max(1.0, width / size))
    if len(found) <= lines:
        return text
    last = found[lines - 1]
    while last and em(last + ELLIPSIS) > width / size:
        last = last[:-1]
    between = "" if any(map(_is_wide, text)) else " "
    return between.join([*found[: lines - 1], last + ELLIPSIS])
