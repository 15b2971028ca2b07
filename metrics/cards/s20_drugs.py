"""S20 药品耗材."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
