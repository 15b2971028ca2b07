"""Units against indicators: the heat table, and what each unit must add this month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from metrics.judgement import missed
from metrics.small_numbers import HIDDEN
from metrics.units import MISSING, count, is_missing, number
from pages._html import anchor, esc, span, table, tag
from pages._mainly import chips, most_of
from pages._names import short_names
from pages._page import Here
from pages._words import SHAPES, due_words, hidden_note, missing_words, no_value, status_word, too_late


def behind_by_unit(here: Here, matrix: pd.DataFrame, keys: Sequence[str]) -> str:
    """A row a unit, the one behind on most indicators first; units without figures last."""
    text = here.text
    behind = matrix[matrix["judgement"] == "below"].groupby("unit").size()
    judged = matrix[matrix["judgement"] != "none"].groupby("unit").size()
    # A unit that serves none of these people is no news; one that delivered nothing is.
    told = matrix[matrix["value"].notna() | matrix["status"].isin(["none", "part", HIDDEN])]
    units = sorted(
        told["unit"].unique(), key=lambda u: (judged.get(u, 0) == 0, -behind.get(u, 0), here.code_of(u))
    )
    cells = {(row.unit, row.indicator): row for row in matrix.itertuples()}
    short = short_names(here.tree[here.tree["unit"].isin(units)]) if here.narrow else {}
    names = [
        anchor(here.view.link("indicator", ind=key), esc(here.cards[key].name[here.language])) for key in keys
    ]
    head = [text("column.unit"), text("column.behind", n=matrix["indicator"].nunique()), *names]
    rows = []
    for unit in units:
        named = anchor(
            here.view.link("scorecard", unit=here.code_of(unit)), esc(short.get(unit, here.name_of(unit)))
        )
        number_behind = str(behind.get(unit, 0)) if judged.get(unit, 0) else MISSING
        rows.append([named, number_behind, *(heat_cell(here, cells.get((unit, key)), key) for key in keys)])
    shown = table(head, rows, css="heat stack", marks=["u who", "c", *["c"] * len(keys)])
    return shown + hidden_note(matrix.loc[matrix["indicator"].isin(keys), "status"], text)


def heat_cell(here: Here, row, key: str) -> str:
    """A tint, a shape and a number; words where there is no figure."""
    named = {"data_head": here.cards[key].name[here.language]}
    if row is None or (is_missing(row.value) and row.status == "ok"):  # it is not about this unit
        return tag("td", span(MISSING, css="muted small"), css="c", **named)
    if is_missing(row.value):
        return tag("td", no_value(row.status, here.text), css="c", **named)
    shown = f"{SHAPES[row.judgement]} {number(row.value, here.cards[key].unit, beside=missed(row))}"
    if row.status == "part":
        shown = f"{number(row.value, here.cards[key].unit)} {here.text('status.part_short')}"
    link = here.view.link("indicator", ind=key, unit=here.code_of(row.unit))
    words = [status_word(row.status, here.text)]
    if row.status == "ok":
        words = [here.text(f"judgement.{row.judgement}"), due_words(row, here.cards[key], here.text)]
    title = here.text("list.then").join(filter(None, words))
    return tag("td", anchor(link, esc(shown), title=title), css=f"c {row.judgement}", **named)


def work_of_the_month(
    here: Here, behind: pd.DataFrame, matrix: pd.DataFrame, paces: Mapping[str, float]
) -> str:
    """For each indicator behind: how many a month until year end, the pace so far, and by whom.

    ``matrix``: empty for a unit that has no others below it, and then "by whom" is left out.
    """
    text = here.text
    head = [
        text("column.indicator"),
        text("column.missing"),
        text("column.left"),
        text("column.per_month"),
        text("column.pace"),
        text("column.mainly"),
    ]
    rows, most = [], most_of(matrix, "per_month")
    for row in behind.itertuples():
        key = row.Index
        if is_missing(row.per_month):
            continue
        card, pace = here.cards[key], paces.get(key, float("nan"))
        slow = not is_missing(pace) and pace < row.per_month
        left = esc(text("work.left", n=int(row.months_left)) if row.months_left else text("work.over"))
        if too_late(row):
            left += tag("div", esc(text("chance.gone")), css="small below")
        rows.append(
            [
                anchor(here.view.link("indicator", ind=key), esc(card.name[here.language])),
                missing_words(row.missing, card, text),
                left,
                tag("span", missing_words(row.per_month, card, text), css="strong"),
                MISSING
                if is_missing(pace)
                else span(f"{count(pace)} {'▼' if slow else '▲'}", css="below" if slow else "above"),
                chips(here, most.get(key, []), "per_month"),
            ]
        )
    marks = ["w who", "n", "n wide", "n", "n wide", "w"]
    if matrix.empty:
        head, rows, marks = head[:-1], [row[:-1] for row in rows], marks[:-1]
    return table(head, rows, css="stack", marks=marks)
