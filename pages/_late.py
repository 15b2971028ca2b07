"""Late entry and rewriting on the data page: by unit, what was done when, how headline figures moved, and the list of late rows."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from exports.words import who
from metrics import late_reading
from metrics.late import KINDS
from metrics.reading import children, within
from metrics.standards import value_in
from metrics.units import MISSING, count, is_missing, number, show
from pages._board import board
from pages._html import anchor, esc, span, table, tag
from pages._log import noted_once
from pages._method import method_line
from pages._month import code_of, month_name
from pages._open import ask
from pages._page import Here
from pages._pager import pager, wanted
from pages._store import one_generation
from pages._view import selector
from pages._who import principal

_MONTHS = 12
_SIZE = 20
_EVENTS = 30  # rows of the table of who rewrites
_LIST = ("no", "yes")  # the list is read from the records, and logged: once it is asked for


def show_late(here: Here) -> None:
    """The last twelve months up to the page's month."""
    text = here.text
    first, last = here.month - _MONTHS + 1, here.month
    entered = ask(late_reading.entered, first=first, last=last)
    rewritten = ask(late_reading.rewritten, first=first, last=last)
    st.subheader(text("late.title"), anchor=False)
    inside = within(here.tree, here.unit)
    mine = entered[entered["unit"].isin(inside)]
    if mine.empty:
        st.info(text("late.nothing"))
        return
    board(_said(here, mine) + _by_unit(here, entered, rewritten), key="late_units")
    if (mine["source"] != late_reading.ALL).any():
        with st.expander(text("late.by_kind")):
            board(_by_kind(here, mine), key="late_kinds")
    st.subheader(text("late.rewriting"), anchor=False)
    changes = rewritten[rewritten["unit"].isin(inside)]
    if changes.empty:
        told = mine["reported"].sum() > 0
        st.caption(text("late.no_rewriting" if told else "late.never_reported"))
    else:
        board(_changes(here, changes), key="rewriting")
    st.subheader(text("late.moved"), anchor=False)
    moved = ask(late_reading.moved, unit=here.unit)
    if moved.empty:
        st.caption(text("late.none_moved" if mine["reported"].sum() > 0 else "late.moved_unknown"))
    else:
        board(_moved(here, moved), key="moved")
    _list(here, inside, first, last)


def _said(here: Here, mine: pd.DataFrame) -> str:
    text, sums = here.text, mine[list(late_reading.COUNTS)].sum()
    parts = [
        text(
            "late.months", first=month_name(here.month - _MONTHS + 1, text), last=month_name(here.month, text)
        ),
        text(
            "late.rule",
            days=f"{value_in('late_entry_days', here.month):g}",
            report=f"{value_in('report_days', here.month):g}",
        ),
    ]
    told = text(
        "late.said",
        late=count(sums["late"]),
        dated=count(sums["dated"]),
        share=_share(sums["late"], sums["dated"]),
    )
    return tag("div", tag("div", tag("b", esc(told))), tag("div", esc("".join(parts)), css="small muted"))


def _share(part: float, whole: float) -> str:
    return MISSING if not whole else f"{part / whole:.1%}"


def _by_unit(here: Here, entered: pd.DataFrame, rewritten: pd.DataFrame) -> str:
    """The units below, each with all under it, the latest first; then the unit's own rows, and all together."""
    text = here.text
    below = [(one, within(here.tree, one)) for one in children(here.tree, here.unit)]
    rows = [(here.name_of(one), units, one) for one, units in below]
    rows.append((text("late.own") if below else here.name_of(here.unit), [here.unit], None))
    whole = (text("late.all"), within(here.tree, here.unit), None)
    made = []
    for name, units, link in [*rows, *([whole] if below else [])]:
        sums = entered[entered["unit"].isin(units)][list(late_reading.COUNTS)].sum()
        if not sums["n"]:
            continue
        kinds = rewritten[rewritten["unit"].isin(units)].groupby("kind")["n"].sum()
        rate = sums["late"] / sums["dated"] if sums["dated"] else math.nan
        made.append((name == whole[0], rate, name, link, sums, kinds))
    made.sort(key=lambda row: (row[0], -row[1] if not math.isnan(row[1]) else 1))
    cells = [_unit_row(here, *row) for row in made]
    head = [
        text("column.unit"),
        *(
            text(f"late.column_{name}")
            for name in ("n", "dated", "late", "share", "after_report", "added", *KINDS[:2], KINDS[3])
        ),
    ]
    note = tag("div", esc(text("late.note")), css="small muted")
    marks = ["nowrap", "n", "n", "n", "bars", "n", "n", "n", "n", "n"]
    return (
        table(head, cells, css="tall stack", marks=marks)
        + note
        + method_line(here, text("late.method"), "past")
    )


def _unit_row(here: Here, is_whole, rate, name, link, sums, kinds) -> list[str]:
    shown = esc(name)
    if link is not None:
        shown = anchor(here.view.link("data", part="late", unit=here.code_of(link)), shown)
    elif is_whole:
        shown = span(name, css="strong")
    bar = "" if math.isnan(rate) else tag("i", style=f"width:{rate * 100:.1f}%")
    # Where no month was known by its report day nothing can have been rewritten: that is no 0.
    reported = sums["reported"] > 0
    changed = [
        count(kinds.get(kind, 0)) if reported or kinds.get(kind, 0) else MISSING
        for kind in KINDS[:2] + KINDS[3:]
    ]
    return [
        shown,
        count(sums["n"]),
        count(sums["dated"]),
        f"{count(sums['late'])} ({_share(sums['late'], sums['dated'])})" if sums["dated"] else MISSING,
        tag("span", bar, css="bar"),
        count(sums["after_report"]) if sums["dated"] else MISSING,
        count(sums["added"]) if reported else MISSING,
        *changed,
    ]


