"""S34 总结与计划."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
