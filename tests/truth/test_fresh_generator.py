"""The fresh withheld districts keep the contract of `Work`, and hold the honest habits and the inventions they promise."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from metrics.truth.work import Work
from tests.truth import fresh_days, fresh_honest, fresh_invented, withheld_fresh
from tests.truth.test_withheld_generator import CONTRACT

TABLES = ("contacts", "persons", "stays", "units")


@pytest.fixture(scope="module")
def made():
    return withheld_fresh.generated(5, 6)


@pytest.fixture(scope="module")
def clean(made):
    """Follow-ups of units in which nobody invents."""
    found = []
    for place, (tables, truth, _) in enumerate(made):
        contacts = tables["contacts"].assign(district=place)
        inventing = contacts.unit.isin({unit for unit, _ in truth})
        found.append(contacts[(contacts.kind != "checkup") & ~inventing])
    return pd.concat(found)


def test_frames_keep_the_contract(made):
    for tables, _, _ in made:
        assert tuple(tables) == TABLES
        for name, columns in CONTRACT.items():
            frame = tables[name]
            assert list(frame.columns) == list(columns)
            for column, wanted in columns.items():
                assert wanted is None or str(frame[column].dtype) == wanted, (name, column)
        contacts, persons, units = tables["contacts"], tables["persons"], tables["units"]
        assert contacts.row_id.is_unique and persons.person.is_unique and units.unit.is_unique
        assert not contacts.duplicated(["person", "kind", "day"]).any()
        for name in ("contacts", "stays"):
            assert tables[name].person.isin(persons.person).all() and tables[name].unit.isin(units.unit).all()
        assert persons.unit.isin(units.unit).all()
        assert set(contacts.kind) == {"htn", "dm", "checkup"}
        assert set(persons.sex) <= {"1", "2", ""} and set(contacts["mode"]) <= {"clinic", "home", "phone", ""}
        assert contacts.complete.map(lambda says: says is None or isinstance(says, bool)).all()
        assert (persons.phone != 0).all() and persons.phone.min() == -1
        assert contacts.day.notna().all() and persons.birth.notna().all()
        assert contacts.sbp.dropna().between(80, 230).all() and contacts.dbp.dropna().between(40, 130).all()
        assert contacts.fpg.dropna().between(2, 30).all()
        kinds = units.kind.value_counts()
        assert 20 <= kinds["clinic"] <= 40 and 4 <= kinds["centre"] <= 8
        assert set(units.parent[units.kind == "clinic"]) <= set(units.unit[units.kind == "centre"])


def test_one_seed_one_district(made):
    again, truth, _ = withheld_fresh.generated(5, 1)[0]
    assert truth == made[0][1]
    for name in TABLES:
        pd.testing.assert_frame_equal(again[name], made[0][0][name])
    other = withheld_fresh.generated(6, 1)[0][0]["contacts"]
    assert len(other) != len(again["contacts"])


def test_followups_are_about_four_a_year(made):
    for tables, _, _ in made:
        contacts = tables["contacts"][tables["contacts"].kind == "htn"]
        years = (contacts.day.max() - contacts.day.min()).days / 365.25
        assert 0.95 < years < 1.55
        assert 3 < contacts.groupby("person").size().mean() / years < 4.6


def test_who_invents_is_few_and_invents_enough(made):
    for tables, truth, log in made:
        contacts = tables["contacts"]
        followups = contacts[(contacts.kind != "checkup") & (contacts.doctor != "")]
        pairs = followups[["unit", "doctor"]].drop_duplicates()
        doctors = {pair for pair in truth if pair[1]}
        assert doctors == set(zip(log.unit, log.doctor, strict=True))
        assert doctors <= set(zip(pairs.unit, pairs.doctor, strict=True))
        assert 0.05 <= len(doctors) / len(pairs) <= 0.15
        assert log.invented.min() >= withheld_fresh.LEAST
        assert (log.invented / log.followups).between(0.3, 1).all()
        of = followups.groupby(["unit", "doctor"]).kind.agg(["size", lambda kinds: (kinds == "dm").sum()])
        for one in log.itertuples():
            column = 1 if one.kind == "sugar_by_feel" else 0
            assert one.followups == of.loc[(one.unit, one.doctor)].iloc[column]
        for unit in {unit for unit, doctor in truth if not doctor}:
            assert {(unit, doctor) for doctor in pairs.doctor[pairs.unit == unit]} <= truth


def test_many_kinds_are_reached(made):
    found = {name for _, _, log in made for words in log.kind for name in words.split()}
    assert len(found) >= 14 and found <= {*fresh_invented.VALUES, *fresh_days.DAYS}


def test_each_kind_fits_some_doctor():
    """A kind that asked for too much would quietly never be invented."""
    rng = np.random.default_rng(4)
    world = fresh_honest.honest(rng)
    rows = world.draft.rows
    rows["made"], rows["keep"] = False, ~rows.gone
    busy = rows.pair[rows.kind != 2].value_counts().index[:25]
    for recipe in withheld_fresh._recipes(rng):
        done = (withheld_fresh._invent(rng, rng, world, int(pair), recipe) for pair in busy)
        fits = next((one for one in done if one is not None), None)
        assert fits is not None, recipe
        assert fits.made.sum() >= withheld_fresh.LEAST and fits.keep.all()


def test_honest_rounding_is_there(clean):
    """Doctors who write tens, fives, even numbers or every number throughout, and tens with fives, in clean units."""
    read = clean[(clean["mode"] != "phone") & clean.sbp.notna() & (clean.doctor != "")]
    shares = (
        pd.DataFrame(
            {
                "ten": read.sbp % 10 == 0,
                "five": read.sbp % 5 == 0,
                "even": read.sbp % 2 == 0,
                "low_ten": read.dbp % 10 == 0,
                "low_five": read.dbp % 5 == 0,
            }
        )
        .groupby([read.district, read.unit, read.doctor])
        .agg(["mean", "size"])
    )
    shares = shares[shares[("ten", "size")] >= 60].xs("mean", axis=1, level=1)
    assert (shares.ten > 0.97).sum() >= 3
    assert ((shares.five > 0.97) & (shares.ten < 0.8)).sum() >= 3
    assert ((shares.even > 0.97) & (shares.ten < 0.4)).sum() >= 3
    assert (shares.even.between(0.4, 0.6) & (shares.five < 0.3)).sum() >= 3
    assert ((shares.ten > 0.97) & (shares.low_five > 0.97) & (shares.low_ten < 0.8)).sum() >= 1


def _written(cuff, pen, upper, home=0, mode="clinic", day=0, new=10**6):
    pairs = pd.DataFrame(
        {"cuff": [cuff], "cuff_home": [home], "cuff_new": [new], "pen": [pen], "pen_always": [1.0]}
    )
    count = len(upper)
    one = np.zeros(count, dtype=int)
    draft = SimpleNamespace(pairs=pairs)
    sbp, _ = fresh_honest.as_written(
        np.random.default_rng(1), draft, one, one + day, np.full(count, mode), upper, upper - 50
    )
    return sbp


def test_a_reading_is_rounded_twice_where_cuff_and_pen_round():
    upper = np.array([122.4, 123.0, 127.6, 126.9])
    assert list(_written(1, "tens", upper)) == [120, 120, 130, 130]
    # 123 on a cuff of fives is 125, and by the school's rule 130.
    assert list(_written(5, "tens", upper)) == [120, 130, 130, 130]
    assert list(_written(2, "fives", upper)) == [120, 125, 130, 125]
    assert list(_written(2, "down to tens", upper)) == [120, 120, 120, 120]
    assert list(_written(2, "as shown", upper, home=1, mode="home")) == [122, 123, 128, 127]
    assert list(_written(5, "as shown", upper, day=10, new=10)) == [122, 123, 128, 127]


def test_other_honest_habits_are_there(clean):
    typed_before = (clean.entered_on < clean.day).mean()
    assert 0 < typed_before < 0.006
    days = clean.groupby(["district", "unit", "day"]).person.nunique()
    assert days.max() >= 25
    backlog = clean.assign(wait=(clean.entered_on - clean.day).dt.days)
    assert (backlog.wait > 60).sum() > 50
    again = clean[clean.kind == "htn"].sort_values(["district", "person", "day"])
    gap = again.groupby(["district", "person"]).day.diff().dt.days
    assert (gap == 14).sum() > 20


LINES = 400


@pytest.fixture
def visits():
    """A hundred people, four visits each, all but the first invented."""
    rng = np.random.default_rng(3)
    day = np.tile(19400 + 91 * np.arange(4), LINES // 4)
    return pd.DataFrame(
        {
            "person": np.repeat(np.arange(LINES // 4), 4),
            "day": day,
            "entered": day + 2,
            "order": rng.random(LINES),
            "sbp": np.round(rng.normal(136, 15, LINES)).clip(100, 190),
            "dbp": np.round(rng.normal(80, 9, LINES)),
            "fpg": np.round(rng.normal(7, 1, LINES), 1),
            "mode": "clinic",
            "made": np.arange(LINES) % 4 > 0,
        }
    )


def _invented(name, visits, inspection=19700, moved=-1):
    """The visits after the kind, and before it, where the kind says they are invented."""
    known = fresh_invented.Known(
        SimpleNamespace(first=19390, last=19900), 0, pd.DataFrame(), inspection, moved
    )
    after = visits.copy()
    kind = {**fresh_invented.VALUES, **fresh_days.DAYS}[name]
    kind(np.random.default_rng(1), np.random.default_rng(2), after, known)
    untouched = ~after.made
    pd.testing.assert_frame_equal(after[untouched], visits[untouched].assign(made=False))
    return after[after.made], visits[after.made]


def test_kinds_leave_the_traces_that_they_say(visits):
    after, _ = _invented("fixed_gap", visits)
    assert (after.sbp - after.dbp).value_counts(normalize=True).iloc[0] > 0.7
    after, _ = _invented("lucky_digits", visits)
    assert not (after.sbp % 10).isin([1, 3, 4, 7, 9]).any()
    after, _ = _invented("around_the_first", visits)
    first = visits.groupby("person").sbp.first()
    assert (after.sbp - after.person.map(first)).abs().max() <= 8
    after, before = _invented("tens_changed", visits)
    assert (
        (before.sbp.ge(140) | before.dbp.ge(90)).all() and (after.sbp < 140).all() and (after.dbp < 90).all()
    )
    assert (after.sbp % 10 == before.sbp % 10).all()
    after, before = _invented("sugar_by_feel", visits)
    assert after.sbp.equals(before.sbp) and not after.fpg.equals(before.fpg)
    after, _ = _invented("between_neighbours", visits)
    assert (after.sbp - after.person.map(first)).abs().max() <= 4
    after, _ = _invented("see_saw", visits)
    papers = visits[visits.index % 4 < 2].groupby("person").sbp.agg(["min", "max"]).loc[after.person]
    near = after.sbp.to_numpy()[:, None] - papers.to_numpy()
    assert (np.abs(near).min(axis=1) <= 2).all()
    after, _ = _invented("round_of_last", visits)
    assert (after.sbp % 10 == 0).all() and (after.dbp % 10 == 0).all()
    after, _ = _invented("default_form", visits)
    assert after.sbp.value_counts(normalize=True).iloc[0] > 0.35
    after, _ = _invented("bell_script", visits)
    assert after.groupby("person").sbp.mean().corr(first) < 0.3
    after, _ = _invented("ladder", visits)
    assert after.sort_values(["entered", "person"]).sbp.diff().gt(0).mean() > 0.75


def test_rechecks_on_paper_are_added_and_good(visits):
    known = fresh_invented.Known(SimpleNamespace(), 0, pd.DataFrame(), 19700, -1)
    chosen = visits.assign(made=True)
    added = fresh_invented.recheck_on_paper(
        np.random.default_rng(1), np.random.default_rng(2), chosen.copy(), known
    )
    assert (added.sbp < 140).all() and (added.dbp < 90).all()
    before = chosen.day.loc[added.index]
    assert (added.day - before).isin([13, 14, 15, 27, 28, 29]).all()
    assert (chosen.sbp.ge(140) | chosen.dbp.ge(90)).loc[added.index].all()


def test_kinds_of_days_leave_the_traces_that_they_say(visits):
    after, before = _invented("round_days", visits)
    assert (pd.to_datetime(after.day, unit="D").dt.day % 5 == 0).all()
    assert (after.entered - after.day == before.entered - before.day).all()
    after, _ = _invented("typed_ahead", visits)
    assert len(after) and (after.entered < after.day).all()
    after, _ = _invented("before_the_inspectors", visits)
    assert len(after) and after.entered.between(19690, 19699).all() and after.entered.nunique() <= 4
    after, _ = _invented("before_the_inspectors", visits, moved=19800)
    assert after.empty
    after, _ = _invented("month_changed", visits)
    dates = pd.to_datetime(after.day, unit="D").dt.day
    firsts = pd.to_datetime(after.person.map(visits.groupby("person").day.first()), unit="D").dt.day
    assert dates.eq(firsts).all()


def test_a_district_is_a_work():
    ((district, truth),) = withheld_fresh.districts(1, 1)
    assert isinstance(district, Work)
    assert truth and len(district.contacts) > 1000
