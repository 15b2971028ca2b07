"""Public-health funds: what each centre is due, what its appraisal earns it, and what a change would do."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import streamlit as st

from data.register import EditedMeanwhileError
from metrics.funds import scores as scoring
from metrics.funds import settlements
from metrics.funds.money import FEN_PER_YUAN, exact
from metrics.funds.reconciling import reconciled
from metrics.funds.settling import COEFFICIENT, MODELS, WORK_POINTS, Line, NotScoredError
from metrics.funds.terms import Terms, programme_words, terms_of
from metrics.funds.what_if import compared
from metrics.wording import month_name
from pages._board import board
from pages._funds import MONEY, programme_table, reconciled_table, unit_table, what_if_table
from pages._html import esc, tag
from pages._open import ask, ask_records, principal, register
from pages._page import Here, open_page
from pages._takeaway import csv_button
from pages._view import selector

#: The printed example of the sources, as it stands there: yuan a head, advance, reward.
PRINTED = (8, 1_946_960, 1_287_680)


def rounds_of(year: int) -> dict[str, str]:
    """Published rounds of the year: number as text -> what it is called."""
    with register().reading() as connection:
        found = scoring.scored_rounds(principal(), connection, year)
    return {
        str(row.round): here.text(
            "funds.round",
            period=here.text(f"funds.period_{row.period}"),
            month=month_name(row.month, here.text),
        )
        for row in found.itertuples()
    }


def scores_of(number: int | None) -> tuple[dict[int, Fraction], dict[tuple[int, str], Fraction]]:
    """Scores and programme quality of a published round; empty without one."""
    if number is None:
        return {}, {}
    with register().reading() as connection:
        return scoring.scores(principal(), connection, number), scoring.quality(
            principal(), connection, number
        )


def money(terms: Terms, scores: dict[int, Fraction]) -> list[Line]:
    """The settlement of the year by the chosen model."""
    if model == COEFFICIENT:
        # Who was not appraised has no settlement yet; it is named above the table.
        among = {unit: people for unit, people in population.items() if unit in scores}
        return settlements.settled(model, terms, among, scores, paid, {}, {})
    return settlements.settled(model, terms, population, scores, paid, services, quality)


def terms_line(terms: Terms) -> str:
    """The terms in one line."""
    return tag(
        "div",
        esc(
            here.text(
                "funds.terms",
                year=terms.year,
                head=f"{terms.per_head / FEN_PER_YUAN:g}",
                prepaid=f"{float(terms.prepaid):.0%}",
                held=f"{float(terms.held_back):.0%}",
            )
        ),
        css="muted",
    )


def frame_of(lines: list[Line]) -> pd.DataFrame:
    """The lines as a table to take away, in yuan."""
    words = programme_words(year)
    frame = settlements.frame(lines)
    named = pd.DataFrame({here.text("funds.unit"): [here.name_of(unit) for unit in frame["unit"]]})
    named[here.text("funds.programme")] = [
        here.text("funds.all") if not key else words[key][here.language] for key in frame["programme"]
    ]
    named[here.text("funds.population")] = frame["population"]
    named[here.text("funds.coefficient")] = frame["coefficient"]
    for column in MONEY:
        named[here.text("funds.in_yuan", name=here.text(f"funds.{column}"))] = frame[column] / FEN_PER_YUAN
    return named


def try_out(before: list[Line]) -> None:
    """Change the standard, the shares or a score, and see rank and money; nothing is kept."""
    text = here.text
    st.caption(text("funds.what_if_about"))
    columns = st.columns(4)
    head = columns[0].number_input(
        text("funds.try_head"), 0.0, 10_000.0, terms.per_head / FEN_PER_YUAN, 1.0, key="try_head"
    )
    share = columns[1].number_input(
        text("funds.try_prepaid"), 0.0, 100.0, float(terms.prepaid) * 100, 1.0, key="try_prepaid"
    )
    names = {unit: here.name_of(unit) for unit in population}
    unit = columns[2].selectbox(
        text("funds.try_unit"),
        list(names),
        format_func=names.__getitem__,
        index=None,
        key="try_unit",
        placeholder=text("funds.try_none"),
    )
    now = float(scores.get(unit, Fraction(0))) if unit is not None else 0.0
    score = columns[3].number_input(
        text("funds.try_score"), 0.0, 100.0, now, 0.5, key=f"try_score_{unit}", disabled=unit is None
    )
    prepaid = exact(round(share, 4)) / 100
    tried = replace(terms, per_head=round(head * FEN_PER_YUAN), prepaid=prepaid, held_back=1 - prepaid)
    after_scores = scores if unit is None else scores | {unit: exact(round(score, 2))}
    if tried == terms and after_scores == scores:
        st.caption(text("funds.try_change"))
        return
    after = money(tried, after_scores)
    board(what_if_table(here, compared(scores, after_scores, before, after), names), key="what_if")


def check_amounts() -> None:
    """Do an advance and a reward belong to the same people?"""
    text = here.text
    st.caption(text("funds.reconcile_about"))
    columns = st.columns(3)
    head = columns[0].number_input(
        text("funds.per_head"), 0.01, 10_000.0, float(PRINTED[0]), 1.0, key="rec_head"
    )
    advance = columns[1].number_input(
        text("funds.prepaid_row"), 0.0, 1e12, float(PRINTED[1]), 100.0, key="rec_prepaid"
    )
    reward = columns[2].number_input(
        text("funds.reward_row"), 0.0, 1e12, float(PRINTED[2]), 100.0, key="rec_reward"
    )
    fen = [round(amount * FEN_PER_YUAN) for amount in (head, advance, reward)]
    found = reconciled(fen[0], terms.prepaid, terms.held_back, fen[1], fen[2])
    board(reconciled_table(here, found, fen[1], fen[2]), key="reconciled")


def publishing(here: Here, lines: list[Line]) -> None:
    """What is published for the year, and the button that publishes what is shown."""
    text = here.text
    with register().reading() as connection:
        known = settlements.settlements(connection)
    known = known[known["year"] == year]
    for row in known.itertuples():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                text(
                    f"funds.state_{row.state}",
                    n=row.settlement,
                    model=text(f"funds.model_{row.model}"),
                    by=row.published_by or row.edited_by,
                    at=f"{row.published_at or row.edited_at:%Y-%m-%d %H:%M}",
                ),
                width="stretch",
            )
            if row.state == "published" and st.button(
                text("funds.withdraw"), key=f"withdraw_{row.settlement}"
            ):
                _write(
                    lambda c, row=row: settlements.withdraw(
                        c,
                        int(row.settlement),
                        int(row.version),
                        text("funds.withdrawn_by_hand"),
                        principal().name,
                    )
                )
    if (known["state"] == "published").any() or not lines:
        return
    if st.button(text("funds.publish"), type="primary", help=text("funds.publish_help")):
        event = here.built.event

        def write(connection) -> None:
            draft = settlements.open_draft(connection, year, model, round_number, principal().name)
            settlements.publish(connection, draft, 1, lines, terms, event, principal().name)

        _write(write)


def _write(act) -> None:
    """One edit of the register, told when somebody else was faster."""
    try:
        with register().writing() as connection:
            act(connection)
    except EditedMeanwhileError as error:
        st.error(here.text("edit.meanwhile", by=error.by, at=f"{error.at:%Y-%m-%d %H:%M}"))
        return
    except settlements.SettlementError as error:
        st.error(here.text(f"funds.error_{error.reason}"))
        return
    st.rerun()


here = open_page("funds.title", unit=False)
text, view = here.text, here.view
year = here.month // 12
view.choose("model", MODELS, COEFFICIENT, "filter.model")
model = view.values["model"]
terms = terms_of(year)
board(terms_line(terms), key="terms")

choices = rounds_of(year)
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
    round_number = None
    if choices:
        view.choose("round", list(choices), next(iter(choices)), "filter.round")
        selector(
            view, st.selectbox, "round", list(choices), choices.__getitem__, text("filter.round"), width=300
        )
        round_number = int(view.values["round"])

population = ask(settlements.population, year=year)
paid = ask_records(settlements.paid, year=year)
scores, quality = scores_of(round_number)
services = ask(settlements.services, year=year) if model == WORK_POINTS else {}
if not population:
    st.info(text("funds.no_population", year=year))
    st.stop()
if model == COEFFICIENT and not scores:
    st.info(text("funds.no_round", year=year))
try:
    lines = money(terms, scores)
except NotScoredError as error:
    st.info(
        text(
            "funds.not_scored",
            units=text("list.enumeration").join(here.name_of(unit) for unit in error.units),
        )
    )
    lines = []
missing = [
    here.name_of(unit) for unit in population if model == COEFFICIENT and scores and unit not in scores
]
if missing:
    st.warning(text("funds.not_scored", units=text("list.enumeration").join(missing)))
names = {unit: here.name_of(unit) for unit in population}
if lines:
    by_unit, by_programme, what_if, amounts = st.tabs(
        [text(f"funds.tab_{name}") for name in ("units", "programmes", "what_if", "reconcile")]
    )
    with by_unit:
        board(
            unit_table(here, lines, {unit: float(score) for unit, score in scores.items()}, names),
            key="units",
        )
        st.caption(text("funds.adds_up"))
        csv_button(
            here,
            text("funds.take"),
            f"{text('funds.title')}_{year}",
            f"funds {year} {model}",
            lambda: frame_of(lines),
        )
        publishing(here, lines)
    with by_programme:
        board(
            programme_table(
                here, lines, {key: words[here.language] for key, words in programme_words(year).items()}
            ),
            key="programmes",
        )
        st.caption(text("funds.programmes_about"))
    with what_if:
        try_out(lines)
    with amounts:
        check_amounts()
else:
    check_amounts()
