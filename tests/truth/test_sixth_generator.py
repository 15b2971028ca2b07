"""The sixth withheld world has the shape that it says; nothing is judged here."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.truth.withheld_sixth import KINDS, district, districts, explained
from tests.truth.withheld_sixth_habits import DISTRICT, SWITCHES, UNIT, acquire
from tests.truth.withheld_sixth_places import settle

SEED, COUNT = 5, 10
CONTACTS = {
    "row_id": "int64",
    "person": "int64",
    "unit": "int64",
    "day": "datetime64[ns]",
    "entered_on": "datetime64[ns]",
    "sbp": "float64",
    "dbp": "float64",
    "fpg": "float64",
}
PERSONS = {
    "person": "int64",
    "birth": "datetime64[ns]",
    "died_on": "datetime64[ns]",
    "phone": "int64",
    "unit": "int64",
}


@pytest.fixture(scope="module")
def world():
    return explained(SEED, COUNT)


@pytest.fixture(scope="module")
def inside():
    return [district(SEED, number) for number in (0, 5)]


def test_frames_have_the_columns_and_types_of_work(world) -> None:
    for work, _, _ in world:
        contacts, persons = work.contacts, work.persons
        assert set(contacts) == {*CONTACTS, "doctor", "kind", "mode", "complete"}
        assert {column: str(contacts[column].dtype) for column in CONTACTS} == CONTACTS
        assert {column: str(persons[column].dtype) for column in PERSONS} == PERSONS
        assert set(persons) - {"family", "lon", "lat"} == {*PERSONS, "sex"}
        assert set(persons.sex) <= {"1", "2", ""}
        assert set(work.stays) == {"person", "unit", "from_on", "to_on"}
        assert set(work.units) == {"unit", "parent", "kind", "lon", "lat"}
        for column in ("doctor", "kind", "mode"):
            assert contacts[column].map(type).eq(str).all()
        assert persons.sex.map(type).eq(str).all() and work.units.kind.map(type).eq(str).all()
        assert contacts["complete"].map(lambda told: told is None or type(told) is bool).all()
        assert contacts.row_id.is_unique and persons.person.is_unique and work.units.unit.is_unique


def test_everything_named_is_there(world) -> None:
    for work, kinds, _ in world:
        contacts, last = work.contacts, work.until or work.contacts.day.max()
        assert 15 <= (work.units.kind != "hospital").sum() <= 50
        assert set(contacts.unit) <= set(work.units.unit) and set(contacts.person) <= set(work.persons.person)
        assert set(work.stays.person) <= set(work.persons.person)
        assert set(work.stays.unit) <= set(work.units.unit)
        assert set(work.persons.unit) <= set(work.units.unit)
        assert set(work.units.parent) <= {-1, *work.units.unit}
        assert 12_000 <= len(contacts) <= 55_000
        assert contacts.day.max() <= last and (last - contacts.day.min()).days > 365
        assert (work.persons.birth < contacts.day.min()).all()
        assert set(contacts.kind) == {"htn", "dm", "checkup", "smi"}
        assert contacts[contacts.kind == "smi"][["sbp", "dbp", "fpg"]].isna().all(axis=None)
        assert contacts[contacts.kind == "htn"].fpg.isna().all()
        assert contacts.sbp.dropna().between(40, 340).all() and contacts.fpg.dropna().between(2, 560).all()
        assert not contacts.duplicated(["person", "kind", "day"]).any()
        known = set(zip(contacts.unit, contacts.doctor, strict=True)) | {(unit, "") for unit in contacts.unit}
        assert set(kinds) <= known
        assert all(type(unit) is int and type(doctor) is str for unit, doctor in kinds)


def test_a_seed_gives_the_same_and_another_seed_does_not(world) -> None:
    again, other = districts(SEED, 1)[0], districts(SEED + 1, 1)[0]
    for name in ("contacts", "persons", "stays", "units"):
        pd.testing.assert_frame_equal(getattr(again[0], name), getattr(world[0][0], name))
    assert again[1] == set(world[0][1])
    assert not again[0].contacts.equals(other[0].contacts)


def test_as_many_fabricate_as_is_said(world) -> None:
    for work, kinds, counts in world:
        seen = sorted(set(zip(work.contacts.unit, work.contacts.doctor, strict=True)))
        lying = [(u, d) for u, d in seen if (u, d) in kinds or (u, "") in kinds]
        assert 0.03 <= len(lying) / len(seen) <= 0.15
        assert set(kinds) == set(counts)
        for (unit, doctor), (made, rows) in counts.items():
            theirs = work.contacts.unit == unit
            if doctor:
                theirs &= work.contacts.doctor == doctor
            assert theirs.sum() == rows
            assert made >= 35 and 0.25 <= made / rows <= 1


def test_every_kind_occurs(world) -> None:
    seen = Counter(kind for _, kinds, _ in world for told in kinds.values() for kind in told.split("+"))
    assert set(seen) <= set(KINDS) and len(seen) >= 20
    assert any("+" in told for _, kinds, _ in world for told in kinds.values())


def test_neither_size_nor_age_gives_anybody_away(world) -> None:
    """Those who fabricate and those who do not have about as many rows, and not only the former are large or small."""
    false, true = [], []
    for work, kinds, _ in world:
        sizes = work.contacts.groupby(["unit", "doctor"]).size()
        for (unit, doctor), size in sizes.items():
            (true if (unit, doctor) in kinds or (unit, "") in kinds else false).append(size)
    low, high = np.quantile(false, [0.1, 0.95])
    assert np.mean((np.array(true) >= low) & (np.array(true) <= high)) > 0.75
    assert 0.6 < np.median(true) / np.median(false) < 1.8


def test_most_doctors_have_an_odd_but_honest_habit(inside) -> None:
    for one in inside:
        doctors = range(len(one.places.doctors))
        assert np.mean([len(one.habits.of(doctor)) > 0 for doctor in doctors]) >= 0.6
    seen = {name for number in range(COUNT) for name in _habits(number)}
    assert len({*SWITCHES, *UNIT} - seen) == 0
    assert len(set(DISTRICT) & seen) >= 5


def _habits(number: int) -> set[str]:
    rng = np.random.default_rng([SEED, number, 6])
    habits = acquire(rng, settle(rng))
    return {name for name, there in {**habits.on, **habits.district}.items() if np.any(there)}


def test_honest_work_is_untouched(inside) -> None:
    for one in inside:
        unit = one.places.doctors.unit.to_numpy()
        lying = [(u, n) in one.found or (u, "") in one.found for u, n in zip(unit, one.names, strict=True)]
        theirs = np.array(lying)[one.honest.doctor.to_numpy()]
        final = one.final.drop(columns="made")
        assert not one.final[~theirs].made.any()
        pd.testing.assert_frame_equal(final[~one.final.made], one.honest[~one.final.made])


def test_what_is_made_up_says_something_else(inside) -> None:
    """Hardly a row that is called made up is what it would have been."""
    for one in inside:
        made = one.final[one.final.made]
        was = one.honest.loc[made.index]
        columns = ["day", "sbp", "dbp", "fpg"]
        same = (was[columns].fillna(-1) == made[columns].fillna(-1)).all(axis=1) & (was.gone == 0)
        assert same.mean() < 0.1


def test_honest_oddities_are_seen_in_the_rows(world) -> None:
    contacts = pd.concat([work.contacts.assign(d=k) for k, (work, _, _) in enumerate(world)])
    ends = contacts.dropna(subset="sbp").groupby(["d", "unit", "doctor"]).sbp
    round_share = ends.agg(lambda values: (values % 10 == 0).mean())
    even_share = ends.agg(lambda values: (values % 2 == 0).mean())
    assert (round_share > 0.5).mean() > 0.03 and (even_share > 0.9).mean() > 0.1
    assert ((even_share > 0.4) & (even_share < 0.6)).mean() > 0.2
    units = contacts[contacts.kind == "dm"].groupby(["d", "unit"]).fpg
    assert (units.median() > 60).any() and units.agg(lambda values: values.isna().all()).any()
    assert (
        contacts.entered_on.isna().any() and (contacts["mode"] == "").any() and (contacts.doctor == "").any()
    )
    late = (contacts.entered_on - contacts.day).dt.days
    assert (late < 0).any() and (late == 0).mean() > 0.1 and (late > 30).mean() > 0.02


def test_randomness_comes_from_the_seed_alone() -> None:
    for path in Path(__file__).parent.glob("withheld_sixth*.py"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 300
        assert not re.search(r"np\.random\.(?!Generator|default_rng)|import random|time\.", text)
