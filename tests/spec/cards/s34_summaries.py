"""S34 总结与计划."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
