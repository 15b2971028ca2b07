"""The section "change" of the indicator page: the control chart, two signs in words, notices and marked events."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts.control import control_chart
from charts.look import config
from exports.csv import amounts, values
from metrics.card import Card, Direction
from metrics.changing import notices
from metrics.changing.control import HIDDEN_MONTHS, Control, control
from metrics.changing.events import Mark
from metrics.changing.marking import events_of
from metrics.changing.suited import unsuited
from metrics.changing.terms import lengths_in
from metrics.small_numbers import threshold
from metrics.statistics import xmr
from metrics.units import is_missing, show, unit_suffix
from metrics.wording import hidden_why
from pages._board import board
from pages._html import esc, span, tag
from pages._marking import events_list, marks_of, words_of
from pages._method import method_line
from pages._month import code_of, month_name
from pages._notices import mark, notice_lines
from pages._open import ask
from pages._page import Here
from pages._store import register
from pages._who import principal

_ATTAINED = {
    xmr.ALWAYS: ("▲", "above"),
    xmr.SOMETIMES: ("◆", "course"),
    xmr.NEVER: ("▼", "below"),
    xmr.UNCLEAR: ("·", "none"),
}


def control_of(here: Here, card: Card) -> tuple[Control, pd.DataFrame]:
    """The chart of the unit in view, and the events that people marked."""
    if reason := unsuited(card):
        return Control(reason), pd.DataFrame()
    with register().reading() as connection:
        events = events_of(principal(), connection, here.unit, card)
    events = events[events["month"] <= here.month]
    rebased = tuple(sorted({int(month) for month in events.loc[events["rebase"].astype(bool), "month"]}))
    found = ask(control, unit=here.unit, card=card, month=here.month, rebased=rebased)
    return found, events


def control_section(here: Here, card: Card, found: Control, events: pd.DataFrame) -> None:
    """Drawn where months suit a chart; else a sentence why not."""
    text = here.text
    st.subheader(text("control.title"), anchor=False)
    if found.reason:
        st.caption(why_not(here, found))
        if unsuited(card):
            return
    marks = marks_of(found, events)
    if not found.reason:
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _chart(here, card, found, marks)
        with right:
            board(signs(here, card, found), key="control_signs")
    raised = ask(notices.of_pair, unit=here.unit, card=card, month=here.month)
    if not raised.empty:
        st.markdown(f"**{text('change.raised_here')}**")
        board(notice_lines(here, card, raised), key="control_notices")
    events_list(here, card, marks, events)


def why_not(here: Here, found: Control) -> str:
    """Why there is no chart."""
    lengths = lengths_in(here.month)
    why = here.text(
        f"control.none_{found.reason}",
        n=found.hidden,
        months=found.known,
        least=lengths.least,
        rare=f"{lengths.rare:g}",
    )
    return why + (hidden_why(here.text, threshold()) if found.reason == HIDDEN_MONTHS else "")


def signs(here: Here, card: Card, found: Control) -> str:
    """Changed? Can it meet the target? Side by side, each with its reason; what to beware of; the method."""
    text = here.text
    facts = [_sign(text("control.changed"), mark(here, found.changed), _why_changed(here, found))]
    if not is_missing(found.rows.iloc[-1]["target"]):
        facts.append(
            _sign(text("control.attained"), _attained(here, found), _why_attained(here, card, found))
        )
    beware = [tag("div", esc(text(f"control.beware_{one}")), css="small muted") for one in found.beware]
    method = method_line(here, text("control.method", n=lengths_in(here.month).base), "control")
    return tag("div", tag("div", *facts, css="head"), *beware, method)


def _sign(asked: str, said: str, why: str) -> str:
    return tag(
        "div", span(asked, css="k"), tag("span", said, css="v"), span(why, css="small muted"), css="fact"
    )


def _why_changed(here: Here, found: Control) -> str:
    text, chart = here.text, found.chart
    if found.changed == xmr.UNCLEAR:
        n = int(chart.parts[-1].points)
        return text("control.why_unclear", n=n, least=lengths_in(here.month).least)
    if found.changed == xmr.STEADY:
        return text("control.why_steady")
    return rule_words(here, str(chart.rule[-1]), int(chart.way[-1]))


def rule_words(here: Here, rule: str, way: int) -> str:
    """Which rule a point met, in words; "" of none."""
    if not rule:
        return ""
    rules = lengths_in(here.month).rules
    n = {xmr.SIDE: rules.side, xmr.TREND: rules.trend}.get(rule, 0)
    return here.text(f"control.rule_{rule}_{'up' if way > 0 else 'down'}", n=n)


def _attained(here: Here, found: Control) -> str:
    shape, css = _ATTAINED[found.attained]
    word = here.text(f"control.attained_{found.attained}")
    return span(f"{shape} {word}", css=f"mark {css}")


def _why_attained(here: Here, card: Card, found: Control) -> str:
    text, chart = here.text, found.chart
    low, high = (show(float(limit[-1]), card.unit, here.language) for limit in (chart.low, chart.high))
    if found.attained != xmr.UNCLEAR:
        target = show(found.target, card.unit, here.language)
        return text(f"control.why_{found.attained}", low=low, high=high, target=target)
    newest = found.rows.iloc[-1]
    if newest["target_to"] == newest["target_to"]:
        return text("control.why_range")
    if card.direction is Direction.NONE:
        return text("control.why_no_direction")
    return text("control.why_unclear", n=int(chart.parts[-1].points), least=lengths_in(here.month).least)


def _chart(here: Here, card: Card, found: Control, marks: list[Mark]) -> None:
    text = here.text
    words = {name: text(f"chart.{name}") for name in ("value", "target")}
    words |= {name: text(f"control.{name}") for name in ("centre", "limits", "up", "down")}
    words |= {rule: text(f"control.short_{rule}") for rule in (xmr.BEYOND, xmr.SIDE, xmr.TREND, xmr.NEAR)}
    words["between"] = text("list.clause")
    events: dict[int, str] = {}
    for one in marks:
        events[one.month] = text("list.semicolon").join(
            part for part in (events.get(one.month, ""), words_of(here, one)) if part
        )
    figure = control_chart(found, card, events, words, here.language, code_of, here.dark, here.narrow)
    name = f"{card.name[here.language]}_{here.name_of(here.unit)}_{text('control.title')}"
    st.plotly_chart(figure, theme=None, key="chart_control", config=config(name), alt=name)
    st.caption(text("control.monthly", month=month_name(here.month, text)))


def control_frame(here: Here, card: Card, found: Control, events: pd.DataFrame) -> pd.DataFrame:
    """The chart as it is taken away: a row a month, with its limits, the rule that it met and what is marked."""
    text, chart, rows = here.text, found.chart, found.rows
    suffix = f" ({unit_suffix(card.unit, here.language)})"
    marks = marks_of(found, events)
    told = [
        text("list.semicolon").join(words_of(here, one) for one in marks if one.month == month)
        for month in found.months
    ]
    return pd.DataFrame(
        {
            text("column.month"): [code_of(month) for month in found.months],
            text("column.value") + suffix: values(chart.value, card.unit),
            text("column.numerator"): amounts(rows["numerator"], card.top_scale),
            text("column.denominator"): amounts(rows["denominator"], card.bottom_scale),
            text("control.column_centre") + suffix: values(chart.centre, card.unit),
            text("control.column_low") + suffix: values(chart.low, card.unit),
            text("control.column_high") + suffix: values(chart.high, card.unit),
            text("column.target") + suffix: values(rows["target"], card.unit),
            text("control.column_rule"): [
                text(f"control.short_{rule}") + ("↑" if way > 0 else "↓") if rule else ""
                for rule, way in zip(chart.rule, chart.way, strict=True)
            ],
            text("control.column_event"): told,
        }
    )
