"""The reference centre, through the whole product: files imported, figures built, compared with the published list."""

from __future__ import annotations

import numpy as np
import pytest

from commands.installation import RESIDENTS, SEED, make_demo
from data.demo import centre, reference
from data.demo.days import month_number, months_of, parse_month
from data.demo.geography import make_places, make_units
from data.demo.services import is_care
from data.demo.towns import REFERENCE
from metrics.cards import CARDS
from tests.conftest import DEMO
from tests.demo.reference_list import (
    LIST,
    PAGE,
    UNTIL,
    Figures,
    agrees,
    centre_figures,
    changed,
    changed_as_listed,
    computed,
    page,
)

KNOWN = [row for row in LIST if row["kind"] != "unknown"]
CHANGED = [row for row in KNOWN if row["change"]]
#: The same years must come out whatever month the demo ends in: at the end of 2025, and as a page of docs shows it.
ENDS = ("2025-12", UNTIL)


def _name(row: dict) -> str:
    return f"{row['no']}-{row['indicator']}"


@pytest.fixture(scope="module", params=ENDS)
def figures(request, tmp_path_factory) -> Figures:
    folder = tmp_path_factory.mktemp("reference") / "installation"
    return centre_figures(make_demo(folder, quiet=True, until=request.param))


@pytest.mark.long
@pytest.mark.parametrize("row", KNOWN, ids=_name)
def test_the_centre_has_the_value_of_the_list(row, figures):
    assert agrees(row, computed(row, figures)), computed(row, figures)


@pytest.mark.long
@pytest.mark.parametrize("row", CHANGED, ids=_name)
def test_the_centre_changed_as_the_list_says(row, figures):
    assert changed_as_listed(row, changed(row, figures)), changed(row, figures)


@pytest.mark.long
@pytest.mark.parametrize("figures", [UNTIL], indirect=True)
def test_the_page_shows_what_the_product_computes(figures):
    assert PAGE.read_text("utf-8") == page(figures)


def test_the_list_names_every_figure_once_and_indicators_that_exist():
    assert {int(row["no"]) for row in LIST} == set(range(1, 81))
    assert len(LIST) == 80
    assert len(KNOWN) == 79
    assert {row["indicator"] for row in LIST} <= set(CARDS)


def test_the_page_in_docs_has_all_rows():
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(lines) == 2 + len(LIST) + len(CHANGED)
    assert "79 of 80 figures agree." in PAGE.read_text("utf-8")
    assert "**no**" not in PAGE.read_text("utf-8")


# -- in every run: the small demo, and the large centre without its files -----------------------------------------

#: Of so few people in the small demo that one of them is a point or more.
FEW = {"htn_managed", "mt_early_booking_rate", "el_fall_rate_change"}


def test_the_centre_of_the_small_demo_is_the_same_in_small(demo):
    found, size = centre_figures(demo), DEMO["residents"] / RESIDENTS
    wrong = {}
    for row in KNOWN:
        value, wanted = computed(row, found), float(row["value_2025"])
        if row["indicator"] in FEW:
            assert value is not None
        elif row["kind"] == "share":
            if value is None or abs(value - wanted) > 2:
                wrong[_name(row)] = value
        # What people do follows their number, what the unit has does not.
        elif not agrees(row, value) and (
            value is None or abs(value - wanted * size) > max(1, 0.02 * wanted * size)
        ):
            wrong[_name(row)] = value
    assert wrong == {}


def test_the_large_centre_has_its_person_times_and_checks_people_in_every_month():
    units = make_units(SEED)
    world = centre.make_world(
        SEED, REFERENCE, reference.POPULATION, units, make_places(SEED, units), parse_month(UNTIL)
    )
    times, checked = {}, set()
    for piece in centre.pieces(world):
        if piece.kind not in (*FOLLOWUPS, "checkup", "dose", "service", "encounter") or piece.year < 2024:
            continue
        own = units.town[piece.rows["unit"]] == REFERENCE
        if piece.kind == "checkup":
            month, rows = np.unique(months_of(piece.rows["day"][own]), return_counts=True)
            checked |= set(month[rows >= 8])
        if piece.kind == "service":
            own = own & is_care(piece.rows)
        times[piece.year] = times.get(piece.year, 0) + int(own.sum())
    assert checked == set(range(month_number(2024, 1), parse_month(UNTIL) + 1))
    assert times[2025] == pytest.approx(reference.COUNTS_2025["service_persontimes"], rel=0.001)
    assert times[2025] / times[2024] == pytest.approx(reference.GROWTH["service_persontimes"], abs=0.002)


FOLLOWUPS = ("htn_followup", "dm_followup", "other_followup")
