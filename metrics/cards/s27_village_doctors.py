"""S27 乡村医生."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
