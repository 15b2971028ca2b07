"""At full size the reference centre's files alone give every published figure (see plain_counts)."""

from __future__ import annotations

import pytest

from data.demo import reference, write_district
from tests.demo.plain_counts import figures

pytestmark = pytest.mark.long

# What stands beside shares and counts: the population, and figures that are not calibrated but follow.
MORE = {
    "population": reference.POPULATION,
    "cost": reference.COST_2025 / 100,
    "fd_special_fulfilment_rate": 1.0,
    "fd_package_count": 4,
}
# Referrals and herbal prescriptions belong to systems that are not counted here.
NOT_COUNTED = {"rf_up", "rf_down", "tcm_decoction_rate"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_district(tmp_path_factory.mktemp("full") / "sources", until="2025-12").folder


def test_every_published_figure_of_2025(folder):
    found = figures(folder, 2025)
    wanted = {**reference.SHARES_2025, **reference.COUNTS_2025, **MORE}
    wrong = {
        key: (found[key], value)
        for key, value in wanted.items()
        if key not in NOT_COUNTED and not close(found[key], value)
    }
    assert wrong == {}


def test_the_changes_from_2024(folder):
    before, now = figures(folder, 2024), figures(folder, 2025)
    for key, change in reference.CHANGES.items():
        assert now[key] - before[key] == pytest.approx(change, abs=0.005), key
    for key, growth in reference.GROWTH.items():
        assert now[key] / before[key] == pytest.approx(growth, rel=0.01), key
    assert now["cost"] / before["cost"] - 1 == pytest.approx(reference.COST_CHANGE, abs=0.005)


def close(found: float, wanted: float) -> bool:
    """Within 1 % or 0.5 points; whole numbers below 100 exactly."""
    if isinstance(wanted, int):
        return found == wanted if wanted < 100 else abs(found - wanted) <= wanted * 0.01
    return abs(found - wanted) <= (0.005 if wanted <= 1 else wanted * 0.01)
