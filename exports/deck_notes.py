"""The annex of the deck: every indicator that it shows, with its rule and sources."""

from __future__ import annotations

import math

from exports.charts import sources
from exports.deck_asked import Asked
from exports.deck_words import say
from exports.slides import Cell, Slide, Table

_ROWS = 8  # indicators on one slide
_SLIDES = 2


def definition_slides(asked: Asked) -> list[Slide]:
    """One or two slides; what has no room is in the speaker notes of the last one."""
    said = asked.text
    keys = [key for key in asked.used if key in asked.standing.index]
    shown = keys[: _ROWS * _SLIDES]
    tall = math.ceil(len(shown) / max(1, math.ceil(len(shown) / _ROWS)))  # slides are alike
    pages = [shown[i : i + tall] for i in range(0, len(shown), max(1, tall))]
    left = keys[_ROWS * _SLIDES :]
    slides = []
    for number, page in enumerate(pages, 1):
        title = said("deck.definitions") if len(pages) == 1 else said("deck.definitions_n", n=number)
        slides.append(
            Slide(
                key=f"definitions_{number}",
                title=title,
                message=said("deck.definitions_message"),
                blocks=(
                    Table(
                        head=tuple(said(f"deck.{name}") for name in ("indicator", "rule", "source")),
                        rows=tuple(_row(asked, key) for key in page),
                        align="lll",
                        widths=(2.3, 6.2, 3.5),
                    ),
                ),
                notes=say(asked, left) if number == len(pages) else (),
            )
        )
    return slides


def _row(asked: Asked, key: str) -> tuple[Cell, ...]:
    said, card, row = asked.text, asked.cards[key], asked.standing.loc[key]
    papers = sources([card.source, row.target_source], said)
    return Cell(card.name[said.language], strong=True), Cell(card.rule[said.language]), Cell(papers)
