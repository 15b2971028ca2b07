"""What the configuration says of signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from data.access.sessions import Limits
from data.config import Config

COOKIE = "jiceng"
MODES = ("open", "local", "oidc", "proxy")


@dataclass(frozen=True)
class Settings:
    """``mode``: open (this machine only, no password: the demo), local, oidc, proxy."""

    mode: str
    limits: Limits
    least: int  # letters of a password
    failures: int  # so many within ``minutes`` are too many
    minutes: int
    secure: bool  # the cookie goes over TLS only
    languages: tuple[str, ...]

    @classmethod
    def of(cls, config: Config) -> Settings:
        return cls(
            mode=config.sign_in,
            limits=Limits(timedelta(minutes=config.idle_minutes), timedelta(hours=config.session_hours)),
            least=config.password_length,
            failures=config.lockout_failures,
            minutes=config.lockout_minutes,
            secure=config.tls,
            languages=config.languages,
        )
