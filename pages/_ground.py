"""The bureau's geometry folder: what it holds, what is doubtful in it and about units' points, and how to make files."""

from __future__ import annotations

import math
from pathlib import Path

import streamlit as st

from data.geometry.findings import REJECT, Finding
from data.geometry.folder import FOLDER
from data.geometry.layout import LayerSpec, ground_layout
from data.messages import message
from metrics import ledger
from metrics.coverage.ground_report import GroundReport, Stamp, Standing, ground_report, stamp, standing
from metrics.units import MISSING, count
from pages import _job
from pages._board import board
from pages._commands import commands
from pages._html import esc, given, span, table, tag
from pages._open import ask_records, has_records
from pages._page import Here
from pages._pager import pager, wanted
from pages._store import installation, store
from pages._upload import ended, under_way, watch
from pages._view import selector
from pages._who import principal

_SIZE = 50
_LISTS = ("files", "units")
_COLOURS = {"reject": "below", "flag": "muted"}


def show_ground(here: Here) -> None:
    """The files, what was found, and how files are made; what to do where there are none."""
    text = here.text
    folder = installation().folder / FOLDER
    report = _reported(here, folder)
    if report.accounts:
        board(account_list(here, report), key="ground_files")
    else:
        st.info(text("ground.none"))
    _findings(here, report)
    if report.accounts:
        _follow(here)
    with st.expander(text("ground.how"), expanded=not report.accounts):
        st.markdown(text("ground.where"))
        st.code(str(folder), language=None)
        board(file_names(here), key="ground_names")
        st.caption(text("ground.docs"))
    commands(here, "python3 manage.py ground")


def _reported(here: Here, folder: Path) -> GroundReport:
    """The report, read anew where a file or the records have changed."""
    known = has_records()
    event = ask_records(ledger.last_event) if known else None
    where = ask_records(standing) if known else Standing()
    with st.spinner(here.text("ground.reading")):
        return _read(str(folder), stamp(folder), event, where)


# Large files take seconds: never at each rerun. What cannot be hashed follows from the event.
@st.cache_data(max_entries=4, show_spinner=False)
def _read(folder: str, files: Stamp, event: int | None, _standing: Standing) -> GroundReport:
    return ground_report(Path(folder), _standing)


def _follow(here: Here) -> None:
    """How the map follows the files."""
    text = here.text
    if under_way():
        watch(text)
        return
    ended(here)
    st.caption(text("ground.follow"))
    if here.is_demo:
        commands(here, "python3 manage.py build")
    if not here.is_demo and has_records() and st.button(text("data.compute")):
        principal().require("import")
        _job.start(store(), installation(), None, 0, principal())
        st.rerun()


def account_list(here: Here, report: GroundReport) -> str:
    """Each file: what it is, and features = used + with a remark + not used."""
    text = here.text
    head = [text(f"ground.{name}") for name in ("layer", "file", "features", "used", "remarked", "refused")]
    rows = []
    for one in report.accounts:
        layer = esc(_specs()[one.layer].words[here.language]) if one.layer else MISSING
        refused = count(one.refused)
        lost = one.refused or not one.layer or not one.features
        rows.append(
            [
                layer,
                esc(one.file),
                count(one.features),
                count(one.used),
                count(one.remarked),
                span(refused, css="below") if lost else refused,
            ]
        )
    note = tag("div", esc(text("ground.sum")), css="muted small")
    return table(head, rows, css="stack", marks=["nowrap", "w", "n", "n", "n", "n"]) + note


def file_names(here: Here) -> str:
    """What files may be called, their shape, and what they are for."""
    text = here.text
    head = [text(f"ground.{name}") for name in ("layer", "name", "shape", "use")]
    rows = []
    for name, spec in _specs().items():
        suffix = ".geojson" if spec.shape else ".csv"
        names = text("list.comma").join(f"{file}{suffix}" for file in spec.files)
        shape = text(f"ground.shapes.{spec.shape or 'table'}")
        rows.append(
            [esc(spec.words[here.language]), esc(names), esc(shape), esc(text(f"ground.uses.{name}"))]
        )
    return table(head, rows, css="stack", marks=["nowrap", "w", "nowrap", "w"])


def _findings(here: Here, report: GroundReport) -> None:
    """What was found in files or about units, one page of it."""
    text, view = here.text, here.view
    st.subheader(text("ground.findings"), anchor=False)
    worst_first = sorted(report.files, key=lambda one: one.severity != REJECT)
    found = {"files": worst_first, "units": report.units}
    if not any(found.values()):
        st.success(text("ground.fine", n=count(report.units_known)))
        return
    first = next(name for name in _LISTS if found[name])
    view.choose("about", _LISTS, first, "filter.about")
    numbers = {"files": len(report.files), "units": len({one.code for one in report.units})}
    selector(
        view,
        st.segmented_control,
        "about",
        _LISTS,
        lambda name: text(f"ground.about.{name}", n=count(numbers[name]), of=count(report.units_known)),
        text("filter.about"),
        label_visibility="collapsed",
        required=True,
    )
    listed = found[view.values["about"]]
    if not listed:
        st.success(text(f"ground.clean.{view.values['about']}"))
        return
    pages = math.ceil(len(listed) / _SIZE)
    page = min(wanted(), pages)
    shown = listed[(page - 1) * _SIZE : page * _SIZE]
    board(finding_list(here, shown, view.values["about"] == "units"), key="ground_findings")
    pager("ground", pages, page)


def finding_list(here: Here, findings: list[Finding], of_units: bool = False) -> str:
    """Each finding: where it stands, what it is about, the value, what is wrong and what to do."""
    text = here.text
    if of_units:
        head = [text("column.unit"), text("ground.value"), text("ground.wrong"), text("ground.do")]
        rows = [[_title(one), _value(here, one), *_words(here, one)] for one in findings]
        return table(head, rows, css="tall stack", marks=["w", "v", "w", "w"])
    names = ("outcome", "file", "feature", "title", "value", "wrong", "do")
    rows = [
        [
            span(text(f"ground.outcomes.{one.severity}"), css=_COLOURS[one.severity]),
            given(one.file) or MISSING,
            _feature(here, one),
            _title(one),
            _value(here, one),
            *_words(here, one),
        ]
        for one in findings
    ]
    return table(
        [text(f"ground.{name}") for name in names],
        rows,
        css="tall stack",
        marks=["nowrap", "w", "n", "w", "v", "w", "w"],
    )


def _feature(here: Here, one: Finding) -> str:
    """The number of a feature in its file; of many together, how many."""
    if one.feature is not None:
        return count(one.feature)
    return esc(here.text("ground.times", n=count(one.count))) if one.count > 1 else MISSING


def _title(one: Finding) -> str:
    name, code = given(one.name), given(one.code)
    if name and code and name != code:
        return name + " " + tag("span", code, css="muted")
    return name or code or MISSING


def _value(here: Here, one: Finding) -> str:
    """The property and what stands in it."""
    name, value = given(one.field), given(one.value)
    return here.text("list.pair", name=name, value=value) if name and value else name or value or MISSING


def _words(here: Here, one: Finding) -> list[str]:
    return [esc(words) for words in message(one.rule, here.language)]


def _specs() -> dict[str, LayerSpec]:
    layout = ground_layout()
    return {**layout.layers, **layout.tables}
