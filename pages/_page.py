"""What every page begins with: its view, title, filters, data date; and what stops it early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from metrics.card import Card
from metrics.cards import CARDS
from metrics.figures import Built
from metrics.principal import NOTHING
from metrics.reading import within
from pages._account import account_menu
from pages._board import board
from pages._html import span, tag
from pages._month import code_of, month_alone, month_of
from pages._open import built_or_none, units
from pages._store import installation
from pages._text import LANGUAGES, Text
from pages._view import View, selector, start
from pages._who import asking

_INDENT = "\u3000"  # as wide as a character


@dataclass(frozen=True)
class Here:
    """What a page needs to know of where it is."""

    view: View
    built: Built | None  # None: nothing is built yet
    tree: pd.DataFrame
    unit: int
    month: int
    head: DeltaGenerator | None = None  # the row of the title: what can be taken away stands at its end

    @property
    def text(self) -> Text:
        return self.view.text

    @property
    def language(self) -> str:
        return self.view.language

    @property
    def cards(self) -> Mapping[str, Card]:
        return CARDS

    @property
    def dark(self) -> bool:
        return st.context.theme.type == "dark"

    @property
    def narrow(self) -> bool:
        """Whether the page is read on a phone, as far as the browser says."""
        return "Mobi" in (st.context.headers.get("User-Agent") or "")

    @property
    def is_demo(self) -> bool:
        return installation().is_demo

    def has(self, unit: int) -> bool:
        """Whether it is among the units that whoever looks may see."""
        return unit in self._units

    def name_of(self, unit: int) -> str:
        return self._units[unit]["name"]

    def code_of(self, unit: int) -> str:
        return self._units[unit]["code"]

    def kind_of(self, unit: int) -> str:
        return self._units[unit]["kind"]

    def kinds_below(self, unit: int) -> list[str]:
        """Kinds of the unit and of the units below it."""
        return sorted({self.kind_of(one) for one in within(self.tree, unit)})

    @cached_property
    def _units(self) -> dict[int, dict[str, str]]:
        """A table asks for hundreds of names: a dict, not the frame."""
        return self.tree.set_index("unit")[["name", "code", "kind"]].to_dict("index")


def open_page(
    title: str, *, unit: bool = True, month: bool | Literal["year"] = True, needed: bool = True
) -> Here:
    """Draw a page's head and give its view.

    unit, month  whether the page has that filter; a page without one still carries the value in links.
                 ``month="year"``: the year alone
    needed       whether the page stops here while no figures are built
    """
    view = start()
    last = built_or_none()
    if last is None:
        _head_alone(view, title)
        view.tell(st.warning)
        if needed:
            st.info(view.text("empty.no_figures"))
            st.stop()
        return Here(
            view, None, pd.DataFrame(columns=["unit", "code", "name", "kind", "parent"]), 0, _this_month()
        )
    tree = units()
    if tree.empty:
        _head_alone(view, title)
        st.info(view.text("empty.no_units_in_scope"))
        st.stop()
    codes = tree["code"].tolist()
    months = [code_of(m) for m in range(min(last.last_month, _this_month()), last.first_month - 1, -1)]
    view.choose("unit", codes, _own_code(tree), "filter.unit")
    view.choose("month", months, months[0], "filter.month")
    head = st.container(horizontal=True, vertical_alignment="bottom", key="head")
    with head:
        _title(view, title)
        if unit:
            names = {row.code: _indented(row, view.text) for row in tree.itertuples()}
            selector(
                view, st.selectbox, "unit", codes, names.__getitem__, view.text("filter.unit"), width=270
            )
        if month:
            _month_selectors(view, months, alone=month == "year")
        _languages(view)
        account_menu(view.text)
    _as_of(view, last)
    view.tell(st.warning)
    number = int(tree.loc[tree["code"] == view.values["unit"], "unit"].iloc[0])
    return Here(view, last, tree, number, month_of(view.values["month"]), head)


def open_alone(title: str) -> View:
    """Draw the head of a page that is of no unit and no month, whether or not anything is built."""
    view = start()
    _head_alone(view, title)
    view.tell(st.warning)
    return view


def _head_alone(view: View, title: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="head"):
        _title(view, title)
        _languages(view)
        account_menu(view.text)


def _title(view: View, title: str) -> None:
    with st.container(width="stretch", gap="xxsmall"):
        if installation().is_demo:
            st.badge(view.text("app.demo_open" if asking().account is None else "app.demo"), color="orange")
        elif asking().account is None:
            st.badge(view.text("app.open"), color="orange")
        st.title(view.text(title), anchor=False)


def _month_selectors(view: View, months: Sequence[str], alone: bool = False) -> None:
    """The year and, of its months, the month: six years of months are too long a list for one.

    Another year keeps the month where it can, else takes the nearest. ``alone``: the year without its months.
    """
    year, text = view.values["month"][:4], view.text
    key = "filter_year"
    st.session_state[key] = year

    def write() -> None:
        asked = st.session_state[key] + view.values["month"][4:]
        st.query_params["month"] = min(months, key=lambda code: abs(month_of(code) - month_of(asked)))
        st.query_params.pop("p", None)

    years = list(dict.fromkeys(code[:4] for code in months))
    st.selectbox(
        text("filter.year"),
        years,
        format_func=lambda of: text("month.year", year=of),
        key=key,
        on_change=write,
        width=110,
    )
    if alone:
        return
    selector(
        view,
        st.selectbox,
        "month",
        [code for code in months if code[:4] == year],
        lambda code: month_alone(month_of(code), text),
        text("filter.month"),
        width=95,
    )


def _languages(view: View) -> None:
    selector(
        view,
        st.segmented_control,
        "lang",
        LANGUAGES,
        lambda code: view.text(f"language.{code}"),
        view.text("filter.language"),
        label_visibility="collapsed",
        required=True,
    )


def _as_of(view: View, last: Built) -> None:
    """The data date and the batch, on every page."""
    text = view.text
    parts = [
        text("asof.until", day=last.data_until or "—"),
        text("asof.batch", batch=last.batch or "—", event=last.event),
        text("asof.built", at=f"{last.built_at:%Y-%m-%d %H:%M}"),
    ]
    if last.data_until and (date.today() - last.data_until).days > 62:
        parts.append(text("asof.stale", days=(date.today() - last.data_until).days))
    board(tag("div", *(span(part) for part in parts), css="asof"), key="asof")


def _own_code(tree: pd.DataFrame) -> str:
    """The unit that a page shows first: whoever answers for some units sees the uppermost of these, others the bureau."""
    own = asking().principal.own
    if own != NOTHING and not own.everything:
        mine = [
            row.code for row in tree.itertuples() if row.unit in own
        ]  # a unit stands before those below it
        if mine:
            return mine[0]
    return tree["code"].iloc[0]


def _indented(row, text: Text) -> str:
    """A unit's name as the list of units shows it: set in below its centre, and with the month it closed."""
    name = (
        row.name
        if pd.isna(row.closed_on)
        else text("unit.closed", name=row.name, month=f"{row.closed_on:%Y-%m}")
    )
    return name if row.kind in ("bureau", "centre") else _INDENT + name


def _this_month() -> int:
    today = date.today()
    return today.year * 12 + today.month - 1
