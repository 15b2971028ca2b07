"""What the configuration says of signing in."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from data.access.sessions import Limits
from data.config import Config

OPEN_MODE = "open"
LOCAL_MODE = "local"
OIDC_MODE = "oidc"
PROXY_MODE = "proxy"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Settings:
    """``mode``: open (this machine only, no password: a demo), local (accounts with passwords), oidc (an identity server
    says who it is) or proxy (a reverse proxy does)."""

    mode: str
    limits: Limits
    least: int  # letters of a password
    failures: int  # so many within ``minutes`` are too many
    minutes: int
    secure: bool  # browsers reach the server over TLS only
    languages: tuple[str, ...]
    hosts: frozenset[str] = frozenset()  # names under which the server is asked for
    proxies: tuple[Network, ...] = ()  # whose word on a client is believed
    header: str = ""  # that names the account, in small letters
    issuer: str = ""  # the identity server
    client: str = ""  # our name there
    claim: str = ""  # that names the account

    @classmethod
    def of(cls, config: Config, *, demo: bool) -> Settings:
        """Of an installation; ``demo``: whether it holds a demo, which opens without a password unless it says otherwise."""
        mode = config.sign_in
        if mode in ("", OPEN_MODE):
            mode = OPEN_MODE if demo else LOCAL_MODE
        return cls(
            mode=mode,
            limits=Limits(timedelta(minutes=config.idle_minutes), timedelta(hours=config.session_hours)),
            least=config.password_length,
            failures=config.lockout_failures,
            minutes=config.lockout_minutes,
            secure=config.tls,
            languages=config.languages,
            hosts=frozenset(host.lower() for host in config.hosts),
            proxies=tuple(ipaddress.ip_network(one) for one in config.proxy_addresses),
            header=config.proxy_header.lower(),
            issuer=config.oidc_issuer.rstrip("/"),
            client=config.oidc_client_id,
            claim=config.oidc_claim,
        )

    @property
    def passwords(self) -> bool:
        """Whether people have passwords of ours: elsewhere nobody is asked to change one."""
        return self.mode in (OPEN_MODE, LOCAL_MODE)

    @property
    def cookie(self) -> str:
        """Name of the session's cookie. Over TLS browsers themselves see to it that no neighbouring host sets this one."""
        return "__Host-jiceng" if self.secure else "jiceng"
