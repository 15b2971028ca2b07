"""S19 残疾康复."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
