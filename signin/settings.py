"""What the configuration says of signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from data.access.sessions import Limits
from data.config import Config

COOKIE = "jiceng"
OPEN_MODE = "open"
LOCAL_MODE = "local"


@dataclass(frozen=True)
class Settings:
    """``mode``: open (this machine only, no password: a demo) or local (accounts with passwords)."""

    mode: str
    limits: Limits
    least: int  # letters of a password
    failures: int  # so many within ``minutes`` are too many
    minutes: int
    secure: bool  # the cookie goes over TLS only
    languages: tuple[str, ...]
    hosts: frozenset[str] = frozenset()  # names under which the server is asked for

    @classmethod
    def of(cls, config: Config, *, demo: bool) -> Settings:
        """Of an installation; ``demo``: whether it holds a demo, which opens without a password unless it says otherwise."""
        return cls(
            mode=OPEN_MODE if demo and config.sign_in in ("", OPEN_MODE) else LOCAL_MODE,
            limits=Limits(timedelta(minutes=config.idle_minutes), timedelta(hours=config.session_hours)),
            least=config.password_length,
            failures=config.lockout_failures,
            minutes=config.lockout_minutes,
            secure=config.tls,
            languages=config.languages,
            hosts=frozenset(host.lower() for host in config.hosts),
        )
