"""The scorecard on one screen and one page of paper."""

from __future__ import annotations

import math
from collections.abc import Sequence

from charts.spark import least_height, spark
from exports.about import about, lines
from metrics.scorecard import Cost, Finding, Scorecard, Scored, Station, Value
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
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._ranking import grade_mark
from pages._who import principal
from pages._words import status_word

#: How many of each fit on one screen and one page.
COSTS, MOVED, STATIONS, FINDINGS, DUTIES, WORK = 6, 6, 7, 3, 4, 3


def scorecard(here: Here, card: Scorecard) -> str:
    """Score and rank over four fields: costs and changes, stations and what is open or due."""
    left = [_costs(here, card)] if card.score else []
    left += [_stations(here, card)] if card.stations else []
    right = [_moved(here, card)] if card.score else []
    right += [_findings(here, card), _duties(here, card)]
    stacks = [tag("div", *some, css="pile") for some in (left, right) if some]
    fields = tag("div", *stacks, css="pair" if len(stacks) > 1 else "")
    return tag("div", _paper_head(here), _hero(here, card), fields, _paper_foot(here), css="onepage")


def _paper_head(here: Here) -> str:
    """What stands above on paper alone: on screen the page's own head says it."""
    title = f"{here.name_of(here.unit)} · {here.text('scorecard.title')}"
    return tag("div", tag("b", esc(title)), span(month_name(here.month, here.text)), css="paper papertitle")


def _paper_foot(here: Here) -> str:
    origin = about(here.built, here.name_of(here.unit), here.month, principal().name)
    return tag("div", *(span(line) for line in lines(origin, here.language)), css="paper asof")


# -- score and rank --------------------------------------------------------------------------------


def _hero(here: Here, card: Scorecard) -> str:
    said, language, score = sentences(here.language), here.language, card.score
    if score is None:
        return tag("div", esc(said("card.no_round", month=month_name(here.month, here.text))), css="strip")
    veto = span(f"▼ {score.sheet.item(score.veto).words[language]}", css="below small") if score.veto else ""
    full = tag("small", esc(f" / {score.full / 100:g}"))
    facts = [
        _fact(
            said("card.score_until", month=month_name(score.month, here.text)),
            tag("div", esc(points_words(score.points)), full, css="value"),
            grade_mark(here, score.grade, of_doctors=False) + veto,
        ),
        _fact(
            said("card.rank"),
            tag("div", esc(rank_words(score, language)), css="value"),
            span(parent_rank_words(score, language), css="muted small"),
        ),
        _fact(before_title(card, language), *_beside(card, card.quarter, language)),
        _fact(year_title(card, language), *_beside(card, card.year, language)),
    ]
    told = [span(round_words(score, language), css="muted small")]
    if peers := peers_words(card, language):
        told = [_peers(here, card), span(peers, css="small"), *told]
    link = here.view.link(
        "appraisal", sheet=score.sheet.key, round=score.round, subject=here.code_of(card.unit)
    )
    told.append(anchor(link, esc(here.text("card.opens")), css="small screen"))
    return tag("div", *facts, tag("div", *told, css="fact peers"), css="hero")


def _fact(name: str, *inside: str) -> str:
    return tag("div", span(name, css="k"), *inside, css="fact")


def _beside(card: Scorecard, before: Scored | None, language: str) -> tuple[str, ...]:
    """A score before, and what the score is against it."""
    if before is None:
        return (span(before_words(before, language), css="muted"),)
    change = card.against(before)
    return (
        span(before_words(before, language), css="v"),
        span(change_words(change), css=_tone(change)),
    )


def _peers(here: Here, card: Scorecard) -> str:
    """Every peer's published score as a mark on one line, the unit's own in full."""
    points = [one.points for one in card.peers]
    low, high = min(points), max(points)
    reach = (high - low) or 1
    marks = []
    for one in card.peers:
        name = f"{card.names.get(one.unit, '')} {points_words(one.points)}".strip()
        left = f"left:{(one.points - low) / reach * 100:.1f}%"
        marks.append(tag("i", css="own" if one.unit == card.unit else "", style=left, title=name))
    return tag("div", *marks, css="peerline")


