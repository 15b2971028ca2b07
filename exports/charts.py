"""Frames of ``metrics.figures`` as chart descriptions with their words: what pictures, slides and sheets draw."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from charts import spec
from exports.about import About
from exports.words import Text
from metrics.card import Card, Unit
from metrics.judgement import missed
from metrics.small_numbers import HIDDEN
from metrics.units import decimals_of, is_missing, number, scaled, show, unit_suffix
from metrics.wording import SHAPES, month_alone, paper_words


def caption(
    title: str, card: Card, target: float, target_source: str, about: About, text: Text, note: str = ""
) -> spec.Caption:
    """What stands around a chart of a card. Without a target nothing is said of one."""
    aimed = "" if is_missing(target) else text("chart.target", value=show(target, card.unit, text.language))
    named = sources([card.source, target_source] if aimed else [card.source], text)
    return spec.Caption(
        title=title,
        unit=text("chart.unit", unit=unit_suffix(card.unit, text.language)),
        target=aimed,
        source=text("chart.source", source=named) if named else "",
        date=data_date(about, text),
        note=note,
        demo=demo_words(about, text),
    )


def sources(given: Sequence[str], text: Text) -> str:
    """Papers by their titles, each once."""
    between = text("list.semicolon")
    titles = [title for one in given if one for title in paper_words(one, text).split(between)]
    return between.join(dict.fromkeys(titles))


def demo_words(about: About, text: Text) -> str:
    """That all is invented, of a demo; else ""."""
    return text("about.demo") if about.is_demo else ""


def data_date(about: About, text: Text) -> str:
    """Until when the data reach, in words."""
    return text("chart.date", day=about.data_until or "—")


def bars_of(
    comparison: pd.DataFrame,
    names: Mapping[int, str],
    card: Card,
    about: About,
    text: Text,
    title: str = "",
    most: int | None = None,
) -> spec.Bars:
    """Units of ``figures.comparison`` that have a value, in the frame's order; ``most``: only the first so many."""
    rows = comparison[comparison["value"].notna()]
    left_out = 0 if most is None else max(0, len(rows) - most)
    rows = rows if most is None else rows.head(most)
    targets = rows["target"].dropna().unique()
    target = float(targets[0]) if len(targets) == 1 else math.nan
    source = rows["target_source"].iloc[0] if len(targets) == 1 else ""
    parts = [text("chart.varied")] if len(targets) > 1 else []
    secret = int((comparison["status"] == HIDDEN).sum())
    without = int(comparison["value"].isna().sum()) - secret
    parts += [text("chart.without", n=without)] if without else []
    parts += [text("chart.hidden_units", n=secret)] if secret else []
    parts += [text("chart.left_out", n=left_out)] if left_out else []
    return spec.Bars(
        caption=caption(
            title or card.name[text.language],
            card,
            target,
            source,
            about,
            text,
            text("chart.and").join(parts),
        ),
        bars=tuple(
            spec.Bar(
                label=names[row.unit],
                value=scaled(row.value, card.unit),
                text=_written(row, card, text),
                judgement=row.judgement,
                colour="line" if row.judgement == "none" and row.status == "ok" else "",
            )
            for row in rows.itertuples()
        ),
        target=scaled(target, card.unit),
        legend=judgement_legend(rows["judgement"], text) + _part_legend(rows, text),
        decimals=decimals_of(card.unit),
        suffix=sign_of(card),
    )


def judgement_legend(judgements: Sequence[str], text: Text) -> tuple[tuple[str, str], ...]:
    """The judgements that occur, the best first, each with its shape and word."""
    there = set(judgements)
    return tuple(
        (one, f"{SHAPES[one]} {text(f'judgement.{one}')}") for one in SHAPES if one in there and one != "none"
    )


def _part_legend(rows: pd.DataFrame, text: Text) -> tuple[tuple[str, str], ...]:
    """What grey bars are, where there are any."""
    part = (rows["judgement"] == "none") & (rows["status"] != "ok")
    return (("none", text("status.part")),) if part.any() else ()


def _written(row, card: Card, text: Text) -> str:
    shape = f"{SHAPES[row.judgement]} " if row.judgement != "none" else ""
    note = "" if row.status == "ok" else text("chart.part")
    return f"{shape}{number(row.value, card.unit, beside=missed(row))}{sign_of(card)}{note}"


def sign_of(card: Card) -> str:
    """What follows a number of the card on an axis: "%" or nothing."""
    return "%" if card.unit is Unit.PERCENT else ""


def lines_of(
    course: pd.DataFrame, card: Card, about: About, text: Text, title: str = "", months: int = 24
) -> spec.Lines:
    """The newest ``months`` months of a frame of ``figures.course``: this year's line, last year's, the target."""
    last = int(course["month"].max())
    shown = list(range(max(int(course["month"].min()), last - months + 1), last + 1))
    rows = course.set_index("month").reindex(shown)
    aimed = rows["target"].dropna()
    target, source = math.nan, ""
    if len(aimed):
        target = float(aimed.iloc[-1])
        source = rows["target_source"].dropna().iloc[-1]

    def line(column: str, name: str, role: str, **more) -> spec.Line:
        values = tuple(math.nan if is_missing(v) else scaled(v, card.unit) for v in rows[column])
        return spec.Line(name=text(f"chart.{name}"), values=values, role=role, **more)

    secret = int((rows["status"] == HIDDEN).sum())
    note = text("chart.hidden_months", n=secret) if secret else ""
    part = frozenset(place for place, status in enumerate(rows["status"]) if status == "part")
    lines = [
        line("value", "value", "line", open=part),
        line("last_year", "last_year", "before"),
        line("target", "target_line", "target"),
    ]
    return spec.Lines(
        caption=caption(title or card.name[text.language], card, target, source, about, text, note),
        labels=tuple(month_label(month, place, text) for place, month in enumerate(shown)),
        lines=tuple(one for one in lines if any(not math.isnan(v) for v in one.values)),
        decimals=decimals_of(card.unit),
        suffix=sign_of(card),
    )


def month_label(month: int, place: int, text: Text) -> str:
    """The month; the year below the first one drawn and below each January."""
    alone = month_alone(month, text)
    return f"{alone}\n{month // 12}" if place == 0 or month % 12 == 0 else alone
