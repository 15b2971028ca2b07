"""People who may do different things, and findings (``register``, ``do``, ``ask`` stand in tests/conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from metrics.principal import EVERYTHING, Scope
from metrics.supervision import findings
from tests.roles import as_role

BUREAU = as_role("li", "officer", EVERYTHING, EVERYTHING)
CENTRE = as_role("wang", "director", EVERYTHING, Scope(frozenset({7, 8})))
CLINIC = as_role("zhao", "doctor", Scope(frozenset({7})), Scope(frozenset({7})))
OTHER = as_role("sun", "director", EVERYTHING, Scope(frozenset({9})))
TODAY = date(2026, 3, 31)


@pytest.fixture
def issue(do) -> Callable[..., int]:
    """``issue("2026-03-02")``: a finding of that day, at unit 7, of drugs, low, unless it is said otherwise."""

    def new(day: str, unit: int = 7, kind: str = "sup_drugs", severity: str = "low", **more: Any) -> int:
        words = more.pop("what", "缺少基本药物")
        on = date.fromisoformat(day)
        return do(
            findings.issue, BUREAU, unit, kind, severity, words, issued_on=on, today=max(on, TODAY), **more
        )

    return new
