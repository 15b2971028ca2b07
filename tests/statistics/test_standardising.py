"""Indirect standardisation against published worked figures, by hand, and where strata are missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from metrics.statistics.standardising import matters, standardise

# Test data of PHEindicatormethods (UK Health Security Agency), testdata_DSR_ISR.xlsx: people, reference by age band.
# fmt: off
PEOPLE = [636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207]
SICK = [127, 25, 18, 21, 12, 27, 48, 27, 29, 32, 32, 34, 45, 65, 38, 68, 74, 82, 91]
REFERENCE = [10303, 2824, 0, 3615, 3641, 3490, 3789, 3213, 3031, 2771, 3089, 3490, 3595, 4745, 5514, 7125, 5694, 6210, 5757]
REFERENCE_PEOPLE = [50520, 57173, 60213, 54659, 44345, 50128, 62163, 67423, 62899, 55463, 60479, 49974, 44140, 40888, 37239,
                    30819, 18136, 15325, 13918]
# fmt: on


def test_ukhsa():
    found = standardise([SICK], [PEOPLE], 0.95, reference=(REFERENCE, REFERENCE_PEOPLE))
    assert found.observed[0] == 895
    assert found.expected[0] == pytest.approx(835.8835612311743, rel=1e-12)
    assert found.ratio[0] == pytest.approx(1.0707232939020275, rel=1e-12)
    assert np.allclose(found.ratio_interval, [[1.0017147712553987], [1.143233287249895]], rtol=1e-10)
    assert found.rate[0] * 100_000 == pytest.approx(10011.137622091057, rel=1e-10)
    assert np.allclose(np.multiply(found.rate_interval, 100_000), [[9365.91600297888], [10689.097582910616]])
    assert found.reference * 100_000 == pytest.approx(9349.88309221102, rel=1e-10)


def test_ukhsa_small_is_exact():
    nine = np.zeros(19)
    nine[0] = 9
    found = standardise([nine], [PEOPLE], 0.998, reference=(REFERENCE, REFERENCE_PEOPLE))
    assert np.allclose(found.ratio_interval, [[0.0029339306550682617], [0.02710589651469021]], rtol=1e-10)


# Bland, An Introduction to Medical Statistics, chapter 16: cirrhosis of the liver, deaths of men per million and year, male doctors.
def test_bland():
    per_million, doctors = [5.859, 13.050, 46.937, 161.503, 271.358], [1080, 12860, 11510, 10330, 7790]
    found = standardise([[0, 0, 4, 6, 4]], [doctors], 0.95, reference=(per_million, np.full(5, 1e6)))
    assert found.expected[0] == pytest.approx(4.4965, abs=2e-4)
    assert round(found.ratio[0] * 100) == 311


def test_by_hand_two_units_two_ages():
    """Old people are seen twice as often as young ones; B has more of them, and is as good as A."""
    found = standardise([[20, 8], [5, 32]], [[100, 20], [25, 80]], 0.95)
    assert found.expected.tolist() == pytest.approx([100 * 0.2 + 20 * 0.4, 25 * 0.2 + 80 * 0.4])
    assert found.ratio.tolist() == pytest.approx([1, 1])
    assert found.crude.tolist() == pytest.approx([28 / 120, 37 / 105])
    assert found.rate.tolist() == pytest.approx([65 / 225, 65 / 225])
    assert found.moved.tolist() == pytest.approx([65 / 225 - 28 / 120, 65 / 225 - 37 / 105])
    assert matters(found, 0.5)
    assert not matters(standardise([[20, 8], [20, 8]], [[100, 20], [100, 20]], 0.95), 0.01)


def test_people_of_no_stratum_are_left_out_on_both_sides():
    whole = standardise([[20, 8]], [[100, 20]], 0.95, reference=([200, 40], [1000, 100]))
    more = standardise(
        [[20, 8, 7, 3]],
        [[100, 20, 40, 80]],
        0.95,
        reference=([200, 40, 0, np.nan], [1000, 100, 0, 50]),
    )
    assert more.ratio == whole.ratio
    assert more.left_out.tolist() == [120 / 240]
    assert whole.left_out.tolist() == [0]


def test_nobody_and_nothing_expected():
    found = standardise([[0, 0], [np.nan, 3]], [[0, 0], [np.nan, 30]], 0.95, reference=([5, 0], [10, 10]))
    assert np.isnan(found.ratio).all()
    assert np.isnan(found.rate_interval).all()
    assert np.isnan(found.left_out[0])
    with pytest.raises(ValueError, match="not negative"):
        standardise([[-1]], [[3]], 0.95)


def test_a_share_of_all_of_them_has_no_variance_to_speak_of():
    found = standardise([[30, 9]], [[30, 9]], 0.95, share=True)
    assert found.ratio.tolist() == [1]
    assert np.isnan(found.ratio_interval).all()


counts = arrays(int, (3, 4), elements=st.integers(0, 50))


@given(observed=counts, people=counts)
def test_all_together_are_as_expected(observed, people):
    """With the units themselves as reference, what is expected of all is what was observed of all."""
    observed = np.minimum(observed, people)
    found = standardise(observed, people, 0.95)
    assert np.nansum(found.expected) == pytest.approx(observed.sum())
    # A unit of which nothing is expected has nothing.
    assert (found.observed[np.isnan(found.expected)] == 0).all()


def test_interval_of_a_share_is_narrower_and_still_covers():
    random = np.random.default_rng(8)
    people, truth = np.array([200, 80, 40]), np.array([0.5, 0.7, 0.6])
    reference = truth * 1e6, np.full(3, 1e6)
    seen = random.binomial(people, truth, (2000, 3))
    share = standardise(seen, np.tile(people, (2000, 1)), 0.95, reference=reference, share=True)
    count = standardise(seen, np.tile(people, (2000, 1)), 0.95, reference=reference)
    inside = (share.ratio_interval.low <= 1) & (share.ratio_interval.high >= 1)
    assert 0.935 < inside.mean() < 0.97
    assert ((count.ratio_interval.low <= 1) & (count.ratio_interval.high >= 1)).mean() > 0.99
