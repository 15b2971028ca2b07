"""Where an indicator or a target comes from, in words: papers that are filed under a name get their title."""

from __future__ import annotations

from pages._text import Text, entries

_BETWEEN = "；"


def paper_words(source: str, text: Text) -> str:
    """A source as a reader knows it; one that has no title here stands as it was written."""
    known = entries(text.language)
    return text("list.semicolon").join(
        known.get(f"paper.{one.strip()}", one.strip()) for one in source.split(_BETWEEN)
    )
