"""S14 结核病与艾滋病."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
