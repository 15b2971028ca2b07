"""Nobody without the right to people can tell a small number of them from all figures together; and each rule is needed.

Small districts with random counts; the attacker (``attacker.py``) gets everything that is shown to the reader.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import hiding
from metrics.card import Basis
from metrics.cards import CARDS
from metrics.context import Horizon
from metrics.deriving import Made
from metrics.small_numbers import BITS, threshold
from metrics.tree import Tree
from tests.hiding.attacker import Known, found, time_equations, tree_equations
from tests.property.amount import examples

FIRST, MONTHS = 24288, 20
LEAST = 5
# Two flows of the same doses, a share in the year so far, the same people at the month's end, and a warning's like.
FLOWS = ("im_observation_30min", "im_info_upload")
IN_YEAR, AS_OF = "htn_standard_rate", "hr_by_category_htn"


@dataclass
class World:
    """Units 0 (bureau), its centres, their stations; counts [unit, month] by (indicator, basis, side), summed up."""

    parents: list[int]
    counts: dict[tuple[str, str, str], np.ndarray]
    own: dict[tuple, np.ndarray]

    @property
    def units(self) -> range:
        return range(len(self.parents))


def world(seed: int, scale: float) -> World:
    """A district of a random shape; ``scale``: how many people there are."""
    random = np.random.default_rng(seed)
    parents = [-1]
    for _ in range(random.integers(3, 7)):
        parents.append(0)
        parents += [len(parents) - 1] * random.integers(0, 5)
    units = len(parents)
    size = random.lognormal(0, 0.8, units) * scale
    size[0] = 0
    size[1:] *= random.random(units - 1) < 0.9
    doses = random.poisson(size[:, None], (units, MONTHS))
    flows = {FLOWS[0]: random.binomial(doses, 0.8), FLOWS[1]: random.binomial(doses, 0.97)}
    people = random.poisson(size[:, None] * 6, (units, 1)) + np.zeros((units, MONTHS), int)
    people = people + random.poisson(0.2, people.shape).cumsum(axis=1) * (size[:, None] > 0)
    reached = np.zeros_like(people)
    for month in range(MONTHS):
        before = 0 if month % 12 == 0 else reached[:, month - 1]
        reached[:, month] = before + random.binomial(people[:, month] - before, 0.1)
    own: dict[tuple, np.ndarray] = {}
    for key, done in flows.items():
        for basis in ("ytd", "month", "r12"):
            own[key, basis, "numerator"] = on_basis(done, basis)
            own[key, basis, "listed"] = on_basis(doses, basis)
    own[IN_YEAR, "ytd", "numerator"], own[IN_YEAR, "ytd", "listed"] = reached, people
    own[AS_OF, "as_of", "numerator"] = people
    return World(parents, {place: summed(each, parents) for place, each in own.items()}, own)


def on_basis(monthly: np.ndarray, basis: str) -> np.ndarray:
    if basis == "month":
        return monthly
    starts = [month - month % 12 if basis == "ytd" else max(0, month - 11) for month in range(MONTHS)]
    return np.stack([monthly[:, start : month + 1].sum(axis=1) for month, start in enumerate(starts)], axis=1)


def summed(own: np.ndarray, parents: list[int]) -> np.ndarray:
    total = own.copy()
    for unit in reversed(range(1, len(parents))):
        total[parents[unit]] += total[unit]
    return total


def hidden_of(one: World) -> dict[tuple[str, str, str], np.ndarray]:
    """By (indicator, basis, side): where the product hides it from the public."""
    kinds = ["bureau"] + ["centre" if parent == 0 else "station" for parent in one.parents[1:]]
    depth = [0] + [1 if parent == 0 else 2 for parent in one.parents[1:]]
    nowhere = np.full(len(kinds), np.inf)
    tree = Tree(kinds, one.parents, depth, -nowhere, nowhere)
    made = []
    for key, basis in dict.fromkeys(place[:2] for place in one.counts):
        top = one.counts[key, basis, "numerator"].astype(float)
        of = one.counts.get((key, basis, "listed"), np.full(top.shape, np.nan)).astype(float)
        value = top if np.isnan(of).all() else top / np.maximum(of, 1)
        made.append(Made(CARDS[key], Basis(basis), top, of, of, value, np.zeros(top.shape, int)))
    present = np.ones((len(made), len(kinds), MONTHS), bool)
    present[[one.basis is Basis.R12 for one in made], :, :11] = False
    horizon = Horizon(FIRST, FIRST + MONTHS - 1)
    starts = np.arange(MONTHS) - np.arange(MONTHS) % 12
    masks = hiding.bits(made, present, horizon, tree, starts)
    return {
        (each.card.key, each.basis.value, side): mask & BITS[side] > 0
        for each, mask in zip(made, masks, strict=True)
        for side in ("numerator", "listed")
        if (each.card.key, each.basis.value, side) in one.counts
    }


def named(key: str, side: str) -> str:
    """What a number counts: doses and patients are counted by two figures each."""
    return {(FLOWS[0], "listed"): "doses", (FLOWS[1], "listed"): "doses", (IN_YEAR, "listed"): "patients",
            (AS_OF, "numerator"): "patients"}.get((key, side), key)  # fmt: skip


def attack(one: World, theirs: set[int]) -> tuple[dict, dict]:
    """(small numbers that are hidden, numbers that the attacker tells), for who may see the people of ``theirs``."""
    known, truth, secret, own = Known(), {}, {}, {}
    for (key, basis, side), hidden in hidden_of(one).items():
        counts = one.counts[key, basis, side]
        basis_ = "as_of" if named(key, side) == "patients" else basis
        for unit in one.units:
            for month in range(11 if basis == "r12" else 0, MONTHS):
                name = (named(key, side), unit, FIRST + month, basis_, "")
                truth[name] = int(counts[unit, month])
                own[name] = int(one.own[key, basis, side][unit, month])
                if hidden[unit, month] and unit not in theirs:
                    secret[name] = truth[name]
                else:
                    known.shown[name] = truth[name]
    parents = {unit: None if parent < 0 else parent for unit, parent in enumerate(one.parents)}
    tree_equations(known, truth, parents, own)
    flows = [name for name in truth if name[0] in ("doses", *FLOWS)]
    time_equations(known, flows, {month: month - month % 12 for month in range(FIRST, FIRST + MONTHS)})
    lacking = {}
    for name in truth:
        of = {FLOWS[0]: "doses", FLOWS[1]: "doses", IN_YEAR: "patients"}.get(name[0])
        if of is not None:
            whole = (of, *name[1:3], "as_of" if of == "patients" else name[3], "")
            known.within.append((name, whole))
            lacking[name] = truth[whole] - truth[name]
        if name[3] == "ytd" and name[2] % 12:
            known.within.append(((*name[:2], name[2] - 1, *name[3:]), name))
    known.positive = {name for name in secret if name[0] not in FLOWS and name[3] not in ("month", "r12")}
    small = {}
    for name, value in secret.items():
        mine = [(name[0], unit, *name[2:]) for unit in theirs if one.parents[unit] == name[1]]
        others = value - sum(truth[each] for each in mine)  # of the own people one may know
        lack = lacking.get(name, 0) - sum(lacking.get(each, 0) for each in mine)
        if 0 < others < LEAST or (others > 0 and 0 < lack < LEAST):
            small[name] = value
    told = found(known)
    told |= {name: known.shown[name] for name in small if name in known.shown}
    wrong = {name: value for name, value in told.items() if name in truth and truth[name] != value}
    assert not wrong, "the attacker's own arithmetic"
    return small, told


def leaks(one: World) -> dict:
    """Small numbers that the public, or a director of any centre, can tell."""
    viewers = [set()] + [
        {unit, *(u for u in one.units if one.parents[u] == unit)}
        for unit in one.units
        if one.parents[unit] == 0
    ]
    out = {}
    for theirs in viewers:
        small, told = attack(one, theirs)
        out |= {(min(theirs, default=None), *name): told[name] for name in small if name in told}
    return out


def test_the_threshold_is_that_of_the_tests():
    assert threshold() == LEAST


@given(seed=st.integers(0, 10**6), scale=st.sampled_from([0.5, 3.0, 12.0]))
@examples(6)
def test_no_small_number_can_be_told(seed: int, scale: float):
    assert leaks(world(seed, scale)) == {}


def test_enough_is_shown_to_be_of_use():
    """Where there are many people, most numbers of centres are shown."""
    one = world(3, 300.0)
    of_centres = [unit for unit in one.units if one.parents[unit] == 0]
    shown = [~mask[of_centres] for mask in hidden_of(one).values()]
    assert np.mean([each.mean() for each in shown]) > 0.6


@pytest.fixture
def no_siblings(monkeypatch):
    monkeypatch.setattr(hiding, "closed", lambda counts, hidden, *rest: hidden.copy())


@pytest.fixture
def no_time(monkeypatch):
    monkeypatch.setattr(hiding, "_starts", lambda kind, horizon: None)


@pytest.fixture
def no_sharing(monkeypatch):
    def of(self, kind, counts, sensitive):
        return self._found.setdefault(len(self._found), hiding.Quantity(counts, kind, sensitive))

    monkeypatch.setattr(hiding.Quantities, "of", of)


@pytest.mark.parametrize("rule", ["no_siblings", "no_time", "no_sharing"])
def test_each_rule_is_needed(rule: str, request: pytest.FixtureRequest):
    """Without any of the rules the attacker wins: so the test above can fail."""
    request.getfixturevalue(rule)
    assert any(leaks(world(seed, 3.0)) for seed in range(3))
