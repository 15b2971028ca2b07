"""One measurement in a process of its own: ``python -m tests.bench.measure TASK FOLDER [WORD...]``.

The last line that it prints is JSON; every task says seconds (wall) and cpu_seconds (all threads), and the
process's peak memory in MB where the system tells it.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.identity import metadata as identities
from data.installation import make_installation, open_installation
from data.store import create_missing, open_store
from metrics.build import build
from metrics.cards import CARDS
from tests.bench import district, naive, queries

FIRST = district.FIRST_YEAR * 12
LAST = district.LAST_MONTH


def make(folder: Path, residents: str, held_back: str = "") -> dict:
    """An installation with a district's records; with ``held_back`` all but the last month's."""
    with clock() as spent:
        installation = make_installation(folder, kind="demo", name="bench")  # in a demo nobody has to sign in
        drawn = district.draw(int(residents))
        store = open_store(installation)
        district.fill(store, drawn, late_from=LAST if held_back else None)
        with store.change("identity") as draft:  # empty: lists show no names
            create_missing(draft.identity, identities)
        store.close()
    return {"rows": drawn.rows(), **spent}


def add_month(folder: Path, residents: str) -> dict:
    """The last month's rows, as one event."""
    with clock() as spent:
        store = open_store(open_installation(folder))
        added = district.add_late(store, district.draw(int(residents)), LAST)
        store.close()
    return {"added": added, **spent}


def build_cards(folder: Path, which: str, how: str) -> dict:
    """A build of "all" cards or of the "few" that the hand-written queries answer; ``how``: "full", "added"."""
    installation = open_installation(folder)
    store = open_store(installation)
    cards = None if which == "all" else [CARDS[key] for key in queries.CARDS]
    with clock() as spent:
        built = build(store, installation, full=how == "full", cards=cards)
    store.close()
    return {
        "kind": built.kind,
        "cards": len(CARDS) if cards is None else len(cards),
        **spent,
        **_published(folder),
    }


def by_hand(folder: Path) -> dict:
    """The hand-written queries."""
    return _counted(folder, queries.by_hand)


def with_pandas(folder: Path) -> dict:
    """Plain pandas, month after month."""
    return _counted(folder, naive.with_pandas)


def scan(folder: Path) -> dict:
    """Every column that the hand-written queries need, read once."""
    with _open(folder, "records") as connection, clock() as spent:
        queries.scan(connection)
    return spent


def _counted(folder: Path, count: Callable) -> dict:
    with _open(folder, "records") as connection, clock() as spent:
        counts = count(connection, FIRST, LAST)
    rows = (
        f"{card} {part} {unit} {month} {n}"
        for (card, part), places in counts.items()
        for (unit, month), n in places.items()
        if n
    )
    return {"counts": _digest(rows), **spent}


def _published(folder: Path) -> dict:
    """What was published: rows and bytes, a digest of every figure, and one of the few cards' counts."""
    path = folder / "store" / _parts(folder)["published"]
    with _open(folder, "published") as connection:
        tables = ("figure", "tally", "delivery", "cell", "unit", "target")
        sums = [
            connection.execute(f"SELECT count(*), sum(hash({table})) FROM published.{table}").fetchone()
            for table in tables
        ]
        few = connection.execute(
            "SELECT indicator, part, unit, month, n FROM published.tally WHERE indicator IN ? AND month <= ?",
            [list(queries.CARDS), LAST],
        ).fetchall()
    rows = (" ".join(map(str, row)) for row in few if row[:2] in queries.PARTS)
    return {
        "figures": sums[0][0],
        "bytes": path.stat().st_size,
        "published": _digest(f"{table} {row}" for table, row in zip(tables, sums, strict=True)),
        "counts": _digest(rows),
    }


def _digest(lines) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def _parts(folder: Path) -> dict[str, str]:
    return json.loads((folder / "store" / "current.json").read_text("utf-8"))["parts"]


@contextmanager
def _open(folder: Path, part: str) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(folder / "store" / _parts(folder)[part]), read_only=True)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def clock() -> Iterator[dict[str, float]]:
    """Seconds of the block, and the CPU seconds of all threads; filled in at its end."""
    spent: dict[str, float] = {}
    wall, cpu = time.perf_counter(), time.process_time()
    yield spent
    spent["seconds"] = time.perf_counter() - wall
    spent["cpu_seconds"] = time.process_time() - cpu


def peak_mb() -> float | None:
    """The most memory that this process has had, in MB; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size / 1e3


TASKS = {task.__name__: task for task in (make, add_month, build_cards, by_hand, with_pandas, scan)}

if __name__ == "__main__":
    task, folder, *words = sys.argv[1:]
    result = TASKS[task](Path(folder), *words)
    print(json.dumps({**result, "peak_mb": peak_mb()}))
