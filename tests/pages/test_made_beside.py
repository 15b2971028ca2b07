"""Files are made beside the page, in a thread where no browser's cookie is: for whom their button was drawn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from metrics.principal import EVERYTHING, NOTHING
from pages import _log, _who
from tests.roles import as_role


def test_a_file_is_made_for_whom_its_button_was_drawn(monkeypatch, asked_by):
    """It reads for its own principal, though nobody can be identified where it is made: once no list could be saved."""
    officer = as_role("li", "officer", EVERYTHING, NOTHING)
    asked_by(officer)
    give = _log.telling(lambda: _who.principal().name.encode())

    def nobody(known=None):
        raise _who.SignedOutError

    monkeypatch.setattr(_who, "_identified", nobody)
    with ThreadPoolExecutor(1) as beside:
        assert beside.submit(give).result() == b"li"
