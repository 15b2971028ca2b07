"""What a changed parameter does to a figure: by hand, against builds in which it was changed otherwise, and against all orders."""

from __future__ import annotations

import ast
import builtins
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib.util import find_spec, module_from_spec
from itertools import permutations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import anew, standards
from metrics.cards import CARDS, SYSTEMS
from metrics.causes import Part
from metrics.context import Horizon, text_of
from metrics.facts import FACTS
from metrics.standards import holding, parameters
from metrics.why.parameters import cannot_tell_parameters
from metrics.why.sharing import SWITCH, shared_out, worth
from tests.property.why_dated import DECEMBER, UNITS, figures

ROOT = Path(__file__).resolve().parents[2]
#: Changed on these days; a year asks for what is in force when it begins.
CHANGED = {
    "elder_age": ("2025-12-01", 60),
    "first_visit_bp_age": ("2025-07-01", 5),
    "sbp_goal": ("2025-07-15", 230),
    "contacts_per_year": ("2025-01-01", 2),
}
#: The same as long before last December as they are before this one.
A_YEAR_BEFORE = {key: (f"2024{day[4:]}", value) for key, (day, value) in CHANGED.items()}


def in_a_process(home: Path, values: dict[str, tuple[str, float]], *arguments: str) -> dict:
    home.mkdir()
    lines = [f"{key},{day},{value},局文\n" for key, (day, value) in values.items()]
    (home / "parameters.csv").write_text("key,from,value,source\n" + "".join(lines), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.property.why_dated", *arguments],
        cwd=ROOT,
        env=os.environ | {"JICENG_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def changed(tmp_path_factory) -> dict:
    return in_a_process(tmp_path_factory.mktemp("why") / "changed", CHANGED, "hand")


def numbers(found: dict) -> dict[str, tuple]:
    return {name: (Fraction(*n), Fraction(*d)) for name, (n, d, _, _) in found["causes"].items()}


def value(found: dict, name: str) -> Fraction:
    return Fraction(*found["causes"][name][2])


def test_the_whole_change_is_the_parameters(changed):
    """Of three elders two have a contract; from December on those of 62 are elders too, of whom one has."""
    found = changed["hand"]["elders"]
    assert (found["before"][:2], found["after"][:2]) == ([2, 3], [3, 5])
    assert found["parameters"] == {"elder_age": [65, 60]}
    assert numbers(found) == {SWITCH: (1, 2)}
    assert value(found, SWITCH) == Fraction(3, 5) - Fraction(2, 3)
    assert found["causes"][SWITCH][3] == 2


def test_a_change_within_the_year_counts_for_its_months_alone(changed):
    """From July on visits at 32 are owed a reading, and get none: six of December's year so far."""
    found = changed["hand"]["within the year"]
    assert (found["before"][:2], found["after"][:2]) == ([6, 6], [12, 18])
    # December without the change is 12 of 12; June with it half a year before, six months of twelve, is 6 of 12.
    assert numbers(found) == {"services": (6, 0), "denominator": (0, 6), SWITCH: (0, 6)}
    month = changed["hand"]["month"]
    assert (month["before"][:2], month["after"][:2]) == ([1, 1], [1, 2])
    assert numbers(month) == {SWITCH: (0, 1)}


def test_nothing_is_a_parameters_where_none_was_changed_in_between(changed):
    found = changed["hand"]["both after it"]
    assert found["parameters"] == {}
    assert SWITCH not in found["causes"]


def test_a_change_within_the_earlier_time_is_not_hidden_in_a_split(changed):
    """Of twelve months up to November five count by the new value, of those up to December six: none of it is services."""
    found = changed["hand"]["twelve months"]
    assert (found["reason"], found["causes"]) == ("parameters", {})


def test_a_parameters_part_is_what_other_builds_say(changed, tmp_path):
    """Half of what it does to this December (not changed) and half of what it does to the last (changed a year before)."""
    unchanged, _ = figures()
    before = in_a_process(tmp_path / "before", A_YEAR_BEFORE)["figures"]
    seen = set()
    for place, found in changed["splits"].items():
        key, unit = place.split("|")
        if found["reason"]:
            assert found["reason"] in ("no_figure", "nobody"), place
            continue
        now, then = (f"{key}|{unit}|{month}" for month in (DECEMBER, DECEMBER - 12))
        assert found["after"][:2] == changed["figures"][now]
        assert found["before"][:2] == changed["figures"][then] == unchanged[then]
        for side in (0, 1):
            does = changed["figures"][now][side] - unchanged[now][side]
            did = before[then][side] - unchanged[then][side]
            told = numbers(found).get(SWITCH, (0, 0))[side]
            assert told == Fraction(does + did, 2), place
            whole = found["after"][side] - found["before"][side]
            assert sum(cause[side] for cause in numbers(found).values()) == whole
        change = Fraction(*found["after"][2]) - Fraction(*found["before"][2])
        assert sum(value(found, name) for name in found["causes"]) == change
        if SWITCH in found["causes"]:
            seen.add(key)
    assert len(seen) == len({place.split("|")[0] for place in changed["splits"]}), seen
    assert len(changed["splits"]) == len(UNITS) * len(seen)


counts = st.tuples(st.integers(-6, 6), st.integers(-6, 6))


@given(
    st.tuples(st.integers(30, 60), st.integers(70, 99)),
    st.lists(st.tuples(counts, counts), min_size=3, max_size=3),
    counts,
)
def test_parts_are_the_mean_over_all_orders(first, parts, switch):
    names = ["services", "denominator", "late"]
    card = CARDS["fd_key_contract_rate"]
    sides = [{name: Part(*one[side]) for name, one in zip(names, parts, strict=True)} for side in (0, 1)]
    after = [first[k] + switch[k] + sum(one[1][k] for one in parts) for k in (0, 1)]
    rows = [pd.Series({"numerator": n, "denominator": d}) for n, d in (first, after)]
    found = shared_out(card, *rows, sides, {}, ("", ""), Part(*switch, people=1))
    causes = [*names, SWITCH]

    def at(chosen: set[str]) -> tuple[Fraction, Fraction, Fraction]:
        by = 1 if SWITCH in chosen else 0
        n, d = first
        for name, one in zip(names, parts, strict=True):
            if name in chosen:
                n, d = n + one[by][0], d + one[by][1]
        if by:
            n, d = n + switch[0], d + switch[1]
        return Fraction(n), Fraction(d), worth(card, n, d)

    slow = dict.fromkeys(causes, (Fraction(0),) * 3)
    orders = list(permutations(causes))
    for order in orders:
        for place, name in enumerate(order):
            without, with_it = at(set(order[:place])), at(set(order[: place + 1]))
            slow[name] = tuple(
                total + (b - a) / len(orders)
                for total, a, b in zip(slow[name], without, with_it, strict=True)
            )
    ours = {cause.name: (cause.numerator, cause.denominator, cause.value) for cause in found.causes}
    assert ours == {name: told for name, told in slow.items() if name in ours}
    assert all(told == (0, 0, 0) for name, told in slow.items() if name not in ours)
    assert sum(cause.value for cause in found.causes) == found.after[2] - found.before[2]


# -- which values -------------------------------------------------------------------------------


def dated(key: str, *values: tuple[str, float]):
    about = parameters()[key][0]
    return holding({key: tuple(replace(about, start=date.fromisoformat(day), value=n) for day, n in values)})


def test_values_without_a_change_and_with_it_before():
    june, july = 2025 * 12 + 5, 2025 * 12 + 6
    with dated(
        "sbp_goal", ("2017-01-01", 140), ("2025-05-20", 138), ("2025-07-31", 130), ("2026-01-01", 120)
    ):
        assert anew.changed("sbp_goal", june, july) == (138, 130)
        assert anew.changed("sbp_goal", june - 1, june) is None
        told = [(value.start, value.value) for value in anew.not_changed("sbp_goal", june, july)]
        assert told == [(date.min, 140), (date(2025, 5, 20), 138), (date(2026, 1, 1), 120)]
        told = [(value.start, value.value) for value in anew.changed_before("sbp_goal", june, july)]
        assert told == [(date.min, 140), (date(2025, 5, 20), 138), (date(2025, 6, 30), 130)]
        # From the first that is moved on nothing else holds.
        told = [(value.start, value.value) for value in anew.changed_before("sbp_goal", june - 12, june)]
        assert told == [(date.min, 140), (date(2024, 5, 20), 138)]


def test_a_value_that_held_only_in_between():
    march, june, september = (2025 * 12 + month for month in (2, 5, 8))
    with dated("sbp_goal", ("2017-01-01", 140), ("2025-05-01", 130), ("2025-08-01", 140)):
        assert anew.changed("sbp_goal", march, september) is None  # of a month alone
        assert anew.changed("sbp_goal", march, september, march - 2) == (140, 130)
        assert anew.changed("sbp_goal", march, september, september - 1) is None  # before what it is about
        assert anew.changed("sbp_goal", march, june, march - 2) == (140, 130)
        told = [(value.start, value.value) for value in anew.not_changed("sbp_goal", march, september)]
        assert told == [(date.min, 140)]


def test_months_of_one_time_that_count_by_different_values():
    january, july = 2025 * 12, 2025 * 12 + 6
    with dated("sbp_goal", ("2017-01-01", 140), ("2025-07-01", 130)):
        # Both Decembers have the new value, but half of 2025 does not.
        assert anew.changed("sbp_goal", january + 11, january + 23, january + 12) is None
        assert anew.changed_within("sbp_goal", january, january + 11)
        assert not anew.changed_within("sbp_goal", january, july - 1)
        assert not anew.changed_within("sbp_goal", july, july + 11)


@pytest.mark.parametrize(
    ("basis", "earlier", "later", "expected"),
    [("ytd", 11, 23, True), ("ytd", 10, 11, False), ("ytd", 5, 17, False), ("r12", 10, 11, True),
     ("r12", 18, 30, False), ("month", 11, 23, False)],
)  # fmt: skip
def test_where_a_parameters_part_cannot_be_told(basis, earlier, later, expected):
    """Months from January 2025 on; the age is another from July on."""
    january = 2025 * 12
    horizon = Horizon(january - 12, january + 35)
    with dated("first_visit_bp_age", ("2017-01-01", 40), ("2025-07-01", 5)):
        card = CARDS["htn_screen35_rate"]
        assert cannot_tell_parameters(card, basis, january + earlier, january + later, horizon) == expected


def test_a_year_asks_for_what_is_in_force_when_it_begins():
    december = 2025 * 12 + 11
    with dated("contacts_per_year", ("2017-01-01", 4), ("2025-07-01", 6)):
        assert anew.changed("contacts_per_year", december - 6, december) is None
        assert anew.changed("contacts_per_year", december, december + 1) == (4, 6)
        told = anew.changed_before("contacts_per_year", december, december + 1)
        assert [(value.start, value.value) for value in told] == [(date.min, 4), (date(2025, 1, 1), 6)]


def test_a_card_made_anew_is_nobody_elses():
    key = "fd_key_contract_rate"
    ours, facts = CARDS[key], FACTS["key_person"]
    told = text_of(facts.select)
    with dated("elder_age", ("2017-01-01", 65), ("2025-12-01", 60)):
        values = {"elder_age": parameters()["elder_age"]}
    made = anew.made_anew(key, values)
    assert made.card is not ours
    assert text_of(made.facts["key_person"].select) != told
    assert (CARDS[key], FACTS["key_person"]) == (ours, facts)
    assert made.facts.keys() == FACTS.keys()
    assert anew.rests_on(key, values)
    assert not anew.rests_on("htn_screen35_rate", values)
    assert not anew.rests_on(key, {"elder_age": parameters()["elder_age"]})


# -- what is made anew ---------------------------------------------------------------------------


def outside_the_rooms() -> set[str]:
    """Modules of metrics that cards and facts import, at whatever remove, and that are not executed anew."""
    seen, ahead = set(), [anew._FACTS, *(system.__name__ for system in SYSTEMS)]
    while ahead:
        name = ahead.pop()
        if name in seen or name == standards.__name__:
            continue
        seen.add(name)
        for node in ast.walk(ast.parse(Path(find_spec(name).origin).read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("metrics"):
                ahead += [
                    node.module,
                    *filter(is_module, (f"{node.module}.{one.name}" for one in node.names)),
                ]
            if isinstance(node, ast.Import):
                ahead += [one.name for one in node.names if one.name.startswith("metrics")]
    return {name for name in seen if not in_a_room(name)}


def is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def in_a_room(name: str) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in anew._ROOMS)


def read_at_import(name: str, monkeypatch) -> set[str]:
    """Dated parameters that a module reads, and modules of the rooms that it takes, while it is executed."""
    found = set()

    class Told(dict):
        def __getitem__(self, key):
            found.add(key)
            return super().__getitem__(key)

    def importing(module, globals=None, locals=None, fromlist=(), level=0):
        if in_a_room(module):
            found.add(module)
        return builtins.__import__(module, globals, locals, fromlist, level)

    spec = find_spec(name)
    module = module_from_spec(spec)
    vars(module)["__builtins__"] = {**vars(builtins), "__import__": importing}
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, name, module)  # dataclasses look up the module that they are made in
        patched.setattr(standards, "parameters", lambda: Told(parameters()))
        exec(spec.loader.get_code(name), vars(module))
    return found - set(standards.CALENDAR)  # one value each: a year has one first month


def test_nothing_outside_the_rooms_keeps_the_real_values(monkeypatch, tmp_path):
    """A card made by other values must not rest on what another module made of the real ones when it was imported."""
    outside = outside_the_rooms()
    assert {"metrics.checks", "metrics.households", "metrics.sql"} <= outside
    assert {name: read for name in outside if (read := read_at_import(name, monkeypatch))} == {}
    (tmp_path / "keeps_values.py").write_text(
        "from metrics.facts import resident\nfrom metrics.sql import dated\n"
        'dated(lambda age: resident.select(), "elder_age")\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert read_at_import("keeps_values", monkeypatch) == {"elder_age", "metrics.facts"}
