"""S36 行风与廉政."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
