"""``bench`` runs on a tiny district and prints every row. How fast it is, no test says."""

from __future__ import annotations

import argparse

import pytest

from tests.bench import main as bench
from tests.bench.pages import VISITS


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
        "deck for 40 units",
        "circular",
        "workbook",
        *VISITS,
    ):
        assert row in said
    assert "same counts" in said and "same figures" in said
    assert "NO" not in said.split()


@pytest.mark.parametrize("words", [["--residents", "10"], ["--rounds", "0"], ["--what"]])
def test_senseless_arguments_are_refused(words, capsys):
    with pytest.raises(SystemExit):
        bench.parse(words)
    assert "usage" in capsys.readouterr().err
