"""S24 乡村一体化."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
