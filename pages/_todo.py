"""The list of this week's visits as the page shows it: by day and village, a row a person."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from exports.visit_list import (
    VisitList,
    count_words,
    day_words,
    indicators,
    mark_words,
    sex_words,
    to_do,
    until_words,
)
from metrics.cards import CARDS
from metrics.revealing import OfList, Revealed
from metrics.units import MISSING
from metrics.visiting.owing import Lists
from pages._html import esc, span, table, tag
from pages._page import Here
from pages._reveal import shown_of, shown_words

MOST = 600  # people that a page shows
_TONES = {"last": "below", "warning": "below", "soon": "course"}
_SIGNS = {"last": "▲ ", "warning": "▲ ", "soon": "△ "}


def list_of(found: Lists, cards: tuple[str, ...]) -> OfList:
    """A list on which somebody stands, as revealing asks for it."""
    return OfList(cards[0], found.unit, found.month, str(CARDS[cards[0]].bases[0]))


def cards_of(visits: pd.DataFrame) -> dict[int, tuple[str, ...]]:
    """Person -> the cards that bring them onto the list."""
    return {one.person: (*one.closes, *one.steps) for one in visits.itertuples()}


def day_board(here: Here, made: VisitList, found: Lists, rows: pd.DataFrame) -> str:
    """One day: village after village."""
    text = here.text
    head = [text(f"visiting.{name}") for name in ("stop", "name", "age", "place", "do", "last", "mark")]
    marks = ["n", "nowrap who", "nowrap", "nowrap", "w what", "nowrap", "nowrap"]
    cards = cards_of(rows)
    lines = []
    for village, some in rows.groupby("village", sort=False, dropna=False):
        name = text("visiting.no_village") if pd.isna(village) else str(village)
        beside = span(count_words(some, made.plan.where, text), css="aside small")
        lines.append([tag("td", esc(name), beside, css="group", colspan=str(len(head)))])
        before = None
        for one in some.to_dict("records"):
            of = list_of(found, cards[one["person"]])
            lines.append(_row(here, made, one, one["stop"] == before, shown_of(of)))
            before = one["stop"]
    return table(head, lines, marks=marks, css="stack todo")


def day_title(here: Here, made: VisitList, day, rows: pd.DataFrame) -> str:
    """The day, how many homes and people."""
    return f"{day_words(day, here.text)} · {count_words(rows, made.plan.where, here.text)}"


def choices(here: Here, made: VisitList) -> dict[int, str]:
    """The people of the list as they are told from each other."""
    found = {}
    for one in made.plan.visits.head(MOST).to_dict("records"):
        parts = (_name(made, one), sex_words(one["sex"], here.text), _age(here, one), _place(one))
        found[int(one["person"])] = f"{one['stop']} · " + " · ".join(part for part in parts if part)
    return found


def _row(here: Here, made: VisitList, one: dict, same_door: bool, shown: Mapping[int, Revealed]) -> list[str]:
    text = here.text
    person = one["person"]
    name = shown_words(here, shown[person]) if person in shown else esc(_name(made, one))
    about = " · ".join(part for part in (sex_words(one["sex"], text), _age(here, one)) if part)
    chips = [span(words, css="do") for words in to_do(one["services"], text)]
    mark = one["mark"]
    return [
        "" if same_door else esc(one["stop"]),
        name,
        esc(about or MISSING),
        esc(_place(one) or MISSING),
        tag("div", *chips, css="dos", title="\n".join(indicators(one, text))),
        esc(until_words(one)),
        span(_SIGNS[mark] + mark_words(mark, text), css=f"mark {_TONES[mark]}") if mark else "",
    ]


def _name(made: VisitList, one: dict) -> str:
    return made.names.names.get(one["person"], MISSING)


def _age(here: Here, one: dict) -> str:
    return "" if pd.isna(one["age"]) else here.text("visiting.years", n=int(one["age"]))


def _place(one: dict) -> str:
    return "" if one["place"] is None or pd.isna(one["place"]) else str(one["place"])
