"""How well planted fabrications are found: ``python -m tests.truth.evaluation GENERATOR DISTRICTS [SEED]``.

A doctor who fabricated is found when the doctor is listed; a unit that did as a whole when it, or one of its doctors, is.
Listed wrongly: a doctor who did not fabricate, in a unit that did not as a whole; a unit in which nobody did. A unit's only doctor is
the unit. Hints (one trace only) are told apart, and together with the listed.
"""

from __future__ import annotations

import argparse
import importlib
import time
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from metrics.truth import Rules, Work, combined, rules_in, signals
from metrics.truth.rounding import habits

RULES = rules_in(2025 * 12)
_SIZES = (0, 80, 200, 400, 800, 1600, float("inf"))  # readings of whoever fabricated
_ROUNDS = 0.97  # a unit rounds when hardly any reading is finer than even numbers


@dataclass
class Outcome:
    """Sums over districts."""

    fabricated: int = 0
    found: int = 0
    listed: int = 0
    wrongly: int = 0
    noticed: int = 0  # found or hinted at
    hinted: int = 0
    hinted_wrongly: int = 0
    clean_rounding: int = 0  # clean units that round
    rounding_accused: int = 0  # of these, listed as a unit or with a doctor
    rounding_hinted: int = 0
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
    listed = rows[rows["listed"]]
    pairs, hints = _pairs(listed), _pairs(rows[rows["hinted"]])
    units, hinted_units = ({unit for unit, _ in level} for level in (pairs, hints))

    def wrong(unit: int, doctor: str) -> bool:
        return not (unit in whole or (unit, doctor) in truth or (doctor == "" and unit in guilty))

    for one in truth:
        outcome.fabricated += 1
        found = one in pairs or (one[1] == "" and one[0] in units)
        outcome.found += found
        outcome.noticed += found or one in hints or (one[1] == "" and one[0] in hinted_units)
        if not found:
            outcome.missed.append((place, one))
    for unit, doctor in pairs:
        outcome.listed += 1
        if wrong(unit, doctor):
            outcome.wrongly += 1
            kinds = listed.loc[(listed["unit"] == unit) & (listed["doctor"] == doctor), "kinds"].iloc[0]
            outcome.false.append((place, unit, doctor, kinds[:4]))
    outcome.hinted += len(hints)
    outcome.hinted_wrongly += sum(wrong(*one) for one in hints)
    rounding = _rounding(work) - guilty
    outcome.clean_rounding += len(rounding)
    outcome.rounding_accused += len(rounding & units)
    outcome.rounding_hinted += len(rounding & (hinted_units - units))
    return rows


def _pairs(rows: pd.DataFrame) -> set[tuple[int, str]]:
    return set(zip(rows["unit"].astype(int), rows["doctor"], strict=True))


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
    kinds: dict[tuple[int, tuple[int, str]], str] = {}
    if hasattr(module, "explained"):
        told = module.explained(asked.seed, asked.districts)
        kinds = {(n, who): kind for n, (_, truth, _) in enumerate(told) for who, kind in truth.items()}
        made = [(work, set(truth)) for work, truth, _ in told]
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
    print(
        f"found or hinted at {outcome.noticed}; hints wrong {outcome.hinted_wrongly} of {outcome.hinted}, rounding units {outcome.rounding_hinted}"
    )
    if kinds:
        _explain(outcome, kinds, [work for work, _ in made])


def _explain(outcome: Outcome, kinds: dict[tuple[int, tuple[int, str]], str], works: list[Work]) -> None:
    """Print what is found by kind, and by how many readings whoever fabricated has (of several kinds: under each), then who was listed wrongly and who missed."""
    missed = {(place, who[0]) if who[1] == "" else (place, who) for place, who in outcome.missed}
    rows = []
    for (place, (unit, doctor)), kind in kinds.items():
        contacts = works[place].contacts
        mine = contacts["unit"] == unit
        if doctor:
            mine &= contacts["doctor"] == doctor
        number = int((mine & contacts[["sbp", "fpg"]].notna().any(axis=1)).sum())
        sole = doctor != "" and _sole(works[place]).get(unit) == doctor
        key = (place, unit) if doctor == "" or sole else (place, (unit, doctor))
        rows.append({"kind": kind.split("+"), "readings": number, "found": key not in missed})
    told = pd.DataFrame(rows)
    told["readings"] = pd.cut(told["readings"], _SIZES, right=False)
    for by in ("kind", "readings"):
        for name, part in told.explode(by).groupby(by, observed=True):
            print(f"  {name!s:24} found {int(part['found'].sum())} of {len(part)}")
    for one in outcome.false[:40]:
        print("  wrongly", *one)
    for one in outcome.missed[:40]:
        print("  missed", *one)


if __name__ == "__main__":
    main()
