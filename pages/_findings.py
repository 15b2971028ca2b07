"""Findings on the page of supervision: the ageing list, one finding and what can be done about it, tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from exports import docx_blocks
from exports.about import about
from exports.download import Download
from exports.notice import document
from metrics.funds.money import FEN_PER_YUAN, yuan
from metrics.supervision import ageing, findings
from metrics.supervision.kinds import STEPS, buckets, word
from metrics.supervision.notice import notice
from metrics.supervision.states import CLOSED, STANDING, WITHDRAWN, allowed
from metrics.units import MISSING, Unit, is_missing, show
from pages._board import board
from pages._edit import edit, evidence_list, keep_files, seen, uploader
from pages._html import anchor, esc, span, table, tag
from pages._issuing import issue_form
from pages._open import principal, register
from pages._page import Here
from pages._pager import pager, wanted
from pages._takeaway import csv_button, file_button
from pages._view import selector

SIZE = 50  # rows of a page
SHOWN = ("standing", "overdue", "repeated", "closed", "all")
_STATES = {
    "open": ("○", "course"),
    "recorded": ("◐", "course"),
    "escalated": ("▲", "below"),
    "closed": ("●", "at"),
    "withdrawn": ("✕", "none"),
}
_SEVERITIES = {"low": "muted", "middle": "course", "high": "below"}
_FIELDS = ("what", "demand", "severity", "due_on", "responsible", "measure", "effect", "recorded_on", "recheck",
           "rechecked_on", "recheck_note", "closed_on", "escalation", "escalated_on", "deduction", "name")  # fmt: skip


def every(here: Here, units: set[int], today: date) -> pd.DataFrame:
    """Findings of the units, not those withdrawn: the ageing list's columns, NaN where a finding is closed."""
    with register().reading() as connection:
        standing = ageing.ageing(principal(), connection, today)
        rows = findings.findings(principal(), connection)
    rows = rows[(rows["state"] != WITHDRAWN) & rows["unit"].isin(units)]
    more = ["finding", "days_left", "overdue", "unwritten", "times", "days_open", "bucket"]
    return rows.merge(standing[more], on="finding", how="left")


def ageing_list(here: Here, rows: pd.DataFrame, units: set[int], today: date) -> None:
    """What is not closed yet (rows of ``every``), the most urgent first; what is, where it is asked for."""
    text, view = here.text, here.view
    with st.expander(text("supervision.issue_open")):
        issue_form(here, units, today)
    if rows.empty:
        st.info(text("supervision.no_findings"))
        return
    view.choose("which", SHOWN, SHOWN[0], "filter.show")
    kinds = ["all", *sorted(rows["kind"].unique())]
    view.choose("kind", kinds, "all", "supervision.finding_kind")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        selector(
            view,
            st.segmented_control,
            "which",
            SHOWN,
            lambda code: text(f"supervision.which_{code}"),
            text("filter.show"),
            required=True,
        )
        selector(
            view,
            st.selectbox,
            "kind",
            kinds,
            lambda code: (
                text("supervision.every_kind") if code == "all" else word("kind", code, here.language)
            ),
            text("supervision.finding_kind"),
            width=260,
        )
    shown = chosen(rows, view.values["which"])
    if view.values["kind"] != "all":
        shown = shown[shown["kind"] == view.values["kind"]]
    if shown.empty:
        st.success(text("supervision.none_such"))
        return
    pages = math.ceil(len(shown) / SIZE)
    page = min(wanted(), pages)
    board(finding_table(here, shown.iloc[(page - 1) * SIZE : page * SIZE]), key="findings")
    with st.container(horizontal=True, vertical_alignment="center"):
        pager("findings", pages, page)
        csv_button(
            here,
            text("supervision.take_findings"),
            f"{text('supervision.tab_findings')}_{today:%Y%m%d}",
            f"findings {view.values['unit']} {view.values['which']}",
            lambda: finding_frame(here, shown),
        )


def chosen(rows: pd.DataFrame, which: str) -> pd.DataFrame:
    """The findings that are asked for, the most urgent first, closed ones the newest first."""
    standing = rows["state"].isin(STANDING)
    if which in ("closed", "all"):
        return rows if which == "all" else rows[rows["state"] == CLOSED]
    if which == "overdue":
        standing &= rows["overdue"].eq(True)
    if which == "repeated":
        standing &= rows["times"] > 1
    return rows[standing].sort_values(["days_left", "finding"])


