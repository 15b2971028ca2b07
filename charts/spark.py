"""The small line in a tile, as SVG text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from metrics.card import Card, Unit

_WIDTH, _HEIGHT = 100.0, 30.0
_LEAST = 0.1
_STROKES = "▁▂▃▄▅▆▇█"


def spark(values: Sequence[float], target: float = math.nan, least: float = 0.0) -> str:
    """A line through the values, oldest first; gaps stay gaps; the target is a dashed line.

    ``least``: what the whole height stands for at least, in the value's own unit, so that small changes look small.
    "" where fewer than two values are known. Colours come from the page's style.
    """
    known = [v for v in values if not math.isnan(v)]
    if len(known) < 2:
        return ""
    low, high = _room(min(known), max(known), least)
    # A target far away would flatten the line: it is drawn only where it is within one range of it.
    near = not math.isnan(target) and low - (high - low) <= target <= high + (high - low)
    if near:
        low, high = min(low, target), max(high, target)
    reach = (high - low) or 1.0

    def y(value: float) -> float:
        return _HEIGHT - (value - low) / reach * _HEIGHT

    step = _WIDTH / (len(values) - 1)
    path, pen_down = [], False
    for i, value in enumerate(values):
        if not math.isnan(value):
            path.append(f"{'L' if pen_down else 'M'}{i * step:.1f} {y(value):.1f}")
        pen_down = not math.isnan(value)
    line = f'<line x1="0" x2="{_WIDTH:.0f}" y1="{y(target):.1f}" y2="{y(target):.1f}"/>' if near else ""
    return (
        f'<svg class="spark" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" preserveAspectRatio="none" '
        f'aria-hidden="true">{line}<path d="{"".join(path)}"/></svg>'
    )


def strokes(values: Sequence[float], least: float = 0.0) -> str:
    """The same in letters, for papers: ▁▃▅▇, a space for a gap. "" where fewer than two values are known."""
    known = [v for v in values if not math.isnan(v)]
    if len(known) < 2:
        return ""
    low, high = _room(min(known), max(known), least)
    reach = high - low or 1.0
    top = len(_STROKES) - 1
    return "".join(" " if math.isnan(v) else _STROKES[round((v - low) / reach * top)] for v in values)


def least_height(card: Card, values: Sequence[float]) -> float:
    """What the height of a card's small line stands for at least: ten points of a share, a tenth of the largest value."""
    if card.unit is Unit.PERCENT:
        return _LEAST
    return _LEAST * max((abs(v) for v in values if not math.isnan(v)), default=0.0)


def _room(low: float, high: float, least: float) -> tuple[float, float]:
    """The two ends of the height: as far apart as ``least``, about the middle of what is drawn."""
    more = max(0.0, least - (high - low)) / 2
    return low - more, high + more
