"""The book of imports: what adds up, in which order, and who may read it."""

from __future__ import annotations

import pytest

from metrics import ledger
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from tests.roles import as_role


@pytest.fixture
def read(sample_store):
    def call(function, principal=LOCAL, **arguments):
        with sample_store.records() as connection:
            return function(principal, connection, **arguments)

    return call


def test_batches_newest_first_with_sums(read):
    found = read(ledger.batches)
    assert found["batch"].tolist() == [12, 11]
    assert found.loc[0, ["files", "read", "new", "rejected"]].tolist() == [3, 6062, 5900, 27]


def test_the_last_event(read):
    assert read(ledger.last_event) == 12


def test_every_row_read_is_accounted_for(read):
    files = read(ledger.files, number=12)
    became = files[["new", "replaced", "unchanged", "waiting", "rejected", "set_aside"]].sum(axis=1)
    assert (files["read"] == became).all()


def test_problems_are_paged_and_begin_with_the_refused(read):
    total, first = read(ledger.problems, number=12, page=1, size=25)
    _, last = read(ledger.problems, number=12, page=3, size=25)
    assert (total, len(first), len(last)) == (60, 25, 10)
    assert set(first["severity"]) == {"reject"}
    assert set(last["severity"]) == {"wait"}
    assert read(ledger.problem_kinds, number=12)["times"].sum() == 60


def test_only_who_sees_everybody_reads_it(read):
    director = as_role("d", "director", EVERYTHING, Scope(frozenset({2})))
    with pytest.raises(NotAllowedError):
        read(ledger.batches, director)
    with pytest.raises(NotAllowedError):
        read(ledger.problems, director, number=12, page=1, size=10)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("320102196001011234", "320*************34"), ("2025-02-30", "2025-02-30"), (None, None), ("男", "男")],
)
def test_long_numbers_are_masked_on_the_page(value, shown):
    assert ledger.masked(value) == shown
