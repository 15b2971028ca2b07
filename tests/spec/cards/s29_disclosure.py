"""S29 公示、满意度与投诉."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
