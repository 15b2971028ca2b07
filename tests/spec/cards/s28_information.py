"""S28 信息化与预警."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
