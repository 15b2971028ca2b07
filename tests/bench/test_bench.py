"""``bench`` runs on a tiny district and prints every row. How fast it is, no test says."""

from __future__ import annotations

import argparse

import pytest

from tests.bench import main as bench
from tests.bench.changing_work import changing_table
from tests.bench.comparing_work import comparing_table
from tests.bench.pages import VISITS
from tests.bench.truth_work import truth_table


@pytest.mark.long
def test_quick_run_prints_every_row(capsys):
    assert bench.main(argparse.Namespace(rest=["--quick"])) == 0
    said = capsys.readouterr().out
    for row in (
        "encounter",
        "by hand",
        "pandas",
        "scanning",
        "all cards",
        "incremental",
        "published",
        "intake, rows/s",
        "ranks of all cards",
        "deck for 40 units",
        "circular",
        "workbook",
        "deck JSON",
        "The map in a build",
        "two-step floating catchment",
        "covering, 10 new, 0 moved",
        *VISITS,
    ):
        assert row in said
    assert "same counts" in said and "same figures" in said
    assert "NO" not in said.split()


def test_comparing_is_measured():
    said = str(comparing_table())
    for row in ("ranks of all cards", "one card judged", "one funnel"):
        assert row in said


def test_change_is_measured():
    said = str(changing_table())
    for row in ("one control chart", "notices of a small district", "the tests of"):
        assert row in said


def test_signals_of_truth_are_measured():
    """Two sizes, each in a process of its own; nobody says how fast, only that the ratios are there."""
    said = str(truth_table(2_000, 4_000))
    rows = [line.split("|")[1:-1] for line in said.splitlines() if line.startswith(("| 2,000", "| 4,000"))]
    assert len(rows) == 2
    assert all(float(cell) > 0 for row in rows for cell in row[2:])


def test_cells_catchments_and_proposals_are_measured(capsys):
    """The pages of the map alone, of a tiny county."""
    assert bench.main(argparse.Namespace(rest=["--quick", "--map"])) == 0
    said = capsys.readouterr().out
    assert said.count("###") == 3
    for row in (
        "600",
        "nearest unit of each cell",
        "30 minutes by road, car",
        "median, 5 new, 2 moved",
        "peak MB",
    ):
        assert row in said


@pytest.mark.parametrize("words", [["--residents", "10"], ["--rounds", "0"], ["--what"]])
def test_senseless_arguments_are_refused(words, capsys):
    with pytest.raises(SystemExit):
        bench.parse(words)
    assert "usage" in capsys.readouterr().err
