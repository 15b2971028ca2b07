"""What workers share, and who runs what: nothing costly is made twice, and what takes long begins first."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from data.lock import LockedError, exclusive

Made = TypeVar("Made")

#: Rooms of which all tests run on one worker: they share a server and a browser.
ROOMS = ("tests/browser",)
#: A module of stores that it fills one by one: the tests of one store run on one worker. The number is that of a spec.
STORES = re.compile(r"(tests/spec/test_through_files\.py)::.*-(\d+)\]$")
SPECS_A_STORE = 40
#: What takes longest, longest first. Whatever is not named follows in the order of its files, then the stores:
#: there are many of them and each takes seconds, so that workers end together.
LONGEST = (
    "tests/browser",
    "tests/demo/test_demo_register.py",
    "tests/property/test_plain_count.py",
    "tests/property/test_builds.py",
    "tests/pages/test_pages.py",
    "tests/platform/test_check.py",
    "tests/spec/test_spec_dated.py",
    "tests/exports/test_opened.py",
    "tests/mutation/test_mutants.py",
    "tests/pages/test_appraisal_page.py",
    "tests/engines/test_agree.py",
    "tests/intake/test_order.py",
    "tests/pages/test_carry.py",
    "tests/intake/test_persons.py",
    "tests/property/test_published.py",
    "tests/spec/test_spec_cards.py",
)


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """What ``make`` gives for a folder that all workers share; it is called by one at a time.

    It must finish what it finds unfinished and give what it finds made.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    while True:
        try:
            with exclusive(base / f"{name}.lock"):
                return make(base / name)
        except LockedError:
            time.sleep(0.2)


def group_of(nodeid: str) -> str:
    """What a test runs together with, on one worker: its module, its room, or the store that it asks."""
    if store := STORES.match(nodeid):
        return f"{store[1]} {int(store[2]) // SPECS_A_STORE}"
    return next((room for room in ROOMS if nodeid.startswith(f"{room}/")), nodeid.partition("::")[0])


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The items as they are handed out: groups whole, what takes longest first."""
    place = {name: number for number, name in enumerate(LONGEST)}
    last = len(place)

    def turn(item: pytest.Item) -> int:
        return last + 1 if STORES.match(item.nodeid) else place.get(group_of(item.nodeid), last)

    return sorted(items, key=turn)


def scheduler(config: pytest.Config, log: object):
    """xdist's scheduler of whole groups, with the groups above."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False  # our order, not that by number of tests
    return ByGroup(config, log)
