"""A district of four square villages, drawn into a folder."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

WEST, SOUTH, STEP = 104.0, 30.0, 0.02  # of the district; a village is about two kilometres wide


def square(column: float, row: float, width: float = 1.0, height: float = 1.0) -> dict:
    """A polygon in village widths from the south-western corner."""
    x, y = WEST + column * STEP, SOUTH + row * STEP
    right, top = x + width * STEP, y + height * STEP
    return {"type": "Polygon", "coordinates": [[[x, y], [right, y], [right, top], [x, top], [x, y]]]}


def feature(geometry: dict | None, **properties: object) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def boundaries() -> list[dict]:
    return [
        feature(square(0, 0, 2, 2), code="1", name="甲县", level="县"),
        feature(square(0, 0, 2, 1), code="11", name="南镇", level="town", parent_code="1"),
        feature(square(0, 1, 2, 1), code="12", name="北镇", level="镇", parent_code="1"),
    ]


def villages() -> list[dict]:
    return [
        feature(
            square(column, row),
            村编码=f"1{row + 1}{column + 1}",
            村名=f"{row}{column}村",
            乡镇编码=f"1{row + 1}",
        )
        for row in range(2)
        for column in range(2)
    ]


class Folder:
    """A geometry folder to write into."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, name: str, features: list[dict], **members: object) -> Path:
        content = {"type": "FeatureCollection", "features": copy.deepcopy(features), **members}
        return self.raw(name, json.dumps(content, ensure_ascii=False).encode())

    def raw(self, name: str, content: bytes | str) -> Path:
        path = self.path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def district(folder: Folder) -> Folder:
    """Boundaries and villages without a mistake."""
    folder.put("boundaries.geojson", boundaries())
    folder.put("villages.geojson", villages())
    return folder


@pytest.fixture
def draw() -> dict[str, Callable]:
    """What tests draw with (a conftest cannot be imported by name)."""
    return {"square": square, "feature": feature, "boundaries": boundaries, "villages": villages}
