"""Taking files in and computing, in a thread of its own: it goes on when the page that began it is left.

One at a time for an installation. Killed with the server it leaves what was published before: an import
or a build counts whole or not at all.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from data.access import open_access
from data.installation import Installation
from data.intake.importing import import_files
from data.leftovers import UPLOAD, sweep
from data.small_database import SmallDatabase
from data.store import Store
from metrics.build import NothingToComputeError, build
from metrics.carrying import carry
from metrics.logbook import importing
from metrics.noted_files import note_changed_files
from metrics.noted_scopes import note_moved_scopes
from metrics.principal import Principal

# How a job ended; each has words under data.ended.
UPDATED = "updated"
NOTHING_YET = "nothing_yet"  # imported, but nothing of it can be counted: a list of units, say
NOT_IMPORTED = "not_imported"  # nothing has changed
NOT_BUILT = "not_built"  # imported; the figures are those of before

_log = logging.getLogger("jiceng.intake")
_guard = threading.Lock()
_jobs: dict[str, Job] = {}  # installation -> its last job


@dataclass
class Job:
    """What one thread writes and pages read."""

    files: int  # 0: only computing
    began_at: datetime = field(default_factory=lambda: datetime.now().replace(microsecond=0))
    step: str = ""  # name of the file in work; "" while figures are computed
    share: float = 0.0  # done so far, 0..1
    ended: str = ""  # "": under way
    error: Exception | None = None


def last(installation: Installation) -> Job | None:
    """The job under way, else the last one of this server."""
    return _jobs.get(installation.id)


def staging(installation: Installation) -> Path:
    """A new folder for files on their way in; the job that gets it removes it."""
    sweep(installation.folder)
    folder = installation.folder / f"{UPLOAD}{time.time_ns()}"
    folder.mkdir(mode=0o700)
    return folder


def start(store: Store, installation: Installation, folder: Path | None, files: int, by: Principal) -> Job:
    """Begin to import what lies in ``folder`` and compute (None: only compute).

    While one is under way it is given back, and nothing begins.
    """
    with _guard:
        before = _jobs.get(installation.id)
        if before is not None and not before.ended:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            return before
        job = _jobs[installation.id] = Job(files)
    threading.Thread(
        target=_run, args=(job, store, installation, folder, by), name="jiceng-intake", daemon=True
    ).start()
    return job


def _run(job: Job, store: Store, installation: Installation, folder: Path | None, by: Principal) -> None:
    """Import, then build; every way that this can end is told by the job."""
    ended = NOT_IMPORTED
    try:
        if folder is not None:
            _take_in(job, store, installation, folder, by)
        ended = NOT_BUILT
        _compute(job, store, installation, by)
        ended = UPDATED
    except NothingToComputeError:
        ended = NOTHING_YET
    except Exception as error:  # the thread's end: the page tells it, the log keeps where it came from
        _log.exception("the job of %s ended: %s", by.name, ended)
        job.error = error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        job.ended = ended


def _take_in(job: Job, store: Store, installation: Installation, folder: Path, by: Principal) -> None:
    def progress(step: str, done: float, total: float) -> None:
        job.step, job.share = step, 0.5 * done / max(1, total)

    with _open_log(installation) as log:
        noted = importing(log, by)
        import_files(store, installation, [folder], by=by.name, progress=progress, noted=noted)


def _compute(job: Job, store: Store, installation: Installation, by: Principal) -> None:
    begins = 0.5 if job.files else 0.0
    job.step, job.share = "", begins
    with _open_log(installation) as log:
        note_changed_files(log, by, installation.folder)
        note_moved_scopes(log, by, store)
    carry(store, installation)

    def progress(_what: str, share: float) -> None:
        job.share = begins + (1 - begins) * share

    build(store, installation, progress)


@contextmanager
def _open_log(installation: Installation) -> Iterator[SmallDatabase]:
    # The thread's own: the server's may be that of another installation when the thread gets there.
    opened = open_access(installation)
    try:
        yield opened
    finally:
        opened.close()
