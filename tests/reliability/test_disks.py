"""A full disk and damaged files: what is told, what stays as it was, and that work goes on afterwards.

The disk is full for a child process alone: the system refuses to let any file of it grow beyond a limit.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, text

from commands.errors import explanation
from data.failures import DAMAGED, FULL, failure
from data.register import open_register
from data.store import open_store
from metrics import published
from metrics.build import build
from metrics.cards import CARDS
from tests.intake.helpers import FOLLOWUPS, District

ROOT = Path(__file__).parents[2]
_FEW = [CARDS["hr_filing_rate"], CARDS["htn_control_rate"]]
_CHILD = """
import resource, sys
from pathlib import Path
from commands.errors import explanation
from data.installation import open_installation
from data.store import open_store
from data.intake.importing import import_files
from metrics.build import build
from metrics.cards import CARDS

limit, folder, task = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
installation = open_installation(folder)
store = open_store(installation)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    if task == "build":
        build(store, installation, cards=[CARDS["hr_filing_rate"], CARDS["htn_control_rate"]])
    else:
        import_files(store, installation, [Path(task)], by="tester")
except Exception as error:
    sys.exit(explanation(error) or repr(error))
"""

pytestmark = pytest.mark.parametrize("engine_name", ["duckdb"])


@pytest.fixture
def district(store, installation, tmp_path):
    made = District(store, installation, tmp_path / "files")
    made.masters()
    return made


def followups(district: District, rows: int) -> Path:
    lines = [f"V{n}, E{n % 2 + 1}, 2025-01-{n % 28 + 1:02}, S1, {100 + n % 60}, 80" for n in range(rows)]
    head = FOLLOWUPS.strip().splitlines()[0]
    return district.file("高血压随访_20250301.csv", "\n".join([head, *lines]))


def files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()}


def on_a_full_disk(installation, task: str, part: str) -> str:
    """What a task says when no file of its may grow far beyond the largest one of a part."""
    there = files(installation.folder / "store").items()
    largest = max(size for name, size in there if name.startswith(part))
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(largest + 8_000), str(installation.folder), task],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == 1, child.stderr
    return child.stderr.strip()


def test_an_import_on_a_full_disk_changes_nothing(district, installation):
    before, generation = district.people(), district.store.generation()
    kept = files(installation.folder / "store")
    path = followups(district, 8_000)
    district.store.close()
    assert on_a_full_disk(installation, str(path), "records") == FULL
    again = open_store(installation)
    district.store = again
    assert again.generation() == generation
    assert district.people() == before
    assert {name for name in files(installation.folder / "store") if name.endswith(".duckdb")} == {
        name for name in kept if name.endswith(".duckdb")
    }
    report = district.load(path)
    assert report.files[0].account.new == 8_000
    again.close()


def test_a_build_on_a_full_disk_leaves_the_figures_as_they_were(district, installation):
    store = district.store
    district.load(district.file("高血压随访_20250302.csv", FOLLOWUPS))
    build(store, installation, cards=_FEW)
    with store.published() as connection:
        before = sorted(map(tuple, connection.execute(select(published.figure))), key=repr)
    district.load(followups(district, 8_000))
    generation = store.generation()
    store.close()
    assert on_a_full_disk(installation, "build", "published") == FULL
    again = open_store(installation)
    assert again.generation() == generation
    with again.published() as connection:
        assert sorted(map(tuple, connection.execute(select(published.figure))), key=repr) == before
    build(again, installation, cards=_FEW)
    assert again.generation() > generation
    again.close()


def test_what_people_write_on_a_full_disk_is_refused_whole(installation):
    register = open_register(installation)
    with register.writing() as connection:
        connection.execute(text("CREATE TABLE note (words TEXT)"))
    with pytest.raises(Exception, match="full") as refused, register.writing() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        for _ in range(100):
            connection.execute(text("INSERT INTO note VALUES (:words)"), {"words": "字" * 1000})
    assert failure(refused.value) == FULL
    with register.writing() as connection:
        assert connection.execute(text("SELECT count(*) FROM note")).scalar() == 0
        connection.execute(text("INSERT INTO note VALUES ('后来的')"))
    register.close()


DAMAGE = {
    "cut off": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "zeros": lambda content: bytes(len(content)),
    "another head": lambda content: b"\x17" * 4096 + content[4096:],
    "bits turned": lambda content: bytes(
        byte ^ 255 if at % 50_000 == 20_000 else byte for at, byte in enumerate(content)
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_store_says_so(district, installation, damage):
    district.store.close()
    (path,) = (installation.folder / "store").glob("records-*.duckdb")
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    again = open_store(installation)
    with pytest.raises(Exception) as met, again.records() as connection:
        for table in connection.execute(text("SELECT table_name FROM duckdb_tables()")).scalars().all():
            connection.execute(text(f'SELECT * FROM records."{table}"')).fetchall()
    assert explanation(met.value) == DAMAGED
    again.close()


def test_a_store_file_that_is_gone_says_so(district, installation):
    district.store.close()
    (path,) = (installation.folder / "store").glob("records-*.duckdb")
    path.unlink()
    again = open_store(installation)
    with pytest.raises(Exception) as met, again.records() as connection:
        connection.execute(text("SELECT 1"))
    assert explanation(met.value) == DAMAGED
    again.close()


@pytest.mark.parametrize("damage", ["cut off", "zeros", "another head"])
def test_a_damaged_register_says_so(installation, damage):
    register = open_register(installation)
    register.close()
    path = installation.folder / "register.sqlite"
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    for companion in installation.folder.glob("register.sqlite-*"):
        companion.unlink()
    with pytest.raises(Exception) as met:
        open_register(installation)
    assert explanation(met.value) == DAMAGED


def test_other_errors_are_not_taken_for_it(installation):
    assert failure(ValueError("disk is full")) is None
    assert failure(sqlite3.OperationalError("no such table: note")) is None
    assert failure(OSError(2, "No such file")) is None
