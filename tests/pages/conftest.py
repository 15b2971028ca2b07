"""Pages over the sample figures: an installation made once, opened by every test that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.installation import HOME_VARIABLE, Installation, exists, make_installation, open_installation
from data.store import Store, open_store
from metrics.cards import CARDS
from metrics.principal import LOCAL, Principal
from pages import _gaps, _who
from pages._menu import PAGES
from tests.pages import marked, people, sample
from tests.pages.district import Book, make
from tests.sharing import shared

FRAME = Path(__file__).resolve().parents[2] / "pages" / "_frame.py"
# Before the first run a page is known by the name of its file: where that is its address, none is needed.
_BY_FILE = {entry.script for name, entry in PAGES.items() if f"{name}.py" == entry.script}


@pytest.fixture(scope="session")
def sample_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The sample district with invented figures for every real card. Tests only read it."""

    def make(folder: Path) -> Installation:
        made = open_installation(folder) if exists(folder) else make_installation(folder, kind="demo")
        store = open_store(made)
        if store.generation() == 0:
            sample.fill(store, CARDS)
        store.close()
        return made

    return shared(tmp_path_factory, "sample", make)


@pytest.fixture(scope="session")
def marked_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The district in which everything bears its unit's number. Tests only read it, or a copy."""

    def made(folder: Path) -> Installation:
        if exists(folder):
            return open_installation(folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(HOME_VARIABLE, str(folder))  # scoring sheets are read from the installation in force
            return marked.make(folder)

    return shared(tmp_path_factory, "marked", made)


@pytest.fixture(scope="session")
def sample_store(sample_installation: Installation) -> Store:
    store = open_store(sample_installation)
    yield store
    store.close()


@pytest.fixture
def page(sample_installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """``page("indicator.py", ind="htn_control_rate")``: the page after a run, over the sample."""
    monkeypatch.setenv(HOME_VARIABLE, str(sample_installation.folder))
    monkeypatch.setattr("metrics.gaps.gap_page", people.gap_page)
    monkeypatch.setattr(_gaps, "gap_page", people.gap_page)
    return open_page


def open_page(script: str = "overview.py", **params: str) -> AppTest:
    """A page of the installation in force, run in the frame with these parameters in its URL."""
    at = AppTest.from_file(FRAME, default_timeout=30)
    if script not in _BY_FILE:
        at.run()
    at.switch_page(script)
    for name, value in params.items():
        at.query_params[name] = value
    return at.run()


@pytest.fixture
def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    """An installation of one's own, in force, and its register."""
    made = make(tmp_path / "own")
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    book = Book(made)
    yield book
    book.register.close()


@pytest.fixture(autouse=True)
def _asked_locally(asked_by: Callable[[Principal], None]) -> None:
    """Whoever sits at this machine asks, unless a test says who."""
    asked_by(LOCAL)


@pytest.fixture
def asked_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Principal], None]:
    """``asked_by(principal)``: from now on pages are asked by them."""

    def ask(who: Principal) -> None:
        monkeypatch.setattr(_who, "_identified", lambda known=None: _who.Asking(who, None))

    return ask
