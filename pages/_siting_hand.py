"""A plan made by hand: open, close and move, each change in the address at once."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from metrics.siting.asking import Answer, Plan, Setting
from metrics.siting.sites import CELLS, PREFIXES
from pages._page import Here
from pages._siting_address import MOST, unique, write_plan
from pages._text import literal, typed

_CELL, _TOLD = "hand_cell", "hand_told"


def controls(here: Here, where: Setting, plan: Plan, computed: Answer | None) -> None:
    """What can be changed, beside the map. ``plan`` is the one in force: all that it names is there."""
    text = here.text
    names = dict(zip(where.units["code"], where.units["name"], strict=True))
    first, second = st.columns(2, gap="small")
    with first:
        _opening(here, where, plan)
        _closing(here, plan, names)
    with second:
        _moving(here, where, plan, names)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            text("siting.start_computed"),
            on_click=lambda: write_plan(computed.plan),
            disabled=computed is None,
            help=text("siting.start_why_not") if computed is None else None,
            key="hand_start",
        )
        st.button(
            text("siting.clear"), on_click=lambda: write_plan(Plan()), disabled=not plan, key="hand_clear"
        )
    if told := st.session_state.pop(_TOLD, None):
        st.warning(told)


def offer_cell(here: Here, where: Setting, plan: Plan, cell: str) -> None:
    """A cell was chosen on the map: it can be opened there."""
    identifier = f"{PREFIXES[CELLS]}:{cell}"
    known = where.sites[where.sites["id"] == identifier]
    if known.empty or identifier in (*plan.opened, *(site for _, site in plan.moved)):
        return
    st.button(
        here.text("siting.open_here", name=typed(known["name"].iloc[0]), cell=typed(cell)),
        on_click=lambda: write_plan(replace(plan, opened=(*plan.opened, identifier))),
        key="hand_here",
    )


def _opening(here: Here, where: Setting, plan: Plan) -> None:
    text = here.text
    listed = where.sites[where.sites["source"] != CELLS]
    taken = {site for _, site in plan.moved}
    options = [one for one in unique((*listed["id"], *plan.opened)) if one not in taken]
    labels = _labels(here, where.sites[where.sites["id"].isin(options)])
    st.session_state["hand_open"] = list(plan.opened)  # the address is the one truth

    def write() -> None:
        write_plan(replace(plan, opened=tuple(st.session_state["hand_open"])))

    st.multiselect(
        text("siting.hand_open"),
        options,
        format_func=labels.__getitem__,
        key="hand_open",
        on_change=write,
        placeholder=text("siting.hand_open_hint"),
        max_selections=MOST,
        select_all=False,
    )

    def add_cell() -> None:
        asked = st.session_state[_CELL].strip()
        st.session_state[_CELL] = ""
        identifier = f"{PREFIXES[CELLS]}:{asked}"
        if identifier in set(where.sites["id"]) and identifier not in taken:
            write_plan(replace(plan, opened=unique((*plan.opened, identifier))))
        elif asked:
            st.session_state[_TOLD] = text("siting.no_such_cell", cell=literal(asked))

    st.text_input(
        text("siting.hand_cell"), key=_CELL, on_change=add_cell, placeholder=text("siting.hand_cell_hint")
    )


def _closing(here: Here, plan: Plan, names: dict[str, str]) -> None:
    moving = {code for code, _ in plan.moved}
    options = [code for code in names if code not in moving]
    st.session_state["hand_close"] = list(plan.closed)

    def write() -> None:
        write_plan(replace(plan, closed=tuple(st.session_state["hand_close"])))

    st.multiselect(
        here.text("siting.hand_close"),
        options,
        format_func=names.__getitem__,
        key="hand_close",
        on_change=write,
        placeholder=here.text("siting.hand_close_hint"),
        max_selections=MOST,
        select_all=False,
    )


def _moving(here: Here, where: Setting, plan: Plan, names: dict[str, str]) -> None:
    text = here.text
    gone = {*plan.closed, *(code for code, _ in plan.moved)}
    used = {*plan.opened, *(site for _, site in plan.moved)}
    sites = where.sites[(where.sites["source"] != CELLS) & ~where.sites["id"].isin(used)]
    labels = _labels(here, where.sites[(where.sites["source"] != CELLS) | where.sites["id"].isin(used)])
    unit = st.selectbox(
        text("siting.hand_move"),
        [code for code in names if code not in gone],
        format_func=names.__getitem__,
        index=None,
        placeholder=text("siting.hand_move_hint"),
        key="hand_move_unit",
    )
    site = st.selectbox(
        text("siting.hand_move_to"),
        sites["id"].tolist(),
        format_func=labels.__getitem__,
        index=None,
        placeholder=text("siting.hand_open_hint"),
        key="hand_move_to",
        disabled=unit is None,
    )
    if unit is not None and site is not None:
        st.button(
            text("siting.hand_move_do", unit=typed(names[unit]), site=typed(labels[site])),
            on_click=lambda: write_plan(replace(plan, moved=(*plan.moved, (unit, site)))),
            key="hand_move_do",
        )
    if plan.moved:
        st.session_state["hand_moved"] = list(plan.moved)

        def write() -> None:
            write_plan(replace(plan, moved=tuple(st.session_state["hand_moved"])))

        st.multiselect(
            text("siting.hand_moved"),
            list(plan.moved),
            format_func=lambda pair: f"{names[pair[0]]} → {labels[pair[1]]}",
            key="hand_moved",
            on_change=write,
            max_selections=MOST,
            select_all=False,
        )


def _labels(here: Here, sites: pd.DataFrame) -> dict[str, str]:
    """Id -> how a site is called in a list; what kind of site it is in brackets."""
    found = {}
    for row in sites.itertuples(index=False):
        kind = row.id.partition(":")[2] if row.source == CELLS else here.text(f"siting.kind_{row.source}")
        found[row.id] = here.text("siting.site_label", name=row.name, kind=kind)
    return found
