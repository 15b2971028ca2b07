"""The calendar of a duty: the periods of a year, each with a mark of its own."""

from __future__ import annotations

from collections.abc import Sequence

from pages._html import span, tag
from pages._month import code_of
from pages._text import Text

_MARKS = {"done": "●", "part": "◐", "missed": "○", "due": "·"}
_LOOKS = {"done": "above", "part": "course", "missed": "below", "due": "none"}


def calendar(
    periods: Sequence[tuple[int, int]], found: dict[int, tuple[float, float]], until: int, text: Text
) -> str:
    """Periods as (first, last month); ``found``: by last month how many did it of how many that owed it."""
    marks = []
    for first, last in periods:
        words = code_of(last) if first == last else f"{code_of(first)} – {code_of(last)}"
        state, numbers = _state(found.get(last), last > until)
        title = text(f"duties.tip_{state}", period=words, **numbers) if state else ""
        look = f"{_LOOKS.get(state, '')} p{last - first + 1}"
        marks.append(span(_MARKS.get(state, ""), css=look, title=title))
    return tag("span", *marks, css="calendar")


def _state(row: tuple[float, float] | None, is_to_come: bool) -> tuple[str, dict[str, int]]:
    """What became of a period; "" where nothing was owed."""
    if row is None:
        return ("due" if is_to_come else ""), {}
    done, owed = row
    if done >= owed:
        return "done", {}
    return ("missed", {}) if done == 0 else ("part", {"n": int(done), "of": int(owed)})
