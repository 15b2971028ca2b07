"""Forms: what no source system delivers is filled in here, and goes the way of every file."""

from __future__ import annotations

import streamlit as st

from data.intake import undoing
from data.intake.reading import SUFFIXES
from data.intake.templates import FORM_PREFIX, template
from data.messages import message
from exports.download import Download
from exports.words import who
from metrics import ledger
from metrics.filling_in import OF_OWN_WORK, may_fill_in
from pages import _job
from pages._form import Outcome, field, fields, item_rows, standards, submit, submit_file
from pages._log import noted
from pages._open import ask_records, has_records, layouts
from pages._page import Here, open_page
from pages._returns import XLSX
from pages._store import installation, store
from pages._takeaway import file_button
from pages._text import typed
from pages._upload import ended, under_way, watch
from pages._view import selector
from pages._who import principal

WHAT = (
    "activity",
    "document",
    "facility",
    "check_item",
    "sample",
    "incident",
    "inspection",
    "finding",
    "money",
    "staff",
    "training",
    "appraisal",
    "reported_count",
)
_OUTCOME, _TURN = "form_outcome", "form_turn"
_MOST = 20  # findings that the page tells; all stand on the data page


def form(here: Here, what: str) -> None:
    """The fields and the button; what is refused stays as it was filled in."""
    text, layout = here.text, layouts()[f"plain.{what}"]
    turn = f"{what}_{st.session_state.get(_TURN, 0)}"
    standard = None
    if what == "check_item":
        names = standards(here)
        here.view.choose("standard", list(names), next(iter(names)), "forms.standard")
        selector(here.view, st.selectbox, "standard", list(names), names.get, text("forms.standard"))
        standard = here.view.values["standard"]
    with st.form(f"form_{what}", border=True):
        st.markdown(f"**{text('forms.of', unit=typed(here.name_of(here.unit)))}**")
        if standard is None:
            row, columns = {}, st.columns(2)
            for place, column in enumerate(fields(layout)):
                with columns[place % 2]:
                    row[column.label] = field(here, column, f"{turn}_{column.labels[-1]}")
            rows = [row]
        else:
            rows = item_rows(here, layout, standard, f"{turn}_{standard}")
        st.caption(text("forms.required"))
        pressed = st.form_submit_button(text("forms.submit"), type="primary", disabled=under_way())
    if not pressed:
        return
    if not rows:
        st.warning(text("forms.no_items"))
        return
    _show(submit(here, layout, rows))


def upload(here: Here, what: str) -> None:
    """A template that was filled in: it goes the way of the form; anything else is not taken here."""
    text, turn = here.text, st.session_state.get(_TURN, 0)
    with st.expander(text("forms.upload")):
        types = sorted(suffix.lstrip(".") for suffix in SUFFIXES)
        file = st.file_uploader(text("forms.upload_file"), types, key=f"template_{what}_{turn}")
        pressed = st.button(
            text("forms.upload_button"), key="upload_template", disabled=file is None or under_way()
        )
        if file is None or not pressed:
            return
        outcome = submit_file(layouts()[f"plain.{what}"], file.name, file.getvalue())
        if outcome is None:
            name = layouts()[f"plain.{what}"].words[here.language]
            st.error(text("forms.other_file", what=name))
            return
    _show(outcome)


def _show(outcome: Outcome) -> None:
    """Draw the page anew with what became of it; figures are computed where something was taken in."""
    st.session_state[_OUTCOME] = outcome
    account = outcome.file.account
    if not outcome.file.rejected and outcome.file.problem is None:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1  # an empty form
    if account.new or account.replaced:
        _job.start(store(), installation(), None, 0, principal())
    st.rerun()


