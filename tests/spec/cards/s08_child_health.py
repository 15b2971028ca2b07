"""S08 儿童健康."""

from __future__ import annotations

from tests.spec.harness import Spec

SPECS: list[Spec] = []
