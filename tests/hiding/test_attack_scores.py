"""Nobody can tell a hidden count from scores and money: points of lines, totals, work points of the same small districts.

The attacker knows the sheet and the terms, takes sums apart, and has the tree of units beside them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import hiding
from metrics.appraisal import showing
from metrics.appraisal.scoring import SCORED, Figure, Line, score
from metrics.appraisal.sheet import Sheet
from metrics.card import Basis
from metrics.cards import CARDS
from metrics.context import Horizon
from metrics.deriving import Made
from metrics.funds.entitlement import entitlements
from metrics.funds.settling import WORK_POINTS, by_work_points
from metrics.funds.showing import Counts, shown_lines
from metrics.funds.terms import terms_of
from metrics.principal import EVERYTHING
from metrics.small_numbers import BITS
from metrics.tree import Tree
from tests.appraisal.sheets import sheet_of
from tests.hiding.attacker import Known, Sum, found_with_sums, tree_equations
from tests.property.amount import examples
from tests.roles import as_role

MONTH, LEAST, YEAR = 24311, 5, 2025
#: Shares of people of several systems, their weights and baselines; all but two have work points of a programme of their own.
ITEMS = {
    "el_mgmt_rate": (1500, 0.7),
    "ch_system_rate": (2000, 0.9),
    "mt_women_screening_rate": (1000, 0.8),
    "tcm_elder_rate": (1000, 0.6),
    "htn_standard_rate": (2500, 0.8),
    "dm_standard_rate": (2000, 0.8),
}
LEADER = as_role("领导", "leader", EVERYTHING, EVERYTHING)
TERMS = terms_of(YEAR)
ENOUGH = ("enough", 0, MONTH, "", "")  # of how many does not matter to money
PROGRAMME = {card: programme for programme, card in TERMS.work_points if card in ITEMS}


def sheet() -> Sheet:
    rows = {
        key: f'card = "{key}"; method = "proportional"; weight = {weight / 100:g}; baseline = {baseline}'
        for key, (weight, baseline) in ITEMS.items()
    }
    return sheet_of(rows)


@dataclass
class District:
    """Unit 0 (bureau), centres, their stations; done and of [unit] by card, as published, and where they are hidden."""

    parents: list[int]
    done: dict[str, np.ndarray]
    of: dict[str, np.ndarray]
    own: dict[tuple[str, str], np.ndarray]
    hidden: dict[tuple[str, str], np.ndarray]

    @property
    def centres(self) -> list[int]:
        return [unit for unit, parent in enumerate(self.parents) if parent == 0]


def district(seed: int, scale: float) -> District:
    random = np.random.default_rng(seed)
    parents = [-1]
    for _ in range(random.integers(3, 6)):
        parents.append(0)
        parents += [len(parents) - 1] * random.integers(0, 4)
    size = random.lognormal(0, 0.6, len(parents)) * scale
    size[0] = 0
    own = {}
    for card in ITEMS:
        of = random.poisson(size * random.uniform(0.5, 3))
        own[card, "listed"], own[card, "numerator"] = of, random.binomial(of, random.choice([0.6, 0.9, 0.97]))
    counts = {key: each.copy() for key, each in own.items()}
    for each in counts.values():
        for unit in reversed(range(1, len(parents))):
            each[parents[unit]] += each[unit]
    kinds = ["bureau"] + ["centre" if parent == 0 else "station" for parent in parents[1:]]
    depth = [0] + [1 if parent == 0 else 2 for parent in parents[1:]]
    nowhere = np.full(len(parents), np.inf)
    made = []
    for card in ITEMS:
        top, of = (counts[card, side][:, None].astype(float) for side in ("numerator", "listed"))
        basis = Basis(CARDS[card].bases[0])
        made.append(Made(CARDS[card], basis, top, of, of, top / np.maximum(of, 1), np.zeros(top.shape, int)))
    masks = hiding.bits(
        made,
        np.ones((len(made), len(parents), 1), bool),
        Horizon(MONTH, MONTH),
        Tree(kinds, parents, depth, -nowhere, nowhere),
        np.zeros(1, int),
    )
    hidden = {
        (one.card.key, side): mask[:, 0] & BITS[side] > 0
        for one, mask in zip(made, masks, strict=True)
        for side in ("numerator", "listed")
    }
    done, of = ({card: counts[card, side] for card in ITEMS} for side in ("numerator", "listed"))
    return District(parents, done, of, own, hidden)


def lines_of(one: District, unit: int) -> list[Line]:
    """The lines of a unit's score, as they are."""
    figures = {}
    for card in ITEMS:
        top, of = float(one.done[card][unit]), float(one.of[card][unit])
        hidden = bool(one.hidden[card, "numerator"][unit] or one.hidden[card, "listed"][unit])
        value = top / of if of else None
        figures[card] = (
            Figure(top, of, value, None, "ok", hidden) if of else Figure(None, 0, None, None, "empty")
        )
    return list(score(sheet(), figures, {}).lines)


def known_of(one: District) -> tuple[Known, dict]:
    """The figures that the public sees, and the small numbers that are hidden from it."""
    known, truth, own, secret = Known({ENOUGH: 10**6}), {}, {}, {}
    for side, counts in (("numerator", one.done), ("listed", one.of)):
        for card, each in counts.items():
            for unit, value in enumerate(each):
                name = (f"{card} {side}", unit, MONTH, "", "")
                truth[name], own[name] = int(value), int(one.own[card, side][unit])
                if not one.hidden[card, side][unit]:
                    known.shown[name] = int(value)
    for name, value in truth.items():
        card, side = name[0].split()
        of = truth[(f"{card} listed", *name[1:])]
        if side == "numerator":
            known.within.append((name, (f"{card} listed", *name[1:])))
        lack = of - value if side == "numerator" else 0
        if name not in known.shown and (0 < value < LEAST or (value and 0 < lack < LEAST)):
            secret[name] = value
    parents = {unit: None if parent < 0 else parent for unit, parent in enumerate(one.parents)}
    tree_equations(known, truth, parents, own)
    known.positive = {name for name in truth if name not in known.shown and truth[name]}
    return known, secret


