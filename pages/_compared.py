"""What comparisons say in words: verdicts, intervals, ranks, and why there is no rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from metrics.card import Card
from metrics.comparing.levels import levels_in
from metrics.comparing.places import DIRECTION, PART, THIN, UNKNOWN
from metrics.comparing.sorts import UNCERTAIN, Sort, sort_of
from metrics.comparing.words import reason_of, unranked_words, verdict_word
from metrics.judgement import accumulates
from metrics.small_numbers import HIDDEN
from metrics.statistics.ranks import ALIKE
from metrics.statistics.verdict import BETTER, HIGHER, LOWER, NONE, SAME, WORSE
from metrics.units import MISSING, difference, is_missing, number, show
from pages._html import esc, span, tag
from pages._method import method_line
from pages._page import Here
from pages._text import Text

#: Shape and class of a verdict; the word stands beside them.
_MARKS = {
    BETTER: ("▲", "above"),
    SAME: ("●", "muted"),
    WORSE: ("▼", "below"),
    HIGHER: ("△", "course"),
    LOWER: ("▽", "course"),
    NONE: ("○", "muted"),
}
_NAMED = 4  # units named in a sentence


def verdict_mark(row, word: str, text: Text) -> str:
    """Shape and word; "—" where there is no figure to judge."""
    if is_missing(row.value):
        return MISSING
    shape, css = _MARKS[word]
    return span(f"{shape} {verdict_word(word, text)}", css=f"mark {css}")


def interval_words(row, card: Card) -> str:
    """ "68.0–74.1"; "" without an interval."""
    return "" if is_missing(row.low) else f"{number(row.low, card.unit)}–{number(row.high, card.unit)}"


def is_due(comparison: pd.DataFrame, card: Card) -> bool:
    """Whether the units are held against a part of the target: what is due by the month's end."""
    return (
        any(accumulates(card, basis) for basis in set(comparison["basis"]))
        and comparison["target"].notna().any()
    )


def target_heading(comparison: pd.DataFrame, card: Card, text: Text) -> str:
    """What the verdict against the target is called."""
    return text("compare.to_due" if is_due(comparison, card) else "compare.to_target")


def is_told(reason: str) -> bool:
    """Whether a table of many indicators says that there is no rank, and why: not where no rank is expected anyway."""
    return bool(reason) and reason not in (HIDDEN, UNKNOWN, PART, DIRECTION, Sort.TASK)


def said_of(
    here: Here, comparison: pd.DataFrame, card: Card, names: Mapping[int, str], mix: pd.DataFrame
) -> str:
    """What the comparison comes to, in sentences, and the line of method."""
    text = here.text
    reason = reason_of(comparison)
    parts = [] if reason == ALIKE else [_found(here, comparison, names)]  # it says the same
    if reason:
        why = unranked_words(reason, card, here.month, text)
        parts.append(
            tag("span", tag("b", esc(text("compare.not_ranked"))), esc(text("compare.because", why=why)))
        )
    thin = comparison.loc[comparison["unranked"] == THIN, "unit"].tolist()
    if thin and reason != THIN:
        why = unranked_words(THIN, card, here.month, text)
        parts.append(esc(text("compare.thin", n=len(thin), names=_names(here, thin, names), why=why)))
    parts.append(mix_sentence(here, mix, comparison, card, names))
    shown = "".join(tag("div", part) for part in parts if part)
    return tag("div", shown, css="outcome") + _method(here, card, reason, is_due(comparison, card))


def _found(here: Here, comparison: pd.DataFrame, names: Mapping[int, str]) -> str:
    """Against the others: how many are better and worse, by name where they are few; "" where nothing can be told.

    Several units with an interval and none with a verdict: nothing spreads within them, and that is said.
    """
    text = here.text
    told = comparison[comparison["to_peers"] != NONE]
    if told.empty:
        return esc(text("compare.no_funnel")) if comparison["low"].notna().sum() > 1 else ""
    parts = []
    for word in (WORSE, LOWER, BETTER, HIGHER):
        units = told.loc[told["to_peers"] == word, "unit"].tolist()
        if units:
            shape, css = _MARKS[word]
            said = text(
                "compare.so_many",
                n=len(units),
                word=verdict_word(word, text),
                names=_names(here, units, names),
            )
            parts.append(span(f"{shape} {said}", css=css))
    if not parts:
        return esc(text("compare.all_same"))
    rest = len(told) - sum(told["to_peers"].isin([WORSE, LOWER, BETTER, HIGHER]))
    if rest:
        parts.append(esc(text("compare.others_same", n=rest)))
    return esc(text("compare.to_peers_head")) + esc(text("compare.then")).join(parts)


def _names(here: Here, units: Sequence[int], names: Mapping[int, str]) -> str:
    listed = here.text("list.comma").join(names[unit] for unit in units[:_NAMED])
    return listed if len(units) <= _NAMED else here.text("compare.and_more", names=listed)


def _method(here: Here, card: Card, reason: str, due: bool) -> str:
    text, levels = here.text, levels_in(here.month)
    if sort_of(card) in UNCERTAIN and reason != THIN:
        words = {"inner": f"{levels.interval * 100:g}", "outer": f"{levels.outer * 100:g}"}
        name = "method_due" if due else "method"
        return method_line(here, text(f"compare.{name}", **words), "verdict")
    if not reason:
        return method_line(here, text("compare.method_stock"), "ranks")
    return method_line(here, text("compare.method_none"), "ranks")


def mix_sentence(
    here: Here, mix: pd.DataFrame, comparison: pd.DataFrame, card: Card, names: Mapping[int, str]
) -> str:
    """That case mix matters, and whom it moves most; "" where it does not."""
    if mix.empty:
        return ""
    both = mix.merge(comparison[["unit", "value"]], on="unit")
    both = both.assign(moved=both["adjusted"] - both["value"]).dropna(subset="moved")
    if both.empty:
        return ""
    most = both.loc[both["moved"].abs().idxmax()]
    text = here.text
    return esc(
        text(
            "compare.mix",
            dimension=text(f"compare.dimension.{most['dimension']}"),
            unit=names[int(most["unit"])],
            moved=difference(most["moved"], card.unit, here.language),
        )
    )


def adjusted_words(value: float, card: Card, language: str) -> str:
    """An adjusted share; what the ratio takes above everybody is "above 100%"."""
    if is_missing(value):
        return MISSING
    return f">{show(1.0, card.unit, language)}" if value > 1 else number(value, card.unit)
