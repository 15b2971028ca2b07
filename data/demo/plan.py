"""What a centre does in a year: the reference centre by its calibration, the others by their quality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo import reference
from data.demo.towns import REFERENCE, TOWNS


@dataclass(frozen=True)
class Plan:
    """Totals and shares of one centre in one calendar year. ``shares`` and ``counts`` as in ``reference``."""

    town: int
    year: int
    statistical: int  # resident population by statistics in 2025
    shares: dict[str, float]
    counts: dict[str, int]
    cost: int  # fen a visit

    @property
    def is_reference(self) -> bool:
        return self.town == REFERENCE


def make_plan(town: int, year: int, statistical: int) -> Plan:
    """The plan of a centre for a year."""
    scale = statistical / reference.POPULATION
    shares = {
        key: _share(key, share, town, year)
        for key, share in (reference.SHARES_2025 | reference.CHOSEN_SHARES).items()
    }
    counts = {
        key: _count(key, count * scale, town, year)
        for key, count in (reference.COUNTS_2025 | reference.CHOSEN_COUNTS).items()
    }
    cost = reference.COST_2025 / (1 + reference.COST_CHANGE) ** (2025 - year) * (0.8 + 0.4 * _rank(town))
    return Plan(town, year, statistical, shares, counts, round(cost))


def _rank(town: int) -> float:
    """0.5 for the reference centre; a fixed number from 0.2 to 0.8 for the others."""
    return 0.5 if town == REFERENCE else 0.2 + 0.6 * (town * 5 % 8) / 7


_LOWER_IS_BETTER = {"antibiotic_rate", "ch_caries"}
_NEUTRAL = {"op_elderly_share", "ncd_opc_share", "htn_prevalence", "dm_prevalence", "tcm_decoction_rate"}


def _share(key: str, share: float, town: int, year: int) -> float:
    """A share moved by the centre's quality and the year, on the logit scale so that it stays a share."""
    logit = np.log(share / (1 - share))
    change = reference.CHANGES.get(key, 0.004 if key not in _NEUTRAL | _LOWER_IS_BETTER else 0.0)
    value = share + change * (year - 2025) if year <= 2025 else share + change * 0.5 * (year - 2025)
    logit += np.log(value / (1 - value)) - logit
    if town != REFERENCE:
        if key in _NEUTRAL:
            logit += 0.25 * (_rank(town) - 0.4)
        else:
            logit += TOWNS[town].quality * 1.4 * (-1 if key in _LOWER_IS_BETTER else 1)
    return float(1 / (1 + np.exp(-logit)))


def _count(key: str, count: float, town: int, year: int) -> int:
    growth = (reference.GROWTH | reference.CHOSEN_GROWTH).get(key, 1.06)
    later = (growth - 1) * 0.5 if key in reference.GROWTH else reference.LATER_GROWTH
    factor = growth ** (year - 2025) if year <= 2025 else 1 + later * (year - 2025)
    if town != REFERENCE:
        factor *= np.exp(0.5 * TOWNS[town].quality)
    return round(count * factor)
