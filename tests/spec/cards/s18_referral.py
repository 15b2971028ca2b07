"""S18 双向转诊."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