def points_of(card: str, weight: int):
    baseline = Fraction(str(ITEMS[card][1]))

    def points(n: int, of: int) -> int:
        share = min(Fraction(1), Fraction(n, of) / baseline) if of else Fraction(0)
        return math.floor(share * weight + Fraction(1, 2))

    return points


def sums_of_scores(one: District, exactly: bool = False) -> list[Sum]:
    """What is shown of the scores of all units: what the hidden lines come to."""
    sums = []
    for unit in range(1, len(one.parents)):
        lines = lines_of(one, unit)
        step = 1 if exactly else showing.step_of(sheet(), lines, MONTH)
        shown = showing.shown_lines(LEADER, unit, lines, sheet())
        gone = [line for line in shown if line.points is None and line.state == SCORED]
        assert {line.item for line in gone} == {
            one.item for one in lines if one.hidden and one.state == SCORED
        }
        if not step or not gone:
            continue
        total, seen = sum(line.points or 0 for line in lines), sum(line.points or 0 for line in shown)
        least = total // step * step
        grade = sheet().grades.of(total, sheet().full)
        totals = [
            each for each in range(least, least + step) if sheet().grades.of(each, sheet().full) == grade
        ]
        parts = [
            ((f"{line.item} numerator", unit, MONTH, "", ""), (f"{line.item} listed", unit, MONTH, "", ""),
             points_of(line.item, line.weight))
            for line in gone
        ]  # fmt: skip
        sums.append(Sum(parts, (totals[0] - seen, totals[-1] - seen)))
    return sums


def money_of(one: District, hide: bool = True) -> list[Sum]:
    """What is shown of a settlement by work points: what the hidden programmes of each centre come to, in fen."""
    people = {unit: 1000 + unit for unit in one.centres}
    services = {
        (unit, card): int(one.done[card][unit]) for unit in range(len(one.parents)) for card in PROGRAMME
    }
    due = entitlements(TERMS, people)
    lines = by_work_points(TERMS, due, services, {}, {})
    hidden = frozenset(
        (unit, card)
        for card in PROGRAMME
        for unit in range(len(one.parents))
        if one.hidden[card, "numerator"][unit]
    )
    district = frozenset(card for unit, card in hidden if unit == 0)
    if hide:
        lines = shown_lines(
            LEADER, None, lines, WORK_POINTS, None, TERMS, Counts(services, hidden, district), {}
        )
    sums = []
    for line in lines:
        cards = [card for card in PROGRAMME if (line.unit, card) in hidden]
        programmes = [PROGRAMME[card] for card in cards]
        if line.programme or not cards or district:
            assert not (line.programme in programmes and hide)
            continue
        rest, parts = line.earned, []
        for card in PROGRAMME:
            pot = sum(each.programmes[PROGRAMME[card]] for each in due.values())
            whole = sum(services[unit, card] for unit in one.centres)

            def worth(n: int, _of: int, pot=pot, whole=whole) -> int:
                return round(Fraction(pot * n, whole)) if whole else 0

            if (line.unit, card) in hidden:
                parts.append(((f"{card} numerator", line.unit, MONTH, "", ""), ENOUGH, worth))
            elif whole:
                rest -= worth(services[line.unit, card], 0)
        for programme in TERMS.programmes:  # nobody did anything for the others: they go by people
            if programme not in PROGRAMME.values():
                pot = sum(each.programmes[programme] for each in due.values())
                rest -= round(Fraction(pot * people[line.unit], sum(people.values())))
        sums.append(Sum(parts, (rest - 20, rest + 20)))  # fen are rounded
    return sums


def leaks(one: District, sums: list[Sum]) -> dict:
    known, secret = known_of(one)
    told = found_with_sums(known, sums)
    return {name: value for name, value in secret.items() if told.get(name) == value}


@given(seed=st.integers(0, 10**6), scale=st.sampled_from([2.0, 6.0, 20.0]))
@examples(4)
def test_scores_tell_no_small_number(seed: int, scale: float):
    one = district(seed, scale)
    assert leaks(one, sums_of_scores(one)) == {}


@given(seed=st.integers(0, 10**6), scale=st.sampled_from([6.0, 20.0, 60.0]))
@examples(4)
def test_money_by_work_points_tells_no_small_number(seed: int, scale: float):
    one = district(seed, scale)
    assert leaks(one, money_of(one)) == {}


@pytest.mark.parametrize(
    "what", [lambda one: sums_of_scores(one, exactly=True), lambda one: money_of(one, hide=False)]
)
def test_totals_as_they_are_would_tell(what):
    """So the tests above can fail."""
    assert any(
        leaks(one, what(one)) for one in (district(seed, scale) for seed in range(8) for scale in (8.0, 25.0))
    )


def test_most_totals_are_shown():
    """Where there are many people, totals are shown, at most cut down to a point."""
    one = district(1, 150.0)
    steps = [showing.step_of(sheet(), lines_of(one, unit), MONTH) for unit in one.centres]
    assert np.mean([step > 0 for step in steps]) > 0.6
