"""``import`` and ``undo``: what is known changes, then the figures follow."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path

from commands.environment import Stop
from commands.installation import build_figures
from commands.progress import Progress
from data.installation import Installation, open_installation
from data.intake.importing import import_files as import_into
from data.intake.undoing import undo as take_back
from data.store import open_store


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
        with Progress("导入 · importing") as progress:
            report = import_into(store, installation, paths, by=_user(), progress=progress)
        print(report)
        build_figures(store, installation)
    finally:
        store.close()
    return 0


def undo(arguments: argparse.Namespace) -> int:
    """Take a batch back, also when a later one rests on it."""
    installation: Installation = open_installation()
    store = open_store(installation)
    try:
        take_back(store, installation, arguments.batch, by=_user())
        build_figures(store, installation)
    finally:
        store.close()
    return 0


def _user() -> str:
    """Who is at the keyboard, as the system knows them."""
    return getpass.getuser()
