"""Entries of the catalogue: finding requirements, listing them, and a card whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import Select

from metrics.card import Card, Form
from metrics.catalogue import Requirement, requirements
from metrics.judgement import Targets
from metrics.units import MISSING, aim, unit_suffix
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._rule import definition_parts
from pages._standards import all_parameters, all_targets, lines

_BETWEEN = "；"


def papers(rows: Iterable[Requirement]) -> list[str]:
    """The sources that requirements name, each once."""
    return sorted({paper.strip() for row in rows for paper in row.source.split(_BETWEEN)})


def found(here: Here, wanted: str, system: str, form: str, paper: str) -> list[Requirement]:
    """Requirements of a system, form and source in which, or in whose cards, every wanted word occurs."""
    words = wanted.lower().split()
    return [
        row
        for row in requirements()
        if system in ("all", row.system)
        and (form == "all" or form in {card.form for card in row.cards})
        and (paper == "all" or paper in row.source)
        and all(word in _haystack(row) for word in words)
    ]


def _haystack(row: Requirement) -> str:
    """Everything by which a requirement may be looked for, in both languages."""
    texts = [row.name, *([row.note] if row.note else [])]
    parts = [row.system, row.row, row.source]
    for card in row.cards:
        texts += [card.name, card.question, card.rule]
        parts += [card.key, card.source]
    return " ".join([*parts, *(f"{one.zh} {one.en}" for one in texts)]).lower()


def requirement_list(here: Here, rows: Sequence[Requirement], targets: Targets, **kept: str | None) -> str:
    """Requirements by system: name, form, the cards that answer it, their targets, the records.

    A name opens the entry, a card's name its figure. ``kept``: what else of the view a link carries.
    """
    text = here.text
    head = [text(f"column.{name}") for name in ("requirement", "form", "cards", "target", "records")]
    out: list[Sequence[str]] = []
    for system, group in groupby(rows, key=lambda row: row.system):
        name = esc(f"{system} {text(f'system.{system}')}")
        out.append([tag("td", name, css="group", colspan=str(len(head)))])
        for row in group:
            out.extend(_rows(here, row, targets, kept))
    return table(head, out, css="long", marks=["w", "nowrap", "w", "n", "wide small"])


def _rows(
    here: Here, row: Requirement, targets: Targets, kept: dict[str, str | None]
) -> Iterator[Sequence[str]]:
    """A row a card, so that each stands beside its own target; what is said once spans them."""
    text, language = here.text, here.language
    name = span(row.name[language])
    if row.cards:
        name = anchor(here.view.link("catalogue", row=row.row, **kept), name)
    tall = {"rowspan": str(max(1, len(row.cards)))}
    records = text("list.comma").join(text(f"source.{name}") for name in row.records)
    before = [
        tag("td", name, css="w", **tall),
        tag("td", esc(_form(here, row.form)) if row.form else MISSING, css="nowrap", **tall),
    ]
    after = tag("td", span(records or MISSING, css="muted"), css="wide small", **tall)
    if not row.cards:
        yield [*before, span(text("catalogue.no_card"), css="muted"), MISSING, after]
    for place, card in enumerate(row.cards):
        opens = anchor(here.view.link("indicator", ind=card.key), esc(card.name[language]))
        css = "more" if place else ""
        cells = [
            tag("td", opens, css=f"w {css}"),
            tag("td", esc(_target(here, card, targets)), css=f"n {css}"),
        ]
        yield cells if place else [*before, *cells, after]


def _form(here: Here, form: Form) -> str:
    return here.text(f"form.{form}")


def details(here: Here, card: Card) -> str:
    """One card whole, in words."""
    text, language = here.text, here.language
    rows = {row.row: row for row in requirements()}
    answers = [rows[name] for name in card.catalogue if name in rows]
    comma = text("list.comma")
    parts = [(text("rule.form"), esc(_form(here, card.form)))]
    parts += [(term, esc(words)) for term, words in definition_parts(here, card)]
    parts.append((text("column.counted_in"), esc(unit_suffix(card.unit, language) or MISSING)))
    parts.append((text("rule.targets"), lines(all_targets(here, card))))
    parts.append((text("rule.parameters"), lines(all_parameters(here, card))))
    named = (f"{row.name[language]}{text('list.aside', words=row.row)}" for row in answers)
    parts.append((text("rule.catalogue"), esc(comma.join(named))))
    parts += [(text("rule.note"), esc(row.note[language])) for row in answers if row.note]
    parts.append((text("rule.key"), esc(card.key)))
    other = card.name["en" if language == "zh" else "zh"]
    opens = anchor(here.view.link("indicator", ind=card.key), esc(text("catalogue.figure")))
    title = tag("div", span(card.name[language], css="strong"), " ", span(other, css="muted"), " ", opens)
    question = tag("div", esc(card.question[language]), css="muted")
    return title + question + tag("dl", *(tag("dt", esc(term)) + tag("dd", words) for term, words in parts))


def _target(here: Here, card: Card, targets: Targets) -> str:
    value, _, upper = targets.find_range(card.key, here.month // 12, here.unit, here.kind_of(here.unit))
    return aim(value, upper, card.unit, here.language)


def sql_of(select: Select) -> str:
    """A rule as the database reads it, with its values written in."""
    return str(select.compile(compile_kwargs={"literal_binds": True}))
