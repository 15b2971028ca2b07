"""S15 卫生监督协管."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
