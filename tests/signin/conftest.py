"""Cheap hashes: what is tested here is not how slow they are."""

from __future__ import annotations

import pytest

from data.access import passwords


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "_N", 2**4)
    monkeypatch.setattr(passwords, "_NOBODY", passwords.hashed("nobody's"))
