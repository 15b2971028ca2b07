"""Every card, in the order in which pages show them: one module a system of care."""

from __future__ import annotations

from metrics.card import Card
from metrics.cards import (
    s04_health_records,
    s05_family_doctor,
    s07_immunisation,
    s10_older_residents,
    s11_chronic_disease,
    s17_visits,
)

_SYSTEMS = (
    s04_health_records,
    s05_family_doctor,
    s07_immunisation,
    s10_older_residents,
    s11_chronic_disease,
    s17_visits,
)


def _collect() -> dict[str, Card]:
    cards: dict[str, Card] = {}
    for system in _SYSTEMS:
        for card in system.CARDS:
            if card.key in cards:
                raise ValueError(f"card {card.key} is declared twice")
            cards[card.key] = card
    return cards


CARDS: dict[str, Card] = _collect()
