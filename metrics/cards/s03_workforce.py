"""S03 人才队伍与培训."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
