"""S27 乡村医生."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
