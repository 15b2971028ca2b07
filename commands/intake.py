"""``import``, ``undo`` and ``redo``: what is known changes, then the figures follow."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from commands.environment import Stop
from commands.installation import build_figures
from commands.logged import open_log, operator, user
from commands.progress import Progress
from data.installation import open_installation
from data.intake import undoing
from data.intake.importing import import_files as import_into
from data.store import open_store
from metrics.logbook import importing, note


def import_files(arguments: argparse.Namespace) -> int:
    """Source files, or folders of them, into an installation for own data."""
    installation = open_installation()
    if installation.is_demo:
        raise Stop(
            f"{installation.folder} 是演示数据，演示与真实数据不共用一处。请把 JICENG_HOME 设为一个空文件夹，然后运行：\n"
            f"{installation.folder} is a demo, and demo and real records never share a store. Set JICENG_HOME to "
            "an empty folder, then say:\n\n    python3 manage.py init"
        )
    paths = [Path(name) for name in arguments.files]
    if missing := [str(path) for path in paths if not path.exists()]:
        raise Stop(f"没有这个文件。There is no such file: {', '.join(missing)}")
    store = open_store(installation)
    try:
        with Progress("导入 · importing") as progress, open_log(installation) as log:
            report = import_into(
                store,
                installation,
                paths,
                by=user(),
                snapshot=arguments.snapshot,
                progress=progress,
                noted=importing(log, operator()),
            )
        print(report.text(installation.config.languages[0]))
        build_figures(store, installation)
    finally:
        store.close()
    return 0


def undo(arguments: argparse.Namespace) -> int:
    """Take a batch back, also when a later one rests on it."""
    return _turn(arguments.batch, undoing.undo)


def redo(arguments: argparse.Namespace) -> int:
    """Put a batch that was taken back in force again."""
    return _turn(arguments.batch, undoing.redo)


def _turn(batch: int, change: Callable[..., int]) -> int:
    installation = open_installation()
    store = open_store(installation)
    try:
        if store.generation() == 0:
            raise undoing.UndoError(f"没有第 {batch} 批。There is no batch {batch}.")
        with open_log(installation) as log:
            about = {"did": change.__name__, "batch": batch}
            change(store, installation, batch, by=user(), noted=lambda: note(log, operator(), "undo", about))
        build_figures(store, installation)
    finally:
        store.close()
    return 0
