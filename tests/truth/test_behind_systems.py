"""What stands beside a record of one system tells nothing of another system's records."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from metrics.truth.behind import _earlier, _notes

DAYS = pd.to_datetime(["2025-01-05", "2025-02-05", "2025-03-05", "2025-03-05"])
# One person: a visit of mental health, two of hypertension, and one of tuberculosis elsewhere on the day of the last.
CONTACTS = pd.DataFrame(
    {
        "person": 7,
        "unit": [1, 1, 1, 2],
        "kind": ["smi", "htn", "htn", "tb"],
        "day": DAYS,
        "sbp": [151.0, 142.0, 138.0, 120.0],
        "dbp": [91.0, 88.0, 80.0, 70.0],
        "fpg": np.nan,
    }
)
STAY = pd.DataFrame(
    {"person": [7], "from_on": [pd.Timestamp("2025-03-01")], "to_on": [pd.Timestamp("2025-03-09")]}
)
PREPARED = SimpleNamespace(contacts=CONTACTS, work=SimpleNamespace(stays=STAY))
CHRONIC = (CONTACTS["kind"] == "htn").to_numpy()
EVERY = np.ones(4, bool)


def test_earlier_readings_are_of_the_same_systems():
    at = np.array([2])
    assert [day for day, *_ in _earlier(CONTACTS, at)[2]] == [DAYS[1], DAYS[0]]
    assert [day for day, *_ in _earlier(CONTACTS[CHRONIC], at)[2]] == [DAYS[1]]


def test_places_and_stays_of_other_systems_are_not_told():
    rows = CONTACTS.iloc[[2]]
    assert _notes(PREPARED, rows, "far", EVERY, partly=False) == [(2,)]
    assert _notes(PREPARED, rows, "far", CHRONIC, partly=True) == [None]
    assert _notes(PREPARED, rows, "hospital", EVERY, partly=False) == [(STAY["from_on"][0], STAY["to_on"][0])]
    assert _notes(PREPARED, rows, "hospital", CHRONIC, partly=True) == [None]
