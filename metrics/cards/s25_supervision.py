"""S25 督导检查."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
