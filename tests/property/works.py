"""The work of a district's units, drawn at random: rows in which what is rare happens often.

Each district takes a part of the kinds of a table (so that over eight districts every kind comes up) and
has each of them happen a few times at two units, close together: months and periods with two rows, with
one, with none. ``TEXTS`` says what the text columns may hold; whoever writes a card adds its words there.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import tomllib
from functools import cache
from pathlib import Path

from data.records import RECORDS
from tests.plain.months import first_day, last_day, month_of
from tests.property import diligence

ROOT = Path(__file__).parents[2]
FIRST, LAST = 2023 * 12 + 6, 2026 * 12 + 3  # months in which things happen
UNITS = (1, 2, 2, 3, 3, 4, 5, 6)
TABLES = (
    "activity",
    "appraisal",
    "appraisal_item",
    "check_item",
    "document",
    "drug_line",
    "facility",
    "finding",
    "incident",
    "inspection",
    "lab_order",
    "money",
    "sample",
    "staff",
    "training",
)
KINDS_A_DISTRICT = 40  # of one table, at most

#: What a text column may hold, by table and column; a column that is not here is always empty.
TEXTS: dict[str, tuple[str, ...]] = {
    "activity.topic": (
        "htn",
        "dm",
        "tobacco",
        "tb",
        "aids",
        "elder",
        "daily",
        "weekly",
        "monthly",
        "quarterly",
        "yearly",
        "finance",
        "reimbursement",
    ),
    "activity.mode": ("onsite", "online"),
    "activity.department": ("general", "tcm", "nursing", "lab"),
    "activity.channel": ("board", "meeting", "web", "household"),
    "appraisal.grade": ("excellent", "good", "qualified", "unqualified"),
    "appraisal.sanction": ("dismissed", "warned", "reclaimed", "interviewed", "eliminated", "rewarded"),
    "appraisal_item.kind": ("unit", "unit", "family_doctor", "other"),
    "appraisal_item.dimension": ("quantity", "authenticity", "standardisation", "satisfaction"),
    "document.topic": ("htn", "tb", "immunisation", "immunisation"),
    "drug_line.kind": ("purchase", "sale", "stocktake"),
    "drug_line.item": ("a", "b", "c"),
    "drug_line.channel": ("centre", "other", "illegal"),
    "facility.name": ("a", "b", "general", "中医科"),
    "finding.severity": ("low", "middle", "high"),
    "finding.outcome": ("mended", "closed_down", "escalated"),
    "incident.topic": ("flu", "tb", "hfmd", "illegal_practice", "waiting", "fee"),
    "incident.severity": ("low", "middle", "high"),
    "incident.outcome": ("mended", "satisfied", "unfounded", "wrong"),
    "lab_order.item": ("a", "b", "c"),
    "money.topic": ("a", "b", "equipment", "repair"),
    "sample.topic": ("a", "b"),
    "sample.method": ("survey", "phone", "visit", "register"),
    "staff.role": ("gp", "physician", "village_doctor", "nurse", "public_health", "rehab", "other"),
    "staff.title": ("none", "junior", "middle", "senior"),
    "staff.licence": ("physician", "assistant", "nurse", "village", "none"),
    "staff.employer": ("town", "village"),
    "staff.duty": ("bookkeeper", "integration", "public_health", "bookkeeper、integration"),
    "staff.hire_mode": ("open", "other"),
    "training.topic": ("first_aid", "tcm"),
}
#: Numbers that lie on both sides of the limits that rules set; others take what their type gives.
NUMBERS: dict[str, tuple[float | int, ...]] = {
    "activity.people": (0, 5, 29, 30, 31, 60),
    "activity.quantity": (0.0, 0.04, 0.05, 1.0, 2.5, 30.0, 120.0),
    "document.items": (0, 1, 3, 12),
    "facility.quantity": (0.0, 0.05, 1.9, 2.0, 2.1, 79.9, 80.0, 300.0, 299.4),
    "lab_order.minutes": (0, 1, 30, 59, 120),
    "training.months": (0.0, 0.5, 2.9, 3.0, 6.0),
    "appraisal.score": (0.0, 59.9, 60.0, 84.95, 95.2, 100.0),
    "appraisal.full": (100.0, 100.0, 100.0, 0.0),
    "appraisal_item.weight": (0.1, 0.25, 0.5),
    "appraisal_item.score": (0.0, 7.5, 10.0),
    "appraisal_item.full": (10.0, 10.0, 0.0),
}
#: Units where a kind is drawn, if what counts it is about these alone; others are drawn anywhere.
WHERE: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("service_radius_km", "land_area", "medical_area", "building_acceptance"), (5, 5, 6)),
    **dict.fromkeys(("public_built_run", "integrated", "record_sharing"), (5, 5, 5, 2)),
    "responsibility_letter": (5, 5, 5, 4),
    **dict.fromkeys(("department", "dept_training", "online_clinic"), (2, 3)),
    **dict.fromkeys(("site_plan", "area_visits", "estate_plan"), (1, 1, 2)),
}
#: Kinds that come up in every district, and how many rows of them at most: what needs several to count.
OFTEN: dict[str, int] = {
    "annual_inspection": 40,
    "land_area": 8,
    "building_acceptance": 5,
    "department": 10,
    "dept_training": 30,
    "service_radius_km": 6,
    "responsibility_letter": 8,
    "rehab_area": 8,
    "skills_drill": 12,
    "staff_meeting": 12,
    "external": 25,
    "internal": 25,
    "online_clinic": 30,
    "three_basics_exam": 20,
}
_FEN = (0, 1, 99, 100, 12_345, 1_000_000, 120_000_000)
_HOURS = (0, 1, 2, 2, 3, 12, 24, 24, 25, 72)


@cache
def kinds_of(table: str) -> tuple[str, ...]:
    """The codes of a table's kinds, those that were appended last too."""
    name = "money_account" if table == "money" else f"{table}_kind"
    path = ROOT / "data" / "layouts" / "lists" / f"{name}.toml"
    if not path.exists():
        return TEXTS.get(f"{table}.kind", ("other",))
    codes = tomllib.loads(path.read_text("utf-8"))["codes"]
    return (*dict.fromkeys(value for _, _, value, *_ in codes), "other")


