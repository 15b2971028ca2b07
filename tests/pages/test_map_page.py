"""The map page: questions, sentences against plain sums, what is missing, who sees what, addresses."""

from __future__ import annotations

import json
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest

from metrics import coverage
from metrics.cards import CARDS
from metrics.principal import LOCAL, Scope
from metrics.small_numbers import names_somebody
from metrics.standards import value_in
from pages import _map_data
from pages._map_answers import UnansweredError, answer, colours_of
from pages._map_data import MapData
from pages._map_questions import GROUPS, QUESTIONS, Shape, of_group
from pages._map_rules import judged_units, judged_villages
from pages._text import text
from tests.pages import sample
from tests.roles import as_role

ZH = text("zh")


def asking(store, principal=LOCAL):
    """``pages._open.ask`` without a page."""

    def ask(function, **arguments):
        with store.published() as connection:
            return function(principal, connection, **arguments)

    return ask


@pytest.fixture
def data(sample_store, monkeypatch) -> MapData:
    monkeypatch.setattr(_map_data, "ask", asking(sample_store))
    return MapData(asking(sample_store)(_map_data.map_about))


def words_of(at) -> str:
    """Everything that boards say."""
    found = []
    for one in at.get("bidi_component"):
        html = json.loads(one.proto.mixed.json or one.proto.json)["html"]
        found.append(unescape(re.sub(r"<[^>]+>", " ", html)))
    return "\n".join(found)


def whole(data: MapData) -> np.ndarray:
    return np.ones(len(data.cells), bool)


def said(data: MapData, code: str, card=None, inside=None) -> dict:
    found = answer(data, QUESTIONS[code], card, ZH, whole(data) if inside is None else inside)
    return dict(found.facts)


# -- the page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [*QUESTIONS, "rules"])
def test_every_question_opens(page, code):
    at = page("grid.py", mode=code, lang="zh")
    assert not at.exception
    assert at.get("deck_gl_json_chart") or at.info or code == "rules"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", ["beyond", "hours", "contract", "rules"])
def test_both_languages(page, code, language):
    at = page("grid.py", mode=code, lang=language)
    assert not at.exception
    if code != "hours":  # nobody in the sample tells hours
        assert words_of(at)
    else:
        named = text(language)("map.supply_hours")
        assert at.info[0].value == text(language)("map.lacks.supply", supply=named)


def test_two_maps_begin_at_the_same_view(page):
    at = page("grid.py", **{"mode": "beyond", "with": "people", "lang": "zh"})
    first, second = (json.loads(one.proto.json) for one in at.get("deck_gl_json_chart"))
    assert first["initialViewState"] == second["initialViewState"]
    assert first["layers"] != second["layers"]


def test_a_cell_and_a_unit_open_their_details(page, sample_store):
    cell = asking(sample_store)(coverage.cells).iloc[5]
    at = page("grid.py", mode="beyond", cell=cell["cell"], lang="zh")
    words = words_of(at)
    assert cell["unit_name"] in words and ZH("map.close") in words
    layers = json.loads(at.get("deck_gl_json_chart")[0].proto.json)["layers"]
    assert [layer["id"] for layer in layers if layer["id"] == "chosen"] == ["chosen"]
    unit = asking(sample_store)(coverage.served_units).iloc[0]
    words = words_of(page("grid.py", mode="beyond", at=unit["code"], lang="zh"))
    assert unit["name"] in words and ZH("map.farthest") in words


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "all"},
        {"cell": "17"},
        {"at": "x"},
        {"with": "?"},
        {"area": "9"},
        {"mode": "gap", "ind": "no"},
        {"p": "-3"},
    ],
)
def test_nonsense_in_the_address_is_told(page, wrong):
    at = page("grid.py", lang="zh", **wrong)
    assert not at.exception
    assert bool(at.warning) is ("p" not in wrong)


