"""``init`` and ``demo``, and what brings an installation up to date before it is shown."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from sqlalchemy import func, inspect, select

from commands import demo_register
from commands.first_account import make_first_account
from commands.logged import open_log, operator
from commands.progress import Progress
from data import records
from data.demo import last_month, write_district
from data.demo.ground import write_ground
from data.geometry.folder import FOLDER as GEOMETRY
from data.installation import (
    Installation,
    InstallationError,
    exists,
    home,
    make_installation,
    open_installation,
    require_disk,
)
from data.intake.importing import import_files
from data.keys import KeyFileError
from data.lock import LockedError, exclusive
from data.marking import mark_old
from data.sealing_old import seal_old
from data.store import Store, StoreError, open_store
from metrics import build, published
from metrics.cards import CARDS
from metrics.carrying import carry
from metrics.definitions import digest
from metrics.logbook import importing
from metrics.noted_files import note_changed_files
from metrics.noted_scopes import note_moved_scopes
from metrics.standards.files import write_templates
from metrics.truth import publishing as truth

RESIDENTS = 250_000
SEED = 20240101
EARLIEST = "2024-12"  # the district begins in January 2024 and needs that whole year

# Bytes of disk that a demo needs for each resident: sources, two generations of the store, and some air.
_DEMO_BYTES = 20_000
BY = "manage.py"  # who imports, in the register of events


def init(arguments: argparse.Namespace) -> int:
    """An empty installation for own data."""
    made = _make(home(), kind="own", name=arguments.name)
    print(f"已建立 · made: {made.folder}")
    print(
        f"密钥文件，请另存一份，与数据和备份分开保管 · key file, keep a copy apart from data and backups: "
        f"{made.identity_key.path}"
    )
    make_first_account(made, "python3 manage.py run")
    print("\n  下一步 · next:  python3 manage.py import 文件或文件夹")
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """The demo district, imported and built."""
    make_demo(home(), residents=arguments.residents, seed=arguments.seed, until=arguments.until)
    return 0


def make_demo(
    folder: Path,
    *,
    residents: int | None = None,
    seed: int | None = None,
    until: str | None = None,
    quiet: bool = False,
) -> Installation:
    """The demo in ``folder``, whole. An unfinished one is finished as it was begun.

    ``until`` is YYYY-MM. What is None has its default: RESIDENTS, SEED, last month. Raises InstallationError
    where the folder holds anything but a demo.
    """
    asked = {"residents": residents, "seed": seed, "until": until}
    asked = {name: value for name, value in asked.items() if value is not None}
    if exists(folder) and (installation := open_installation(folder)).is_demo:
        if not asked.items() <= installation.arguments.items():
            raise InstallationError(
                f"{folder} 中已有演示数据 {installation.arguments}。请把 JICENG_HOME 设为一个空文件夹后再运行。\n"
                f"{folder} holds a demo already, made with {installation.arguments}. Set JICENG_HOME to an empty "
                "folder, and run again."
            )
        return bring_up_to_date(installation, quiet=quiet)
    arguments = {"residents": RESIDENTS, "seed": SEED, "until": last_month()} | asked
    if arguments["until"] < EARLIEST:
        raise InstallationError(f"--until {arguments['until']}: 不早于 · not before {EARLIEST}")
    require_disk(folder, arguments["residents"] * _DEMO_BYTES, "演示数据 · the demo")
    return bring_up_to_date(_make(folder, kind="demo", arguments=arguments), quiet=quiet)


def _make(folder: Path, **about) -> Installation:
    """A new installation over an empty store. Files are empty with their folder; a database need not be."""
    made = make_installation(folder, **about)
    store = open_store(made)
    try:
        if store.generation() == 0:
            write_templates(folder)
            return made
    except InstallationError:  # the database's owner has something to do first: then this is said again
        (folder / "installation.toml").unlink()
        raise
    finally:
        store.close()
    (folder / "installation.toml").unlink()
    raise InstallationError(
        "所配置的数据库已有数据，演示与真实数据不共用一处。请换一个空的数据库。\n"
        "The configured database already holds data, and no two installations share one. Name an empty database."
    )


def bring_up_to_date(installation: Installation, *, quiet: bool = False) -> Installation:
    """Do what lacks: the demo's files, their import, the build, what its officials wrote and what follows from that.

    Nothing when all is there.
    """
    try:
        with exclusive(installation.folder / "installation.lock"):
            store = open_store(installation)
            try:
                if seal_old(store, installation) and not quiet:
                    print(
                        f"居民姓名已加密，密钥文件 · names of residents are sealed now, key file: "
                        f"{installation.identity_key.path}"
                    )
                _mark_telephones(store, installation, quiet=quiet)
                if installation.is_demo:
                    _write_ground(installation)
                if installation.is_demo and store.generation() == 0:
                    _write_sources(installation, quiet=quiet)
                    with Progress("导入 · importing", quiet=quiet) as progress, open_log(installation) as log:
                        import_files(
                            store,
                            installation,
                            _demo_files(installation),
                            by=BY,
                            progress=progress,
                            noted=importing(log, operator(), demo=True),
                        )
                if store.generation() and not _is_built(store):
                    build_figures(store, installation, quiet=quiet)
                if installation.is_demo and store.generation():
                    _write_register(store, installation, quiet=quiet)
            finally:
                store.close()
    except LockedError as error:
        raise InstallationError(
            f"另一个进程正在准备 {installation.folder} 中的数据，请待其结束后再试。\n"
            f"Another process is preparing the data in {installation.folder}: wait for it, then try again."
        ) from error
    return installation


def _mark_telephones(store: Store, installation: Installation, *, quiet: bool) -> None:
    """Telephones of an older release; without the key nothing but names is missing, so it waits until the key is back."""
    try:
        marked = mark_old(store, installation)
    except KeyFileError as error:
        print(error)
        return
    if marked and not quiet:
        print(f"电话可以比对了 · telephones can be compared now: {marked}")


def build_figures(
    store: Store, installation: Installation, *, full: bool = False, quiet: bool = False
) -> None:
    """Carry over what the register says, and build the figures, telling how far it is; ``full`` counts all anew.

    Where nothing can be computed yet (only the list of units was imported, say) that is told, and no error.
    """
    try:
        with Progress("计算指标 · building", quiet=quiet) as progress:
            with open_log(installation) as log:
                note_changed_files(log, operator(), installation.folder)
                note_moved_scopes(log, operator(), store)
            carry(store, installation)
            build.build(store, installation, progress, full=full)
    except build.NothingToComputeError as nothing:
        if not quiet:
            print(f"已导入，暂时没有可计算的指标。Nothing to compute yet.\n  {nothing}")


def _write_register(store: Store, installation: Installation, *, quiet: bool) -> None:
    """What the demo's officials wrote, once: visits and findings first, for scores are made of figures that know them."""
    if not demo_register.is_due(store, installation):
        return
    if not demo_register.is_supervised(installation):
        with Progress("登记督导 · writing supervision", quiet=quiet):
            demo_register.supervise(store, installation)
    if not demo_register.is_carried(store, "inspection"):
        build_figures(store, installation, quiet=quiet)
    if not demo_register.is_appraised(installation):
        with Progress("登记考核 · writing appraisals", quiet=quiet) as progress:
            demo_register.appraise(store, installation, progress)
    if not demo_register.is_carried(store, "appraisal"):
        build_figures(store, installation, quiet=quiet)


