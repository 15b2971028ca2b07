"""S22 公卫经费."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
