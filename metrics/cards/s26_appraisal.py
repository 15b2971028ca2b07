"""S26 绩效考核."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
