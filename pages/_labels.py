"""What a column of the records is called on pages, and its codes in words: both stand in our own layouts."""

from __future__ import annotations

from data.intake.layouts import LayoutColumn, LayoutError
from metrics.card import Card
from metrics.lacking import READING, RESULT, Lack
from pages._open import layouts
from pages._text import Text


def column_name(column: LayoutColumn, language: str) -> str:
    """The Chinese header, or the English spelling as words."""
    return column.label if language == "zh" else column.labels[-1].replace("_", " ").capitalize()


def named_by(card: Card) -> LayoutColumn | None:
    """The column by which a card names the things of its list; None where they bear a name of their own."""
    rule = card.numerator if card.listed is None else card.listed
    what = rule.selected_columns.get("what")
    source = getattr(what, "element", None)
    name, table = getattr(source, "name", None), getattr(getattr(source, "table", None), "name", None)
    layout = layouts().get(f"plain.{table}")
    try:
        return layout.column(name) if layout is not None else None
    except LayoutError:
        return None


def lacks_words(lack: Lack | None, text: Text) -> str:
    """What somebody of a list still lacks; "" where it is not known."""
    if not isinstance(lack, Lack):
        return ""
    if lack.service in (READING, RESULT):
        return text(f"gap.lacks_{lack.service}")
    service = text(f"visiting.service.{lack.service}") if lack.service else ""
    told = [text("gap.lacks_n", n=lack.n, service=service) if lack.n else service]
    return text("list.enumeration").join(
        filter(None, [*told, text("visiting.service.check") if lack.check else ""])
    )


def dose_words(last: str, text: Text) -> str:
    """A last dose, as lists of people have it (vaccine code, number), in words; any other value as it is."""
    vaccine, _, number = last.partition(" ")
    layout = layouts().get("plain.dose")
    column = layout.column("vaccine") if layout is not None else None
    words = code_words(column, vaccine, text.language)
    if words == vaccine:
        return last
    return text("gap.dose", vaccine=words, n=number) if number else words


def code_words(column: LayoutColumn | None, value: str, language: str) -> str:
    """A code of the records in words; what is in no list as it was written."""
    codes = () if column is None else column.codes
    return next((code.words(language) for code in codes if code.value == value), value)