@cache
def standards() -> dict[str, tuple[str, ...]]:
    """Every standard with the items that are checked."""
    path = ROOT / "metrics" / "standards" / "checks.csv"
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["standard"], []).append(row["item"])
    return {key: tuple(items) for key, items in found.items()}


def beginnings(seed: int) -> dict[str, int]:
    """The month from which each table is kept, all districts alike: mostly before the figures begin."""
    draw = random.Random(f"{seed} beginnings")
    return {
        table: FIRST if draw.random() < 0.7 else draw.randint(2024 * 12 + 1, 2025 * 12 + 9)
        for table in TABLES
    }


def rows_of(draw: random.Random, base: int, begin: dict[str, int]) -> dict[str, list[dict]]:
    """The rows of one district by table, none of a table before the month in which it begins."""
    found: dict[str, list[dict]] = {}
    for table in TABLES:
        work = _Work(random.Random(f"{draw.random()} {table}"), table, base, begin[table])
        found[table] = list(work.checks() if table == "check_item" else work.rows())
    for table, more in diligence.stories(draw, found, base, begin, LAST).items():
        found[table] += more
    found["staff"] = [_as_registered(row, base) for row in found["staff"]]
    return found


#: Units of a centre with those below it, and what its register of staff may not hold at all.
_FAMILIES = ({2, 4}, {3, 5, 6})
_UNHELD = (
    "title",
    "certificate",
    "trained",
    "gp_registered",
    "licence",
    "born_on",
    "deposit",
    "contract_from",
)


