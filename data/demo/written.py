"""What the district's officials write in the product itself: of those months no file tells the same again.

From ``SINCE`` on visits, findings of supervision and appraisals are in the register (``commands.demo_register``), and
so is the bureau's appraisal of the year before, of centres and village doctors: it was made in January. What the
register does not know stays in files whatever its month: appraisals of stations (no scoring sheet is about them), of
cleaners, of family doctors; findings of audits; inspections for a licence.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.demo.days import month_number, months_of
from data.demo.geography import Units
from data.demo.rows import Column, Rows, Words, take

SINCE = month_number(2026, 1)  # the first month in which the district works with the product
YEAR_BEFORE = SINCE - 1  # the last month of the year that was appraised in the product afterwards
APPRAISED = ("centre", "clinic")  # kinds of units with a scoring sheet


def without_written(kind: str, rows: Rows, units: Units, last: int) -> Rows:
    """The rows of a register of work that come in a file, of a district that goes on until the month ``last``."""
    if last < SINCE or kind not in ("inspection", "finding", "appraisal", "appraisal_item"):
        return rows
    month, of = _months(rows), _text(rows["kind"])
    since = month >= SINCE
    if kind == "inspection":
        return take(rows, ~since)
    if kind == "finding":
        return take(rows, ~(since & np.char.startswith(of, "sup_")))
    unit_kind = np.array(units.kind)[rows["unit"]]
    year_round = (month == YEAR_BEFORE) & (unit_kind == "centre")
    written = (of == "unit") & (year_round | since & np.isin(unit_kind, APPRAISED))
    if kind == "appraisal":
        written |= (of == "round") & (month >= YEAR_BEFORE)
        written |= (of == "doctor") & since | (of == "doctor_year") & (month >= YEAR_BEFORE)
    return take(rows, ~written)


def _months(rows: Rows) -> np.ndarray:
    """The month of which each row tells: its own where it has one, else that of its day."""
    of_day = months_of(rows["day"])
    month = rows.get("month")
    return of_day if month is None else np.where(month >= 0, month, of_day)


def _text(column: Column) -> np.ndarray:
    strings = (
        column if isinstance(column, pa.Array) else column.arrow() if isinstance(column, Words) else column
    )
    return np.array(["" if word is None else word for word in strings.to_pylist()])
