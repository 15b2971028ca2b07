"""Fresh generated districts with two years of one year-to-date indicator, for judging forecasts of the year's end.

Withheld, as `withheld.py` is, and written by somebody who had not read the forecast.  Who changes the forecast because
of a process that is described here must add another one, written by somebody else.

`districts(seed, count)` gives a frame for each district: 15 to 40 units, 24 months each.

- unit: int; month: int, year * 12 + month - 1; last year's twelve and this year's twelve
- numerator: float, whole people, cumulative within the year, starting again in January; it may fall a little, never
  under 0 and never over the denominator
- denominator: float, whole people, drifting a little through the year
- target: float, 0 to 1, one for a unit and both years: this year's

Targets are set before this year begins, so that in some districts all or none may reach theirs:
- round: the county hands down one round figure, 50, 60, 65, 70, 75, 80, 85 or 90 % and so on, the same for all; where
  last year's result of the county is known, the next such figure around it
- ratchet: each unit's own, from its result of last year and some points more, in whole points
- kinds: one round figure for the large (centres), a lower one for the small
- floor: the round figure, or last year's own result, whichever is more

People are of three sorts: easy to reach, hard to reach (at work elsewhere, unwilling) and never.  Each month has a rate
at which the open ones of a sort are reached.  The sorts are in other proportions in each unit, and move between years.

Processes (`PROCESSES`), one a district
---------------------------------------
- fourth_visit: a person counts from the second, third or fourth contact of the year, so little counts until late
- team_rota: a team from the centre comes to each unit once, in a month that is often but not always last year's; before
  it nearly nothing is done, after it only who missed it
- renewal: most of last year's people are renewed in one go in the first months, in the month when each unit gets to it;
  then a trickle
- batches: the work is steady, but units upload once in two to four months, and all by the year's end
- festival_home: many are at home around the spring festival only, some at midsummer and National Day
- latest_reading: counted while the latest reading is good; cold months take some back
- rankings: a circular each month or quarter ranks all units; the last third quickens, the first third rests
- paid_to_quota: paid by the head up to the target; work goes on at its pace, then nearly stops there
- doses: vaccine comes in one or two deliveries, in months that differ from year to year; until it comes, nothing
- farming_weather: busy farming months, heat and frost each slow the work, by how far a unit is a farming one
- two_appraisals: rushes before the appraisals, whose dates the county moves, or one of which it drops

What happens beside
-------------------
- epidemic, flood or a census: one to three months of one year with next to no work, part of it caught up after
- doctors called away: a few units without work for one to four months; some for good, with the neighbour's doctor one
  day in the week
- a broken analyser: nothing for two or three months in some units, then the backlog
- a change of rule this year: from a month on each person takes more work or less
- an audit strikes off up to 4 % of what a unit reported
- newly found patients in the middle of the year; the dead and those who moved away cleaned up in spring; otherwise a drift
- in some districts most of a month's work is typed in the first week of the month after
- last push: the county's telephone calls in November and December to units that lack little, in some districts to all
- months differ by chance more than by the draw of people, in some districts much more
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.heading.fresh_year import LEAST, District, one_year

PROCESSES = (
    "fourth_visit",
    "team_rota",
    "renewal",
    "batches",
    "festival_home",
    "latest_reading",
    "rankings",
    "paid_to_quota",
    "doses",
    "farming_weather",
    "two_appraisals",
)

ROUND = np.array([0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95])
"""Figures that documents set."""


def districts(seed: int, count: int) -> list[pd.DataFrame]:
    """`count` districts, the same for the same seed; the processes in turn."""
    shift = int(np.random.default_rng(seed).integers(len(PROCESSES)))
    return [
        _district(np.random.default_rng([seed, place, 11]), PROCESSES[(place + shift) % len(PROCESSES)])
        for place in range(count)
    ]


def _district(rng: np.random.Generator, process: str) -> pd.DataFrame:
    county, year = _county(rng, process), int(rng.integers(2023, 2026))
    people = county.size.astype(float)
    # A year before the first gives the first year's target; nothing of it is told.
    target = np.full(len(people), 0.7)
    policy = str(rng.choice(["round", "ratchet", "kinds", "floor"], p=[0.55, 0.22, 0.13, 0.1]))
    frames = []
    for place, number in enumerate((year - 1, year, year + 1)):
        done, denominator = one_year(rng, county, people, target, number, this_year=place == 2)
        if place:
            frames.append(_frame(number, done, denominator))
        if place < 2:
            target = _targets(rng, policy, county, done[:, -1] / denominator[:, -1], denominator[:, -1])
        people = np.maximum(np.round(denominator[:, -1] * rng.normal(1, 0.025, len(people))), LEAST)
        county.level = (
            county.level + rng.normal(0.02, 0.08) + rng.normal(0, rng.uniform(0.05, 0.22), len(people))
        )
        county.sorts = _sorts(rng, county.sorts, 60)
    told = pd.concat(frames).sort_values(["unit", "month"], ignore_index=True)
    return told.assign(target=target[told.unit - 1])


def _county(rng: np.random.Generator, process: str) -> District:
    units = int(rng.integers(15, 41))
    small = np.exp(rng.normal(np.log(130), 0.75, units)).clip(LEAST, 600)
    large = np.exp(rng.uniform(np.log(900), np.log(18_000), units))
    size = np.where(rng.random(units) < rng.choice([0.08, 0.2, 0.45]), large, small).astype(int)
    hard = rng.choice([0.1, 0.2, 0.4]) if process != "festival_home" else rng.uniform(0.3, 0.55)
    never = rng.choice([0.01, 0.04, 0.09])
    county = District(
        process=process,
        size=size,
        level=rng.normal(np.log(rng.choice([1.7, 2.6, 4.2])), rng.uniform(0.15, 0.4), units),
        sorts=_sorts(rng, np.tile([1 - hard - never, hard, never], (units, 1)), 25),
        own=np.exp(rng.normal(0, rng.uniform(0.05, 0.3), (units, 12))),
        farming=rng.beta(2, 2, units),
        noise=float(rng.choice([0.1, 0.25, 0.5], p=[0.35, 0.45, 0.2])),
        memory=float(rng.uniform(0, 0.6)),
        late=float(rng.uniform(0.2, 0.7)) if rng.random() < 0.2 else 0.0,
        push=str(rng.choice(["", "near", "all"], p=[0.5, 0.35, 0.15])),
        rota=rng.permutation(units) * 10 // units + 1,
        every=rng.integers(2, 5, units),
        appraisals=((5, 11), (4, 10), (6, 10))[rng.integers(3)],
    )
    if process == "fourth_visit":
        county.need = int(rng.choice([2, 3, 4]))
    return county


def _sorts(rng: np.random.Generator, shares: np.ndarray, tight: float) -> np.ndarray:
    """Shares of the three sorts of people, scattered around the given; the more tight, the less."""
    drawn = rng.gamma(np.maximum(shares * tight, 0.02))
    return drawn / drawn.sum(axis=1, keepdims=True)


def _targets(rng, policy: str, county: District, share: np.ndarray, people: np.ndarray) -> np.ndarray:
    """What the county sets after a year in which each unit came to its share."""
    together = float((share * people).sum() / people.sum())

    def near(wanted: float) -> float:
        return float(ROUND[np.abs(ROUND - wanted).argmin()])

    figure = near(together + rng.normal(0.02, 0.06))
    if policy == "round":
        return np.full(len(share), figure)
    if policy == "kinds":
        return np.where(county.size > 800, figure, near(figure - rng.choice([0.05, 0.1])))
    if policy == "floor":
        return np.maximum(np.full(len(share), near(together - 0.03)), np.round(share, 2)).clip(0.1, 0.97)
    return np.round(share + rng.uniform(0, 0.05, len(share)), 2).clip(0.1, 0.97)


def _frame(year: int, numerator: np.ndarray, denominator: np.ndarray) -> pd.DataFrame:
    units = len(numerator)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(1, units + 1), 12),
            "month": np.tile(year * 12 + np.arange(12), units),
            "numerator": numerator.ravel(),
            "denominator": denominator.ravel(),
        }
    )
