"""A register on each engine, and people who may do different things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from data.installation import Installation
from data.register import Register, open_register
from metrics.principal import EVERYTHING, Principal, Scope
from metrics.supervision import findings
from tests.roles import as_role

BUREAU = as_role("li", "officer", EVERYTHING, EVERYTHING)
CENTRE = as_role("wang", "director", EVERYTHING, Scope(frozenset({7, 8})))
CLINIC = as_role("zhao", "doctor", Scope(frozenset({7})), Scope(frozenset({7})))
OTHER = as_role("sun", "director", EVERYTHING, Scope(frozenset({9})))
TODAY = date(2026, 3, 31)


@pytest.fixture
def register(installation: Installation) -> Iterator[Register]:
    opened = open_register(installation)
    yield opened
    opened.close()


@pytest.fixture
def do(register: Register) -> Callable[..., Any]:
    """``do(function, principal, ...)``: one edit."""

    def edit(function: Callable[..., Any], principal: Principal, *given: Any, **named: Any) -> Any:
        with register.writing() as connection:
            return function(principal, connection, *given, **named)

    return edit


@pytest.fixture
def ask(register: Register) -> Callable[..., Any]:
    """``ask(function, principal, ...)``: one look."""

    def look(function: Callable[..., Any], principal: Principal, *given: Any, **named: Any) -> Any:
        with register.reading() as connection:
            return function(principal, connection, *given, **named)

    return look


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
