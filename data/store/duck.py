"""The embedded store: DuckDB files in generations.

DuckDB lets one process write a file *or* many read it, so nothing ever writes the file that is
being read. A change copies the parts that it touches (a copy costs a fraction of what follows),
writes the copies, and publishes by renaming ``current.json``; other parts are shared. Files that
neither this generation nor the one before names are removed.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateSchema

from data.failures import DAMAGED
from data.installation import close_to_others
from data.keys import KeyFile
from data.lock import LockedError, exclusive
from data.store.contract import BUSY, EMPTY, PARTS, Draft, StoreError
from data.store.rows import Asking

# Room that a change must leave: the copies, the same again for what it adds, and a reserve.
_RESERVE_BYTES = 200 * 1024 * 1024
_READERS = 20
# Nothing that reads or changes this store takes two days.
_SPILL_AGE_S = 2 * 24 * 3600
_HAS_TEMPORARY = text(
    "SELECT count(*) FROM (SELECT 1 FROM duckdb_tables() WHERE temporary"
    " UNION ALL SELECT 1 FROM duckdb_views() WHERE temporary AND NOT internal)"
)

# Tells this process from all others, also from those before it.
_PROCESS = uuid.uuid4().hex


class DuckStore:
    """See ``data.store.contract.Store``."""

    dialect = "duckdb"

    def __init__(self, folder: Path, keys: KeyFile, memory_limit: str = "2GB") -> None:
        self.folder, self.keys = folder, keys
        self.memory_limit = memory_limit
        self._engines: dict[str, Engine] = {}
        self._guard = threading.Lock()

    # -- reading

    def generation(self) -> int:
        return self._manifest()["generation"]

    @contextmanager
    def snapshot(self, asking: Asking | None = None) -> Iterator[_DuckSnapshot]:
        manifest = self._manifest()
        yield _DuckSnapshot(self, manifest["generation"], manifest["parts"])

    def records(self) -> AbstractContextManager[Connection]:
        return self.read("records", self._manifest()["parts"])

    def identity(self) -> AbstractContextManager[Connection]:
        return self.read("identity", self._manifest()["parts"])

    def published(self) -> AbstractContextManager[Connection]:
        return self.read("published", self._manifest()["parts"])

    @contextmanager
    def read(self, part: str, parts: dict[str, str]) -> Iterator[Connection]:
        """A connection to one part of the generation that ``parts`` names."""
        with self._engine(parts.get(part), part).connect() as connection:
            yield connection
            # Temporary views and tables belong to a connection: it must not be handed out again with them.
            if connection.execute(_HAS_TEMPORARY).scalar_one():
                connection.invalidate()

    def _engine(self, name: str | None, part: str) -> Engine:
        if name is None:
            raise StoreError(EMPTY.format(part=part))
        with self._guard:
            engine = self._engines.get(name)
            if engine is None:
                _only_owner(self.folder / name)  # of a version that left files open to all
                # The generation before may still be held by a snapshot; older ones are let go.
                of_part = [key for key in self._engines if key.rpartition("-")[0] == part]
                for old in of_part[:-1]:
                    self._engines.pop(old).dispose()
                engine = self._engines[name] = create_engine(
                    f"duckdb:///{self.folder / name}",
                    poolclass=QueuePool,
                    pool_size=_READERS,
                    pool_reset_on_return=None,
                    hide_parameters=True,  # an error in the log tells no value of a row
                    connect_args={"read_only": True, "config": self._config(name)},
                )
            return engine

    def _config(self, name: str) -> dict[str, str]:
        # Each database of each process spills into a folder of its own: DuckDB names the files in it alike for
        # all. Within a process the settings of a file must be the same wherever it is opened.
        spill = self.folder / "tmp" / f"{name}-{_PROCESS}"
        spill.parent.mkdir(exist_ok=True)  # DuckDB makes the last folder of the path only
        return {"memory_limit": self.memory_limit, "temp_directory": str(spill)}

    def _manifest(self) -> dict:
        path = self.folder / "current.json"
        try:
            return json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return {"generation": 0, "parts": {}, "before": {}}
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise StoreError(f"{DAMAGED}\n{path}: {error}") from error

    # -- writing

    @contextmanager
    def change(self, *parts: str) -> Iterator[Draft]:
        if unknown := set(parts) - set(PARTS):
            raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
        with self._next(*parts) as (manifest, number, names):
            self._copy(manifest, names)
            draft = Draft(number)
            with ExitStack() as stack:
                for part, name in names.items():
                    setattr(draft, part, stack.enter_context(self._writing(part, name)))
                # Until the rename at the end nobody reads these files: a commit on the way publishes nothing.
                draft.passing = lambda: _commit(draft.records, draft.identity, draft.published)
                yield draft

    @contextmanager
    def anew(self, part: str) -> Iterator[Connection]:
        """Write a part into a file that was never another, and publish it: nothing that it does not hold is left of it.

        What a change removes stays in the free blocks of its file, and the generation before stays beside it. Here
        both go. Raises StoreError as ``change`` does.
        """
        with self._next(part, forget=True) as (_, _, names), self._writing(part, names[part]) as connection:
            yield connection

    @contextmanager
    def _next(self, *parts: str, forget: bool = False) -> Iterator[tuple[dict, int, dict[str, str]]]:
        """The manifest in force, the next generation and the files of its parts, published when the block ends.

        An error leaves nothing of them. ``forget``: the files that they replace go at once.
        """
        with ExitStack() as held:
            try:
                held.enter_context(exclusive(self.folder / "lock"))
            except LockedError as error:
                raise StoreError(BUSY) from error
            close_to_others(self.folder)  # also what is spilled, and the log that is written ahead
            manifest = self._manifest()
            self._remove_unreferenced(manifest)
            self._sweep_spills()
            number = manifest["generation"] + 1
            names = {part: f"{part}-{number}.duckdb" for part in parts}
            try:
                yield manifest, number, names
            except BaseException:
                for name in names.values():
                    (self.folder / name).unlink(missing_ok=True)
                    (self.folder / f"{name}.wal").unlink(missing_ok=True)
                raise
            self._publish(number, {**manifest["parts"], **names}, {} if forget else manifest["parts"])

    def _copy(self, manifest: dict, names: dict[str, str]) -> None:
        sources = {part: self.folder / manifest["parts"][part] for part in names if part in manifest["parts"]}
        needed = 2 * sum(path.stat().st_size for path in sources.values()) + _RESERVE_BYTES
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise StoreError(
                f"磁盘空间不足。The disk of {self.folder} has {free // 2**20} MB free and this change needs "
                f"{needed // 2**20} MB: free some space and try again."
            )
        for part, source in sources.items():
            shutil.copyfile(source, self.folder / names[part])
            _only_owner(self.folder / names[part])

    @contextmanager
    def _writing(self, part: str, name: str) -> Iterator[Connection]:
        engine = create_engine(
            f"duckdb:///{self.folder / name}",
            hide_parameters=True,
            connect_args={"config": self._config(name)},
        )
        try:
            with _dropped_on_error(engine.connect()) as connection:
                _only_owner(self.folder / name)
                connection.execute(CreateSchema(part, if_not_exists=True))
                yield connection
                connection.commit()
            checkpoint = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            with _dropped_on_error(checkpoint) as connection:
                connection.execute(text("CHECKPOINT"))
        finally:
            engine.dispose()

    def _publish(self, number: int, parts: dict[str, str], before: dict[str, str]) -> None:
        current = {"generation": number, "parts": parts, "before": before}
        path = self.folder / "current.json"
        draft = path.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(current, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        self._remove_unreferenced(current)

    def _remove_unreferenced(self, manifest: dict) -> None:
        kept = {*manifest["parts"].values(), *manifest["before"].values()}
        for path in self.folder.glob("*.duckdb*"):
            if path.name.removesuffix(".wal") in kept:
                continue
            try:
                path.unlink()
            except PermissionError:
                # Windows does not remove a file that a reader still has open: the next change will.
                continue

    def _sweep_spills(self) -> None:
        """Remove what killed processes spilled; a folder in use is younger."""
        for folder in (self.folder / "tmp").glob("*"):
            if time.time() - folder.stat().st_mtime > _SPILL_AGE_S:
                shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        with self._guard:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()


@dataclass(frozen=True)
class _DuckSnapshot:
    store: DuckStore
    generation: int
    parts: dict[str, str]

    @property
    def keys(self) -> KeyFile:
        return self.store.keys

    def records(self) -> AbstractContextManager[Connection]:
        return self.store.read("records", self.parts)

    def identity(self) -> AbstractContextManager[Connection]:
        return self.store.read("identity", self.parts)

    def published(self) -> AbstractContextManager[Connection]:
        return self.store.read("published", self.parts)


def _only_owner(path: Path) -> None:
    """Residents' records are read by the account that runs us alone (POSIX); another's file stays as it is."""
    if os.name == "posix":
        with suppress(PermissionError, FileNotFoundError):
            path.chmod(0o600)


def _commit(*connections: Connection | None) -> None:
    for connection in connections:
        if connection is not None:
            connection.commit()


@contextmanager
def _dropped_on_error(connection: Connection) -> Iterator[Connection]:
    """A connection to a file that an error makes useless: there is nothing to roll back, and on a full disk no way to."""
    with connection:
        try:
            yield connection
        except BaseException:
            connection.invalidate()
            raise
