"""S23 医疗保险."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
