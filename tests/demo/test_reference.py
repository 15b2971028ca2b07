"""At full size the reference centre's files alone give every published figure (see plain_counts)."""

from __future__ import annotations

import pytest

from data.demo import reference, write_district
from tests.demo import plain_work
from tests.demo.plain_counts import Centre, figures
from tests.demo.reference_list import LIST, agrees

pytestmark = pytest.mark.long

# What stands beside shares and counts: the population, and figures that are not calibrated but follow.
MORE = {
    "population": reference.POPULATION,
    "cost": reference.COST_2025 / 100,
    "fd_special_fulfilment_rate": 1.0,
    "fd_package_count": 4,
}
# Counted by ``plain_work``.
NOT_COUNTED = {
    "rf_up", "rf_down", "tcm_decoction_rate", "tcm_package_persons", "ch_mgmt_rate", "ch_system_rate",
    "ch_vision_screened", "ch_myopia", "ch_sealant", "ch_fluoride", "mt_early_booking_rate", "mh_standard_rate",
}  # fmt: skip
# Names that a figure of the list has in ``plain_work``, where they differ.
PLAIN = {"ch_myopia_rate": "ch_myopia", "id_cluster_handled": "outbreaks_in_time"}


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
        if key not in now:
            continue
        assert now[key] - before[key] == pytest.approx(change, abs=0.005), key
    for key, growth in reference.GROWTH.items():
        assert now[key] / before[key] == pytest.approx(growth, rel=0.01), key
    assert now["cost"] / before["cost"] - 1 == pytest.approx(reference.COST_CHANGE, abs=0.005)


def test_the_figures_of_mothers_children_patients_staff_and_work(folder):
    now = plain_work.persons(folder, 2025) | plain_work.work(folder, 2025)
    before = plain_work.persons(folder, 2024) | plain_work.work(folder, 2024)
    wrong, counted = {}, 0
    for row in LIST:
        key = PLAIN.get(row["indicator"], row["indicator"])
        if key not in now or row["kind"] == "unknown":
            continue
        counted += 1
        value = now[key] * 100 if row["kind"] == "share" else now[key]
        if not agrees(row, value):
            wrong[key] = value
    assert wrong == {}
    assert counted >= 36
    elders = [Centre(folder).population("65岁及以上", year) for year in (2025, 2024)]
    assert now["falls"] / elders[0] / (before["falls"] / elders[1]) - 1 == pytest.approx(-0.193, abs=0.005)
    assert now["ch_caries"] - before["ch_caries"] == pytest.approx(-0.058, abs=0.005)
    assert now["lab_turnaround"] / before["lab_turnaround"] - 1 == pytest.approx(-0.3, abs=0.005)
    assert now["mid_senior_title_rate"] - before["mid_senior_title_rate"] == pytest.approx(0.052, abs=0.005)
    assert now["sat_patient"] - before["sat_patient"] == pytest.approx(0.012, abs=0.005)


def close(found: float, wanted: float) -> bool:
    """Within 1 % or 0.5 points; whole numbers below 100 exactly."""
    if isinstance(wanted, int):
        return found == wanted if wanted < 100 else abs(found - wanted) <= wanted * 0.01
    return abs(found - wanted) <= (0.005 if wanted <= 1 else wanted * 0.01)
