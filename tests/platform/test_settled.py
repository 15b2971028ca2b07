"""When the heap is searched: not after every click, and yet garbage does not stay."""

from __future__ import annotations

import gc
import tomllib

import pytest

from commands.environment import ROOT
from pages import _settled


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets, a process in which nothing was drawn, and the searches that were made."""
    now, searched, apart = [1000.0], [], []
    monkeypatch.setattr(_settled, "_drawn", set())
    monkeypatch.setattr(_settled, "_last", 0.0)
    monkeypatch.setattr(_settled.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(_settled.gc, "collect", lambda *_: searched.append(now[0]))
    monkeypatch.setattr(_settled.gc, "freeze", lambda: apart.append(now[0]))
    return now, searched, apart


def test_the_framework_does_not_search_after_every_click():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["runner"]["postScriptGC"] is False
    assert gc.isenabled()


def test_a_page_drawn_for_the_first_time_is_set_apart_once(clock):
    _now, searched, apart = clock
    for _ in range(3):
        _settled.settle("overview")
    _settled.settle("map")
    assert searched == [1000.0, 1000.0] and apart == [1000.0, 1000.0]


def test_what_sessions_leave_is_searched_for_once_a_minute(clock):
    now, searched, apart = clock
    for at in (1000.0, 1059.0, 1060.0, 1061.0, 1119.0, 1121.0):
        now[0] = at
        _settled.settle("overview")
    assert searched == [1000.0, 1060.0, 1121.0] and apart == [1000.0]
