"""A frame of people who do not exist, and principals who may do different things (``register``, ``do``, ``ask``: tests/conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.register import Register
from metrics.principal import EVERYTHING, Scope
from metrics.verifying import drawing
from metrics.verifying.frame import Frame, Reported
from tests.roles import as_role

OCTOBER = 2026 * 12 + 9
CARD = "htn_standard_rate"
BUREAU, CENTRE, OTHER, CLINIC = 1, 2, 3, 20
TREE = {BUREAU: None, CENTRE: BUREAU, OTHER: BUREAU, CLINIC: CENTRE}
OFFICER = as_role("li", "officer", EVERYTHING, EVERYTHING)
LEADER = as_role("chen", "leader", EVERYTHING, EVERYTHING)
DIRECTOR = as_role("wang", "director", EVERYTHING, Scope(frozenset({CENTRE, CLINIC})))
STRANGER = as_role("sun", "director", EVERYTHING, Scope(frozenset({OTHER})))
CLERK = as_role("zhou", "clerk", EVERYTHING, Scope(frozenset()))


def made_up(counts: dict[int, int], denominators: dict[int, int]) -> Frame:
    """A frame of so many people at each unit; every third was entered late, every fifth on a crowded day."""
    unit = np.repeat(list(counts), list(counts.values()))
    number = np.arange(len(unit))
    day = pd.Timestamp("2026-10-05")
    counted = pd.DataFrame(
        {
            "person": 1000 + number,
            "unit": unit,
            "doctor": np.where(number % 2, "张医生", None),
            "day": day,
            "entered_on": [day + pd.Timedelta(days=60 if one % 3 == 0 else 1) for one in number],
            "day_services": np.where(number % 5, 3, 90),
            "typed_rows": 1,
        }
    )
    figures = {
        one: Reported(sum(n for at, n in counts.items() if one in line(at)), denominators[one])
        for one in TREE
        if any(one in line(at) for at in counts)
    }
    return Frame(counted, TREE, figures, 7, "abcdef1234567890")


def line(unit: int) -> set[int]:
    """A unit and those above it."""
    found: set[int] = set()
    at: int | None = unit
    while at is not None:
        found.add(at)
        at = TREE[at]
    return found


FRAME = made_up({CENTRE: 30, CLINIC: 60, OTHER: 90}, {BUREAU: 300, CENTRE: 150, CLINIC: 100, OTHER: 150})


@pytest.fixture
def start(register: Register, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """``start(size=60)``: a sample of FRAME (or ``of`` another), drawn by the officer."""

    def draw(of: Frame = FRAME, **named: Any) -> int:
        monkeypatch.setattr(drawing, "frame", lambda *_asked: of)
        asked = {"size": 60} | named
        made = drawing.sample(SimpleNamespace(), OFFICER, CARD, BUREAU, OCTOBER, "ytd", **asked)
        with register.writing() as connection:
            return drawing.keep(OFFICER, connection, made)

    return draw