def test_what_is_not_on_the_map_is_said(page):
    words = words_of(page("grid.py", lang="zh"))
    assert ZH("map.left_people", n=37) in words
    assert ZH("map.left_units", n=1) in words
    assert ZH("map.from_records") in words


def test_without_a_map_the_page_says_how(page, monkeypatch):
    def no_map(_who, _connection):
        return None

    monkeypatch.setattr(_map_data, "map_about", no_map)
    at = page("grid.py", lang="zh")
    assert [one.value for one in at.info] == [ZH("empty.no_cells")]
    assert not at.get("deck_gl_json_chart")


# -- sentences against plain sums --------------------------------------------------------------------


def test_people_beyond(data):
    cells = data.cells
    facts = said(data, "beyond")
    n, total = sum(cells["beyond"]), sum(cells["people"])
    assert facts["n"] == f"{n:,}" and facts["total"] == f"{total:,}"
    assert facts["share"] == f"{n / total * 100:.1f}"


@pytest.mark.parametrize("code", ["beyond_65", "beyond_0_6", "beyond_floating", "one_choice"])
def test_parts_of_the_people(data, code):
    question = QUESTIONS[code]
    facts = said(data, code)
    assert facts["n"] == f"{sum(data.cells[question.column]):,}"
    assert facts["total"] == f"{sum(data.cells[question.whole]):,}"


def test_a_part_of_the_district_is_summed_alone(data):
    inside = (data.cells["row"] % 2 == 0).to_numpy()
    assert said(data, "beyond", inside=inside)["n"] == f"{sum(data.cells['beyond'][inside]):,}"


def test_change_since_a_year_ago(data):
    before = data.before["beyond"].sum()
    now = data.cells["beyond"].sum()
    facts = said(data, "change")
    assert facts["before"] == f"{before:,}"
    assert facts["change"] == f"{abs(now - before):,}"


def test_towns_of_a_change_are_told_by_what_they_gained_and_lost_together(data):
    """A town in which as many came as left is none of those where the change is; fewer people: where they left."""
    change = np.zeros(len(data.cells), int)
    change[:4] = 7, -7, 5, -1  # town A: none; town B: four more
    area = np.where(np.arange(len(change)) < 2, "A", "B")
    data.before = data.cells.assign(beyond=10)
    data.cells = data.cells.assign(beyond=10 + change, area=area, town=None)
    found = answer(data, QUESTIONS["change"], None, ZH, whole(data))
    assert (found.says, found.facts["change"]) == ("change_more", "4")
    assert found.facts["most"] == ZH("map.most", places=ZH("map.in_place", place="B", n="4"))
    data.cells, data.before = data.before.assign(area=area, town=None), data.cells
    found = answer(data, QUESTIONS["change"], None, ZH, whole(data))
    assert (found.says, found.facts["change"]) == ("change_fewer", "4")
    assert found.facts["most"] == ZH("map.most", places=ZH("map.in_place", place="B", n="4"))
    data.before = data.cells
    assert answer(data, QUESTIONS["change"], None, ZH, whole(data)).says == "change_same"


def test_change_of_a_town_counts_cells_that_are_empty_now(data):
    """Where nobody lives any more somebody may have been beyond: the town's number of a year ago has them."""
    town = np.where(data.cells["row"] % 2 == 0, "A", "B")
    gone = data.before["cell"] == data.cells.loc[data.cells["beyond"].idxmax(), "cell"]
    data.before["town"] = np.where(data.before["row"] % 2 == 0, "A", "B")
    lost = data.before[gone].iloc[0]
    data.cells = data.cells.assign(town=town)[(data.cells["cell"] != lost["cell"])].reset_index(drop=True)
    inside = (data.cells["town"] == lost["town"]).to_numpy()
    there = data.before["town"] == lost["town"]
    assert lost["beyond"] > 0
    assert said(data, "change", inside=inside)["before"] == f"{data.before.loc[there, 'beyond'].sum():,}"


