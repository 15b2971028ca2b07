"""The section "why it changed" of the indicator page: two figures and what lies between them, cause by cause.

It reads records, so nothing is computed until a comparison is chosen; the answer is kept for the generation and whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import floor

import streamlit as st

from metrics.card import Card, Direction, Unit
from metrics.past import can_tell, may_ask
from metrics.reading import within
from metrics.standards import parameters
from metrics.units import POINTS, count, counted, decimals_of, difference, number, show
from metrics.why.asking import THEN, split
from metrics.why.dated import Change
from metrics.why.parameters import MOST_APART
from metrics.why.sharing import SWITCH, Cause, Split
from pages._board import board
from pages._html import esc, span, table, tag
from pages._method import method_line
from pages._month import month_name
from pages._open import ask_list
from pages._page import Here
from pages._view import selector
from pages._who import principal

CLOSED = "no"


def why(here: Here, card: Card, basis: str) -> None:
    """The section; nothing for figures that are made of other figures."""
    if not can_tell(card) or card.derived is not None:
        return
    text, view = here.text, here.view
    st.subheader(text("why.title"), anchor=False)
    if not may_ask(principal(), card, within(here.tree, here.unit)):
        st.caption(text("why.not_allowed"))
        return
    compared = {"month": here.month - 1, "year": here.month - 12}
    known = [name for name, month in compared.items() if month >= here.built.first_month]
    choices = [CLOSED, *known, THEN]
    view.choose("why", choices, CLOSED, "filter.why")
    selector(
        view,
        st.segmented_control,
        "why",
        choices,
        lambda name: text(f"why.{name}"),
        text("filter.why"),
        label_visibility="collapsed",
        required=True,
    )
    chosen = view.values["why"]
    if chosen == CLOSED:
        st.caption(text("why.about"))
        return
    with st.spinner(text("why.computing")):
        found = ask_list(
            split, card, unit=here.unit, month=here.month, basis=basis, before=compared.get(chosen, THEN)
        )
    if found.reason:
        st.info(text(f"why.none_{found.reason}"))
        return
    board(_told(here, card, found, chosen, compared.get(chosen, here.month), basis), key="why")


def _told(here: Here, card: Card, found: Split, chosen: str, earlier: int, basis: str) -> str:
    text = here.text
    change = found.after[2] - found.before[2]
    ends = [month_name(one, text) for one in (earlier, here.month)]
    if chosen == THEN:
        ends = [text("why.end_then", month=ends[0]), text("why.end_now", month=ends[1])]
    said = text(
        "why.said",
        basis=text(f"basis.{basis}"),
        before=show(float(found.before[2]), card.unit, here.language),
        after=show(float(found.after[2]), card.unit, here.language),
        change=difference(float(change), card.unit, here.language),
    )
    if not found.causes:
        return tag(
            "div",
            tag("b", esc(text("why.same", value=show(float(found.after[2]), card.unit, here.language)))),
        )
    numbers = [_in_tenths(found, side) for side in (0, 1)]
    parts = in_steps([found.before[2], *(cause.value for cause in found.causes)], found.after[2], _step(card))
    levels = [float(sum(parts[: place + 1])) for place in range(len(parts))]
    low, high = min(levels), max(levels)
    room = (high - low) * 0.08 or 1
    span_of = (low - room, high - low + 2 * room)
    rows = [_end(here, card, ends[0], found.before, levels[0], span_of)]
    for place, cause in enumerate(found.causes):
        made = tuple(side[place] for side in numbers)
        ends_of = (levels[place], levels[place + 1])
        rows.append(_row(here, card, found, cause, made, float(parts[place + 1]), ends_of, span_of))
    rows.append(_end(here, card, ends[1], found.after, levels[-1], span_of))
    head = [text("why.cause"), text("why.words"), text("why.made_of"), text("why.moves"), text("why.picture")]
    notes = [text("why.adds_up")]
    if "entered" in found.how:
        notes.append(text("why.entered"))
    causes = {cause.name for cause in found.causes}
    if SWITCH in causes:
        notes.append(text("why.halves"))
    told = {key for cause in found.causes for key in cause.keys}
    if without := [key for key in found.parameters if key not in told]:
        notes.append(text("why.parameters", names=_values(here, found, without)))
    if chosen != THEN and (card.is_events or not card.is_personal) and "units" not in causes:
        notes.append(text("why.cut"))
    lines = "".join(tag("div", esc(note), css="small muted") for note in notes)
    return tag(
        "div",
        tag("div", tag("b", esc(said)), " ", esc(_most(here, card, found, parts[1:]))),
        table(head, rows, css="stack", marks=["nowrap", "w", "n", "n", "bars"]),
        lines,
        method_line(here, text("why.method"), "why"),
    )


def _most(here: Here, card: Card, found: Split, parts: list[Fraction]) -> str:
    """The cause that moves the value most; nothing where none is seen to move it."""
    part, cause = max(zip(parts, found.causes, strict=True), key=lambda one: abs(one[0]))
    if not part:
        return ""
    name = here.text(f"why.cause_{cause.name}")
    if cause.keys:
        names = here.text("list.comma").join(_name(here, key) for key in cause.keys)
        name = here.text("why.which", cause=name, names=names)
    return here.text("why.most", cause=name, moves=_moves(here, card, float(part)))


def _step(card: Card) -> Fraction:
    """The last digit that is shown: a hundredth of a point of a share, one digit more than usual of other values."""
    if card.unit is Unit.PERCENT:
        return Fraction(1, 10_000)
    return Fraction(1, 10 ** (decimals_of(card.unit) + (1 if card.is_ratio else 0)))


def in_steps(parts: list[Fraction], whole: Fraction, step: Fraction) -> list[Fraction]:
    """The parts in whole steps that add up to the whole in whole steps: the largest remainders are rounded up."""
    target = round(whole / step)
    down = [floor(part / step) for part in parts]
    order = sorted(range(len(parts)), key=lambda n: down[n] - parts[n] / step)
    for place in order[: target - sum(down)]:
        down[place] += 1
    return [n * step for n in down]


def _in_tenths(found: Split, side: int) -> list[Fraction]:
    """What the causes add to the numerator (0) or the denominator (1), as shown: tenths that add up to the change, itself a whole number."""
    parts = [Fraction((cause.numerator, cause.denominator)[side]) for cause in found.causes]
    return in_steps(parts, sum(parts), Fraction(1, 10))


def _end(
    here: Here, card: Card, name: str, figure: tuple, level: float, span_of: tuple[float, float]
) -> list[str]:
    at = (level - span_of[0]) / span_of[1]
    bar = tag("span", tag("u", style=f"left:{at * 100:.2f}%"), css="bar")
    made = count(figure[0]) if figure[1] is None else f"{count(figure[0])} / {count(figure[1])}"
    words = span(here.text("why.words_end"), css="muted")
    return [span(name, css="strong"), words, esc(made), span(_shown(card, level), css="strong"), bar]


def _row(
    here: Here,
    card: Card,
    found: Split,
    cause: Cause,
    numbers: tuple[Fraction, Fraction],
    part: float,
    ends: tuple[float, float],
    span_of: tuple[float, float],
) -> list[str]:
    text = here.text
    left = (min(ends) - span_of[0]) / span_of[1]
    width = abs(ends[1] - ends[0]) / span_of[1]
    bar = tag(
        "span",
        tag("i", css=_colour(card, part), style=f"left:{left * 100:.2f}%;width:{max(width * 100, 0.6):.2f}%"),
        css="bar",
    )
    made = _signed(numbers[0])
    if card.is_ratio:
        made = f"{made} / {_signed(numbers[1])}"
    return [
        esc(text(f"why.cause_{cause.name}")),
        esc(_words(here, card, found, cause)),
        esc(made),
        esc(_moves(here, card, part)),
        bar,
    ]


def _colour(card: Card, part: float) -> str:
    """Good or bad by the card's own direction; neither where it has none."""
    if card.direction is Direction.NONE or part == 0:
        return ""
    return "above" if (part > 0) == (card.direction is Direction.HIGHER) else "below"


