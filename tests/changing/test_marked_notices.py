"""Events that people mark have a part in the notices: what was foreseen is not raised, and no more is raised than before."""

from __future__ import annotations

import pandas as pd
import pytest

from data.installation import make_installation
from data.register import open_register
from metrics.cards import CARDS
from metrics.changing import marking
from metrics.principal import LOCAL
from tests.changing.unchanged import CENTRES, FIRST, World, district, noticed

CHANGED = World(linked=0.3, moved=20, by=3.0)
SINCE = FIRST + CHANGED.at


@pytest.fixture(scope="module")
def changed():
    rows, moved = district(4, CHANGED)
    return rows, sorted(moved), noticed(rows)


def marks(*places) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["unit", "indicator", "month"]).astype(object)


def of_pairs(found: pd.DataFrame, pairs) -> int:
    return sum((row.indicator, row.unit) in pairs for row in found[found["month"] >= SINCE].itertuples())


def test_a_change_that_was_marked_is_not_raised(changed):
    rows, moved, plain = changed
    half, rest = moved[::2], moved[1::2]
    found = noticed(rows, marks(*((unit, key, SINCE) for key, unit in half)))
    assert of_pairs(plain, half) >= 5
    assert of_pairs(found, half) == 0
    assert of_pairs(found, rest) >= of_pairs(plain, rest) >= 5  # what nobody marked is raised as ever


def test_marks_of_all_units_and_of_all_indicators(changed):
    rows, moved, _ = changed
    assert of_pairs(noticed(rows, marks((None, None, SINCE))), moved) == 0
    key = moved[0][0]
    alike = [pair for pair in moved if pair[0] == key]
    assert of_pairs(noticed(rows, marks((None, key, SINCE))), alike) == 0


def test_marks_where_nothing_changes_raise_nothing_more():
    """Every unit marks something in the middle of three years in which nothing changes."""
    rows, _ = district(2, World(linked=0.3))
    plain = noticed(rows)
    found = noticed(rows, marks(*((unit, None, SINCE) for unit in range(1, 2 + CENTRES))))
    assert len(found) <= len(plain)


def test_what_builds_read_of_the_register(tmp_path):
    card = CARDS["htn_followup_count"]
    made = open_register(make_installation(tmp_path / "own", kind="own"))
    with made.writing() as connection:
        marking.mark(LOCAL, connection, 2, card, SINCE, "新增体检车", True)
        marking.mark(LOCAL, connection, None, None, SINCE + 1, "换系统", True)
        marking.mark(LOCAL, connection, 3, None, SINCE, "只标注", False)
        gone = marking.mark(LOCAL, connection, 2, None, SINCE + 2, "记错了", True)
        marking.remove(LOCAL, connection, gone, 1)
    with made.reading() as connection:
        marked = marking.rebasing(connection)
    made.close()
    assert marking.months_of(marked, 2, card.key) == {SINCE, SINCE + 1}
    assert marking.months_of(marked, 3, card.key) == {SINCE + 1}