def test_nine_of_ten(data):
    cells = data.cells.sort_values("metres")
    share = cells["people"].astype(float).cumsum() / cells["people"].sum()
    ninth = cells.loc[share >= 0.9 - 1e-12, "metres"].iloc[0]
    assert said(data, "metres")["ninth"] == f"{ninth / 1000:.2g}"


def test_minutes_count_who_needs_longer(data):
    found = answer(data, QUESTIONS["minutes"], None, ZH, whole(data))
    assert found.facts["n"] == f"{sum(data.cells['slow']):,}"
    longer = (data.cells["minutes"].isna() & (data.cells["slow"] > 0)).to_numpy(bool)
    assert longer.any() and set(found.classes[longer]) == {4}
    assert {found.shown[place] for place in np.flatnonzero(longer)} == {"> 30"}


def test_units_above_the_rule(data):
    limit = value_in("clinic_people", sample.LAST)
    heavy = [n for n in data.served["people"] if n > limit]
    assert said(data, "load")["n"] == str(len(heavy))


def test_grids_and_teams(data):
    facts = said(data, "teams")
    assert (facts["total"], facts["without"], facts["several"]) == ("2", "1", "0")


def test_supply_that_some_do_not_tell_is_at_least(data):
    found = answer(data, QUESTIONS["beds"], None, ZH, whole(data))
    assert found.says == "supply_unsure" and all(word.startswith("≥ ") for word in found.shown)
    assert answer(data, QUESTIONS["doctors"], None, ZH, whole(data)).says == "supply"


# -- small numbers -----------------------------------------------------------------------------------


def test_small_numbers_are_hidden_and_counted(data):
    people = data.cells["people"].astype(int).tolist()
    contracted = data.cells["contracted"].astype(int).tolist()
    people[:3], contracted[:3] = [4, 50, 50], [2, 48, 50]
    data.cells[["people", "contracted"]] = pd.DataFrame({"people": people, "contracted": contracted})
    found = answer(data, QUESTIONS["contract"], None, ZH, whole(data))
    small = names_somebody(contracted, people, data.small)
    assert small[:3].tolist() == [True, True, False]
    assert [found.shown[place] for place in range(3)] == ["< 5", "< 5", "0 / 50"]
    assert not set(np.flatnonzero(small)) & set(found.worst)
    lacking = np.array(people) - np.array(contracted)
    assert found.says == "contract" and found.facts["n"] == f"{lacking.sum():,}"
    assert found.facts["hidden"] == str(int(small.sum()))
    # Two hidden cells lack four together: the sum less what is shown must not tell it.
    inside = (np.arange(len(people)) < 2) | ((np.arange(len(people)) < 20) & ~small)
    found = answer(data, QUESTIONS["contract"], None, ZH, inside)
    assert found.says == "contract_less" and found.facts["hidden"] == "2"
    assert found.facts["n"] == f"{lacking[inside & ~small].sum():,}"
    assert found.facts["total"] == f"{np.array(people)[inside & ~small].sum():,}"


def test_gaps_of_an_indicator(data, monkeypatch):
    cells = data.cells["cell"]
    given = pd.DataFrame({"cell": cells[:4], "numerator": [90, 2, 100, 0], "listed": [100, 100, 100, 0]})
    monkeypatch.setattr(
        MapData,
        "by_cell",
        lambda _self, _key: (
            given.set_index("cell").reindex(cells).astype(float).reset_index(drop=True).assign(hidden=False)
        ),
    )
    card = CARDS["hr_filing_rate"]
    found = answer(data, QUESTIONS["gap"], card, ZH, whole(data))
    assert found.shown[:4] == ["10 / 100", "< 5", "0 / 100", "—"]
    # The only hidden cell is in no sum, which would tell it.
    assert (found.says, found.facts["n"], found.facts["total"]) == ("gap_less", "10", "200")
    assert list(found.worst) == [0]


