"""S16 中医药."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
