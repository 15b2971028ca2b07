"""S13 传染病与突发公卫事件."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