# -- what is not known -------------------------------------------------------------------------------


def test_a_raster_without_counts(data):
    for name in ("people_65", "beyond_65", "contracted", "people_0_6"):
        data.cells[name] = pd.array([None] * len(data.cells), dtype="Int64")
    for code, lacks in (("people_65", "bands"), ("beyond_65", "bands"), ("contract", "contract")):
        with pytest.raises(UnansweredError) as raised:
            said(data, code)
        assert raised.value.lacks == lacks


def test_nobody_beyond_is_no_answer_about_a_group_that_is_not_told(data):
    far = (data.cells["beyond"] > 0).to_numpy()
    data.cells["people_65"] = pd.array([None] * len(far), dtype="Int64")
    data.cells["beyond_65"] = pd.array([None if one else 0 for one in far], dtype="Int64")
    with pytest.raises(UnansweredError) as raised:
        said(data, "beyond_65")
    assert raised.value.lacks == "bands"


@pytest.mark.parametrize("code", ["people_0_6", "beyond_floating", "minutes"])
def test_a_part_is_no_sum(data, code):
    column = QUESTIONS[code].column or "slow"
    for name in {column, column.replace("beyond_", "")}:
        data.cells.loc[0, name] = pd.NA
    facts = said(data, code)
    assert (facts["n"], facts["share"]) == ("—", "—")
    inside = np.arange(len(data.cells)) > 0
    assert said(data, code, inside=inside)["n"] == f"{data.cells[column][inside].sum():,}"


def test_no_unit_has_coordinates(data):
    for name in ("beyond", "beyond_65", "one_choice", "metres"):
        data.cells[name] = np.nan
    data.served = data.served.iloc[:0]
    for code, lacks in (("beyond", "units"), ("one_choice", "units"), ("load", "units"), ("metres", "kind")):
        with pytest.raises(UnansweredError) as raised:
            said(data, code)
        assert raised.value.lacks == lacks
        ZH(f"map.lacks.{lacks}", **raised.value.facts)


def test_no_month_a_year_before(data):
    data.before = data.before.iloc[:0]
    with pytest.raises(UnansweredError, match="year"):
        said(data, "change")


def test_one_cell(data):
    data.cells = data.cells.iloc[:1].reset_index(drop=True)
    for code, question in QUESTIONS.items():
        if (
            question.shape is not Shape.GAP
            and code != "hours"
            and code not in ("metres_centre", "metres_clinic")
        ):
            found = answer(data, question, None, ZH, whole(data))
            assert len(found.classes) == len(found.shown) == 1


def test_who_is_out_of_reach_is_asked_of_places_alone(data):
    """The grids' figures of the same indicators are about fewer people, as each counts only whom its unit manages."""
    assert data.indicators
    assert not any(card.key.startswith("reach_") for card in data.indicators)
    assert not any("clinic_radius_km" in card.parameters for card in data.indicators)


@pytest.mark.parametrize("code", QUESTIONS)
def test_the_column_of_an_answer_has_a_name_of_its_own(page, code):
    """Not "value"; and where residents or distances are the answer they stand in the list once."""
    html = "".join(
        json.loads(one.proto.mixed.json or one.proto.json)["html"]
        for one in page("grid.py", mode=code).get("bidi_component")
    )
    heads = re.findall(r"<th[^>]*>(.*?)</th>", html)
    assert len(heads) == len(set(heads))
    if ZH("map.place") in heads:
        assert ZH(f"map.heads.{code}", km="2") in heads


# -- scope, colours, rules ---------------------------------------------------------------------------


def test_a_director_sees_the_own_cells(sample_store, monkeypatch):
    own = frozenset({12, 13})
    director = as_role("d", "director", Scope(own), Scope(own))
    monkeypatch.setattr(_map_data, "ask", asking(sample_store, director))
    seen = MapData(asking(sample_store, director)(_map_data.map_about))
    assert set(seen.cells["unit"]) <= own and len(seen.cells)
    assert seen.about.unplaced == 0
    assert said(seen, "beyond")["total"] == f"{seen.cells['people'].sum():,}"
    assert set(seen.grids["cell"]) <= set(seen.cells["cell"])
    assert set(judged_units(seen)["unit"]) <= own


