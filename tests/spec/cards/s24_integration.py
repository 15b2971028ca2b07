"""S24 乡村一体化."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
