"""Which tests run together: nothing costly is made by two workers, and what takes longest begins first."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from commands.environment import ROOT
from commands.test import _workers
from tests import sharing
from tests.spec.every import SPECS


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [
        ("tests/demo/test_demo.py::test_x", "tests/demo/test_demo.py"),
        ("tests/browser/test_walks.py::test_x[desktop-map]", "tests/browser"),
        ("tests/spec/test_through_files.py::test_x[a-0]", "tests/spec/test_through_files.py 0"),
        ("tests/spec/test_through_files.py::test_y[a_b-79]", "tests/spec/test_through_files.py 1"),
        ("tests/spec/test_spec_cards.py::test_spec[duckdb-a: b::c]", "tests/spec/test_spec_cards.py"),
    ],
)
def test_a_group_is_a_module_a_room_or_a_store(nodeid: str, group: str):
    assert sharing.group_of(nodeid) == group


def test_what_takes_longest_begins_first_and_the_rest_keeps_its_order():
    store = "tests/spec/test_through_files.py::test_x[a-0]"
    rest = ["tests/a.py::one", "tests/a.py::two"]
    names = [store, *rest, f"{sharing.LONGEST[1]}::x", f"{sharing.LONGEST[0]}::y"]
    found = sharing.in_order([SimpleNamespace(nodeid=name) for name in names])
    assert [item.nodeid for item in found] == [names[4], names[3], *rest, store]


def test_what_is_named_is_there():
    assert not [name for name in (*sharing.LONGEST, *sharing.ROOMS) if not (ROOT / name).exists()]
    assert len(SPECS) > 2 * sharing.SPECS_A_STORE


def test_what_is_shared_is_made_once(tmp_path_factory: pytest.TempPathFactory):
    """Who comes second finds it made."""

    def make(folder):
        folder.mkdir(exist_ok=True)
        (folder / str(len(list(folder.iterdir())))).touch()
        return len(list(folder.iterdir()))

    assert [sharing.shared(tmp_path_factory, "counted", make) for _ in range(2)] == [1, 2]


def test_workers_get_whole_groups():
    words = _workers([])
    assert not words or words[-2:] == ["--dist", "loadscope"]
