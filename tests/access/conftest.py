"""Cheap hashes: what is tested here is not how slow they are. An empty database of accounts and the log."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from data.access import passwords
from data.access.tables import PLAN
from data.small_database import open_database


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "_N", 2**4)
    monkeypatch.setattr(passwords, "_NOBODY", passwords.hashed("nobody's"))


@pytest.fixture
def log(tmp_path):
    found = open_database(SimpleNamespace(database="", folder=tmp_path), PLAN)
    yield found
    found.close()
