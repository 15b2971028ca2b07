"""S26 绩效考核."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
