"""Overview: where do we stand, what needs action, what and who is behind, what must happen this month."""

from __future__ import annotations

import streamlit as st

from metrics import figures
from metrics.changing import notices
from metrics.reading import within
from metrics.small_numbers import HIDDEN
from pages._board import board
from pages._carry import take_away
from pages._matrix import behind_by_unit, work_of_the_month
from pages._month import month_alone
from pages._notices import MOST, no_notices, notice_table
from pages._open import ask
from pages._page import open_page
from pages._paper_lines import deck, summary, workbook
from pages._summary import more_lines, warning_list
from pages._tiles import band, gap_list, tiles

_TILES = 8
_GAPS = 10
_COLUMNS = 8

here = open_page("overview.title")
text = here.text
standing = ask(figures.standing, unit=here.unit, month=here.month, cards=here.cards)
if standing.empty:
    st.info(text("empty.month"))
    st.stop()
take_away(here, [deck(here), summary(here), workbook(here)])
judged = standing[[figures.is_ranking(here.cards[key]) for key in standing.index]]
aimed = judged[judged["target"].notna()]
behind = figures.worst_first(aimed[aimed["judgement"] == "below"], here.cards)

among = tuple(within(here.tree, here.unit))
has_below = len(among) > 1

st.subheader(text("overview.stand"), anchor=False)
board(band(aimed, text), key="band")
shown = figures.headline(standing, here.cards, _TILES)
lines = ask(figures.sparks, unit=here.unit, month=here.month, cards={key: here.cards[key] for key in shown})
board(tiles(here, standing.loc[shown], lines), key="tiles")
board(more_lines(here, standing), key="all")

st.subheader(text("overview.act"), anchor=False)
warnings = {key: here.cards[key] for key in standing.index if here.cards[key].alert is not None}
acting = standing.loc[[key for key in warnings if standing.at[key, "value"] > 0]]
unseen = sum(standing.at[key, "status"] == HIDDEN for key in warnings)
if unseen:
    st.caption(text("overview.act_hidden", n=unseen))
if acting.empty and not unseen:
    st.success(text("overview.act_none"))
elif not acting.empty:
    by_unit = ask(figures.matrix, unit=here.unit, month=here.month, cards=warnings)
    board(warning_list(here, acting, by_unit if has_below else by_unit.iloc[:0]), key="warnings")

st.subheader(text("change.title"), anchor=False)
raised = ask(notices.raised_in, among=among, month=here.month)
if raised.empty:
    looked_at = ask(notices.looked_at, among=among, month=here.month, cards=here.cards)
    board(no_notices(here, looked_at), key="notices")
else:
    board(notice_table(here, raised.head(MOST)), key="notices")
    if len(raised) > MOST:
        st.caption(text("change.more", n=len(raised) - MOST))

st.subheader(text("overview.behind"), anchor=False)
if behind.empty:
    st.success(text("overview.nothing_behind"))
else:
    board(gap_list(here, behind.head(_GAPS)), key="gaps")

worst = [*behind.index, *aimed.index.difference(behind.index, sort=False)][:_COLUMNS]
held = {key: here.cards[key] for key in aimed.index}  # all of them: a unit's count is of every indicator
matrix = ask(figures.matrix, unit=here.unit, month=here.month, cards=held)
if set(matrix["unit"]) != {here.unit}:  # whoever sees one unit alone has read all of this above
    st.subheader(text("overview.who"), anchor=False)
    if matrix.empty:
        st.info(text("empty.no_units"))
    else:
        board(behind_by_unit(here, matrix, worst), key="heat")
        if rest := len(aimed) - (inside := matrix["indicator"].nunique()):
            st.caption(text("overview.who_rest", all=len(aimed), n=inside, rest=rest))

st.subheader(text("overview.month", month=month_alone(here.month, text)), anchor=False)
if behind.empty:
    st.success(text("overview.nothing_due"))
else:
    paces = ask(figures.paces, unit=here.unit, month=here.month, cards=here.cards)
    mainly = matrix if has_below else matrix.iloc[:0]
    board(work_of_the_month(here, behind.head(_GAPS), mainly, paces), key="work")