def _write_sources(installation: Installation, *, quiet: bool) -> None:
    """The demo's source files, whole or not at all: written beside, then renamed."""
    if installation.sources.exists():
        return
    part = installation.folder / "sources.part"
    shutil.rmtree(part, ignore_errors=True)
    with Progress("生成演示数据 · making the demo", quiet=quiet) as progress:
        write_district(part, progress=progress, **installation.arguments)
    part.rename(installation.sources)


def _write_ground(installation: Installation) -> None:
    """The ground of the demo's district, whole or not at all; a folder that is there stays as it is."""
    folder = installation.folder / GEOMETRY
    if folder.exists():
        return
    part = folder.with_name(f"{GEOMETRY}.part")
    shutil.rmtree(part, ignore_errors=True)
    write_ground(part, installation.arguments.get("seed", SEED))
    part.rename(folder)


def _demo_files(installation: Installation) -> list[Path]:
    """The demo's source files, without the folder that tells about them."""
    return sorted(path for path in installation.sources.iterdir() if path.is_file())


def _is_built(store: Store) -> bool:
    """True when the published figures and signals are of all that is known, by today's definitions."""
    with store.records() as connection:
        known = connection.execute(select(func.max(records.event.c.event))).scalar()
    table = published.build
    try:
        with store.published() as connection:
            if not inspect(connection).has_table(table.name, schema=table.schema):
                return False
            statement = select(table).order_by(table.c.build.desc()).limit(1)
            last = connection.execute(statement).mappings().first()
    except StoreError:  # records are there, figures were never published
        return False
    if last is None or last["event"] != known or last["definitions"] != digest(CARDS.values()):
        return False
    return truth.is_known(store)
