"""S21 财务."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
