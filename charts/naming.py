"""Which points of a scatter can have their names beside them without one lying on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

_TURNS = 0.6  # of the largest size: beyond it a name to the right would leave the picture
_EDGE = 1.06  # where the axis of sizes ends, in largest sizes (``comparing.plot``)
_WIDE, _NARROW, _TALL = 680, 290, 330  # pixels of the plot, about
_GAP = 8  # pixels between a point and its name
_LETTER, _LINE = 12, 16  # pixels of a Chinese character; others are as wide as _LATIN of it
_LATIN = 0.58


def turns(size: float, largest: float) -> bool:
    """Whether a point's name stands to its left."""
    return size > _TURNS * largest


def with_room(
    telling: Sequence[int],
    size: pd.Series,
    height: pd.Series,
    names: Mapping[int, str],
    narrow: bool,
) -> list[int]:
    """Of units, the most telling first, those whose name lies on no other name and no other point; the first always does.

    size, height    by unit, of all points: what is told across; the share of the plot from below
    """
    width, largest = _NARROW if narrow else _WIDE, size.max()
    points = {
        unit: (size[unit] / (largest * _EDGE) * width, float(height[unit]) * _TALL) for unit in size.index
    }
    boxes: list[tuple[float, float, float]] = []
    found = []
    for unit in telling:
        x, y = points[unit]
        wide = _width(names[unit])
        left = x - _GAP - wide if turns(size[unit], largest) else x + _GAP
        others = [point for one, point in points.items() if one != unit]
        if not found or (
            left >= 0
            and left + wide <= width
            and not any(left < b and a < left + wide and abs(y - at) < _LINE for a, b, at in boxes)
            and not any(left < u < left + wide and abs(y - v) < _LINE / 2 for u, v in others)
        ):
            boxes.append((left, left + wide, y))
            found.append(unit)
    return found


def _width(name: str) -> float:
    return sum(_LETTER if ord(letter) > 0xFF else _LATIN * _LETTER for letter in name)
