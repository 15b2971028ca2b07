"""What pages show, as frames with headings of the page's language: the content of csv files."""

from __future__ import annotations

import pandas as pd

from exports.csv import amounts, values
from metrics.card import Card
from metrics.comparing.words import unranked_words, verdict_word
from metrics.small_numbers import HIDDEN
from metrics.units import is_missing, unit_suffix
from metrics.wording import hidden_word
from pages._compared import target_heading
from pages._month import code_of
from pages._page import Here
from pages._words import missing_heading


def course_frame(here: Here, course: pd.DataFrame, card: Card) -> pd.DataFrame:
    """One unit's course, month by month."""
    text = here.text
    return pd.DataFrame(
        {text("column.month"): [code_of(m) for m in course["month"]]} | _figures(here, course, card)
    )


def comparison_frame(here: Here, comparison: pd.DataFrame, card: Card, mix: pd.DataFrame) -> pd.DataFrame:
    """Units side by side; the rank is empty where the data do not allow one, and the last columns say why.

    ``mix``: of ``comparing.case_mix``.
    """
    text = here.text
    return pd.DataFrame(
        {
            text("column.rank"): comparison["place"].astype("Int64"),
            text("column.code"): [here.code_of(u) for u in comparison["unit"]],
            text("column.unit"): [here.name_of(u) for u in comparison["unit"]],
        }
        | _figures(here, comparison, card)
        | _compared(here, comparison, card, mix)
    )


def _compared(here: Here, comparison: pd.DataFrame, card: Card, mix: pd.DataFrame) -> dict[str, object]:
    """What chance makes of the figures: intervals, verdicts, and why there is no rank."""
    text = here.text
    suffix = f" ({unit_suffix(card.unit, here.language)})"
    columns: dict[str, object] = {
        text("compare.low") + suffix: values(comparison["low"], card.unit),
        text("compare.high") + suffix: values(comparison["high"], card.unit),
        target_heading(comparison, card, text): _verdicts(here, comparison, "to_target"),
        text("compare.to_peers"): _verdicts(here, comparison, "to_peers"),
        text("compare.place_low"): comparison["place_low"].astype("Int64"),
        text("compare.place_high"): comparison["place_high"].astype("Int64"),
        text("compare.not_ranked"): [
            unranked_words(reason, card, here.month, text) if reason else ""
            for reason in comparison["unranked"]
        ],
    }
    if not mix.empty:
        to = mix.set_index("unit")["adjusted"].reindex(comparison["unit"])
        columns[text(f"compare.adjusted_{mix['dimension'].iloc[0]}") + suffix] = values(to, card.unit)
    return columns


def _verdicts(here: Here, comparison: pd.DataFrame, name: str) -> list[str]:
    return [
        "" if is_missing(value) else verdict_word(word, here.text)
        for word, value in zip(comparison[name], comparison["value"], strict=True)
    ]


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
            text("column.rank"): [None if is_missing(row["place"]) else int(row["place"])],
        }
        one = row.to_frame().T.infer_objects()
        blocks.append(pd.DataFrame(named | _figures(here, one, card, unit=False)))
    return pd.concat(blocks, ignore_index=True)


def _figures(here: Here, frame: pd.DataFrame, card: Card, unit: bool = True) -> dict[str, list]:
    """The figures' columns; shares in per cent, as they are shown."""
    text = here.text
    secret = [status == HIDDEN for status in frame["status"]]

    def told(cells: list[float | None]) -> list[float | str | None]:
        """Hidden numbers in words: an empty cell would look like a missing one."""
        return [
            hidden_word(text) if gone and one is None else one
            for one, gone in zip(cells, secret, strict=True)
        ]

    suffix = f" ({unit_suffix(card.unit, here.language)})" if unit else ""
    return {
        text("column.value") + suffix: told(values(frame["value"], card.unit)),
        text("column.numerator"): told(amounts(frame["numerator"], card.top_scale)),
        text("column.denominator"): told(amounts(frame["denominator"], card.bottom_scale)),
        text("column.listed"): told(amounts(frame["listed"], card.bottom_scale)),
        text("column.target") + suffix: values(frame["target"], card.unit),
        missing_heading(card, text): amounts(frame["missing"]),
        text("column.last_year") + suffix: values(frame["last_year"], card.unit),
        text("column.judgement"): [text(f"judgement.{j}") for j in frame["judgement"]],
        text("column.status"): [text(f"status.{s}") for s in frame["status"]],
    }
