"""How a sample is spread, how many it takes, and what makes a record likelier to be drawn."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.sampling import sample_size
from metrics.verifying.errors import VerifyError
from metrics.verifying.planning import BELOW, EACH, fewest, needed, shares, strata
from metrics.verifying.risk import named, signs, weights

OCTOBER = 2026 * 12 + 9
TREE = {1: None, 2: 1, 3: 1, 20: 2, 21: 2, 30: 3}


def test_a_centre_is_drawn_with_its_clinics_or_every_unit_by_itself():
    assert strata(TREE, 1, BELOW) == {1: 1, 2: 2, 3: 3, 20: 2, 21: 2, 30: 3}
    assert strata(TREE, 1, EACH) == {unit: unit for unit in TREE}
    assert strata({20: None}, 20, BELOW) == {20: 20}


@given(
    counts=st.dictionaries(st.integers(1, 30), st.integers(1, 400), min_size=1, max_size=12),
    least=st.integers(0, 20),
    part=st.floats(0, 1),
)
def test_every_unit_gets_its_sample_and_none_more_than_it_has(counts, least, part):
    floor, most = sum(min(n, least) for n in counts.values()), sum(counts.values())
    size = floor + round(part * (most - floor))
    found = shares(counts, size, least)
    assert sum(found.values()) == size
    assert all(min(n, least) <= found[unit] <= n for unit, n in counts.items())
    for unit, n in counts.items():  # what is above the least is in proportion, to within one
        room = most - floor
        exact = (size - floor) * (n - min(n, least)) / room if room else 0
        assert abs(found[unit] - min(n, least) - exact) < 1 + 1e-9


def test_too_few_and_too_many_are_refused_with_what_to_ask_for():
    with pytest.raises(VerifyError) as error:
        shares({1: 100, 2: 3}, 10, 8)
    assert error.value.reason == "too_few" and "11" in error.value["zh"]
    with pytest.raises(VerifyError) as error:
        shares({1: 100, 2: 3}, 104, 8)
    assert error.value.reason == "too_many" and "103" in error.value["en"]


def test_the_number_needed_is_that_of_the_rate_and_not_of_the_share():
    """Half of all were reported: five points of the rate are ten points of the verified share."""
    found = needed({1: 500, 2: 300}, 0.5, 0.05, 0.95, share=0.8, reach=0.7, least=8)
    assert found.whole == sample_size(800, 0.10, 0.95, share=0.8, answering=0.7)
    assert found.each == sum(sample_size(n, 0.10, 0.95, share=0.8, answering=0.7) for n in (500, 300))
    # Cochran by hand: 1.96 ** 2 * 0.8 * 0.2 / 0.1 ** 2 = 61.46; of 800 57.16; over 0.7, 81.7.
    assert found.whole == 82
    assert found.fewest == 16 and fewest({1: 500, 2: 3}, 8) == {1: 8, 2: 3}
    assert (
        needed({1: 9, 2: 9}, 0.1, 0.5, 0.95, share=0.8, reach=1, least=8).whole == 16
    )  # never below the least


def evidence(**columns) -> pd.DataFrame:
    """One record that gives no reason for anything, with some columns changed."""
    plain = {"day": date(2026, 10, 5), "entered_on": date(2026, 10, 6), "day_services": 3, "typed_rows": 3}
    return pd.DataFrame([plain | columns])


@pytest.mark.parametrize(
    ("columns", "sign", "weight"),
    [
        ({}, "", 1.0),
        ({"entered_on": date(2026, 10, 19)}, "", 1.0),  # fourteen days
        ({"entered_on": date(2026, 10, 20)}, "late", 2.0),
        ({"day_services": 40}, "", 1.0),
        ({"day_services": 41}, "busy", 2.0),
        ({"typed_rows": 19}, "", 1.0),
        ({"typed_rows": 20}, "batch", 2.0),
        ({"day": date(2026, 10, 28), "entered_on": date(2026, 10, 28)}, "", 1.0),
        ({"day": date(2026, 10, 29), "entered_on": date(2026, 10, 29)}, "month_end", 1.5),
        ({"entered_on": None}, "", 1.0),  # not known is no sign
        ({"day": None, "entered_on": None, "day_services": None, "typed_rows": None}, "", 1.0),
        ({"entered_on": date(2026, 12, 1), "day_services": 99, "typed_rows": 99}, "late,busy,batch", 4.0),
    ],
)
def test_signs_make_a_record_likelier_to_be_drawn(columns, sign, weight):
    seen = signs(evidence(**columns), OCTOBER)
    assert named(seen, 1) == [sign]
    assert weights(seen, 1, OCTOBER).tolist() == [weight]


def test_a_further_sign_joins_with_its_own_weight(monkeypatch):
    """As scores of other modules will: a degree between 0 and 1 and a parameter of its name."""
    from metrics.verifying import risk

    asked = risk.value_in
    monkeypatch.setattr(
        risk, "value_in", lambda key, month: 3 if key == "verify_risk_odd" else asked(key, month)
    )
    seen = signs(evidence(day_services=50), OCTOBER) | {"odd": np.array([0.5])}
    assert weights(seen, 1, OCTOBER).tolist() == [1 + 1 + 1.5]