def told(here: Here, outcome: Outcome) -> None:
    """What became of what was filled in, with the reason for every field."""
    text, file = here.text, outcome.file
    account = file.account
    if file.problem is not None:
        st.error(text("list.then").join(message(file.problem, here.language)))
    if file.rejected:
        st.error(text("forms.refused", n=file.rejected))
    if account.new or account.replaced or account.waiting:
        counts = {"new": account.new, "replaced": account.replaced, "unchanged": account.unchanged}
        st.success(text("forms.taken", **counts) + text("forms.batch", n=outcome.batch))
    elif account.unchanged:
        st.info(text("forms.unchanged"))
    findings = [*outcome.refused, *outcome.doubtful]
    for finding in findings[:_MOST]:
        reason = text("list.then").join(message(finding.rule, here.language))
        show = st.error if finding in outcome.refused else st.warning
        where = _name(here, outcome, finding.column)
        if file.read > 1:
            where = text("forms.line", line=finding.line) + where
        show(text("forms.finding", field=typed(where), value=typed(finding.value or "—"), reason=reason))
    if len(findings) > _MOST:
        st.caption(text("forms.more", n=len(findings) - _MOST))


def _name(here: Here, outcome: Outcome, header: str | None) -> str:
    """A header in the page's language."""
    for column in layouts()[f"plain.{outcome.what}"].columns:
        if header in column.labels:
            return column.label if here.language == "zh" else column.labels[-1].replace("_", " ").capitalize()
    return header or here.text("forms.row")


def entries(here: Here) -> None:
    """The last entries by form, each with a button that takes it back."""
    text = here.text
    found = ask_records(ledger.entries, prefix=FORM_PREFIX) if has_records() else None
    st.subheader(text("forms.entries"), anchor=False)
    if found is None or found.empty:
        st.caption(text("forms.no_entries"))
        return
    names = {name: layout.words[here.language] for name, layout in layouts().items()}
    for row in found.drop_duplicates("batch").itertuples():
        undone = row.undone_by is not None and row.undone_by == row.undone_by
        said = text(
            "forms.entry",
            n=row.batch,
            at=f"{row.at:%Y-%m-%d %H:%M}",
            by=who(row.by, text),
            what=names.get(row.layout, row.layout),
            taken=row.new + row.replaced,
            refused=row.rejected,
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(said, width="stretch")
            if undone:
                st.caption(text("data.undone"))
            elif st.button(text("forms.undo"), key=f"undo_{row.batch}", disabled=under_way()):
                principal().require("import")
                about = {"did": "undo", "batch": int(row.batch), "layouts": [row.layout]}
                undoing.undo(
                    store(),
                    installation(),
                    about["batch"],
                    by=principal().name,
                    noted=lambda about=about: noted("undo", about),
                )
                st.session_state.pop(_OUTCOME, None)
                _job.start(store(), installation(), None, 0, principal())
                st.rerun()


here = open_page("forms.title", month=False)
view = here.view
offered = WHAT if principal().may("import") else [name for name in WHAT if name in OF_OWN_WORK]
view.choose("what", offered, offered[0], "filter.what")
what = view.values["what"]
st.caption(here.text("forms.about"))
with st.container(horizontal=True, vertical_alignment="bottom"):
    selector(
        view,
        st.selectbox,
        "what",
        offered,
        lambda name: layouts()[f"plain.{name}"].words[here.language],
        here.text("filter.what"),
        width=320,
    )
    chosen = layouts()[f"plain.{what}"]
    file_button(
        here.text("data.take_template"),
        f"template of {what}",
        Download(f"{chosen.words[here.language]}.xlsx", XLSX, lambda: template(chosen, here.language)),
        right="import",
    )
if here.is_demo:
    st.info(here.text("forms.demo"))
if under_way():
    watch(here.text)
else:
    ended(here)
if _OUTCOME in st.session_state:
    told(here, st.session_state[_OUTCOME])
if may_fill_in(principal(), what, here.unit):
    form(here, what)
else:
    st.info(here.text("forms.not_yours"))
if principal().may("import"):
    upload(here, what)
    entries(here)
