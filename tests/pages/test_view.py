"""The view in the address, where a page's own script cannot show it: what the browser reports at odd moments."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pages import _view
from pages._view import View, selector


@pytest.mark.parametrize(
    ("reported", "address"),
    [
        ("cover", {"goal": "cover", "ask": "1"}),  # what stands there already: no choice, nothing is dropped
        ("median", {"goal": "median"}),
        (None, {"goal": "cover", "ask": "1"}),
    ],
)
def test_only_another_value_is_a_choice(monkeypatch, reported, address):
    """A selector that just left the page may report its value again, with the click that follows."""
    asked = {"goal": "cover", "ask": "1"}
    state: dict[str, object] = {}
    monkeypatch.setattr(_view, "st", SimpleNamespace(query_params=asked, session_state=state))
    told = {}
    selector(
        View(values={"goal": "cover"}),
        lambda *_, **settings: told.update(settings),
        "goal",
        ["cover", "median"],
        str,
        "",
        ("ask",),
    )
    state["filter_goal"] = reported
    told["on_change"]()
    assert asked == address
