"""A score in a sentence: the figure with its counts, the baseline, the points. In Chinese or English."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from data.words import Text
from metrics.appraisal.scoring import (
    MANUAL,
    NOT_APPLICABLE,
    SCORED,
    Figure,
    Line,
    deducted,
    exact_value,
    misses,
)
from metrics.appraisal.sheet import Item, Method, shown
from metrics.card import SCALE, Direction, Unit
from metrics.cards import CARDS
from metrics.context import named_columns
from metrics.judgement import counts_people
from metrics.sentences import sentences
from metrics.units import MISSING, count, counted, is_missing, number, scaled, show, unit_suffix

_EXTRA = (Method.BONUS, Method.VETO)


def sentence(line: Line, item: Item, language: str) -> str:
    """Why a line has the points that it has: 高血压规范管理率 72.3%（1,234 ÷ 1,707），基准 ≥80%，得 9.04 分（满分 10 分）。"""
    text = sentences(language)
    if line.hidden:
        told = text("appraisal.hidden", name=item.words[language])
        told += _by_hand(line, item, text) if line.state == MANUAL else ""
    elif line.state == SCORED:
        told = _figure(line, item, text) + _against(line, item, text) + _result(line, item, text)
        told += text("appraisal.part") if line.reason == "part" else ""
    elif line.state == MANUAL:
        told = _figure(line, item, text) + _by_hand(line, item, text)
    else:
        told = _figure(line, item, text) + _why_not(line, item, text)
    if line.note:
        told += text("appraisal.note", note=line.note.rstrip("。.;； "))
    return told + text("appraisal.end")


def value_words(value: float | None, item: Item, language: str, beside: float | None = None) -> str:
    """An item's value as people write it; one decimal more than usual where it would look like ``beside`` and is not."""
    if is_missing(value):
        return MISSING
    text, unit = _number(value, item.unit), item.unit
    if not is_missing(beside) and value != beside:
        for decimals in range(1, 7):
            if text != _number(beside, unit):
                break
            text = f"{scaled(value, unit) if unit else value:,.{decimals}f}".replace("-", "−")
    return _with_unit(text, unit, language)


def _figure(line: Line, item: Item, text: Text) -> str:
    name = item.words[text.language]
    if is_missing(line.value):
        return text("appraisal.bare", name=name)
    value = value_words(line.value, item, text.language, line.baseline)
    if is_missing(line.denominator) or not _counts(item.unit):
        return text("appraisal.count", name=name, value=value)
    if is_money(item.card):
        top, bottom = (show(n / 100, Unit.YUAN, text.language) for n in (line.numerator, line.denominator))
    else:
        top, bottom = count(line.numerator), count(line.denominator)
    return text("appraisal.share", name=name, value=value, top=top, bottom=bottom)


def _against(line: Line, item: Item, text: Text) -> str:
    if item.steps:
        return _step(line, item, text)
    if item.method is Method.DEDUCTION:
        return _baseline(line, item, text) + _deduction(line, item, text)
    if item.method is Method.BONUS:
        beyond = _bound(line.baseline, item, text.language)
        each = _gap(Fraction(item.per), item, text)
        return text("appraisal.beyond", baseline=beyond, per=each, off=shown(item.off))
    return _baseline(line, item, text)


def _baseline(line: Line, item: Item, text: Text) -> str:
    if is_missing(line.baseline):
        return ""
    key = "at_least" if item.better is Direction.HIGHER else "at_most"
    if item.method is Method.VETO:
        key += "_required"
    elif item.pro_rata:
        key += "_by_now"
    return text(f"appraisal.{key}", baseline=_bound(line.baseline, item, text.language))


def _step(line: Line, item: Item, text: Text) -> str:
    is_up = item.better is Direction.HIGHER
    sign = "≥" if is_up else "≤"
    value = exact_value(_figure_of(line))
    for bound, _ in item.steps:
        if value >= Fraction(bound) if is_up else value <= Fraction(bound):
            return text("appraisal.step", bound=sign + _bound(float(bound), item, text.language))
    return text("appraisal.no_step", bound=sign + _bound(float(item.steps[-1][0]), item, text.language))


