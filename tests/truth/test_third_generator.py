"""What `withheld_third` makes, without any detector: shapes, the same again, fabricators, and honest units that round."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from tests.truth.third_makers import KINDS, draw_makers
from tests.truth.withheld_third import districts, draw_district, drawn, guilty_of

SEED, SOME = 5, 4
KEYS = ("row_id", "person", "unit", "doctor", "kind", "day", "entered_on", "mode")
READINGS = ("sbp", "dbp", "fpg")


@pytest.fixture(scope="module")
def made() -> list:
    return [drawn(SEED, number) for number in range(SOME)]


def test_frames_have_the_columns_and_types_of_work(made: list) -> None:
    for work, _, _, _ in made:
        contacts, persons, stays, units = work.contacts, work.persons, work.stays, work.units
        assert list(contacts) == [*KEYS, *READINGS, "complete"]
        assert list(persons) == ["person", "birth", "sex", "died_on", "phone", "unit"]
        assert list(stays) == ["person", "unit", "from_on", "to_on"]
        assert list(units) == ["unit", "parent", "kind", "lon", "lat"]
        dated = [contacts.day, contacts.entered_on, persons.birth, persons.died_on, stays.from_on]
        assert all(pd.api.types.is_datetime64_any_dtype(column) for column in dated)
        assert all(contacts[name].dtype == float for name in READINGS)
        assert contacts.row_id.is_unique and persons.person.is_unique and units.unit.is_unique
        assert set(contacts.person) <= set(persons.person) and set(contacts.unit) <= set(units.unit)
        assert set(stays.unit) | set(persons.unit) <= set(units.unit) and (stays.from_on <= stays.to_on).all()
        assert set(contacts.kind) == {"htn", "dm", "smi", "checkup"}
        assert set(contacts.complete.unique()) <= {True, False, None}
        assert 12 <= (units.kind != "hospital").sum() <= 40
        assert contacts.day.max() - contacts.day.min() < pd.Timedelta(days=365)
        usual = contacts.loc[contacts.kind.ne("smi") & contacts.sbp.notna()]
        assert usual.sbp.between(60, 240).mean() > 0.99 and (usual.sbp > usual.dbp).mean() > 0.99


def test_the_same_seed_makes_the_same_and_another_does_not() -> None:
    (first, guilty), (again, guilty_again) = districts(SEED, 1)[0], districts(SEED, 1)[0]
    for name in ("contacts", "persons", "stays", "units"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
    assert guilty == guilty_again and not districts(SEED + 1, 1)[0][0].contacts.equals(first.contacts)


def test_who_fabricates_exists_and_has_enough_invented(made: list) -> None:
    assert any(makers for _, _, makers, _ in made)
    for work, d, makers, v in made:
        for number, maker in enumerate(makers):
            unit, doctor = guilty_of(d, maker)
            rows = (v["by"] == number).sum()
            mine = work.contacts.loc[
                (work.contacts.unit == unit) & ((work.contacts.doctor == doctor) | (doctor == ""))
            ]
            patients = work.contacts.person[v["by"] == number].nunique()
            assert rows >= 60 or patients >= 0.2 * mine.person.nunique()
            assert set(mine.row_id) >= set(work.contacts.row_id[v["by"] == number])


def test_fabricators_are_dosed_as_said() -> None:
    kinds, shares, honest = Counter(), [], 0
    for number in range(60):
        rng = np.random.default_rng([SEED, number, 3])
        d = draw_district(rng)
        makers = draw_makers(rng, d)
        kinds.update(maker.kinds[0] for maker in makers)
        honest += not makers
        shares += [len(makers) / d.doctors.groupby("unit").ngroups] if makers else []
        assert len(makers) <= max(1, round(0.25 * len(d.doctors)))
        assert all(0.3 <= maker.share <= 1 for maker in makers)
    assert set(kinds) == set(KINDS) and kinds["ghost"] <= 0.05 * kinds.total()
    assert 4 <= honest <= 20 and max(shares) > 0.1


def test_honest_units_round_their_readings(made: list) -> None:
    tens = []
    for work, _, _, v in made:
        told = work.contacts.loc[(v["by"] < 0) & work.contacts.sbp.notna()]
        share = told.sbp.mod(10).eq(0).groupby(told.unit).agg(["mean", "size"])
        tens += share.loc[share["size"] >= 40, "mean"].tolist()
    assert np.quantile(tens, 0.97) > 0.75 and np.median(tens) < 0.4
