"""S25 督导检查."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
