"""The fourth generator of districts keeps the contract of generators, and gives the same for the same seed."""

from __future__ import annotations

import pandas as pd
import pytest

from metrics.truth.work import Work
from tests.truth.withheld_fourth import districts

Given = list[tuple[Work, set[tuple[int, str]]]]


@pytest.fixture(scope="module")
def two() -> Given:
    return districts(11, 2)


def test_the_same_seed_gives_the_same_district(two: Given) -> None:
    (again, guilty), (other, _) = districts(11, 1)[0], districts(12, 1)[0]
    pd.testing.assert_frame_equal(two[0][0].contacts, again.contacts)
    pd.testing.assert_frame_equal(two[0][0].persons, again.persons)
    assert guilty == two[0][1]
    assert not again.contacts.equals(other.contacts)


def test_frames_hold_together(two: Given) -> None:
    for work, _ in two:
        contacts = work.contacts
        assert contacts["row_id"].is_unique
        assert set(contacts["person"]) <= set(work.persons["person"])
        assert set(contacts["unit"]) <= set(work.units["unit"])
        assert 15 <= len(work.units) <= 50
        assert (contacts["entered_on"].isna() | (contacts["entered_on"] >= contacts["day"])).all()
        assert (contacts["sbp"].isna() | (contacts["sbp"] > contacts["dbp"])).all()
        assert set(contacts["kind"]) == {"htn", "dm", "checkup"}


def test_who_fabricated_is_in_the_records(two: Given) -> None:
    assert any(guilty for _, guilty in two)
    for work, guilty in two:
        named = set(zip(work.contacts["unit"], work.contacts["doctor"], strict=True))
        assert all(
            (unit, doctor) in named if doctor else unit in set(work.units["unit"]) for unit, doctor in guilty
        )
