"""Pools of connections to the PostgreSQL server, and what an error of the server means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from data.config import Config, read_config

#: What a connection is for. Limits of time differ: a page's statement has seconds, a build's has none.
PAGES = "pages"  # statements of pages
HELD = "held"  # holds the state of the store that a page reads, and says nothing
WORK = "work"  # imports, builds, commands
SMALL = "small"  # the register, accounts, the log

_CONNECT_S = 5  # for the server to answer at all
# A server that is cut off (a cable, a power cut) is noticed within two minutes, not within two hours.
_KEEPALIVE = {"keepalives": 1, "keepalives_idle": 60, "keepalives_interval": 15, "keepalives_count": 4}
_WORK_CONNECTIONS = 5
_SMALL_CONNECTIONS = 5

# Classes of SQLSTATE and single codes (PostgreSQL manual, appendix A): the connection, the server's going and coming.
_GONE = ("08", "57P01", "57P02", "57P03")
_TOO_SLOW = "57014"


@dataclass(frozen=True)
class Server:
    """Where the server is, and the limits of ``config.toml``."""

    url: str
    config: Config

    @classmethod
    def of(cls, installation: Any) -> Server:
        """Of an installation, or of anything with ``database``; limits that it does not tell are the defaults."""
        config = getattr(installation, "config", None)
        return cls(installation.database, config if isinstance(config, Config) else _defaults())

    def engine(self, purpose: str) -> Engine:
        """A new pool. Connections that the server has closed are noticed and made anew when they are asked for."""
        config = self.config
        size = {WORK: _WORK_CONNECTIONS, SMALL: _SMALL_CONNECTIONS}.get(purpose, config.database_connections)
        limits = (
            {}
            if purpose == WORK
            else {
                "statement_timeout": f"{config.statement_seconds}s",
                "idle_in_transaction_session_timeout": f"{config.idle_transaction_minutes}min",
            }
        )
        return create_engine(
            psycopg2_url(self.url),
            pool_size=size,
            max_overflow=2 * size if purpose in (WORK, SMALL) else 0,
            pool_timeout=config.database_wait_seconds,
            pool_recycle=60 * config.database_recycle_minutes,
            pool_pre_ping=True,
            hide_parameters=True,  # an error in the log tells no value of a row
            connect_args={
                "connect_timeout": _CONNECT_S,
                "application_name": f"jiceng {purpose}",
                "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
                **_KEEPALIVE,
            },
        )


def psycopg2_url(url: str):
    """An address for SQLAlchemy: 2.1 takes a bare postgresql:// to mean psycopg 3; the project uses psycopg2."""
    return make_url(url).set(drivername="postgresql+psycopg2")


def is_gone(error: BaseException) -> bool:
    """Whether the server did not answer, or went away in the middle: trying again later may help."""
    if isinstance(error, OperationalError) and error.statement is None:
        return True  # a connection that fails fails before any statement
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or isinstance(error, InterfaceError) or _code(error).startswith(_GONE)


def is_too_slow(error: BaseException) -> bool:
    """Whether the server ended a statement because its time was up."""
    return isinstance(error, DBAPIError) and _code(error) == _TOO_SLOW


def _code(error: DBAPIError) -> str:
    return getattr(error.orig, "pgcode", None) or ""


@lru_cache(maxsize=1)
def _defaults() -> Config:
    return read_config()
