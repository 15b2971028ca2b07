"""S01 机构网络与设置."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
