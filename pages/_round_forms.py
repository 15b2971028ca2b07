"""Forms of a round as a whole: open it, publish it, take it back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from metrics.appraisal import rounds
from metrics.appraisal.sheet import Sheet
from metrics.sentences import sentences
from metrics.standards import MONTHS, number
from metrics.wording import month_name
from pages._edit import edit, seen
from pages._page import Here
from pages._rounds import Round
from pages._store import one_generation
from pages._who import principal


def new_round(here: Here, sheets: Sequence[Sheet]) -> None:
    """Open a draft: a sheet, a period, its last month."""
    text, words = here.text, sentences(here.language)
    names = {f"{sheet.key}/{sheet.version}": sheet for sheet in sheets}
    chosen = st.selectbox(
        text("appraisal.choose_sheet"),
        list(names),
        format_func=lambda key: text(
            "appraisal.sheet_of", name=names[key].words[here.language], version=names[key].version
        ),
        key="new_sheet",
    )
    columns = st.columns(2)
    period = columns[0].selectbox(
        text("appraisal.choose_period"),
        rounds.PERIODS,
        format_func=lambda code: words(f"appraisal.round.{code}"),
        key="new_period",
    )
    begins = int(number("year_first_month")) - 1
    ends = [
        month
        for month in range(here.built.last_month, here.built.first_month - 1, -1)
        if (month - begins + 1) % MONTHS[period] == 0
    ]
    month = columns[1].selectbox(
        text("appraisal.choose_month"),
        ends,
        format_func=lambda month: month_name(month, text),
        key=f"new_month_{period}",
        placeholder=text("appraisal.no_month"),
    )
    remark = st.text_input(text("appraisal.choose_remark"), key="new_remark").strip()
    if st.button(text("appraisal.open_round"), type="primary", key="new_round", disabled=month is None):
        sheet = names[chosen]

        def show(opened: int) -> list[str]:
            st.query_params.update(sheet=sheet.key, round=str(opened))
            return []

        edit(
            here,
            lambda c: rounds.open_round(principal(), c, sheet, month, period, remark or None),
            text("appraisal.opened"),
            then=show,
        )


def publishing(here: Here, found: Round) -> None:
    """What is frozen, and the button that does it."""
    text, waiting = here.text, len(found.open_items)
    with st.popover(text("appraisal.publish"), disabled=waiting > 0, type="primary"):
        st.markdown(
            text(
                "appraisal.publish_about",
                n=int((found.table["full"] > 0).sum()),
                sheet=found.sheet.words[here.language],
                version=found.sheet.version,
                event=here.built.event,
                batch=here.built.batch or "—",
                definitions=here.built.definitions[:8],
            )
        )
        form = f"publish_{found.number}"
        version = seen(form, form, int(found.row["version"]))
        if st.button(text("appraisal.publish_yes"), type="primary", key=form):
            who = principal()

            def act(connection) -> None:
                with one_generation() as snapshot, snapshot.published() as published:
                    if not found.of_doctors:
                        rounds.publish(who, connection, published, None, found.number, version)
                        return
                    with snapshot.records() as records:
                        rounds.publish(who, connection, published, records, found.number, version)

            edit(here, act, text("appraisal.published_now"), form)


def withdrawing(here: Here, found: Round) -> None:
    """Take a round back, with a reason."""
    text = here.text
    with st.popover(text("appraisal.withdraw")):
        st.markdown(text("appraisal.withdraw_about"))
        form = f"withdraw_{found.number}"
        version = seen(form, f"{form}_why", int(found.row["version"]))
        why = st.text_input(text("appraisal.why_withdrawn"), key=f"{form}_why")
        if st.button(text("appraisal.withdraw_yes"), key=form):
            edit(
                here,
                lambda c: rounds.withdraw(principal(), c, found.number, version, why),
                text("appraisal.withdrawn_now"),
                form,
            )
