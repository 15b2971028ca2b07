"""Figures as HTML words: values, judgements with shape and colour, and why there is no figure."""

from __future__ import annotations

from collections.abc import Iterable
from math import nan

from metrics import wording
from metrics.card import Card, Change, Direction, Unit
from metrics.judgement import accumulates
from metrics.small_numbers import HIDDEN, threshold
from metrics.units import MISSING, count, difference, is_missing, number, show, unit_suffix
from metrics.wording import SHAPES
from pages._html import esc, span, tag
from pages._text import Text


def mark(judgement: str, text: Text, about: str = "") -> str:
    """Shape and word; ``about``: what it was judged by, as a tooltip."""
    told = {"title": about} if about else {}
    return span(f"{SHAPES[judgement]} {text(f'judgement.{judgement}')}", css=f"mark {judgement}", **told)


def due_words(row, card: Card, text: Text) -> str:
    """What the figure should have reached by the month's end; "" where it is held against the target itself."""
    if not accumulates(card, row.basis) or is_missing(row.expected):
        return ""
    return text("list.pair", name=text("column.expected"), value=show(row.expected, card.unit, text.language))


def verdict(row, text: Text) -> str:
    """The judgement of a figure, or that nothing is asked of it."""
    if row.judgement == "none" and is_missing(row.target):
        return span(text("tile.no_target"), css="muted")
    return mark(row.judgement, text)


def status_word(status: str, text: Text) -> str:
    """Why a figure is missing or not whole, in words."""
    return text(f"status.{status}")


def no_value(status: str, text: Text, css: str = "muted small") -> str:
    """What stands where there is no value: why; of a hidden one the reason is its tooltip."""
    title = {"title": wording.hidden_why(text, threshold())} if status == HIDDEN else {}
    return tag("span", esc(status_word(status, text)), css=css, **title)


def hidden_note(statuses: Iterable[str], text: Text) -> str:
    """The sentence below figures of which some are hidden; "" where none is."""
    if HIDDEN not in set(statuses):
        return ""
    return tag("div", esc(wording.hidden_why(text, threshold())), css="muted small")


def big_value(value: float, status: str, card: Card, text: Text, beside: float = nan) -> str:
    """The value of a tile or a head; words where there is none. ``beside``: a target that it missed."""
    if is_missing(value):
        return tag("div", no_value(status, text, css=""), css="value word")
    if card.unit is Unit.RANK:
        return tag("div", esc(show(value, card.unit, text.language)), css="value")
    suffix = unit_suffix(card.unit, text.language)
    return tag("div", esc(number(value, card.unit, beside=beside)) + tag("small", esc(suffix)), css="value")


def small_value(
    value: float, status: str, card: Card, text: Text, sign: str = "", beside: float = nan
) -> str:
    """The value in a table cell with its sign ("%"), with a note where it is not whole or above 100 %. ``beside``: a target that
    it missed."""
    if is_missing(value):
        return no_value(status, text) if status != "ok" else MISSING
    note = ""
    if status == "part":
        note = span(" " + text("status.part"), css="muted small")
    elif over(value, card):
        note = span(" " + text("status.over"), css="below small")
    return esc(number(value, card.unit, beside=beside) + sign) + note


def over(value: float, card: Card) -> bool:
    """A share above 100 %: shown, and flagged."""
    return card.unit.value == "percent" and not is_missing(value) and value > 1


def gap_words(gap: float, card: Card, text: Text) -> str:
    """The distance to the target, signed, in points or in the card's unit."""
    return esc(difference(gap, card.unit, text.language, fine=True))


def missing_words(missing: float, card: Card, text: Text) -> str:
    """How many people are missing, or things where the card counts things; or how many are too many."""
    return esc(missing_text(missing, card, text))


def missing_text(missing: float, card: Card, text: Text) -> str:
    """The same, not yet made safe for HTML."""
    return wording.missing_words(missing, card, text)


def too_late(row) -> bool:
    """Whether even the best month ever, every month, no longer reaches the target within its year."""
    return not is_missing(row.last_chance) and row.last_chance <= row.month


def is_made_of_another(card: Card) -> bool:
    """Whether the value is made of another card's, and so has no denominator of its own."""
    return card.derived is not None and card.derived.of is not None


def is_change(card: Card) -> bool:
    """Whether the value itself is a change since last year, of which a change says nothing more."""
    return card.derived is not None and card.derived.how in (Change.POINTS, Change.RELATIVE)


def who_acts(card: Card, text: Text) -> str:
    """Who must act within how many days; "" where the card is no warning."""
    if card.alert is None:
        return ""
    return text("gap.acts", owner=card.alert.owner[text.language], days=days_words(card.alert.days, text))


def days_words(days: int, text: Text) -> str:
    return text("alert.day" if days == 1 else "alert.days", n=days)


def missing_heading(card: Card, text: Text) -> str:
    """What the column of ``missing`` is called: what should not happen can only be too much."""
    lower = card.direction is Direction.LOWER and not card.is_ratio
    return text("column.too_many" if lower else "column.missing")


def top_words(numerator: float, card: Card) -> str:
    """A numerator as it is counted, quantities in their unit: money in yuan, hours in hours."""
    return _side(numerator, card.top_scale, card.parts or card.unit)


def made_of(row, card: Card, text: Text) -> str:
    """Both sides of a figure's ratio: counts as counts, amounts in their unit; a word for a side that is hidden, or where nothing was due."""
    if row.denominator == 0 and row.numerator == 0:
        return text("column.none_due")
    told = [
        wording.hidden_word(text)
        if is_missing(amount) and row.status == HIDDEN
        else _side(amount, scale, unit)
        for amount, scale, unit in (
            (row.numerator, card.top_scale, card.parts or card.unit),
            (row.denominator, card.bottom_scale, card.parts or card.unit),
        )
    ]
    sides = " / ".join(told)
    return sides if card.parts is None else f"{sides} {unit_suffix(card.parts, text.language)}"


def _side(amount: float, scale: float, unit: Unit) -> str:
    if is_missing(amount):
        return MISSING
    return number(amount / scale, unit) if scale > 1 else count(amount)


def unit_heading(card: Card, text: Text) -> str:
    return unit_suffix(card.unit, text.language)
