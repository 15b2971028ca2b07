"""Taking files in beside the page: every way that it can end is told, and one at a time begins."""

from __future__ import annotations

import threading
import time

import pytest

from data.installation import Installation, make_installation
from data.store import StoreError, open_store
from metrics.build import NothingToComputeError
from metrics.principal import LOCAL
from pages import _job


@pytest.fixture
def installation(tmp_path) -> Installation:
    return make_installation(tmp_path / "own", kind="own")


@pytest.fixture
def staged(installation):
    folder = _job.staging(installation)
    (folder / "file.csv").write_text("a,b\n1,2\n", "utf-8")
    return folder


def wait(job: _job.Job) -> _job.Job:
    for _ in range(500):
        if job.ended:
            return job
        time.sleep(0.01)
    raise TimeoutError("the job did not end")


def run(monkeypatch, installation, staged, take_in, compute) -> _job.Job:
    monkeypatch.setattr(_job, "import_files", take_in)
    monkeypatch.setattr(_job, "build", compute)
    return wait(_job.start(open_store(installation), installation, staged, 1, LOCAL))


def fails(error: Exception):
    def function(*_, **__):
        raise error

    return function


def works(*_, **__) -> None:
    return None


@pytest.mark.parametrize(
    ("take_in", "compute", "ended"),
    [
        (works, works, _job.UPDATED),
        (works, fails(NothingToComputeError("units only")), _job.NOTHING_YET),
        (works, fails(StoreError("disk full")), _job.NOT_BUILT),
        (fails(StoreError("busy")), works, _job.NOT_IMPORTED),
        (fails(ZeroDivisionError()), works, _job.NOT_IMPORTED),
    ],
)
def test_every_end_is_told_and_no_file_stays(monkeypatch, installation, staged, take_in, compute, ended):
    job = run(monkeypatch, installation, staged, take_in, compute)
    assert job.ended == ended
    assert (job.error is None) == (ended in (_job.UPDATED, _job.NOTHING_YET))
    assert not staged.exists()
    assert _job.last(installation) is job


def test_one_at_a_time(monkeypatch, installation, staged):
    """What comes while one is under way begins nothing; its files do not stay either."""
    go_on = threading.Event()
    monkeypatch.setattr(_job, "import_files", lambda *_, **__: go_on.wait(10))
    monkeypatch.setattr(_job, "build", works)
    store = open_store(installation)
    first = _job.start(store, installation, staged, 1, LOCAL)
    second_files = _job.staging(installation)
    assert _job.start(store, installation, second_files, 1, LOCAL) is first
    assert not second_files.exists()
    go_on.set()
    assert wait(first).ended == _job.UPDATED
    assert wait(_job.start(store, installation, None, 0, LOCAL)) is not first


def test_a_list_of_units_alone_ends_well(installation, staged):
    """Imported for good, and nothing to compute yet: no error."""
    (staged / "file.csv").write_text(
        "机构编码,机构名称,机构类别,上级机构编码\nB0,卫生健康局,bureau,\nC1,第一中心,centre,B0\n", "utf-8"
    )
    store = open_store(installation)
    job = wait(_job.start(store, installation, staged, 1, LOCAL))
    assert (job.ended, job.error) == (_job.NOTHING_YET, None)
    assert store.generation() == 1
    store.close()
