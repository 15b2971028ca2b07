"""This week's visits as files: masked for whoever may export; with names and telephones for a purpose that is logged."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from exports.about import about, lines
from exports.download import Download
from exports.sheets import MEDIA
from exports.visit_list import HTML, VisitList, visits_html, visits_xlsx
from exports.watermark import watermark
from metrics.visiting.naming import names_of
from pages._carry import Line, Ready, take_away
from pages._page import Here
from pages._reveal import asked_why
from pages._store import one_generation
from pages._takeaway import file_button
from pages._todo_asked import Asked
from pages._who import asking, principal

KINDS = ("xlsx", "html")


def offer(here: Here, made: VisitList, asked: Asked) -> None:
    """The line of what can be taken away."""
    text, some = here.text, not made.plan.visits.empty
    words = {"xlsx": "Excel", "html": text("todo.phone_page")}
    files = [Ready(words[kind], _what(here, asked, kind), _file(here, made, asked, kind)) for kind in KINDS]
    take_away(
        here,
        [
            Line(
                text("todo.take"),
                text("todo.take_about"),
                tuple(files) if some else (),
                "" if some else text("todo.nobody"),
            )
        ],
    )


def offer_full(here: Here, made: VisitList, asked: Asked) -> None:
    """The same with whole names and telephones, once it is said what for."""
    text = here.text
    with st.popover(text("reveal.full"), key="full_list"):
        st.caption(text("todo.full_about"))
        told = asked_why(here, "full_list")
        if told is None:
            return
        with st.container(horizontal=True):
            for kind, words in (("xlsx", "Excel"), ("html", text("todo.phone_page"))):
                file = _file(here, made, asked, kind, told)
                file_button(text("carry.save", kind=words), f"{_what(here, asked, kind)} full", file)


def _file(here: Here, made: VisitList, asked: Asked, kind: str, reason: str | None = None) -> Download:
    """A file made when it is asked for. ``reason``: why whole names are needed; None: masked."""
    full, text = reason is not None, here.text
    persons = made.plan.visits["person"].tolist()
    where = text(f"visiting.{asked.where}")
    name = text("visiting.file", unit=here.name_of(here.unit), where=where, week=f"{asked.week:%Y-%m-%d}")
    ending = f"_{text('visiting.file_full')}" if full else ""
    noted = noted_of(here, asked, len(persons)) | ({"full": True, "reason": reason} if full else {})
    make = partial(_bytes, here, made, kind, persons, full)
    media = MEDIA if kind == "xlsx" else HTML
    return Download(f"{name}{ending}.{kind}", media, make, noted)


def _bytes(here: Here, made: VisitList, kind: str, persons: list[int], full: bool) -> bytes:
    """Names are read when the file is made: a page holds no whole ones."""
    who = asking()
    shown = "" if who.account is None else who.account.shown
    if full:
        with one_generation() as known:
            made = replace(made, names=names_of(known, who.principal, persons, full=True))
    origin = about(here.built, here.name_of(here.unit), None, who.principal.name)
    marks = watermark(who.principal, len(persons), full, shown=shown)
    notes = [*lines(origin, here.language), *marks]
    if kind == "xlsx":
        return visits_xlsx(made, notes, here.language)
    by = f"{shown or who.principal.name} {origin.at:%Y-%m-%d %H:%M}"
    return visits_html(made, notes, here.language, by)


def noted_of(here: Here, asked: Asked, n: int) -> dict[str, object]:
    """What the log tells of a list: every choice that makes it another one."""
    return {
        "unit": here.unit,
        "month": f"{asked.until:%Y-%m}",
        "week": f"{asked.week:%Y-%m-%d}",
        "where": here.text(f"visiting.{asked.where}"),
        "doctor": asked.doctor or "",
        "n": n,
    }


def _what(here: Here, asked: Asked, kind: str) -> str:
    """The file in the note of downloads; it names no person."""
    return f"visits {here.view.values['unit']} {asked.week:%Y-%m-%d} {asked.where} {kind}"


def may_take_full() -> bool:
    """Whether whole names may be taken away."""
    return principal().may("full_lists") and principal().may("export")
