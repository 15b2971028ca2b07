"""The work of units and the rarer records of persons for the bench's district: every column filled by its type.

What they say means nothing; that every kind occurs, in plausible numbers, is what the cards' cost needs.
"""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import numpy as np
from sqlalchemy import BigInteger, Boolean, Date, DateTime, Double, Integer, SmallInteger, String

from data import records

_LISTS = Path(__file__).parents[2] / "data" / "layouts" / "lists"
_CHECKS = Path(__file__).parents[2] / "metrics" / "standards" / "checks.csv"
_DAY = np.timedelta64(1, "D")

#: Rows a unit and month.
WORK = {
    "activity": 30,
    "appraisal": 2,
    "appraisal_item": 4,
    "check_item": 20,
    "document": 6,
    "drug_line": 20,
    "facility": 2,
    "finding": 3,
    "incident": 8,
    "inspection": 2,
    "lab_order": 40,
    "money": 15,
    "sample": 10,
    "staff": 1,
    "training": 5,
}
#: Rows a resident in all.
PERSONAL = {
    "child_visit": 0.3,
    "health_event": 0.01,
    "maternal_visit": 0.1,
    "screening": 0.1,
    "tb_course": 0.001,
}

# What texts that no list holds may say.
_TEXTS = {
    "grade": ["excellent", "good", "qualified", "unqualified"],
    "mode": ["onsite", "online", "home", "clinic"],
    "severity": ["low", "middle", "high"],
    "role": ["gp", "physician", "village_doctor", "nurse", "public_health", "rehab"],
    "title": ["none", "junior", "middle", "senior"],
    "licence": ["physician", "assistant", "nurse", "village"],
    "employer": ["town", "village"],
    "hire_mode": ["open", "other"],
    "channel": ["board", "meeting", "web", "centre", "other"],
    "feeding": ["breast", "mixed", "formula"],
    "topic": ["htn", "dm", "tobacco", "tb", "price"],
}
_LISTED = {"account": "money_account", "kind": "{table}_kind"}
_KINDS = {
    "drug_line": ["purchase", "sale", "stocktake"],
    "maternal_visit": ["antenatal", "postpartum", "day42"],
    "child_visit": ["newborn", "check"],
    "appraisal_item": ["unit", "doctor"],
}
_BY_INTAKE = {"row_id", "key", "content", "rank", "batch", "file", "line", "known_from", "known_to"}


def tables(draw, months: int) -> dict[str, dict[str, np.ndarray]]:
    """Every such table; ``draw`` is the district's stream with its days, units and persons."""
    units = len(draw.units)
    found = {}
    for name, rate in WORK.items():
        count = rate * units * months
        found[name] = _filled(draw, name, count, {"unit": draw.random.integers(1, units + 1, count)})
    for name, share in PERSONAL.items():
        who = draw.anyone(int(draw.n * share))
        found[name] = _filled(draw, name, len(who), draw.about(who))
    women = np.flatnonzero((draw.age >= 20) & (draw.age < 40)) + 1
    who = women[draw.chance(len(women), 0.15)]
    found["pregnancy"] = _filled(draw, "pregnancy", len(who), draw.about(who))
    return found


def _filled(draw, name: str, count: int, known: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    columns = dict(known)
    first = draw.days(count)
    month = first.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    for column in records.RECORDS[name].c:
        if column.name in columns or column.name in _BY_INTAKE or column.name == "source_unit":
            continue
        if column.name == "month":
            columns["month"] = month
            continue
        values = _values(draw, name, column, count, first)
        if values is None:
            continue
        required = not column.nullable or column.name in ("day", "start_on", "notified_on", "booked_on")
        columns[column.name] = values if required else draw.sometimes(values, 0.9)
    return columns


def _values(draw, table: str, column, count: int, first: np.ndarray) -> np.ndarray | None:
    type_ = type(column.type)
    if type_ is String:
        words = _words(table, column.name)
        return (
            np.array([f"{column.name}{n % 997}" for n in range(count)], dtype=object)
            if words is None
            else draw.pick(words, count)
        )
    if type_ is Date:
        later = draw.random.integers(0, 60, count)
        return (
            first if column.name in ("day", "start_on", "notified_on", "booked_on") else first + later * _DAY
        )
    if type_ is DateTime:
        return first.astype("datetime64[s]") + draw.random.integers(0, 48 * 3600, count).astype(
            "timedelta64[s]"
        )
    if type_ is Boolean:
        return draw.chance(count, 0.9)
    if type_ in (Integer, SmallInteger, BigInteger, Double):
        return draw.random.integers(1, 100, count).astype(float if type_ is Double else np.int64)
    return None


def _words(table: str, column: str) -> list[str] | None:
    if column == "item" and table == "check_item":
        with _CHECKS.open(encoding="utf-8-sig", newline="") as file:
            return [row["item"] for row in csv.DictReader(file)]
    if column == "kind" and table in _KINDS:
        return _KINDS[table]
    listed = _LISTS / f"{_LISTED.get(column, '').format(table=table)}.toml"
    if column in _LISTED and listed.exists():
        return [row[2] for row in tomllib.loads(listed.read_text("utf-8"))["codes"]]
    return _TEXTS.get(column)
