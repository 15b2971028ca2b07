"""The data page's report of the geometry folder: none, good, with findings, large, changed, and who may see it."""

from __future__ import annotations

import html
import json
import os
import shutil

import pytest

from data.demo.ground import write_ground
from data.geometry.folder import FOLDER
from data.geometry.layout import ground_layout
from data.installation import HOME_VARIABLE, make_installation
from data.messages import message
from metrics.principal import EVERYTHING, Scope
from pages import _ground
from pages._text import text
from tests.pages.conftest import open_page
from tests.pages.test_pages import boards
from tests.roles import as_role

ZH, EN = text("zh"), text("en")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The demo's ground, drawn once."""
    folder = tmp_path_factory.mktemp("drawn") / FOLDER
    write_ground(folder)
    return folder


@pytest.fixture
def own(tmp_path, monkeypatch):
    """An empty installation of one's own, in force; its geometry folder is still to be made."""
    made = make_installation(tmp_path / "own", kind="own")
    (made.folder / "config.toml").write_text('sign_in = "open"\n', "utf-8")
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    return made


def ground_of(at) -> str:
    said = [
        element.value
        for kind in ("info", "success", "caption", "markdown", "code")
        for element in at.get(kind)
    ]
    return "\n".join([*said, boards(at)])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_a_folder_it_says_what_to_put_where(own, language):
    """Before anything is imported, too: every file's name, and the folder."""
    at = open_page("sources.py", part="ground", lang=language)
    assert not at.exception
    said = ground_of(at)
    assert text(language)("ground.none") in said
    assert str(own.folder / FOLDER) in said
    for spec in [*ground_layout().layers.values(), *ground_layout().tables.values()]:
        assert spec.words[language] in said
        assert f"{spec.files[0]}.{'geojson' if spec.shape else 'csv'}" in said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_findings_name_file_feature_and_what_to_do(own, language):
    planted = write_ground(own.folder / FOLDER)
    at = open_page("sources.py", part="ground", lang=language)
    assert not at.exception
    said = ground_of(at)
    for one in planted:
        assert html.escape(message(one.rule, language)[0]) in said and message(one.rule, language)[1] in said
        assert one.file in said
    assert not [one.rule for one in planted if one.rule in said], "rules are told in words"
    assert text(language)("ground.outcomes.reject") in said


def test_accounts_add_up(own, drawn):
    shutil.copytree(drawn, own.folder / FOLDER)
    at = open_page("sources.py", part="ground")
    table = next(one for one in map(_html, at.get("bidi_component")) if ZH("ground.sum") in one)
    assert "115" in table  # villages of the district
    report = _ground.ground_report(own.folder / FOLDER, _ground.Standing())
    assert all(one.features == one.used + one.remarked + one.refused for one in report.accounts)


def test_a_good_folder_is_praised(own, drawn):
    (own.folder / FOLDER).mkdir()
    for name in ("boundaries", "roads"):
        shutil.copy(drawn / f"{name}.geojson", own.folder / FOLDER)
    at = open_page("sources.py", part="ground")
    assert not at.exception
    assert ZH("ground.fine", n="0") in [element.value for element in at.success]


def test_files_are_read_once_and_again_when_one_changes(own, drawn, monkeypatch):
    shutil.copytree(drawn, own.folder / FOLDER)
    times = []
    read = _ground.ground_report
    monkeypatch.setattr(_ground, "ground_report", lambda *words: times.append(1) or read(*words))
    at = open_page("sources.py", part="ground")
    at.run()
    assert len(times) == 1
    about = (own.folder / FOLDER / "stops.geojson").stat()
    os.utime(own.folder / FOLDER / "stops.geojson", ns=(about.st_atime_ns, about.st_mtime_ns + 1))
    at.run()
    assert len(times) == 2
    (own.folder / FOLDER / "stops.geojson").unlink()
    at.run()
    assert len(times) == 3 and "stops.geojson" not in _accounts(at)


def test_many_findings_are_paged(own):
    """A file of which much is wrong, in several ways."""
    (own.folder / FOLDER).mkdir()
    wrong = [
        {"type": "Feature", "properties": {"编码": f"c{n}"}, "geometry": None if n % 4 == 0 else _point(n)}
        for n in range(200)
    ]
    content = {"type": "FeatureCollection", "features": wrong}
    (own.folder / FOLDER / "candidates.geojson").write_text(json.dumps(content), "utf-8")
    first = open_page("sources.py", part="ground")
    second = open_page("sources.py", part="ground", p="2")
    assert not first.exception and not second.exception
    assert ground_of(first) != ground_of(second)
    last = open_page("sources.py", part="ground", p="999")
    assert not last.exception and ground_of(last) == ground_of(second)


def _point(n: int) -> dict:
    """In metres, outside China, a line, or no number at all."""
    return [
        {},
        {"type": "Point", "coordinates": [500_000 + n, 4_000_000]},
        {"type": "Point", "coordinates": [2.0, 48.0]},
        {"type": "LineString", "coordinates": [[83, 39], [83, 40]]},
    ][n % 4]


def test_units_of_the_register_are_checked(use_demo):
    """The demo: its planted mistakes in files, and the units that do not stand where they say."""
    at = open_page("sources.py", part="ground", lang="en", about="units")
    assert not at.exception
    said = ground_of(at)
    assert "python3 manage.py build" in {code.value for code in at.get("code")}  # the demo has no button
    assert EN("ground.wrong") in said or EN("ground.clean.units") in said


def test_a_chosen_part_is_in_the_address(use_demo):
    at = open_page("sources.py", batch="1")
    at.segmented_control(key="filter_part").select("ground").run()
    assert at.query_params["part"] == "ground" and "batch" not in at.query_params
    assert not at.exception


def test_only_who_brings_files_in_sees_it(page, asked_by):
    director = as_role("d", "director", EVERYTHING, Scope(frozenset({2})))
    asked_by(director)
    at = page("sources.py", part="ground")
    assert not at.exception
    assert ZH("ground.findings") not in [element.value for element in at.subheader]
    [parts] = [one.options for one in at.segmented_control if one.key == "filter_part"]
    assert ZH("data.parts.ground") not in parts


def _html(element) -> str:
    return json.loads(element.proto.json)["html"]


def _accounts(at) -> str:
    return next(one for one in map(_html, at.get("bidi_component")) if ZH("ground.sum") in one)
