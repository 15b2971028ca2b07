"""What can be taken away from a page: one list at its head, a line a file, saying what it is and for whom.

What takes its time is made when asked for, with its progress, and saved then. Made files are kept for the visit, bound to
the state of the data, the register, the unit, the month and the language: when one of them changes they are gone, so that
nobody saves yesterday's file under today's view.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from exports.download import Download
from exports.fonts import NoFontError
from exports.papers import Desk, NoChartError, NoMapError, Paper, Progress
from metrics.appraisal.rounds import RoundError
from pages._errors import half
from pages._page import Here
from pages._store import installation, last_edit, one_generation, register
from pages._takeaway import file_button
from pages._text import typed
from pages._who import principal

_PREPARED, _ASKED = "prepared", "asked_to_make"
_WIDTH = 560  # pixels, where the screen has them
#: What a paper says of its progress in a word of ours; anything else it says is already in words.
_STEPS = ("figures", "ranking", "trends", "comparison", "map", "work", "content", "workbook", "done")


@dataclass(frozen=True)
class Ready:
    """A file that is there at once. ``kind``: what it is called on its button; ``what``: in the note of downloads."""

    kind: str
    what: str
    file: Download


@dataclass(frozen=True)
class Made:
    """A file that takes its time: ``make`` is given the desk and who is told of the progress."""

    kind: str
    what: str
    make: Callable[[Desk, Progress], Paper]


@dataclass(frozen=True)
class Line:
    """One line of the list. ``why_not``: why there is nothing to take, or what is lacking."""

    name: str
    about: str
    files: tuple[Ready | Made, ...] = ()
    why_not: str = ""


def take_away(here: Here, lines: Sequence[Line]) -> None:
    """The list at the head of the page; none for whoever may take nothing away."""
    if not principal().may("export"):
        return
    prepared, asked = _prepared(here), st.session_state.pop(_ASKED, None)
    with here.head, st.popover(here.text("carry.title"), key="carry"):  # noqa: SIM117
        with st.container(width=_WIDTH, gap="small"):
            places = [_line(here, line, prepared, asked) for line in lines]
    # Made once all lines stand there: a second file asked for meanwhile would break off the first.
    for line, place in zip(lines, places, strict=True):
        for file in line.files:
            if isinstance(file, Made) and file.what == asked:
                with place:
                    made = _make(here, file, line.name)
                if made is not None:
                    prepared[file.what] = made
                    st.rerun()  # the button that saves it now stands in the place of the one that made it


def _line(here: Here, line: Line, prepared: dict[str, Paper], asked: str | None) -> DeltaGenerator:
    """A line of the list; gives the place below it, where its files tell of their making."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{line.name}**  \n:small[:gray[{line.about}]]", width="stretch")
        with st.container(horizontal=True, width="content", gap="small"):
            for file in line.files:
                _button(here, file, prepared, asked)
    if line.why_not:
        st.caption(line.why_not)
    place = st.container(gap="xsmall")  # there for every line, so that the lines below keep their places
    with place:
        for file in line.files:
            if isinstance(file, Made) and file.what in prepared and file.what != asked:
                paper = prepared[file.what]
                kilobytes = max(1, round(len(paper.content) / 1024))
                st.caption(here.text("carry.made", name=typed(paper.name), kb=f"{kilobytes:,}"))
    return place


def _button(here: Here, file: Ready | Made, prepared: dict[str, Paper], asked: str | None) -> None:
    """The button of a file: saves what is there, makes what is not."""
    text, what = here.text, file.what
    if isinstance(file, Ready):
        file_button(text("carry.save", kind=file.kind), what, file.file)
    elif what in prepared:
        paper = prepared[what]
        ready = Download(paper.name, paper.media, lambda: paper.content)
        file_button(text("carry.save", kind=file.kind), what, ready, "primary")
    else:
        label = text("carry.making" if what == asked else "carry.make", kind=file.kind)
        st.button(label, key=f"make_{what}", on_click=_ask, args=(what,), disabled=asked is not None)


def _ask(what: str) -> None:
    st.session_state[_ASKED] = what


def _make(here: Here, file: Made, name: str) -> Paper | None:
    """The file, with its progress while it is made; None where it could not be, which is told."""
    text, bars = here.text, []

    def step(what: str, share: float) -> None:
        words = text(f"carry.step_{what}") if what in _STEPS else what
        if not bars:
            bars.append(st.progress(0.0))
        bars[0].progress(min(1.0, max(0.0, share)), words)

    try:
        with (
            st.spinner(text("carry.wait", name=name)),
            one_generation() as known,
            known.published() as published,
            register().reading() as reading,
        ):
            desk = Desk(
                principal=principal(),
                published=published,
                register=reading,
                unit=here.unit,
                month=here.month,
                language=here.language,
            )
            made = file.make(desk, step)
    except (NoFontError, NoChartError, NoMapError) as error:
        st.error(half(str(error), here.language))
        return None
    except RoundError as error:
        st.error(error[here.language])
        return None
    for bar in bars:
        bar.empty()
    return made


def _prepared(here: Here) -> dict[str, Paper]:
    """What was made in this view: its ``what`` -> the file. Everything else is forgotten."""
    who = principal()
    with one_generation() as known:
        view = (
            installation().id,
            known.generation,
            last_edit(),
            who.key(),
            here.language,
            here.unit,
            here.month,
            date.today(),
        )
    kept, papers = st.session_state.get(_PREPARED, (None, {}))
    if kept != view:
        papers = {}
        st.session_state[_PREPARED] = (view, papers)
    return papers
