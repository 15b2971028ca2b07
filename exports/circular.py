"""The circular after an appraisal: who scored what, each indicator in three tables, strong points, problems, demands.

The content only; ``exports/docx_blocks.py`` writes it. Scores are those of a published round, after appeals.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from data.words import Text
from exports.about import About, lines
from exports.blocks import Block, Document, Heading, PageBreak, Paragraph, Signature, Table, Title, folded
from exports.phrases import bounded, denominator_words, grade_words, numerator_words
from exports.summary import numbered
from exports.words import text
from metrics.appraisal.scoring import Line, mean_points
from metrics.appraisal.sheet import PERIOD, Item, Sheet
from metrics.card import Card, Direction
from metrics.comparing.levels import levels_in
from metrics.comparing.words import place_words, reason_of, unranked_words, verdict_word
from metrics.statistics.verdict import NONE
from metrics.units import MISSING, is_missing, number, show, unit_suffix
from metrics.wording import hidden_word, month_name, paper_words

_NAMED = 5  # units and items that are named in a sentence; the tables have all
_LONG = 12  # rows of a table that are still written under each other
_LOST = 3  # items of a unit that are named among its problems


@dataclass(frozen=True)
class Ranked:
    """One row of an indicator's table.

    deviation  of the single values of a mean; NaN where it is not known
    place      of ``comparing.judging.compared`` (place, its interval, why there is none)
    """

    unit: str
    numerator: float
    denominator: float
    value: float
    status: str
    deviation: float = math.nan
    place: Any = None


@dataclass(frozen=True)
class Indicator:
    """An indicator of the sheet: its item, card and target, and its rows in up to three tables.

    card  with the better side that the item has
    baselines  unit's name -> what its score was measured by; None: nothing
    sides  "with" (centres with their stations and clinics), "own" (centres themselves), "below" (stations, clinics)
    """

    item: Item
    card: Card
    basis: str
    target: float
    baselines: Mapping[str, float | None]
    sides: Mapping[str, Sequence[Ranked]]
    month: int


@dataclass(frozen=True)
class Appraised:
    """What a circular is written from.

    results     of the round: unit, final, full, final_rank, final_grade, final_veto; best first (``rounds.results``)
    before      unit -> final points of the round before; empty: there is none
    scores      unit -> its lines, in the sheet's order
    findings    open findings: unit, what, due_on, days_left; None: none are kept
    """

    bureau: str
    sheet: Sheet
    month: int
    first: date
    last: date
    results: pd.DataFrame
    before: Mapping[int, int]
    scores: Mapping[int, Sequence[Line]]
    names: Mapping[int, str]
    indicators: Sequence[Indicator]
    findings: pd.DataFrame | None
    mend_by: date
    left_out: Sequence[int] = ()  # units whose total is not public


def circular(round_: Appraised, about: About, language: str) -> Document:
    """The circular as a document."""
    said = text(language)
    title = said("circular.title", bureau=round_.bureau, period=_period(round_, said))
    blocks: list[Block] = [
        Title(title, said("circular.days", first=_day(round_.first, said), last=_day(round_.last, said))),
        Paragraph(said("circular.to"), indent=False),
        Heading(numbered(1, said("circular.basis_head"), said)),
        Paragraph(_basis(round_, said)),
        Heading(numbered(2, said("circular.scores_head"), said)),
        Paragraph(_scores_sentence(round_, said)),
        _score_table(round_, said),
        Heading(numbered(3, said("circular.indicators_head"), said)),
        *(Paragraph(_indicator_sentence(one, place, said)) for place, one in enumerate(round_.indicators, 1)),
        Heading(numbered(4, said("circular.strong_head"), said)),
        *map(Paragraph, _strong(round_, said)),
        Heading(numbered(5, said("circular.problems_head"), said)),
        *map(Paragraph, _problems(round_, said)),
        Heading(numbered(6, said("circular.demands_head"), said)),
        *map(Paragraph, _demands(round_, said)),
        Signature(
            (
                round_.bureau,
                _day(about.at, said),
            )
        ),
        PageBreak(landscape=True),
        Heading(said("circular.annex_scores")),
        *_section_tables(round_, said),
        Heading(said("circular.annex_indicators")),
        Paragraph(said("circular.annex_dates", day=about.data_until or MISSING)),
        *(table for one in round_.indicators for table in _indicator_tables(one, said)),
    ]
    if round_.findings is not None:
        blocks += [Heading(said("circular.annex_findings")), _finding_table(round_, said)]
    return Document(title, language, tuple(blocks), tuple(lines(about, language)))


# -- the body --------------------------------------------------------------------------------------


def _period(round_: Appraised, said: Text) -> str:
    return said(
        f"circular.period_{round_.last.month - round_.first.month + 1}",
        year=round_.month // 12,
        quarter=round_.month % 12 // 3 + 1,
    )


def _day(day: date, said: Text) -> str:
    """A day as papers have it: without leading noughts."""
    return said("summary.made_on", year=day.year, month=day.month, day=day.day)


def _basis(round_: Appraised, said: Text) -> str:
    return said(
        "circular.basis",
        sheet=round_.sheet.words[said.language],
        version=round_.sheet.version,
        units=len(round_.results),
        items=len(round_.sheet.items),
        figures=len(round_.indicators),
        full=f"{round_.sheet.full / 100:g}",
        month=month_name(round_.month, said),
    )


def _scores_sentence(round_: Appraised, said: Text) -> str:
    table = round_.results
    grades = Counter(table["final_grade"])
    mean = mean_points(table["final"])
    parts = [
        said("circular.mean", mean=points(mean)),
        said("phrase.comma").join(
            said("circular.grade", grade=grade_words(grade, said), units=grades.get(grade, 0))
            for grade in ("excellent", "good", "qualified", "unqualified")
        ),
    ]
    best = _names(round_, table.head(3)["unit"], said)
    return (
        said("phrase.semicolon").join(parts) + said("phrase.stop") + said("circular.first_three", units=best)
    )


def _score_table(round_: Appraised, said: Text) -> Table:
    rows = []
    for row in round_.results.itertuples():
        before = round_.before.get(row.unit)
        rows.append(
            (
                _rank(row.final_rank),
                round_.names[row.unit],
                points(row.final),
                MISSING if before is None else _signed(row.final - before),
                grade_words(row.final_grade, said)
                + (said("circular.vetoed") if isinstance(row.final_veto, str) else ""),
            )
        )
    return Table(
        said("circular.score_table"),
        [said(f"circular.{name}") for name in ("rank", "unit", "score", "change", "grade_head")],
        rows,
        (1, 5, 1.6, 1.8, 2),
        ("centre", "left", "right", "right", "centre"),
        _score_note(round_, said),
    )


def _score_note(round_: Appraised, said: Text) -> str:
    note = "" if round_.before else said("circular.no_before")
    if round_.left_out:
        note += said("circular.totals_hidden", units=_names(round_, round_.left_out, said))
    step = 1 if round_.results.empty else int(round_.results["step"].max())
    return note + (said("circular.totals_cut", step=f"{step / 100:g}") if step > 1 else "")


def _indicator_sentence(one: Indicator, place: int, said: Text) -> str:
    """Target, how many reached it, and who did not."""
    rows = [row for row in one.sides["with"] if not is_missing(row.value)]
    name = one.card.name[said.language]
    if is_missing(one.target):
        sentence = said("circular.no_target", place=place, name=name, units=len(rows))
    else:
        missed = [row for row in rows if not _reaches(one, row)]
        sentence = said(
            "circular.indicator",
            place=place,
            name=name,
            target=_target(one, said),
            units=len(rows),
            reached=len(rows) - len(missed),
        )
        if missed:
            worst = said("phrase.enumeration").join(
                said(
                    "circular.missed_unit",
                    unit=row.unit,
                    value=show(row.value, one.card.unit, said.language, beside=_asked(one, row)),
                )
                for row in sorted(
                    missed, key=lambda row: row.value, reverse=one.card.direction is Direction.LOWER
                )[:_NAMED]
            )
            more = said("circular.and_more", more=len(missed) - _NAMED) if len(missed) > _NAMED else ""
            sentence += said("circular.missed", units=worst, more=more)
    absent = [row.unit for row in one.sides["with"] if is_missing(row.value)]
    if absent:
        sentence += said(
            "circular.no_figure_all" if len(absent) <= _NAMED else "circular.no_figure",
            units=said("phrase.enumeration").join(absent[:_NAMED]),
            number=len(absent),
        )
    return sentence + said("phrase.stop")


def _strong(round_: Appraised, said: Text) -> list[str]:
    """Who is first how often, and who gained most since the round before."""
    firsts = Counter(row.unit for one in round_.indicators for row in one.sides["with"] if _is_first(row))
    found = []
    if firsts:
        told = said("phrase.enumeration").join(
            said("circular.first_in", unit=unit, times=times) for unit, times in firsts.most_common(_NAMED)
        )
        found.append(said("circular.firsts", units=told) + said("phrase.stop"))
    gained = sorted(
        (
            (row.final - round_.before[row.unit], row.unit)
            for row in round_.results.itertuples()
            if row.unit in round_.before
        ),
        reverse=True,
    )
    gained = [(change, unit) for change, unit in gained if change > 0][:_NAMED]
    if gained:
        told = said("phrase.enumeration").join(
            said("circular.gain", unit=round_.names[unit], change=points(change)) for change, unit in gained
        )
        found.append(said("circular.gained", units=told) + said("phrase.stop"))
    full = [row.unit for row in round_.results.itertuples() if row.final >= row.full]
    if full:
        found.append(said("circular.full_marks", units=_names(round_, full, said)) + said("phrase.stop"))
    return found or [said("circular.nothing_strong")]


def _problems(round_: Appraised, said: Text) -> list[str]:
    """What most units lose points on, then each unit below the best grade with the items that cost it most."""
    items = {item.key: item for item in round_.sheet.items}
    lost: Counter[str] = Counter()
    for one in round_.scores.values():
        for line in one:
            lost[line.item] += line.lost if items[line.item].is_weighed else 0
    common = [
        said("circular.common_item", item=items[key].words[said.language], lost=points(total))
        for key, total in lost.most_common(_NAMED)
        if total
    ]
    found = []
    if common:
        found.append(
            said("circular.common", items=said("phrase.enumeration").join(common)) + said("phrase.stop")
        )
    for row in round_.results.sort_values("final").itertuples():
        worst = sorted(
            (line for line in round_.scores[row.unit] if line.lost and items[line.item].is_weighed),
            key=lambda line: -line.lost,
        )[:_LOST]
        if not worst or row.final_grade == "excellent":
            continue
        told = said("phrase.enumeration").join(
            said(
                "circular.lost_item",
                item=items[line.item].words[said.language],
                lost=points(line.lost),
                weight=points(line.weight),
            )
            for line in worst
        )
        found.append(
            said("circular.unit_problem", unit=round_.names[row.unit], items=told) + said("phrase.stop")
        )
    return found or [said("circular.no_problems")]


def _demands(round_: Appraised, said: Text) -> list[str]:
    found = [said("circular.demand_mend", day=_day(round_.mend_by, said))]
    weak = round_.results[round_.results["final_grade"] == "unqualified"]["unit"]
    if len(weak):
        found.append(said("circular.demand_unqualified", units=_names(round_, weak, said)))
    if round_.findings is not None and len(round_.findings):
        late = int((round_.findings["days_left"] < 0).sum())
        found.append(said("circular.demand_findings", open=len(round_.findings), late=late))
    found.append(said("circular.demand_money"))
    return found


# -- annexes ---------------------------------------------------------------------------------------


def _section_tables(round_: Appraised, said: Text) -> list[Table]:
    """Every unit's points by section."""
    sections = round_.sheet.sections
    place = {item.key: number for number, section in enumerate(sections) for item in section.items}
    rows = []
    for row in round_.results.itertuples():
        sums: list[int | None] = [0] * len(sections)
        for line in round_.scores[row.unit]:
            section = place[line.item]
            if line.hidden and line.points is None:
                sums[section] = None
            elif sums[section] is not None:
                sums[section] += line.points or 0
        told = [hidden_word(said) if one is None else points(one) for one in sums]
        rows.append((_rank(row.final_rank), round_.names[row.unit], *told, points(row.final)))
    head = [said("circular.rank"), said("circular.unit")]
    head += [said("circular.of_full", name=s.words[said.language], full=points(s.weight)) for s in sections]
    return [
        Table(
            said("circular.section_table"),
            [*head, said("circular.score")],
            rows,
            (1, 4.5, *[1.8] * len(sections), 1.6),
            ("centre", "left", *["right"] * len(sections), "right"),
            said("circular.section_note"),
        )
    ]


