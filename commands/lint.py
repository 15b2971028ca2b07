"""``lint``: format, then check, with the settings of ``pyproject.toml``; ``--check`` changes nothing."""

from __future__ import annotations

import argparse
import subprocess
import sys

from commands.environment import ROOT


def main(arguments: argparse.Namespace) -> int:
    ruff = [sys.executable, "-m", "ruff"]
    steps = (
        [*ruff, "format", *(["--check"] if arguments.check else [])],
        [*ruff, "check", *([] if arguments.check else ["--fix"])],
    )
    codes = [subprocess.run([*step, "."], cwd=ROOT, check=False).returncode for step in steps]
    return max(codes)
