"""One finding on the page of supervision: what it is, what was done, what can be done now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from exports import docx_blocks
from exports.about import about
from exports.download import Download
from exports.notice import document
from exports.words import who
from metrics.funds.money import FEN_PER_YUAN, yuan
from metrics.supervision import ageing, findings
from metrics.supervision.kinds import STEPS, word
from metrics.supervision.notice import notice
from metrics.supervision.states import WITHDRAWN, allowed
from metrics.units import MISSING
from pages._board import board
from pages._edit import edit, evidence_list, keep_files, seen, uploader
from pages._findings import repeated_mark, severity_mark, state_mark, time_words
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._store import register
from pages._takeaway import file_button
from pages._text import typed
from pages._who import principal

#: What is told of an edit, in order: of findings, of visits, of evidence.
_FIELDS = (
    *("what", "demand", "severity", "due_on", "responsible", "measure", "effect", "recorded_on", "recheck"),
    *("rechecked_on", "recheck_note", "closed_on", "escalation", "escalated_on", "deduction"),
    *("planned_on", "done_on", "team", "account", "note"),
    *("name", "reason"),
)
#: What some of them are called.
_LABELS = {"name": "file", "note": "why_cancelled"}


def finding_page(here: Here, number: int, today: date) -> None:
    """One finding: what it is, what was done, what can be done now."""
    text = here.text
    with register().reading() as connection:
        row = findings.one(principal(), connection, number)
        story = findings.story(principal(), connection, number)
        kept = findings.evidence(principal(), connection, number)
        standing = ageing.ageing(principal(), connection, today)
        others = findings.findings(principal(), connection)
    standing = standing[standing["finding"] == number]
    back = here.view.link("supervision", show="findings")
    board(tag("div", anchor(back, esc(text("supervision.back_findings")))), key="back")
    kind = word("kind", row["kind"], here.language)
    st.subheader(
        text("supervision.finding_of", n=number, unit=typed(here.name_of(row["unit"])), kind=kind),
        anchor=False,
    )
    board(_facts(here, row, standing), key="finding")
    evidence_list(here, "finding", str(number), kept)
    if row["state"] != WITHDRAWN:
        _notice_button(here, row, others)
    _actions(here, row, today)
    with st.expander(text("supervision.story"), expanded=True):
        board(story_table(here, story), key="story")


def _facts(here: Here, row: Mapping[str, Any], standing: pd.DataFrame) -> str:
    text, language = here.text, here.language
    marks = [state_mark(here, row["state"]), severity_mark(here, row["severity"])]
    one = next(standing.itertuples(), None)
    if one is not None:
        marks.append(time_words(here, one))
        if one.times > 1:
            marks.append(repeated_mark(here, int(one.times)))
    facts = [
        ("what", esc(row["what"])),
        ("demand", esc(row["demand"] or MISSING)),
        ("issued_on", esc(f"{row['issued_on']:%Y-%m-%d}")),
        ("due_on", esc(f"{row['due_on']:%Y-%m-%d}")),
        ("responsible", esc(row["responsible"] or MISSING)),
        ("measure", esc(row["measure"] or MISSING)),
        ("effect", esc(row["effect"] or MISSING)),
    ]
    if row["visit"] is not None:
        link = here.view.link("supervision", visit=int(row["visit"]))
        facts.append(("visit", anchor(link, esc(text("supervision.visit_n", n=int(row["visit"]))))))
    if row["recheck"]:
        told = word("recheck", row["recheck"], language)
        note = text("list.aside", words=row["recheck_note"]) if row["recheck_note"] else ""
        facts.append(("recheck", esc(f"{told} {row['rechecked_on']:%Y-%m-%d}{note}")))
    if row["escalation"]:
        told = f"{word('step', row['escalation'], language)} {row['escalated_on']:%Y-%m-%d}"
        if row["deduction"]:
            told += " " + text("supervision.yuan", n=yuan(int(row["deduction"])))
        facts.append(("escalation", esc(told)))
    if row["closed_on"]:
        facts.append(("closed_on", esc(f"{row['closed_on']:%Y-%m-%d}")))
    cells = [tag("dt", esc(text(f"supervision.{name}"))) + tag("dd", value) for name, value in facts]
    return tag("div", *marks, css="legend") + tag("dl", *cells)


def _notice_button(here: Here, row: Mapping[str, Any], others: pd.DataFrame) -> None:
    """The notice of everything that was issued to the unit on the same day."""
    same = others[
        (others["unit"] == row["unit"])
        & (others["issued_on"] == row["issued_on"])
        & (others["state"] != WITHDRAWN)
    ]
    numbers = [int(one) for one in same["finding"]]

    def make() -> bytes:
        with register().reading() as connection:
            told = notice(
                principal(),
                connection,
                numbers,
                bureau=here.built.bureau,
                unit_names={int(row["unit"]): here.name_of(row["unit"])},
                language=here.language,
            )
        day = row["issued_on"]
        whose = about(here.built, here.name_of(row["unit"]), day.year * 12 + day.month - 1, principal().name)
        return docx_blocks.docx_bytes(document(told, whose, here.language))

    name = f"{here.text('supervision.notice')}_{here.name_of(row['unit'])}_{row['issued_on']:%Y%m%d}.docx"
    file_button(
        here.text("supervision.take_notice", n=len(numbers)),
        f"notice {here.code_of(row['unit'])} {row['issued_on']}",
        Download(name, docx_blocks.MEDIA, make),
    )


def _actions(here: Here, row: Mapping[str, Any], today: date) -> None:
    """What the principal may do about a finding as it stands: the next step open, the others folded."""
    text, may = here.text, allowed(principal(), row)
    if not may:
        return
    first = {"open": "record", "recorded": "recheck", "escalated": "recheck"}.get(row["state"])
    forms = {
        "record": _record,
        "recheck": _recheck,
        "escalate": _escalate,
        "amend": _amend,
        "withdraw": _withdraw,
    }
    for name, form in forms.items():
        if name in may:
            with st.expander(text(f"supervision.do_{name}"), expanded=name == first):
                form(here, row, today)


def _record(here: Here, row: Mapping[str, Any], today: date) -> None:
    text, number = here.text, int(row["finding"])
    form = f"record_{number}"
    with st.form(form, border=False):
        version = seen(form, f"{form}_measure", int(row["version"]))
        measure = st.text_area(
            text("supervision.measure"), row["measure"] or "", height=90, key=f"{form}_measure"
        )
        effect = st.text_area(
            text("supervision.effect"), row["effect"] or "", height=90, key=f"{form}_effect"
        )
        on = st.date_input(text("supervision.recorded_on"), today, format="YYYY-MM-DD", key=f"{form}_on")
        chosen_files = uploader(here, f"{form}_files")
        pressed = st.form_submit_button(text("supervision.save"), type="primary")
    if pressed:
        edit(
            here,
            lambda c: findings.record(principal(), c, number, version, measure, effect, on=on),
            text("supervision.recorded_now"),
            form,
            lambda _: keep_files(here, "finding", str(number), chosen_files),
        )


def _recheck(here: Here, row: Mapping[str, Any], today: date) -> None:
    text, number = here.text, int(row["finding"])
    form = f"recheck_{number}"
    with st.form(form, border=False):
        version = seen(form, f"{form}_mended", int(row["version"]))
        mended = st.segmented_control(
            text("supervision.recheck"),
            [findings.MENDED, findings.NOT_MENDED],
            format_func=lambda code: word("recheck", code, here.language),
            key=f"{form}_mended",
        )
        columns = st.columns(2)
        on = columns[0].date_input(
            text("supervision.rechecked_on"), today, format="YYYY-MM-DD", key=f"{form}_on"
        )
        mended_on = columns[1].date_input(
            text("supervision.mended_on"),
            row["recorded_on"],
            format="YYYY-MM-DD",
            help=text("supervision.mended_help"),
            key=f"{form}_mended_on",
        )
        words = st.text_input(text("supervision.recheck_note"), key=f"{form}_note")
        pressed = st.form_submit_button(text("supervision.save_recheck"), type="primary")
    if pressed and mended is None:
        st.error(text("supervision.choose_recheck"))
    elif pressed:
        is_mended = mended == findings.MENDED
        edit(
            here,
            lambda c: findings.recheck(
                principal(),
                c,
                number,
                version,
                mended=is_mended,
                on=on,
                mended_on=mended_on if is_mended else None,
                words=words,
            ),
            text("supervision.closed_now" if is_mended else "supervision.reopened_now"),
            form,
        )


def _escalate(here: Here, row: Mapping[str, Any], today: date) -> None:
    text, number = here.text, int(row["finding"])
    form = f"escalate_{number}"
    version = seen(form, f"{form}_step", int(row["version"]))
    step = st.selectbox(
        text("supervision.escalation"),
        STEPS,
        format_func=lambda code: word("step", code, here.language),
        key=f"{form}_step",
    )
    on = st.date_input(text("supervision.escalated_on"), today, format="YYYY-MM-DD", key=f"{form}_on")
    amount = None
    if step == "fund_deduction":
        amount = st.number_input(text("supervision.deduction"), 0.0, None, None, 100.0, key=f"{form}_amount")
    if st.button(text("supervision.escalate_yes"), key=form):
        fen = None if amount is None else round(amount * FEN_PER_YUAN)
        edit(
            here,
            lambda c: findings.escalate(principal(), c, number, version, step, on=on, deduction=fen),
            text("supervision.escalated_now"),
            form,
        )


def _amend(here: Here, row: Mapping[str, Any], today: date) -> None:
    text, number = here.text, int(row["finding"])
    form = f"amend_{number}"
    with st.form(form, border=False):
        version = seen(form, f"{form}_what", int(row["version"]))
        what = st.text_area(text("supervision.what"), row["what"], height=80, key=f"{form}_what")
        demand = st.text_area(
            text("supervision.demand"), row["demand"] or "", height=80, key=f"{form}_demand"
        )
        due_on = st.date_input(
            text("supervision.due_on"), row["due_on"], format="YYYY-MM-DD", key=f"{form}_due"
        )
        pressed = st.form_submit_button(text("supervision.save"))
    if pressed:
        edit(
            here,
            lambda c: findings.amend(
                principal(), c, number, version, what=what, demand=demand.strip() or None, due_on=due_on
            ),
            form=form,
        )


def _withdraw(here: Here, row: Mapping[str, Any], today: date) -> None:
    text, number = here.text, int(row["finding"])
    form = f"withdraw_{number}"
    version = seen(form, f"{form}_why", int(row["version"]))
    why = st.text_input(text("supervision.why_withdrawn"), key=f"{form}_why")
    if st.button(text("supervision.withdraw_yes"), key=form):
        edit(
            here,
            lambda c: findings.withdraw(principal(), c, number, version, why),
            text("supervision.withdrawn_now"),
            form,
        )


def story_table(here: Here, story: list[dict[str, Any]]) -> str:
    """Who did what when, and what it changed."""
    text = here.text
    out = [
        [
            tag("div", esc(f"{one['at']:%Y-%m-%d %H:%M}")) + span(who(one["by"], text), css="small muted"),
            esc(word("action", one["action"], here.language)),
            span(_changed(here, one), css="small"),
        ]
        for one in reversed(story)
    ]
    head = [esc(text(f"supervision.{name}")) for name in ("when", "step", "content")]
    return table(head, out, css="tall", marks=["", "nowrap", "w"])


def _changed(here: Here, one: dict[str, Any]) -> str:
    text, said = here.text, []
    before, after = one["before"] or {}, one["after"] or {}
    groups = {"severity": "severity", "recheck": "recheck", "escalation": "step"}
    for name in _FIELDS:
        is_gone = name == "name" and one["action"] == "remove_evidence"
        new = before["name"] if is_gone else after.get(name)
        if new is None or (new == before.get(name) and not is_gone):
            continue
        if name in groups:
            new = word(groups[name], new, here.language)
        if name == "deduction":
            new = text("supervision.yuan", n=yuan(int(new)))
        said.append(
            text(
                "list.pair", name=text(f"supervision.{_LABELS.get(name, name)}"), value=str(new).rstrip("。.")
            )
        )
    return text("list.semicolon").join(said)
