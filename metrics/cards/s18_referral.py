"""S18 双向转诊."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