def _deduction(line: Line, item: Item, text: Text) -> str:
    figure = _figure_of(line)
    gone, missed = deducted(item, figure), misses(item, figure)
    if not missed:
        return text("appraisal.no_misses")
    per = float(item.per)
    if not is_missing(line.baseline):
        key = "misses_below" if item.better is Direction.HIGHER else "misses_above"
        n, each = _gap(missed, item, text), _gap(Fraction(item.per), item, text)
    elif is_missing(line.denominator):
        key, n, each = "misses_over", "", _with_unit(_trimmed(per), item.unit, text.language)
    else:
        key, n, each = "misses", _things(count(float(missed)), item, text), _things(_trimmed(per), item, text)
    told = text(f"appraisal.{key}", n=n, per=each, off=shown(item.off), gone=shown(gone))
    if item.cap is not None and gone == item.cap:
        told += text("appraisal.capped", cap=shown(item.cap))
    return told


def _by_hand(line: Line, item: Item, text: Text) -> str:
    if item.method is Method.VETO:
        return text("appraisal.veto_said" if line.is_pronounced else "appraisal.veto_not")
    if item.method is Method.BONUS and not line.points:
        return text("appraisal.no_bonus")
    return text("appraisal.by_hand") + _result(line, item, text)


def _result(line: Line, item: Item, text: Text) -> str:
    if item.method is Method.VETO:
        return text("appraisal.veto_fired" if line.is_pronounced else "appraisal.veto_met")
    points, weight = shown(line.points), shown(line.weight)
    if item.method is Method.BONUS:
        return text("appraisal.bonus", points=points, weight=weight)
    if line.weight == item.weight:
        return text("appraisal.points", points=points, weight=weight)
    return text("appraisal.points_scaled", points=points, weight=weight, before=shown(item.weight))


def _why_not(line: Line, item: Item, text: Text) -> str:
    key = line.reason or ("said" if line.state == NOT_APPLICABLE else "unscored")
    if item.method in _EXTRA and line.state == NOT_APPLICABLE:
        key += "_extra"
    elif item.method is Method.BONUS:
        key = "none_extra"
    return text(f"appraisal.state.{key}", weight=shown(item.weight))


def _figure_of(line: Line) -> Figure:
    return Figure(line.numerator, line.denominator, line.value, line.baseline)


# -- numbers ---------------------------------------------------------------------------------------


@cache
def is_money(card: str | None) -> bool:
    """Whether a share is one of money, so that its numerator and denominator are fen."""
    one = CARDS.get(card)
    if one is None or one.unit is not Unit.PERCENT or one.statistic is not None:
        return False
    return "amount" in named_columns([one.numerator]).get("money", ())


def _counts(unit: Unit | None) -> bool:
    """Whether numerator and denominator are what people count, so that they may stand in the sentence."""
    return unit is None or SCALE.get(unit, 1) <= 1


def _number(value: float, unit: Unit | None) -> str:
    return number(value, unit) if unit else _trimmed(value)


def _with_unit(text: str, unit: Unit | None, language: str) -> str:
    if unit is None:
        return text
    suffix = unit_suffix(unit, language)
    return (text + suffix).rstrip() if unit in (Unit.PERCENT, Unit.RATIO) else counted(text, suffix)


def _bound(value: float, item: Item, language: str) -> str:
    """A baseline or step: no more decimals than it has, three at most."""
    plain = scaled(value, item.unit) if item.unit else value
    return _with_unit(_trimmed(plain), item.unit, language)


def _things(n: str, item: Item, text: Text) -> str:
    """So many people or things."""
    key = "people" if item.card in CARDS and counts_people(CARDS[item.card]) else "things"
    return text(f"appraisal.{key}", n=n)


def _gap(gap: Fraction, item: Item, text: Text) -> str:
    if item.unit is Unit.PERCENT:
        return text("appraisal.percentage_points", n=_trimmed(float(gap * 100)))
    return _with_unit(_trimmed(float(gap)), item.unit, text.language)


def _trimmed(value: float) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".").replace("-", "−")
