"""Map of coverage: cells by distance and people, units, and the cells that are worst off."""

from __future__ import annotations

import streamlit as st

from charts.grid import HEIGHT, MODES, classes, grid_map, values_of
from metrics import coverage
from pages._board import board
from pages._cells import cell_details, cell_tip, legend, totals, unit_tip, worst_cells
from pages._names import short_names
from pages._open import ask, installation
from pages._page import open_page
from pages._view import selector

here = open_page("map.title", unit=False, month=False)
text, view = here.text, here.view
cells = ask(coverage.cells)
if cells.empty:
    st.info(text("empty.no_cells"))
    st.stop()
rule = installation().config.coverage_distance_m
view.choose("mode", MODES, MODES[0], "filter.mode")
mode = view.values["mode"]
numbers = [str(cell) for cell in cells["cell"]]
asked = st.query_params.get("cell")
if asked is not None and asked not in numbers:
    st.warning(text("notice.unknown", what=text("filter.cell"), value=asked[:40]))
chosen = int(asked) if asked in numbers else None

board(totals(here, cells, rule), key="totals")
selector(
    view,
    st.segmented_control,
    "mode",
    MODES,
    lambda code: text(f"map.{code}", km=f"{rule / 1000:g}"),
    text("filter.mode"),
    required=True,
)
height = 360 if here.narrow else HEIGHT
limits = classes(mode, values_of(cells, mode), rule)
left, right = st.columns([2, 1], gap="medium")
with left:
    deck = grid_map(
        cells,
        here.tree[here.tree["closed_on"].isna()],
        mode,
        limits,
        {row.cell: cell_tip(here, row) for row in cells.itertuples()},
        {row.unit: unit_tip(here, row) for row in here.tree.itertuples()},
        short_names(here.tree[here.tree["kind"] == "centre"]),
        here.dark,
        chosen,
        width=340 if here.narrow else 860,
        height=height,
    )
    picked = st.pydeck_chart(
        deck,
        height=height,
        on_select="rerun",
        key=f"map_{mode}",
        alt=text("map.alt", mode=text(f"map.{mode}", km="")),
    )
    board(legend(here, mode, limits), key="legend")
hit = picked.selection.objects.get("cells", []) if picked.selection else []
if hit and int(hit[0]["cell"]) != chosen and st.session_state.get("map_hit") != hit[0]["cell"]:
    st.session_state["map_hit"] = hit[0]["cell"]  # one click opens a cell once; a link may open another later
    st.query_params["cell"] = str(hit[0]["cell"])
    st.rerun()
with right:
    if chosen is None:
        st.caption(text("map.hint"))
    else:
        board(cell_details(here, cells[cells["cell"] == chosen].iloc[0], rule), key="cell")
    st.subheader(text("map.worst", km=f"{rule / 1000:g}"), anchor=False)
    board(worst_cells(here, cells), key="worst")