def finding_table(here: Here, rows: pd.DataFrame) -> str:
    """A row a finding; its number opens it."""
    text = here.text
    out = []
    for row in rows.itertuples():
        link = here.view.link("supervision", show="findings", finding=int(row.finding))
        again = "" if is_missing(row.times) or row.times < 2 else repeated_mark(here, int(row.times))
        kind = tag("div", span(word("kind", row.kind, here.language), css="strong"), " ", again)
        out.append(
            [
                anchor(link, esc(f"{int(row.finding)}")),
                tag("div", esc(here.name_of(int(row.unit))))
                + anchor(link, kind + span(row.what, "small muted")),
                time_words(here, row),
                state_mark(here, row.state),
                severity_mark(here, row.severity),
                esc(f"{row.due_on:%Y-%m-%d}"),
            ]
        )
    names = ("number", "problem", "time", "state", "severity", "due")
    marks = ["n", "w", "nowrap", "", "nowrap wide", "nowrap wide"]
    return table([esc(text(f"supervision.{name}")) for name in names], out, css="long", marks=marks)


def time_words(here: Here, row) -> str:
    """How long there is, or by how much it is overdue; of a closed one whether it was in time."""
    text = here.text
    if row.state == CLOSED:
        in_time = row.closed_on <= row.due_on
        word_key, css, shape = ("in_time", "at", "●") if in_time else ("too_late", "below", "▼")
        return span(f"{shape} {text(f'supervision.{word_key}')}", css=f"mark {css}")
    left = int(row.days_left)
    if left < 0:
        return span(f"▼ {text('supervision.overdue_by', n=-left)}", css="mark below strong")
    if left == 0:
        return span(f"◆ {text('supervision.due_today')}", css="mark course strong")
    return span(text("supervision.days_left", n=left), css="muted")


def state_mark(here: Here, state: str) -> str:
    """A finding's state by shape, word and colour."""
    shape, css = _STATES[state]
    return span(f"{shape} {word('state', state, here.language)}", css=f"mark {css}")


def severity_mark(here: Here, severity: str) -> str:
    """How bad it is, in a word."""
    return span(word("severity", severity, here.language), css=_SEVERITIES.get(severity, "muted"))


def repeated_mark(here: Here, times: int) -> str:
    """That a problem comes again."""
    return span(f"↻ {here.text('supervision.repeated_times', n=times)}", css="mark below small")


def finding_frame(here: Here, rows: pd.DataFrame) -> pd.DataFrame:
    """Findings as a table to take away."""
    text, language = here.text, here.language

    def days(column: str) -> list[str | None]:
        return [None if day is None or day != day else f"{day:%Y-%m-%d}" for day in rows[column]]

    columns = {
        "number": rows["finding"].tolist(),
        "code": [here.code_of(int(unit)) for unit in rows["unit"]],
        "unit": [here.name_of(int(unit)) for unit in rows["unit"]],
        "finding_kind": [word("kind", code, language) for code in rows["kind"]],
        "severity": [word("severity", code, language) for code in rows["severity"]],
        "what": rows["what"].tolist(),
        "demand": rows["demand"].tolist(),
        "state": [word("state", code, language) for code in rows["state"]],
        "issued_on": days("issued_on"),
        "due_on": days("due_on"),
        "left": rows["days_left"].astype("Int64").tolist(),
        "times": rows["times"].astype("Int64").tolist(),
        "measure": rows["measure"].tolist(),
        "effect": rows["effect"].tolist(),
        "recorded_on": days("recorded_on"),
        "closed_on": days("closed_on"),
    }
    return pd.DataFrame({text(f"supervision.{name}"): cells for name, cells in columns.items()})


# -- one finding -----------------------------------------------------------------------------------


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
        text("supervision.finding_of", n=number, unit=here.name_of(row["unit"]), kind=kind), anchor=False
    )
    board(_facts(here, row, standing), key="finding")
    evidence_list(here, "finding", str(number), kept)
    if row["state"] != WITHDRAWN:
        _notice_button(here, row, others)
    _actions(here, row, today)
    with st.expander(text("supervision.story"), expanded=True):
        board(_story_table(here, story), key="story")


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


