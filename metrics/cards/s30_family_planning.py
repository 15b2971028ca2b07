"""S30 计划生育."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
