"""Dated data behind the rules: parameters, targets, the immunisation schedule, key populations.

What the files hold is documented in ``docs/standards.md``; a rule never holds such a number itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from sqlalchemy import ColumnElement, Date, case, literal

from data.installation import home
from metrics.standards.files import Line, StandardsError, edited_lines, read_csv

FOLDER = Path(__file__).parent
_EVER_BEFORE = date(1900, 1, 1)
PARAMETERS = "parameters.csv"  # here as shipped; in the folder of the installation a bureau's own

#: Parameters that say when years begin. They hold for all months alike: a year has one first month.
CALENDAR = ("year_first_month", "season_first_month")
#: Parameters that let a figure of a year look back beyond its beginning where their value is not 0.
ROLLING = ("use_rolling",)
#: Parameters that choose one of some readings.
CHOICES = {
    "phone_counts": (0, 1),
    "keep_departed": (0, 1),
    "use_electronic": (0, 1),
    "use_rolling": (0, 1),
    "due_floating": (0, 1),
    "coverage_kind": (1, 2, 3),
    "rectify_day_kind": (1, 2),
    "control_near": (0, 1),
}
#: Parameters of which fewer make no sense.
LEAST = {
    "control_shown_months": 12,
    "control_base_months": 2,
    "control_least_months": 2,
    "control_side_months": 2,
    "control_trend_months": 3,
    "notice_recent_months": 1,
    "notice_history_months": 24,
    "notice_settled_months": 1,
    "notice_lasting_months": 1,
    "notice_over_months": 1,
    "moved_held_months": 1,
}


#: Parameters that say how sure something must be, in per cent: never certain.
CONFIDENCES = (
    "interval_pct",
    "funnel_outer_pct",
    "heading_range_pct",
    "heading_outer_pct",
    "notice_false_pct",
)


@dataclass(frozen=True)
class Parameter:
    """One dated value of a parameter; ``own``: the bureau's."""

    key: str
    start: date
    value: float
    source: str
    zh: str
    en: str
    own: bool = False


_held: ContextVar[dict[str, tuple[Parameter, ...]] | None] = ContextVar("held", default=None)


def parameters() -> dict[str, tuple[Parameter, ...]]:
    """Every parameter's values, oldest first: the shipped ones, from its date on the bureau's own.

    Rules read them when they are imported, so a process keeps the values with which it began.
    """
    return _held.get() or _read_parameters()[0]


@contextmanager
def holding(values: Mapping[str, tuple[Parameter, ...]]) -> Iterator[None]:
    """Inside, some parameters have other values: rules made there (``metrics.anew``) read these. Of this thread alone."""
    token = _held.set({**parameters(), **values})
    try:
        yield
    finally:
        _held.reset(token)


def trouble() -> StandardsError | None:
    """What is wrong with the bureau's own parameters; until it is mended the shipped values hold."""
    return _read_parameters()[1]


def has_changed() -> bool:
    """Whether the bureau's parameters were edited after this process read them: then it must start anew."""
    return _own_content() != _read_parameters()[2]


@cache
def _read_parameters() -> tuple[dict[str, tuple[Parameter, ...]], StandardsError | None, bytes]:
    shipped = shipped_parameters()
    content = _own_content()
    try:
        return with_own(shipped, own_parameters(home() / PARAMETERS, shipped)), None, content
    except StandardsError as error:
        return shipped, error, content


def _own_content() -> bytes:
    path = home() / PARAMETERS
    return path.read_bytes() if path.is_file() else b""


def shipped_parameters() -> dict[str, tuple[Parameter, ...]]:
    """The values of ``metrics/standards/parameters.csv``, oldest first."""
    found: dict[str, list[Parameter]] = {}
    path = FOLDER / PARAMETERS
    for line, row in enumerate(read_csv(path), 2):
        try:
            start, value = date.fromisoformat(row["from"]), float(row["value"])
        except ValueError as error:
            raise StandardsError(f"{path.name}, line {line}: {error}; write a date as 2025-01-31") from error
        found.setdefault(row["key"], []).append(
            Parameter(row["key"], start, value, row["source"], row["zh"], row["en"])
        )
    return _oldest_first(found)


def own_parameters(path: Path, shipped: dict[str, tuple[Parameter, ...]]) -> dict[str, tuple[Parameter, ...]]:
    """The values of a bureau's file, oldest first; StandardsError names what is wrong and what to do."""
    found: dict[str, list[Parameter]] = {}
    lines: dict[tuple[str, date], int] = {}
    for line in edited_lines(path, ("key", "from", "value", "source"), ("zh", "en")):
        value = _own_value(line, shipped)
        if value.key in CALENDAR and value.key in found:
            raise line.wrong("key", "年度、接种季的首月只能有一个值", "a first month has one value only")
        if earlier := lines.get((value.key, value.start)):
            raise line.wrong(
                "from",
                f"与第 {earlier} 行的参数和日期相同，请删去一行",
                f"line {earlier} has the same parameter and date: delete one of them",
            )
        lines[value.key, value.start] = line.number
        found.setdefault(value.key, []).append(value)
    return _oldest_first(found)


