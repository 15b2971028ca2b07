"""S12 精神卫生."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
