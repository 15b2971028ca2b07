"""A GeoJSON file as a list of features and the coordinate system that the file names.

What would fill the memory is refused before it is parsed: small text can stand for large lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from data.geometry.findings import RefusedError
from data.geometry.layout import folded, ground_layout
from data.intake.encodings import find_encoding
from data.intake.findings import UnreadableError

_EPSG = {"4326": "WGS84", "4490": "CGCS2000", "crs84": "WGS84"}
_SHORT = 80  # characters of a value that a finding repeats


def read_features(path: Path, limits: Mapping[str, float]) -> tuple[list, object]:
    """(features, "crs" member) as parsed. Raises RefusedError for the whole file."""
    require_size(path, limits)
    text = _text(path)
    # Every position is a list and takes at least a comma; every feature takes at least two objects.
    if (
        text.count("[") > limits["positions"] + 8 * limits["features"]
        or text.count(",") > 4 * limits["positions"] + 40 * limits["features"]
        or text.count("{") > 8 * limits["features"]
    ):
        raise RefusedError("geometry_too_many", str(path.stat().st_size))
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise RefusedError("geometry_json", f"{error.lineno}:{error.colno}") from error
    except RecursionError as error:
        raise RefusedError("geometry_json_deep") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise RefusedError("geometry_json") from error
    features = _features(content)
    if len(features) > limits["features"]:
        raise RefusedError("geometry_too_many", str(len(features)))
    return features, content.get("crs")


def require_size(path: Path, limits: Mapping[str, float]) -> None:
    """Raises RefusedError for an empty file, or one that is larger than the limit."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise RefusedError("file_damaged") from error
    if size == 0:
        raise RefusedError("file_empty")
    if size > limits["file_mb"] * 1024 * 1024:
        raise RefusedError("geometry_too_large", f"{size / 1024 / 1024:.0f} MB > {limits['file_mb']:g} MB")


def shown(value: object) -> str:
    """A value of a file as a finding repeats it: short, on one line."""
    text = value if isinstance(value, str) else _dumped(value)
    text = re.sub(r"\s+", " ", text[: 4 * _SHORT]).strip()
    text = "".join(sign if sign.isprintable() else "�" for sign in text)
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def datum_of(crs: object) -> str | None:
    """The system that a "crs" member names; None where there is none. Raises RefusedError for an unknown one."""
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name", properties.get("code")) if isinstance(properties, dict) else crs
    datum = _named(str(name) if type(name) is int else name)
    if datum is None:
        raise RefusedError("geometry_crs_unknown", shown(name), "crs")
    return datum


def _text(path: Path) -> str:
    try:
        return path.read_text(find_encoding(path))
    except UnreadableError as error:
        raise RefusedError(error.rule) from error
    except (OSError, UnicodeError) as error:
        raise RefusedError("file_damaged") from error


def _named(name: object) -> str | None:
    """The system that a name stands for ("高德", "EPSG:4490", "urn:ogc:def:crs:OGC:1.3:CRS84"), None: unknown."""
    if not isinstance(name, str) or len(name) > 200:
        return None
    text = folded(name)
    if text in ground_layout().codes["coord_sys"]:
        return ground_layout().codes["coord_sys"][text]
    if match := re.fullmatch(r"(?:urn:(?:x-)?ogc:def:crs:)?(?:epsg|ogc)[:/].*?(\w+)", text):
        return _EPSG.get(match[1])
    if match := re.fullmatch(r"https?://www\.opengis\.net/(?:def/crs|gml/srs)/.*?[/#](\w+)", text):
        return _EPSG.get(match[1])
    return None


def _features(content: object) -> list:
    if not isinstance(content, dict):
        raise RefusedError("geometry_no_collection", shown(content))
    if content.get("type") == "Feature":
        return [content]
    features = content.get("features")
    if content.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise RefusedError("geometry_no_collection", shown(content.get("type")))
    if not features:
        raise RefusedError("geometry_no_features")
    return features


def _dumped(value: object) -> str:
    """The start of a value as JSON; it may be a list of a million points, or deeper than Python can follow."""
    if isinstance(value, dict):
        return "{" + ", ".join(str(key)[:_SHORT] for key in list(value)[:5]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join("…" if isinstance(v, (list, dict)) else str(v)[:30] for v in value[:4]) + "]"
    if isinstance(value, int) and abs(value) > 10**30:
        return "10^30…"
    return json.dumps(value, ensure_ascii=False)
