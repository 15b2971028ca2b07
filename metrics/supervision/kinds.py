"""What supervision calls things: kinds of findings and visits, severities, states, further steps; buckets of age."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

from data.intake.layouts import FOLDER as LAYOUTS
from metrics.sentences import sentences
from metrics.standards import FOLDER
from metrics.standards.files import StandardsError, read_csv

SEVERITIES = ("low", "middle", "high")
STEPS = ("warning_letter", "interview", "fund_deduction", "closed_down")
#: A kind of finding that supervision makes begins with this; others are audits and notices to residents.
PREFIX = "sup_"


@cache
def finding_kinds() -> tuple[str, ...]:
    """Kinds of findings, as the records know them."""
    return tuple(kind for kind in _listed("finding_kind") if kind.startswith(PREFIX))


@cache
def visit_kinds() -> tuple[str, ...]:
    """Kinds of visits, as the records know them."""
    return _listed("inspection_kind")


def word(group: str, code: str, language: str) -> str:
    """A code in words; ``group``: kind, visit, severity, state, visit_state, step, recheck."""
    return sentences(language)(f"supervision.{group}.{code}")


@dataclass(frozen=True)
class Bucket:
    """An age in days, both ends included; ``last`` None: no end."""

    code: str
    first: int
    last: int | None
    zh: str
    en: str

    def holds(self, days: int) -> bool:
        """Whether so many days fall into it."""
        return self.first <= days and (self.last is None or days <= self.last)


def buckets(day: date) -> tuple[Bucket, ...]:
    """The buckets by which the ageing list is sorted on a day, youngest first."""
    dated = _buckets()
    return dated[max((start for start in dated if start <= day), default=min(dated))]


def bucket_of(days: int, day: date) -> Bucket:
    """The bucket of an age on a day."""
    return next(bucket for bucket in buckets(day) if bucket.holds(max(days, 0)))


@cache
def _buckets() -> dict[date, tuple[Bucket, ...]]:
    rows = read_csv(FOLDER / "ageing.csv")
    found = {}
    for start, group in groupby(rows, lambda row: row["from"]):
        made = tuple(
            Bucket(
                row["code"],
                int(row["first_day"]),
                int(row["last_day"]) if row["last_day"] else None,
                row["zh"],
                row["en"],
            )
            for row in group
        )
        follows = [0, *(bucket.last + 1 for bucket in made[:-1])]
        if [bucket.first for bucket in made] != follows or made[-1].last is not None:
            raise StandardsError(
                f"ageing.csv, from {start}: buckets follow each other from 0 on, the last is open"
            )
        found[date.fromisoformat(start)] = made
    return found


def _listed(name: str) -> tuple[str, ...]:
    codes = tomllib.loads((LAYOUTS / "lists" / f"{name}.toml").read_text("utf-8"))["codes"]
    return tuple(dict.fromkeys(value for _, _, value, *_ in codes))
