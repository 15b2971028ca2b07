"""The page of this week's visits: its states, who may open it, and the files that leave."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from data.access import open_access
from data.access.tables import entry
from data.installation import HOME_VARIABLE, Installation, open_installation
from data.store import open_store
from metrics import figures, published
from metrics.cards import CARDS
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from metrics.small_numbers import NUMERATOR, VALUE, threshold
from metrics.visiting.naming import names_of
from metrics.wording import hidden_why
from pages import _carry, _takeaway, _todo_files
from pages._menu import menu_of
from pages._text import text
from tests.pages.conftest import open_page
from tests.pages.marked import CENTRE, CLINIC, OCTOBER, OTHER_CENTRE, OTHER_CLINIC, PERSONS, SISTER, marks
from tests.roles import as_role

ZH, EN = text("zh"), text("en")


@pytest.fixture(scope="module")
def copied(demo: Installation, tmp_path_factory) -> Installation:
    """A copy of the demo: its log is written."""
    folder = tmp_path_factory.mktemp("todo") / "own"
    shutil.copytree(demo.folder, folder)
    return open_installation(folder)


@pytest.fixture
def made(copied: Installation, monkeypatch) -> Installation:
    """The copy as the installation that pages open."""
    monkeypatch.setenv(HOME_VARIABLE, str(copied.folder))
    return copied


@pytest.fixture
def centre(made: Installation) -> tuple[int, str]:
    store = open_store(made)
    with store.published() as connection:
        tree = figures.units(LOCAL, connection)
    store.close()
    row = tree[tree["kind"] == "centre"].iloc[0]
    return int(row["unit"]), str(row["code"])


@pytest.fixture
def files(monkeypatch) -> dict:
    """What the page offers: name of the view -> the file."""
    found = {}
    button = _takeaway.file_button

    def noted(label, what, file, *more, **named) -> None:
        found[what] = file
        button(label, what, file, *more, **named)

    for place in (_takeaway, _carry, _todo_files):
        monkeypatch.setattr(place, "file_button", noted)
    return found


def boards(at) -> str:
    return "".join(json.loads(one.proto.json)["html"] for one in at.get("bidi_component"))


def test_a_bureau_sees_what_each_unit_owes_and_opens_one(made, centre):
    at = open_page("todo.py", lang="zh")
    assert not at.exception
    assert ZH("todo.which") in [one.value for one in at.caption]
    shown = boards(at)
    assert f">{ZH('todo.owed')}</th>" in shown
    assert f"unit={centre[1]}" in shown


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_centres_week(made, centre, files, language):
    said = text(language)
    at = open_page("todo.py", lang=language, unit=centre[1], n="12", where="centre", week="2026-01-05")
    assert not at.exception
    assert at.title[0].value == said("todo.title")
    shown = boards(at)
    parts = said("visiting.said_centre", days="@", chosen="12", closed="@", can="@", stops="@").split("@")
    assert re.search(r"[\d,]+".join(map(re.escape, parts)), shown)
    assert said("visiting.service.vaccination") in shown
    days = [one.value for one in at.subheader]
    assert len(days) == 5
    assert not at.error
    assert len(files) == 2


def test_nobody_is_seen_where_no_visit_is_asked_for(made, centre, files):
    at = open_page("todo.py", lang="zh", unit=centre[1], n="0")
    assert at.info[0].value == ZH("todo.none_asked")
    assert not files


def test_an_address_that_makes_no_sense_falls_back(made, centre):
    at = open_page("todo.py", lang="zh", unit=centre[1], n="-3", week="2020-01-01", where="sky", doctor="甲")
    assert not at.exception
    assert len(at.warning) >= 4


def test_masked_files_tell_no_name_and_who_took_them(made, centre, files):
    open_page("todo.py", lang="zh", unit=centre[1], n="15", where="centre")
    sheet, page = (
        next(file for what, file in files.items() if what.endswith(kind)) for kind in ("xlsx", "html")
    )
    book = openpyxl.load_workbook(io.BytesIO(sheet.make()))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    names = [row[rows[0].index(ZH("visiting.name"))] for row in rows[1:]]
    assert len(names) == 15 == sheet.about["n"]
    assert all(re.fullmatch(r"[^*]\*+|.*·\*\*", name) for name in names)
    assert ZH("visiting.phone") not in rows[0]
    last = [cell for (cell,) in book.worksheets[-1].iter_rows(max_col=1, values_only=True) if cell][-2:]
    assert all("15" in line for line in last)
    html = page.make().decode()
    assert html.count('<div class="one') == 15
    assert all(line in html for line in last)
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//|@import|<script""", html)
    assert not re.search(r"1\d{10}", html)


def test_whole_names_are_for_whoever_says_what_for_and_are_logged(made, centre, files):
    at = open_page("todo.py", lang="zh", unit=centre[1], n="10", where="centre")
    assert not [what for what in files if what.endswith("full")]
    at.selectbox(key="full_list_reason").select("visit")
    at.text_input(key="full_list_words").input("本周上门随访").run()
    whole = {what: file for what, file in files.items() if what.endswith("full")}
    assert len(whole) == 2
    for what, file in whole.items():
        _takeaway.download(open_access(made), LOCAL, what, file)()
    with open_access(made).reading() as connection:
        rows = connection.execute(select(entry.c.what, entry.c.about).order_by(entry.c.entry)).all()
    seen, *taken = [json.loads(about) for what, about in rows[-3:]]
    assert [what for what, _ in rows[-3:]] == ["persons", "export", "export"]
    assert (seen["list"], seen["n"]) == ("visits", 10)
    assert all(one["full"] and one["reason"] == "visit: 本周上门随访" and one["n"] == 10 for one in taken)
    assert not re.search(
        r"\*\*", whole[next(one for one in whole if "html" in one)].make().decode().split("<footer")[0]
    )


