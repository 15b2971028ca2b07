"""The withheld districts keep the contract of `Work`, and hold the honest habits and the inventions they promise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metrics.truth.work import Work
from tests.truth import withheld

CONTRACT = {
    "contacts": {
        "row_id": "int64",
        "person": "int64",
        "unit": "int64",
        "doctor": None,
        "kind": None,
        "day": "datetime64[ns]",
        "entered_on": "datetime64[ns]",
        "mode": None,
        "sbp": "float64",
        "dbp": "float64",
        "fpg": "float64",
        "complete": None,
    },
    "persons": {
        "person": "int64",
        "birth": "datetime64[ns]",
        "sex": None,
        "died_on": "datetime64[ns]",
        "phone": "int64",
        "unit": "int64",
    },
    "stays": {"person": "int64", "unit": "int64", "from_on": "datetime64[ns]", "to_on": "datetime64[ns]"},
    "units": {"unit": "int64", "parent": "int64", "kind": None, "lon": "float64", "lat": "float64"},
}


@pytest.fixture(scope="module")
def made():
    return withheld.generated(5, 3)


def test_frames_keep_the_contract(made):
    for tables, _, _ in made:
        assert tuple(tables) == withheld.TABLES
        for name, columns in CONTRACT.items():
            frame = tables[name]
            assert list(frame.columns) == list(columns)
            assert {c: str(frame[c].dtype) for c, t in columns.items() if t} == {
                c: t for c, t in columns.items() if t
            }
        contacts, persons, units = tables["contacts"], tables["persons"], tables["units"]
        assert contacts.row_id.is_unique and persons.person.is_unique and units.unit.is_unique
        assert not contacts.duplicated(["person", "kind", "day"]).any()
        assert (
            contacts.person.isin(persons.person).all() and tables["stays"].person.isin(persons.person).all()
        )
        assert contacts.unit.isin(units.unit).all() and persons.unit.isin(units.unit).all()
        assert set(contacts.kind) == {"htn", "dm", "checkup"}
        assert set(persons.sex) <= {"1", "2", ""} and set(contacts["mode"]) <= {"clinic", "home", "phone", ""}
        assert contacts.complete.map(lambda says: says is None or isinstance(says, bool)).all()
        assert (persons.phone != 0).all() and persons.phone.min() == -1
        assert contacts.day.notna().all() and persons.birth.notna().all()
        assert contacts.sbp.dropna().between(70, 240).all() and contacts.dbp.dropna().between(35, 140).all()
        assert contacts.fpg.dropna().between(2, 30).all()
        kinds = units.kind.value_counts()
        assert 20 <= kinds["clinic"] <= 40 and 4 <= kinds["centre"] <= 8
        assert set(units.parent[units.kind == "clinic"]) <= set(units.unit[units.kind == "centre"])


def test_one_seed_one_district(made):
    again, truth, _ = withheld.generated(5, 1)[0]
    assert truth == made[0][1]
    for name in withheld.TABLES:
        pd.testing.assert_frame_equal(again[name], made[0][0][name])


def test_followups_are_about_four_a_year(made):
    for tables, _, _ in made:
        contacts = tables["contacts"][tables["contacts"].kind == "htn"]
        years = (contacts.day.max() - contacts.day.min()).days / 365.25
        assert 0.95 < years < 1.55
        assert 3 < contacts.groupby("person").size().mean() / years < 4.5


def test_who_invents_is_few_and_invents_enough(made):
    for tables, truth, log in made:
        contacts = tables["contacts"]
        followups = contacts[(contacts.kind != "checkup") & (contacts.doctor != "")]
        pairs = followups[["unit", "doctor"]].drop_duplicates()
        doctors = {pair for pair in truth if pair[1]}
        assert doctors == set(zip(log.unit, log.doctor, strict=True))
        assert doctors <= set(zip(pairs.unit, pairs.doctor, strict=True))
        assert 0.05 <= len(doctors) / len(pairs) <= 0.155
        assert log.invented.min() >= withheld.LEAST
        assert (log.invented / log.followups).between(0.3, 1).all()
        for unit in {unit for unit, doctor in truth if not doctor}:
            own = pairs.doctor[pairs.unit == unit]
            assert {(unit, doctor) for doctor in own} <= truth
    kinds = {name for _, _, log in made for words in log.kind for name in words.replace("+", " ").split()}
    assert len(kinds) >= 8


def test_honest_rounding_is_there(made):
    """Clean clinics write even numbers, fives or tens throughout, and others every number."""
    even, five, every = 0, 0, 0
    for tables, truth, _ in made:
        contacts = tables["contacts"]
        clean = contacts[(contacts.kind == "htn") & ~contacts.unit.isin({unit for unit, _ in truth})]
        values = clean.dropna(subset=["sbp"])
        values = values[values["mode"] != "phone"]
        share = (
            pd.DataFrame({"unit": values.unit, "even": values.sbp % 2 == 0, "five": values.sbp % 5 == 0})
            .groupby("unit")
            .agg(n=("even", "size"), even=("even", "mean"), five=("five", "mean"))
        )
        share = share[share.n >= 60]
        even += int(((share.even > 0.97) & (share.five < 0.4)).sum())
        five += int((share.five > 0.97).sum())
        every += int((share.even.between(0.4, 0.6) & (share.five < 0.3)).sum())
    assert min(even, five, every) >= 3


def test_other_honest_habits_are_there(made):
    """Whole villages in a day, late typing, shared telephones and contacts just after a death, all of clean doctors."""
    busiest, late, shared, after = 0, 0, 0, 0
    for tables, truth, _ in made:
        contacts = tables["contacts"].merge(tables["persons"], on="person", suffixes=("", "_own"))
        clean = contacts[~contacts.unit.isin({unit for unit, _ in truth})]
        busiest = max(
            busiest, int(clean[clean.kind != "checkup"].groupby(["unit", "day"]).person.nunique().max())
        )
        late += int(((clean.entered_on - clean.day).dt.days > 20).sum())
        shared = max(shared, int(clean[clean.phone > 0].groupby("phone").person.nunique().max()))
        passed = (clean.day - clean.died_on).dt.days
        after += int((passed > 0).sum())
        assert np.nanmax(passed) <= 6
    assert busiest >= 40 and late > 100 and shared >= 5 and after > 0


def test_a_district_is_a_work():
    ((district, truth),) = withheld.districts(1, 1)
    assert isinstance(district, Work)
    assert truth and len(district.contacts) > 1000
