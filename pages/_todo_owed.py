"""The units of a bureau beside each other: what each has to make good by visits, and until when. Published figures alone."""

from __future__ import annotations

from datetime import date

import pandas as pd

from metrics import figures
from metrics.heading.reaching import last_day
from metrics.reading import children
from metrics.standards import value_in
from metrics.units import MISSING, count
from metrics.visiting.closings import WHERE, closings
from metrics.visiting.days import first_week, working_days
from metrics.visiting.owed import owed
from metrics.visiting.plan import capacity_of
from metrics.visiting.told import DAYS, unit_weeks
from pages._carry import Line, Ready, take_away
from pages._html import anchor, esc, table, tag
from pages._month import code_of, month_name
from pages._open import ask
from pages._page import Here
from pages._takeaway import sheet_file
from pages._todo_asked import day_over
from pages._who import principal
from pages._words import hidden_note

_MOST = 3  # indicators named
_NUMBERS = (*DAYS, "owed", "owed_warnings", *WHERE)


def owed_board(here: Here) -> str:
    """A row a unit whose people one may see, the most urgent first; its name opens its list."""
    text, month = here.text, here.built.last_month
    shown, gaps, status, week = _read(here)
    rows = []
    for unit, one in shown.iterrows():
        most = gaps[(gaps["unit"] == unit) & (gaps["gaps"] > 0)].nlargest(_MOST, "gaps")
        rows.append(
            [
                anchor(here.view.link("todo", unit=here.code_of(unit)), esc(here.name_of(unit))),
                *(MISSING if pd.isna(one[name]) else count(one[name]) for name in _NUMBERS),
                _names(here, most),
            ]
        )
    _offer(here, shown, week)
    notes = [*_notes(here, week), text("todo.owed_about", month=month_name(month, text))]
    marks = ["u who", *("n" for _ in _NUMBERS), "w"]
    board = table(
        [text("column.unit"), *_heads(here), text("todo.owed_most")], rows, css="stack", marks=marks
    )
    return (
        board
        + "".join(tag("div", esc(note), css="small muted") for note in notes)
        + hidden_note(status, text)
    )


def _read(here: Here) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, date | None]:
    """By unit: _NUMBERS; unit, indicator, gaps; the status of every figure read; the week that WHERE is of."""
    who, month = principal(), here.built.last_month
    cards = {
        key: here.cards[key]
        for key in closings(last_day(month))
        if key in here.cards and who.in_charge_of(here.cards[key].system)
    }
    matrix = ask(figures.matrix, unit=here.unit, month=month, cards=cards)
    units = [one for one in children(here.tree, here.unit) if one in who.persons]
    matrix = matrix[matrix["unit"].isin(units)]  # of what is not listed no note tells either
    gaps = owed(matrix, cards)
    alerts = gaps[gaps["indicator"].isin([key for key, card in cards.items() if card.alert is not None])]
    weeks = ask(unit_weeks, units=tuple(units), monday=first_week(day_over(here)), month=month)
    shown = weeks.reindex(units)
    for name, some in (("owed", gaps), ("owed_warnings", alerts)):
        shown[name] = some.groupby("unit")["gaps"].sum().reindex(units)
    shown = shown.sort_values(["due", "soon", "owed"], ascending=False, na_position="last", kind="stable")
    week = weeks["week_on"].dropna()
    return shown, gaps, matrix["status"], week.iloc[0].date() if len(week) else None


def _heads(here: Here) -> list[str]:
    text, month = here.text, here.built.last_month
    visits = {where: text(f"todo.closed_{where}", n=capacity_of(where, month)) for where in WHERE}
    days = int(value_in("visit_soon_days", month))
    return [visits[name] if name in visits else text(f"todo.{name}", days=days) for name in _NUMBERS]


def _notes(here: Here, week: date | None) -> list[str]:
    text, after = here.text, day_over(here)
    now = working_days(first_week(after), after)
    until = here.built.data_until or last_day(here.built.last_month)
    told = [text("todo.days_about", first=f"{now[0]:%m-%d}", last=f"{now[-1]:%m-%d}", until=until)]
    if week is not None:
        told.append(text("todo.closed_about", week=week))
    elif len(principal().systems) > 1:
        told.append(text("todo.several_systems"))
    return told


def _offer(here: Here, shown: pd.DataFrame, week: date | None) -> None:
    """The same table as a workbook."""
    text, month = here.text, here.built.last_month

    def frame() -> pd.DataFrame:
        codes = [here.code_of(unit) for unit in shown.index]
        names = [here.name_of(unit) for unit in shown.index]
        told = pd.DataFrame({text("column.code"): codes, text("column.unit"): names})
        for name, head in zip(_NUMBERS, _heads(here), strict=True):
            told[head] = shown[name].to_numpy(float)
        return told

    title = text("todo.units_sheet")
    name = text("todo.units_file", unit=here.name_of(here.unit), month=code_of(month))
    notes = [*_notes(here, week), text("todo.owed_about", month=month_name(month, text))]
    what = f"visits by unit {here.view.values['unit']} {code_of(month)} xlsx"
    file = Ready("Excel", what, sheet_file(here, name, title, frame, notes))
    take_away(here, [Line(title, text("todo.units_about"), (file,))])


def _names(here: Here, most: pd.DataFrame) -> str:
    parts = [
        tag("span", esc(here.cards[row.indicator].name[here.language]) + " " + tag("b", count(row.gaps)))
        for row in most.itertuples()
    ]
    return tag("div", *parts, css="chips") if parts else MISSING
