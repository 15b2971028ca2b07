"""S31 爱国卫生与环境."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
