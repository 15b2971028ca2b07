"""S15 卫生监督协管."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
