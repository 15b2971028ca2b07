"""A digest of what figures are made by: builds of equal digests are comparable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from metrics import standards
from metrics.card import Card
from metrics.context import rules_of, text_of
from metrics.counting import parts_of
from metrics.standards import FOLDER, holidays


def digest(cards: Iterable[Card]) -> str:
    """A digest of every rule, parameter and dated list: figures of equal digests are comparable."""
    known = hashlib.sha256()
    for card in cards:
        for rule in rules_of([card]):
            known.update(f"{card.key} {text_of(rule)} {','.join(parts_of(card))}\n".encode())
    for path in sorted(FOLDER.glob("*.csv")):
        if path.name != "targets.csv":  # targets judge figures, they do not change them
            known.update(path.read_bytes())
    known.update(standards.fingerprint().encode())
    known.update(holidays.fingerprint().encode())
    return known.hexdigest()[:16]
