"""Whole sentences about figures, in the words of official papers; every number in them is a figure of the table."""

from __future__ import annotations

from collections.abc import Iterable

from data.words import Text
from metrics.card import Card, Direction, Unit
from metrics.judgement import missed
from metrics.sentences import sentences
from metrics.small_numbers import HIDDEN
from metrics.units import POINTS, aim, count, counted, is_missing, number, show, unit_suffix
from metrics.wording import hidden_word, missing_words, too_many

#: Units of which a growth in per cent says something: amounts, not marks, places or times.
_GROWS = frozenset(Unit) - {
    Unit.PERCENT,
    Unit.SCORE,
    Unit.RANK,
    Unit.MINUTES,
    Unit.HOURS,
    Unit.RATIO,
    Unit.PER_PERSON,
    Unit.PER_10K,
}


def figure_clause(row, card: Card, said: Text) -> str:
    """One figure with what it is made of, its change and its target: a clause without a full stop.

    ``row``: of ``figures.standing`` (value, numerator, denominator, last_year, change, target, target_to,
    judgement, missing). A figure that is missing is said to be.
    """
    name = card.name[said.language]
    if is_missing(row.value):
        return said("phrase.no_figure", name=name, why=said(f"status.{row.status}"))
    parts = [_value(row, card, name, said)]
    parts += filter(None, [_change(row, card, said), _verdict(row, card, said)])
    if row.status == "part":
        parts.append(said("phrase.part"))
    return said("phrase.comma").join(parts)


def paragraph(clauses: Iterable[str], said: Text) -> str:
    """Clauses as one paragraph."""
    return said("phrase.semicolon").join(clauses) + said("phrase.stop")


def target_words(row, card: Card, language: str) -> str:
    """The target as it is asked for: at least, at most, or from and to."""
    asked = aim(row.target, row.target_to, card.unit, language)
    return asked if not is_missing(row.target_to) else bounded(asked, card)


def bounded(asked: str, card: Card) -> str:
    """A written target with its sign: without a blank, at which a line could break."""
    return f"≤{asked}" if card.direction is Direction.LOWER else f"≥{asked}"


def grade_words(grade: str | None, said: Text) -> str:
    """A grade as the appraisal calls it."""
    return sentences(said.language)(f"appraisal.grade.{grade or 'none'}")


def _value(row, card: Card, name: str, said: Text) -> str:
    value = show(row.value, card.unit, said.language, beside=missed(row))
    if card.unit is not Unit.PERCENT or card.derived is not None or is_missing(row.denominator):
        return said("phrase.value", name=name, value=value)
    over = said("phrase.over") if row.value > 1 else ""
    sides = numerator_words(row, card, said), denominator_words(row, card, said)
    unit = "" if card.parts is None else f" {unit_suffix(card.parts, said.language)}"
    return said("phrase.share", name=name, value=value, top=sides[0], bottom=sides[1] + unit) + over


def _change(row, card: Card, said: Text) -> str:
    if is_missing(row.change) or card.derived is not None:
        return ""
    shown = number(abs(row.change), card.unit, signed=True).lstrip("+")  # a difference, not a share
    if not float(shown.replace(",", "")):
        return said("phrase.same")
    way = "up" if row.change > 0 else "down"
    if card.unit is Unit.PERCENT:
        return said(f"phrase.{way}", by=f"{shown} {POINTS[said.language]}")
    by = counted(shown, unit_suffix(card.unit, said.language))
    if card.unit not in _GROWS:
        return said(f"phrase.{way}", by=by)
    if not row.last_year > 0:
        return said("phrase.from_nothing", by=by)
    return said(f"phrase.{way}_by", by=by, percent=f"{abs(row.change) / row.last_year:.1%}")


def _verdict(row, card: Card, said: Text) -> str:
    if is_missing(row.target):
        return ""
    target = target_words(row, card, said.language)
    if row.judgement in ("above", "at"):
        return said("phrase.met", target=target)
    if row.judgement == "course":
        return said("phrase.course", target=target)
    if row.judgement != "below":
        return ""
    if is_missing(row.missing) or row.missing == 0:
        return said("phrase.behind", target=target)
    return said(
        "phrase.too_many" if too_many(row.missing, card) else "phrase.behind_by",
        target=target,
        missing=missing_words(row.missing, card, said),
    )


def numerator_words(row, card: Card, said: Text) -> str:
    """A numerator as it is counted, amounts in their unit; a word where it is hidden."""
    return _side(row, row.numerator, card.top_scale, card.parts or card.unit, said)


def denominator_words(row, card: Card, said: Text) -> str:
    """The same of a denominator."""
    return _side(row, row.denominator, card.bottom_scale, card.parts or card.unit, said)


def _side(row, amount: float, scale: float, unit: Unit, said: Text) -> str:
    if is_missing(amount) and row.status == HIDDEN:
        return hidden_word(said)
    return number(amount / scale, unit) if scale > 1 and not is_missing(amount) else count(amount)
