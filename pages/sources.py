"""Data: what was delivered and when, imports with every row accounted for, problems and rejects; late entry; the geometry folder."""

from __future__ import annotations

import streamlit as st

from metrics import ledger
from pages._board import board
from pages._delivery import not_counted, show_delivery
from pages._ground import show_ground
from pages._imports import batch_list, file_list, kinds_list, problem_list, unknown_list
from pages._late import show_late
from pages._open import ask_records, has_records
from pages._page import open_page
from pages._returns import returns, templates
from pages._upload import catch_up, left_over, under_way, upload
from pages._view import selector
from pages._who import principal

_SIZE = 50
_PARTS = ("imports", "late", "ground")
_OPEN = ("imports", "late")  # to whoever brings no files in, too

here = open_page("data.title", needed=False)
text, view = here.text, here.view

parts = [part for part in _PARTS if part in _OPEN or principal().may("import")]
view.choose("part", parts, parts[0], "filter.part")
selector(
    view,
    st.segmented_control,
    "part",
    parts,
    lambda name: text(f"data.parts.{name}"),
    text("filter.part"),
    drops=("batch", "about"),
    label_visibility="collapsed",
    required=True,
)
if view.values["part"] == "ground":
    show_ground(here)
    st.stop()
if view.values["part"] == "late":
    if here.built:
        show_late(here)
    else:
        st.info(text("empty.no_figures"))
    st.stop()

if here.built:
    st.subheader(text("data.delivery"), anchor=False)
    show_delivery(here)
    if words := not_counted(here):
        st.warning(words)

if not principal().may("import"):
    st.stop()

st.subheader(text("data.imports"), anchor=False)
if here.built and not under_way() and has_records():
    known = ask_records(ledger.last_event)
    if known is not None and known > here.built.event:
        catch_up(here)
upload(here)
templates(here)
batches = ask_records(ledger.batches) if has_records() else None
if batches is None or batches.empty:
    st.info(text("data.no_imports"))
    st.stop()
board(batch_list(here, batches), key="batches")

numbers = [str(number) for number in batches["batch"]]
view.choose("batch", numbers, numbers[0], "filter.batch")
number = int(view.values["batch"])
st.subheader(text("data.files", batch=number), anchor=False)
files = ask_records(ledger.files, number=number)
board(file_list(here, files), key="files")
if strange := unknown_list(here, files):
    board(strange, key="unknown_columns")
returns(here, files)

kinds = ask_records(ledger.problem_kinds, number=number)
st.subheader(text("data.problems"), anchor=False)
if kinds.empty:
    standing = batches[batches["undone_by"].isna()]
    here_left, elsewhere = left_over(text, files), left_over(text, standing)
    if here_left:
        st.warning(here_left)
    elif elsewhere:
        those = standing.loc[standing[["waiting", "rejected"]].sum(axis=1) > 0, "batch"]
        where = text("data.left_where", batches=text("list.comma").join(map(str, those)))
        st.warning(text("data.no_problems") + text("data.other_batches") + elsewhere + where)
    else:
        st.success(text("data.no_problems"))
    st.stop()
board(kinds_list(here, kinds), key="kinds")
problem_list(here, number, _SIZE)
