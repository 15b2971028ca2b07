"""S23 医疗保险."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
