"""The page of records worth checking: who sees what, its list, the records behind, its empty states, its files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import delete, select
from streamlit.testing.v1 import AppTest

from data.access import open_access
from data.access.tables import entry
from data.hashing import Hasher
from data.identity import telephones
from data.installation import HOME_VARIABLE, Installation, make_installation
from data.store import bulk_insert, create_missing, open_store
from metrics import published
from metrics.principal import EVERYTHING, Scope
from metrics.truth.publishing import doctor_number, looked_at
from pages import _takeaway
from pages._menu import menu_of
from pages._text import text
from tests.pages.conftest import open_page
from tests.roles import as_role
from tests.truth import small

ZH = text("zh")
CROWDED = 5  # the station in which people have somebody else's telephone
OFFICER = as_role("officer", "officer", EVERYTHING, EVERYTHING)
LEADER = as_role("leader", "leader", EVERYTHING, EVERYTHING)
DIRECTOR = as_role("director", "director", EVERYTHING, Scope(frozenset({3})))


def _unit(number: int, parent: int | None, kind: str) -> dict:
    return {"unit": number, "code": f"U{number}", "name": f"第{number}站", "kind": kind, "parent": parent}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Installation:
    """Eight stations of a bureau, published as a build does."""

    installation = make_installation(tmp_path_factory.mktemp("worth") / "own", kind="own")
    store = open_store(installation)
    small.share_telephones(store, small.fill(store), CROWDED)
    with store.records() as connection:
        tables = looked_at(connection, small.MONTH, Hasher(installation.secret()), telephones(store))
    units = [_unit(100, None, "bureau"), *(_unit(n, 100, "station") for n in range(1, 9))]
    about = {"build": 1, "event": 1, "batch": 1, "built_at": pd.Timestamp("2025-01-05"), "kind": "full"}
    about |= {"first_month": 2024 * 12, "last_month": small.MONTH, "data_until": date(2024, 12, 31)}
    about |= {"definitions": "x", "seconds": 1.0, "installation": "own", "bureau": "局"}
    with store.change("published") as draft:
        create_missing(draft.published, published.metadata)
        bulk_insert(draft.published, published.unit, pd.DataFrame(units).convert_dtypes())
        bulk_insert(draft.published, published.build, pd.DataFrame([about]))
        for name, rows in tables.items():
            bulk_insert(draft.published, published.PUBLISHED[name], rows)
    store.close()
    return installation


@pytest.fixture
def here(made: Installation, monkeypatch, asked_by) -> Iterator[Installation]:
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    asked_by(OFFICER)
    yield made


def shown(**params: str) -> AppTest:
    at = open_page("worth.py", **({"lang": "zh"} | params))
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    boards = [json.loads(one.proto.json)["html"] for one in at.get("bidi_component")]
    return "\n".join([*boards, *(str(getattr(one, "value", "")) for one in at.main)])


def signal(made: Installation, kind: str = "repeats") -> dict[str, str]:
    number = doctor_number(Hasher(made.secret()), small.COPIER)
    return {"of": f"U{small.UNIT}", "doctor": str(number), "signal": kind}


def test_a_listed_doctor_stands_with_reasons_ranges_and_records(here):
    said = words(shown())
    assert f"第{small.UNIT}站" in said
    assert ZH("worth.doctor", name=small.COPIER) in said
    assert ZH("worth.caveat") in said
    assert ZH("worth.above") in said
    assert "signal=repeats" in said
    assert small.OTHER not in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_trace_only_stands_apart_below_those_listed(here, lang):
    """Telephones are the one trace of the crowded station; the copier is listed."""
    told = text(lang)
    at = shown(lang=lang)
    assert [one.value for one in at.subheader] == [told("worth.hinted_title")]
    captions = [one.value for one in at.caption]
    assert told("worth.n_listed", n=1) in captions and told("worth.n_hinted", n=1) in captions
    boards = [json.loads(one.proto.json)["html"] for one in at.get("bidi_component")]
    above, below = (
        [board for board in boards if f"signal={kind}" in board] for kind in ("repeats", "telephones")
    )
    assert len(above) == len(below) == 1 and above != below
    assert told("worth.said_hinted", n=1) in words(at)


def test_a_page_without_hints_says_nothing_of_them(here):
    at = shown(unit=f"U{small.UNIT}")
    assert not at.subheader
    assert "signal=repeats" in words(at)


def test_the_records_behind_are_masked_and_in_the_log(here):
    said = words(shown(**signal(here)))
    assert "姓名已隐去" in said
    assert ZH("worth.contact_htn") in said
    with open_access(here).reading() as connection:
        noted = connection.execute(select(entry.c.about).where(entry.c.what == "persons")).scalars().all()
    assert any('"list": "signal"' in about and '"code": "repeats"' in about for about in noted)
    assert not any(small.COPIER in about for about in noted)


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "号码1：20 人登记同一号码"), ("en", "number 1: the same for 20 people")]
)
def test_who_has_the_same_telephone_is_told_and_no_number(here, lang, said):
    found = words(shown(lang=lang, of=f"U{CROWDED}", signal="telephones"))
    assert found.count(said) == 20
    assert text(lang)("worth.records_people", n=30) in found
    assert str(small.MARK)[:6] not in found


def test_an_address_of_nothing_says_so_and_shows_the_list(here):
    for params in (
        signal(here) | {"doctor": "1"},
        signal(here) | {"of": "U1"},
        signal(here, "x"),
        {"signal": "'"},
    ):
        at = shown(**params)
        assert [one.value for one in at.warning] == [ZH("worth.records_gone")]
        assert "signal=repeats" in words(at)


def test_a_unit_without_signals_says_that_nothing_was_found(here):
    at = shown(unit="U1")
    assert [one.value for one in at.success] == [ZH("worth.none_here")]


def test_where_nobody_is_listed_anywhere_it_is_said_once(here):
    store, table = open_store(here), published.truth_look
    with store.published() as connection:
        was = connection.execute(select(table.c.units_listed)).scalar_one()
    try:
        with store.change("published") as draft:
            draft.published.execute(table.update().values(units_listed=0))
        at = shown(unit="U1")
        assert words(at).count("没有发现值得核查的") == 1
        assert not at.success
    finally:
        with store.change("published") as draft:
            draft.published.execute(table.update().values(units_listed=was))
        store.close()


def test_leaders_see_how_many_and_directors_have_no_such_page(here, asked_by):
    asked_by(LEADER)
    at = shown(**signal(here))
    said = words(at)
    assert ZH("worth.counts_only") in said
    assert small.COPIER not in said
    assert "signal=" not in said
    assert not at.get("download_button")
    assert "worth" in menu_of(LEADER)
    assert "worth" not in menu_of(DIRECTOR)


def test_programmes_of_others_are_told_as_a_number(here, asked_by):
    asked_by(replace(OFFICER, systems=frozenset({"S11"})))
    assert "不在此显示" in words(shown(**signal(here)))


def test_files_say_the_reasons_and_the_caveat_and_are_logged(here, monkeypatch):
    given = {}
    button = _takeaway.file_button

    def noted(label, what, file, *more, **named):
        given[what] = file
        button(label, what, file, *more, **named)

    for place in ("_takeaway", "_carry"):
        monkeypatch.setattr(f"pages.{place}.file_button", noted)
    shown()
    shown(**signal(here))
    csv = given["worth checking U100"].make().decode("utf-8-sig")
    assert small.COPIER in csv and ZH("worth.caveat") in csv
    assert given["worth checking U100 xlsx"].make()[:2] == b"PK"
    records = given[f"records behind repeats U{small.UNIT}"].make().decode("utf-8-sig")
    assert records.count(ZH("worth.contact_htn")) > 40


def test_before_a_build_has_looked_the_page_says_so(here, tmp_path, monkeypatch):
    store = open_store(here)
    with store.published() as connection:
        kept = connection.execute(select(published.truth_look)).mappings().all()
    with store.change("published") as draft:
        draft.published.execute(delete(published.truth_look))
    store.close()
    try:
        assert [one.value for one in shown().info] == [ZH("worth.not_looked")]
    finally:
        store = open_store(here)
        with store.change("published") as draft:
            draft.published.execute(published.truth_look.insert(), [dict(row) for row in kept])
        store.close()
