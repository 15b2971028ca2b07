"""A name with the marks of Markdown in it is shown as it was typed: no link, no picture, no colour, wherever it stands."""

from __future__ import annotations

import shutil
import string
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from streamlit.testing.v1 import AppTest

from data.installation import HOME_VARIABLE, Installation, open_installation
from data.register import open_register
from data.store import open_store
from metrics.principal import LOCAL
from pages._menu import PAGES
from pages._text import typed
from tests.pages.conftest import FRAME
from tests.pages.test_scope_walk import ASKED, _nodes

MARK = "[x](http://evil.example)"
PICTURE = "![z](http://evil.example/p)"
NAME = f"一站{MARK}:red[y]{PICTURE}*b*`c`$d$"
#: What shows words as they are: our own HTML is escaped (test_board), tables, choices of lists and fields are no Markdown.
_PLAIN = {
    "BidiComponent",
    "ArrowDataFrame",
    "DataFrame",
    "Table",
    "PlotlyChart",
    "DeckGlJsonChart",
    "DownloadButton",
}
_PLAIN_FIELDS = {"options", "default", "value", "placeholder", "id", "raw_value", "raw_values", "set_value"}


@pytest.fixture
def named(marked_installation: Installation, tmp_path: Path, monkeypatch) -> Installation:
    """The marked district, in which units, people and what was written have such names."""
    folder = tmp_path / "named"
    shutil.copytree(marked_installation.folder, folder)
    made = open_installation(folder)
    store = open_store(made)
    with store.change("published", "records") as draft:
        draft.published.execute(sql("UPDATE published.unit SET name = name || :more"), {"more": NAME})
        draft.records.execute(sql("UPDATE records.unit SET name = name || :more"), {"more": NAME})
    store.close()
    register = open_register(made)
    with register.writing() as connection:
        for table, column in (("finding", "what"), ("visit", "note"), ("appraisal_round", "edited_by")):
            connection.execute(
                sql(f"UPDATE {table} SET {column} = coalesce({column}, '') || :more"), {"more": NAME}
            )
    register.close()
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    return made


@pytest.mark.parametrize("one", string.punctuation.replace(".", ""))
def test_every_sign_can_be_told_to_be_none(one):
    assert typed(f"a{one}b") == f"a\\{one}b"


def test_a_point_makes_lists_and_links_alone():
    assert (typed("1. 站"), typed("www.x.example"), typed("a.png")) == ("1\\. 站", "www\\.x.example", "a.png")


def test_what_is_typed_stays_on_one_line():
    assert typed("一\n# 二\r\n\t三") == "一 \\# 二 三"


def obeyed(at: AppTest) -> Iterator[str]:
    """What a page sent that the browser takes as Markdown and that has a link in it."""
    for node in _nodes(at._tree):
        proto = getattr(node, "proto", None)
        if proto is None or type(proto).__name__ in _PLAIN:
            continue
        for field, value in proto.ListFields():
            if field.name not in _PLAIN_FIELDS and MARK in str(value):
                yield f"{type(proto).__name__}.{field.name}: {str(value)[:300]}"


def test_names_are_shown_as_typed(named, asked_by):
    asked_by(LOCAL)
    at = AppTest.from_file(FRAME, default_timeout=30).run()
    found = set()
    shown = 0
    for page, params in chain(((name, {}) for name in PAGES), ASKED):
        at.switch_page(PAGES[page].script)
        at.query_params.clear()
        for name, value in ({"lang": "zh"} | params).items():
            at.query_params[name] = value
        at.run()
        assert not at.exception, (page, params, at.exception[0].message)
        shown += any(MARK in str(getattr(node, "proto", "")) for node in _nodes(at._tree))
        found |= {f"{page} {params} {one}" for one in obeyed(at)}
    assert shown > 5
    assert not found, "\n".join(sorted(found))
