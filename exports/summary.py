"""The work summary of a centre or the bureau, with the plan for the next year: written from the figures alone.

What is said of a figure stands in ``exports/phrases.py``. A clause stands in the body where a target or a last
year gives it meaning; the annex has every figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data.words import Text
from exports.about import About, lines
from exports.blocks import Block, Document, Heading, PageBreak, Paragraph, Signature, Table, Title
from exports.phrases import denominator_words, figure_clause, numerator_words, paragraph, target_words
from exports.words import text
from metrics.card import Card, Form, Unit
from metrics.figures import is_ranking, worst_first
from metrics.judgement import Targets, missed, missing
from metrics.units import MISSING, count, is_missing, show
from metrics.wording import SHAPES, missing_words, month_name

_WORST = 12  # problems that are told in sentences; the annex has all
_CLAUSES = 8  # of one paragraph: a longer one is not read


@dataclass(frozen=True)
class Year:
    """What a summary is written from.

    standing  ``figures.standing`` of the unit in the month
    targets   the targets in force in the year after
    """

    unit: int
    kind: str
    name: str
    month: int
    standing: pd.DataFrame
    targets: Targets


def summary(year: Year, cards: Mapping[str, Card], about: About, language: str) -> Document:
    """The summary as a document; ``cards`` in the order in which they are told."""
    said = text(language)
    known = year.standing[[key in cards for key in year.standing.index]]
    blocks: list[Block] = [
        Title(
            said("summary.title", unit=year.name, year=year.month // 12, next=year.month // 12 + 1),
            _covered(year, cards, said),
        ),
        *_overview(year, known, cards, said),
        *_by_system(known, cards, said),
        *_problems(known, cards, said),
        *_plan(year, known, cards, said),
        Signature(
            (year.name, said("summary.made_on", year=about.at.year, month=about.at.month, day=about.at.day))
        ),
        PageBreak(landscape=True),
        Heading(said("summary.annex")),
        _annex(known, cards, said),
    ]
    name = said("summary.file", unit=year.name, year=year.month // 12)
    return Document(name, language, tuple(blocks), tuple(lines(about, language)))


def _covered(year: Year, cards: Mapping[str, Card], said: Text) -> str:
    if (year.month + 1) % 12 == 0:
        return said("summary.whole_year", year=year.month // 12)
    return said("summary.until", month=month_name(year.month, said))


def _overview(year: Year, known: pd.DataFrame, cards: Mapping[str, Card], said: Text) -> list[Block]:
    judged = known.loc[[is_ranking(cards[key]) for key in known.index]]
    counts = judged["judgement"].value_counts()
    aimed = int((judged["judgement"] != "none").sum())
    best = judged[(judged["change"] > 0) & (judged["judgement"].isin(["above", "at"]))]
    # A share above all there are asks for a look at its denominator, not for praise.
    best = best.loc[[not (cards[key].is_ratio and best.at[key, "value"] > 1) for key in best.index]]
    shares = best.loc[[cards[key].unit is Unit.PERCENT for key in best.index]].nlargest(3, "change")
    sentences = [
        said(
            "summary.overview",
            unit=year.name,
            figures=int(judged["value"].notna().sum()),
            aimed=aimed,
            reached=int(counts.get("above", 0) + counts.get("at", 0)),
            course=int(counts.get("course", 0)),
            behind=int(counts.get("below", 0)),
        )
    ]
    if len(shares):
        clauses = [figure_clause(row, cards[row.Index], said) for row in shares.itertuples()]
        sentences.append(said("summary.best", clauses=paragraph(clauses, said)))
    return [Heading(numbered(1, said("summary.overview_head"), said)), *map(Paragraph, sentences)]


def _by_system(known: pd.DataFrame, cards: Mapping[str, Card], said: Text) -> list[Block]:
    """A section a system: sentences on its figures, then what was owed and done, and what was looked at."""
    blocks: list[Block] = [Heading(numbered(2, said("summary.work_head"), said))]
    systems = list(dict.fromkeys(cards[key].system for key in known.index))
    number = 0
    for system in systems:
        rows = known[[cards[key].system == system for key in known.index]]
        told = _most_telling(rows[[_is_told(row, cards[row.Index]) for row in rows.itertuples()]], cards)
        sentences = [figure_clause(row, cards[row.Index], said) for row in told.itertuples()]
        duties = _duties(rows, cards, said)
        if not sentences and not duties:
            continue
        number += 1
        blocks.append(Heading(numbered(number, said(f"system.{system}"), said, level=2), level=2))
        blocks += [Paragraph(paragraph(sentences, said))] if sentences else []
        blocks += [Paragraph(duties)] if duties else []
    return blocks


def _is_told(row, card: Card) -> bool:
    """Whether a figure is worth a clause: an indicator that has a value, and a target or a last year beside it."""
    if card.form not in (Form.INDICATOR, Form.DOCUMENT) or card.alert is not None or card.derived is not None:
        return False
    return not is_missing(row.value) and not (
        is_missing(row.target) and row.value == 0 and not row.last_year > 0
    )


def _most_telling(rows: pd.DataFrame, cards: Mapping[str, Card]) -> pd.DataFrame:
    """What a paragraph has room for: what is judged, then shares, then amounts; in the order of the cards."""
    order = [
        (row.judgement == "none", cards[row.Index].unit is not Unit.PERCENT, place)
        for place, row in enumerate(rows.itertuples())
    ]
    chosen = sorted(range(len(rows)), key=order.__getitem__)[:_CLAUSES]
    return rows.iloc[sorted(chosen)]


def _duties(rows: pd.DataFrame, cards: Mapping[str, Card], said: Text) -> str:
    """How many duties and checks of a system are whole, and which are not."""
    of = rows[[cards[key].form in (Form.DUTY, Form.CHECK) for key in rows.index]]
    of = of[of["value"].notna() & (of["denominator"] > 0)]
    if of.empty:
        return ""
    whole = of["numerator"] >= of["denominator"]
    sentence = said("summary.duties", owed=len(of), whole=int(whole.sum()))
    short = [
        said(
            "summary.duty_short",
            name=cards[row.Index].name[said.language],
            done=count(row.numerator),
            owed=count(row.denominator),
        )
        for row in of[~whole].itertuples()
    ]
    return sentence + (
        said("summary.duties_short", clauses=paragraph(short, said)) if short else said("phrase.stop")
    )


def _problems(known: pd.DataFrame, cards: Mapping[str, Card], said: Text) -> list[Block]:
    """What the figures find wanting: the furthest behind by people, what was not delivered, what went down most."""
    judged = known.loc[[is_ranking(cards[key]) for key in known.index]]
    behind = worst_first(judged[judged["judgement"] == "below"], cards)
    blocks: list[Block] = [Heading(numbered(3, said("summary.problems_head"), said))]
    if behind.empty:
        blocks.append(Paragraph(said("summary.no_problems")))
    for number, row in enumerate(behind.head(_WORST).itertuples(), 1):
        clause = figure_clause(row, cards[row.Index], said)
        blocks.append(Paragraph(said("summary.problem", number=number, clause=clause) + said("phrase.stop")))
    if len(behind) > _WORST:
        blocks.append(Paragraph(said("summary.more_problems", more=len(behind) - _WORST)))
    absent = judged[judged["status"].isin(["none", "untold", "no_denominator"])]
    if len(absent):
        names = said("phrase.enumeration").join(
            cards[key].name[said.language] for key in absent.index[:_WORST]
        )
        blocks.append(Paragraph(said("summary.absent", number=len(absent), names=names)))
    return blocks


def _plan(year: Year, known: pd.DataFrame, cards: Mapping[str, Card], said: Text) -> list[Block]:
    """Targets of the next year, with how many more are needed on this year's denominators, and how many a month."""
    following = year.month // 12 + 1
    rows, carried = [], False
    for row in known.itertuples():
        card = cards[row.Index]
        if not is_ranking(card) or card.derived is not None:
            continue
        target, _, upper = year.targets.find_range(row.Index, following, year.unit, year.kind)
        if is_missing(target):
            target, upper = row.target, row.target_to
            if is_missing(target):
                continue
            carried = True
            mark = said("summary.carried_mark")
        else:
            mark = ""
        asked = type("Asked", (), {"target": target, "target_to": upper})
        needed = math.nan if is_missing(row.value) else missing(card, target, 0.0, row.denominator)
        rows.append(
            (
                card.name[said.language],
                show(row.value, card.unit, said.language),
                target_words(asked, card, said.language) + mark,
                missing_words(needed, card, said) if needed > 0 else MISSING,
                count(math.ceil(needed / 12)) if needed > 0 else MISSING,
            )
        )
    head = Heading(numbered(4, said("summary.plan_head", year=following), said))
    if not rows:
        return [head, Paragraph(said("summary.no_plan"))]
    table = Table(
        said("summary.plan_table", year=following),
        [said(f"summary.plan_{name}") for name in ("indicator", "now", "target", "needed", "monthly")],
        rows,
        (6, 2.6, 3, 2.8, 1.8),
        ("left", "right", "right", "right", "right"),
        said("summary.carried") if carried else "",
    )
    behind = int((known["judgement"] == "below").sum())
    return [head, Paragraph(said("summary.plan", year=following, targets=len(rows), behind=behind)), table]


