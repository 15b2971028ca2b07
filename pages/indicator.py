"""One indicator: its value, course, units side by side, rule in words, and who is missing."""

from __future__ import annotations

import streamlit as st

from metrics import figures
from metrics.card import Gap
from metrics.comparing.case_mix import case_mix
from metrics.verifying.frame import can_verify
from pages._board import board
from pages._breakdown import breakdown
from pages._carry import Line, take_away
from pages._chart import show_trend, show_units
from pages._compared import said_of
from pages._comparison import comparison_table
from pages._control import control_frame, control_of, control_section, why_not
from pages._denominators import denominators
from pages._gaps import gap_list, heading
from pages._heading import found_for, heading_section, with_range
from pages._html import anchor, esc, tag
from pages._names import short_names
from pages._open import ask
from pages._page import open_page
from pages._paper_lines import control_pictures, pictures, sheet, table
from pages._past import past
from pages._rule import definition, head
from pages._systems import figure_selectors
from pages._tables import comparison_frame, course_frame
from pages._takeaway import csv_file, sheet_file
from pages._who import principal
from pages._why import why

here = open_page("indicator.title")
text, view = here.text, here.view
keys = list(here.cards)
view.choose("ind", keys, figures.first_of_people(here.cards), "filter.indicator")
card = here.cards[view.values["ind"]]
bases = [str(basis) for basis in card.bases]
view.choose("basis", bases, bases[0], "filter.basis")
basis = view.values["basis"]

with st.container(horizontal=True, vertical_alignment="bottom", key="which"):
    figure_selectors(here, here.cards, card, text("filter.indicator"))

course = ask(figures.course, unit=here.unit, card=card, basis=basis)
now = course[course["month"] == here.month]
if now.empty:
    st.info(text("empty.month"))
    board(definition(here, card), key="definition_alone")
    st.stop()
comparison = ask(figures.comparison, unit=here.unit, card=card, month=here.month, basis=basis)
mix = ask(case_mix, unit=here.unit, card=card, month=here.month, basis=basis)
ahead = found_for(here, card, basis, now.iloc[0])
steady, events = control_of(here, card)
board(head(here, card, now.iloc[0], comparison), key="head_board")

has_course = course.loc[course["month"] <= here.month, "value"].notna().any()
has_units = comparison["value"].notna().any()
name, where = f"{card.name[here.language]}_{view.values['month']}", view.values["unit"]
course_name = f"{name}_{text('download.course_name')}"


def course_table():
    """The course with the range of the months ahead."""
    return with_range(here, course_frame(here, course, card), card, ahead)


take_away(
    here,
    [
        Line(
            text("carry.trend"),
            text("carry.trend_about"),
            (
                *(pictures(here, card, "trend", basis) if has_course else ()),
                table(f"course {card.key} {basis} {where}", csv_file(here, course_name, course_table)),
                sheet(
                    f"course sheet {card.key} {basis} {where}",
                    sheet_file(here, course_name, text("carry.trend"), course_table),
                ),
            ),
            "" if has_course else text("carry.no_course"),
        ),
        Line(
            text("carry.units"),
            text("carry.units_about"),
            (
                *pictures(here, card, "units", basis),
                table(
                    f"units {card.key} {basis} {where} {view.values['month']}",
                    csv_file(
                        here,
                        f"{name}_{text('download.units_name')}",
                        lambda: comparison_frame(here, comparison, card, mix),
                    ),
                ),
            )
            if has_units
            else (),
            "" if has_units else text("empty.no_values"),
        ),
        Line(
            text("control.line"),
            text("control.line_about"),
            ()
            if steady.reason
            else (
                *control_pictures(here, card),
                table(
                    f"control {card.key} {where} {view.values['month']}",
                    csv_file(
                        here,
                        f"{name}_{text('control.file')}",
                        lambda: control_frame(here, card, steady, events),
                    ),
                ),
            ),
            why_not(here, steady) if steady.reason else "",
        ),
    ],
)

left, right = st.columns([3, 2], gap="medium")
with left:
    st.subheader(text("indicator.trend"), anchor=False)
    show_trend(here, course, card)
    denominators(here, card)
with right:
    st.subheader(text("indicator.rule"), anchor=False)
    board(definition(here, card, now.iloc[0].denominator_kind), key="definition")

ceiling = heading_section(here, card, ahead, course)
control_section(here, card, steady, events)

st.subheader(text("indicator.units"), anchor=False)
if comparison.empty:
    st.info(text("empty.no_units"))
else:
    names = short_names(here.tree[here.tree["unit"].isin(comparison["unit"])])
    board(said_of(here, comparison, card, names, mix), key="compared")
    show_units(here, comparison, card)
    board(comparison_table(here, comparison, card, mix), key="comparison")

breakdown(here, card)
why(here, card, basis)
past(here, card, basis, float(now.iloc[0]["value"]))

if card.gap is not Gap.NONE:
    st.subheader(heading(here, card), anchor=False)
    if can_verify(card) and principal().may("verify") and principal().in_charge_of(card.system):
        link = anchor(
            view.link("verify", show="draw", ind=card.key, basis=basis), esc(text("verify.of_figure"))
        )
        board(tag("div", link, css="small method"), key="to_verify")
    gap_list(here, card, basis, now.iloc[0], ceiling)
