"""Progress: one line on a terminal, few lines in a log, silence when asked."""

from __future__ import annotations

import sys

import pytest

from commands.progress import Progress


def work(progress: Progress) -> None:
    for done in range(100):
        progress(f"step {done}", done / 100)


def test_a_log_gets_a_line_now_and_then(capsys: pytest.CaptureFixture[str]):
    with Progress("building") as progress:
        work(progress)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == ["· building", "· building  25%", "· building  50%", "· building  75%"]
    assert len(lines) == 5
    assert lines[4].endswith(" s")


def test_a_terminal_gets_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with Progress("building") as progress:
        work(progress)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert out.startswith("\r· building")


def test_what_fails_is_not_said_to_be_done(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(ZeroDivisionError), Progress("building"):
        _ = 1 / 0
    assert capsys.readouterr().out == "· building\n"


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]):
    with Progress("building", quiet=True) as progress:
        work(progress)
    assert capsys.readouterr().out == ""
