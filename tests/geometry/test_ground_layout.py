"""The layout of the geometry folder, and that its page in docs/ says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.geometry.geojson import datum_of
from data.geometry.layout import folded, ground_layout
from data.geometry.limits import shipped

DOCS = Path(__file__).resolve().parents[2] / "docs" / "geometry.md"


@pytest.fixture(scope="module")
def page() -> str:
    return folded(DOCS.read_text("utf-8"))


def test_every_file_and_spelling_is_documented(page):
    layout = ground_layout()
    for spec in [*layout.layers.values(), *layout.tables.values()]:
        for name in spec.files:
            assert folded(name) in page, name
        for column in spec.columns:
            for label in column.labels:
                assert folded(label) in page, (spec.name, column.to, label)


def test_every_limit_that_the_page_names_is_one(page):
    named = re.findall(r"^(\w+) = [\d.]+$", DOCS.read_text("utf-8"), re.MULTILINE)
    assert named and set(named) <= set(shipped())
    numbers = shipped()
    assert (numbers["overlap_share"], numbers["gap_share"], numbers["outside_share"]) == (0.01, 0.01, 0.02)
    assert (numbers["listed"], numbers["far_m"], numbers["road_margin_m"]) == (
        20,
        500,
        20_000,
    )  # as the page says


def test_no_spelling_means_two_things():
    for spec in [*ground_layout().layers.values(), *ground_layout().tables.values()]:
        labels = [folded(label) for column in spec.columns for label in column.labels]
        assert len(labels) == len(set(labels)), spec.name
    files = [
        name
        for specs in (ground_layout().layers, ground_layout().tables)
        for s in specs.values()
        for name in s.files
    ]
    assert len(files) == len(set(files))


@pytest.mark.parametrize(
    ("name", "datum"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "WGS84"),
        ("urn:ogc:def:crs:OGC::CRS84", "WGS84"),
        ("urn:ogc:def:crs:EPSG::4326", "WGS84"),
        ("urn:ogc:def:crs:EPSG:6.18:4490", "CGCS2000"),
        ("urn:x-ogc:def:crs:EPSG:4326", "WGS84"),
        ("EPSG:4490", "CGCS2000"),
        ("epsg:4326", "WGS84"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "WGS84"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "WGS84"),
        ("ＧＣＪ－０２", "GCJ02"),
        ("百度", "BD09"),
    ],
)
def test_names_of_systems(name, datum):
    assert datum_of({"type": "name", "properties": {"name": name}}) == datum
    assert datum_of(name) == datum
    assert datum_of(None) is None
