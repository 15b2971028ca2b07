"""S09 孕产妇与妇女保健."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
