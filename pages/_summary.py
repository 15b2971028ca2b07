"""The overview in few lines: warnings with who acts by when, duties and checks as one line each."""

from __future__ import annotations

import pandas as pd

from metrics.card import Form
from metrics.units import count, show
from pages._html import anchor, esc, table, tag
from pages._mainly import chips, most_of
from pages._page import Here
from pages._words import days_words


def warning_list(here: Here, acting: pd.DataFrame, by_unit: pd.DataFrame) -> str:
    """A row a warning, the most urgent first: how many, who acts, within how long, where.

    ``by_unit``: rows of ``figures.matrix``; none for a unit that has no others below it, and then "where" is left out.
    """
    text, language = here.text, here.language
    head = [text(f"column.{name}") for name in ("warning", "now", "owner", "within", "where")]
    rows, where = [], most_of(by_unit, "value")
    for key in sorted(acting.index, key=lambda key: here.cards[key].alert.days):
        card = here.cards[key]
        now = show(acting.at[key, "value"], card.unit, language)
        rows.append(
            [
                anchor(here.view.link("indicator", ind=key), esc((card.alert.short or card.name)[language])),
                tag("span", esc(now), css="strong"),
                esc(card.alert.owner[language]),
                esc(days_words(card.alert.days, text)),
                chips(here, where.get(key, []), "value"),
            ]
        )
    note = tag("div", esc(text("overview.act_more")), css="muted small")
    marks = ["w", "n", "w wide", "n", "w wide"]
    if by_unit.empty:
        head, rows, marks = head[:-1], [row[:-1] for row in rows], marks[:-1]
    return table(head, rows, marks=marks) + note


def more_lines(here: Here, standing: pd.DataFrame) -> str:
    """Where the rest is: the scorecard, and duties and checks in one line each."""
    text = here.text
    lines = [anchor(here.view.link("scorecard"), esc(text("overview.all", n=_told(standing))))]
    duties, checks = (_of_form(here, standing, form) for form in (Form.DUTY, Form.CHECK))
    page = here.view.link("duties")
    if len(duties):
        words = {
            "done": count(duties["numerator"].sum()),
            "owed": count(duties["denominator"].sum()),
            "behind": int((duties["numerator"] < duties["denominator"]).sum()),
        }
        lines.append(anchor(page, esc(text("overview.duties", **words))))
    if len(checks):
        met, of = checks["numerator"].sum(), checks["denominator"].sum()
        words = {"n": len(checks), "met": count(met), "of": count(of)}
        lines.append(anchor(page, esc(text("overview.checks", **words))))
    return tag("div", *(tag("div", line) for line in lines), css="small muted lines")


def _told(standing: pd.DataFrame) -> int:
    return int(standing["value"].notna().sum())


def _of_form(here: Here, standing: pd.DataFrame, form: Form) -> pd.DataFrame:
    """The rows of cards of a form that have a figure."""
    chosen = [here.cards[key].form is form for key in standing.index]
    return standing[chosen][standing[chosen]["denominator"] > 0]
