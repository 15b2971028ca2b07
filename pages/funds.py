"""Public-health funds: what each centre is due, what its appraisal earns it, and what a change would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from metrics.appraisal import rounds
from metrics.funds import scores as scoring
from metrics.funds import settlements, showing
from metrics.funds.doctors import DoctorMoney, gathered
from metrics.funds.money import FEN_PER_YUAN
from metrics.funds.settling import COEFFICIENT, MODELS, WORK_POINTS, Line, NotScoredError
from metrics.funds.terms import Terms, programme_words, terms_of
from metrics.wording import month_name
from pages._board import board
from pages._carry import Line as Offer
from pages._carry import take_away
from pages._edit import told
from pages._fund_doctors import doctors_tab, frozen, shares
from pages._funds import MONEY, bands_words, programme_table, totals, unit_table
from pages._funds_try import check_amounts, try_out
from pages._html import anchor, esc, span, tag
from pages._names import short_names
from pages._open import ask, ask_records
from pages._page import open_page
from pages._paper_lines import table as csv_of
from pages._settlement import (
    applied,
    bands_applied,
    deeds_table,
    frozen_lines,
    published_in,
    published_words,
    publishing,
    settled_in,
    withdrawing,
)
from pages._store import register
from pages._takeaway import csv_file
from pages._text import typed
from pages._view import selector
from pages._who import principal

_CENTRE = "centre"


def rounds_of(year: int) -> dict[str, str]:
    """Published rounds of centres in the year, the newest first: number as text -> what it is called."""
    with register().reading() as connection:
        found = scoring.scored_rounds(principal(), connection, year)
        of_centres = {
            int(number)
            for number in found["round"]
            if _CENTRE in rounds.sheet_of(rounds.round_of(connection, int(number))).kinds
        }
    return {
        str(row.round): text(
            "funds.round",
            n=row.round,
            period=text(f"funds.period_{row.period}"),
            month=month_name(row.month, text),
        )
        for row in found.itertuples()
        if row.round in of_centres
    }


def scores_of(number: int | None) -> tuple[dict[int, Fraction], dict[tuple[int, str], Fraction]]:
    """Scores and programme quality of a published round; empty without one."""
    if number is None:
        return {}, {}
    with register().reading() as connection:
        return scoring.scores(principal(), connection, number), scoring.quality(
            principal(), connection, number
        )


def money(terms: Terms, scores: Mapping[int, Fraction]) -> list[Line]:
    """The settlement of the year by the chosen model."""
    if model == COEFFICIENT:
        # Who was not appraised has no settlement yet; it is named above the table.
        among = {unit: people for unit, people in population.items() if unit in scores}
        return settlements.settled(model, terms, among, scores, paid, {}, {})
    return settlements.settled(model, terms, population, scores, paid, services, quality)


def terms_words() -> str:
    """The terms in one line; of a published settlement as they were applied."""
    if in_force is None:
        head, share, held = terms.per_head / FEN_PER_YUAN, float(terms.prepaid), float(terms.held_back)
    else:
        head, share, held = applied(in_force)
    said = text("funds.terms", year=year, head=f"{head:g}", prepaid=f"{share:.0%}", held=f"{held:.0%}")
    return tag("div", esc(said), css="muted")


def frame_of(lines: list[Line]) -> pd.DataFrame:
    """The lines as a table to take away, in yuan."""
    words = programme_words(year)
    frame = settlements.frame(lines)
    named = pd.DataFrame({text("funds.unit"): [names.get(unit, str(unit)) for unit in frame["unit"]]})
    named[text("funds.programme")] = [
        text("funds.all") if not key else words[key][here.language] if key in words else key
        for key in frame["programme"]
    ]
    named[text("funds.population")] = frame["population"].astype("Int64")
    named[text("funds.coefficient")] = frame["coefficient"]
    for column in MONEY:
        named[text("funds.in_yuan", name=text(f"funds.{column}"))] = frame[column] / FEN_PER_YUAN
    return named


def offers(lines: list[Line]) -> list[Offer]:
    """What can be taken away."""
    state = "draft" if in_force is None else f"settlement {in_force.settlement}"
    file = csv_file(here, f"{text('funds.title')}_{year}", lambda: frame_of(lines))
    return [
        Offer(
            text("carry.settlement"),
            text("carry.settlement_about"),
            (csv_of(f"funds {year} {model} {state}", file),) if lines else (),
            "" if lines else text("carry.no_settlement"),
        )
    ]


def next_step() -> None:
    """Nothing can be settled: what to do first."""
    if not population:
        st.info(text("funds.no_population", year=year))
        board(tag("div", anchor(view.link("sources"), esc(text("funds.to_sources")))), key="next")
    elif model == COEFFICIENT and not choices:
        st.info(text("funds.no_round", year=year))
        link = view.link("appraisal", sheet=_CENTRE)
        board(tag("div", anchor(link, esc(text("funds.to_appraisal")))), key="next")


def computed() -> list[Line]:
    """The settlement as it comes out now; who cannot be settled is named."""
    try:
        lines = money(terms, scores) if population and (scores or model == WORK_POINTS) else []
    except NotScoredError as error:
        st.info(text("funds.not_scored", units=_listed(error.units)))
        return []
    missing = [unit for unit in population if scores and model == COEFFICIENT and unit not in scores]
    if missing:
        st.warning(text("funds.not_scored", units=_listed(missing)))
    centres = set(here.tree.loc[here.tree["kind"] == _CENTRE, "unit"])
    unknown = [unit for unit in scores if population and unit in centres and unit not in population]
    if unknown:
        st.warning(text("funds.not_approved", units=_listed(unknown)))
    return lines


def _listed(units: list[int]) -> str:
    return text("list.enumeration").join(typed(names.get(unit, str(unit))) for unit in units)


def what_is_shown(lines: list[Line], doctors: DoctorMoney) -> tuple[list[Line], DoctorMoney]:
    """The settlement without the money from which numbers of people that are not public could be computed."""
    who = principal()
    known = ask(showing.counts, year=year) if model == WORK_POINTS else None
    with register().reading() as connection:
        mine = showing.shown_lines(who, connection, lines, model, round_number, terms, known, quality)
        told = showing.shown_doctors(who, connection, doctors.lines, year, known)
    whole = len(told) == len(doctors.lines)
    return mine, replace(doctors, lines=told) if whole else gathered(told)


def scores_shown() -> dict[int, Fraction]:
    """The scores that may stand beside the money."""
    with register().reading() as connection:
        return showing.shown_scores(principal(), connection, round_number, scores)


def changed_since(row: Any, frozen: list[Line]) -> None:
    """Whether data, scores or terms would give other money now than was published."""
    try:
        now = {(line.unit, line.programme): line.earned for line in money(terms, scores)}
    except NotScoredError:
        now = {}
    then = {(line.unit, line.programme): line.earned for line in frozen}
    moved = {unit for unit, programme in now.keys() | then.keys()
             if not programme and now.get((unit, "")) != then.get((unit, ""))}  # fmt: skip
    if moved:
        st.caption(text("funds.changed_since", n=len(moved), number=row.settlement))
    if not pd.isna(row.round) and str(int(row.round)) not in choices:
        st.warning(text("funds.round_gone"))


here = open_page("funds.title", unit=False, month="year")
text, view = here.text, here.view
told()
year = here.month // 12
terms, known = terms_of(year), settled_in(year)
in_force = published_in(known)
names = dict(zip(here.tree["unit"].astype(int), here.tree["name"], strict=True))
choices = rounds_of(year)
board(terms_words(), key="terms")

round_number = None
sees_all = principal().own.everything
if in_force is None and not sees_all:  # a draft is of all centres together: nobody reckons a part of it right
    st.info(text("funds.not_published", year=year))
    st.stop()
if in_force is not None:
    model = in_force.model
    round_number = None if pd.isna(in_force.round) else int(in_force.round)
    board(tag("div", span("■ ", css="at"), esc(published_words(here, in_force, choices))), key="in_force")
else:
    view.choose("model", MODELS, COEFFICIENT, "filter.model")
    model = view.values["model"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        selector(
            view,
            st.segmented_control,
            "model",
            MODELS,
            lambda code: text(f"funds.model_{code}"),
            text("filter.model"),
            required=True,
        )
        if choices:
            view.choose("round", list(choices), next(iter(choices)), "filter.round")
            selector(
                view,
                st.selectbox,
                "round",
                list(choices),
                choices.__getitem__,
                text("filter.round"),
                width=330,
            )
            round_number = int(view.values["round"])

population = ask(settlements.population, year=year)
paid = ask_records(settlements.paid, year=year) if sees_all else {}
scores, quality = scores_of(round_number)
services = ask(settlements.services, year=year) if model == WORK_POINTS else {}
lines = computed() if in_force is None else frozen_lines(int(in_force.settlement))
if in_force is None:
    doctors = shares(year, terms, lines, services if model == WORK_POINTS else None)
else:
    doctors = frozen(int(in_force.settlement))
every, all_doctors = lines, doctors
lines, doctors = what_is_shown(lines, doctors)
if len(lines) < len(every):
    st.caption(text("funds.hidden_lines" if lines else "funds.hidden_all"))
if len(doctors.lines) < len(all_doctors.lines):
    st.caption(text("funds.hidden_doctors"))
take_away(here, offers(lines))
if every and principal().may("decide"):
    with st.container(horizontal=True, vertical_alignment="center"):
        # Each has its own place: in the place of the other it would inherit that it was open.
        places = st.container(width="content"), st.container(width="content")
        if in_force is None:
            with places[0]:
                publishing(here, year, model, round_number, every, terms, all_doctors)
        else:
            with places[1]:
                withdrawing(here, in_force)
if in_force is not None and sees_all:
    changed_since(in_force, every)
if not lines and in_force is not None and not sees_all:
    if doctors.lines:
        doctors_tab(here, year, terms, doctors, in_force)
    else:
        st.info(text("funds.none_of_yours", year=year))
elif every and not lines:
    if doctors.lines:
        doctors_tab(here, year, terms, doctors, in_force)
elif not lines:
    next_step()
    st.subheader(text("funds.tab_reconcile"), anchor=False)
    check_amounts(here, terms)
else:
    board(totals(here, lines), key="totals")
    may_see = scores_shown()
    may_try = sees_all and len(lines) == len(every) and len(may_see) == len(scores)
    tabs = ["units", "programmes", "doctors", *(["what_if"] if may_try else []), "reconcile"]
    shown_tabs = dict(zip(tabs, st.tabs([text(f"funds.tab_{name}") for name in tabs]), strict=True))
    by_unit, by_programme, by_doctor = (shown_tabs[name] for name in tabs[:3])
    with by_unit:
        given = {unit: float(score) for unit, score in may_see.items()}
        shown = (names | short_names(here.tree)) if here.narrow else names
        board(unit_table(here, lines, given, shown, by_score=model == COEFFICIENT), key="units")
        if model == COEFFICIENT:
            bands = [(band.score_from, band.coefficient) for band in terms.bands]
            st.caption(bands_words(bands if in_force is None else bands_applied(in_force), text))
        st.caption(text("funds.adds_up" if model == COEFFICIENT else "funds.adds_up_points"))
    with by_programme:
        words = {key: said[here.language] for key, said in programme_words(year).items()}
        board(programme_table(here, lines, words), key="programmes")
        st.caption(text("funds.programmes_about" if model == COEFFICIENT else "funds.programmes_points"))
    with by_doctor:
        doctors_tab(here, year, terms, doctors, in_force)
    if may_try:
        with shown_tabs["what_if"]:
            try_out(here, terms, scores, names, money, by_score=model == COEFFICIENT)
    with shown_tabs["reconcile"]:
        check_amounts(here, terms)
if len(known):
    st.subheader(text("funds.deeds"), anchor=False)
    board(deeds_table(here, known), key="deeds")
