"""What-if on a draft: a weight, a baseline or a score is changed, and ranks and money are told. Nothing is kept."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import streamlit as st

from metrics.appraisal.explaining import value_words
from metrics.appraisal.material import Material, standing
from metrics.appraisal.sheet import TARGET, Method
from metrics.appraisal.showing import hides_from
from metrics.appraisal.what_if import compared, rebased, rescored, reweighted, shares
from metrics.card import SCALE
from metrics.funds import settlements
from metrics.funds.money import yuan
from metrics.funds.settling import COEFFICIENT
from metrics.funds.terms import terms_of
from pages._board import board
from pages._open import ask, ask_records
from pages._page import Here
from pages._round_tables import what_if_table
from pages._rounds import Round, subject_words
from pages._who import principal

_CHANGES = ("weight", "baseline", "score")
_MOST = 400  # rows


def try_out(here: Here, found: Round) -> None:
    """Change one thing and compare."""
    text, sheet = here.text, found.sheet
    made, before = found.made
    if hides_from(principal(), made, before.scores):  # points with another weight would tell what is hidden
        st.info(text("appraisal.what_if_hidden"))
        return
    st.caption(text("appraisal.what_if_about"))
    items = {item.key: item for item in sheet.items if item.method is not Method.VETO}
    columns = st.columns(3)
    key = columns[0].selectbox(
        text("appraisal.item"),
        list(items),
        format_func=lambda one: items[one].words[here.language],
        key="try_item",
    )
    item = items[key]
    numbers = item.card is not None and item.baseline is not None
    kinds = [one for one in _CHANGES if one != "baseline" or numbers]
    kind = columns[1].selectbox(
        text("appraisal.try_what"),
        kinds,
        format_func=lambda one: text(f"appraisal.try_{one}"),
        key="try_what",
    )
    with columns[2]:
        changed = {"weight": _weight, "baseline": _baseline, "score": _score}[kind](here, found, made, key)
    if changed is None:
        st.info(text("appraisal.try_change"))
        return
    with st.spinner(text("appraisal.computing")):
        after = standing(changed)
        rows = compared(before, after)
        money = {} if found.of_doctors else _money(here, found, shares(before), shares(after))
    moved = int((rows["moved"].fillna(0) != 0).sum())
    st.markdown(text("appraisal.try_moved", n=moved, of=len(rows)))
    board(what_if_table(here, found, rows.head(_MOST), money, yuan), key="what_if")
    if money:
        st.caption(text("appraisal.try_money", year=int(found.row["month"]) // 12))


def _weight(here: Here, found: Round, made: Material, key: str) -> Material | None:
    now = found.sheet.item(key).weight
    weight = st.number_input(
        here.text("appraisal.try_weight_to"),
        0.01,
        1000.0,
        now / 100,
        0.5,
        format="%.2f",
        key=f"try_weight_{key}",
    )
    weight = round(weight * 100)
    return None if weight == now else reweighted(made, key, weight)


def _baseline(here: Here, found: Round, made: Material, key: str) -> Material | None:
    item, text = found.sheet.item(key), here.text
    scale = SCALE.get(item.unit, 1)
    now = None if item.baseline == TARGET else float(item.baseline) * scale
    told = (
        text("appraisal.try_target")
        if now is None
        else value_words(float(item.baseline), item, here.language)
    )
    value = st.number_input(
        text("appraisal.try_baseline_to", now=told),
        0.0,
        None,
        now,
        1.0 if scale > 1 or now is None or now >= 10 else 0.1,
        format="%.2f",
        key=f"try_baseline_{key}",
        placeholder=told,
    )
    if value is None or value == now:
        return None
    asked = Decimal(str(round(value, 6))) / Decimal(str(scale))
    return rebased(made, key, asked, int(found.row["month"]), found.row["period"])


def _score(here: Here, found: Round, made: Material, key: str) -> Material | None:
    item, text = found.sheet.item(key), here.text
    subjects = list(made.subjects)
    who = st.selectbox(
        text("appraisal.subject"),
        subjects,
        index=None,
        format_func=lambda one: subject_words(here, *one),
        placeholder=text("appraisal.try_whose"),
        key="try_subject",
    )
    points = st.number_input(
        text("appraisal.try_points"),
        0.0,
        item.weight / 100,
        None,
        min(0.5, item.weight / 100),
        format="%.2f",
        key=f"try_points_{key}_{who}",
        disabled=who is None,
    )
    return None if who is None or points is None else rescored(made, who, key, round(points * 100))


def _money(
    here: Here, found: Round, before: dict[int, Fraction], after: dict[int, Fraction]
) -> dict[int, tuple[int, int]]:
    """unit -> fen earned before and after, settled by score; empty where no population is approved for the units."""
    year = int(found.row["month"]) // 12
    population = ask(settlements.population, year=year)
    among = {unit: people for unit, people in population.items() if unit in before and unit in after}
    if not among:
        return {}
    terms, paid = terms_of(year), ask_records(settlements.paid, year=year)
    earned = []
    for scores in (before, after):
        some = {unit: scores[unit] for unit in among}
        lines = settlements.settled(COEFFICIENT, terms, among, some, paid, {}, {})
        earned.append({line.unit: line.earned for line in lines if line.programme == ""})
    return {unit: (earned[0][unit], earned[1][unit]) for unit in among}