def _indicator_tables(one: Indicator, said: Text) -> list[Table]:
    """The customary tables of one indicator; a kind of table that it cannot have is left out, with the reason."""
    ratio = one.card.is_ratio
    columns = ["unit", *(["numerator", "denominator"] if ratio else []), "value"]
    found = []
    for side in ("with", "own", "below"):
        every = one.sides.get(side, ())
        rows = [row for row in every if side == "with" or not _is_empty(row)]
        if not rows:
            continue
        left_out = said("circular.left_out", number=len(every) - len(rows), why=said("status.empty"))
        cells, why = [], _not_ranked(rows)
        for row in rows:
            counts = (
                [numerator_words(row, one.card, said), denominator_words(row, one.card, said)]
                if ratio
                else []
            )
            value = (
                said(f"status.{row.status}")
                if is_missing(row.value)
                else number(row.value, one.card.unit, beside=None if _reaches(one, row) else _asked(one, row))
            )
            over = (
                said("phrase.over_short")
                if ratio and not is_missing(row.value) and row.value > 1 and one.card.unit.value == "percent"
                else ""
            )
            cells.append((_standing(row, why, said), row.unit, *counts, value + over))
        unit = unit_suffix(one.card.unit, said.language)
        caption = said(
            f"circular.side_{side}",
            name=one.card.name[said.language],
            target="" if is_missing(one.target) else said("circular.asked", target=_target(one, said)),
        )
        heads = [said("circular.to_peers" if why else "circular.rank")]
        heads += [said(f"circular.{name}") for name in columns[:-1]]
        heads.append(said("circular.value_in", unit=unit) if unit else said("circular.value"))
        table = Table(
            caption,
            heads,
            cells,
            (2, 6, *([2, 2] if ratio else []), 2.2),
            ("centre", "left", *(["right", "right"] if ratio else []), "right"),
            _note(one, said)
            + _rank_note(one, rows, why, said)
            + (left_out if len(rows) < len(every) else ""),
        )
        found.append(table if len(cells) <= _LONG else folded(table, 2))
    return found


