"""A register on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.installation import Installation
from data.register import Register, open_register


@pytest.fixture
def register(installation: Installation) -> Iterator[Register]:
    """The empty register of ``installation``, on each engine."""
    opened = open_register(installation)
    yield opened
    opened.close()
