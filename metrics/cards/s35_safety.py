"""S35 医疗安全与院感."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
