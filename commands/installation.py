"""``init`` and ``demo``, and what brings an installation up to date before it is shown."""

from __future__ import annotations

import argparse
import shutil
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from commands.progress import Progress
from data import records
from data.demo import write_district
from data.installation import (
    Installation,
    exists,
    home,
    make_installation,
    open_installation,
    require_disk,
)
from data.intake.importing import import_files
from data.lock import LockedError, exclusive
from data.installation import InstallationError
from data.store import Store, open_store
from metrics import published
from metrics.build import build, definitions

# Bytes of disk that a demo needs for each resident: sources, two generations of the store, and some air.
_DEMO_BYTES = 20_000
SYSTEM = "manage.py"  # who imports, in the register of events


def init(arguments: argparse.Namespace) -> int:
    """An empty installation for own data."""
    made = make_installation(kind="own", name=arguments.name)
    print(f"已建立 · made: {made.folder}\n\n  下一步 · next:  python3 manage.py import <文件或文件夹 · files or folders>")
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """The demo district, imported and built."""
    make_demo(home(), residents=arguments.residents, seed=arguments.seed, until=arguments.until)
    return 0


def make_demo(folder: Path, *, residents: int, seed: int, until: str | None, quiet: bool = False) -> Installation:
    """The demo in ``folder``, whole. An unfinished one is finished as it was begun.

    ``until`` is YYYY-MM, or None for last month. Raises InstallationError over own data.
    """
    progress = Progress(quiet=quiet)
    if exists(folder) and open_installation(folder).is_demo:
        installation = open_installation(folder)
    else:
        require_disk(folder, residents * _DEMO_BYTES, "演示数据 · the demo")
        arguments = {"residents": residents, "seed": seed, "until": until or _last_month()}
        installation = make_installation(folder, kind="demo", name="demo", arguments=arguments)
    return bring_up_to_date(installation, progress)


def bring_up_to_date(installation: Installation, progress: Progress | None = None) -> Installation:
    """Do what lacks: the demo's files, their import, the build. Nothing when all is there."""
    progress = progress or Progress()
    try:
        with exclusive(installation.folder / "installation.lock"):
            store = open_store(installation)
            try:
                if installation.is_demo and store.generation() == 0:
                    _write_sources(installation, progress)
                    import_files(store, installation, [installation.sources], by=SYSTEM, progress=progress)
                if store.generation() and not _is_built(store):
                    build_figures(store, installation, progress)
            finally:
                store.close()
                progress.close()
    except LockedError as error:
        raise InstallationError(
            f"另一个进程正在准备 {installation.folder} 中的数据，请待其结束后再试。\n"
            f"Another process is preparing the data in {installation.folder}: wait for it, then try again."
        ) from error
    return installation


def build_figures(store: Store, installation: Installation, progress: Progress | None = None) -> None:
    """Build every figure, telling how far it is."""
    progress = progress or Progress()
    build(store, installation, progress=progress)
    progress.close()


def _write_sources(installation: Installation, progress: Progress) -> None:
    """The demo's source files, whole or not at all: written beside, then renamed."""
    if installation.sources.exists():
        return
    part = installation.folder / "sources.part"
    shutil.rmtree(part, ignore_errors=True)
    write_district(part, progress=progress, **installation.arguments)
    part.rename(installation.sources)


def _is_built(store: Store) -> bool:
    """True when the published figures are of all that is known, by today's definitions."""
    with store.records() as connection:
        known = connection.execute(select(func.max(records.event.c.event))).scalar()
    table = published.build
    with store.published() as connection:
        if not table.exists(connection):
            return False
        last = connection.execute(select(table).order_by(table.c.build.desc()).limit(1)).mappings().first()
    return last is not None and last["event"] == known and last["definitions"] == definitions()


def _last_month() -> str:
    return f"{date.today().replace(day=1) - timedelta(days=1):%Y-%m}"
