"""S35 医疗安全与院感."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
