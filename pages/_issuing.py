"""The form that issues a finding: what was found where, what is required by when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import streamlit as st

from metrics.sentences import sentences
from metrics.supervision import findings
from metrics.supervision.deadlines import CALENDAR, day_kind, days_given, is_certain, record_due
from metrics.supervision.kinds import SEVERITIES, finding_kinds, word
from pages._edit import edit, keep_files, uploader
from pages._page import Here
from pages._who import principal

_TURN = "issue_turn"


def issue_form(here: Here, units: Collection[int], today: date, visit: int | None = None) -> None:
    """Issue a finding at one of the units; of a visit at the unit that was visited."""
    text, turn = here.text, st.session_state.get(_TURN, 0)
    form = f"issue_{visit or ''}_{turn}"
    among = [
        int(unit)
        for unit in here.tree["unit"]
        if unit in units and unit in principal().own and here.kind_of(int(unit)) != "bureau"
    ]
    with st.form(form, border=True):
        unit = st.selectbox(
            text("supervision.unit"),
            among,
            index=0 if len(among) == 1 else None,
            format_func=here.name_of,
            placeholder=text("supervision.choose_unit"),
            key=f"{form}_unit",
        )
        columns = st.columns(3)
        kind = columns[0].selectbox(
            text("supervision.finding_kind"),
            finding_kinds(),
            format_func=lambda code: word("kind", code, here.language),
            key=f"{form}_kind",
        )
        severity = columns[1].selectbox(
            text("supervision.severity"),
            SEVERITIES,
            format_func=lambda code: word("severity", code, here.language),
            key=f"{form}_severity",
        )
        responsible = columns[2].text_input(text("supervision.responsible"), key=f"{form}_responsible")
        what = st.text_area(text("supervision.what"), height=80, key=f"{form}_what")
        demand = st.text_area(text("supervision.demand"), height=80, key=f"{form}_demand")
        columns = st.columns(2)
        issued_on = columns[0].date_input(
            text("supervision.issued_on"), today, format="YYYY-MM-DD", key=f"{form}_on"
        )
        due_on = columns[1].date_input(
            text("supervision.due_on"),
            None,
            format="YYYY-MM-DD",
            help=text("supervision.due_help"),
            key=f"{form}_due",
        )
        st.caption(deadline_words(here, today))
        chosen = uploader(here, f"{form}_files")
        pressed = st.form_submit_button(text("supervision.issue"), type="primary")
    if pressed and unit is None:
        st.error(text("supervision.choose_unit"))
    elif pressed:

        def issued(number: int) -> list[str]:
            st.session_state[_TURN] = turn + 1
            return keep_files(here, "finding", str(number), chosen)

        edit(
            here,
            lambda c: findings.issue(
                principal(),
                c,
                unit,
                kind,
                severity,
                what,
                issued_on=issued_on or today,
                due_on=due_on,
                demand=demand,
                responsible=responsible,
                visit_number=visit,
            ),
            text("supervision.issued_now", unit="" if unit is None else here.name_of(unit)),
            then=issued,
        )


def deadline_words(here: Here, issued_on: date) -> str:
    """By when a finding of a day is answered, and how that day is found."""
    code = "calendar" if day_kind(issued_on) == CALENDAR else "working"
    days = sentences(here.language)(f"supervision.day_kind.{code}", n=days_given(issued_on))
    told = here.text(
        "supervision.deadline",
        day=f"{issued_on:%Y-%m-%d}",
        days=days,
        due=f"{record_due(issued_on):%Y-%m-%d}",
    )
    return told if is_certain(issued_on) else told + here.text("supervision.deadline_guess")
