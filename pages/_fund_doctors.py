"""Village doctors' money on the page of funds: what each is due and gets, and who is not settled, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from metrics.funds import settlements, village
from metrics.funds.doctors import DoctorLine, DoctorMoney, gathered
from metrics.funds.money import FEN_PER_YUAN, exact, rounded, yuan
from metrics.funds.settling import Line
from metrics.funds.terms import Terms
from metrics.units import MISSING
from pages._board import board
from pages._html import esc, span, table, tag
from pages._open import ask_records
from pages._page import Here
from pages._rounds import subject_words
from pages._store import one_generation, register
from pages._takeaway import csv_button
from pages._text import typed
from pages._who import principal

_MONEY = ("entitlement", "earned")
_NAMED = 20  # names of a warning; the table has everybody


def shares(
    year: int,
    terms: Terms,
    lines: Sequence[Line],
    services: Mapping[tuple[int, str], int] | None,
) -> DoctorMoney:
    """What village doctors get of a settlement as it stands; ``services``: by work points, None: by people served."""
    with (
        one_generation() as data,
        data.published() as built,
        data.records() as known,
        register().reading() as edited,
    ):
        return village.shares(principal(), built, known, edited, year, terms, lines, services)


def frozen(number: int) -> DoctorMoney:
    """What was published for village doctors with a settlement."""
    with register().reading() as connection:
        return gathered(settlements.doctors_of(principal(), connection, number))


def share_of(terms: Terms, in_force: Any | None) -> float | None:
    """The share of village doctors; of a published settlement as it was applied, None where it knew of none."""
    if in_force is None:
        return float(terms.village_doctors)
    told = json.loads(in_force.terms).get("village_doctors")
    return None if told is None else float(exact(told))


def due_in_ledger(year: int) -> frozenset[int]:
    """Units of which the ledger says itself what their village doctors are due."""
    return ask_records(settlements.due_in_ledger, year=year)


def doctors_tab(here: Here, year: int, terms: Terms, found: DoctorMoney, in_force: Any | None) -> None:
    """The tab: how it is reckoned, who waits and why, a row a doctor, each centre's sum.

    ``in_force``: the row of the published settlement whose ``frozen`` lines are shown; None: as it comes out now.
    """
    text, share = here.text, share_of(terms, in_force)
    if share is not None:
        st.caption(text("fund_doctors.about", share=f"{share:.0%}"))
    if not found.lines:
        empty = "nobody" if in_force is None else "none_frozen"
        st.info(text(f"fund_doctors.{empty}", year=year))
        return
    for reason in dict.fromkeys(line.reason for line in found.lines if line.reason):
        names = [typed(_name(here, line)) for line in found.lines if line.reason == reason]
        st.warning(
            text(
                f"fund_doctors.{reason}",
                n=len(names),
                names=text("list.enumeration").join(names[:_NAMED]) + ("…" if len(names) > _NAMED else ""),
            )
        )
    board(_table(here, found), key="fund_doctors")
    st.caption(text("fund_doctors.adds_up"))
    csv_button(
        here,
        text("fund_doctors.take"),
        f"{text('fund_doctors.title')}_{year}",
        f"village doctors' money {year}",
        lambda: _frame(here, found.lines),
        persons=len(found.lines),
    )


def _table(here: Here, found: DoctorMoney) -> str:
    """A row a doctor under the centre's own, whose money adds up to what village doctors share there."""
    text, in_yuan = here.text, (*_MONEY, "change")
    names = ("doctor", "people", "score", "coefficient", *_MONEY, "change", "state")
    head = [
        esc(
            text("funds.in_yuan", name=text(f"fund_doctors.{name}"))
            if name in in_yuan
            else text(f"fund_doctors.{name}")
        )
        for name in names
    ]
    rows, centre = [], None
    for line in found.lines:
        # A sum of the centre is of all its doctors: who sees some of them is shown none.
        if line.centre != centre and line.centre in found.pots and line.centre in principal().own:
            rows.append([tag("b", cell) for cell in _centre_row(here, found, line.centre)])
        centre = line.centre
        rows.append(
            [
                esc(_name(here, line)),
                MISSING if line.people is None else f"{float(line.people):,.1f}",
                MISSING if line.score is None else _places(line.score, 2),
                MISSING if line.coefficient is None else _places(line.coefficient, 4),
                *(_fen(getattr(line, name)) for name in _MONEY),
                MISSING if line.earned is None else _signed(line.earned - line.entitlement),
                span(
                    text(f"fund_doctors.short_{line.reason or 'settled'}"), css="below" if line.reason else ""
                ),
            ]
        )
    return table(head, rows, css="long", marks=["u", *["n"] * 6, "w"])


def _centre_row(here: Here, found: DoctorMoney, centre: int) -> list[str]:
    mine = [line for line in found.lines if line.centre == centre]
    paid = sum(line.earned or 0 for line in mine)
    kept = [
        here.text(f"fund_doctors.{name}", yuan=yuan(fen))
        for name, fen in (("held", found.held[centre]), ("left", found.left[centre]))
        if fen
    ]
    people = sum(float(line.people) for line in mine if line.people is not None)
    return [
        esc(here.name_of(centre)),
        f"{people:,.1f}",
        "",
        "",
        esc(yuan(found.pots[centre])),
        esc(yuan(paid)),
        "",
        esc(here.text("list.semicolon").join(kept)),
    ]


def _frame(here: Here, lines: Sequence[DoctorLine]) -> pd.DataFrame:
    """A row a doctor to take away, money in yuan."""
    text = here.text
    in_yuan = {name: text("funds.in_yuan", name=text(f"fund_doctors.{name}")) for name in _MONEY}
    return pd.DataFrame(
        [
            {
                text("fund_doctors.centre"): _centre(here, line.centre),
                text("fund_doctors.clinic"): here.name_of(line.unit),
                text("fund_doctors.staff_no"): line.staff_no,
                text("fund_doctors.people"): None if line.people is None else float(line.people),
                text("fund_doctors.score"): None if line.score is None else float(line.score),
                text("fund_doctors.coefficient"): None
                if line.coefficient is None
                else float(line.coefficient),
                **{
                    in_yuan[name]: None if getattr(line, name) is None else getattr(line, name) / FEN_PER_YUAN
                    for name in _MONEY
                },
                text("fund_doctors.state"): text(f"fund_doctors.short_{line.reason or 'settled'}"),
            }
            for line in lines
        ]
    )


def _centre(here: Here, centre: int | None) -> str:
    """A centre's name; "" of none, and of one that is out of scope."""
    return here.name_of(centre) if centre is not None and centre in principal().figures else ""


def _name(here: Here, line: DoctorLine) -> str:
    return subject_words(here, line.unit, line.staff_no)


def _fen(fen: int | None) -> str:
    return MISSING if fen is None else esc(yuan(fen))


def _places(number: Fraction, places: int) -> str:
    """With so many decimals; halves go up, as score and coefficient do together."""
    return f"{rounded(number * 10**places) / 10**places:.{places}f}"


def _signed(fen: int) -> str:
    return esc(f"{'+' if fen > 0 else ''}{yuan(fen)}")
