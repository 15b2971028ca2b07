"""What stays is not searched for garbage after every click.

The framework has all objects of the process searched after each run of a page. Of the modules, cards and answers that
stay until the server ends there are so many that this took longer than the page itself, and meanwhile nobody else's page
ran. So what is there once a page has been drawn for the first time is set apart.
"""

from __future__ import annotations

import gc
import threading

_drawn: set[str] = set()
_one = threading.Lock()


def settle(page: str) -> None:
    """After a page was drawn: at its first time in this process, set apart what is there."""
    if page in _drawn:
        return
    with _one:
        _drawn.add(page)
        gc.collect()  # garbage that is set apart would stay for ever
        gc.freeze()
