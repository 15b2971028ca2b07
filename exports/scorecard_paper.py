"""The scorecard of a unit as one page of A4, to be written on and filed."""

from __future__ import annotations

import math

from charts.spark import least_height, strokes
from exports.about import About, lines
from exports.blocks import Block, Document, Heading, Paragraph, Table, Title
from exports.words import text
from metrics.cards import CARDS
from metrics.scorecard import Cost, Scorecard, Value
from metrics.scorecard_words import (
    before_title,
    before_words,
    change_words,
    cost_words,
    days_words,
    duties_words,
    duty_words,
    moved_words,
    others_words,
    parent_rank_words,
    peers_words,
    points_words,
    rank_words,
    round_words,
    work_words,
    year_title,
)
from metrics.sentences import sentences
from metrics.supervision.kinds import word
from metrics.units import MISSING, count, number
from metrics.wording import SHAPES, month_name

#: How many of each fit on one page.
COSTS, MOVED, STATIONS, FINDINGS, DUTIES, WORK, COLUMNS = 6, 6, 9, 3, 6, 3, 5


def name_of(unit: str, month: int, language: str) -> str:
    """What the file is called, without its ending."""
    said = text(language)
    return f"{said('card.title', unit=unit)}_{month_name(month, said)}"


def scorecard_document(card: Scorecard, about: About, language: str) -> Document:
    """The page: score and rank, costs, changes, units below, what is open and what is due."""
    said, told = text(language), sentences(language)
    blocks: list[Block] = [
        Title(said("card.title", unit=about.unit), said("card.under", month=month_name(card.month, said)))
    ]
    if card.score is None:
        blocks.append(Paragraph(told("card.no_round", month=month_name(card.month, said)), indent=False))
    else:
        blocks += [_score(card, language), *_peers(card, language)]
        blocks += [*_costs(card, language), *_moved(card, language)]
    blocks += _stations(card, language)
    blocks += [*_findings(card, language), *_duties(card, language)]
    return Document(
        name=name_of(about.unit, card.month, language),
        language=language,
        blocks=tuple(blocks),
        about=tuple(lines(about, language)),
        compact=True,
    )


def _score(card: Scorecard, language: str) -> Table:
    said, told, score = text(language), sentences(language), card.score
    veto = f"▼ {score.sheet.item(score.veto).words[language]}" if score.veto else ""
    cells = [
        f"{points_words(score.points)} / {score.full / 100:g}",
        " ".join(part for part in (told(f"appraisal.grade.{score.grade or 'none'}"), veto) if part),
        " ".join(part for part in (rank_words(score, language), parent_rank_words(score, language)) if part),
    ]
    for before in (card.quarter, card.year):
        change = card.against(before)
        words = before_words(before, language)
        cells.append(words if change is None else f"{words} {change_words(change)}")
    head = [
        told("card.score"),
        said("card.grade"),
        told("card.rank"),
        before_title(card, language),
        year_title(card, language),
    ]
    return Table(round_words(score, language), head, [cells], [2, 1.6, 1.8, 3.2, 3.2], ["centre"] * 5)


def _peers(card: Scorecard, language: str) -> list[Block]:
    words = peers_words(card, language)
    return [Paragraph(words, indent=False)] if words else []


def _costs(card: Scorecard, language: str) -> list[Block]:
    told = sentences(language)
    if not card.costs:
        return [Heading(told("card.costs"), 2), Paragraph(told("card.costs_none"), indent=False)]
    rows = [
        [
            one.item.words[language],
            cost_words(one, language),
            points_words(one.lost),
            points_words(one.quarter),
            points_words(one.year),
            _strokes(one) or MISSING,
        ]
        for one in card.costs[:COSTS]
    ]
    head = [told("card.item"), told("card.restoring")]
    head += [told(f"card.{name}") for name in ("lost", "lost_quarter", "lost_year", "trend")]
    aligns = ["left", "left", "right", "right", "right", "centre"]
    return [Table(told("card.costs"), head, rows, [3, 4.8, 0.9, 1.1, 1.1, 2.9], aligns)]


