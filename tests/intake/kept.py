"""What one test has imported, for others to begin with: a copy of its folder and, on PostgreSQL, of its database."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from tests.conftest import new_database
from tests.intake.helpers import District


class Kept:
    """Districts as they were when they were kept, by name."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """``stack`` drops copies of databases in the end."""
        self.folder, self.stack = folder, stack
        self.folders: dict[str, Path] = {}
        self._databases: dict[str, str] = {}

    def keep(self, district: District, name: str, server: str | None) -> None:
        """Copy a district. ``server``: address of the PostgreSQL that holds its database; None: it lies in files."""
        district.store.close()  # no connection may stay; the store makes new ones
        self.folders[name] = shutil.copytree(district.installation.folder, self.folder / name)
        if server:
            self._databases[name] = self.stack.enter_context(new_database(server))
            _copy(server, district.installation.database, self._databases[name])

    def give(self, district: District, name: str, server: str | None) -> None:
        """Make an empty district what was kept."""
        district.store.close()
        shutil.copytree(self.folders[name], district.installation.folder, dirs_exist_ok=True)
        if server:
            _copy(server, self._databases[name], district.installation.database)


def _copy(server: str, source: str, target: str) -> None:
    """Put a copy of a database in place of an empty one; none of the two is in use."""
    one, other = (make_url(address).database for address in (source, target))
    url = make_url(server).set(drivername="postgresql+psycopg2")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {other} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {other} TEMPLATE {one}"))
    engine.dispose()
