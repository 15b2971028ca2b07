"""The page of proposals: its sentence against a plain count, plans by hand, addresses of nonsense, scope, empty states."""

from __future__ import annotations

import html
import json
import re
import shutil
from types import SimpleNamespace
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest

from data.installation import HOME_VARIABLE, open_installation
from data.store import open_store
from exports.csv import csv_bytes
from metrics import coverage, published
from metrics.coverage.earth import distance_m
from metrics.principal import LOCAL, Scope
from metrics.siting import asking
from metrics.siting.telling import proposal_tables
from pages._siting_tables import taken
from pages._text import text
from tests.pages import sample
from tests.pages.conftest import open_page
from tests.roles import as_role

ZH, EN = text("zh"), text("en")
RULE = 2000.5


def board(at, key: str) -> str:
    """The HTML of one board; "" where it is not there."""
    found = [one for one in at.get("bidi_component") if one.proto.id.endswith(f"-{key}")]
    return json.loads(found[0].proto.json)["html"] if found else ""


def plain(markup: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", markup))


def rows_of(markup: str) -> list[list[str]]:
    """The cells of a table, row by row, without its head."""
    body = markup.split("<tbody>")[1]
    return [
        [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", body)
    ]


def said(at) -> str:
    kinds = ("info", "warning", "error", "caption")
    return "\n".join(element.value for kind in kinds for element in at.get(kind)).replace("\\", "")  # as read


def of(at, kind: str, key: str):
    return next(one for one in at.get(kind) if one.key == key)


def bold(text_, key: str, **values) -> str:
    """A sentence of the catalogue as it stands on the page."""
    return text_(key, **values).replace("*", "")


@pytest.fixture(scope="module")
def few(sample_installation, tmp_path_factory):
    """The sample district with a fifth of its stations, so that many live out of reach: its store."""
    folder = tmp_path_factory.mktemp("few") / "installation"
    shutil.copytree(sample_installation.folder, folder)
    store = open_store(open_installation(folder))
    with store.change("published") as draft:
        draft.published.execute(published.served.delete().where(published.served.c.unit % 5 != 0))
    yield folder, store
    store.close()


@pytest.fixture
def page(few, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(few[0]))
    return open_page


@pytest.fixture
def points(few) -> pd.DataFrame:
    with few[1].published() as connection:
        return coverage.demand_points(LOCAL, connection)


@pytest.fixture
def units(few) -> pd.DataFrame:
    with few[1].published() as connection:
        return coverage.served_units(LOCAL, connection)


def far(some: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    return distance_m(
        some["lon"].to_numpy()[:, None], some["lat"].to_numpy()[:, None], others["lon"].to_numpy(),
        others["lat"].to_numpy(),
    )  # fmt: skip


def sentence(there, points: pd.DataFrame, units: pd.DataFrame, opened: pd.DataFrame, closed=()) -> str:
    """What the page must say, counted plainly."""
    kept = units[~units["code"].isin(closed)]
    now = (far(points, units) <= RULE).any(axis=1)
    then = (far(points, pd.concat([kept, opened])[["lon", "lat"]]) <= RULE).any(axis=1)
    gained = {
        name: int(points.loc[then, name].sum() - points.loc[now, name].sum())
        for name in ("people", "people_65", "people_0_6", "floating")
    }
    bands = there("list.enumeration").join(
        there(f"siting.in_{name}", n=f"{gained[name]:,}") for name in ("people_65", "people_0_6", "floating")
    )
    left = int(points.loc[~then, "people"].sum())
    parts = [there("siting.do_open", n=len(opened))] if len(opened) else []
    parts += [there("siting.do_close", n=len(closed))] if len(closed) else []
    return bold(
        there,
        "siting.won" if gained["people"] > 0 else "siting.lost" if gained["people"] < 0 else "siting.same",
        done=there("list.enumeration").join(parts),
        won=f"{abs(gained['people']):,}",
        km="2",
        bands=there("siting.among", bands=bands),
        left=f"{left:,}",
        share=f"{left / points['people'].sum():.1%}",
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_before_anything_is_asked_it_says_who_is_out_of_reach(page, points, units, language):
    there, at = text(language), page("siting.py", lang=language)
    assert not at.exception
    out = ~(far(points, units) <= RULE).any(axis=1)
    people = int(points.loc[out, "people"].sum())
    answer = plain(board(at, "answer") + board(at, "grounds"))
    assert f"{people:,}" in answer
    assert f"{int(points.loc[out, 'people_65'].sum()):,}" in answer
    assert there("siting.straight") in answer
    assert there("siting.no_decision") in answer
    assert there("siting.unplaced", n="37") in answer
    assert there("siting.units_unplaced", n="1") in answer
    assert board(at, "sites") == ""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("new", [1, 2])
def test_the_best_of_all_cells_and_its_sentence(page, points, units, language, new):
    """The solver's choice wins as many as the best of all choices, and the sentence says so in plain numbers."""
    there, at = text(language), page("siting.py", lang=language, ask="1", sites="cells", new=str(new))
    assert not at.exception
    out = points[~(far(points, units) <= RULE).any(axis=1)]
    reached = far(out, points) <= RULE
    people = out["people"].to_numpy()
    best = _most(people, reached, new)
    opened = _opened(at, points)
    assert len(opened) == new
    answer = plain(board(at, "answer"))
    assert sentence(there, points, units, opened) in answer
    assert f"{best:,}" in answer
    assert there("siting.exact", source=there("siting.from_cells")) in answer
    assert sum(int(row[1].replace(",", "")) for row in rows_of(board(at, "sites"))) == best


def _most(people: np.ndarray, reached: np.ndarray, new: int) -> int:
    """The most people that any so many sites reach."""
    alone = people @ reached
    if new == 1:
        return int(alone.max())
    both = (reached * people[:, None]).T @ reached  # whom two of them reach alike
    return int((alone[:, None] + alone[None, :] - both).max())


def _opened(at, points: pd.DataFrame) -> pd.DataFrame:
    """The points of the cells that the table of sites names."""
    cells = re.findall(r"\d+-\d+", plain(board(at, "sites")))
    return points[points["cell"].isin(cells)]


def test_the_button_puts_the_question(page):
    at = page("siting.py", lang="zh", new="1")
    at = of(at, "button", "propose").click().run()
    assert at.query_params["ask"] == "1"
    assert ZH("siting.site") in board(at, "sites")
    at = of(at, "selectbox", "filter_new").set_value("2").run()
    assert "ask" not in at.query_params, "another question was not put yet"
    assert board(at, "sites") == ""


def test_by_hand_the_same_sentence_and_how_it_compares(page, points, units):
    best = page("siting.py", lang="zh", ask="1", sites="cells", new="2")
    opened = _opened(best, points)
    own = ",".join(f"c:{cell}" for cell in opened["cell"])
    question = {"ask": "1", "sites": "cells", "new": "2"}
    at = page("siting.py", lang="zh", way="hand", open=own, **question)
    assert not at.exception
    answer = plain(board(at, "answer"))
    assert sentence(ZH, points, units, opened) in answer
    assert (
        ZH("siting.hand_equal", km="2", done=ZH("siting.do_open", n=len(opened)), theirs="").split("，")[0]
        in answer
    )
    # Another cell wins fewer.
    out = points[~(far(points, units) <= RULE).any(axis=1)]
    won = out["people"].to_numpy() @ (far(out, points) <= RULE)
    other = points.iloc[[int(np.flatnonzero((won > 0) & (won < won.max()))[0])]]
    at = page("siting.py", lang="zh", way="hand", open=f"c:{other['cell'].iloc[0]}", **question)
    answer = plain(board(at, "answer"))
    assert sentence(ZH, points, units, other) in answer
    assert "▼" in answer


def test_closing_by_hand(page, points, units):
    code = units["code"].iloc[3]
    at = page("siting.py", lang="zh", way="hand", close=code)
    nobody = points.iloc[:0]
    assert sentence(ZH, points, units, nobody, [code]) in plain(board(at, "answer"))
    assert units["name"].iloc[3] in board(at, "closed")
    at = of(at, "multiselect", "hand_close").unselect(code).run()
    assert "close" not in at.query_params
    other = units["code"].iloc[5]
    at = of(at, "multiselect", "hand_close").select(other).run()
    assert at.query_params["close"] == other
    assert sentence(ZH, points, units, nobody, [other]) in plain(board(at, "answer"))


def test_opening_moving_and_cells_by_hand(page, points, units):
    at = page("siting.py", lang="zh", way="hand")
    at = of(at, "multiselect", "hand_open").select("f:C1").run()
    assert at.query_params["open"] == "f:C1"
    cell = points["cell"].iloc[7]
    at = of(at, "text_input", "hand_cell").set_value(f" {cell} ").run()
    assert at.query_params["open"] == f"f:C1,c:{cell}"
    at = of(at, "text_input", "hand_cell").set_value("1-1").run()
    assert ZH("siting.no_such_cell", cell="1-1") in said(at)
    code = units["code"].iloc[0]
    at = of(at, "selectbox", "hand_move_unit").set_value(code).run()
    village = next(one for one in of(at, "selectbox", "hand_move_to").proto.options if "村" in one)
    at = of(at, "selectbox", "hand_move_to").select(village).run()
    at = of(at, "button", "hand_move_do").click().run()
    assert at.query_params["move"] == f"{code}>v:清溪村"
    assert ZH("siting.do_move", n=1) in plain(board(at, "answer"))
    assert ZH("siting.goes_to", site="清溪村") in plain(board(at, "closed"))
    at = of(at, "button", "hand_clear").click().run()
    assert not {"open", "close", "move"} & set(at.query_params)


def test_starting_from_the_computed_plan(page, points):
    at = page("siting.py", lang="zh", way="hand")
    assert of(at, "button", "hand_start").disabled
    at = page("siting.py", lang="zh", way="hand", ask="1", sites="cells", new="2")
    at = of(at, "button", "hand_start").click().run()
    chosen = unquote(at.query_params["open"]).split(",")
    assert len(chosen) == 2
    assert set(chosen) <= {f"c:{cell}" for cell in points["cell"]}
    assert "●" in plain(board(at, "answer"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("goal", ["capacity", "distance"])
def test_the_other_goals_answer_in_their_own_measure(page, language, goal):
    there = text(language)
    at = page("siting.py", lang=language, goal=goal, ask="1", sites="cells", moves="1", movable="station")
    assert not at.exception
    lead = plain(board(at, "answer").split("</div>")[0])
    words = re.escape(there("siting.shorter" if goal == "distance" else "siting.room", before="#", after="#", km="2",
                            limit="5,000", n="#", left="#").replace("*", ""))  # fmt: skip
    assert re.fullmatch(words.replace("\\#", r"[\d,]+"), lead)
    assert board(at, "ladder")
    assert not at.get("selectbox") or all(one.key != "filter_who" for one in at.get("selectbox"))


NONSENSE = [
    {"goal": "x", "new": "99", "sites": "moon", "who": "cats", "moves": "-1", "movable": "?", "way": "??", "ask": "7"},
    {"way": "hand", "open": ",,%,>,v:%00,c:1-1", "close": "'; drop table", "move": ">,a>,>b,a>b>c,><"},
    {"ask": "1", "new": "0", "moves": "0"},
    {"ask": "1", "sites": "stops", "moves": "3", "goal": "distance", "who": "people_65"},
    {"way": "hand", "open": "v:" + "村" * 500, "close": ",".join(map(str, range(900)))},
]  # fmt: skip


@pytest.mark.parametrize("asked", NONSENSE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nonsense_in_the_address_is_told_and_does_no_harm(page, asked, language):
    at = page("siting.py", lang=language, **asked)
    assert not at.exception
    assert plain(board(at, "answer"))
    if asked.get("way") == "hand":
        assert text(language)("siting.unknown", n=0, names="").split("0")[1][:3] in said(at)


def test_a_plan_of_more_than_is_read_is_told(page, units):
    at = page(
        "siting.py", lang="zh", way="hand", close=",".join(units["code"]), open=",".join(map(str, range(40)))
    )
    assert not at.exception
    assert ZH("siting.too_long", most=30) in said(at)


def test_codes_with_signs_of_lists_survive_the_address(page, monkeypatch):
    """A code of a file may hold what lists are made with."""
    from pages._siting_address import _safe

    code = "a,b>c%2C"
    assert not set(_safe(code)) & set(",>")
    assert unquote(_safe(code)) == code


def test_more_asked_for_than_there_are_sites(page):
    at = page("siting.py", lang="zh", sites="file", new="5")
    assert ZH("siting.few_sites", n="1", asked=5) in said(at)


def test_only_the_own_units(page, asked_by, points, units):
    """Whoever sees two units gets their people alone, is told so, and gets nobody else's answer from memory."""
    whole = plain(board(page("siting.py", lang="zh", way="hand"), "answer"))
    own = units[units["unit"].isin(points["unit"])].iloc[:2]
    scope = Scope(frozenset(int(unit) for unit in own["unit"]))
    who = as_role("d", "director", scope, scope)
    asked_by(who)
    mine = points[points["unit"].isin(own["unit"])]
    at = page("siting.py", lang="zh", way="hand")
    assert not at.exception
    answer = plain(board(at, "answer") + board(at, "grounds"))
    assert answer != whole
    assert ZH("siting.own_units") in answer
    assert rows_of(board(at, "groups"))[0][1] == f"{mine['people'].sum():,}"
    other = units.loc[~units["unit"].isin(own["unit"]), "code"].iloc[0]
    at = page("siting.py", lang="zh", way="hand", close=other)
    assert other in said(at), "a unit that is not theirs is not there"


def without(district, table, **changes) -> None:
    """Empty a published table, or change all its rows."""
    store = open_store(district.made)
    with store.change("published") as draft:
        draft.published.execute(table.update().values(**changes) if changes else table.delete())
    store.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_a_map_or_units(district, language):
    there = text(language)
    without(district, published.served)
    at = open_page("siting.py", lang=language)
    assert there("siting.no_units") in said(at)
    without(district, published.lattice)
    at = open_page("siting.py", lang=language)
    assert there("empty.no_cells") in said(at)
    assert not at.exception


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_within_already(district, language):
    there = text(language)
    without(district, published.lattice, rule_m=90_000)
    at = open_page("siting.py", lang=language)
    total = rows_of(board(at, "groups"))[0][1]
    assert bold(there, "siting.all_within", km="90", people=total) in plain(board(at, "answer"))
    at = open_page("siting.py", lang=language, ask="1")
    assert bold(there, "siting.nothing_needed", km="90") in plain(board(at, "answer"))
    assert not at.exception


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_band_that_is_not_known_is_not_counted(district, language):
    there = text(language)
    without(district, published.point, floating=None)
    at = open_page("siting.py", lang=language, who="floating", ask="1", sites="cells")
    assert not at.exception
    assert there("siting.not_known", band=there("siting.floating")) in said(at)
    assert there("siting.floating") not in plain(
        board(at, "answer") + board(at, "groups") + board(at, "sites")
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_taken_away_has_headings_and_words(few, language):
    """Every column has a heading, every code is a word, and csv holds the numbers of the page."""
    there = text(language)
    with few[1].published() as connection:
        where = asking.setting(LOCAL, connection)
    answer = asking.solved(asking.case(where, "cells"), asking.Question(source="cells", new=2, moves=1), 20)
    here = SimpleNamespace(text=there)
    for name, frame in proposal_tables(answer).items():
        if name in ("groups", "ways"):
            continue  # small: on the page alone
        shown = taken(here, frame)
        assert len(shown) == len(frame)
        assert not [heading for heading in shown.columns if "siting." in heading or "_" in heading]
        assert "siting." not in csv_bytes(shown).decode("utf-8-sig")
    sites = taken(here, proposal_tables(answer)["sites"])
    assert sites[there("siting.head.won")].sum() == answer.proposal.groups.loc[0, "won"]


def test_the_sample_s_month_is_told(page):
    at = page("siting.py", lang="zh")
    month = f"{sample.LAST // 12}-{sample.LAST % 12 + 1:02d}"
    assert ZH("siting.residents", month=month) in plain(board(at, "grounds"))
