"""Districts in which nothing changes, or some pairs do: rows as they are published, for the rate of false notices.

``python -m tests.changing.unchanged [districts]`` prints what docs/statistics.md says.

Counts have a season (of the district, and of each unit a little otherwise), days of wind and weather (overdispersion) that may
hang together from month to month, and units of very different size. Shares are parts of such counts; rates are counts over a population that drifts
and is approved anew each January. Centres and the bureau are sums.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from metrics.cards import CARDS
from metrics.changing.marking import NOTHING
from metrics.changing.noticing import notice_rows
from metrics.changing.suited import is_raised
from metrics.comparing.sorts import Sort, sort_of

LAST = 2026 * 12 + 11
MONTHS = 60
FIRST = LAST - MONTHS + 1
CENTRES, BELOW = 8, 4
#: A few of each sort: so many cards as make some five hundred pairs that are large enough.
EACH = {Sort.COUNT: 8, Sort.SHARE: 6, Sort.RATE: 1}
OPENED = date(2010, 1, 1)


def cards() -> dict:
    chosen = {}
    for sort, number in EACH.items():
        of = [
            key
            for key, card in CARDS.items()
            if is_raised(card) and sort_of(card) is sort and card.top_scale == 1
        ]
        chosen |= {key: CARDS[key] for key in of[:number]}
    return chosen


def units() -> pd.DataFrame:
    rows = [(1, "bureau", None)]
    rows += [(2 + at, "centre", 1) for at in range(CENTRES)]
    rows += [(2 + CENTRES + at, "station", 2 + at // BELOW) for at in range(CENTRES * BELOW)]
    frame = pd.DataFrame(rows, columns=["unit", "kind", "parent"]).astype({"parent": "Int64"})
    return frame.assign(
        name=frame["unit"].map("u{}".format), opened_on=OPENED, closed_on=None, successor=None
    )


@dataclass(frozen=True)
class World:
    """What a district is like.

    linked    correlation of neighbouring months
    moved     so many pairs of stations change for good ...
    by        ... by this factor of their counts (of shares: of their odds) ...
    at        ... from this position on
    """

    linked: float = 0.0
    moved: int = 0
    by: float = 1.0
    at: int = MONTHS - 24


def district(seed: int, world: World) -> tuple[pd.DataFrame, set[tuple[str, int]]]:
    """(rows as of ``published.figure``, the pairs that change)."""
    random = np.random.default_rng(seed)
    stations = CENTRES * BELOW
    people = np.exp(random.normal(7.5, 0.6, stations))
    frames, pairs = [], [(key, at) for key in cards() for at in range(stations)]
    moving = {pairs[at] for at in random.choice(len(pairs), world.moved, replace=False)}
    for key, card in cards().items():
        mine = np.array([world.by if (key, at) in moving else 1.0 for at in range(stations)])
        factor = np.where(np.arange(MONTHS) >= world.at, mine[:, None], 1.0)
        drift = np.exp(np.cumsum(random.normal(0, 0.01, (stations, MONTHS)), axis=1))
        mean = people[:, None] * np.exp(random.normal(-4, 1)) * drift * _season(random, stations)
        if sort_of(card) is Sort.SHARE:
            of = random.poisson(mean * 3 * _weather(random, stations, world.linked)).astype(float)
            odds = (
                np.exp(random.normal(1, 0.5, (stations, 1)))
                * _weather(random, stations, world.linked)
                * factor
            )
            top = random.binomial(of.astype(int), odds / (1 + odds)).astype(float)
        else:
            top = random.poisson(mean * _weather(random, stations, world.linked) * factor).astype(float)
            approved = np.repeat(people[:, None] * drift[:, ::12], 12, axis=1)[:, :MONTHS]
            of = np.round(approved) if card.is_ratio else np.full_like(top, np.nan)
        frames.append(_rows(key, _with_sums(top), _with_sums(of)))
    return pd.concat(frames, ignore_index=True), {(key, 2 + CENTRES + at) for key, at in moving}


def _season(random: np.random.Generator, stations: int) -> np.ndarray:
    of_all, own = random.normal(0, 0.25, (1, 12)), random.normal(0, 0.1, (stations, 12))
    return np.exp(of_all + own)[:, np.arange(MONTHS) % 12]


def _weather(random: np.random.Generator, stations: int, linked: float) -> np.ndarray:
    noise = random.normal(0, 0.1, (stations, MONTHS))
    for month in range(1, MONTHS):
        noise[:, month] = linked * noise[:, month - 1] + np.sqrt(1 - linked**2) * noise[:, month]
    return np.exp(noise)


def _with_sums(counts: np.ndarray) -> np.ndarray:
    centres = counts.reshape(CENTRES, BELOW, MONTHS).sum(1)
    return np.vstack([centres.sum(0, keepdims=True), centres, counts])


def _rows(key: str, top: np.ndarray, of: np.ndarray) -> pd.DataFrame:
    number = len(top)
    frame = pd.DataFrame(
        {
            "indicator": key,
            "unit": np.repeat(np.arange(1, number + 1), MONTHS),
            "month": np.tile(np.arange(FIRST, LAST + 1), number),
            "basis": "month",
            "stratum": "",
            "numerator": top.ravel(),
            "denominator": of.ravel(),
            "status": "ok",
            "hidden": 0,
        }
    )
    ratio = frame["denominator"].notna()
    value = np.where(
        ratio, frame["numerator"] / frame["denominator"].where(frame["denominator"] > 0), frame["numerator"]
    )
    return frame.assign(value=value, status=np.where(np.isnan(value), "empty", "ok"))


def noticed(rows: pd.DataFrame, marked: pd.DataFrame = NOTHING) -> pd.DataFrame:
    """The notices that a build would publish; ``marked``: rows of ``marking.rebasing``."""
    no_values = pd.DataFrame(columns=["key", "from_on", "value"])
    no_sides = pd.DataFrame(columns=["unit", "band", "year", "kind", "in_force"]).astype({"in_force": bool})
    return notice_rows(rows, cards(), units(), no_values, no_sides, LAST, marked)


def main(districts: int) -> None:
    for linked in (0.0, 0.3, 0.5):
        found = [noticed(district(seed, World(linked))[0]) for seed in range(districts)]
        a_year = sum((one["month"] > LAST - 12).sum() for one in found) / districts
        print(f"unchanged, linked {linked}: {a_year:.2f} notices a district and year")
    for by in (1.3, 1.5, 2.0, 0.5):
        once = twice = others = pairs = 0
        for seed in range(districts):
            rows, moved = district(seed, World(0.3, moved=20, by=by))
            told = noticed(rows)
            told = told[told["month"] >= FIRST + World().at]
            number = told.groupby(["indicator", "unit"]).size()
            of_moved = [int(number.get(pair, 0)) for pair in moved]
            once += sum(n == 1 for n in of_moved)
            twice += sum(n > 1 for n in of_moved)
            # A station's change is its centre's and the bureau's as well: only other stations are false.
            stations = told[told["unit"] > 1 + CENTRES]
            others += sum((row.indicator, row.unit) not in moved for row in stations.itertuples())
            pairs += len(moved)
        print(
            f"times {by}: once {once / pairs:.0%}, twice {twice} of {once + twice}, false {others / districts / 2:.2f} a year"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