def _own_value(line: Line, shipped: dict[str, tuple[Parameter, ...]]) -> Parameter:
    key = line["key"]
    if key not in shipped:
        raise line.wrong(
            "key", "没有这个参数，名称见 docs/standards.md", "no such parameter: see docs/standards.md"
        )
    try:
        start = date.fromisoformat(line["from"])
    except ValueError as error:
        raise line.wrong("from", "日期写作 2026-01-31", "write a date as 2026-01-31") from error
    try:
        value = float(line["value"])
    except ValueError as error:
        raise line.wrong(
            "value", "只写数字，例如 140 或 0.25", "write a plain number, such as 140 or 0.25"
        ) from error
    if not 0 <= value < 1_000_000:
        raise line.wrong("value", "不能为负，也不能过大", "neither negative nor beyond a million")
    if (choices := CHOICES.get(key)) and value not in choices:
        told = ", ".join(map(str, choices))
        raise line.wrong("value", f"只能是 {told}", f"one of {told}")
    if _is_whole(key) and value != int(value):
        raise line.wrong("value", "须为整数", "a whole number")
    if key in CALENDAR and not 1 <= value <= 12:
        raise line.wrong("value", "月份为 1 到 12", "a month is 1 to 12")
    if value < (least := LEAST.get(key, 0)):
        raise line.wrong("value", f"不得小于 {least}", f"at least {least}")
    if key.endswith("_per_year") and not 1 <= value <= 12:
        raise line.wrong("value", "每年次数为 1 到 12", "so often a year: 1 to 12")
    if key in CONFIDENCES and not 0 < value < 100:
        raise line.wrong("value", "百分比大于 0、小于 100", "a percentage lies between 0 and 100")
    if key.endswith("_estimate") and value > 1:
        raise line.wrong("value", "比例写作 0.25", "a share is written as 0.25")
    if not line["source"]:
        raise line.wrong("source", "请写明依据（文件名、文号）", "name the document that says so")
    words = shipped[key][-1]
    return Parameter(key, start, value, line["source"], words.zh, words.en, own=True)


def _is_whole(key: str) -> bool:
    return key.endswith(("_age", "_months", "_month", "_days", "_per_year"))


def with_own(
    shipped: dict[str, tuple[Parameter, ...]], own: dict[str, tuple[Parameter, ...]]
) -> dict[str, tuple[Parameter, ...]]:
    """From its first date on, a bureau's own value takes the place of every shipped one."""
    found = dict(shipped)
    for key, values in own.items():
        earlier = tuple(value for value in shipped[key] if value.start < values[0].start)
        # The oldest value also holds before its date: so it does up to a bureau's date that is earlier still.
        earlier = earlier or (replace(shipped[key][0], start=_EVER_BEFORE),)
        found[key] = values if key in CALENDAR else (*earlier, *values)
    return found


def _oldest_first(found: dict[str, list[Parameter]]) -> dict[str, tuple[Parameter, ...]]:
    return {key: tuple(sorted(values, key=lambda p: p.start)) for key, values in found.items()}


def in_force(keys: Iterable[str], month: int) -> list[Parameter]:
    """The values that a figure of ``month`` uses; the oldest value also holds before its date."""
    return [
        max((v for v in parameters()[key] if _month(v.start) <= month), key=lambda v: v.start, default=None)
        or parameters()[key][0]
        for key in keys
    ]


def value_in(key: str, month: int) -> float | int:
    """The value of a parameter in force at the end of a month."""
    return _plain(in_force([key], month)[0].value)


def values_of(key: str) -> tuple[float | int, ...]:
    """Every value that a parameter ever has."""
    return tuple(_plain(value.value) for value in parameters()[key])


def stretches(*keys: str) -> list[tuple[int | None, int | None, tuple[float | int, ...]]]:
    """First and last month (None: open) of every time in which the parameters keep their values, and these."""
    starts = sorted({_month(value.start) for key in keys for value in parameters()[key][1:]})
    found = []
    for first, following in zip([None, *starts], [*starts, None], strict=True):
        month = first if first is not None else (starts[0] if starts else 0) - 1
        last = None if following is None else following - 1
        found.append((first, last, tuple(value_in(key, month) for key in keys)))
    return found


def fingerprint() -> str:
    """Every parameter's values as text: what a digest of definitions takes in beside the shipped files."""
    return "\n".join(
        f"{v.key} {v.start} {v.value}" for values in parameters().values() for v in values if v.own
    )


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


