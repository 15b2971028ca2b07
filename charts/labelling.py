"""Names on a map that do not cover each other: above their place, below, beside, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """A name of a size that stands ``gap`` away from (x, y); lengths in any one unit, y downwards.

    ``gap`` None: it stands on the place itself, or not at all.
    """

    x: float
    y: float
    width: float
    height: float
    gap: float | None


Corner = tuple[float, float]
_Rectangle = tuple[float, float, float, float]


def placed(
    wishes: Sequence[Wish], width: float, height: float, taken: Iterable[_Rectangle] = ()
) -> list[Corner | None]:
    """Of each wish the upper left corner, None where it has no room within ``width`` x ``height``; the first come first.

    taken  rectangles (left, top, width, height) that no name may cover
    """
    busy = list(taken)
    found: list[Corner | None] = []
    for wish in wishes:
        corner = next((one for one in _corners(wish, width) if _fits(one, wish, width, height, busy)), None)
        if corner is not None:
            busy.append((*corner, wish.width, wish.height))
        found.append(corner)
    return found


def _corners(wish: Wish, width: float) -> list[Corner]:
    left, top = wish.x - wish.width / 2, wish.y - wish.height / 2
    if wish.gap is None:
        return [(left, top)]
    inside = min(
        max(left, 0), width - wish.width
    )  # near the edge it stands over its place, if not over its middle
    return [
        (inside, wish.y - wish.gap - wish.height),
        (inside, wish.y + wish.gap),
        (wish.x + wish.gap, top),
        (wish.x - wish.gap - wish.width, top),
    ]


def _fits(corner: Corner, wish: Wish, width: float, height: float, busy: list[_Rectangle]) -> bool:
    left, top = corner
    if left < 0 or top < 0 or left + wish.width > width or top + wish.height > height:
        return False
    return not any(
        left < x + w and x < left + wish.width and top < y + h and y < top + wish.height
        for x, y, w, h in busy
    )
