"""``config.toml``: what a bureau may change, read once into a typed, frozen object.

Every key is explained in ``config.toml`` beside the code, which also holds every default: the numbers
are written nowhere else. A ``config.toml`` in the installation folder overrides single keys.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

DEFAULTS = Path(__file__).resolve().parent.parent / "config.toml"
DATABASE_VARIABLE = "JICENG_DATABASE"
#: The same as its owner, for ``manage.py migrate``, ``backup``, ``restore`` and ``database``: never in a file.
OWNER_VARIABLE = "JICENG_DATABASE_OWNER"
LANGUAGES = ("zh", "en")

# Least and greatest value that makes sense, of every number.
_RANGES = {
    "port": (1, 65_535),
    "database_connections": (1, 500),
    "database_wait_seconds": (1, 120),
    "database_recycle_minutes": (1, 1_440),
    "statement_seconds": (5, 3_600),
    "idle_transaction_minutes": (1, 600),
    "grid_cell_m": (100, 10_000),
    "proposal_seconds": (1, 300),
    "intake_chunk_rows": (1_000, 10_000_000),
    "evidence_mb": (1, 100),
    "evidence_megapixels": (1, 80),  # more would need gigabytes to be shown small
    "idle_minutes": (1, 720),
    "session_hours": (1, 24),
    "password_length": (8, 64),
    "lockout_failures": (2, 100),
    "lockout_minutes": (1, 1_440),
    "reveals_a_day": (0, 10_000),
    "log_days": (180, 36_500),  # the law asks for six months at least
}


# The words that a text may be.
_CHOICES = {
    "grid_cell": ("square", "hexagon"),
    "map_people": ("records", "villages", "raster"),
    "travel_mode": ("walk", "cycle", "motorcycle", "car"),
    "sign_in": ("", "open", "local", "oidc", "proxy"),
}
# What a way to sign in cannot do without.
_NEEDED = {
    "oidc": ("oidc_issuer", "oidc_client_id", "oidc_claim"),
    "proxy": ("proxy_header", "proxy_addresses"),
}
_SWITCHES = ("tls",)
_LISTS = ("hosts", "proxy_addresses")  # of texts


class ConfigError(Exception):
    """A configuration file that cannot be used; the message names file, key, value and remedy."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The keys of ``config.toml``, where each is explained."""

    bureau_name: str
    languages: tuple[str, ...]
    database: str
    database_connections: int
    database_wait_seconds: int
    database_recycle_minutes: int
    statement_seconds: int
    idle_transaction_minutes: int
    build_memory: str
    port: int
    grid_cell: str
    grid_cell_m: int
    map_people: str
    travel_mode: str
    proposal_seconds: int
    intake_chunk_rows: int
    book_memory: str
    evidence_mb: int
    evidence_megapixels: int
    sign_in: str
    address: str
    hosts: tuple[str, ...]
    tls: bool
    proxy_addresses: tuple[str, ...]
    proxy_header: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_claim: str
    idle_minutes: int
    session_hours: int
    password_length: int
    lockout_failures: int
    lockout_minutes: int
    reveals_a_day: int
    log_days: int
    identity_key: str


KEYS = tuple(field.name for field in fields(Config))


def read_config(folder: Path | None = None) -> Config:
    """The defaults, overridden by ``folder/config.toml`` when there is one, and by JICENG_DATABASE.

    Raises ConfigError with every problem of a file at once, one a line.
    """
    values = _read(DEFAULTS)
    if missing := [key for key in KEYS if key not in values]:
        raise ConfigError(f"{DEFAULTS}: missing {', '.join(missing)}")
    if folder is not None and (own := folder / "config.toml").is_file() and own.resolve() != DEFAULTS:
        values |= _read(own)
    if database := os.environ.get(DATABASE_VARIABLE):
        values["database"] = database
    if problem := _lacks(values):
        raise ConfigError(f"{folder / 'config.toml' if folder else DEFAULTS}: {problem}")
    return Config(**values)


def _read(path: Path) -> dict:
    """The checked keys of one file."""
    try:
        # Notepad on Windows writes a byte order mark, which TOML refuses.
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    problems = [problem for key, value in raw.items() if (problem := _problem(key, value))]
    if problems:
        raise ConfigError("\n".join(f"{path}: {problem}" for problem in problems))
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}


def _lacks(values: dict) -> str | None:
    """What the way to sign in needs and does not have, or None."""
    needed = _NEEDED.get(values["sign_in"], ())
    if missing := [key for key in needed if not values[key]]:
        return f'sign_in = "{values["sign_in"]}" needs {", ".join(missing)}'
    return None


def _is_network(value: str) -> bool:
    """Whether a text is an address or a network such as 10.1.0.0/24; everybody is none."""
    try:
        return ipaddress.ip_network(value).prefixlen > 0
    except ValueError:
        return False


def _is_issuer(value: str) -> bool:
    """https, or http on this machine itself."""
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = parts.scheme == "http" and host in ("127.0.0.1", "::1", "localhost")
    return bool(host) and (parts.scheme == "https" or plain) and not parts.query and not parts.fragment


def _problem(key: str, value: object) -> str | None:
    """What is wrong with one key, or None."""
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, n=1)
        return f"no such key: {key}" + (
            f"; did you mean {near[0]}?" if near else f"; known: {', '.join(KEYS)}"
        )
    if key in _RANGES:
        least, most = _RANGES[key]
        if type(value) is not int or not least <= value <= most:
            return f"{key} = {value!r}: must be a whole number from {least} to {most}"
    elif key == "languages":
        if not isinstance(value, list) or not value or any(v not in LANGUAGES for v in value):
            return f"languages = {value!r}: must be a list of {', '.join(LANGUAGES)}"
    elif key in _SWITCHES:
        if not isinstance(value, bool):
            return f"{key} = {value!r}: must be true or false"
    elif key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            return f'{key} = {value!r}: must be a list of texts in quotes, such as ["10.1.2.3"]'
        if key == "proxy_addresses" and (wrong := [one for one in value if not _is_network(one)]):
            return f"proxy_addresses: {wrong[0]!r} is neither an address nor a network such as 10.1.0.0/24"
    elif not isinstance(value, str):
        return f"{key} = {value!r}: must be text in quotes"
    elif key == "oidc_issuer" and value and not _is_issuer(value):
        return (
            f'oidc_issuer = {value!r}: must be an address such as "https://id.example.gov.cn/realms/bureau"'
        )
    elif key == "proxy_header" and not re.fullmatch(r"[A-Za-z0-9-]*", value):
        return f'proxy_header = {value!r}: must be the name of a header such as "X-Remote-User"'
    elif key in _CHOICES and value not in _CHOICES[key]:
        return f"{key} = {value!r}: must be one of {', '.join(_CHOICES[key])}"
    elif key in ("build_memory", "book_memory") and not re.fullmatch(r"\d+(MB|GB)", value):
        return f'{key} = {value!r}: must be a size such as "512MB" or "2GB"'
    elif (
        key == "database"
        and value
        and not value.startswith(("postgresql:", "postgresql+psycopg2:", "postgres:"))
    ):
        # The value may hold a password: it is not repeated.
        return 'database: must be empty or start with "postgresql://"'
    return None
