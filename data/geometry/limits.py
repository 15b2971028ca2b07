"""The limits of geometry: when a file is too large, and when a difference is worth a remark."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

FILE = "limits.toml"
_SHIPPED = Path(__file__).with_name(FILE)


class LimitsError(ValueError):
    """A bureau's limits.toml that cannot be used; the message names the file, the key and what is wrong."""


@cache
def shipped() -> Mapping[str, float]:
    """Every limit by name, as this project sets it; each is explained in limits.toml."""
    return MappingProxyType(tomllib.loads(_SHIPPED.read_text("utf-8"))["limits"])


def read_limits(folder: Path) -> Mapping[str, float]:
    """The limits in force for a geometry folder. Raises LimitsError."""
    path = folder / FILE
    if not path.is_file():
        return shipped()
    try:
        own = tomllib.loads(path.read_text("utf-8-sig"))["limits"]
    except (OSError, ValueError, KeyError, RecursionError) as error:
        raise LimitsError(f"{path}: {error!r}") from error
    if not isinstance(own, dict):
        raise LimitsError(f"{path}: [limits] must be a table")
    for key, value in own.items():
        if key not in shipped():
            raise LimitsError(f"{path}: no such limit: {key}; known: {', '.join(shipped())}")
        if type(value) not in (int, float) or not 0 <= value < float("inf"):
            raise LimitsError(f"{path}: {key} = {value!r}: must be a number of 0 or more")
    return MappingProxyType({**shipped(), **own})