def _as_registered(row: dict, base: int) -> dict:
    """A row of staff as its centre's register has it: in each district one centre's lacks some items."""
    number = base // 100
    if row["unit"] is None or row["unit"] - base not in _FAMILIES[number // 2 % 2]:
        return row
    return row | dict.fromkeys(_UNHELD[number % 2 :: 2])


def town(base: int) -> str:
    """The code of the first of a district's two towns."""
    return f"W{base}T1"


def places(draw: random.Random, base: int) -> list[dict]:
    """Two towns with villages and communities: some a town's seat, some dense with newcomers, one with a group."""
    first, second, code = town(base), f"W{base}T2", f"W{base}V"
    rows = [(first, "town", None), (second, "town", None), (f"{code}1", "village", first)]
    rows += [
        (f"{code}2", "village", first),
        (f"{code}3", draw.choice(["village", "community"]), second),
        (f"{code}4", "community", first),
        (f"{code}G", "group", f"{code}1"),
    ]
    return [
        {
            "place": base * 10 + 20 + number,
            "unit": base + 1 if draw.random() < 0.8 else None,
            "code": code,
            "name": code,
            "level": level,
            "parent_code": above,
            "seat": draw.choice([True, False, False, None]) if level in ("village", "community") else None,
            "dense": draw.choice([True, False, None]),
        }
        for number, (code, level, above) in enumerate(rows)
    ]


def placed(draw: random.Random, unit: dict, base: int) -> dict:
    """A unit with the place in which it lies, where nothing else says."""
    codes = [f"W{base}{ending}" for ending in ("T1", "T2", "V1", "V2", "V2", "V3", "V4", "VG", "nowhere")]
    return unit if unit.get("place_code") else unit | {"place_code": draw.choice([*codes, None])}


def located(draw: random.Random, rows: list[dict], base: int) -> list[dict]:
    """Units and places of a district with coordinates: a few kilometres around, some on one point, some nowhere."""
    points: list[tuple] = []
    for _ in rows:
        point = (100 + base / 100 + round(draw.random() / 20, 6), 30 + round(draw.random() / 20, 6))
        points.append(draw.choice([point, point, point, point, draw.choice([*points, point]), (None, None)]))
    return [row | {"lon": lon, "lat": lat} for row, (lon, lat) in zip(rows, points, strict=True)]


class _Work:
    """Draws for one table of one district."""

    def __init__(self, draw: random.Random, table: str, base: int, begin: int) -> None:
        self.draw, self.table, self.base, self.begin = draw, table, base, begin

    def chance(self, of: float) -> bool:
        return self.draw.random() < of

    def rows(self):
        kinds = kinds_of(self.table)
        often = max(1, 36 // len(kinds))  # a table of few kinds has more of each
        chosen = self.draw.sample(kinds, min(len(kinds), KINDS_A_DISTRICT))
        for kind in dict.fromkeys([*chosen, *(kind for kind in kinds if kind in OFTEN)]):
            everywhere = WHERE.get(kind, UNITS)
            units = self.draw.choices(everywhere, k=2)
            around = self.draw.randint(max(FIRST, self.begin), LAST)
            for _ in range(self.draw.randint(1, OFTEN.get(kind, 4 if often == 1 else 2 * often))):
                unit = self.draw.choice(units if often == 1 or self.chance(0.5) else everywhere)
                yield self.row(kind, unit, around)

    def row(self, kind: str | None, unit: int, around: int) -> dict:
        day = self.day(around)
        row = {"unit": self.base + unit if self.chance(0.95) else None}
        if "kind" in RECORDS[self.table].c:
            row["kind"] = kind
        if "account" in RECORDS[self.table].c:
            row["account"] = kind
        for column in RECORDS[self.table].c:
            if column.name in row or column.name in _NOT_DRAWN:
                continue
            row[column.name] = self.value(column, day)
        if "month" in RECORDS[self.table].c:
            row["month"] = self.month(row["day"])
        return row

    def checks(self):
        """Whole standards, item by item: some never looked at, some looked at again, two at a time on a day."""
        for items in self._some_standards():
            for unit in self.draw.sample(sorted(set(UNITS)), 3):
                around = self.draw.randint(max(FIRST, self.begin), LAST)
                for item in items:
                    for _ in range(self.draw.choice([0, 1, 1, 1, 2, 3])):
                        day = self.day(around)
                        yield {
                            "unit": self.base + unit if self.chance(0.97) else None,
                            "item": item,
                            "day": day,
                            "month": month_of(day),
                            "met": self.chance(0.6),
                            "evidence": self.truth(),
                        }

    def _some_standards(self) -> list[tuple[str, ...]]:
        known = list(standards().values())
        return self.draw.sample(known, min(len(known), KINDS_A_DISTRICT // 2)) or [("nothing",)]

    def day(self, around: int) -> dt.date:
        """Half of what happens, happens around a month; on its edges more often than not."""
        first = max(FIRST, self.begin)
        month = around + self.draw.randint(-1, 2) if self.chance(0.5) else self.draw.randint(first, LAST)
        month = min(max(month, first), LAST)
        if self.chance(0.1):
            month = max(first, self.draw.choice([2024 * 12 + 1, 2024 * 12 + 11, 2025 * 12, 2025 * 12 + 11]))
        middle = first_day(month) + dt.timedelta(days=self.draw.randint(0, 27))
        return self.draw.choice([first_day(month), last_day(month), middle])

    def month(self, day: dt.date | None) -> int | None:
        """Of a document, the period that it is about, which may be another than that of its day."""
        if day is None:
            return self.draw.choice([None, self.draw.randint(max(FIRST, self.begin), LAST)])
        if self.table in ("document", "appraisal", "appraisal_item") and self.chance(0.2):
            return month_of(day) - self.draw.randint(1, 3)
        return month_of(day)

    def truth(self) -> bool | None:
        return self.draw.choice([True, True, False, None])

    def value(self, column, day: dt.date):
        """A value of a column, by its name or by its type; nothing in one of six where that may be."""
        name, place = column.name, f"{self.table}.{column.name}"
        if name in _OF_STAFF:
            return str(self.draw.randint(1, 9))
        if name in ("day", "start_on"):
            return day if not column.nullable or self.chance(0.9) else None
        if name == "born_on":
            age = self.draw.choice([22, 30, 34, 35, 35, 36, 55])
            born = self.draw.choice([day, last_day(self.draw.randint(FIRST, LAST))])
            if self.chance(0.1):
                return dt.date(self.draw.choice([1988, 1992]), 2, 29)
            return dt.date(born.year - age, born.month, min(born.day, 28)) if self.chance(0.9) else None
        if place in TEXTS:
            return self.draw.choice(TEXTS[place]) if not column.nullable or self.chance(0.85) else None
        if column.nullable and self.chance(0.15):
            return None
        if place in NUMBERS:
            return self.draw.choice(NUMBERS[place])
        if name == "end_on" and self.chance(0.5):
            return None
        return self._of_type(name, str(column.type), day)

    def _of_type(self, name: str, kind: str, day: dt.date):
        if kind == "BOOLEAN":
            return self.truth()
        if kind == "DATE":
            later = self.draw.choice([0, 0, 1, 7, 15, 30, 90, 200, 400, -3])
            return last_day(month_of(day)) if self.chance(0.1) else day + dt.timedelta(days=later)
        if kind == "DATETIME":
            hours = self.draw.choice(_HOURS)
            start = dt.datetime.combine(day, dt.time(self.draw.choice([0, 8, 23])))
            more = dt.timedelta(minutes=self.draw.choice([0, 0, 1]))
            return start if name == "found_at" else start + dt.timedelta(hours=hours) + more
        if kind == "BIGINT":
            return self.draw.choice(_FEN)
        if kind == "SMALLINT":
            return self.draw.choice([1, 2])
        if kind == "INTEGER":
            return self.draw.choice([0, 1, 5, 10, 20])
        if kind == "DOUBLE":
            return self.draw.choice([0.0, 1.0, 2.5])
        return None


_NOT_DRAWN = {
    *("row_id", "key", "content", "rank", "batch", "file", "line", "known_from", "known_to"),
    *("source_unit", "entered_on", "month"),
}
_OF_STAFF = ("staff_no",)