def test_only_whoever_may_take_whole_names_reads_them(made, centre):
    store = open_store(made)
    doctor = as_role("x", "doctor", EVERYTHING, EVERYTHING)
    assert doctor.may("persons") and not doctor.may("full_lists")
    with pytest.raises(NotAllowedError):
        names_of(store, as_role("y", "clerk", EVERYTHING, EVERYTHING), [1])
    with pytest.raises(NotAllowedError):
        names_of(store, doctor, [1], full=True)
    store.close()


def test_others_people_are_not_listed(made, centre, asked_by):
    clerk = as_role("x", "clerk", EVERYTHING, EVERYTHING)
    assert "todo" not in menu_of(clerk)
    asked_by(as_role("y", "director", EVERYTHING, Scope(frozenset({10**6}))))
    at = open_page("todo.py", lang="zh", unit=centre[1])
    assert at.info[0].value == ZH("gap.not_allowed")
    assert not at.subheader


def test_somebody_of_the_list_is_shown_for_a_reason(made, centre):
    at = open_page("todo.py", lang="zh", unit=centre[1], n="5", where="centre")
    at.selectbox(key="reveal_reason").select("visit")
    at.text_input(key="reveal_words").input("约来体检")
    at.button(key="FormSubmitter:reveal_form-" + ZH("reveal.yes")).click().run()
    assert not at.exception
    assert not at.error
    with open_access(made).reading() as connection:
        about = connection.execute(select(entry.c.about).where(entry.c.what == "reveal")).scalars().all()
    assert [json.loads(one)["reason"] for one in about] == ["visit: 约来体检"]


@pytest.fixture
def with_contracts(marked_installation: Installation, tmp_path, monkeypatch) -> None:
    """A copy of the marked district in which an indicator whose gap a visit closes is published for every unit."""
    folder = tmp_path / "own"
    shutil.copytree(marked_installation.folder, folder)
    store = open_store(open_installation(folder))
    of = published.figure.c
    with store.change("published") as draft:
        rows = draft.published.execute(
            select(published.figure).where(of.indicator == PERSONS, of.month == OCTOBER, of.stratum == "")
        ).mappings()
        told = [{**row, "indicator": "fd_contract_rate", "basis": "as_of", "status": "ok"} for row in rows]
        draft.published.execute(published.figure.insert(), told)
    store.close()
    monkeypatch.setenv(HOME_VARIABLE, str(folder))


def test_what_units_owe_is_told_of_those_whose_people_one_may_see(with_contracts, asked_by):
    """Of one centre 40 of 140 are still owed; of the other, out of scope, neither a row nor a note that it is hidden."""
    store = open_store(open_installation(Path(os.environ[HOME_VARIABLE])))
    of = published.figure.c
    with store.change("published") as draft:
        card = published.figure.update().where(of.indicator == "fd_contract_rate", of.month == OCTOBER)
        whole = {"numerator": 100, "listed": 140, "denominator": 140, "value": 100 / 140, "status": "ok"}
        draft.published.execute(card.where(of.unit == CENTRE).values(**whole, hidden=0))
        draft.published.execute(card.where(of.unit == OTHER_CENTRE).values(hidden=NUMERATOR | VALUE))
    store.close()
    asked_by(as_role("director", "director", EVERYTHING, Scope(frozenset({CENTRE, *range(15, 20)}))))
    at = open_page("todo.py", lang="zh", unit="0")
    assert not at.exception
    shown = boards(at)
    (row,) = re.findall(r"<tr>(?:(?!</tr>).)*Kxq(?:(?!</tr>).)*</tr>", shown, re.DOTALL)
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
    assert cells[4] == "40"
    assert cells[5] == "—"
    assert cells[8] == f"{CARDS['fd_contract_rate'].name['zh']} 40"
    assert f"Kxq{CENTRE:02}" in row
    assert f"xq{OTHER_CENTRE:02}" not in shown
    assert hidden_why(ZH, threshold()) not in shown


def test_a_doctors_week_shows_the_own_patients_and_nobody_elses(with_contracts, asked_by):
    asked_by(as_role("doctor", "doctor", Scope(frozenset({CLINIC})), Scope(frozenset({CLINIC}))))
    at = open_page("todo.py", lang="zh", unit=f"Kxq{CLINIC}")
    assert not at.exception
    assert {unit for kind, unit in marks(boards(at)) if kind == "P"} == {CLINIC}
    asked_by(as_role("director", "director", EVERYTHING, Scope(frozenset({CENTRE, *range(15, 20)}))))
    at = open_page("todo.py", lang="zh", unit=f"Kxq{CENTRE:02}")
    assert {unit for kind, unit in marks(boards(at)) if kind == "P"} == {CENTRE, CLINIC, SISTER}
    at = open_page("todo.py", lang="zh", unit=f"Kxq{OTHER_CLINIC}")
    assert at.info[0].value == ZH("gap.not_allowed")
    assert not {unit for kind, unit in marks(boards(at)) if kind == "P"}
