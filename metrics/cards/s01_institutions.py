"""S01 机构网络与设置."""

from __future__ import annotations

from metrics.card import Card

CARDS: list[Card] = []
