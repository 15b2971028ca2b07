"""S32 特色服务."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
