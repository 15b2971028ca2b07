"""How far something is: one line rewritten on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_PAUSE = 0.2  # seconds between two rewritings on a terminal
_STEP = 0.25  # share of the whole between two lines in a log


class Progress:
    """A named piece of work: ``with Progress("计算 · building") as progress: progress("figures", 0.9)``."""

    def __init__(self, title: str, *, quiet: bool = False) -> None:
        self._title = title
        self._quiet = quiet
        self._rewrites = sys.stdout.isatty()
        self._began = time.monotonic()
        self._shown_at = 0.0
        self._shown_share = 0.0

    def __enter__(self) -> Progress:
        self._began = time.monotonic()
        self._say(f"· {self._title}")
        return self

    def __call__(self, what: str, done: float, total: float = 1) -> None:
        """``what`` is being done; ``done`` of ``total`` is done before it."""
        now = time.monotonic()
        share = done / total if total else 1.0
        if self._rewrites and now - self._shown_at >= _PAUSE:
            self._shown_at = now
            self._say(f"· {self._title} {share:4.0%} {what}")
        elif not self._rewrites and share >= self._shown_share + _STEP:
            self._shown_share = share
            self._say(f"· {self._title} {share:4.0%}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._say(f"· {self._title} {time.monotonic() - self._began:.1f} s", last=True)
        elif self._rewrites:
            print()  # the message that follows gets a line of its own

    def _say(self, text: str, *, last: bool = False) -> None:
        if self._quiet:
            return
        if self._rewrites:
            print(f"\r{text}\033[K", end="\n" if last else "", flush=True)
        else:
            print(text, flush=True)
