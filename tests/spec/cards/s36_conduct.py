"""S36 行风与廉政."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
