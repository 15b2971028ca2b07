"""The demo writes its ground beside its sources: once, whole, and true to what its registers say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import select

from commands import installation as commands
from data import records
from data.demo.ground import write_ground
from data.geometry.folder import FOLDER, read_geometry
from data.geometry.point_in import which
from data.installation import make_installation
from data.store import open_store
from metrics.coverage.ground_report import Standing, ground_report, standing
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from tests.roles import as_role


@pytest.fixture
def stood(demo) -> Standing:
    store = open_store(demo)
    with store.records() as connection:
        found = standing(LOCAL, connection)
    store.close()
    return found


def test_it_is_there_after_a_set_up(demo, tmp_path):
    """The ground of the district's own seed, byte for byte."""
    write_ground(tmp_path / "again", demo.arguments["seed"])
    written = {path.name: path.read_bytes() for path in (demo.folder / FOLDER).iterdir()}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert not (demo.folder / f"{FOLDER}.part").exists()


def test_villages_of_the_register_lie_in_their_borders(demo):
    ground = read_geometry(demo.folder / FOLDER)
    place = records.place.c
    store = open_store(demo)
    with store.records() as connection:
        rows = connection.execute(
            select(place.code, place.lon, place.lat).where(
                place.level.in_(["village", "community"]), place.known_to.is_(None)
            )
        ).all()
    store.close()
    frame = pd.DataFrame(rows, columns=["code", "lon", "lat"])
    layer = ground.layers["villages"]
    assert set(frame["code"]) == set(layer.frame["code"])
    shape = dict(zip(layer.frame["code"], layer.shapes, strict=True))
    inside = [
        shapely.intersects_xy(shape[row.code], row.lon, row.lat) for row in frame.itertuples(index=False)
    ]
    assert all(inside)
    assert (which(np.array([ground.county]), frame["lon"].to_numpy(), frame["lat"].to_numpy()) == 0).all()


def test_units_of_the_register_stand_where_they_say(demo, stood):
    """Of all open units only those are doubted that the demo's register placed wrongly."""
    report = ground_report(demo.folder / FOLDER, stood)
    assert report.units_known == len(stood.units) > 40
    assert not {one.rule for one in report.units} - {"point_far", "point_datum", "point_missing"}
    assert len({one.code for one in report.units}) <= 8
    assert report.refused  # a grid without a code was planted


def test_a_folder_that_is_there_stays_as_it_is(tmp_path):
    made = make_installation(tmp_path / "demo", kind="demo", arguments={"seed": 7})
    (made.folder / FOLDER).mkdir()
    (made.folder / FOLDER / "mine.txt").write_text("1")
    commands._write_ground(made)
    assert [path.name for path in (made.folder / FOLDER).iterdir()] == ["mine.txt"]


def test_what_was_cut_off_is_written_anew(tmp_path):
    made = make_installation(tmp_path / "demo", kind="demo", arguments={"seed": 7})
    (made.folder / f"{FOLDER}.part").mkdir()
    (made.folder / f"{FOLDER}.part" / "boundaries.geojson").write_text("half")
    commands._write_ground(made)
    assert (made.folder / FOLDER / "boundaries.geojson").stat().st_size > 1000
    assert not (made.folder / f"{FOLDER}.part").exists()


def test_only_who_sees_everybody_reads_where_units_stand(demo):
    director = as_role("d", "director", EVERYTHING, Scope(frozenset({2})))
    store = open_store(demo)
    with store.records() as connection, pytest.raises(NotAllowedError):
        standing(director, connection)
    store.close()
