"""``audit``: whether the log stands as it was written, and the log as a file."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, time
from pathlib import Path

from commands.environment import Stop
from commands.logged import open_log, operator
from commands.progress import Progress
from data.access import audit
from data.access.log_key import KEYED
from data.access.searching import Wanted
from data.installation import Installation, open_installation
from data.intake.layouts import load_layouts
from data.small_database import SmallDatabase
from data.store import StoreError, open_store
from exports.log_file import csv_of
from exports.log_words import Names
from metrics import figures
from metrics.logbook import note
from metrics.principal import LOCAL


def main(arguments: argparse.Namespace) -> int:
    if not (arguments.verify or arguments.export):
        raise Stop("请写明 --verify 或 --export 文件。Say --verify, or --export FILE.")
    if arguments.head and not arguments.verify:
        raise Stop("--head 与 --verify 一起用。--head goes with --verify.")
    installation = open_installation()
    with open_log(installation) as log:
        code = _verify(log, arguments.head) if arguments.verify else 0
        if arguments.export:
            _export(log, installation, Path(arguments.export), arguments.since)
    return code


def _verify(log: SmallDatabase, expected: str | None) -> int:
    """Tell whether the log stands; 1 where it does not."""
    with log.reading() as connection, Progress("核验日志 · verifying the log") as progress:
        number, link = audit.head(connection)
        first = audit.broken(connection, lambda read: progress(f"{read:,}", read, number))
        cut = expected is not None and not _has(connection, expected)
    if first is not None:
        print(
            f"第 {first} 条起与写入时不一致。The log was touched: entry {first} does not follow from what is before it."
        )
    if cut:
        print(
            f"日志里没有抄下的末条 {expected}：末尾被截掉，或被整体改写。The log does not hold the entry {expected}: "
            "its end was cut off, or all of it written anew."
        )
    if first is None and not cut:
        print(f"{number:,} 条，与写入时一致。{number:,} entries stand as they were written.")
        print(
            f"末条，请抄存，下次用 --head 核对 · last entry, to be kept elsewhere for --head:\n\n  {number}:{link}"
        )
    return int(first is not None or cut)


def _has(connection, expected: str) -> bool:
    number, _, link = expected.partition(":")
    if not number.isdecimal() or len(link.lower().removeprefix(KEYED)) != 64:
        raise Stop(f"{expected!r}: 应为 N:HASH，如 --verify 所示。It must be N:HASH, as --verify told it.")
    return audit.link_of(connection, int(number)) == link.lower()


def _export(log: SmallDatabase, installation: Installation, target: Path, since) -> None:
    if not target.absolute().parent.is_dir():
        raise Stop(f"没有文件夹 {target.parent}。There is no folder {target.parent}.")
    wanted = Wanted(
        since=None if since is None else datetime.combine(since, time(), UTC).replace(tzinfo=None)
    )
    about = {"did": "export", "file": target.name, "since": "" if since is None else f"{since}"}
    last = note(log, operator(), "log", about)
    with log.reading() as connection:
        content, rows = csv_of(connection, wanted, last, _names(installation))
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Stop(f"无法写入 {target}。Cannot write {target}: {error.strerror}.") from error
    print(f"{target}: {rows:,} 条 · entries")


def _names(installation: Installation) -> Names:
    """What units and layouts are called, where units are known."""
    layouts = {name: layout.words["zh"] for name, layout in load_layouts(installation.folder).items()}
    store = open_store(installation)
    try:
        if store.generation() == 0:
            return Names(layouts=layouts)
        with store.published() as published:
            tree = figures.units(LOCAL, published)
    except StoreError:  # nothing was ever built
        return Names(layouts=layouts)
    finally:
        store.close()
    numbers = dict(zip(map(int, tree["unit"]), tree["name"], strict=True))
    return Names(numbers, dict(zip(tree["code"], tree["name"], strict=True)), layouts)