# -- the four fields -------------------------------------------------------------------------------


def _field(name: str, title: str, beside: str, *inside: str) -> str:
    return tag("section", tag("h4", esc(title), beside), *inside, css=f"of_{name}")


def _costs(here: Here, card: Scorecard) -> str:
    said = sentences(here.language)
    if not card.costs:
        return _field("costs", said("card.costs"), "", span(said("card.costs_none"), css="muted"))
    names = ("item", "lost", "lost_quarter", "lost_year", "trend")
    head = [esc(said(f"card.{name}")) for name in names]
    rows = [_cost(here, one) for one in card.costs[:COSTS]]
    return _field(
        "costs", said("card.costs"), "", table(head, rows, css="costs", marks=["w", "n", "n", "n", "t wide"])
    )


def _cost(here: Here, cost: Cost) -> list[str]:
    name = esc(cost.item.words[here.language])
    if cost.item.card in here.cards:
        name = anchor(here.view.link("indicator", ind=cost.item.card), name)
    told = span(cost_words(cost, here.language), css="small restore")
    return [
        tag("div", name) + tag("div", told),
        tag("span", esc(points_words(cost.lost)), css="strong"),
        span(points_words(cost.quarter), css="muted"),
        span(points_words(cost.year), css="muted"),
        _line(here, cost),
    ]


def _line(here: Here, cost: Cost) -> str:
    if cost.item.card not in here.cards:
        return ""
    return spark(cost.trend, least=least_height(here.cards[cost.item.card], cost.trend))


def _moved(here: Here, card: Scorecard) -> str:
    said, language = sentences(here.language), here.language
    if card.against(card.quarter) is None:
        return _field("moved", said("card.moved"), "", span(said("card.moved_alone"), css="muted"))
    if not card.moved:
        return _field("moved", said("card.moved"), "", span(said("card.moved_none"), css="muted"))
    change = card.against(card.quarter)
    rows = []
    for one in card.moved[:MOVED]:
        name = esc(one.item.words[language])
        if one.item.card in here.cards:
            name = anchor(here.view.link("indicator", ind=one.item.card), name)
        rows.append(
            [
                tag("div", name) + tag("div", esc(moved_words(one, language)), css="small muted"),
                span(change_words(one.change), css=_tone(one.change)),
            ]
        )
    head = [esc(said("card.item")), esc(said("card.change"))]
    others = others_words(card, len(rows), language)
    note = tag("div", esc(others), css="muted small") if others else ""
    beside = span(change_words(change), css=_tone(change))
    return _field("moved", said("card.moved"), beside, table(head, rows, marks=["w", "n"]), note)


def _stations(here: Here, card: Scorecard) -> str:
    said = sentences(here.language)
    names = [here.cards[key].name[here.language] for key in card.columns]
    head = [
        esc(said("card.unit")),
        esc(said("card.score")),
        esc(said("card.open_findings")),
        *map(esc, names),
    ]
    rows = [_station(here, card, one) for one in card.stations[:STATIONS]]
    rows.append(
        [
            tag("b", esc(here.name_of(card.unit))),
            esc(points_words(card.score.points) if card.score else MISSING),
            esc(count(len(card.findings))),
            *(_cell(here, card.whole.get(key), key, card.unit) for key in card.columns),
        ]
    )
    left = len(card.stations) - STATIONS
    note = tag("div", esc(said("card.more_units", n=left)), css="muted small") if left > 0 else ""
    marks = ["u", "n", "n", *["c"] * len(card.columns)]
    return _field(
        "stations", said("card.stations"), "", table(head, rows, css="heat side", marks=marks), note
    )


