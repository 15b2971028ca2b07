"""S20 药品耗材."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
