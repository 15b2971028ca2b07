"""S14 结核病与艾滋病."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