def _by_kind(here: Here, mine: pd.DataFrame) -> str:
    text = here.text
    known = mine[mine["source"] != late_reading.ALL]
    sums = known.groupby("source")[list(late_reading.COUNTS)].sum().sort_values("late", ascending=False)
    rows = []
    for source, row in sums.iterrows():
        dated = row["dated"] > 0
        rows.append(
            [
                esc(text(f"source.{source}")),
                count(row["n"]),
                count(row["dated"]),
                count(row["late"]) if dated else text("late.not_dated"),
                _share(row["late"], row["dated"]),
                count(row["after_report"]) if dated else MISSING,
                count(row["added"]) if row["reported"] else MISSING,
            ]
        )
    head = [
        text("late.column_kind"),
        *(text(f"late.column_{name}") for name in ("n", "dated", "late", "share", "after_report", "added")),
    ]
    return table(head, rows, css="tall", marks=["nowrap", "n", "n", "n", "n", "n", "n"])


def _changes(here: Here, changes: pd.DataFrame) -> str:
    """An event, unit and kind of record a row, the newest first."""
    text = here.text
    rows = []
    by = changes.groupby(["event", "on", "by", "unit", "source"], sort=False)
    for (_, on, name, unit, source), some in list(by)[:_EVENTS]:
        kinds = some.groupby("kind")["n"].sum()
        said = [text(f"late.kind_{kind}", n=count(kinds[kind])) for kind in KINDS if kinds.get(kind, 0)]
        months = code_of(int(some["first"].min())), code_of(int(some["last"].max()))
        rows.append(
            [
                f"{on:%Y-%m-%d}",
                esc(who(name, text)),
                esc(here.name_of(int(unit))),
                esc(text(f"source.{source}") if source else text("late.all_kinds")),
                months[0] if months[0] == months[1] else f"{months[0]} – {months[1]}",
                esc(text("list.comma").join(said)),
            ]
        )
    head = [text(f"late.column_{name}") for name in ("on", "by", "where", "kind", "months", "what")]
    note = text("late.cut", n=_EVENTS) if len(by) > _EVENTS else ""
    return table(head, rows, css="tall stack", marks=["nowrap", "", "", "nowrap", "nowrap", "w"]) + (
        tag("div", esc(note), css="small muted") if note else ""
    )


def _moved(here: Here, moved: pd.DataFrame) -> str:
    text = here.text
    rows = []
    for row in moved.itertuples():
        card = here.cards.get(row.indicator)
        if card is None:  # of an older version of the program
            continue
        values = [show(value, card.unit, here.language) for value in (row.value_before, row.value_after)]
        apart = row.value_after - row.value_before
        link = here.view.link("indicator", ind=card.key, month=code_of(row.month), why="then")
        rows.append(
            [
                f"{row.built_at:%Y-%m-%d}",
                anchor(link, esc(card.name[here.language])),
                code_of(row.month),
                esc(values[0]),
                esc(values[1]),
                MISSING if is_missing(apart) else esc(number(apart, card.unit, signed=True)),
                esc(text("late.redefined")) if row.redefined else "",
            ]
        )
    head = [
        text(f"late.column_{name}")
        for name in ("built", "indicator", "month", "before", "after", "apart", "beside")
    ]
    return table(head, rows, css="tall stack", marks=["nowrap", "w", "nowrap", "n", "n", "n", ""])


def _list(here: Here, inside: list[int], first: int, last: int) -> None:
    """The rows that were entered late, one page at a time, for whoever may see these people."""
    text = here.text
    if not late_reading.may_list(principal(), inside):
        return
    st.subheader(text("late.list"), anchor=False)
    here.view.choose("rows", _LIST, _LIST[0], "filter.rows")
    selector(
        here.view,
        st.segmented_control,
        "rows",
        _LIST,
        lambda name: text(f"late.list_{name}"),
        text("filter.rows"),
        label_visibility="collapsed",
        required=True,
    )
    if here.view.values["rows"] == _LIST[0]:
        return
    page = wanted()
    with one_generation() as known:
        found = late_reading.late_page(known, principal(), here.unit, first, last, page, _SIZE)
        pages = math.ceil(found.total / _SIZE)
        if page > pages > 0:
            page = pages
            found = late_reading.late_page(known, principal(), here.unit, first, last, page, _SIZE)
    if not found.total:
        st.success(text("late.list_empty"))
        return
    about = {"unit": here.unit, "month": here.view.values["month"], "n": found.total}
    noted_once("persons", {"list": "late", **about, "page": page})
    st.caption(text("late.list_total", n=count(found.total)))
    if found.unread:
        st.warning(text(f"gap.unread_{found.unread}"))
    rows = [
        [
            esc(row.name_masked or MISSING),
            esc(here.name_of(int(row.unit))),
            esc(text(f"source.{row.source}")),
            f"{row.day:%Y-%m-%d}",
            f"{row.entered_on:%Y-%m-%d}",
            count(row.days),
        ]
        for row in found.rows.itertuples()
    ]
    head = [text(f"late.column_{name}") for name in ("name", "where", "kind", "day", "entered_on", "days")]
    board(table(head, rows, css="stack", marks=["nowrap", "", "nowrap", "n", "n", "n"]), key="late_rows")
    pager("late", pages, page)
