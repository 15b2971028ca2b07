"""How well planted fabrications are found: ``python -m tests.truth.evaluation GENERATOR DISTRICTS [SEED]``.

A doctor who fabricated is found when the doctor is listed; a unit that did as a whole when it, or one of its doctors, is.
Listed wrongly: a doctor who did not fabricate, in a unit that did not as a whole; a unit in which nobody did. A unit's only doctor is
the unit.
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from metrics.truth import Rules, Work, combined, rules_in, signals
from metrics.truth.rounding import habits

RULES = rules_in(2025 * 12)
_ROUNDS = 0.97  # a unit rounds when hardly any reading is finer than even numbers


@dataclass
class Outcome:
    """Sums over districts."""

    fabricated: int = 0
    found: int = 0
    listed: int = 0
    wrongly: int = 0
    clean_rounding: int = 0  # clean units that round
    rounding_accused: int = 0  # of these, listed as a unit or with a doctor
    missed: list[tuple] = field(default_factory=list)
    false: list[tuple] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / max(self.fabricated, 1)

    @property
    def false_discoveries(self) -> float:
        return self.wrongly / max(self.listed, 1)


def judge(
    outcome: Outcome, work: Work, truth: set[tuple[int, str]], rules: Rules, place: int = 0
) -> pd.DataFrame:
    """Add a district; its combined frame."""
    rows = combined(signals(work, rules), rules)
    sole = _sole(work)
    truth = {(unit, "" if sole.get(unit) == doctor else doctor) for unit, doctor in truth}
    whole, guilty = {unit for unit, doctor in truth if doctor == ""}, {unit for unit, _ in truth}
    listed = rows[rows["q"] <= rules.q]
    pairs = set(zip(listed["unit"].astype(int), listed["doctor"], strict=True))
    units = {unit for unit, _ in pairs}
    for one in truth:
        outcome.fabricated += 1
        if one in pairs or (one[1] == "" and one[0] in units):
            outcome.found += 1
        else:
            outcome.missed.append((place, one))
    for unit, doctor in pairs:
        outcome.listed += 1
        if not (unit in whole or (unit, doctor) in truth or (doctor == "" and unit in guilty)):
            outcome.wrongly += 1
            kinds = listed.loc[(listed["unit"] == unit) & (listed["doctor"] == doctor), "kinds"].iloc[0]
            outcome.false.append((place, unit, doctor, kinds[:4]))
    rounding = _rounding(work) - guilty
    outcome.clean_rounding += len(rounding)
    outcome.rounding_accused += len(rounding & units)
    return rows


def _sole(work: Work) -> dict[int, str]:
    each = work.contacts.groupby(["unit", "doctor"]).size().rename("n").reset_index()
    each["share"] = each["n"] / each.groupby("unit")["n"].transform("sum")
    each = each[(each["share"] >= RULES.sole_pct / 100) & (each["doctor"] != "")]
    return dict(zip(each["unit"], each["doctor"], strict=True))


def _rounding(work: Work) -> set[int]:
    place, unit = pd.factorize(work.contacts["unit"])
    weight = habits(work.contacts["sbp"].to_numpy(float), place, len(unit), 1.0)
    return {int(one) for one in unit[weight[:, 1:].sum(1) >= _ROUNDS]}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("generator", help="a module of this folder: tuning, withheld, ...")
    parser.add_argument("districts", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    asked = parser.parse_args()
    module = importlib.import_module(f"tests.truth.{asked.generator}")
    outcome, started = Outcome(), time.perf_counter()
    by_kind: Counter = Counter()
    kinds = None
    if asked.generator == "tuning":
        made = module.explained(asked.seed, asked.districts)
        kinds = {(n, who): kind for n, (_, truth, _) in enumerate(made) for who, kind in truth.items()}
        made = [(work, set(truth)) for work, truth, _ in made]
    else:
        made = module.districts(asked.seed, asked.districts)
    rates = []
    for number, (work, truth) in enumerate(made):
        before = (outcome.listed, outcome.wrongly)
        judge(outcome, work, truth, RULES, number)
        if outcome.listed > before[0]:
            rates.append((outcome.wrongly - before[1]) / (outcome.listed - before[0]))
    print(f"{len(made)} districts, {time.perf_counter() - started:.0f} s")
    print(f"recall {outcome.recall:.3f} ({outcome.found} of {outcome.fabricated})")
    print(
        f"false discoveries {outcome.false_discoveries:.3f} ({outcome.wrongly} of {outcome.listed}); mean of districts {np.mean(rates or [0]):.3f}"
    )
    print(f"clean rounding units accused {outcome.rounding_accused} of {outcome.clean_rounding}")
    if kinds is not None:
        unit_kinds = {(n, who[0]): kind for (n, who), kind in kinds.items()}
        all_kinds = Counter(kinds.values())
        by_kind = Counter(unit_kinds[place, one[0]] for place, one in outcome.missed)
        for kind, number in sorted(all_kinds.items()):
            print(f"  {kind:10} found {number - by_kind[kind]} of {number}")
        for one in outcome.false[:40]:
            print("  wrongly", *one)
        for one in outcome.missed[:40]:
            print("  missed", *one, unit_kinds[one[0], one[1][0]])


if __name__ == "__main__":
    main()
