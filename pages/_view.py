"""The view in the URL: which month, unit, language and more a page shows.

Values are codes, never labels, so that a link means the same in both languages. What a URL holds
wins; what it lacks comes from the visit so far; what is wrong falls back and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages._text import LANGUAGES, Text, literal, text

SHARED = ("lang", "month", "unit")  # carried from page to page
_MEMORY = "view"


@dataclass
class View:
    """One run's view. ``notices`` says what of the URL could not be used, until ``told`` puts it on the page."""

    notices: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    told: Callable[[str], object] | None = None  # from when the page has a place for notices

    @property
    def language(self) -> str:
        return self.values["lang"]

    @property
    def text(self) -> Text:
        return text(self.language)

    def choose(self, name: str, options: Sequence[str], default: str, what: str) -> str:
        """The value of a parameter: from the URL, else from the visit, else the default.

        ``what`` is the text key of the parameter's name, for the notice.
        """
        asked = st.query_params.get(name)
        if asked is not None and asked not in options:
            self.notice(self.text("notice.unknown", what=self.text(what), value=literal(asked)))
            asked = None
        if asked is None and name in SHARED:
            kept = st.session_state.get(_MEMORY, {}).get(name)
            asked = kept if kept in options else None
        self.put(name, asked or default)
        return self.values[name]

    def notice(self, words: str) -> None:
        """Tell what of the URL could not be used: at once, or when the page's head is drawn."""
        if self.told is not None:
            self.told(words)
        else:
            self.notices.append(words)

    def tell(self, told: Callable[[str], object]) -> None:
        """From now on notices go there, those that wait first."""
        self.told = told
        for words in self.notices:
            told(words)

    def put(self, name: str, value: str) -> None:
        """Make a value part of the view: of the URL, and of the visit where it is shared."""
        self.values[name] = value
        if st.query_params.get(name) != value:
            st.query_params[name] = value
        if name in SHARED:
            st.session_state.setdefault(_MEMORY, {})[name] = value

    def link(self, page: str, **changes: object) -> str:
        """Where a link leads: a page with this view's shared values and some changed."""
        kept = {name: self.values[name] for name in SHARED if name in self.values}
        given = {name: value for name, value in (kept | changes).items() if value is not None}
        return f"{'./' if page == 'overview' else page}?{urlencode(given)}"


def start() -> View:
    """The view with its language; the default follows the browser, and is Chinese otherwise."""
    view = View(values={"lang": "zh"})
    locale = (st.context.locale or "zh").lower()
    view.choose("lang", LANGUAGES, "en" if locale.startswith("en") else "zh", "filter.language")
    return view


def selector(
    view: View,
    widget: Callable[..., Any],
    name: str,
    options: Sequence[str],
    label: Callable[[str], str],
    title: str,
    drops: Sequence[str] = (),
    **look: Any,
) -> None:
    """A widget that shows a parameter of the view and writes it to the URL when it is changed.

    ``drops``: parameters that mean nothing any more once this one is another.
    """
    key = f"filter_{name}"
    st.session_state[key] = view.values[name]  # the URL is the one truth

    def write() -> None:
        chosen = st.session_state[key]
        # A widget that was just taken off the page may report its old value once more: that is no choice.
        if chosen is not None and chosen != st.query_params.get(name):
            st.query_params[name] = chosen
            for gone in ("p", *drops):  # another list begins at its first page
                st.query_params.pop(gone, None)

    widget(title, options, format_func=label, key=key, on_change=write, **look)