def _not_ranked(rows: Sequence[Ranked]) -> str:
    """Why these units have no ranks by this indicator, "" where they have."""
    return reason_of(pd.DataFrame({"unranked": [row.place.unranked for row in rows]}))


def _standing(row: Ranked, why: str, said: Text) -> str:
    """The rank with its interval; where there are none, how the unit stands to the others."""
    if not why:
        return place_words(row.place)
    return MISSING if row.place.to_peers == NONE else verdict_word(row.place.to_peers, said)


def _rank_note(one: Indicator, rows: Sequence[Ranked], why: str, said: Text) -> str:
    if why:
        return said("circular.not_ranked", why=unranked_words(why, one.card, one.month, said))
    if any(not is_missing(row.place.place_low) for row in rows):
        return said("circular.rank_interval", percent=f"{levels_in(one.month).interval * 100:g}")
    return ""


def _is_first(row: Ranked) -> bool:
    """Whether a unit is first beyond doubt: no interval reaches a second rank."""
    low = row.place.place if is_missing(row.place.place_low) else row.place.place_high
    return low == 1


def _is_empty(row: Ranked) -> bool:
    """Whether the unit has nobody to serve: dozens of such rows would hide the others."""
    return row.status == "empty" and is_missing(row.value)


def _note(one: Indicator, said: Text) -> str:
    note = said("circular.source", source=paper_words(one.card.source, said), basis=_basis_words(one, said))
    return note if one.sides.get("own") else note + said("circular.no_own")


