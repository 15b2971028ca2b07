"""Checks of a child by age, and who acts on a warning by when: ``child_schedule.csv`` and ``warnings.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from metrics.standards import read_csv

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Warning:
    """Who acts on a warning, and within how many days."""

    owner_zh: str
    owner_en: str
    days: int
    source: str


@cache
def child_checks() -> dict[int, int]:
    """Age in full years -> checks that a year at that age asks for."""
    return {int(row["age"]): int(row["checks"]) for row in read_csv(_FOLDER / "child_schedule.csv")}


@cache
def warnings() -> dict[str, Warning]:
    """Key of the warning's card -> who acts, by when."""
    return {
        row["key"]: Warning(row["owner_zh"], row["owner_en"], int(row["days"]), row["source"])
        for row in read_csv(_FOLDER / "warnings.csv")
    }
