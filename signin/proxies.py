"""What reverse proxies say: from where a request comes, and (where they sign people in) whose it is.

Only addresses of ``proxy_addresses`` are believed. The server's own reading of such headers is switched off
(``commands.server``), so that the address seen here is the one that the connection really comes from.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.types import Scope

from signin.settings import Network, Settings

_LONGEST = 100  # letters of a name
_BESIDE_LETTERS = frozenset("._@-+ ")


class ProxyRefusalError(Exception):
    """The request is not believed: ``rule`` is elsewhere (no proxy of ours sent it) or header (it names nobody)."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def from_client(scope: Scope, settings: Settings) -> Scope:
    """The request as the browser sent it: its own address where a proxy of ours tells it, https where TLS is asked for."""
    scope = {**scope, "client": (client_of(scope, settings.proxies), 0)}
    if settings.secure:
        scope["scheme"] = "wss" if scope["type"] == "websocket" else "https"
    return scope


def client_of(scope: Scope, proxies: Iterable[Network]) -> str:
    """The last address of the line that is none of our proxies': those further on could have been written by anybody."""
    at = scope["client"][0] if scope.get("client") else ""
    told = ",".join(_values(scope, b"x-forwarded-for"))
    line = [part.strip() for part in told.split(",") if part.strip()]
    while line and among(at, proxies):
        said = _plain(line.pop())
        if said is None:  # what is no address is not written into the log as one
            return at
        at = said
    return at


def name_in(scope: Scope, settings: Settings) -> str:
    """Whom the proxy has signed in. Raises ProxyRefusalError.

    ``scope`` is the request as it came in: its client is the proxy.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if not among(peer, settings.proxies):
        raise ProxyRefusalError("elsewhere")
    given = [value for name, value in scope["headers"] if name == settings.header.encode("latin-1")]
    if len(given) != 1:  # a client's own header that a proxy did not take away, or none at all
        raise ProxyRefusalError("header")
    try:
        name = given[0].decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ProxyRefusalError("header") from None
    plain = all(letter.isalnum() or letter in _BESIDE_LETTERS for letter in name)
    if not name or len(name) > _LONGEST or not plain:
        raise ProxyRefusalError("header")
    return name


def among(address: str, proxies: Iterable[Network]) -> bool:
    """Whether an address is in one of the networks."""
    try:
        at = ipaddress.ip_address(address)
    except ValueError:
        return False
    if at.version == 6 and at.ipv4_mapped is not None:
        at = at.ipv4_mapped
    return any(at in network for network in proxies if network.version == at.version)


def _plain(said: str) -> str | None:
    """An address without brackets and port; None for what is none."""
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None


def _values(scope: Scope, header: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == header]
