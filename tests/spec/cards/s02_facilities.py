"""S02 设施与设备."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
