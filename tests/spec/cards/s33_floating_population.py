"""S33 流动人口."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
