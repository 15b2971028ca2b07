"""The rows behind a measure of data quality: each with where it came from, what is wrong with it, what would be right, and what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from data.intake.layouts import LayoutError
from metrics.card import Card
from metrics.cards.quality_rows import ROWS
from metrics.faults import ABSENT, NEVER, Fault, FaultPage, FaultyRow, Place, Twin, fault_page
from metrics.ledger import masked
from metrics.revealing import OfList, Revealed
from metrics.standards import value_in
from metrics.units import MISSING, count
from pages._board import board
from pages._html import esc, span, table, tag
from pages._labels import code_words
from pages._log import noted_once
from pages._method import method_line
from pages._open import layouts
from pages._page import Here
from pages._pager import pager, wanted
from pages._quality import system_name
from pages._reveal import reveal_one, shown_of, shown_words
from pages._store import one_generation
from pages._takeaway import csv_button
from pages._who import principal

_SIZE = 20
_MOST = 20_000  # rows of a download
_LIMITS = ("sbp", "dbp", "fpg")


def fault_list(here: Here, card: Card, now: pd.Series) -> None:
    """What is wrong how often, then the rows, one page of them; each look at them is in the log."""
    text, who = here.text, principal()
    if here.unit not in who.persons or not who.in_charge_of(card.system):
        st.caption(text("gap.not_allowed"))
        return
    if now["status"] == "none":
        st.caption(text("gap.not_delivered"))
        return
    page = wanted()
    found = _read(here, card, page, _SIZE)
    pages = math.ceil(found.total / _SIZE)
    if page > pages > 0:
        page = pages
        found = _read(here, card, page, _SIZE)
    if found.total == 0:
        st.success(text("quality.no_faults"))
        return
    month = here.view.values["month"]
    about = {"list": "faults", "card": card.key, "unit": here.unit, "month": month, "n": found.total}
    noted_once("persons", {**about, "page": page})
    board(
        method_line(here, text("quality.method"), "quality") + items_table(here, card, found),
        key="fault_items",
    )
    st.caption(text("quality.rows_total", n=count(found.total)) + text("gap.masked"))
    if found.unread:
        st.warning(text(f"gap.unread_{found.unread}"))
    of = OfList(card.key, here.unit, here.month, str(card.bases[0]))
    board(rows_table(here, card, found.rows, shown_of(of)), key="fault_rows")
    n = min(found.total, _MOST)
    cut = found.total > _MOST
    with st.container(horizontal=True, vertical_alignment="center"):
        pager("faults", pages, page)
        csv_button(
            here,
            text("quality.rows_take"),
            f"{card.name[here.language]}_{text('quality.rows_file')}_{month}"
            + (f"_{text('download.cut', n=_MOST)}" if cut else ""),
            f"faults {card.key} {here.view.values['unit']} {month}",
            lambda: rows_frame(here, card, _read(here, card, 1, _MOST).rows),
            [text("gap.cut_note", n=count(_MOST), total=count(found.total))] if cut else [],
            {**about, "n": n},
            persons=n,
        )
        if who.may("reveal"):
            reveal_one(here, lambda _: of, _choices(found.rows))


def _read(here: Here, card: Card, page: int, size: int) -> FaultPage:
    """Read from the records each time: lists of people are not kept in a cache."""
    with one_generation() as known:
        return fault_page(
            known,
            principal(),
            card.key,
            here.unit,
            here.month,
            str(card.bases[0]),
            page,
            size,
            layouts(),
        )


def _choices(rows: list[FaultyRow]) -> dict[int, str]:
    return {row.person: f"{row.name_masked or MISSING} · {_day(row.day)}" for row in rows}


# -- what is wrong how often ---------------------------------------------------------------------------


def items_table(here: Here, card: Card, found: FaultPage) -> str:
    """Each thing that is asked, by kind of file: how many rows lack it, and who can mend that."""
    text = here.text
    head = [text(f"quality.{name}") for name in ("item", "kind", "asked", "faults", "mend")]
    remedies = {check.key: check.remedy for rows in ROWS[card.key] for check in rows.checks}
    cells = []
    for row in found.items[found.items["faults"] > 0].itertuples():
        words = span(_remedy(here, remedies[row.check], row.cause, row.layout))
        if row.cause in (ABSENT, NEVER):
            words = tag("b", esc(text(f"quality.cause_{row.cause}", n=count(row.asked)))) + tag("div", words)
        cells.append(
            [
                esc(text(f"quality.fault.{row.check}")),
                esc(kind_name(here, row.layout)),
                count(row.asked),
                count(row.faults),
                words,
            ]
        )
    return table([esc(one) for one in head], cells, css="stack", marks=["w", "w", "n", "n", "w"])


def kind_name(here: Here, layout: str) -> str:
    """A kind of file: its source system, and what it holds."""
    system = system_name(here, layout.partition(".")[0])
    known = layouts().get(layout)
    return system if known is None else f"{system} · {known.words[here.language]}"


def _remedy(here: Here, remedy: str, cause: str, layout: str) -> str:
    if cause in (ABSENT, NEVER):
        return here.text("quality.do.vendor", system=system_name(here, layout.partition(".")[0]))
    return here.text(f"quality.do.{remedy}")


# -- the rows ------------------------------------------------------------------------------------------

_MARKS = {"person": "nowrap", "day": "nowrap", "wrong": "w", "right": "w", "from": "w"}


def rows_table(here: Here, card: Card, rows: list[FaultyRow], shown: Mapping[int, Revealed]) -> str:
    """A row each: who, when and where; what is wrong, with the value in the store; what would be right; where it came from."""
    head = [esc(here.text(f"quality.row_{name}")) for name in _MARKS]
    cells = []
    for row in rows:
        person = (
            shown_words(here, shown[row.person]) if row.person in shown else esc(row.name_masked or MISSING)
        )
        unit = "" if row.place.unit is None else here.name_of(row.place.unit)
        wrong, right = zip(
            *((_wrong(here, row, one), _right(here, one, row.day)) for one in row.faults), strict=True
        )
        wrong = [*wrong, *_others(here, row)]
        cells.append(
            [
                person,
                tag("div", esc(_day(row.day))) + tag("div", esc(unit), css="muted small"),
                "".join(tag("div", esc(one)) for one in wrong),
                "".join(tag("div", esc(one)) for one in dict.fromkeys(right)),
                tag("div", esc(kind_name(here, row.layout)), css="small") + _came_from(here, row),
            ]
        )
    return table(head, cells, css="stack", marks=list(_MARKS.values()))


def _came_from(here: Here, row: FaultyRow) -> str:
    lines = [place_words(here, row.place)]
    if row.number is not None:
        lines.append(here.text("quality.own_number", number=masked(str(row.number))))
    return "".join(tag("div", esc(line), css="muted small") for line in lines)


def place_words(here: Here, place: Place) -> str:
    """File, sheet and line; "—" where the file is not known, or not to be seen."""
    if not place.file:
        return MISSING
    name = f"{place.file} · {place.sheet}" if place.sheet else place.file
    return here.text("quality.place", file=name, line=count(place.line))


def _others(here: Here, row: FaultyRow) -> list[str]:
    """The rows that say the same, and who its person may be the same as."""
    return [*(_copy(here, one) for one in row.copies), *(_twin(here, one) for one in row.twins)]


def _copy(here: Here, copy: Place) -> str:
    if copy.unit is None:
        return here.text("quality.copy_elsewhere")
    return here.text("quality.copy", unit=here.name_of(copy.unit), place=place_words(here, copy))


def _twin(here: Here, twin: Twin) -> str:
    if twin.person is None:
        return here.text("quality.twin_elsewhere")
    unit = MISSING if twin.place.unit is None else here.name_of(twin.place.unit)
    name, place = twin.name_masked or MISSING, place_words(here, twin.place)
    return here.text("quality.twin", name=name, born=_day(twin.born_on), unit=unit, place=place)


def _day(day: date | None) -> str:
    return MISSING if day is None else f"{day:%Y-%m-%d}"


def _wrong(here: Here, row: FaultyRow, fault: Fault) -> str:
    """The thing and what the store holds of it."""
    text = here.text
    name = text(f"quality.fault.{fault.check.key}")
    if all(value is None for _, value in fault.values):
        return text("quality.lacks", name=name)
    held = [MISSING if value is None else _held(here, row, column, value) for column, value in fault.values]
    between = "/" if [column for column, _ in fault.values] == ["sbp", "dbp"] else text("list.comma")
    return text("quality.holds", name=name, values=between.join(held))


def _held(here: Here, row: FaultyRow, column: str, value: object) -> str:
    if column == "born_on" and row.twins:
        return here.text("quality.born", day=_day(value))
    if column == "sex" and value in (1, 2):
        return here.text(f"sex.{value}")
    if isinstance(value, bool):
        return here.text("quality.form_lacking")
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, str):
        layout = layouts().get(f"plain.{row.table}")
        try:
            return code_words(layout.column(column) if layout else None, value, here.language)
        except LayoutError:
            return value
    return f"{value:g}"


def _right(here: Here, fault: Fault, day: date | None) -> str:
    month = here.month if day is None else day.year * 12 + day.month - 1
    keys = ("dq_entry_days", "dq_mother_youngest", "dq_mother_oldest", "dq_oldest")
    values = {name: f"{value_in(name, month):g}" for name in keys}
    values |= {
        f"{of}_{end}": f"{value_in(f'{of}_{end}', month):g}" for of in _LIMITS for end in ("low", "high")
    }
    return here.text(f"quality.right.{fault.check.key}", **values)


def rows_frame(here: Here, card: Card, rows: list[FaultyRow]) -> pd.DataFrame:
    """The same as a file: a line each, with what to do."""
    text = here.text
    columns = (
        "person",
        "table_kind",
        "day",
        "unit",
        "system",
        "file",
        "sheet",
        "line",
        "wrong",
        "right",
        "mend",
    )
    lines = []
    for row in rows:
        unit = "" if row.place.unit is None else here.name_of(row.place.unit)
        wrong = [*(_wrong(here, row, one) for one in row.faults), *_others(here, row)]
        right = dict.fromkeys(_right(here, one, row.day) for one in row.faults)
        mend = dict.fromkeys(_remedy(here, one.check.remedy, one.cause, row.layout) for one in row.faults)
        joined = [text("list.semicolon").join(part) for part in (wrong, right, mend)]
        known = layouts().get(row.layout)
        lines.append(
            [
                row.name_masked or "",
                "" if known is None else known.words[here.language],
                "" if row.day is None else _day(row.day),
                unit,
                system_name(here, row.layout.partition(".")[0]),
                row.place.file,
                row.place.sheet,
                row.place.line if row.place.file else None,
                *joined,
            ]
        )
    return pd.DataFrame(lines, columns=[text(f"quality.row_{name}") for name in columns])
