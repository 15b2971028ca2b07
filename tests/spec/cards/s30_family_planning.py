"""S30 计划生育."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
