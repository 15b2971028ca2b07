"""S16 中医药."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