def _station(here: Here, card: Scorecard, one: Station) -> Sequence[str]:
    link = here.view.link("scorecard", unit=here.code_of(one.unit))
    open_ones = count(one.open) + (f" ▼{one.overdue}" if one.overdue else "")
    return [
        anchor(link, esc(card.short[one.unit]), title=here.name_of(one.unit)),
        esc(points_words(one.score.points if one.score else None)),
        span(open_ones, css="below" if one.overdue else ""),
        *(_cell(here, one.values.get(key), key, one.unit) for key in card.columns),
    ]


def _cell(here: Here, value: Value | None, key: str, unit: int) -> str:
    """A tint, a shape and a number; "—" with the reason where there is no figure."""
    if value is None or math.isnan(value.value):
        status = "none" if value is None or value.status == "ok" else value.status
        return tag("td", span(MISSING, css="muted", title=status_word(status, here.text)), css="c")
    shape = "" if value.judgement == "none" else f"{SHAPES[value.judgement]} "
    shown = shape + number(value.value, here.cards[key].unit)
    title = here.text(f"judgement.{value.judgement}")
    if value.status == "part":
        shown, title = shown + here.text("status.part_short"), status_word("part", here.text)
    link = here.view.link("indicator", ind=key, unit=here.code_of(unit))
    return tag("td", anchor(link, esc(shown), title=title), css=f"c {value.judgement}")


def _findings(here: Here, card: Scorecard) -> str:
    said = sentences(here.language)
    if not card.findings:
        return _field("findings", said("card.findings"), "", span(said("card.findings_none"), css="muted"))
    n = said("card.findings_count", day=card.today, n=len(card.findings), overdue=card.overdue)
    beside = span(n, css="below" if card.overdue else "muted")
    rows = [_finding(here, card, one) for one in card.findings[:FINDINGS]]
    left = len(card.findings) - len(rows)
    more = tag("div", esc(said("card.more_findings", n=left)), css="muted small") if left > 0 else ""
    return _field("findings", said("card.findings"), beside, tag("ul", *rows), more)


def _finding(here: Here, card: Scorecard, one: Finding) -> str:
    link = here.view.link("supervision", unit=here.code_of(one.unit), finding=one.number)
    what = f"{card.names.get(one.unit, MISSING)} · {word('kind', one.kind, here.language)}"
    css = "below" if one.days_left < 0 else "muted"
    told = span(f" {one.due_on:%Y-%m-%d} {days_words(one, here.language)}", css=f"{css} small")
    return tag("li", anchor(link, esc(what)), told)


def _duties(here: Here, card: Scorecard) -> str:
    said, language = sentences(here.language), here.language
    title = said("card.duties", month=month_name(card.month, here.text))
    beside = anchor(here.view.link("duties"), span(duties_words(card.duties, language), css="muted"))
    undone = [one for one in card.duties if not one.is_done]
    rows = [
        tag("li", span("○ ", css="below"), anchor(_duty_link(here, one.key), esc(duty_words(one, language))))
        for one in undone[:DUTIES]
    ]
    if card.duties and not undone:
        rows.append(tag("li", span(said("card.duties_all_done"), css="above")))
    if len(undone) > DUTIES:
        rows.append(tag("li", span(said("card.more_duties", n=len(undone)), css="muted small")))
    most = WORK if card.score else 3 * WORK  # without a score there is room, and nothing else to go by
    work = [one for one in card.work if one.per_month > 0][:most]
    inside = [tag("ul", *rows)] if rows else []
    if work:
        links = [
            anchor(here.view.link("indicator", ind=one.key), esc(work_words(one, language))) for one in work
        ]
        lead = tag("b", esc(said("card.lead", name=said("card.work"))))
        inside.append(tag("div", lead, esc(here.text("list.semicolon")).join(links), css="worklist"))
    return _field("duties", title, beside, *inside)


def _duty_link(here: Here, key: str) -> str:
    return here.view.link("duties", duty=key)


def _tone(change: int | None) -> str:
    return "muted" if not change else "above" if change > 0 else "below"
