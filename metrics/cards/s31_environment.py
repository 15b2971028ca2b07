"""S31 爱国卫生与环境."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
