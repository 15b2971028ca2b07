"""How widely means spread: the same as of the single values told plainly, on both engines, after an addition, and never of what is hidden."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, create_engine, literal, select

from data.store import Store
from metrics import published
from metrics.build import build
from metrics.card import SCALE
from metrics.cards import CARDS
from metrics.comparing.sorts import Sort, sort_of
from metrics.context import Horizon, prepare, rules_of
from metrics.counting import Frame, count_cards
from metrics.figuring import Grids, figures
from metrics.principal import EVERYTHING, LOCAL
from metrics.small_numbers import threshold
from metrics.spreading import KEYS, spreads, with_deviation
from metrics.squares import BASE, SQUARES, deviations, square
from metrics.tree import Tree
from tests.plain import count
from tests.plain.district import District
from tests.property.amount import examples
from tests.property.districts import FIRST, Plan, tables
from tests.property.engine import filled, units_of
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write
from tests.property.test_by_source import write_files
from tests.roles import as_role

MEANS = {key: card for key, card in CARDS.items() if sort_of(card) is Sort.MEAN}
PLAN = Plan(seed=8, districts=1, persons=90, months=14)
LEADER = as_role("领导", "leader", EVERYTHING, EVERYTHING)
plans = st.builds(
    Plan, seed=st.integers(0, 10**6), districts=st.just(2), persons=st.integers(12, 20), months=st.just(14)
)


def read_spreads(store: Store) -> pd.DataFrame:
    with store.published() as connection:
        rows = pd.read_sql(select(published.spread), connection)
    return rows.sort_values(KEYS, ignore_index=True)


def plainly(district: District, key: str) -> dict[tuple, list[float]]:
    """(unit, month, basis) -> the single values of a mean, gathered one by one."""
    flow, values = count.CARDS[key], defaultdict(list)
    for unit, month, n, of in flow.events(district):
        assert of == 1  # the denominator counts the very rows that are summed
        above = [unit] if flow.each_level else district.above(unit)
        for one in above:
            values[one, month].append(n / SCALE.get(CARDS[key].unit, 1))
    found = {}
    for unit in district.units:
        for month in district.months:
            year = month // 12 * 12
            for basis, first in (("month", month), ("ytd", year), ("r12", month - 11)):
                found[unit, month, basis] = [
                    value for one in range(first, month + 1) for value in values[unit, one]
                ]
    return found


def test_spreads_are_those_of_the_single_values():
    with new_store() as (store, place):
        history = History(PLAN)
        write(store, history)
        write_files(store)
        made = build(store, place, cards=list(MEANS.values()))
        ours, shown = read_spreads(store), read_figures(store).set_index(KEYS)
        district = District(history.known_at(1), made.horizon.first, made.horizon.last)
        compared = 0
        for key, mine in ours.groupby("indicator"):
            theirs = plainly(district, key)
            for row in mine.itertuples():
                values = theirs[row.unit, row.month, row.basis]
                figure = shown.loc[(key, row.unit, row.month, row.basis)]
                assert len(values) == figure["denominator"]
                assert np.isclose(np.mean(values), figure["value"])
                assert np.isclose(row.deviation, np.std(values, ddof=1), rtol=1e-6, atol=1e-3)
                assert row.hidden or not figure["hidden"]
                compared += row.deviation > 0
        assert compared > 300 and ours["indicator"].nunique() >= 5
        told = shown[(shown["denominator"] >= 2) & shown["value"].notna()]
        assert set(told.index) == set(ours.set_index(KEYS).index)
        _what_is_hidden_has_none(store, shown.reset_index())


def _what_is_hidden_has_none(store: Store, shown: pd.DataFrame) -> None:
    """To whoever sees no people: none where a number of the figure is hidden, or where few people are behind it."""
    now = shown[(shown["month"] == shown["month"].max()) & shown["value"].notna()]
    with store.published() as connection:
        everything = with_deviation(LOCAL, connection, now, CARDS)
        told = with_deviation(LEADER, connection, now, CARDS)
    gone = told["deviation"].isna() & everything["deviation"].notna()
    secret = everything["deviation"].notna() & (now["hidden"] != 0).to_numpy()
    assert secret.any() and gone[secret].all()
    few = (now["denominator"] < threshold()).to_numpy() & now["indicator"].eq("op_cost_per_visit").to_numpy()
    assert few.any() and told["deviation"][few].isna().all()
    assert told["deviation"].notna().any()


@examples(1)
@given(plan=plans)
def test_an_addition_gives_what_all_gives(plan):
    with new_store() as (store, place):
        history = History(plan)
        write(store, history)
        write_files(store)
        build(store, place, cards=list(MEANS.values()))
        history.change()
        write(store, history)
        kind = build(store, place, cards=list(MEANS.values())).kind
        added = read_spreads(store)
        build(store, place, full=True, cards=list(MEANS.values()))
        pd.testing.assert_frame_equal(added, read_spreads(store), check_exact=True)
        assert kind == "incremental" and len(added)


def engine_spreads(rows, plan: Plan, url: str = "duckdb:///:memory:") -> pd.DataFrame:
    """What a build would publish, without building, on either engine."""
    cards = list(MEANS.values())
    with filled(rows, url) as connection:
        units, horizon = units_of(connection), Horizon(FIRST, plan.last)
        frame = Frame(tuple(int(unit) for unit in units["unit"]), horizon)
        prepare(connection, rules_of(cards), horizon)
        grids = Grids(count_cards(connection, cards, frame))
        told, _ = figures(connection, cards, frame, horizon, units, grids)
        found = spreads(cards, grids, told, frame.units, horizon, Tree.of(units))
    return found.astype(dict.fromkeys(("indicator", "basis"), str)).sort_values(KEYS, ignore_index=True)


@pytest.mark.parametrize("n", [0, 3, -7, 500, 123_456, 5_000_000, 999_999_999, 2_999_999_999, -2_147_483_648])
def test_a_square_is_whole(n):
    """Both parts of squares up to the largest that a bigint holds: no digit is lost."""
    with create_engine("duckdb:///:memory:").connect() as connection:
        parts = (square(literal(n, BigInteger), part) for part in SQUARES)
        high, low = connection.execute(select(*parts)).one()
    assert high * BASE + low == n**2


def squared(url: str, values: list[int]) -> list[list[int]]:
    """Both parts of the square of each value, by an engine."""
    with create_engine(url).connect() as connection:
        parts = [[square(literal(n, BigInteger), part) for part in SQUARES] for n in values]
        return [list(connection.execute(select(*both)).one()) for both in parts]


@pytest.mark.parametrize("far", [3_000_000_001, -3_000_000_001, 5_000_000_000, 2**63 - 1, 1 - 2**63])
def test_what_is_too_large_to_square_has_no_deviation(far):
    """One of five thousand million among zeros, among values just within the limit, and many of it: no deviation, rather than a small one."""
    (beyond, within), most = squared("duckdb:///:memory:", [far, 3_000_000_000]), 3_000_000_000
    assert within[0] * BASE + within[1] == most**2
    for times, beside, value in ((1, 999, [0, 0]), (1, 1, within), (1, 10_000, within), (50_000, 0, [0, 0])):
        sums = np.array(beyond, np.int64) * times + np.array(value, np.int64) * beside
        assert abs(beyond[0] * times) < 2**63
        total = 0 if value == [0, 0] else most * beside
        assert np.isnan(deviations(times + beside, float(far) * times + total, *sums))
    # What is taken away again leaves what was there before, to the digit.
    assert [beyond[i] + within[i] - beyond[i] for i in (0, 1)] == within


def test_rules_that_share_their_rows_are_counted_with_squares():
    """The rank of the scores has the rule of the scores: in whichever order they are counted, the scores' squares are."""
    score, rank = CARDS["ap_total_score"], CARDS["ap_rank"]
    frame = Frame((1,), Horizon(FIRST, PLAN.last))
    with filled(tables(PLAN)) as connection:
        prepare(connection, rules_of([score, rank]), frame.horizon)
        for cards in ([score, rank], [rank, score]):
            counted = count_cards(connection, cards, frame)
            assert {(score.key, part) for part in SQUARES} <= counted.keys()
            assert not {(rank.key, part) for part in SQUARES} & counted.keys()


def test_a_mean_whose_squares_were_not_counted_is_an_error():
    """Not a spread of nothing."""
    with filled(tables(PLAN)) as connection:
        units, horizon = units_of(connection), Horizon(FIRST, PLAN.last)
        frame, cards = Frame(tuple(int(unit) for unit in units["unit"]), horizon), [CARDS["wait_time"]]
        prepare(connection, rules_of(cards), horizon)
        grids = Grids(count_cards(connection, cards, frame))
        told, _ = figures(connection, cards, frame, horizon, units, grids)
    without = {at: grid for at, grid in grids.items() if at[1] not in SQUARES}
    with pytest.raises(KeyError, match="squares"):
        spreads(cards, without, told, frame.units, horizon, Tree.of(units))


def test_a_sum_over_other_rows_has_none():
    """Amounts of prescriptions over visits: nothing says how widely they spread, and the card says so by itself."""
    assert sort_of(CARDS["rx_amount_per_visit"]) is Sort.APART
    assert not CARDS["rx_amount_per_visit"].is_mean
    assert {"op_cost_per_visit", "ip_cost_per_case", "wait_time", "lab_turnaround", "rf_time"} <= set(MEANS)