def _story_table(here: Here, story: list[dict[str, Any]]) -> str:
    """Who did what when, and what it changed."""
    text = here.text
    out = [
        [
            tag("div", esc(f"{one['at']:%Y-%m-%d %H:%M}")) + span(one["by"], css="small muted"),
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
        new = after.get(name)
        if new is None or new == before.get(name):
            continue
        if name in groups:
            new = word(groups[name], new, here.language)
        if name == "deduction":
            new = text("supervision.yuan", n=yuan(int(new)))
        said.append(
            text("list.pair", name=text(f"supervision.{'file' if name == 'name' else name}"), value=new)
        )
    return text("list.semicolon").join(said)


# -- tables ----------------------------------------------------------------------------------------


def counts_table(here: Here, rows: pd.DataFrame, by: str) -> str:
    """A row each unit or kind: issued, repeated, in time, open, overdue, further steps."""
    text = here.text
    names = ["issued", "repeated", "written_share", "closed_share", "closed", "open", "overdue", "escalated"]
    out = []
    for row in rows.itertuples():
        name = (
            anchor(
                here.view.link("supervision", show="findings", unit=here.code_of(int(row.unit)), which="all"),
                esc(here.name_of(int(row.unit))),
            )
            if by == "unit"
            else esc(word("kind", row.kind, here.language))
        )
        out.append(
            [
                name,
                esc(row.issued),
                span(f"↻ {row.repeated}", css="below") if row.repeated else esc("0"),
                _share(here, row.written_share, row.written_in_time, row.to_write),
                _share(here, row.closed_share, row.closed_in_time, row.due),
                esc(row.closed),
                esc(row.open),
                span(f"▼ {row.overdue}", css="below strong") if row.overdue else esc("0"),
                esc(row.escalated),
            ]
        )
    head = [esc(text(f"supervision.{by}" if by == "unit" else "supervision.finding_kind"))]
    head += [esc(text(f"supervision.n_{name}")) for name in names]
    marks = ["u", "n", "n wide", "n wide", "n", "n wide", "n", "n", "n wide"]
    return table(head, out, css="tall", marks=marks)


def counts_frame(here: Here, rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """The same to take away, shares as numbers between 0 and 1."""
    text = here.text
    first = (
        [here.name_of(int(unit)) for unit in rows["unit"]]
        if by == "unit"
        else [word("kind", code, here.language) for code in rows["kind"]]
    )
    columns = {text("supervision.unit" if by == "unit" else "supervision.finding_kind"): first}
    columns |= {text(f"supervision.n_{name}"): rows[name].tolist() for name in ageing.COUNTS}
    return pd.DataFrame(columns)


def repeated_table(here: Here, rows: pd.DataFrame) -> str:
    """The same kind of problem at the same unit, again and again."""
    text = here.text
    out = [
        [
            esc(here.name_of(int(row.unit))),
            esc(word("kind", row.kind, here.language)),
            repeated_mark(here, int(row.times)),
            esc(f"{row.first_on:%Y-%m-%d} – {row.last_on:%Y-%m-%d}"),
            esc(row.open),
        ]
        for row in rows.itertuples()
    ]
    names = ("unit", "finding_kind", "times", "from_to", "n_open")
    marks = ["u", "w", "nowrap", "nowrap wide", "n"]
    return table([esc(text(f"supervision.{name}")) for name in names], out, css="tall", marks=marks)


def bucket_band(here: Here, rows: pd.DataFrame, today: date) -> str:
    """How old what is open is."""
    text = here.text
    counts = rows["bucket"].value_counts()
    parts = [span(text("supervision.ages"))]
    for bucket in buckets(today):
        name = bucket.zh if here.language == "zh" else bucket.en
        parts.append(tag("span", esc(name + " ") + tag("b", esc(int(counts.get(bucket.code, 0))))))
    return tag("div", *parts, css="band")


def _share(here: Here, share: float, n: float, of: float) -> str:
    if is_missing(share):
        return MISSING
    return esc(show(share, Unit.PERCENT, here.language)) + span(f" {int(n)}/{int(of)}", css="muted small")
