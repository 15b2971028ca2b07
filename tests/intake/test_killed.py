"""Killed at any moment, an import leaves the store as it was, and the next one works."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.store import open_store
from tests.intake.helpers import FOLLOWUPS, District

_CODE = """
import sys
from pathlib import Path
from data.installation import open_installation
from data.intake.importing import import_files
from data.store import open_store

installation = open_installation(Path(sys.argv[1]))
def progress(step, done, total):
    print(step, done, total, flush=True)
import_files(open_store(installation), installation, [Path(sys.argv[2])], by="killed", progress=progress)
print("finished", flush=True)
"""


def big_file(district: District, rows: int) -> Path:
    lines = [f"V{n}, E{n % 2 + 1}, 2025-01-{n % 28 + 1:02}, S1, {100 + n % 60}, 80" for n in range(rows)]
    head = FOLLOWUPS.strip().splitlines()[0]
    return district.file("高血压随访_20250301.csv", "\n".join([head, *lines]))


@pytest.mark.parametrize("engine_name", ["duckdb"])
@pytest.mark.parametrize("steps", [1, 4])
def test_nothing_is_half_loaded(store, installation, tmp_path, steps):
    district = District(store, installation, tmp_path / "files")
    district.masters()
    before, generation = district.people(), store.generation()
    path = big_file(district, 60_000)
    store.close()
    child = subprocess.Popen(
        [sys.executable, "-c", _CODE, str(installation.folder), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    for _ in range(steps):
        line = child.stdout.readline()
        assert line and "finished" not in line
    time.sleep(0.05)
    child.kill()
    child.wait()
    child.stdout.close()
    again = open_store(installation)
    assert again.generation() == generation
    district.store = again
    assert district.people() == before
    report = district.load(district.file("高血压随访_20250302.csv", FOLLOWUPS))
    assert report.files[0].account.new == 3
    again.close()
