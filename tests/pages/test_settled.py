"""What a page leaves behind at its first drawing is set apart from the collector, once."""

from __future__ import annotations

import gc

import pytest

from pages import _settled


@pytest.fixture
def collector(monkeypatch):
    monkeypatch.setattr(_settled, "_drawn", set())
    before = gc.get_freeze_count()
    yield before
    gc.unfreeze()


def test_what_stays_is_set_apart_at_the_first_drawing(collector):
    kept = [[n] for n in range(10_000)]
    _settled.settle("overview")
    once = gc.get_freeze_count()
    assert once >= collector + len(kept)
    later = [[n] for n in range(10_000)]
    _settled.settle("overview")
    assert gc.get_freeze_count() == once
    _settled.settle("map")
    assert gc.get_freeze_count() >= once + len(later)


def test_garbage_is_not_kept(collector):
    gone = []

    class Held:
        def __del__(self):
            gone.append(True)

    ring = Held()
    ring.itself = ring
    del ring
    _settled.settle("overview")
    assert gone