def _moves(here: Here, card: Card, part: float) -> str:
    """What a cause does to the value: in points of a share."""
    if card.unit is Unit.PERCENT:
        return counted(_shown(card, part, signed=True).rstrip("%"), POINTS[here.language])
    return _shown(card, part, signed=True)


def _shown(card: Card, value: float, signed: bool = False) -> str:
    """With one digit more than usual, so that small causes are seen."""
    plus = "+" if signed and value else ""
    if card.unit is Unit.PERCENT:
        return f"{value * 100:{plus}.2f}%".replace("-", "−")
    if card.is_ratio:
        return f"{value:{plus},.{decimals_of(card.unit) + 1}f}".replace("-", "−")
    return number(value, card.unit, signed)


def _signed(n: Fraction) -> str:
    """Whole numbers, and tenths."""
    told = f"{int(n):+,}" if n == int(n) else f"{float(n):+,.1f}"
    return told.replace("-", "−") if n else "0"


def _words(here: Here, card: Card, found: Split, cause: Cause) -> str:
    """What a cause is, with of how many people or things."""
    text = here.text
    if cause.name == SWITCH:
        return _changed(here, card, found, cause)
    if cause.merged:
        names = [here.name_of(unit) if here.has(unit) else text("why.another") for unit in cause.merged]
        return text("why.words_units_merged", names=text("list.comma").join(dict.fromkeys(names)))
    if cause.people is None:
        kind = "population" if card.statistic is not None else "events"
        key = f"why.words_{cause.name}" + ("" if cause.name == "definition" else f"_{kind}")
        if cause.name == "services":
            key = "why.words_services_events"
        return text(key)
    n = _of_how_many(here, card, cause)
    if cause.name == "denominator" and (cause.born or cause.came or cause.died or cause.left):
        parts = [
            text(f"why.{name}", n=count(getattr(cause, name)))
            for name in ("born", "came", "died", "left")
            if getattr(cause, name)
        ]
        return text("list.comma").join(parts)
    return text(f"why.words_{cause.name}", n=n)


def _of_how_many(here: Here, card: Card, cause: Cause) -> str:
    return here.text("why.people" if card.is_personal else "why.things", n=count(cause.people))


def _changed(here: Here, card: Card, found: Split, cause: Cause) -> str:
    """A parameter with its values; of several that are counted together, that they are."""
    text, names = here.text, _values(here, found, cause.keys)
    if len(cause.keys) > 1:
        names = text("why.together", names=names, n=str(MOST_APART))
    if cause.people is None:
        return text("why.words_parameters_events", names=names)
    return text("why.words_parameters", n=_of_how_many(here, card, cause), names=names)


def _values(here: Here, found: Split, keys: Iterable[str]) -> str:
    """Parameters with their values at the two months."""
    return here.text("list.comma").join(_parameter(here, key, found.parameters[key]) for key in keys)


def _parameter(here: Here, key: str, change: Change) -> str:
    return here.text(
        "why.change",
        name=_name(here, key),
        old=f"{change.old:g}",
        new=f"{change.new:g}",
        day=change.on.isoformat(),
    )


def _name(here: Here, key: str) -> str:
    about = parameters()[key][-1]
    return about.zh if here.language == "zh" else about.en
