"""S02 设施与设备."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
