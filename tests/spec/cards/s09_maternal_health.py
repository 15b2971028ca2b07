"""S09 孕产妇与妇女保健."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
