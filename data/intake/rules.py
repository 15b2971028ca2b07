"""What makes a row rejected or flagged, beyond cells that cannot be read.

Rejected: a required value is missing, nobody can tell whom the row is about. Flagged and loaded: values
outside `limits.toml`, days in an impossible order. Waiting is decided where references are resolved.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import BigInteger, Integer, SmallInteger

from data.records import RECORDS

_LIMITS = Path(__file__).with_name("limits.toml")

# A missing one of these means "still": if what stands there cannot be read, the row must not pass as current.
ENDS = frozenset(["end_on", "cancelled_on", "died_on", "stopped_on", "closed_on"])

# (earlier, later, rule): broken when the first is after the second.
_ORDERS = (
    ("day", "entered_on", "entered_before_service"),
    ("start_on", "end_on", "end_before_start"),
    ("created_on", "cancelled_on", "end_before_start"),
    ("signed_on", "stopped_on", "end_before_start"),
    ("born_on", "died_on", "death_before_birth"),
)
# (part, whole) of a table: a part is never more than its whole.
_PARTS = {
    "sample": ("positive", "asked"),
    "tb_course": ("doses_taken", "doses_due"),
    "appraisal": ("score", "full"),
    "appraisal_item": ("score", "full"),
}
_PAST = ("day", "born_on", "died_on", "created_on", "cancelled_on", "signed_on", "diagnosed_on", "done_on")


def read_limits(folder: Path | None = None) -> dict[str, tuple[float, float]]:
    """Least and greatest plausible value by target, or by "table.target"; an installation may override single ones."""
    limits = tomllib.loads(_LIMITS.read_text("utf-8"))["limits"]
    if folder is not None and (own := folder / "limits.toml").is_file():
        limits |= tomllib.loads(own.read_text("utf-8"))["limits"]
    return {target: (low, high) for target, (low, high) in limits.items()}


def too_large(table: str, target: str, values: pa.Array) -> np.ndarray:
    """Rows whose whole number does not fit the column."""
    if not pa.types.is_integer(values.type) or target not in RECORDS[table].c:
        return np.empty(0, dtype=np.int64)
    kind = RECORDS[table].c[target].type
    if isinstance(kind, BigInteger):  # to SQLAlchemy an Integer too
        return np.empty(0, dtype=np.int64)
    if isinstance(kind, SmallInteger):
        most = 32_767
    elif isinstance(kind, Integer):
        most = 2_147_483_647
    else:
        return np.empty(0, dtype=np.int64)
    return _rows(pc.greater(pc.abs(values), most))


def implausible(
    table: str, values: dict[str, pa.Array], limits: dict[str, tuple[float, float]], today: date
) -> Iterator[tuple[str, np.ndarray, str]]:
    """(target, rows, rule) of everything to be flagged in a chunk. `today`: no service is later than this."""
    for target, column in values.items():
        limit = limits.get(f"{table}.{target}", limits.get(target))
        if limit is not None and not pa.types.is_string(column.type):
            low, high = limit
            yield target, _rows(pc.or_(pc.less(column, low), pc.greater(column, high))), "implausible_value"
    if "sbp" in values and "dbp" in values:
        yield "sbp", _rows(pc.less_equal(values["sbp"], values["dbp"])), "pressure_order"
    if table in _PARTS and values.keys() >= set(_PARTS[table]):
        part, whole = _PARTS[table]
        yield part, _rows(pc.greater(values[part], values[whole])), "part_exceeds_whole"
    for target in _PAST:
        if target in values:
            yield target, _rows(pc.greater(values[target], pa.scalar(today, pa.date32()))), "date_future"
    for earlier, later, rule in _ORDERS:
        if earlier in values and later in values:
            yield later, _rows(pc.greater(values[earlier], values[later])), rule


def _rows(mask: pa.Array) -> np.ndarray:
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
