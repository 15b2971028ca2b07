"""The fifth withheld world has the shape that it says; nothing is judged here."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.truth.withheld_fifth import KINDS, districts, explained, honest_and_final

COUNT = 12
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
    return explained(3, COUNT)


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
        assert contacts["complete"].isin([True, False, None]).all()
        assert contacts.row_id.is_unique and persons.person.is_unique and work.units.unit.is_unique


def test_everything_named_is_there(world) -> None:
    for work, kinds, _ in world:
        contacts, last = work.contacts, work.until or work.contacts.day.max()
        assert 15 <= (work.units.kind != "hospital").sum() <= 50
        assert set(contacts.unit) <= set(work.units.unit) and set(contacts.person) <= set(work.persons.person)
        assert set(work.stays.person) <= set(work.persons.person) and set(work.stays.unit) <= set(
            work.units.unit
        )
        assert set(work.units.parent) <= {-1, *work.units.unit}
        assert contacts.day.max() <= last and (last - contacts.day.min()).days > 365
        assert (work.persons.birth < contacts.day.min()).all()
        assert {"htn", "dm", "checkup", "smi"} >= set(contacts.kind)
        assert contacts[contacts.kind == "smi"][["sbp", "dbp", "fpg"]].isna().all(axis=None)
        assert contacts.sbp.dropna().between(40, 340).all() and contacts.fpg.dropna().between(2, 260).all()
        assert not contacts.duplicated(["person", "kind", "day"]).any()
        known = set(zip(contacts.unit, contacts.doctor, strict=True)) | {(unit, "") for unit in contacts.unit}
        assert set(kinds) <= known


def test_a_seed_gives_the_same_and_another_seed_does_not(world) -> None:
    again, other = districts(3, 1)[0], districts(4, 1)[0]
    for name in ("contacts", "persons", "stays", "units"):
        pd.testing.assert_frame_equal(getattr(again[0], name), getattr(world[0][0], name))
    assert again[1] == set(world[0][1])
    assert not again[0].contacts.equals(other[0].contacts)


def test_as_many_fabricate_as_is_said(world) -> None:
    for work, kinds, counts in world:
        units = (work.units.kind != "hospital").sum()
        assert 0.09 <= len({unit for unit, _ in kinds}) / units <= 0.25
        assert set(kinds) == set(counts)
        for (unit, doctor), (made, rows) in counts.items():
            theirs = work.contacts.unit == unit
            if doctor:
                theirs &= work.contacts.doctor == doctor
            assert theirs.sum() == rows
            assert made >= 40 and 0.25 <= made / rows <= 1


def test_every_kind_occurs(world) -> None:
    seen = Counter(kind for _, kinds, _ in world for told in kinds.values() for kind in told.split("+"))
    assert set(seen) == set(KINDS)
    assert any("+" in told for _, kinds, _ in world for told in kinds.values())
    assert any(doctor == "" for _, kinds, _ in world for _, doctor in kinds)


@pytest.mark.parametrize("number", [0, 5])
def test_honest_work_is_untouched(number: int) -> None:
    district, honest, final, found = honest_and_final(3, number)
    unit = district.units.unit.to_numpy()[district.doctors.unit]
    name = district.doctors.name.to_numpy()
    lying = np.array([(u, n) in found or (u, "") in found for u, n in zip(unit, name, strict=True)])
    theirs = lying[honest.doctor.to_numpy()]
    pd.testing.assert_frame_equal(final[~theirs], honest[~theirs])
    assert not final[~theirs].made.any()
    # Nor is what a fabricator did not make up.
    pd.testing.assert_frame_equal(final[~final.made], honest[~final.made])


def test_randomness_comes_from_the_seed_alone() -> None:
    for path in Path(__file__).parent.glob("withheld_fifth*.py"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 300
        assert not re.search(r"np\.random\.(?!Generator|default_rng)|import random|time\.", text)
