"""What a build would raise in districts where nothing changes, and where some pairs do. Rates: docs/statistics.md."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metrics.changing.noticing import COLUMNS
from tests.changing.unchanged import CENTRES, FIRST, LAST, World, district, noticed

CHANGED = World(linked=0.3, moved=20, by=3.0)


@pytest.fixture(scope="module")
def changed():
    return district(4, CHANGED)


def test_a_year_without_change_is_quiet():
    """Some six hundred pairs with seasons, drifting denominators and months that go together: two years, one notice at most."""
    rows, _ = district(2, World(linked=0.3))
    assert (noticed(rows)["month"] > LAST - 24).sum() <= 1


def test_what_changes_is_raised_once(changed):
    rows, moved = changed
    found = noticed(rows)
    found = found[found["month"] >= FIRST + CHANGED.at]
    number = found.groupby(["indicator", "unit"]).size()
    told = [int(number.get(pair, 0)) for pair in sorted(moved)]
    assert max(told) == 1
    assert sum(told) >= 12  # of twenty; some are too small to tell
    mine = found[[(row.indicator, row.unit) in moved for row in found.itertuples()]]
    assert (mine["way"] == 1).all()
    assert (mine["after"] > mine["before"]).all()
    assert (mine["since"] - FIRST - CHANGED.at).abs().max() <= 3
    others = found[found["unit"] > 1 + CENTRES]
    assert len(others) - len(mine) <= 2


def test_what_is_hidden_has_no_part_in_it(changed):
    """Other numbers behind the mask give the same notices; behind none they would not."""
    rows, moved = changed
    masked = pd.Series([(row.indicator, row.unit) in moved for row in rows.itertuples()], index=rows.index)
    hidden = rows.assign(hidden=np.where(masked & (rows["month"] % 2 == 0), 15, 0))
    other = hidden.assign(
        numerator=rows["numerator"].where(hidden["hidden"] == 0, rows["numerator"] * 7 + 3),
        value=rows["value"].where(hidden["hidden"] == 0, 0.123),
    )
    pd.testing.assert_frame_equal(noticed(hidden), noticed(other))
    assert not noticed(other.assign(hidden=0)).equals(noticed(hidden))


def test_part_of_the_months_does_not_count():
    rows, _ = district(4, CHANGED)
    late = noticed(rows.assign(status="none"))
    assert late.empty
    assert list(late.columns) == list(COLUMNS)


def test_from_and_to_are_what_the_months_say(changed):
    """To: the plain mean of the months since; from: near the plain mean of the same months of the years before."""
    rows, moved = changed
    checked = 0
    for row in noticed(rows).itertuples():
        mine = rows[(rows["indicator"] == row.indicator) & (rows["unit"] == row.unit)].set_index("month")[
            "value"
        ]
        assert row.after == pytest.approx(mine.loc[row.since : row.month].mean())
        assert (row.after > row.before) == (row.way > 0)
        if (row.indicator, row.unit) in moved and mine.mean() > 20:
            months = range(row.since, row.month + 1)
            same = [mine[month - back] for month in months for back in (12, 24) if month - back >= FIRST]
            assert row.before == pytest.approx(sum(same) / len(same), rel=0.25)
            checked += 1
    assert checked >= 5