def _annex(known: pd.DataFrame, cards: Mapping[str, Card], said: Text) -> Table:
    """Every figure of the unit, in the order of the catalogue."""
    rows = []
    for row in known.itertuples():
        card = cards[row.Index]
        if card.alert is not None:
            continue
        rows.append(
            (
                card.system,
                card.name[said.language],
                numerator_words(row, card, said),
                denominator_words(row, card, said),
                show(row.value, card.unit, said.language, beside=missed(row))
                if not is_missing(row.value)
                else said(f"status.{row.status}"),
                show(row.last_year, card.unit, said.language),
                MISSING if is_missing(row.target) else target_words(row, card, said.language),
                f"{SHAPES[row.judgement]} {said(f'judgement.{row.judgement}')}"
                if row.judgement != "none"
                else MISSING,
            )
        )
    columns = ("system", "indicator", "top", "bottom", "value", "last_year", "target", "judgement")
    return Table(
        said("summary.annex_table"),
        [said(f"summary.annex_{name}") for name in columns],
        rows,
        (1.3, 7, 2.2, 2.2, 2.2, 2.2, 2.4, 2.2),
        ("centre", "left", "right", "right", "right", "right", "right", "left"),
        said("summary.annex_note"),
    )


def numbered(number: int, words: str, said: Text, level: int = 1) -> str:
    """A heading with its number, as the papers of the language have it."""
    return said(f"heading.level_{level}", number=numeral(number, said), words=words)


def numeral(number: int, said: Text) -> str:
    """1 to 99 as headings have them: in Chinese with the characters for ten and the digits."""
    digits = said("heading.digits")
    if not digits:
        return str(number)
    ten = said("heading.ten")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ten if tens == 1 else digits[tens - 1] + ten
    return head + (digits[ones - 1] if ones else "")