def _basis_words(one: Indicator, said: Text) -> str:
    return said("circular.period_basis") if one.basis == PERIOD else said(f"basis.{one.basis}")


def _finding_table(round_: Appraised, said: Text) -> Table:
    rows = [
        (
            round_.names.get(row.unit, MISSING),
            row.what,
            f"{row.due_on:%Y-%m-%d}",
            said("circular.late", days=-row.days_left)
            if row.days_left < 0
            else said("circular.left", days=row.days_left),
        )
        for row in round_.findings.itertuples()
    ]
    return Table(
        said("circular.finding_table"),
        [said(f"circular.{name}") for name in ("unit", "finding", "due", "state")],
        rows,
        (3, 7, 1.8, 2),
        ("left", "left", "centre", "left"),
    )


# -- words -----------------------------------------------------------------------------------------


def points(hundredths: float | None) -> str:
    """9520 -> 95.20."""
    return MISSING if is_missing(hundredths) else f"{round(hundredths) / 100:,.2f}".replace("-", "−")


def _signed(change: float) -> str:
    if round(change) == 0:
        return "0.00"
    return f"{'▲' if change > 0 else '▼'} {abs(change) / 100:.2f}"


def _rank(rank: float | None) -> str:
    return MISSING if is_missing(rank) else f"{rank:.0f}"


def _names(round_: Appraised, units, said: Text) -> str:
    units = list(units)
    told = said("phrase.enumeration").join(round_.names[unit] for unit in units[:_NAMED])
    return told + (said("circular.and_more", more=len(units) - _NAMED) if len(units) > _NAMED else "")


def _target(one: Indicator, said: Text) -> str:
    return bounded(show(one.target, one.card.unit, said.language), one.card)


def _asked(one: Indicator, row: Ranked) -> float:
    asked = one.baselines.get(row.unit)
    return one.target if is_missing(asked) else asked


def _reaches(one: Indicator, row: Ranked) -> bool:
    """Whether a unit reached what its score was measured by, or, where that says nothing, the target."""
    asked = _asked(one, row)
    return row.value <= asked if one.card.direction is Direction.LOWER else row.value >= asked
