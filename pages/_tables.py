"""What pages show, as frames with headings of the page's language: the content of csv files."""

from __future__ import annotations

import pandas as pd

from metrics.card import Card
from metrics.units import is_missing, scaled, unit_suffix
from pages._month import code_of
from pages._page import Here
from pages._words import missing_heading


def course_frame(here: Here, course: pd.DataFrame, card: Card) -> pd.DataFrame:
    """One unit's course, month by month."""
    text = here.text
    return pd.DataFrame(
        {text("column.month"): [code_of(m) for m in course["month"]]} | _figures(here, course, card)
    )


def comparison_frame(here: Here, comparison: pd.DataFrame, card: Card) -> pd.DataFrame:
    """Units side by side; the rank is empty for units that did not deliver whole."""
    text = here.text
    return pd.DataFrame(
        {
            text("column.rank"): comparison["rank"].astype("Int64"),
            text("column.code"): [here.code_of(u) for u in comparison["unit"]],
            text("column.unit"): [here.name_of(u) for u in comparison["unit"]],
        }
        | _figures(here, comparison, card)
    )


def standing_frame(here: Here, standing: pd.DataFrame) -> pd.DataFrame:
    """Every indicator of one unit, one below the other, each in its own unit."""
    text = here.text
    blocks = []
    for key, row in standing.iterrows():
        card = here.cards[key]
        named = {
            text("column.system"): [card.system],
            text("column.indicator"): [card.name[here.language]],
            text("column.counted_in"): [unit_suffix(card.unit, here.language)],
            text("column.rank"): [None if is_missing(row["rank"]) else int(row["rank"])],
        }
        one = row.to_frame().T.infer_objects()
        blocks.append(pd.DataFrame(named | _figures(here, one, card, unit=False)))
    return pd.concat(blocks, ignore_index=True)


def _figures(here: Here, frame: pd.DataFrame, card: Card, unit: bool = True) -> dict[str, list]:
    """The figures' columns; shares in per cent, as they are shown."""
    text = here.text
    suffix = f" ({unit_suffix(card.unit, here.language)})" if unit else ""

    def values(name: str) -> list[float | None]:
        return [None if is_missing(v) else round(scaled(float(v), card.unit), 4) for v in frame[name]]

    def counts(name: str, scale: float = 1) -> list[float | None]:
        """Counts, and amounts in their unit: yuan, not fen."""
        return [None if is_missing(v) else int(v) if scale == 1 else round(v / scale, 2) for v in frame[name]]

    return {
        text("column.value") + suffix: values("value"),
        text("column.numerator"): counts("numerator", card.top_scale),
        text("column.denominator"): counts("denominator", card.bottom_scale),
        text("column.listed"): counts("listed", card.bottom_scale),
        text("column.target") + suffix: values("target"),
        missing_heading(card, text): counts("missing"),
        text("column.last_year") + suffix: values("last_year"),
        text("column.judgement"): [text(f"judgement.{j}") for j in frame["judgement"]],
        text("column.status"): [text(f"status.{s}") for s in frame["status"]],
    }
