"""Entries of the catalogue: finding cards, listing them, and one card whole."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Select

from metrics.card import Card
from metrics.judgement import Targets
from metrics.units import MISSING, is_missing, show, unit_suffix
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._papers import paper_words
from pages._rule import definition_parts


def found(here: Here, wanted: str, system: str) -> list[str]:
    """Keys of the cards of a system in which every wanted word occurs, in either language."""
    words = wanted.lower().split()
    return [
        key
        for key, card in here.cards.items()
        if system in ("all", card.system) and all(word in _haystack(card) for word in words)
    ]


def _haystack(card: Card) -> str:
    texts = (card.name, card.question, card.rule)
    return " ".join([card.key, card.source, *card.catalogue, *(t.zh + " " + t.en for t in texts)]).lower()


def card_list(here: Here, keys: Sequence[str], targets: Targets) -> str:
    """The cards by system: name, rule, unit, target; a name opens the card."""
    text = here.text
    head = [text(f"column.{name}") for name in ("indicator", "rule", "counted_in", "target")]
    rows: list[Sequence[str]] = []
    for system, group in groupby(keys, key=lambda key: here.cards[key].system):
        rows.append([tag("td", esc(f"{system} {text(f'system.{system}')}"), css="group", colspan="4")])
        rows.extend(_row(here, here.cards[key], targets) for key in group)
    return table(head, rows, css="long", marks=["w", "", "nowrap", "n"])


def _row(here: Here, card: Card, targets: Targets) -> list[str]:
    view = here.view
    link = view.link("catalogue", ind=card.key, system=view.values["system"])
    return [
        anchor(link, esc(card.name[here.language])),
        span(card.rule[here.language], css="small muted"),
        esc(unit_suffix(card.unit, here.language)),
        esc(_target(here, card, targets)),
    ]


def details(here: Here, card: Card, targets: Targets) -> str:
    """One card whole, in words."""
    text, language = here.text, here.language
    value, source = targets.find(card.key, here.month // 12, here.unit, here.kind_of(here.unit))
    aim = show(value, card.unit, language)
    parts = [
        *definition_parts(here, card),
        (
            text("column.target"),
            MISSING
            if is_missing(value)
            else f"{here.month // 12}: {aim}{text('list.aside', words=paper_words(source, text))}",
        ),
        (text("rule.catalogue"), text("list.comma").join(card.catalogue)),
        (text("rule.key"), card.key),
    ]
    title = tag(
        "div",
        span(card.name[language], css="strong"),
        " ",
        span(card.name["en" if language == "zh" else "zh"], css="muted"),
    )
    question = tag("div", esc(card.question[language]), css="muted")
    opens = tag("div", anchor(here.view.link("indicator", ind=card.key), esc(text("catalogue.open"))))
    return title + question + tag("dl", *(tag("dt", esc(k)) + tag("dd", esc(v)) for k, v in parts)) + opens


def _target(here: Here, card: Card, targets: Targets) -> str:
    value, _ = targets.find(card.key, here.month // 12, here.unit, here.kind_of(here.unit))
    return show(value, card.unit, here.language)


def sql_of(select: Select) -> str:
    """A rule as the database reads it, with its values written in."""
    return str(select.compile(compile_kwargs={"literal_binds": True}))
