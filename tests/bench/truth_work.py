"""What the signals of truth cost as a district grows: ``python -m tests.bench.truth_work [SMALL] [LARGE]`` (contacts)."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pandas as pd

from metrics.truth import Work, combined, rules_in, signals
from tests.bench.table import Table

_MONTH = 2025 * 12 + 11
_VISITS = 4  # of a person in a year
_PERSONS = 500  # of a unit
_DOCTORS = 3  # of a unit
_SMALL, _LARGE = 250_000, 2_000_000


def work_of(contacts: int, seed: int = 1) -> Work:
    """A year's honest follow-ups, in units of one size, whatever the number."""
    draw = np.random.default_rng(seed)
    people = contacts // _VISITS
    person = np.repeat(np.arange(people), _VISITS)
    first = np.datetime64(f"{_MONTH // 12}-01-01")
    at = np.tile(np.arange(_VISITS) * 90, people) + draw.integers(0, 80, len(person))
    late = draw.integers(0, 20, len(person))
    names = np.array([f"d{n}" for n in range(_DOCTORS)], dtype=object)
    ill = draw.random(people)[person] < 0.3
    upper = draw.normal(134, 12, people)[person] + draw.normal(0, 9, len(person))
    lower = 80 + 0.35 * (upper - 134) + draw.normal(0, 7, len(person))
    units = people // _PERSONS + 1
    frame = pd.DataFrame(
        {
            "row_id": np.arange(len(person)),
            "person": person,
            "unit": person // _PERSONS + 1,
            "doctor": names[draw.integers(0, _DOCTORS, people)][person],
            "kind": np.where(ill, "dm", "htn").astype(object),
            "day": (first + at).astype("datetime64[ns]"),
            "entered_on": (first + at + late).astype("datetime64[ns]"),
            "mode": np.where(draw.random(len(person)) < 0.2, "home", "clinic").astype(object),
            "sbp": np.round(upper / 2) * 2,
            "dbp": np.round(lower / 2) * 2,
            "fpg": np.where(ill, np.round(draw.lognormal(1.9, 0.2, len(person)), 1), np.nan),
            "complete": True,
        }
    )
    birth = np.datetime64("1940-01-01") + draw.integers(0, 15_000, people)
    persons = pd.DataFrame(
        {
            "person": np.arange(people),
            "birth": birth.astype("datetime64[ns]"),
            "sex": draw.choice(["1", "2"], people),
            "died_on": np.full(people, np.datetime64("NaT", "ns")),
            "phone": -1,
            "unit": np.arange(people) // _PERSONS + 1,
        }
    )
    stays = pd.DataFrame({"person": [0], "unit": [1], "from_on": [first], "to_on": [first + 3]})
    stays[["from_on", "to_on"]] = stays[["from_on", "to_on"]].astype("datetime64[ns]")
    places = pd.DataFrame({"unit": np.arange(1, units + 1), "parent": -1, "kind": "clinic"})
    places["lon"], places["lat"] = draw.uniform(110, 111, units), draw.uniform(27, 28, units)
    return Work(frame, persons, stays, places)


def measured(contacts: int) -> tuple[float, float]:
    """CPU seconds of all signals, and the process's peak memory in MB; in a process of its own."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.truth_work", "one", str(contacts)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return float(said[-2]), float(said[-1])


def _one(contacts: int) -> None:
    import resource

    work, rules = work_of(contacts), rules_in(_MONTH)
    begin = time.process_time()
    combined(signals(work, rules), rules)
    spent = time.process_time() - begin
    print(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def truth_table(small: int = _SMALL, large: int = _LARGE) -> Table:
    """Of two sizes: what a contact of the large one costs over one of the small one is 1 where the cost is linear."""
    table = Table("真实性信号 · Signals of truth", ["服务 · contacts", "CPU s", "peak MB", "CPU ÷", "MB ÷"])
    first = measured(small)
    table.add(f"{small:,}", f"{first[0]:.1f}", f"{first[1]:.0f}", "1", "1")
    then, times = measured(large), large / small
    table.add(
        f"{large:,}",
        f"{then[0]:.1f}",
        f"{then[1]:.0f}",
        f"{then[0] / first[0] / times:.2f}",
        f"{then[1] / first[1] / times:.2f}",
    )
    return table


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        _one(int(sys.argv[2]))
    else:
        print(truth_table(*(int(one) for one in sys.argv[1:3])))
