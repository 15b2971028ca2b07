"""What the speaker must know of an indicator: its rule, its numbers, its target, and where both are from."""

from __future__ import annotations

from collections.abc import Sequence

from exports.charts import sources
from exports.deck_asked import Asked
from exports.phrases import denominator_words, numerator_words
from metrics.judgement import missed
from metrics.units import is_missing, show


def say(asked: Asked, keys: Sequence[str]) -> tuple[str, ...]:
    """One paragraph an indicator, as speaker notes have it."""
    return tuple(_of(asked, key) for key in keys)


def _of(asked: Asked, key: str) -> str:
    said, card, row = asked.text, asked.cards[key], asked.standing.loc[key]
    language = said.language
    parts = [said("deck.note_rule", name=card.name[language], rule=card.rule[language])]
    if not is_missing(row.value):
        shown = show(row.value, card.unit, language, beside=missed(row))
        if is_missing(row.denominator):
            parts.append(said("deck.note_count", value=shown))
        else:
            parts.append(
                said(
                    "deck.note_figure",
                    top=numerator_words(row, card, said),
                    bottom=denominator_words(row, card, said),
                    value=shown,
                )
            )
    if not is_missing(row.target):
        target = show(row.target, card.unit, language)
        parts.append(said("deck.note_target", value=target, source=sources([row.target_source], said)))
    parts.append(said("deck.note_source", source=sources([card.source], said)))
    if card.caveat is not None:
        parts.append(said("deck.note_caveat", caveat=card.caveat[language]))
    return sentences(parts, language)


def sentences(parts: Sequence[str], language: str) -> str:
    """The parts as sentences, each ended once."""
    stop, between = ("\u3002", "") if language == "zh" else (".", " ")
    return between.join(part if part.endswith(("\u3002", ".", "!", "?")) else part + stop for part in parts)
