"""The settlement of a year in the register: what is published, by whom and when; publishing it and taking it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import Connection

from data.register import history_of
from exports.words import who
from metrics.funds import settlements
from metrics.funds.doctors import DoctorMoney
from metrics.funds.money import FEN_PER_YUAN, exact, yuan
from metrics.funds.settling import Line
from metrics.funds.terms import Terms
from metrics.units import MISSING
from pages._edit import edit, seen
from pages._fund_doctors import due_in_ledger
from pages._html import esc, given, table
from pages._page import Here
from pages._store import register
from pages._who import principal


def settled_in(year: int) -> pd.DataFrame:
    """The settlements of a year, the newest first; drafts are not among them: a draft is what the page shows."""
    with register().reading() as connection:
        known = settlements.settlements(principal(), connection)
    return known[(known["year"] == year) & (known["state"] != "draft")]


def published_in(known: pd.DataFrame) -> Any | None:
    """The row of the settlement in force; None while there is none."""
    standing = [row for row in known.itertuples() if row.state == "published"]
    return standing[0] if standing else None


def frozen_lines(number: int) -> list[Line]:
    """What was published, as it was looked at then."""
    with register().reading() as connection:
        return settlements.lines_of(principal(), connection, number)


def bands_applied(row: Any) -> list[tuple[Fraction, Fraction | None]]:
    """Which score earned which coefficient, as it was applied; None: the score itself."""
    return [
        (exact(score_from), None if coefficient is None else exact(coefficient))
        for score_from, coefficient in json.loads(row.terms)["bands"]
    ]


def applied(row: Any) -> tuple[float, float, float]:
    """Yuan a head, share in advance, share after the appraisal, as they were applied."""
    terms = json.loads(row.terms)
    return (
        terms["per_head_fen"] / FEN_PER_YUAN,
        float(exact(terms["prepaid"])),
        float(exact(terms["held_back"])),
    )


def published_words(here: Here, row: Any, rounds: dict[str, str]) -> str:
    """What is in force, in one sentence."""
    number = "" if pd.isna(row.round) else str(int(row.round))
    return here.text(
        "funds.in_force",
        n=row.settlement,
        model=here.text(f"funds.model_{row.model}"),
        round=here.text("funds.by_round", round=rounds.get(number, number)) if number else "",
        by=who(row.published_by, here.text),
        at=f"{row.published_at:%Y-%m-%d %H:%M}",
        event=int(row.event),
    )


def publishing(
    here: Here,
    year: int,
    model: str,
    round_number: int | None,
    lines: list[Line],
    terms: Terms,
    doctors: DoctorMoney,
) -> None:
    """What is frozen, and the button that does it."""
    text, whole = here.text, [line for line in lines if line.programme == ""]
    with st.popover(text("funds.publish"), type="primary"):
        st.markdown(
            text(
                "funds.publish_about",
                year=year,
                model=text(f"funds.model_{model}"),
                n=len(whole),
                earned=yuan(sum(line.earned for line in whole)),
                settled=yuan(sum(line.settled for line in whole)),
                back=yuan(sum(line.clawed_back for line in whole)),
                event=here.built.event,
            )
        )
        form = f"publish_{year}_{model}_{round_number}"
        rests_on = st.text_input(text("funds.rests_on"), key=f"{form}_note")
        if st.button(text("funds.publish_yes"), type="primary", key=form):
            event, who = here.built.event, principal()
            in_ledger = due_in_ledger(year)

            def act(connection: Connection) -> None:
                draft = settlements.open_draft(who, connection, year, model, round_number, rests_on)
                settlements.publish(who, connection, draft, 1, lines, terms, event, doctors.lines, in_ledger)

            _edit(here, act, text("funds.published_now"))


def withdrawing(here: Here, row: Any) -> None:
    """Take a settlement back, with a reason in words."""
    text, number = here.text, int(row.settlement)
    with st.popover(text("funds.withdraw")):
        st.markdown(text("funds.withdraw_about"))
        form = f"withdraw_{number}"
        version = seen(form, f"{form}_why", int(row.version))
        why = st.text_area(text("funds.why_withdrawn"), key=f"{form}_why", height=80)
        if st.button(text("funds.withdraw_yes"), key=form):
            if not why.strip():
                st.error(text("funds.error_reason"))
                return
            _edit(
                here,
                lambda c: settlements.withdraw(principal(), c, number, version, why),
                text("funds.withdrawn_now"),
                form,
            )


def deeds_table(here: Here, known: pd.DataFrame) -> str:
    """Who published or took back which settlement when, and why; the newest first."""
    text, rows = here.text, []
    with register().reading() as connection:
        for row in known.itertuples():
            deeds = history_of(connection, "settlement", str(row.settlement))
            rests_on = next(
                ((deed["after"] or {}).get("note") for deed in deeds if deed["action"] == "add"), None
            )
            for deed in reversed(deeds):
                if deed["action"] not in ("publish", "withdraw"):
                    continue
                note = rests_on if deed["action"] == "publish" else (deed["after"] or {}).get("note")
                rows.append(
                    [
                        esc(f"{deed['at']:%Y-%m-%d %H:%M}"),
                        esc(who(deed["by"], text)),
                        esc(text(f"funds.did_{deed['action']}", n=row.settlement)),
                        esc(text(f"funds.model_{row.model}")),
                        given(note) or MISSING,
                    ]
                )
    head = [esc(text(f"funds.{name}")) for name in ("when", "who", "did", "model", "why")]
    return table(head, rows, marks=["nowrap", "nowrap", "nowrap", "nowrap", "w"])


def _edit(here: Here, act: Callable[[Connection], None], done: str, form: str = "") -> None:
    try:
        edit(here, act, done, form)
    except settlements.SettlementError as error:
        st.error(here.text(f"funds.error_{error.reason}"))
