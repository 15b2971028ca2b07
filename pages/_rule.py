"""An indicator's head and its definition in words."""

from __future__ import annotations

import pandas as pd

from metrics.card import Basis, Card, Period
from metrics.judgement import accumulates, missed
from metrics.reporting import stated
from metrics.units import aim, count, counted, difference, is_missing, show
from metrics.wording import paper_words
from pages._denominators import band_words
from pages._html import esc, span, tag
from pages._month import month_name
from pages._open import ask
from pages._page import Here
from pages._standards import lines, parameters_here, targets_here
from pages._words import (
    big_value,
    gap_words,
    hidden_note,
    is_change,
    is_made_of_another,
    made_of,
    missing_heading,
    missing_text,
    missing_words,
    over,
    status_word,
    too_late,
    verdict,
    who_acts,
)


def head(here: Here, card: Card, row: pd.Series, comparison: pd.DataFrame) -> str:
    """The value and its judgement, then how far it is from the target, then what it is made of and who is late."""
    text = here.text
    notes = [span(who_acts(card, text)) if card.alert else verdict(row, text)]
    if row.status != "ok" and not is_missing(row.value):
        notes.append(span(status_word(row.status, text), css="muted"))
    if row.origin == "reported":
        notes.append(span(text("reported.badge"), css="muted", title=text("reported.meaning")))
    if over(row.value, card):
        notes.append(span(text("status.over"), css="below"))
    value = tag(
        "div",
        big_value(row.value, row.status, card, text, missed(row)),
        tag("div", " ".join(notes)),
        css="now",
    )
    question = tag("div", esc(card.question[here.language]), css="muted")
    return (
        question
        + tag("div", value, *_to_target(here, card, row), css="head")
        + _made_of(here, card, row)
        + hidden_note([row.status], here.text)
        + _beside(here, card, row)
        + _undelivered(here, comparison)
    )


def _to_target(here: Here, card: Card, row: pd.Series) -> list[str]:
    """The target, the gap to it, who is missing, and what that means month by month; nothing without a target."""
    if is_missing(row.target):
        return []
    text = here.text
    target = aim(row.target, row.target_to, card.unit, here.language)
    facts = [_fact(text("column.target"), esc(target), paper_words(row.target_source, text))]
    if not is_missing(row.gap):
        due = ""
        if accumulates(card, row.basis) and not is_missing(row.expected):
            expected = show(row.expected, card.unit, here.language)
            due = text("list.pair", name=text("column.expected"), value=expected)
        facts.append(_fact(text("column.gap"), gap_words(row.gap, card, text), due))
    if not is_missing(row.missing):
        need = ""
        if row.per_month > 0:
            per_month = missing_text(row.per_month, card, text)
            need = text("list.pair", name=text("column.per_month"), value=per_month)
        facts.append(_fact(missing_heading(card, text), missing_words(row.missing, card, text), need))
        facts += _chance(here, card, row)
    return facts


def _made_of(here: Here, card: Card, row: pd.Series) -> str:
    """What the value is made of and how it moved, in one quiet line."""
    text, pairs = here.text, []
    if card.is_ratio and card.derived is None:
        pairs.append((text("column.made_of"), made_of(row, card, text)))
    if not is_change(card):
        pairs.append((text("column.change"), difference(row.change, card.unit, here.language)))
    if not is_missing(row.unnamed):
        pairs.append((text("column.unnamed"), counted(count(row.unnamed), text("unit.people"))))
    told = (tag("span", esc(name), " ", tag("b", esc(value))) for name, value in pairs)
    return tag("div", *told, css="quiet")


def _chance(here: Here, card: Card, row: pd.Series) -> list[str]:
    """By when the target comes out of reach, at the best month ever; nothing where that has no meaning."""
    # The best month of a season is its height: to begin "at the latest" after it would be bad advice.
    if row.basis == Basis.MONTH or card.period is Period.SEASON or is_missing(row.last_chance):
        return []
    text = here.text
    gone = too_late(row)
    words = text("chance.gone") if gone else month_name(int(row.last_chance), text)
    pace = text("chance.pace", pace=missing_text(row.best_pace, card, text))
    said = tag("span", esc(words), css="below" if gone else "")
    return [_fact(text("chance.reach" if gone else "chance.until"), said, pace)]


def _beside(here: Here, card: Card, row: pd.Series) -> str:
    """What the unit itself reported, where records give a figure too; "" where it reported nothing."""
    if row.origin != "records" or row.basis != card.bases[0] or is_missing(row.value):
        return ""
    said = ask(stated, unit=here.unit, card=card, month=here.month)
    if said is None or is_missing(said.value):
        return ""
    words = {
        "records": show(row.value, card.unit, here.language),
        "reported": show(said.value, card.unit, here.language),
        "difference": difference(said.value - row.value, card.unit, here.language),
    }
    return tag("div", esc(here.text("reported.beside", **words)), css="strip")


def _undelivered(here: Here, comparison: pd.DataFrame) -> str:
    """The units below that delivered part or nothing, by name; "" where all delivered."""
    late = comparison[comparison["status"].isin(["none", "part"]) & (comparison["unit"] != here.unit)]
    if late.empty:
        return ""
    names = here.text("list.comma").join(here.name_of(unit) for unit in late["unit"])
    return tag("div", esc(here.text("indicator.undelivered", n=len(late), names=names)), css="strip")


def definition(here: Here, card: Card, kind: str | None = None) -> str:
    """The rule, its periods, source and caveat, targets that disagree, and parameters, as a list of terms.

    ``kind``: the population that the figures of the month in view are divided by.
    """
    parts = [(term, esc(words)) for term, words in definition_parts(here, card, kind)]
    targets = targets_here(here, card)
    if len(targets) > 1:  # a single one stands in the head
        parts.append((here.text("rule.targets"), lines(targets)))
    if card.parameters:
        parts.append((here.text("rule.parameters"), lines(parameters_here(here, card))))
    return tag("dl", *(tag("dt", esc(term)) + tag("dd", words) for term, words in parts))


def definition_parts(here: Here, card: Card, kind: str | None = None) -> list[tuple[str, str]]:
    """Terms and what they are, both in the page's language; ``kind`` as in ``definition``."""
    text, language = here.text, here.language
    parts = [
        ("rule.rule", card.rule[language]),
        ("rule.better", text(f"direction.{card.direction}")),
        ("rule.period", text(f"period.{card.period}")),
        ("rule.denominator", _denominator(here, card, kind)),
        ("rule.source", paper_words(card.source, text)),
    ]
    if accumulates(card, str(card.bases[0])):
        season = "season" if card.period is Period.SEASON else "year"
        parts.append(("rule.course", text(f"rule.course_{season}")))
    if card.caveat:
        parts.append(("rule.caveat", card.caveat[language]))
    names = [_source_name(here, name) for name in card.reads]
    parts.append(("rule.reads", text("list.comma").join(names)))
    return [(text(key), value) for key, value in parts]


def _denominator(here: Here, card: Card, kind: str | None) -> str:
    if is_made_of_another(card):
        return here.text("rule.of_another")
    if card.statistic:
        words = here.text(f"denominator_kind.{kind or card.statistic.kind}")
        return here.text("rule.by_statistic", kind=words, band=band_words(here, card.statistic.band))
    return here.text("rule.by_list" if card.is_ratio else "rule.no_denominator")


def _source_name(here: Here, table: str) -> str:
    return here.text(f"source.{table}")


def _fact(name: str, value: str, note: str = "") -> str:
    below = tag("span", esc(note), css="k") if note else ""
    return tag("div", span(name, css="k"), tag("span", value, css="v"), below, css="fact")
