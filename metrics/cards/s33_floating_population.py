"""S33 流动人口."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
