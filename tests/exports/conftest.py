"""The sample district as documents read it, made once a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from data.installation import Installation, make_installation
from data.store import Store, open_store
from exports.deck import quarterly
from exports.slides import Deck
from metrics.principal import LOCAL
from tests.exports import meeting
from tests.exports.desk import Material, fill
from tests.pages import sample


def _made(folder: Path) -> Store:
    store = open_store(make_installation(folder, kind="demo"))
    sample.fill(store, meeting.CARDS)
    return store


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A bureau, eight centres, forty stations. Tests only read it."""
    store = _made(tmp_path_factory.mktemp("documents") / "installation")
    yield store
    store.close()


@pytest.fixture(scope="session")
def flat_district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A bureau with forty stations directly under it. Tests only read it."""
    store = _made(tmp_path_factory.mktemp("flat") / "installation")
    meeting.flatten(store)
    yield store
    store.close()


@pytest.fixture(scope="session")
def material(demo: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Material]:
    """The demo's figures with two published rounds and four findings. Tests only read it."""
    made = fill(demo, tmp_path_factory.mktemp("register") / "installation")
    yield made
    made.register.close()


@pytest.fixture
def read(district: Store) -> Callable[..., Any]:
    """``read(figures.standing, unit=1, ...)``: the answer of a function of ``metrics``."""

    def answer(function: Callable[..., Any], **arguments: Any) -> Any:
        with district.published() as connection:
            return function(LOCAL, connection, **arguments)

    return answer


def make_deck(store: Store, language: str, **more: Any) -> Deck:
    """The quarterly deck of a district's bureau."""
    with store.published() as connection:
        return quarterly(
            LOCAL,
            connection,
            meeting.UNIT,
            meeting.MONTH,
            meeting.CARDS,
            meeting.about_sample(connection),
            language,
            **more,
        )
