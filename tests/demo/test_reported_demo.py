"""Two centres of the demo district deliver figures alone: pages mark them, and show how they differ from records."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from data.demo import write_district
from data.demo.reported import ONLY_FIGURES, UNREGISTERED
from data.installation import HOME_VARIABLE, make_installation
from data.intake.importing import import_files
from data.store import Store, open_store
from metrics import figures, published, units
from metrics.build import build
from metrics.cards import CARDS
from metrics.principal import LOCAL
from metrics.reporting import not_understood, stated
from metrics.units import show
from pages._text import text
from tests.pages.conftest import open_page
from tests.pages.test_pages import shown

DECEMBER = 2025 * 12 + 11
KEYS = ("he_awareness_rate", "he_lectures")
REGISTERS = ("机构登记表", "工作活动登记表", "调查与抽查登记表", "上报数登记表")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo installation with the registers that the two indicators rest on."""
    made = make_installation(tmp_path_factory.mktemp("reported") / "installation", kind="demo")
    write_district(made.sources, residents=2_000, until="2025-12", seed=7)
    files = sorted(p for p in made.sources.iterdir() if any(name in p.name for name in REGISTERS))
    assert sum("上报数登记表" in path.name for path in files) == len(ONLY_FIGURES)
    store = open_store(made)
    report = import_files(store, made, files, by="tester")
    assert [file.line("en") for file in report.files if file.problem or file.rejected] == []
    partial(build, cards=[CARDS[key] for key in KEYS])(store, made)
    yield made, store
    store.close()


def _unit(store: Store, name: str) -> int:
    with store.published() as connection:
        return connection.execute(
            select(published.unit.c.unit).where(published.unit.c.name == name)
        ).scalar_one()


def _december(store: Store, key: str, name: str):
    with store.published() as connection:
        rows = figures.course(LOCAL, connection, _unit(store, name), CARDS[key], "ytd")
        beside = stated(LOCAL, connection, _unit(store, name), CARDS[key], DECEMBER)
    return rows[rows["month"] == DECEMBER].iloc[0], beside


@pytest.mark.parametrize("name", ONLY_FIGURES)
def test_what_no_register_holds_is_the_reported_figure(demo, name):
    _, store = demo
    figure, beside = _december(store, "he_awareness_rate", name)
    assert (figure["status"], figure["origin"]) == ("ok", "reported")
    assert 0 < figure["numerator"] < figure["denominator"]
    assert figure["value"] == figure["numerator"] / figure["denominator"] == beside["value"]


def test_what_is_reported_beside_records_differs_at_one_centre(demo):
    _, store = demo
    differences = []
    for name in ONLY_FIGURES:
        figure, beside = _december(store, "he_lectures", name)
        assert figure["origin"] == "records"
        differences.append(beside["value"] - figure["value"])
    assert differences == [UNREGISTERED, 0]


def test_every_reported_figure_is_understood(demo):
    _, store = demo
    with store.published() as connection:
        assert not_understood(LOCAL, connection).empty


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_indicator_page_marks_it_and_shows_the_difference(demo, monkeypatch, language):
    made, store = demo
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    figure, beside = _december(store, "he_lectures", ONLY_FIGURES[0])
    words, unit = text(language), CARDS["he_lectures"].unit
    difference = words(
        "reported.beside",
        records=show(figure["value"], unit, language),
        reported=show(beside["value"], unit, language),
        difference=units.difference(beside["value"] - figure["value"], unit, language),
    )
    with store.published() as connection:
        table = published.unit
        code = connection.execute(select(table.c.code).where(table.c.name == ONLY_FIGURES[0])).scalar_one()
    for key, said in (("he_awareness_rate", words("reported.badge")), ("he_lectures", difference)):
        at = open_page("indicator.py", ind=key, unit=code, month="2025-12", lang=language)
        assert not at.exception
        assert said in shown(at)
