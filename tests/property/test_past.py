"""A figure as it stood at an earlier day is what the plain count says of the rows that were known then."""

from __future__ import annotations

import math
import random
from datetime import datetime

import pytest

from data import records
from metrics import past
from metrics.build import build
from metrics.card import SCALE
from metrics.cards import CARDS
from metrics.changed import changed
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError
from metrics.why import CAUSES, LATE
from tests.plain.count import figures
from tests.plain.district import District
from tests.property.districts import Plan
from tests.property.histories import History
from tests.property.stores import new_store, write
from tests.roles import as_role

PLAN = Plan(seed=11, districts=1, persons=40, months=24)
WITH_PAST = [key for key, card in CARDS.items() if past.has_past(card)]


def day_of(month: int, day: int = 5) -> datetime:
    return datetime(month // 12, month % 12 + 1, day)


@pytest.fixture(scope="module")
def district():
    """A store that came to know things three times, its history and the last month of its figures."""
    with new_store() as (store, place):
        history = History(PLAN)
        history.change()
        history.change()
        write(store, history)
        made = build(store, place, cards=[CARDS["htn_control_rate"]])  # of units and months, no more
        with store.change(
            "records"
        ) as draft:  # known a year, a year and a half and two years after its first month
            table = records.event
            for event, after in ((1, 12), (2, 18), (3, 24)):
                at = day_of(made.horizon.first + after)
                draft.records.execute(table.update().where(table.c.event == event).values(at=at))
        yield store, history, made.horizon


def test_most_cards_have_a_past():
    assert len(WITH_PAST) > len(CARDS) * 0.9


@pytest.fixture(scope="module")
def plain(district):
    """event -> (card, unit, month, basis) -> the plain count of some cards, of the rows that were known then."""
    _, history, horizon = district
    chosen = random.Random(5).sample(WITH_PAST, 40)
    return {
        event: figures(District(history.known_at(event), horizon.first, horizon.last), chosen)
        for event in (1, 2, 3)
    }


def _moved(plain) -> list[tuple]:
    """Places where the state of the first event differs from the last one's: without them nothing is shown."""
    return sorted(place for place, told in plain[1].items() if told != plain[3].get(place))


def test_figures_as_they_stood(district, plain):
    store, *_ = district
    draw = random.Random(5)
    for key, unit, month, basis in draw.sample(_moved(plain), 5) + draw.sample(sorted(plain[3]), 3):
        found = past.figures_known(store, LOCAL, key, unit, month, basis, [1, 2, None])
        for event, one in zip((1, 2, 3), found, strict=True):
            numerator, _, denominator = plain[event].get((key, unit, month, basis), (None, None, None))
            if one.status in ("none", "untold", "absent"):
                continue
            assert one.numerator == numerator, (key, unit, month, basis, event)
            if CARDS[key].is_ratio:
                assert denominator is None if math.isnan(one.denominator) else one.denominator == denominator


def test_moments_are_the_last_events_of_their_days(district):
    store, _, horizon = district
    assert past.moments(store)["event"].tolist() == [1, 2, 3]
    assert past.event_of(store, day_of(horizon.first + 12, 4)) is None
    assert past.event_of(store, day_of(horizon.first + 18, 6)) == 2


def test_a_change_is_shared_out_whole(district, plain):
    """Of a month that the first event told in time: what became known since has a share of its own."""
    store, _, horizon = district
    told = 0
    in_time = [place for place in _moved(plain) if horizon.first + 11 <= place[2] < horizon.first + 16]
    for key, unit, month, basis in random.Random(6).sample(in_time, 6):
        found = changed(store, LOCAL, key, unit, month, horizon.last, basis)
        assert found.then.event == 1
        if found.shares is None:
            continue
        scale = SCALE.get(CARDS[key].unit, 1)
        assert set(found.shares) == set(CAUSES)
        whole, late = float(sum(found.shares.values())), float(found.shares[LATE])
        assert whole / scale == pytest.approx(found.now.value - found.then.value)
        assert late / scale == pytest.approx(found.before.value - found.then.value)
        told += late != 0
    assert told


def test_what_the_records_do_not_go_back_to_is_said(district):
    store, history, horizon = district
    unit = next(row["unit"] for row in history.versions["unit"])
    found = changed(store, LOCAL, "fd_contract_rate", unit, horizon.first, horizon.last, "as_of")
    assert found.then is None and (found.shares is None or found.shares[LATE] == 0)


def test_who_may_not_see_the_people_sees_no_past(district):
    store, history, horizon = district
    unit = next(row["unit"] for row in history.versions["unit"])
    leader = as_role("leader", "leader", EVERYTHING, EVERYTHING)
    with pytest.raises(NotAllowedError):
        past.figures_known(store, leader, "htn_control_rate", unit, horizon.last, "ytd", [None])
