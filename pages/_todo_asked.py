"""What the page of this week's visits is asked for, as its address says it, and the plan that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from exports.about import about, day_of
from metrics.heading.reaching import last_day
from metrics.visiting.closings import HOME, WHERE
from metrics.visiting.days import first_week, working_days
from metrics.visiting.owing import Lists, as_of, lists
from metrics.visiting.plan import capacity_of
from pages._page import Here
from pages._store import installation, one_generation
from pages._view import selector
from pages._who import principal

_KEPT = "visit_lists"  # of the visit's memory: the lists read last, of whom nobody is named
_MOST = 500  # visits of a week
_WEEKS = 4
EVERY = "all"


@dataclass(frozen=True)
class Asked:
    """where: of WHERE; visits: how many a week has; days: the week's working days; doctor: None for everybody's."""

    where: str
    visits: int
    week: date
    days: tuple[date, ...]
    doctor: str | None
    until: date  # services are known up to this day


def read(here: Here) -> Lists:
    """The unit's lists, read from the records once a visit and state of the data; they name nobody."""
    who = principal()
    with one_generation() as known:
        key = (installation().id, known.generation, who.key(), who.name, here.unit)
        kept = st.session_state.get(_KEPT)
        if kept is None or kept[0] != key:
            bar = st.progress(0.0, here.text("todo.reading"))
            found = lists(
                known, who, here.unit, progress=lambda share: bar.progress(share, here.text("todo.reading"))
            )
            bar.empty()
            kept = st.session_state[_KEPT] = (key, found)
    return kept[1]


def asked(here: Here, found: Lists) -> Asked:
    """The controls, and what they say."""
    text, view = here.text, here.view
    until = here.built.data_until or as_of(found)
    after = day_over(here)
    weeks = {f"{monday:%Y-%m-%d}": monday for monday in _weeks(after)}
    view.choose("where", WHERE, HOME, "todo.where")
    view.choose("week", list(weeks), next(iter(weeks)), "todo.week")
    where = view.values["where"]
    view.choose(
        "n", [str(n) for n in range(_MOST + 1)], str(capacity_of(where, found.month)), f"todo.visits_{where}"
    )
    doctors = [EVERY, *found.doctors]
    view.choose("doctor", doctors, EVERY, "todo.doctor")
    with st.container(horizontal=True, vertical_alignment="bottom", key="which"):
        selector(
            view,
            st.segmented_control,
            "where",
            WHERE,
            lambda code: text(f"visiting.{code}"),
            text("todo.where"),
            drops=("n",),
            required=True,
        )
        selector(
            view,
            st.selectbox,
            "week",
            list(weeks),
            lambda code: _week_words(here, working_days(weeks[code], after)),
            text("todo.week"),
            width=190,
        )
        _number(here, where)
        selector(
            view,
            st.selectbox,
            "doctor",
            doctors,
            lambda code: text("todo.every_doctor") if code == EVERY else code,
            text("todo.doctor"),
            width=150,
            disabled=not found.doctors,
            help=None if found.doctors else text("todo.no_doctor"),
        )
    if here.is_demo:  # its data end long ago: the week is theirs
        st.caption(text("todo.week_of_data", day=until))
    week, doctor = weeks[view.values["week"]], view.values["doctor"]
    return Asked(
        where,
        int(view.values["n"]),
        week,
        tuple(working_days(week, after)),
        None if doctor == EVERY else doctor,
        until,
    )


def day_over(here: Here) -> date:
    """The last day that is over: of the data, or yesterday; a demo's data end long ago, and its week is theirs."""
    until = here.built.data_until or last_day(here.built.last_month)
    return max(until, day_of(about(here.built, "", None, principal().name)) - timedelta(days=1))


def _weeks(after: date) -> list[date]:
    """Mondays of the weeks to come that have a working day."""
    found, day = [], after
    while len(found) < _WEEKS:
        found.append(first_week(day))
        day = found[-1] + timedelta(days=6)
    return found


def _week_words(here: Here, days: Sequence[date]) -> str:
    return here.text("todo.week_of", first=f"{days[0]:%m-%d}", last=f"{days[-1]:%m-%d}")


def _number(here: Here, where: str) -> None:
    """How many visits the week has: a number of the address like all else."""
    key = "filter_n"
    st.session_state[key] = int(here.view.values["n"])

    def write() -> None:
        st.query_params["n"] = str(st.session_state[key])

    st.number_input(here.text(f"todo.visits_{where}"), 0, _MOST, step=5, key=key, on_change=write, width=130)
