"""What every part of a round's life stands on: its row, its sheet, who may do what, how it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from data.register.tables import appraisal_round
from metrics.appraisal.sheet import Sheet, find, parse
from metrics.principal import Principal, Scope

PERIODS = ("quarter", "half", "year")
DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
#: The right to write scores, by what is appraised; nobody scores himself.
SCORING_RIGHT = {"unit": "decide", "doctor": "score"}


class RoundError(Exception):
    """What cannot be done and why, in both languages: ``error[language]``."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}。\n{en}.")
        self._told = {"zh": f"{zh}。", "en": f"{en}."}

    def __getitem__(self, language: str) -> str:
        return self._told[language]


def round_of(connection: Connection, number: int) -> Mapping[str, Any]:
    """The row of a round. Raises LookupError."""
    row = (
        connection.execute(select(appraisal_round).where(appraisal_round.c.round == number))
        .mappings()
        .first()
    )
    if row is None:
        raise LookupError(f"no round {number}")
    return row


def sheet_of(row: Mapping[str, Any]) -> Sheet:
    """The sheet that a round is scored by: the frozen one, or of a draft the one on file.

    Raises RoundError where a draft's sheet is no longer there.
    """
    if row["sheet_text"]:
        return _frozen(row["sheet_text"], f"{row['sheet']} {row['sheet_version']}")
    try:
        return find(row["sheet"], row["sheet_version"])
    except LookupError as error:
        raise RoundError(
            f"评分表 {row['sheet']}（{row['sheet_version']}）已不在；请放回文件，或撤销这一轮后另开一轮",
            f"the sheet {row['sheet']} ({row['sheet_version']}) is gone: put its file back, or withdraw this round",
        ) from error


@lru_cache(maxsize=64)
def _frozen(text: str, name: str) -> Sheet:
    return parse(text, name, frozen=True)


def scope_of(principal: Principal, subject: str) -> Scope:
    """Doctors are persons: peers see units' scores, not theirs."""
    return principal.own if subject == "doctor" else principal.figures


def now() -> datetime:
    """The time to the second."""
    return datetime.now().replace(microsecond=0)
