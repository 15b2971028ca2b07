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
from metrics.standards import holding, parameters, value_in
from metrics.why.dated import Change, Times, as_after, as_before, by_the_end, change_of, times_of
from metrics.why.parameters import blocks_of, some_of
from metrics.why.sharing import SWITCH, Counted, shared_out, worth
from tests.property.why_dated import DECEMBER, UNITS, figures

ROOT = Path(__file__).resolve().parents[2]
#: Changed on these days; a year asks for what is in force when it begins.
CHANGED = {
    "elder_age": ("2025-12-01", 60),
    "first_visit_bp_age": ("2025-07-01", 5),
    "sbp_goal": ("2025-07-15", 230),
    "contacts_per_year": ("2025-01-01", 2),
}
AGE = f"{SWITCH} first_visit_bp_age"
SEED = "52"
#: The same as long before last December as they are before this one.
A_YEAR_BEFORE = {key: (f"2024{day[4:]}", value) for key, (day, value) in CHANGED.items()}


def in_a_process(
    home: Path,
    values: dict[str, tuple[str, float]],
    *arguments: str,
    module: str = "tests.property.why_dated",
):
    """What a process prints that begins with these own values of parameters."""
    home.mkdir()
    lines = [f"{key},{day},{value},局文\n" for key, (day, value) in values.items()]
    (home / "parameters.csv").write_text("key,from,value,source\n" + "".join(lines), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
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
    return {name: (Fraction(*one[0]), Fraction(*one[1])) for name, one in found["causes"].items()}


def value(found: dict, name: str) -> Fraction:
    return Fraction(*found["causes"][name][2])


def test_the_whole_change_is_the_parameters(changed):
    """Of three elders two have a contract; from December on those of 62 are elders too, of whom one has."""
    found = changed["hand"]["elders"]
    assert (found["before"][:2], found["after"][:2]) == ([2, 3], [3, 5])
    assert found["parameters"] == {"elder_age": [65, 60, "2025-12-01"]}
    assert numbers(found) == {f"{SWITCH} elder_age": (1, 2)}
    assert value(found, f"{SWITCH} elder_age") == Fraction(3, 5) - Fraction(2, 3)
    assert found["causes"][f"{SWITCH} elder_age"][3] == 2


def test_a_change_within_the_year_counts_for_its_months_alone(changed):
    """From July on visits at 32 are owed a reading, and get none: six of December's year so far."""
    found = changed["hand"]["within the year"]
    assert (found["before"][:2], found["after"][:2]) == ([6, 6], [12, 18])
    # December without the change is 12 of 12; June with it half a year before, six months of twelve, is 6 of 12.
    assert numbers(found) == {"services": (6, 0), "denominator": (0, 6), AGE: (0, 6)}
    month = changed["hand"]["month"]
    assert (month["before"][:2], month["after"][:2]) == ([1, 1], [1, 2])
    assert numbers(month) == {AGE: (0, 1)}


def test_nothing_is_a_parameters_where_none_was_changed_in_between(changed):
    found = changed["hand"]["both after it"]
    assert found["parameters"] == {}
    assert not [name for name in found["causes"] if name.startswith(SWITCH)]


def test_a_change_within_the_earlier_twelve_months_is_counted(changed):
    """Of twelve months up to November five count by the new value, of those up to December six."""
    found = changed["hand"]["twelve months"]
    assert (found["before"][:2], found["after"][:2]) == ([12, 17], [12, 18])
    # This December came in and the last one went out: by one value both, either is one visit of 7 and one of 6, or one of 7 alone.
    assert numbers(found) == {AGE: (0, 1)}


def test_a_parameters_part_is_what_other_builds_say(changed, tmp_path):
    """Half of what it does to this December (not changed) and half of what it does to the last (changed a year before)."""
    unchanged, _ = figures(also_splits=False)
    before = in_a_process(tmp_path / "before", A_YEAR_BEFORE, "figures")["figures"]
    seen = set()
    for place, found in changed["splits"].items():
        key, unit = place.split("|")
        if found["reason"]:
            assert found["reason"] in ("no_figure", "nobody"), place
            continue
        now, then = (f"{key}|{unit}|{month}" for month in (DECEMBER, DECEMBER - 12))
        assert found["after"][:2] == changed["figures"][now]
        assert found["before"][:2] == changed["figures"][then] == unchanged[then]
        switches = [name for name in found["causes"] if name.startswith(SWITCH)]
        assert len(switches) < 2, place
        for side in (0, 1):
            does = changed["figures"][now][side] - unchanged[now][side]
            did = before[then][side] - unchanged[then][side]
            assert sum(numbers(found)[name][side] for name in switches) == Fraction(does + did, 2), place
        adds_up(found)
        if switches:
            seen.add(key)
    assert len(seen) == len({place.split("|")[0] for place in changed["splits"]}), seen
    assert len(changed["splits"]) == len(UNITS) * len(seen)


def adds_up(found: dict) -> None:
    """To the last unit, in numbers and in the value."""
    for side in (0, 1):
        assert (
            sum(cause[side] for cause in numbers(found).values())
            == found["after"][side] - found["before"][side]
        )
    change = Fraction(*found["after"][2]) - Fraction(*found["before"][2])
    assert sum(value(found, name) for name in found["causes"]) == change


# -- several at once -----------------------------------------------------------------------------

#: Changed within the time of the earlier figure, and between it and the later one; a clinic is merged in July 2025.
SEVERAL = {
    "sbp_goal": ("2024-11-01", 130),
    "fpg_goal": ("2024-11-01", 6),
    "dbp_goal": ("2025-03-01", 82),
    "sbp_goal_elder": ("2025-09-01", 135),
}


def test_each_of_several_parameters_has_its_part_while_units_merge(tmp_path):
    """Held against plain counts by every choice of old and new values, and all orders of the parameters and of everything else."""
    answers = in_a_process(tmp_path / "several", SEVERAL, SEED, *SEVERAL, module="tests.property.why_apart")
    causes = []
    for one in answers:
        found = one["split"]
        assert found["reason"] == "", one["asked"]
        counted = {frozenset(chosen): told for chosen, told in one["counted"]}
        keys = sorted(max(counted, key=len))
        assert (found["before"][:2], found["after"][:2]) == (
            counted[frozenset()][:2],
            counted[frozenset(keys)][2:],
        )
        adds_up(found)
        expected = over_all_orders(counted, keys)
        ours = {name.split()[1]: told for name, told in numbers(found).items() if name.startswith(SWITCH)}
        assert ours == {key: told for key, told in expected.items() if key in ours}, one["asked"]
        assert all(told == (0, 0) for key, told in expected.items() if key not in ours), one["asked"]
        causes.append(set(found["causes"]))
    assert sum("units" in one for one in causes) >= 3
    assert max(sum(name.startswith(SWITCH) for name in one) for one in causes) == 3
    assert sum(any(name.startswith(SWITCH) for name in one) for one in causes) == len(causes)


def over_all_orders(counted: dict[frozenset, list[int]], keys: list[str]) -> dict[str, tuple]:
    """key -> what it adds to numerator and denominator, the mean of all orders of switching the keys and the time."""
    orders = list(permutations([*keys, "time"]))
    shares = {key: [Fraction(0), Fraction(0)] for key in keys}
    for order in orders:
        for place, key in enumerate(order):
            if key == "time":
                continue
            at = 2 if "time" in order[:place] else 0
            chosen = frozenset(order[:place]) - {"time"}
            for side in (0, 1):
                more = counted[chosen | {key}][at + side] - counted[chosen][at + side]
                shares[key][side] += Fraction(more, len(orders))
    return {key: tuple(told) for key, told in shares.items()}


def test_parameters_are_told_apart_as_far_as_it_can_be_paid():
    """Each alone; of more than three those of one day together; of more than three days all together."""
    days = [date(2025, month, 1) for month in range(1, 5)]
    changes = {f"p{n}": Change(1, 2, day) for n, day in enumerate(days)}
    three = dict(list(changes.items())[:3])
    assert blocks_of({}) == ()
    assert blocks_of(three) == (("p0",), ("p1",), ("p2",))
    assert blocks_of(changes) == (("p0", "p1", "p2", "p3"),)
    assert blocks_of(three | {"p4": Change(1, 2, days[1])}) == (("p0",), ("p1", "p4"), ("p2",))
    assert len(list(some_of(blocks_of(three)))) == 8


counts = st.tuples(st.integers(-6, 6), st.integers(-6, 6))


@given(
    st.tuples(st.integers(40, 60), st.integers(80, 99)),
    st.integers(0, 3).flatmap(
        lambda many: st.lists(st.lists(counts, min_size=4, max_size=4), min_size=2**many, max_size=2**many)
    ),
)
def test_parts_are_the_mean_over_all_orders(first, drawn):
    """``drawn``: by every choice of new values what these do to the earlier month, and what three causes add from there on."""
    names = ["services", "denominator", "late"]
    blocks = [("a",), ("b",), ("c", "d")][: len(drawn).bit_length() - 1]
    card = CARDS["fd_key_contract_rate"]
    choices = list(some_of(blocks))
    drawn = [[(0, 0), *drawn[0][1:]], *drawn[1:]]
    parts = dict(zip(choices, drawn, strict=True))
    counted = {
        chosen: Counted(Part(*base), {name: Part(*one) for name, one in zip(names, more, strict=True)})
        for chosen, (base, *more) in parts.items()
    }
    causes = [*names, *blocks]

    def at(chosen: set) -> tuple[Fraction, Fraction, Fraction]:
        base, *more = parts[frozenset(blocks) & chosen]
        told = [base, *(one for name, one in zip(names, more, strict=True) if name in chosen)]
        n, d = (first[side] + sum(one[side] for one in told) for side in (0, 1))
        return Fraction(n), Fraction(d), worth(card, n, d)

    after = at(set(causes))
    rows = [pd.Series({"numerator": n, "denominator": d}) for n, d in (first, map(int, after[:2]))]
    found = shared_out(card, *rows, counted, dict.fromkeys(blocks, 1), {}, ("", ""))
    slow = dict.fromkeys(causes, (Fraction(0),) * 3)
    orders = list(permutations(causes))
    for order in orders:
        for place, name in enumerate(order):
            without, with_it = at(set(order[:place])), at(set(order[: place + 1]))
            slow[name] = tuple(
                total + (b - a) / len(orders)
                for total, a, b in zip(slow[name], without, with_it, strict=True)
            )
    ours = {
        cause.keys or cause.name: (cause.numerator, cause.denominator, cause.value) for cause in found.causes
    }
    assert ours == {name: told for name, told in slow.items() if name in ours}
    assert all(told == (0, 0, 0) for name, told in slow.items() if name not in ours)
    assert sum(cause.value for cause in found.causes) == found.after[2] - found.before[2]


# -- which values -------------------------------------------------------------------------------


def dated(key: str, *values: tuple[str, float]):
    about = parameters()[key][0]
    return holding({key: tuple(replace(about, start=date.fromisoformat(day), value=n) for day, n in values)})


def told(values) -> list[tuple[date, float]]:
    return [(value.start, value.value) for value in values]


def of_months(earlier: int, month: int) -> Times:
    """Two months by themselves."""
    return Times(earlier, earlier, month, month)


JANUARY = 2025 * 12


def test_values_without_a_change_and_with_it_before():
    june, july = JANUARY + 5, JANUARY + 6
    with dated(
        "sbp_goal", ("2017-01-01", 140), ("2025-05-20", 138), ("2025-07-31", 130), ("2026-01-01", 120)
    ):
        assert change_of("sbp_goal", of_months(june, july)) == Change(138, 130, date(2025, 7, 31))
        assert change_of("sbp_goal", of_months(june - 1, june)) is None
        assert told(as_before("sbp_goal", of_months(june, july))) == [
            (date.min, 140),
            (date(2025, 5, 20), 138),
            (date(2026, 1, 1), 120),
        ]
        assert told(as_after("sbp_goal", of_months(june, july))) == [
            (date.min, 140),
            (date(2025, 5, 20), 138),
            (date(2025, 6, 30), 130),
        ]
        # From the first that is moved on nothing else holds.
        assert told(as_after("sbp_goal", of_months(june - 12, june))) == [
            (date.min, 140),
            (date(2024, 5, 20), 138),
        ]


def test_a_value_that_held_only_in_between():
    march, june, september = (JANUARY + month for month in (2, 5, 8))
    with dated("sbp_goal", ("2017-01-01", 140), ("2025-05-01", 130), ("2025-08-01", 140)):
        assert change_of("sbp_goal", of_months(march, september)) is None  # of a month alone
        so_far = Times(JANUARY, march, JANUARY, september)
        assert change_of("sbp_goal", so_far) == Change(140, 130, date(2025, 5, 1))
        assert change_of("sbp_goal", Times(JANUARY, march, JANUARY, june)).new == 130
        assert told(as_before("sbp_goal", so_far)) == [(date.min, 140)]


def card_of(key: str, basis: str, earlier: int, month: int) -> Times:
    return times_of(CARDS[key], basis, earlier, month, Horizon(JANUARY - 12, JANUARY + 35))


def test_which_months_stand_against_which():
    """Visits (events), and who is under control at the end of a month of the year (spans)."""
    first, december = JANUARY, JANUARY + 11
    visits, control = "htn_screen35_rate", "htn_control_rate"
    assert card_of(visits, "month", december, december + 1).back == 0
    assert card_of(visits, "ytd", december - 1, december) == Times(first, december - 1, first, december)
    assert card_of(visits, "ytd", december, december + 12).back == 12
    assert card_of(visits, "ytd", december, december + 1).back == 12
    assert by_the_end(card_of(control, "ytd", december, december + 1)).back == 1
    assert card_of(visits, "r12", december - 1, december).back == 12
    assert card_of(visits, "r12", december, december + 15).back == 15


@given(
    st.lists(st.tuples(st.integers(1, 44), st.sampled_from([1, 10, 28]), st.integers(1, 3)), max_size=4),
    st.sampled_from(["ytd", "r12"]),
    st.sampled_from(["htn_screen35_rate", "htn_control_rate"]),
    st.integers(0, 30),
    st.integers(1, 14),
)
def test_each_month_has_the_value_of_the_one_it_stands_against(changes, basis, key, earlier, apart):
    """Written down month by month: which value each month of either figure has."""
    start = JANUARY - 12
    earlier, month = start + earlier, start + earlier + apart
    steps = {start - 200: 0} | {start - 7 + place: value for place, _, value in sorted(changes)}
    days = {start - 7 + place: day for place, day, _ in sorted(changes)}
    dates = [
        (date(one // 12, one % 12 + 1, days.get(one, 1)).isoformat(), value) for one, value in steps.items()
    ]

    def real(one: int) -> int:
        return steps[max(step for step in steps if step <= one)]

    times = card_of(key, basis, earlier, month)
    later_months = [one for one in range(times.begin, month + 1) if one > earlier]
    first_months = [one for one in range(times.first, earlier + 1) if one < times.begin]
    if not times.back:  # one year so far
        against = dict.fromkeys(later_months, earlier)
        answers = {}
    else:
        against = {one: min(one - times.back, earlier) for one in later_months}
        answers = {one: min(one + times.back, month) for one in first_months}
    with dated("sbp_goal", *dates):
        change = change_of("sbp_goal", times)
        pairs = [(against[one], one) for one in later_months] + list(answers.items())
        differ = {(real(a), real(b)) for a, b in pairs if real(a) != real(b)}
        if change is None:
            assert not differ
            return
        assert (change.old, change.new) in differ
        for made, others, shown in (
            (as_before("sbp_goal", times), against, range(times.begin, month + 1)),
            (as_after("sbp_goal", times), answers, range(times.first, earlier + 1)),
        ):
            if made is not None and (times.back or others):
                assert [value.start for value in made] == sorted(value.start for value in made)
                with holding({"sbp_goal": made}):
                    assert [value_in("sbp_goal", one) for one in shown] == [
                        real(others.get(one, one)) for one in shown
                    ]


def test_a_year_asks_for_what_is_in_force_when_it_begins():
    december = JANUARY + 11
    with dated("contacts_per_year", ("2017-01-01", 4), ("2025-07-01", 6)):
        assert change_of("contacts_per_year", of_months(december - 6, december)) is None
        assert change_of("contacts_per_year", of_months(december, december + 1)) == Change(
            4, 6, date(2026, 1, 1)
        )
        assert told(as_after("contacts_per_year", of_months(december, december + 1))) == [
            (date.min, 4),
            (date(2025, 1, 1), 6),
        ]


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
