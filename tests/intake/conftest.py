"""What every test of the intake may use."""

from __future__ import annotations

import pytest

from tests.intake.helpers import District


@pytest.fixture
def district(store, installation, tmp_path) -> District:
    """An empty district on each engine."""
    return District(store, installation, tmp_path / "files")
