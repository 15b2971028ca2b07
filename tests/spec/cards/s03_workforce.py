"""S03 人才队伍与培训."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
