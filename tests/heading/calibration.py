"""Are forecasts as often right as they say? Over generated districts: ``python -m tests.heading.calibration [module]``.

The module names where districts come from: ``withheld`` (written by somebody who did not see the method, and not read
by whoever built it) or ``tuning``.
"""

from __future__ import annotations

import importlib
import sys

import numpy as np
import pandas as pd

from metrics.heading.forecast import Histories, outlook
from metrics.heading.reserve import with_reserve
from metrics.standards import values_of

AFTER = (4, 6, 8, 10)
BANDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
FLAT = values_of("heading_flat_pct")[-1] / 100
RESERVE = values_of("heading_reserve_pct")[-1] / 100


def forecasts(districts: list[pd.DataFrame], after: int) -> pd.DataFrame:
    """One row a unit of every district: chance, met (bool), inside80, inside95, forecast made after so many months."""
    return pd.concat([_of(number, frame, after) for number, frame in enumerate(districts)], ignore_index=True)


def _of(number: int, frame: pd.DataFrame, after: int) -> pd.DataFrame:
    frame = frame.sort_values(["unit", "month"])
    wide = frame.pivot(index="unit", columns="month")
    top, of = wide["numerator"].to_numpy(float), wide["denominator"].to_numpy(float)
    target = wide["target"].to_numpy(float)[:, -1]
    known = Histories(top[:, 12 : 12 + after], top[:, :12], of[:, 11 + after], of[:, :12], once=True)
    ahead = outlook(known, FLAT)
    final, of_end = top[:, 23], of[:, 23]
    fit = (known.now[:, -1] > 0) & (known.last[:, -1] > 0) & (known.now[:, -1] <= known.of_now)
    scaled = final / of_end * ahead.of_end  # the truth as a share, whatever the denominator became
    below = 1 - ahead.chance(np.round(scaled))
    upto = 1 - ahead.chance(np.round(scaled) + 1)
    found = pd.DataFrame(
        {
            "district": number,
            "after": after,
            "chance": with_reserve(ahead.chance(target * ahead.of_end), 12 - after, RESERVE),
            "met": final >= np.ceil(np.round(target * of_end, 6)),
            "open": known.now[:, -1] < target * known.of_now,  # not met already when the forecast is made
            "pit": (below + upto) / 2,
            "inside80": (upto >= 0.1) & (below <= 0.9),
            "inside95": (upto >= 0.025) & (below <= 0.975),
        }
    )
    return found[fit]


def reliability(found: pd.DataFrame) -> pd.DataFrame:
    """Of targets given a chance within each band: how many there were, the chance on average, the share that was met."""
    band = pd.cut(found["chance"], BANDS, include_lowest=True)
    grouped = found.groupby(band, observed=False)
    return pd.DataFrame(
        {"targets": grouped.size(), "said": grouped["chance"].mean(), "met": grouped["met"].mean()}
    )


def aimed_beforehand(districts: list[pd.DataFrame], seed: int) -> list[pd.DataFrame]:
    """The same districts with targets that know nothing of this year: last year's share, times a tenth or two.

    A target that is drawn around what a unit will reach tells its end better than any forecast from its months, and no
    forecast that does not look at it can then be right as often as it says.
    """
    rng = np.random.default_rng(seed)
    found = []
    for frame in districts:
        end = frame.sort_values("month").groupby("unit").nth(11).set_index("unit")
        share = end["numerator"] / end["denominator"]
        aim = np.clip(share * np.exp(rng.normal(0.05, 0.2, len(share))), 0.02, 0.99)
        found.append(frame.assign(target=frame["unit"].map(aim)))
    return found


def main(module: str = "withheld", seed: int = 20261124, count: int = 50) -> None:
    districts = importlib.import_module(f"tests.heading.{module}").districts(seed, count)
    print("== targets as they came")
    _print(districts)
    print("== targets set from last year's figures")
    _print(aimed_beforehand(districts, seed))


def _print(districts: list[pd.DataFrame]) -> None:
    found = pd.concat([forecasts(districts, after) for after in AFTER], ignore_index=True)
    for after in (*AFTER, None):
        some = found if after is None else found[found["after"] == after]
        print("all" if after is None else f"after month {after}", f"({len(some)} forecasts)")
        print(f"inside 80 %: {some['inside80'].mean():.3f}; inside 95 %: {some['inside95'].mean():.3f}")
        print(reliability(some).round(3).to_string(), "\n")


if __name__ == "__main__":
    main(*sys.argv[1:2])
