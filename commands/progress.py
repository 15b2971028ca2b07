"""How far something is: one line rewritten on a terminal, one line a step in a log."""

from __future__ import annotations

import sys
import time

_PAUSE = 0.2  # seconds between two rewritings


class Progress:
    """Called with what is being done, and with how much of it is done where that is known."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._step = ""
        self._began = self._shown = time.monotonic()

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        if self._quiet:
            return
        now = time.monotonic()
        if step != self._step:
            self.close()
            self._step, self._began = step, now
            if not sys.stdout.isatty():
                print(f"· {step}", flush=True)
        elif now - self._shown < _PAUSE and done < total:
            return
        self._shown = now
        if sys.stdout.isatty():
            share = f" {100 * done // total:3}%" if total else ""
            print(f"\r· {step}{share}\033[K", end="", flush=True)

    def close(self) -> None:
        """End the line of the step, with the seconds that it took."""
        if self._step and not self._quiet and sys.stdout.isatty():
            print(f"\r· {self._step} {time.monotonic() - self._began:.1f} s\033[K", flush=True)
        self._step = ""
