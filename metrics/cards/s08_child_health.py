"""S08 儿童健康."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
