"""S28 信息化与预警."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