@cache
def schedule() -> list[dict]:
    """The immunisation schedule: vaccine, dose_no, age_months, first_born (month), sex, added, zh, en."""
    rows = []
    for row in read_csv(FOLDER / "schedule.csv"):
        year, _, month = row["first_born"].partition("-")
        rows.append(
            {
                "vaccine": row["vaccine"],
                "dose_no": int(row["dose_no"]),
                "age_months": int(row["age_months"]),
                "first_born": int(year) * 12 + int(month) - 1,
                "sex": int(row["sex"]) if row["sex"] else None,
                "added": int(row["added"]),
                "zh": row["zh"],
                "en": row["en"],
            }
        )
    return rows


#: Months of a period by how often something is owed.
MONTHS = {"month": 1, "two_months": 2, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Duty:
    """What is owed, by units of which kinds, how often, from when on; the next row of the key replaces it."""

    key: str  # of the card
    start: date
    kinds: tuple[str, ...]
    every: str  # a key of MONTHS
    times: int
    people: int
    source: str
    evidence_zh: str
    evidence_en: str


@cache
def duties() -> dict[str, tuple[Duty, ...]]:
    """Every duty's terms, oldest first."""
    path = FOLDER / "duties.csv"
    found: dict[str, list[Duty]] = {}
    for line, row in enumerate(read_csv(path), 2):
        if row["every"] not in MONTHS:
            raise StandardsError(
                f"{path.name}, line {line}: every is {row['every']!r}; write one of {', '.join(MONTHS)}"
            )
        try:
            duty = Duty(
                key=row["key"],
                start=date.fromisoformat(row["from"]),
                kinds=tuple(row["kinds"].split()),
                every=row["every"],
                times=int(row["times"]),
                people=int(row["people"] or 0),
                source=row["source"],
                evidence_zh=row["evidence_zh"],
                evidence_en=row["evidence_en"],
            )
        except ValueError as error:
            raise StandardsError(
                f"{path.name}, line {line}: {error}; dates as 2025-01-31, whole numbers"
            ) from error
        found.setdefault(duty.key, []).append(duty)
    return {key: tuple(sorted(terms, key=lambda duty: duty.start)) for key, terms in found.items()}


def duty_terms(first: int, last: int) -> list[dict]:
    """The periods of every duty that end from month ``first`` to month ``last``: rows of ``duty_term``.

    A period is owed by the term in force on its first day.
    """
    year_month = int(number("year_first_month")) - 1
    rows = []
    for terms in duties().values():
        for duty, following in zip(terms, [*terms[1:], None], strict=True):
            length = MONTHS[duty.every]
            begin = max(first - length + 1, duty.start.year * 12 + duty.start.month - 1)
            begin += (year_month - begin) % length
            end = last if following is None else following.start.year * 12 + following.start.month - 2
            for start in range(begin, min(end, last - length + 1) + 1, length):
                rows.extend(
                    {
                        "duty": duty.key,
                        "kind": kind,
                        "first": start,
                        "last": start + length - 1,
                        "times": duty.times,
                        "people": duty.people,
                    }
                    for kind in duty.kinds
                )
    return rows


@dataclass(frozen=True)
class Item:
    """One item of a standard that is checked at units."""

    standard: str  # key of the card
    code: str  # as check_item.item holds it; unique over all standards
    number: int
    zh: str
    en: str


@cache
def standard_items() -> tuple[Item, ...]:
    """The items of every standard, numbered in the order of the file."""
    path = FOLDER / "checks.csv"
    items = tuple(
        Item(row["standard"], row["item"], place, row["zh"], row["en"])
        for place, row in enumerate(read_csv(path), 1)
    )
    codes = [item.code for item in items]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise StandardsError(f"{path.name}: the item {min(twice)} stands there twice")
    return items


def number(key: str) -> float | int:
    """The value of a parameter that never changes: one that says when years begin (``CALENDAR``).

    StandardsError when it has several dated values: all others are read by a date.
    """
    values = parameters()[key]
    if len(values) > 1:
        raise StandardsError(
            f"parameter {key} has {len(values)} dated values: a rule must say by which date it is read"
        )
    return _plain(values[0].value)


Make = Callable[[float | int], ColumnElement]  # a value -> what a rule makes of it


def by_day(key: str, day: ColumnElement, make: Make = literal) -> ColumnElement:
    """The value of a parameter in force on a service date, or what ``make`` makes of it, as an expression."""
    return _dated(key, lambda start: day < literal(start, Date), make)


def by_month(key: str, month: ColumnElement, make: Make = literal) -> ColumnElement:
    """The same for the value in force at the end of a month (an integer)."""
    return _dated(key, lambda start: month < _month(start), make)


def _dated(key: str, before, make: Make) -> ColumnElement:
    values = parameters()[key]
    if len(values) == 1:
        return make(_plain(values[0].value))
    branches = [(before(later.start), make(_plain(now.value))) for now, later in pairwise(values)]
    return case(*branches, else_=make(_plain(values[-1].value)))


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value
