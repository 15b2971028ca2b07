"""The last few values by key, held for everybody who may see the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from pages._store import installation, one_generation
from pages._who import principal


class Kept:
    """The last few values by key. Two who ask at the same time may both compute: the answers are the same."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value of a key, made where it is not held."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


def scope() -> tuple:
    """What a key begins with: the installation, the generation held, and what the principal may see."""
    with one_generation() as known:
        return installation().id, known.generation, principal().key()
