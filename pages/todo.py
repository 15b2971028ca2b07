"""This week's visits: whom to see so that most gaps close with fewest visits, by day and village."""

from __future__ import annotations

import streamlit as st

from exports.visit_list import VisitList, left_words, sentences
from metrics.visiting.naming import names_of
from metrics.visiting.plan import week_plan
from pages._board import board
from pages._html import esc, span, tag
from pages._log import noted_once
from pages._method import method_line
from pages._page import open_page
from pages._reveal import reveal_one
from pages._store import one_generation
from pages._todo import MOST, cards_of, choices, day_board, day_title, list_of
from pages._todo_asked import asked, read
from pages._todo_files import may_take_full, noted_of, offer, offer_full
from pages._todo_owed import owed_board
from pages._who import principal

here = open_page("todo.title", month=False)
text, who = here.text, principal()
if here.kind_of(here.unit) == "bureau":
    st.caption(text("todo.which"))
    board(owed_board(here), key="centres")
    st.stop()
if here.unit not in who.persons:
    st.info(text("gap.not_allowed"))
    st.stop()

found = read(here)
want = asked(here, found)
plan = week_plan(found, want.where, want.days, want.visits, want.doctor)
visits = plan.visits
with one_generation() as known:
    names = names_of(known, who, visits["person"])
made = VisitList(plan, names, here.name_of(here.unit), want.until, want.doctor or "")
offer(here, made, want)

first, *more = sentences(plan, text)
board(
    tag("div", esc(first), css="said")
    + tag("div", *(span(line) for line in more), css="lines")
    + tag("div", esc(left_words(plan, text)), css="muted small")
    + method_line(here, text("visiting.how", day=want.until), "visits"),
    key="said",
)
if found.silent:
    st.caption(text("todo.silent", n=len(found.silent)))
if visits.empty:
    empty = (
        "no_days" if not want.days else "none_asked" if want.visits == 0 and plan.counts.stops else "nothing"
    )
    st.info(text(f"todo.{empty}"))
    st.stop()
noted_once("persons", {"list": "visits", **noted_of(here, want, len(visits))})
if names.unread:
    st.warning(text(f"gap.unread_{names.unread}"))
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(text("todo.mask"))
    cards = cards_of(visits)
    if who.may("reveal"):
        reveal_one(here, lambda person: list_of(found, cards[person]), choices(here, made))
    if may_take_full():
        offer_full(here, made, want)
for day, rows in visits.head(MOST).groupby("day", sort=False):
    st.subheader(day_title(here, made, day, rows), anchor=False)
    board(day_board(here, made, found, rows), key=f"day_{day:%Y%m%d}")
if len(visits) > MOST:
    st.caption(text("todo.cut", n=MOST))
