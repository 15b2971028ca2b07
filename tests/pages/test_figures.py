"""Reading figures: scope, ranks among peers, last year, the tree, and the map's sums."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from metrics import coverage, figures
from metrics.cards import CARDS
from metrics.principal import EVERYTHING, LOCAL, Scope
from metrics.reading import children, siblings, within
from tests.pages import sample
from tests.roles import as_role

FEW = dict(list(CARDS.items())[:6])
DIRECTOR = as_role("d", "director", Scope(frozenset({3, *range(15, 20)})), Scope(frozenset({3})))


@pytest.fixture
def read(sample_store):
    """``read(function, principal, ...)`` over the sample."""

    def call(function, principal=LOCAL, **arguments):
        with sample_store.published() as connection:
            return function(principal, connection, **arguments)

    return call


def test_tree_order(read):
    tree = read(figures.units)
    assert tree["unit"].tolist()[:8] == [1, 2, 10, 11, 12, 13, 14, 3]
    assert children(tree, 2) == [10, 11, 12, 13, 14]
    assert siblings(tree, 12) == [10, 11, 12, 13, 14]
    assert siblings(tree, 1) == [1]
    assert within(tree, 3) == [3, 15, 16, 17, 18, 19]


def test_scope_hides_other_units(read):
    """A unit outside the scope is in no frame: neither in a list, nor as a peer, nor on the map."""
    allowed = set(DIRECTOR.figures.units)
    assert set(read(figures.units, DIRECTOR)["unit"]) == allowed
    assert read(figures.standing, DIRECTOR, unit=2, month=sample.LAST, cards=FEW).empty
    assert read(figures.course, DIRECTOR, unit=2, card=CARDS[next(iter(FEW))], basis="as_of").empty
    for frame in (
        read(figures.matrix, DIRECTOR, unit=3, month=sample.LAST, cards=FEW),
        read(coverage.delivery, DIRECTOR, first=sample.FIRST, last=sample.LAST),
        read(coverage.cells, DIRECTOR),
    ):
        assert set(frame["unit"]) <= allowed


def test_scope_as_cache_key():
    assert EVERYTHING.key() is None
    assert Scope(frozenset({2, 1})).key() == (1, 2)
    assert 5 in EVERYTHING
    assert 5 not in DIRECTOR.persons


def test_standing_has_one_row_a_card(read):
    standing = read(figures.standing, unit=1, month=sample.LAST, cards=FEW)
    assert standing.index.tolist() == list(FEW)
    assert (standing["unit"] == 1).all()


def test_last_year_is_the_same_month(read):
    card = CARDS["hr_filing_rate"]
    course = read(figures.course, unit=1, card=card, basis="as_of").set_index("month")
    now, before = course.loc[sample.LAST], course.loc[sample.LAST - 12]
    assert now["last_year"] == before["value"]
    assert now["change"] == pytest.approx(now["value"] - before["value"])
    assert math.isnan(course.loc[sample.FIRST, "last_year"])


def test_comparison_is_best_first_and_ends_with_the_undelivered(read):
    frame = read(figures.comparison, unit=2, card=CARDS["hr_filing_rate"], month=sample.LAST, basis="as_of")
    whole = frame[frame["status"] == "ok"]
    assert frame["status"].tolist()[: len(whole)] == ["ok"] * len(whole)
    assert whole["value"].is_monotonic_decreasing
    assert frame.set_index("unit").loc[[12, 13, 14], "rank"].isna().all()


def test_a_station_is_compared_with_its_sisters(read):
    frame = read(figures.comparison, unit=15, card=CARDS["hr_filing_rate"], month=sample.LAST, basis="as_of")
    assert set(frame["unit"]) == {15, 16, 17, 18, 19}


def test_paces_of_a_stock_and_of_a_year(read):
    """A stock over three months; a figure of the year not beyond its January."""
    month = 2026 * 12 + 1  # February
    paces = read(figures.paces, unit=1, month=month, cards=CARDS)
    stock = read(figures.course, unit=1, card=CARDS["hr_filing_rate"], basis="as_of").set_index("month")[
        "numerator"
    ]
    year = read(figures.course, unit=1, card=CARDS["hr_new_count"], basis="ytd").set_index("month")[
        "numerator"
    ]
    assert paces["hr_filing_rate"] == pytest.approx((stock[month] - stock[month - 3]) / 3)
    assert paces["hr_new_count"] == pytest.approx(year[month] / 2)


def test_worst_first_puts_people_before_things():
    rows = pd.DataFrame(
        {"missing": [900.0, 5.0, 70.0, math.nan]}, index=["doses", "elder", "contract", "antibiotic"]
    )
    from tests.pages.cards import CARDS as INVENTED

    assert figures.worst_first(rows, INVENTED).index.tolist() == ["contract", "elder", "doses", "antibiotic"]


def test_cover_adds_up():
    """What is not known of somebody is not known of all: a part is no sum, and nothing is 0 for want of knowing."""
    columns = {
        "people": [100, 50, 30],
        "people_65": [10, 5, 3],
        "beyond": [0, 50, 20],
        "beyond_65": [0, 5, None],
    }
    cells = pd.DataFrame(columns).astype("Int64")
    sums = coverage.cover(cells)
    assert (sums.people, sums.beyond, sums.beyond_65) == (180, 70, None)
    assert sums.share_beyond == pytest.approx(70 / 180)
    assert coverage.cover(cells.head(2)).beyond_65 == 5
    assert math.isnan(coverage.cover(cells.head(0)).share_beyond)
