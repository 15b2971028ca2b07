"""Killed without a warning: what was said to be done is there, the rest is not, and work goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from data.access import audit, open_access
from data.access.tables import entry
from data.store import open_store
from metrics import published
from metrics.build import build
from metrics.cards import CARDS
from tests.intake.helpers import FOLLOWUPS, District

ROOT = Path(__file__).parents[2]
_FEW = [CARDS["hr_filing_rate"], CARDS["htn_control_rate"]]
_WRITER = """
import sys
from pathlib import Path
from data.access import audit, open_access
from data.installation import open_installation

database = open_access(open_installation(Path(sys.argv[1])))
who = audit.Who("wang", "leader", "10.0.0.7")
while True:
    print(audit.write(database, who, "export", {"file": "表.csv"}), flush=True)
"""
_BUILDER = """
import sys
from pathlib import Path
from data.installation import open_installation
from data.store import open_store
from metrics.build import build
from metrics.cards import CARDS

installation = open_installation(Path(sys.argv[1]))
def progress(what, share):
    print(what, share, flush=True)
build(open_store(installation), installation, progress, cards=[CARDS["hr_filing_rate"], CARDS["htn_control_rate"]])
print("finished", flush=True)
"""

pytestmark = pytest.mark.parametrize("engine_name", ["duckdb"])


def started(code: str, installation) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(installation.folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def killed_after(lines: int, child: subprocess.Popen) -> list[str]:
    """Kill it once it has said so much; everything that it had said by then."""
    said = [child.stdout.readline().strip() for _ in range(lines)]
    child.kill()
    said += child.stdout.read().split("\n")
    child.wait()
    child.stdout.close()
    return [line.strip() for line in said if line.strip()]


def test_what_was_written_down_is_there(installation):
    """The last entry that was said to be written is there, and the log's chain is whole."""
    open_access(installation).close()
    said = killed_after(30, started(_WRITER, installation))
    database = open_access(installation)
    with database.reading() as connection:
        there = connection.execute(select(entry.c.entry).order_by(entry.c.entry)).scalars().all()
        assert there[: len(said)] == list(map(int, said))
        assert len(there) <= len(said) + 1  # the one that it was about to tell
    who = audit.Who("li", "officer", "10.0.0.8")
    assert audit.write(database, who, "export", {}) == len(there) + 1
    database.close()


@pytest.mark.parametrize("steps", [1, 3])
def test_a_killed_build_leaves_the_figures_as_they_were(store, installation, tmp_path, steps):
    district = District(store, installation, tmp_path / "files")
    district.masters()
    district.load(district.file("高血压随访_20250302.csv", FOLLOWUPS))
    build(store, installation, cards=_FEW)
    before, generation = figures(store), store.generation()
    district.load(
        district.file("高血压随访_20250303.csv", FOLLOWUPS.replace("V1", "V7").replace("01-10", "03-10"))
    )
    generation = store.generation()
    store.close()
    assert "finished" not in killed_after(steps, started(_BUILDER, installation))
    again = open_store(installation)
    assert again.generation() == generation
    assert figures(again) == before
    build(again, installation, cards=_FEW)
    assert again.generation() > generation
    assert figures(again) != before
    again.close()


def figures(store) -> list[tuple]:
    with store.published() as connection:
        return sorted(map(tuple, connection.execute(select(published.figure))), key=repr)
