"""S21 财务."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
