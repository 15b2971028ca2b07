"""What ``manage.py test`` brings along, and says where it cannot."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from commands import test as module
from commands.environment import ROOT, Stop


def test_a_browser_that_is_named_is_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(module.BROWSER_VARIABLE, "/opt/chrome")
    assert module.browser() == "/opt/chrome"


def test_without_a_browser_one_instruction(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(module.BROWSER_VARIABLE, raising=False)
    monkeypatch.setattr(module, "_INSTALLED", ())
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert module.browser() is None
    with pytest.raises(Stop, match="sudo apt-get install -y --no-install-recommends chromium fonts-noto-cjk"):
        module._install_browser()


def test_without_a_packaged_postgresql_one_instruction(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("JICENG_TEST_POSTGRES", raising=False)
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(Stop, match="JICENG_TEST_POSTGRES=postgresql://"):
        module._require_postgresql()
    monkeypatch.setenv("JICENG_TEST_POSTGRES", "postgresql://somewhere/else")
    module._require_postgresql()


@pytest.mark.parametrize("given", [["-n", "3"], ["--pdb"], ["-k", "tile"], ["tests/x.py::test_y"]])
def test_who_chooses_gets_no_workers_of_ours(given: list[str]):
    assert module._workers(given) == []


def test_what_has_to_pass_calls_the_tests():
    script = ROOT / ".ci" / "run"
    assert "manage.py test" in script.read_text("utf-8")
    assert os.name != "posix" or os.access(script, os.X_OK)


def test_no_test_is_skipped():
    """A test that does not run proves nothing: what lacks is installed, or named."""
    words = ["skip(", "skip" + "if", "importorskip", "x" + "fail"]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path != Path(__file__)
        for word in words
        if word in path.read_text("utf-8")
    ]
    assert not found
