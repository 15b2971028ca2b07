"""What a build publishes of the signals, who may see it, and the records behind it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from data.hashing import Hasher
from data.identity import telephones
from data.store import Store, bulk_insert, create_missing
from metrics import published
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from metrics.truth.behind import rows_behind
from metrics.truth.listing import listed, look
from metrics.truth.publishing import doctor_number, looked_at
from tests.roles import as_role
from tests.truth.small import COPIER, MONTH, OTHER, UNIT, fill

HASHER = Hasher(b"a secret of this test")
OFFICER = as_role("officer", "officer", EVERYTHING, EVERYTHING)
CHRONIC = replace(OFFICER, systems=frozenset({"S11"}))
LEADER = as_role("leader", "leader", EVERYTHING, EVERYTHING)
DIRECTOR = as_role("director", "director", EVERYTHING, Scope(frozenset({UNIT})))
NUMBER = doctor_number(HASHER, COPIER)


@pytest.fixture
def known(store: Store) -> Store:
    fill(store)
    with store.records() as connection:
        tables = looked_at(connection, MONTH, HASHER, telephones(store))
    with store.change("published") as draft:
        if store.dialect == "duckdb":
            create_missing(draft.published, published.metadata)
        for name, rows in tables.items():
            bulk_insert(draft.published, published.PUBLISHED[name], rows)
    return store


def looked(store: Store, who=LOCAL):
    with store.published() as connection:
        return look(who, connection)


def found(store: Store, who=OFFICER, units=range(1, 9)):
    return listed(who, store, looked(store).window, units, HASHER)


def behind(store: Store, who=OFFICER, kind="repeats", unit=UNIT, doctor=NUMBER, page=1, size=500):
    return rows_behind(store, who, looked(store), unit, doctor, kind, HASHER, page, size)


def copied() -> pd.DataFrame:
    """The copier's rows that repeat one of the person's last four, by hand."""
    from tests.truth.small import care

    rows, hits = care(), []
    for _, visits in rows[rows["doctor"] == COPIER].sort_values("day").groupby("person"):
        seen = list(zip(visits["sbp"], visits["dbp"], strict=True))
        hits += [visits.index[n] for n in range(1, len(seen)) if seen[n] in seen[max(0, n - 4) : n]]
    return rows.loc[hits]


def test_who_copies_is_listed_and_nobody_else(known: Store):
    groups = found(known).groups
    assert groups[["unit", "name"]].to_numpy().tolist() == [[UNIT, COPIER]]
    about = looked(known)
    assert (about.units, about.units_few, about.units_listed, about.doctors_listed) == (8, 0, 1, 1)
    assert about.doctors == 2  # who does a unit's work alone is the unit


def test_published_tables_name_nobody(known: Store):
    with known.published() as connection:
        said = "".join(
            str(row)
            for name in ("truth_look", "truth_group", "truth_signal")
            for row in connection.execute(published.PUBLISHED[name].select())
        )
    assert str(NUMBER) in said
    assert COPIER not in said and OTHER not in said


def test_every_reason_counts_the_records_behind_it(known: Store):
    reasons = found(known).reasons
    repeats = reasons[reasons["kind"] == "repeats"].iloc[0]
    assert repeats["behind"] == len(copied())
    assert repeats["observed"] * repeats["number"] == pytest.approx(len(copied()))
    for row in reasons.itertuples():
        assert behind(known, kind=row.kind).total == row.behind, row.kind


def test_the_records_behind_are_those_counted_by_hand(known: Store):
    rows = behind(known).rows
    mine = sorted(zip(rows["person"], rows["day"].dt.date, rows["sbp"].astype(int), strict=True))
    by_hand = copied()
    assert mine == sorted(zip(by_hand["person"], by_hand["day"], by_hand["sbp"], strict=True))
    for row in rows.itertuples():
        assert (row.sbp, row.dbp) in [(sbp, dbp) for _, sbp, dbp, _ in row.earlier]
        assert all(day < row.day for day, *_ in row.earlier)


def test_pages_of_the_records_are_parts_of_the_list(known: Store):
    whole = behind(known)
    parts = [behind(known, page=page, size=40).rows for page in range(1, whole.total // 40 + 2)]
    assert pd.concat(parts)["day"].tolist() == whole.rows["day"].tolist()
    assert len(parts[0]) == 40


def test_programmes_of_others_are_counted_and_not_shown(known: Store):
    mine, everybody = behind(known, CHRONIC), behind(known)
    sensitive = copied()["programme"].eq("smi").sum()
    assert sensitive > 0
    assert (mine.total, mine.others) == (everybody.total - sensitive, sensitive)
    assert set(mine.rows["kind"]) == {"htn"}
    assert everybody.others == 0


def test_leaders_are_told_how_many_and_directors_nothing(known: Store):
    assert looked(known, LEADER).units_listed == 1
    for who in (LEADER, DIRECTOR):
        with pytest.raises(NotAllowedError):
            found(known, who)
        with pytest.raises(NotAllowedError):
            behind(known, who)
    with pytest.raises(NotAllowedError):
        looked(known, DIRECTOR)


def test_units_out_of_scope_are_not_there(known: Store):
    part = replace(OFFICER, own=Scope(frozenset({1, 2})))
    assert found(known, part).groups.empty
    with pytest.raises(NotAllowedError):
        behind(known, part)
    assert found(known, OFFICER, [1, 2]).looked == 2


def test_a_doctor_or_signal_that_is_none_is_not_found(known: Store):
    with pytest.raises(LookupError):
        behind(known, doctor=NUMBER + 1)
    with pytest.raises(LookupError):
        behind(known, kind="guilt")


def test_a_doctor_whose_name_was_corrected_has_none_until_the_next_build(known: Store):
    from data import records

    with known.change("records") as draft:
        table = records.followup
        draft.records.execute(table.update().where(table.c.doctor == COPIER).values(doctor="冯一"))
    assert found(known).groups["name"].tolist() == [""]
