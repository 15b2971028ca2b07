"""Money of units: revenue, budget, public-health funds by residents, subsidies of village doctors, fees.

Amounts are whole fen. What a centre gets follows its statistical residents, so that what is paid can be compared
with the approved population; the poorest centre is paid too little in advance and spends beyond the purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from data.demo.days import day
from data.demo.draw import stream
from data.demo.population import GROWTH
from data.demo.registers import closed_days
from data.demo.rows import Rows, take, words
from data.demo.towns import TOWNS
from data.demo.work import District, cast

#: Yuan a head and year, by year; the last one stays.
STANDARD = {2024: 94, 2025: 99}
PREPAID, HELD_BACK = 0.7, 0.3
#: Share of drugs in medical business revenue, falling.
DRUG_SHARE = {2024: 0.668, 2025: 0.642, 2026: 0.625}
REVENUE_A_HEAD, BUDGET_A_HEAD, FEE_A_HEAD = 92, 190, 12  # yuan a year


@dataclass
class _Ledger:
    """Entries on their way to rows."""

    unit: list[int] = field(default_factory=list)
    account: list[str] = field(default_factory=list)
    topic: list[str] = field(default_factory=list)
    when: list[int] = field(default_factory=list)
    fen: list[int] = field(default_factory=list)

    def put(self, unit: int, account: str, when: int, yuan: float, topic: str = "") -> None:
        self.unit.append(unit)
        self.account.append(account)
        self.topic.append(topic)
        self.when.append(when)
        self.fen.append(round(yuan * 100))

    def rows(self) -> Rows:
        accounts, account = np.unique(self.account, return_inverse=True)
        topics, topic = np.unique(self.topic, return_inverse=True)  # the first is the empty one
        return {
            "unit": np.array(self.unit, np.int64),
            "account": words(account, *map(str, accounts)),
            "topic": words(topic - 1, *map(str, topics[1:])),
            "day": np.array(self.when, np.int32),
            "amount": np.array(self.fen, np.int64),
        }


def fund_rows(district: District, residents: int) -> Rows:
    """Every entry up to the last day. ``residents``: of the district in 2025, by statistics."""
    rng = stream(district.seed, "funds")
    ledger = _Ledger()
    roles = cast(district, "centre")
    poorest = roles.poor[0] if roles else -1
    for year in district.years:
        for unit in district.of_kind("centre"):
            town = int(district.units.town[unit])
            persons = round(round(residents * TOWNS[town].share) * (1 + GROWTH * (year - 2025)))
            quality = float(district.units.quality[unit])
            _centre(ledger, rng, int(unit), year, persons, quality, poor=unit == poorest)
        for kind in ("station", "clinic"):
            small = cast(district, kind)
            for unit in district.of_kind(kind):
                if district.units.town[unit] >= 0:
                    poor = bool(small) and unit == small.poor[0]
                    _small(ledger, rng, int(unit), year, clinic=kind == "clinic", poor=poor)
    rows = ledger.rows()
    closed = closed_days(district.units)[rows["unit"]]
    return take(rows, (rows["day"] <= district.last) & (rows["day"] < closed))


def _centre(
    ledger: _Ledger,
    rng: np.random.Generator,
    unit: int,
    year: int,
    persons: int,
    quality: float,
    *,
    poor: bool,
) -> None:
    standard = STANDARD.get(year, max(STANDARD.values()))
    due = standard * persons
    ledger.put(unit, "fund_allocated", day(year, 2, 26), due)
    ledger.put(unit, "fund_prepaid", day(year, 3, 18), due * (0.62 if poor else PREPAID))
    coefficient = float(np.clip(0.95 + 0.05 * quality, 0.85, 1.0)) - (0.05 if poor else 0)
    ledger.put(unit, "fund_settled", day(year, 12, 24), due * HELD_BACK * coefficient)
    ledger.put(unit, "budget", day(year, 1, 15), BUDGET_A_HEAD * persons)
    ledger.put(unit, "sanitation_fee_due", day(year, 1, 20), FEE_A_HEAD * persons)
    ledger.put(unit, "community_fund", day(year, 6, 15), rng.uniform(50_000, 600_000))
    share = DRUG_SHARE.get(year, min(DRUG_SHARE.values())) - 0.03 * quality
    for month in range(1, 13):
        when = day(year, month, 27)
        revenue = REVENUE_A_HEAD * persons / 12 * (1 + 0.06 * (year - 2025)) * rng.uniform(0.92, 1.08)
        drugs = revenue * (share + rng.uniform(-0.015, 0.015))
        ledger.put(unit, "revenue_drug", when, drugs)
        ledger.put(unit, "revenue_medical", when, revenue - drugs)
        over = 1.09 if poor else 0.985
        ledger.put(unit, "spending", when, BUDGET_A_HEAD * persons / 12 * over * rng.uniform(0.95, 1.04))
        ledger.put(unit, "fee_reduction", when, 0.4 * persons * rng.uniform(0.8, 1.2))
    for quarter in range(4):
        when = day(year, 3 * quarter + 3, 20)
        ledger.put(unit, "sanitation_fee_paid", when, FEE_A_HEAD * persons * rng.uniform(0.17, 0.24))
        ledger.put(
            unit, "insurance_deduction", when, persons * max(0.02, 0.15 - 0.1 * quality) * rng.random()
        )
        purpose = ("equipment", "repair")[quarter % 2]
        ledger.put(unit, "fund_spending", when, due * 0.02 * rng.uniform(0.5, 1), purpose)
    if poor:
        ledger.put(unit, "fund_spending", day(year, 11, 8), due * 0.01, "其他支出")


def _small(
    ledger: _Ledger, rng: np.random.Generator, unit: int, year: int, *, clinic: bool, poor: bool
) -> None:
    size = rng.uniform(0.7, 1.3) * (1 if clinic else 4)
    share = DRUG_SHARE.get(year, min(DRUG_SHARE.values()))
    for month in range(1, 13):
        when = day(year, month, 27)
        revenue = 11_000 * size * rng.uniform(0.85, 1.15)
        ledger.put(unit, "revenue_drug", when, revenue * share)
        ledger.put(unit, "revenue_medical", when, revenue * (1 - share))
        ledger.put(unit, "revenue_other", when, 300 * size * rng.random())
    for quarter in range(4):
        when = day(year, 3 * quarter + 3, 24)
        ledger.put(unit, "revenue_public_health", when, 9_000 * size)
        ledger.put(unit, "subsidy_zero_markup", when, 1_800 * size * rng.uniform(0.9, 1.1))
        if clinic:
            due = round(7_500 * rng.uniform(0.85, 1.0), 2)
            ledger.put(unit, "village_subsidy_due", when, due)
            ledger.put(unit, "village_subsidy_paid", when, due * (0.8 if poor else 1))
    if clinic and rng.random() < 0.03:
        ledger.put(unit, "compensation", day(year, 9, 9), rng.uniform(2_000, 30_000))
