"""When the heap is searched for garbage, and what of it is never searched.

The framework would have all objects of the process searched after each run of a page, and meanwhile nobody else's page
runs: with fifty people that took most of the time. So ``.streamlit/config.toml`` switches it off. What is there once a
page has been drawn for the first time (modules, cards, answers) stays until the server ends and is set apart; the rest
is searched once a minute at most, so that sessions that ended give back what they held (but for rings of objects of those that were there when a page was
drawn for the first time: once a page, no more).
"""

from __future__ import annotations

import gc
import threading
import time

_BETWEEN_S = 60.0

_drawn: set[str] = set()
_one = threading.Lock()
_last = 0.0


def settle(page: str) -> None:
    """After a page was drawn: at its first time in this process set apart what is there; else search now and then."""
    global _last
    if page in _drawn and time.monotonic() - _last < _BETWEEN_S:
        return
    with _one:
        if page in _drawn and time.monotonic() - _last < _BETWEEN_S:
            return
        gc.collect()  # before setting apart: garbage that is set apart would stay for ever
        if page not in _drawn:
            _drawn.add(page)
            gc.freeze()
        _last = time.monotonic()
