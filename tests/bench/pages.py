"""How long the server takes for each page: a visit as a browser makes it, in a session of its own."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from commands.server import choose_port, running
from commands.session import visit
from data.installation import HOME_VARIABLE
from tests.bench.district import LAST_MONTH

# Pages as the menu names them; the indicator once without and once with its list of people.
VISITS: dict[str, dict[str, str]] = {
    "overview": {},
    "indicator": {"ind": "op_visits"},
    "indicator, gap list": {"ind": "htn_control_rate"},
    "scorecard": {},
    "todo": {"unit": "U002"},  # the people of one centre with its stations
    "map": {},
    "catalogue": {},
    "data": {},
}


def time_pages(folder: Path, times: int) -> dict[str, tuple[float, float]]:
    """Median seconds of each page: (from the figures, from answers that the server remembers).

    A month that nobody has looked at yet is read from the store; looked at again, its answers are
    constants in memory: what is left is drawing the page.
    """
    spent = {}
    with running(choose_port(None, 8601), **{HOME_VARIABLE: str(folder)}) as address:
        for page, query in VISITS.items():
            path = page.partition(",")[0]
            seconds = [_seconds(address, path, query, months_back) for months_back in range(times + 1)]
            again = [_seconds(address, path, query, months_back) for months_back in range(times + 1)]
            # The first visit of a page also imports what it needs.
            spent[page] = median(seconds[1:]), median(again[1:])
    return spent


def _seconds(address: str, page: str, query: dict[str, str], months_back: int) -> float:
    month = LAST_MONTH - months_back
    started = time.perf_counter()
    seen = visit(address, page, month=f"{month // 12}-{month % 12 + 1:02d}", **query)
    spent = time.perf_counter() - started
    if seen.failed or seen.exceptions:
        raise RuntimeError(f"{page} shows an exception: {'; '.join(seen.exceptions)}")
    return spent