@pytest.mark.parametrize("code", [code for code in QUESTIONS if code not in ("gap", "hours")])
def test_every_class_has_a_colour_and_a_name(data, code):
    if code in ("metres_centre", "metres_clinic"):
        return  # the sample has stations alone
    found = answer(data, QUESTIONS[code], None, ZH, whole(data))
    assert found.classes.max() < len(found.labels) == len(colours_of(found, dark=False))
    assert {one for one in found.classes.tolist() if one < 0} <= set(found.greys)
    ZH(f"map.says.{found.says}", **found.facts)


def test_groups_hold_every_question_once():
    assert [code for group in GROUPS for code in of_group(group)] == list(QUESTIONS)


def test_rules_apply_to_clinics_alone(data):
    served = data.served.iloc[:4].copy()
    served["kind"] = ["clinic", "clinic", "clinic", "station"]
    served["people"], served["beyond"] = [6000, 100, 100, 6000], [0, 11, 10, 3000]
    served["near_m"] = [3000.0, 999.4, 1000.0, 10.0]
    data.served = served
    units = judged_units(data).set_index("unit").loc[served["unit"]]
    assert units["over"].tolist() == [True, False, False, False]
    assert units["wide"].tolist() == [False, True, False, False]
    assert units["close"].tolist() == [False, True, False, False]
    assert judged_units(data)["wrong"].tolist() == [2, 1, 0, 0]


def test_clinics_of_a_village_are_those_of_the_month_of_the_map(data):
    """A clinic counts where it was open at the month's end (``served``), wherever it stands today."""
    west, east = data.cells["lon"].quantile([0.4, 0.6])
    ring = [[west, 31.0], [east, 31.0], [east, 33.0], [west, 33.0], [west, 31.0]]
    shape = json.dumps({"type": "Polygon", "coordinates": [ring]})
    row = {"layer": "villages", "code": "V", "name": "清溪村", "level": "village", "shape": shape}
    data.lines = pd.DataFrame([row]).reindex(columns=data.lines.columns)
    served = data.served.iloc[:3].copy()
    served["kind"] = ["clinic", "clinic", "station"]
    served["lon"], served["lat"] = [(west + east) / 2, east + 0.1, (west + east) / 2], 32.1
    data.served = served
    found = judged_villages(data).iloc[0]
    inside = data.points["lon"].between(west, east, inclusive="neither")
    assert (found["clinics"], found["people"]) == (1, data.points.loc[inside, "people"].sum())
    far = inside & (data.points["metres"] > 2000.5)
    assert found["beyond"] == data.points.loc[far, "people"].sum()


def test_one_clinic_is_asked_of_administrative_villages_alone(data):
    """Urban communities were counted as villages without a clinic; a seat of its town needs none either."""
    far = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]}  # nobody lives there
    kinds = [("village", None), ("village", False), ("village", True), ("community", None)]
    rows = [
        {
            "layer": "villages",
            "code": f"V{n}",
            "name": f"V{n}",
            "level": level,
            "seat": seat,
            "shape": json.dumps(far),
        }
        for n, (level, seat) in enumerate(kinds)
    ]
    data.lines = pd.DataFrame(rows).reindex(columns=data.lines.columns)
    data.served = data.served.assign(lon=0.0, lat=0.0)
    found = judged_villages(data).set_index("name")
    assert found["asked"].to_dict() == {"V0": True, "V1": True, "V2": False, "V3": False}
    assert found["clinics"].tolist() == [0] * 4
    assert found["wrong"].to_dict() == {"V0": 1, "V1": 1, "V2": 0, "V3": 0}
