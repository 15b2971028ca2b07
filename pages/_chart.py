"""Charts on a page: the finished figure, the chart's own PNG button, and a name for readers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts.bars import bars
from charts.funnel import funnel
from charts.look import config
from charts.trend import trend
from metrics.card import Card
from metrics.comparing.judging import WORDS
from metrics.comparing.plot import plot_of
from metrics.judgement import JUDGEMENTS
from metrics.small_numbers import HIDDEN, threshold
from metrics.wording import hidden_why
from pages._denominators import changes_of_kind
from pages._month import code_of, month_name
from pages._names import short_names
from pages._page import Here
from pages._view import selector
from pages._words import SHAPES

_MONTHS = 36  # of a trend: three years can be told apart on a phone


def show_trend(here: Here, course: pd.DataFrame, card: Card) -> None:
    """The trend of one unit: three years around the month in view."""
    end = min(here.built.last_month, here.month + _MONTHS // 3)
    course = course[course["month"].between(end - _MONTHS + 1, end)]
    words = {name: here.text(f"chart.{name}") for name in ("value", "last_year", "target")}
    figure = trend(
        course,
        card,
        words,
        here.language,
        code_of,
        here.dark,
        here.month,
        5 if here.narrow else 12,
        changes_of_kind(here, course),
    )
    name = f"{card.name[here.language]}_{here.name_of(here.unit)}_{here.text('chart.trend')}"
    _show(here, figure, name, "trend")
    if secret := int((course["status"] == HIDDEN).sum()):
        why = hidden_why(here.text, threshold())
        st.caption(here.text("chart.hidden_months", n=secret, why=why))


def show_units(here: Here, comparison: pd.DataFrame, card: Card) -> None:
    """Units side by side as bars, or by size as a funnel plot where there is one."""
    if plot_of(comparison, card, here.month) is None:
        show_bars(here, comparison, card)
        return
    here.view.choose("plot", ["bars", "funnel"], "bars", "filter.plot")
    selector(
        here.view,
        st.segmented_control,
        "plot",
        ["bars", "funnel"],
        lambda code: here.text(f"compare.plot_{code}"),
        here.text("filter.plot"),
        required=True,
        label_visibility="collapsed",
    )
    (show_funnel if here.view.values["plot"] == "funnel" else show_bars)(here, comparison, card)


def show_funnel(here: Here, comparison: pd.DataFrame, card: Card) -> None:
    """Units by size, with what chance would make of them."""
    plot = plot_of(comparison, card, here.month)
    text = here.text
    words = {word: text(f"comparing.word.{word}") for word in WORDS}
    words |= {"size": text("column.denominator"), "all": text("compare.all"), "target": text("chart.target")}
    words["beyond"] = text("compare.plot_beyond")
    names = short_names(here.tree[here.tree["unit"].isin(comparison["unit"])])
    figure = funnel(plot, names, card, words, here.language, here.dark, here.unit, here.narrow)
    name = f"{card.name[here.language]}_{month_name(here.month, text)}_{text('compare.plot_funnel')}"
    _show(here, figure, name, "funnel")
    legend = text("compare.legend", inner=f"{plot.inner_level * 100:g}", outer=f"{plot.outer_level * 100:g}")
    st.caption(legend + (text("compare.widened") if plot.widened else ""))


def show_bars(here: Here, comparison: pd.DataFrame, card: Card) -> None:
    """Units side by side. Those without a figure are named in the table beside it."""
    if comparison["value"].notna().sum() == 0:
        hidden = (comparison["status"] == HIDDEN).any()
        st.info(here.text("empty.hidden_values" if hidden else "empty.no_values"))
        return
    words = {name: here.text(f"judgement.{name}") for name in JUDGEMENTS}
    words |= {"target": here.text("chart.target"), "part": here.text("status.part_short")}
    names = short_names(here.tree[here.tree["unit"].isin(comparison["unit"])])  # whole beside it
    figure = bars(comparison, names, card, words, SHAPES, here.language, here.dark)
    month = month_name(here.month, here.text)
    _show(here, figure, f"{card.name[here.language]}_{month}_{here.text('chart.units')}", "bars")


def _show(here: Here, figure: dict, name: str, key: str) -> None:
    # No month has a figure or a target, or none that is public: the framework draws no empty chart.
    if not figure["data"]:
        st.info(here.text("empty.no_values"))
        return
    st.plotly_chart(figure, theme=None, key=f"chart_{key}", config=config(name), alt=name)
