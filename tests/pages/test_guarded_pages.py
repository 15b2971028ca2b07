"""Pages over a PostgreSQL server that guards every row show what they show over files, which guard none."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextvars import Context

import pytest

from data.config import DATABASE_VARIABLE
from data.installation import HOME_VARIABLE
from data.store import open_store
from metrics.principal import Principal
from pages._menu import PAGES, menu_of
from pages._store import one_generation
from tests.engines.guarded import Guarded, guarded
from tests.pages import marked
from tests.pages.conftest import open_page
from tests.pages.test_scope_walk import ASKED, DIRECTOR, DOCTOR, EVERYBODY

FEW = (
    ("indicator", {"ind": marked.PERSONS, "unit": "Kxq15"}),
    ("indicator", {"ind": marked.THINGS, "unit": "Kxq15"}),
    ("todo", {"unit": "Kxq15"}),
)


@pytest.fixture(scope="module")
def server(postgres_url: str, tmp_path_factory) -> Iterator[Guarded]:
    """The marked district on a server with roles."""
    with guarded(postgres_url, tmp_path_factory.mktemp("guarded") / "own") as made:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(marked, "make_installation", lambda folder, kind: made.installation)
            marked.make(made.installation.folder)
        store = open_store(made.installation)
        with store.change("published"):  # as the build does that follows an import
            pass
        store.close()
        yield made


def shown(page: str, params: dict[str, str]) -> str:
    """Everything that stands on a page, without what differs by the hour."""
    at = open_page(PAGES[page].script.removeprefix("pages/"), **{"month": "2026-10", **params})
    assert not at.exception, at.exception
    words = [str(getattr(one, "value", "")) + str(getattr(one, "label", "")) for one in at.main]
    words += [one.proto.body for one in at.get("html")]
    return "\n".join(words)


def compare(walks, who, server, marked_installation, asked_by, monkeypatch) -> list:
    asked_by(who)
    differing = []
    for page, params in walks:
        texts = []
        for folder, database in (
            (server.installation.folder, server.app),
            (marked_installation.folder, ""),
        ):
            monkeypatch.setenv(HOME_VARIABLE, str(folder))
            monkeypatch.setenv(DATABASE_VARIABLE, database)
            texts.append(shown(page, params))
        assert texts[0]
        if texts[0] != texts[1]:
            lines = difflib.ndiff(texts[1].splitlines(), texts[0].splitlines())
            told = [line[:300] for line in lines if line[:1] in "+-"]
            differing.append((who.name, page, params, told[:6]))
    return differing


def own_walk(who: Principal) -> list[tuple[str, dict[str, str]]]:
    """What somebody may open of ``ASKED``; of an auditor nothing (the log of two installations is not the same)."""
    return [(page, params) for page, params in ASKED if page in menu_of(who)]


@pytest.mark.parametrize("who", [DIRECTOR, DOCTOR], ids=lambda who: who.name)
def test_lists_are_those_of_files(who, server, marked_installation, asked_by, monkeypatch):
    assert compare(FEW, who, server, marked_installation, asked_by, monkeypatch) == []


@pytest.mark.long
@pytest.mark.parametrize("who", [who for who in EVERYBODY if own_walk(who)], ids=lambda who: who.name)
def test_every_page_is_that_of_files(who, server, marked_installation, asked_by, monkeypatch):
    assert compare(own_walk(who), who, server, marked_installation, asked_by, monkeypatch) == []


def test_what_asks_for_nobody_is_shown_nothing(server, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(server.installation.folder))
    monkeypatch.setenv(DATABASE_VARIABLE, server.app)
    Context().run(nobody_reads)  # a thread of its own knows nobody; this one may have read as somebody before


def nobody_reads() -> None:
    with one_generation() as known:
        for part, table in (("published", "figure"), ("records", "person"), ("identity", "name")):
            with getattr(known, part)() as connection:
                assert connection.exec_driver_sql(f"SELECT count(*) FROM {part}.{table}").scalar_one() == 0
