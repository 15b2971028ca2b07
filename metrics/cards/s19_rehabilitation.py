"""S19 残疾康复."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
