"""The way from lists and scorecards to this week's visits."""

from __future__ import annotations

from pages._html import anchor, esc, span, tag
from pages._page import Here


def todo_link(here: Here) -> str:
    """One line: whom to see so that most gaps close."""
    opens = anchor(here.view.link("todo"), esc(here.text("todo.open")))
    return tag("div", span(here.text("todo.why")), " ", opens, css="small muted method")
