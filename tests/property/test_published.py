"""What a build publishes: the plain count, rolled up, with values that follow, and gap lists of the right length."""

from __future__ import annotations

import random

import pytest

from metrics.build import build
from metrics.card import SCALE, Gap
from metrics.cards import CARDS
from metrics.gaps import gap_page
from metrics.principal import LOCAL
from tests.plain.count import figures
from tests.plain.district import District
from tests.property.districts import Plan
from tests.property.engine import as_numbers
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write

PLAN = Plan(seed=8, districts=1, persons=40, months=24)


@pytest.fixture(scope="module")
def district():
    """A store with figures of a district, the figures, its rows, and the months that they are made for."""
    with new_store() as (store, place):
        history = History(PLAN)
        write(store, history)
        made = build(store, place)
        plain = District(history.known_at(1), made.horizon.first, made.horizon.last)
        yield store, read_figures(store), plain


def test_published_figures_are_the_plain_count(district):
    _, rows, plain = district
    delivered = rows[rows["status"] != "none"]  # what was not delivered has no numerator
    theirs = figures(plain)
    assert len(rows) == len(theirs)
    assert {
        place: (ours, theirs[place]) for place, ours in as_numbers(delivered).items() if ours != theirs[place]
    } == {}


def test_values_are_sums_over_sums(district):
    _, rows, _ = district
    rows = rows[rows["indicator"].map(lambda key: CARDS[key].derived is None)]
    for row in rows[rows["value"].notna()].itertuples():
        of = row.denominator if CARDS[row.indicator].is_ratio else 1
        assert row.value == row.numerator / (of * SCALE.get(CARDS[row.indicator].unit, 1))
    told = ~rows["status"].isin(["none", "untold"])
    ratios = rows["indicator"].map(lambda key: CARDS[key].is_ratio) & told
    assert (
        rows[ratios]["value"].isna()
        == (rows[ratios]["denominator"].isna() | (rows[ratios]["denominator"] == 0))
    ).all()


def test_a_parent_is_the_sum_of_its_children_and_its_own(district):
    """Own figures are counted plainly for a district in which every unit stands alone."""
    _, rows, plain = district
    alone = District(
        {**plain.tables, "unit": [row | {"parent": None} for row in plain.tables["unit"]]},
        plain.first,
        plain.last,
    )
    summed = [key for key, card in CARDS.items() if not card.each_level and card.derived is None]
    own = figures(alone, summed)
    ours = as_numbers(rows[rows["status"] != "none"])
    months = {place[2] for place in ours}
    about = {(key, unit) for key, unit, *_ in ours}  # a card may be about some kinds of units only
    compared = set()
    for unit, below in _families(plain).items():
        for key in summed:
            for basis in CARDS[key].bases:
                for month in months:
                    parts = [own.get((key, unit, month, basis.value))]
                    parts += [
                        ours.get((key, child, month, basis.value)) for child in below if (key, child) in about
                    ]
                    whole = ours.get((key, unit, month, basis.value))
                    if whole is None or None in parts:
                        continue  # a unit that was closed, or that did not deliver
                    compared.add(key)
                    assert whole[0] == sum(part[0] for part in parts), (key, unit, month, basis)
                    if whole[1] is not None:
                        assert whole[1] == sum(part[1] for part in parts), (key, unit, month, basis)
    assert len(compared) > len(summed) / 2


def _families(plain: District) -> dict[int, list[int]]:
    return {
        unit: [child for child, row in plain.units.items() if row["parent"] == unit] for unit in plain.units
    }


def _gaps(rows):
    """Figures with a list of persons: of each card some whose list is not empty, drawn at random."""
    draw = random.Random(1)
    listed = rows[rows["status"] != "none"]
    for key, group in listed.groupby("indicator"):
        if CARDS[key].is_personal and CARDS[key].gap is not Gap.NONE:
            missing = group[[_length(row) > 0 for _, row in group.iterrows()]]
            some = missing if len(missing) else group
            yield key, [some.iloc[place] for place in draw.sample(range(len(some)), min(3, len(some)))]


def _length(row) -> int:
    """How many stand on the list: who is missing, or who is counted where they need something done."""
    if CARDS[row["indicator"]].gap is Gap.COUNTED:
        return int(row["numerator"])
    return int(row["listed"] - row["numerator"])


def _wrong_lengths(store, rows) -> list[tuple]:
    """Figures whose list is not as long as their gap: place, gap, what the page says, rows on it."""
    wrong = []
    for row in rows:
        place = (row["indicator"], int(row["unit"]), int(row["month"]), row["basis"])
        page = gap_page(store, LOCAL, *place, 1, 500, "zh")
        if (page.total, len(page.rows)) != (_length(row), _length(row)):
            wrong.append((*place, _length(row), page.total, len(page.rows)))
    return wrong


def test_a_gap_list_is_as_long_as_the_gap(district):
    store, rows, _ = district
    chosen = {key: some[0] for key, some in _gaps(rows)}
    assert chosen.keys() == {
        key for key, card in CARDS.items() if card.is_personal and card.gap is not Gap.NONE
    }
    assert sum(_length(row) > 0 for row in chosen.values()) > len(chosen) / 3
    assert _wrong_lengths(store, chosen.values()) == []


@pytest.mark.long
def test_more_gap_lists_are_as_long_as_their_gaps(district):
    store, rows, _ = district
    more = [row for _, some in _gaps(rows) for row in some[1:]]
    assert len(more) > 50
    assert _wrong_lengths(store, more) == []


def test_a_numerator_is_a_part_of_what_is_listed(district):
    _, rows, _ = district
    listed = rows[rows["indicator"].map(lambda key: CARDS[key].gap in (Gap.PERSONS, Gap.THINGS))]
    listed = listed[listed["listed"].notna()]
    assert (listed["listed"] > 0).any()
    assert (listed["numerator"].fillna(0) <= listed["listed"]).all()
