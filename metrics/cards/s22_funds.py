"""S22 公卫经费."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
