"""The deck of the quarterly meeting: what its slides say, from published figures. Nothing here knows pptx.

``quarterly`` asks ``metrics.figures`` once for each question and hands the answers to one function a slide. Slides
that have nothing to say are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from charts.spec import Bars
from exports.about import About, lines, period
from exports.charts import bars_of, lines_of
from exports.deck_asked import Asked, ask
from exports.deck_notes import definition_slides
from exports.deck_units import findings_slide, items_slide, map_slide, ranking_slide, work_slide
from exports.deck_words import say
from exports.slides import Appraisal, Cell, Deck, Findings, Slide, Table, Tile, Tiles
from exports.words import Text, text
from metrics import coverage, figures
from metrics.card import Card
from metrics.judgement import JUDGEMENTS, accumulates, missed
from metrics.principal import Principal
from metrics.reading import within
from metrics.units import MISSING, difference, is_missing, show
from metrics.wording import SHAPES, missing_words, month_name, too_many

Progress = Callable[[str, float], None]

_TILES = 8
_BEHIND = 10  # rows of what is behind
_TRENDS = 4
_COMPARED = 2
_COMPARED_UNITS = 14  # bars that stay legible beside another chart
_TREND_MONTHS = 13


def quarterly(
    principal: Principal,
    connection: Connection,
    unit: int,
    month: int,
    cards: Mapping[str, Card],
    about: About,
    language: str,
    appraisal: Appraisal | None = None,
    findings: Findings | None = None,
    progress: Progress = lambda what, share: None,
) -> Deck:
    """The deck of one unit and month: 8 to 12 slides with the cover.

    appraisal  the published round to rank by; None: by the share of targets met
    findings   what supervision found this year; None or nothing issued: no such slide
    progress   told what is being made and how much of the content is done, 0..1
    """
    said = text(language)
    progress("figures", 0.0)
    asked = ask(principal, connection, unit, month, cards, about, said)
    slides = [_stand(asked), _behind(asked)]
    progress("ranking", 0.3)
    slides += [ranking_slide(asked, appraisal), items_slide(asked)]
    progress("trends", 0.4)
    slides.append(_trends(principal, connection, asked))
    progress("comparison", 0.6)
    slides.append(_comparison(principal, connection, asked))
    progress("map", 0.7)
    drawn, mine = coverage.about(principal, connection), within(asked.tree, unit)
    if drawn is not None:
        cells = coverage.cells(principal, connection)
        borders = coverage.ground(connection, "boundaries")
        slides.append(map_slide(asked, cells[cells["unit"].isin(mine)], mine, drawn, borders))
    slides.append(findings_slide(asked, findings))
    progress("work", 0.8)
    paces = figures.paces(principal, connection, unit, month, {key: cards[key] for key in asked.behind.index})
    slides.append(work_slide(asked, paces))
    slides += definition_slides(asked)
    progress("content", 1.0)
    quarter = month % 12 // 3 + 1
    return Deck(
        title=said("deck.title", unit=about.unit),
        subtitle=said("deck.subtitle", year=month // 12, quarter=quarter, month=month_name(month, said)),
        cover=tuple(lines(about, language)),
        slides=tuple(slide for slide in slides if slide is not None),
        about=about,
        language=language,
    )


def file_name(about: About, language: str) -> str:
    """The name of the file, without its ending."""
    return text(language)("deck.file", unit=about.unit, month=period(about, language))


# -- where we stand ----------------------------------------------------------------------------------------------


def _stand(asked: Asked) -> Slide:
    said, aimed = asked.text, asked.aimed
    counts = aimed["judgement"].value_counts()
    parts = []
    for judgement in JUDGEMENTS:
        if n := int(counts.get(judgement, 0)):
            word = said("deck.unjudged") if judgement == "none" else said(f"judgement.{judgement}")
            parts.append(said("deck.count", word=word, n=n))
    keys = asked.use(figures.headline(asked.standing, asked.cards, _TILES))
    return Slide(
        key="stand",
        title=said("deck.stand"),
        message=said("deck.stand_message", n=len(aimed), parts=said("list.clause").join(parts)),
        blocks=(Tiles(tiles=tuple(_tile(asked, key) for key in keys)),),
        notes=say(asked, keys),
    )


def _tile(asked: Asked, key: str) -> Tile:
    said, card, row = asked.text, asked.cards[key], asked.standing.loc[key]
    value = MISSING
    if not is_missing(row.value):
        value = show(row.value, card.unit, said.language, beside=missed(row))
    under = []
    if not is_missing(row.target):
        target = show(row.target, card.unit, said.language)
        under.append(said("deck.target", value=target))
        if accumulates(card, row.basis) and not is_missing(row.expected):
            under.append(said("deck.due_by_now", value=show(row.expected, card.unit, said.language)))
    if row.missing > 0:
        short = missing_words(row.missing, card, said)
        under.append(short if too_many(row.missing, card) else said("deck.missing", n=short))
    if row.status != "ok":
        under.append(said(f"status.{row.status}"))
    elif card.unit.value == "percent" and row.value > 1:
        under.append(said("status.over"))
    mark = "" if row.judgement == "none" else f"{SHAPES[row.judgement]} {said(f'judgement.{row.judgement}')}"
    return Tile(
        name=card.name[said.language], value=value, mark=mark, judgement=row.judgement, lines=tuple(under)
    )


# -- what is behind ----------------------------------------------------------------------------------------------


def _behind(asked: Asked) -> Slide | None:
    said, behind = asked.text, asked.behind
    if behind.empty:
        return None
    shown = behind.head(_BEHIND)
    keys = asked.use(list(shown.index))
    head = ("indicator", "value", "aim", "due", "short", "gap", "last_year")
    first = behind.iloc[0]
    card = asked.cards[behind.index[0]]
    words = {
        "n": len(behind),
        "name": card.name[said.language],
        "missing": missing_words(first.missing, card, said),
        "value": show(first.value, card.unit, said.language),
    }
    message = "deck.behind_message_plain" if is_missing(first.missing) else "deck.behind_message"
    more = len(behind) - len(shown)
    return Slide(
        key="behind",
        title=said("deck.behind"),
        message=said(message, **words),
        blocks=(
            Table(
                head=tuple(said(f"deck.{name}") for name in head),
                rows=tuple(_behind_row(asked, key) for key in keys),
                align="lrrrrrr",
                widths=(4.2, 1.3, 1.2, 1.3, 1.5, 1.6, 1.7),
            ),
        ),
        notes=say(asked, keys),
        note=said("deck.behind_more", n=len(shown), more=more) if more else said("deck.behind_all"),
    )


def _behind_row(asked: Asked, key: str) -> tuple[Cell, ...]:
    said, card, row = asked.text, asked.cards[key], asked.behind.loc[key]
    language = said.language
    part = said("status.part_short") if row.status == "part" else ""
    due = show(row.expected, card.unit, language) if row.expected != row.target else MISSING
    return (
        Cell(card.name[language]),
        Cell(f"{SHAPES['below']} {show(row.value, card.unit, language, beside=missed(row))}{part}", "below"),
        Cell(show(row.target, card.unit, language)),
        Cell(due),
        Cell(missing_words(row.missing, card, said), strong=True),
        Cell(difference(row.gap, card.unit, language, fine=True)),
        Cell(difference(row.change, card.unit, language)),
    )


# -- trends and comparison -----------------------------------------------------------------------------------------


def _furthest(asked: Asked, most: int) -> list[str]:
    """The items furthest behind; where nothing is behind, the first with a target."""
    rows = asked.behind if len(asked.behind) else asked.aimed[asked.aimed["value"].notna()]
    return list(rows.index[:most])


def _trends(principal: Principal, connection: Connection, asked: Asked) -> Slide | None:
    said = asked.text
    keys = _furthest(asked, _TRENDS)
    charts = []
    for key in keys:
        card = asked.cards[key]
        course = figures.course(principal, connection, asked.unit, card, str(card.bases[0]))
        course = course[course["month"] <= asked.month]
        if course["value"].notna().sum() > 1:
            charts.append(lines_of(course, card, asked.about, said, months=_TREND_MONTHS))
    if not charts:
        return None
    change = asked.standing.loc[asked.use(keys), "change"].dropna()
    lower = [key for key in change.index if asked.cards[key].direction.value == "lower"]
    better = change.where(~change.index.isin(lower), -change)
    words = {"better": int((better > 0).sum()), "worse": int((better < 0).sum())}
    return Slide(
        key="trends",
        title=said("deck.trends"),
        message=said("deck.trends_message", **words) if len(change) else said("deck.trends_plain"),
        blocks=tuple(charts),
        notes=say(asked, keys),
    )


def _comparison(principal: Principal, connection: Connection, asked: Asked) -> Slide | None:
    said = asked.text
    charts, keys, message = [], [], ""
    for key in _furthest(asked, len(asked.aimed)):
        card = asked.cards[key]
        rows = figures.comparison(principal, connection, asked.unit, card, asked.month, str(card.bases[0]))
        whole = rows[rows["value"].notna()]
        if len(whole) < 2 or whole["value"].nunique() < 2:
            continue  # nothing to compare
        kept = rows
        if len(whole) > _COMPARED_UNITS:  # those furthest behind are what the meeting talks about
            told = whole[whole["status"] == "ok"]
            kept = (told if len(told) else whole).tail(_COMPARED_UNITS)
        chart = bars_of(kept, asked.names, card, asked.about, said)
        charts.append(chart if kept is rows else _cut(chart, said, len(whole) - len(kept)))
        keys.append(key)
        if not message:
            ends = whole[whole["status"] == "ok"]
            ends = ends if len(ends) else whole
            message = said(
                "deck.comparison_message",
                name=card.name[said.language],
                best=show(ends["value"].iloc[0], card.unit, said.language),
                best_unit=asked.names[ends["unit"].iloc[0]],
                worst=show(ends["value"].iloc[-1], card.unit, said.language),
                worst_unit=asked.names[ends["unit"].iloc[-1]],
            )
        if len(charts) == _COMPARED:
            break
    if not charts:
        return None
    return Slide(
        key="comparison",
        title=said("deck.comparison"),
        message=message,
        blocks=tuple(charts),
        notes=say(asked, asked.use(keys)),
        note=said("list.semicolon").join(
            said("deck.chart_note", name=chart.caption.title, note=chart.caption.note)
            for chart in charts
            if chart.caption.note
        ),
    )


def _cut(chart: Bars, said: Text, left_out: int) -> Bars:
    """The chart, saying how many better units it leaves out."""
    note = said("chart.and").join(
        one for one in (chart.caption.note, said("chart.better_left_out", n=left_out)) if one
    )
    return replace(chart, caption=replace(chart.caption, note=note))
