"""What a geometry folder may hold, read from `layout.toml`: layers, tables, and how their properties are called."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from data.intake.cells import normal

_FILE = Path(__file__).with_name("layout.toml")


@dataclass(frozen=True)
class Column:
    """A property: what it is called here and in files, and how it is read."""

    to: str
    labels: tuple[str, ...]
    type: str  # text, number, degrees, code, yes_no
    required: bool = False
    strict: bool = False  # may be missing, but what cannot be read refuses the feature
    codes: Mapping[str, str] = field(default_factory=dict)  # folded spelling -> value


@dataclass(frozen=True)
class LayerSpec:
    """One layer (a GeoJSON file) or one table (a csv file, without a shape)."""

    name: str
    files: tuple[str, ...]  # names without suffix, the preferred one first
    words: Mapping[str, str]
    columns: tuple[Column, ...]
    shape: str = ""  # polygon, line or point
    level: str = ""  # of every feature, where files do not say
    unique: bool = False  # a code names one feature

    def column(self, to: str) -> Column | None:
        return next((column for column in self.columns if column.to == to), None)


@dataclass(frozen=True)
class GroundLayout:
    layers: Mapping[str, LayerSpec]
    tables: Mapping[str, LayerSpec]
    codes: Mapping[str, Mapping[str, str]]  # list -> folded spelling -> value


@lru_cache(10_000)
def folded(text: str) -> str:
    """A label or code in the form in which they are compared: half-width, small, without blanks."""
    return re.sub(r"\s+", "", normal(text)).replace("～", "-").replace("~", "-").lower()


@cache
def ground_layout() -> GroundLayout:
    """The layout that is shipped."""
    raw = tomllib.loads(_FILE.read_text("utf-8"))
    codes = {
        name: {folded(spelling): value for value, spellings in values.items() for spelling in spellings}
        for name, values in raw["codes"].items()
    }
    made = {
        kind: {name: _spec(name, entry, codes) for name, entry in raw[kind].items()}
        for kind in ("layers", "tables")
    }
    return GroundLayout(made["layers"], made["tables"], codes)


def _codes(names: str | list[str], codes: dict[str, dict[str, str]]) -> dict[str, str]:
    """One list of codes, or several together."""
    together: dict[str, str] = {}
    for name in [names] if isinstance(names, str) else names:
        together |= codes[name]
    return together


def _spec(name: str, entry: dict, codes: dict[str, dict[str, str]]) -> LayerSpec:
    columns = tuple(
        Column(
            to=column["to"],
            labels=tuple(column["from"]),
            type=column["type"],
            required=column.get("required", False),
            codes=_codes(column.get("codes", []), codes),
        )
        for column in entry["columns"]
    )
    # In which system a feature was drawn: read wrongly it lies hundreds of metres off.
    datum = Column("coord_sys", ("坐标系", "coord_sys"), "code", strict=True, codes=codes["coord_sys"])
    if "shape" in entry or any(column.to == "lon" for column in columns):
        columns = (*columns, datum)
    return LayerSpec(
        name=name,
        files=tuple(entry["files"]),
        words=entry["words"],
        columns=columns,
        shape=entry.get("shape", ""),
        level=entry.get("level", ""),
        unique=entry.get("unique", False),
    )
