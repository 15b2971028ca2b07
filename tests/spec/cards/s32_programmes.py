"""S32 特色服务."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
