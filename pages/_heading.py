"""The section "where it is heading" of the indicator page, and what of it goes into the course that is taken away."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from charts.heading import heading_chart
from charts.look import config
from exports.csv import values
from metrics.card import Card, Period
from metrics.heading import chances
from metrics.heading.headings import Heading, heading
from metrics.heading.owed import CHECKED
from metrics.heading.reaching import Reach, is_by_window
from metrics.judgement import accumulates, counts_people, months_elapsed
from metrics.standards import value_in
from metrics.units import count, is_missing, show, unit_suffix
from pages._board import board
from pages._html import esc, span, tag
from pages._method import method_line
from pages._month import code_of, month_alone, month_of
from pages._open import ask
from pages._page import Here

#: Colour of a chance; the likelier ones are those of what is reached.
_LIKELY = {"hardly": "below", "very_unlikely": "below", "unlikely": "below", "even": "course"}


def found_for(here: Here, card: Card, basis: str, now: pd.Series) -> Heading | None:
    """Where the figure is heading; None for one that does not grow with the year."""
    if not accumulates(card, basis):
        return None
    return ask(
        heading,
        unit=here.unit,
        card=card,
        month=here.month,
        basis=basis,
        target=float(now["target"]),
    )


def heading_section(
    here: Here, card: Card, found: Heading | None, course: pd.DataFrame
) -> DeltaGenerator | None:
    """A sentence and the picture beside it, or why there is none; nothing for figures that do not grow with the year.

    Where the list of people says later in the page how many can still be reached, it says so here: into what is
    returned (None without a section).
    """
    if found is None:
        return None
    text = here.text
    st.subheader(text(_title(card)), anchor=False)
    now = course[course["month"] == here.month].iloc[0]
    if found.reason:
        least, months = value_in("heading_fewest", here.month), value_in("heading_months_least", here.month)
        st.caption(text(f"heading.none_{found.reason}", n=least, months=months))
    else:
        _forecast(here, card, found, course, now)
    return st.container(key="ceiling")


def _forecast(here: Here, card: Card, found: Heading, course: pd.DataFrame, now: pd.Series) -> None:
    text = here.text
    this_year = course["month"].between(here.month - months_elapsed(card, here.month) + 1, here.month)
    words = {name: text(f"chart.{name}") for name in ("value", "target")}
    words |= {"middle": text("heading.middle")}
    words |= {
        name: text("heading.range", n=f"{value_in(key, here.month):g}")
        for name, key in (("range", "heading_range_pct"), ("outer", "heading_outer_pct"))
    }
    left, right = st.columns([3, 2], gap="medium")
    with right:
        board(_sentences(here, card, found, now), key="heading_words")
    with left:
        figure = heading_chart(
            course[this_year],
            found,
            card,
            float(now["target"]),
            words,
            here.language,
            partial(month_alone, text=text),
            here.dark,
            here.narrow,
        )
        name = f"{card.name[here.language]}_{here.name_of(here.unit)}_{text(_title(card))}"
        st.plotly_chart(figure, theme=None, key="chart_heading", config=config(name), alt=name)


def _sentences(here: Here, card: Card, found: Heading, now: pd.Series) -> str:
    text = here.text
    sure = f"{value_in('heading_range_pct', here.month):g}"
    low, high = (show(value, card.unit, here.language) for value in (found.low[-1], found.high[-1]))
    if card.period is Period.SEASON:
        key = "heading.end_at_season" if low == high else "heading.end_season"
    else:
        key = "heading.end_at" if low == high else "heading.end"
    told = text(key, low=low, high=high, n=sure)
    lines = [tag("div", tag("b", esc(told)))]
    if not math.isnan(found.chance):
        lines.append(_chance(here, card, found, now))
    if pace := _pace(here, card, now):
        lines.append(tag("div", esc(pace)))
    lines.append(method_line(here, text("heading.method"), "heading"))
    return tag("div", *lines)


def _title(card: Card) -> str:
    return "heading.title_season" if card.period is Period.SEASON else "heading.title"


def _chance(here: Here, card: Card, found: Heading, now: pd.Series) -> str:
    text, target = here.text, show(now["target"], card.unit, here.language)
    if now["value"] >= now["target"]:
        return tag("div", span(text("heading.met", target=target), css="above"))
    told = text(
        "heading.chance",
        target=target,
        word=text(f"likelihood.{chances.word(found.chance)}"),
        percent=chances.percent(found.chance),
    )
    css = _LIKELY.get(chances.word(found.chance), "above")
    return tag("div", span(told, css=css))


def _pace(here: Here, card: Card, now: pd.Series) -> str:
    """What is needed a month, against the best month ever."""
    if is_missing(now["per_month"]) or now["per_month"] <= 0:
        return ""
    text = here.text
    kind = "people" if counts_people(card) else "things"
    needed = text(f"heading.need_{kind}", n=count(now["per_month"]))
    if is_missing(now["best_pace"]):
        return needed + text("heading.stop")
    more = now["per_month"] > now["best_pace"]
    best = text(f"heading.best_{kind}", n=count(now["best_pace"]))
    return needed + best + (text("heading.more_than_best") if more else "") + text("heading.stop")


def show_ceiling(
    here: Here, card: Card, place: DeltaGenerator | None, now: pd.Series, reach: Reach | None
) -> None:
    """The sentence about who can still be reached, at its place, or where we are; nothing where there is none."""
    told = ceiling_words(here, card, now, reach) if reach is not None else ""
    if told:
        with place or st.container():
            board(tag("div", esc(told)), key="ceiling_words")


def ceiling_words(here: Here, card: Card, now: pd.Series, reach: Reach) -> str:
    """How many can still meet the standard, until when the first of them must be seen, and how many are lost."""
    text, window = here.text, "_window" if is_by_window(card) else ""
    season = "_season" if card.period is Period.SEASON else ""
    if reach.soon_by is None:
        return text(f"ceiling.nobody{window or season}", n=count(reach.lost)) if reach.lost else ""
    top, day = now["numerator"], reach.soon_by
    # Figures of a cohort get further people with every month: what they can reach at most is not known yet.
    grows = not (card.is_events or is_missing(top))
    total = ""
    if grows:
        share = (
            show((top + reach.can) / now["denominator"], card.unit, here.language) if card.is_ratio else ""
        )
        total = text(
            f"ceiling.at_most{season}_share" if share else f"ceiling.at_most{season}",
            n=count(top + reach.can),
            share=share,
        )
    month = month_alone(month_of(f"{day:%Y-%m}"), text)
    every = "all" if reach.soon == reach.can else "first"
    first = text(f"ceiling.{every}", n=count(reach.soon), month=month, day=day.day)
    why = "lost_window" if window else "lost_followups" if reach.spacing else f"lost_once{season}"
    lost = text(f"ceiling.{why}", n=count(reach.lost)) if reach.lost else ""
    apart = "spacing_checks" if card.key in CHECKED else "spacing"
    spacing = text(f"ceiling.{apart}", n=reach.spacing) if reach.spacing else ""
    return text(f"ceiling.can{window or season}", n=count(reach.can)) + total + first + lost + spacing


def with_range(here: Here, frame: pd.DataFrame, card: Card, found: Heading | None) -> pd.DataFrame:
    """The course as it is taken away, with the range of each month ahead as rows of their own, and the chance."""
    if found is None or found.reason:
        return frame
    text, suffix = here.text, f" ({unit_suffix(card.unit, here.language)})"
    inner, outer = (f"{value_in(key, here.month):g}" for key in ("heading_range_pct", "heading_outer_pct"))
    columns = {text("column.month"): [code_of(month) for month in found.months]}
    for name, sure, column in (
        ("low", inner, found.low),
        ("high", inner, found.high),
        ("low", outer, found.low_outer),
        ("high", outer, found.high_outer),
    ):
        columns[text(f"heading.column_{name}", n=sure) + suffix] = values(list(column), card.unit)
    chance = [None] * len(found.months)
    if not math.isnan(found.chance):
        chance[-1] = round(100 * found.chance, 1)
    columns[text("heading.column_chance")] = chance
    ahead = pd.DataFrame(columns)
    # As objects: whole numbers beside missing ones stay whole.
    return frame.astype(object).merge(ahead.astype(object), on=text("column.month"), how="outer")
