"""What the page of appraisals reads: rounds of a sheet, a draft's standing, a published round's results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import func, select

from data.register.tables import history
from metrics.appraisal import rounds
from metrics.appraisal.material import Material, Standing, Subject, standing
from metrics.appraisal.scoring import Line
from metrics.appraisal.sheet import Sheet, frozen_text
from metrics.appraisal.showing import shown_standing
from pages._page import Here
from pages._store import installation, one_generation, register
from pages._who import principal

YEAR = 12  # months


@dataclass(frozen=True)
class Round:
    """A round as the page shows it.

    row       its row in the register
    sheet     by which it is scored
    table     unit, staff_no, kind, parent, points, full, final, final_grade, final_rank, final_peers,
              final_parent_rank, final_parent_peers, final_veto, second_points, open; of a draft what stands now
    before    (unit, staff_no) -> (points, full, rank) of the round before; last_year likewise
    made      of a draft what it is scored from, and the scores as they may be seen
    left_out  subjects whose total is hidden, as it would tell small numbers
    """

    row: Mapping[str, Any]
    sheet: Sheet
    table: pd.DataFrame
    before: Mapping[Subject, tuple[float, float, float]]
    last_year: Mapping[Subject, tuple[float, float, float]]
    made: tuple[Material, Standing] | None = None
    left_out: Sequence[Subject] = ()

    @property
    def number(self) -> int:
        return int(self.row["round"])

    @property
    def is_draft(self) -> bool:
        return self.row["state"] == rounds.DRAFT

    @property
    def of_doctors(self) -> bool:
        return self.row["subject"] == "doctor"

    @property
    def open_items(self) -> list[tuple[int, str, str]]:
        """unit, staff_no, item of everything that somebody must decide."""
        if self.made is None:
            return []
        return [
            (unit, staff_no, item)
            for (unit, staff_no), one in self.made[1].scores.items()
            if one.full
            for item in one.open_items
        ]


def known() -> pd.DataFrame:
    """Every round, the newest first."""
    with register().reading() as connection:
        return rounds.rounds(principal(), connection)


def opened(number: int) -> Round:
    """A round with its standing. Raises RoundError where its sheet is gone."""
    who = principal()
    with register().reading() as connection:
        row = rounds.round_of(connection, number)
        sheet = rounds.sheet_of(row)
        edits = connection.execute(select(func.max(history.c.entry))).scalar()
        before = _results_before(connection, rounds.previous(who, connection, number))
        last_year = _results_before(connection, rounds.previous(who, connection, number, YEAR))
        if row["state"] != rounds.DRAFT:
            table = rounds.results(who, connection, number).assign(open=0)
            hidden = rounds.left_out(who, connection, number)
            return Round(row, sheet, table, before, last_year, left_out=hidden)

        def read() -> tuple[Material, Standing]:
            with one_generation() as snapshot, snapshot.published() as published:
                if sheet.subject != "doctor":
                    made = rounds.material(who, connection, published, None, number)
                else:
                    with snapshot.records() as records:
                        made = rounds.material(who, connection, published, records, number)
            return made, shown_standing(who, made, standing(made), int(row["month"]))

        with one_generation() as snapshot:
            key = (installation().id, snapshot.generation, who.key(), number, edits)
            made = _draft((*key, frozen_text(sheet)), read)
    hidden = [subject for subject in made[0].subjects if subject not in made[1].scores]
    return Round(row, sheet, _as_results(made[1].table), before, last_year, made, hidden)


def lines_of(found: Round, unit: int, staff_no: str) -> tuple[list[Line], dict[str, float]]:
    """The lines of a subject in the sheet's order, and second scores by item."""
    if found.made is not None:
        score = found.made[1].scores.get((unit, staff_no))
        return (list(score.lines) if score else []), {}
    with register().reading() as connection:
        frame = rounds.lines(principal(), connection, found.number, unit, staff_no)
    second = {row.item: row.second for row in frame.itertuples() if row.second == row.second}
    return [rounds.as_line(row) for row in frame.itertuples()], second


def entry_of(found: Round, unit: int, staff_no: str, item: str) -> Mapping[str, Any] | None:
    """What was written about an item of a subject; None where nothing was."""
    with register().reading() as connection:
        frame = rounds.entries(principal(), connection, found.number)
    same = (frame["unit"] == unit) & (frame["staff_no"] == staff_no) & (frame["item"] == item)
    if not same.any():
        return None
    row = frame[same].iloc[0]
    return {name: None if pd.isna(value) else value for name, value in row.items()}


def subject_words(here: Here, unit: int, staff_no: str) -> str:
    """A subject as people call it; doctors by the number of their post."""
    name = here.name_of(unit) if _is_known(here, unit) else str(unit)
    return here.text("appraisal.doctor_of", unit=name, number=staff_no) if staff_no else name


def code_of_subject(here: Here, unit: int, staff_no: str) -> str:
    """A subject in a URL."""
    code = here.code_of(unit) if _is_known(here, unit) else str(unit)
    return f"{code}/{staff_no}" if staff_no else code


def _is_known(here: Here, unit: int) -> bool:
    """Whether the unit is still in the list of units: a frozen round remembers others too."""
    return bool((here.tree["unit"] == unit).any())


def _results_before(connection, number: int | None) -> dict[Subject, tuple[float, float, float]]:
    if number is None:
        return {}
    table = rounds.results(principal(), connection, number)
    return {
        (int(row.unit), row.staff_no): (row.final, row.full, row.final_rank) for row in table.itertuples()
    }


def _as_results(table: pd.DataFrame) -> pd.DataFrame:
    """A draft's table under the names that published results have."""
    finals = {
        name: table[name]
        for name in ("rank", "peers", "parent_rank", "parent_peers", "grade", "veto")
        if name in table
    }
    renamed = {f"final_{name}": column for name, column in finals.items()}
    table = table.assign(final=table["points"], second_points=float("nan"), **renamed)
    return table.sort_values(["kind", "final_rank", "unit", "staff_no"], ignore_index=True)


# A resource, not data: a copy of four hundred scores for every click would take longer than the page. Nobody changes it.
@st.cache_resource(max_entries=12, show_spinner=False)
def _draft(key: tuple, _read: Callable[[], tuple[Material, Standing]]) -> tuple[Material, Standing]:
    return _read()