def _strokes(cost: Cost) -> str:
    card = CARDS.get(cost.item.card)
    return strokes(cost.trend, least_height(card, cost.trend) if card else 0.0)


def _moved(card: Scorecard, language: str) -> list[Block]:
    told, change = sentences(language), card.against(card.quarter)
    if change is None or not card.moved:
        said = "card.moved_alone" if change is None else "card.moved_none"
        return [Heading(told("card.moved"), 2), Paragraph(told(said), indent=False)]
    rows = [
        [one.item.words[language], moved_words(one, language), change_words(one.change)]
        for one in card.moved[:MOVED]
    ]
    head = [told("card.item"), told("card.then_now"), told("card.change")]
    caption = f"{told('card.moved')} {change_words(change)}"
    note = others_words(card, len(rows), language)
    return [Table(caption, head, rows, [5, 5, 1.6], ["left", "left", "right"], note)]


def _stations(card: Scorecard, language: str) -> list[Block]:
    if not card.stations:
        return []
    said, told, columns = text(language), sentences(language), card.columns[:COLUMNS]
    rows = []
    for one in card.stations[:STATIONS]:
        overdue = f" ▼{one.overdue}" if one.overdue else ""
        rows.append(
            [
                card.short[one.unit],
                points_words(one.score.points if one.score else None),
                f"{count(one.open)}{overdue}",
                *(_cell(one.values.get(key), key, said) for key in columns),
            ]
        )
    whole = points_words(card.score.points if card.score else None)
    own = [_cell(card.whole.get(key), key, said) for key in columns]
    rows.append([said("card.whole"), whole, count(len(card.findings)), *own])
    head = [told("card.unit"), told("card.score"), told("card.open_findings")]
    head += [CARDS[key].name[language] for key in columns]
    left = len(card.stations) - STATIONS
    note = told("card.more_units", n=left) if left > 0 else ""
    aligns = ["left", "right", "right", *["right"] * len(columns)]
    weights = [2.6, 1.3, 1.2, *[2] * len(columns)]
    return [Table(told("card.stations"), head, rows, weights, aligns, note)]


def _cell(value: Value | None, key: str, said) -> str:
    if value is None or math.isnan(value.value):
        return MISSING
    shape = "" if value.judgement == "none" else f"{SHAPES[value.judgement]} "
    part = said("status.part_short") if value.status == "part" else ""
    return f"{shape}{number(value.value, CARDS[key].unit)}%{part}"


def _findings(card: Scorecard, language: str) -> list[Block]:
    told = sentences(language)
    if not card.findings:
        return [_line(told("card.findings"), told("card.findings_none"), language)]
    shown = [
        f"{card.names.get(one.unit, MISSING)} {word('kind', one.kind, language)}"
        f" {one.due_on:%Y-%m-%d} {days_words(one, language)}"
        for one in card.findings[:FINDINGS]
    ]
    n = told("card.findings_count", day=card.today, n=len(card.findings), overdue=card.overdue)
    return [_line(told("card.findings"), _joined([n, *shown], language), language)]


def _duties(card: Scorecard, language: str) -> list[Block]:
    said, told = text(language), sentences(language)
    undone = [one for one in card.duties if not one.is_done]
    parts = [
        duties_words(card.duties, language),
        *(f"○ {duty_words(one, language)}" for one in undone[:DUTIES]),
    ]
    if len(undone) > DUTIES:
        parts.append(told("card.more_duties", n=len(undone)))
    found = [
        _line(told("card.duties", month=month_name(card.month, said)), _joined(parts, language), language)
    ]
    work = [one for one in card.work if one.per_month > 0][:WORK]
    if work:
        words = [work_words(one, language) for one in work]
        found.append(_line(told("card.work"), _joined(words, language), language))
    return found


def _joined(parts: list[str], language: str) -> str:
    return text(language)("list.semicolon").join(parts)


def _line(name: str, words: str, language: str) -> Paragraph:
    return Paragraph(words, indent=False, lead=sentences(language)("card.lead", name=name))
