"""The overview's tiles, the band that counts judgements, and the ranked list of gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from charts.spark import least_height, spark
from metrics.judgement import JUDGEMENTS, accumulates, missed
from metrics.small_numbers import HIDDEN
from metrics.units import aim, difference, is_missing, show
from metrics.wording import too_many
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._text import Text
from pages._words import SHAPES, big_value, gap_words, mark, missing_words, over, small_value


def band(aimed: pd.DataFrame, text: Text) -> str:
    """How many of the indicators with a target are above, on course, behind, or not to be judged."""
    hidden = aimed["status"] == HIDDEN
    counts = aimed.loc[~hidden, "judgement"].value_counts()
    parts = [span(text("overview.of", n=len(aimed)))]
    for judgement in JUDGEMENTS:
        if n := int(counts.get(judgement, 0)):
            word = text("overview.unjudged") if judgement == "none" else text(f"judgement.{judgement}")
            parts.append(_counted(f"{SHAPES[judgement]} {word}", n, judgement))
    if hidden.any():
        parts.append(_counted(text("status.hidden"), int(hidden.sum()), "none"))
    return tag("div", *parts, css="band")


def _counted(label: str, n: int, css: str) -> str:
    return tag("span", esc(label + " ") + tag("b", esc(n)), css=css)


def tiles(here: Here, standing: pd.DataFrame, lines: Mapping[str, Sequence[float]]) -> str:
    """One tile an indicator; each opens its page."""
    return tag(
        "div", *(_tile(here, key, row, lines.get(key, ())) for key, row in standing.iterrows()), css="tiles"
    )


def _tile(here: Here, key: str, row: pd.Series, line: Sequence[float]) -> str:
    card, text = here.cards[key], here.text
    main = big_value(row.value, row.status, card, text, missed(row)) + spark(
        line, row.target, least_height(card, line)
    )
    foot = [mark(row.judgement, text)]
    if row.status == "part":
        foot.append(span(text("status.part"), css="muted"))
    elif row.status != "ok":
        foot = [span(text("status.see"), css="muted")]
    elif over(row.value, card):
        foot.append(span(text("status.over"), css="below"))
    if row.missing > 0:
        words = missing_words(row.missing, card, text)
        short = words if too_many(row.missing, card) else text("tile.missing", n=words)
        foot.append(tag("span", short, css="strong"))
    elif not is_missing(row.gap):
        foot.append(tag("span", gap_words(row.gap, card, text), css="muted"))
    asked = aim(row.target, row.target_to, card.unit, here.language)
    wanted = text("tile.target", value=asked)
    gap = gap_words(row.gap, card, text) if row.missing > 0 and not too_many(row.missing, card) else ""
    if accumulates(card, row.basis) and not is_missing(row.expected):
        due = show(row.expected, card.unit, here.language)
        wanted = text("tile.target_due", value=asked, due=due)
    second = span(wanted if not is_missing(row.target) else text("tile.no_target"), css="muted")
    return anchor(
        here.view.link("indicator", ind=key),
        span(card.name[here.language], css="name"),
        tag("div", main, css="main"),
        tag("div", second, tag("span", gap, css="muted"), css="foot")
        if gap
        else tag("div", second, css="foot"),
        tag("div", *foot, css="foot"),
        css="tile",
    )


def gap_list(here: Here, behind: pd.DataFrame) -> str:
    """Indicators behind, the most missing people first."""
    text = here.text
    head = [
        text("column.indicator"),
        text("column.value"),
        text("column.target"),
        text("column.missing"),
        text("column.gap"),
        text("column.expected"),
        text("column.change"),
    ]
    rows = []
    for key, row in behind.iterrows():
        card = here.cards[key]
        due = row.expected if row.expected != row.target else float("nan")
        rows.append(
            [
                anchor(here.view.link("indicator", ind=key), esc(card.name[here.language])),
                small_value(row.value, row.status, card, text, sign=_percent(card), beside=missed(row)),
                esc(aim(row.target, row.target_to, card.unit, here.language)),
                tag("span", missing_words(row.missing, card, text), css="strong"),
                tag("span", gap_words(row.gap, card, text), css="below"),
                show(due, card.unit, here.language),
                esc(difference(row.change, card.unit, here.language)),
            ]
        )
    note = tag("div", esc(text("overview.due")), css="muted small wide")
    return table(head, rows, css="stack", marks=["w who", "n", "n", "n", "n", "n wide", "n wide"]) + note


def _percent(card) -> str:
    return "%" if card.unit.value == "percent" else ""
