"""What a check came to: the true rate with its interval by unit, and what it would do to points and money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from metrics.card import Unit
from metrics.comparing.levels import levels_in
from metrics.funds.money import yuan
from metrics.funds.settling import COEFFICIENT, WORK_POINTS
from metrics.standards import value_in
from metrics.units import MISSING, count, is_missing, number, show
from metrics.verifying import book
from metrics.verifying.money import Money, money
from metrics.verifying.points import points, shares_of
from metrics.verifying.results import results
from metrics.wording import hidden_word
from pages._board import board
from pages._html import esc, span, table, tag
from pages._page import Here
from pages._store import one_generation, register
from pages._text import typed
from pages._who import principal

_TIGHT = 1e-9


def result_part(here: Here, row: Mapping[str, Any]) -> None:
    """The whole in a sentence, the units side by side, then points and money."""
    text, who = here.text, principal()
    with one_generation() as known, known.published() as figures, register().reading() as connection:
        found = results(who, connection, figures, row["verification"])
        shares = shares_of(found)
        scored = points(who, connection, figures, row, shares)
        earned = money(who, connection, figures, row, shares)
        may = book.may_check(who, row)
    if row["state"] == book.OPEN:
        st.caption(text("verify.so_far"))
    if found.empty:
        st.info(text("verify.nothing_yours"))
        return
    top = found.iloc[0]
    if top["unit"] == row["unit"]:
        board(tag("div", sentence(here, top, int(row["month"])), css="said"), key="said")
    board(result_table(here, found, int(row["month"]), may) + _legend(here, row["month"]), key="results")
    st.caption(text("verify.bounds_about"))
    _points(here, scored, bool(shares))
    _money(here, earned)


def sentence(here: Here, top: pd.Series, month: int) -> str:
    """What is known of the whole, in words."""
    text = here.text
    if top["why"]:
        return esc(why_words(here, top, month))
    told = {name: _rate(here, top[name]) for name in ("reported", "estimate", "low", "high", "share")}
    return esc(text("verify.said", answered=count(top["answered"]), **told))


def why_words(here: Here, one: Mapping[str, Any], month: int) -> str:
    """Why a unit has no estimate."""
    if one["why"] == "hidden":
        return hidden_word(here.text)
    least = f"{value_in('verify_answers_least', month):g}"
    if one["why"] == "few" and is_missing(one["answered"]):  # for others than who checks
        return here.text("verify.why_fewer", least=least)
    return here.text(f"verify.why_{one['why']}", n=count(one["answered"]), least=least)


def result_table(here: Here, found: pd.DataFrame, month: int, may: bool) -> str:
    """A row a unit; all ranges on one scale, 0 to the largest number shown."""
    text = here.text
    numbers = found[["reported", "high", "outer_high"]].to_numpy(float)
    most = max(1e-9, float(pd.DataFrame(numbers).max().max()) if found["reported"].notna().any() else 1.0)
    out = []
    for place, one in enumerate(found.to_dict("records")):
        name = esc(_name(here, int(one["unit"])))
        said = [
            tag("span", name, css="strong") if place == 0 else name,
            esc(_rate(here, one["reported"])),
            _estimate(here, one, month),
            tag("td", _range(here, one, most), css="nowrap"),
            esc(_span(here, one["outer_low"], one["outer_high"])),
        ]
        answers = [esc(count(one["drawn"])), esc(count(one["answered"]))]
        if may:
            answers += [esc(count(one[name])) for name in ("confirmed", "denied", "unknown")]
        out.append([*said, *answers])
    names = ["unit", "reported", "estimate", "range", "bounds", "drawn", "answered"]
    names += ["confirmed", "denied", "unknown"] if may else []
    marks = ["u", "n", "n", "", "n", *["n"] * (len(names) - 5)]
    return table([esc(text(f"verify.col_{name}")) for name in names], out, marks=marks)


def _estimate(here: Here, one: Mapping[str, Any], month: int) -> str:
    if one["why"]:
        return span(why_words(here, one, month), css="muted small")
    low = span(_span(here, one["low"], one["high"]), css="small muted")
    return tag("span", esc(_rate(here, one["estimate"])), css="strong") + " " + low


def _range(here: Here, one: Mapping[str, Any], most: float) -> str:
    """Bounds as a thin line, the interval as a bar, the estimate as a dot, the report as a stroke."""
    if is_missing(one["reported"]):
        return span(MISSING, css="muted")

    def at(value: float) -> str:
        return f"{100 * min(1, value / most):.1f}%"

    def wide(low: float, high: float) -> str:
        return f"left:{at(low)};width:{100 * max(0.0, min(1, high / most) - low / most):.1f}%"

    parts = []
    if not is_missing(one["outer_low"]):
        parts.append(tag("s", style=wide(one["outer_low"], one["outer_high"])))
    if not one["why"]:
        parts += [
            tag("i", style=wide(one["low"], one["high"])),
            tag("b", style=f"left:{at(one['estimate'])}"),
        ]
    parts.append(tag("u", style=f"left:{at(one['reported'])}"))
    label = here.text(
        "verify.range_label",
        reported=_rate(here, one["reported"]),
        estimate=MISSING
        if one["why"]
        else f"{_rate(here, one['estimate'])} ({_span(here, one['low'], one['high'])})",
    )
    return tag("span", *parts, css="range", role="img", aria_label=label)


def _legend(here: Here, month: int) -> str:
    text = here.text
    confidence = number(levels_in(month).interval * 100, Unit.PERSONS)
    keys = [
        (tag("span", tag("u", style="left:50%"), css="range key"), text("verify.key_reported")),
        (tag("span", tag("b", style="left:50%"), css="range key"), text("verify.key_estimate")),
        (
            tag("span", tag("i", style="left:0;width:100%"), css="range key"),
            text("verify.key_interval", n=confidence),
        ),
        (tag("span", tag("s", style="left:0;width:100%"), css="range key"), text("verify.key_bounds")),
    ]
    return tag(
        "div", *(tag("span", shape, " ", esc(words)) for shape, words in keys), css="legend muted small"
    )


# -- points and money ------------------------------------------------------------------------------


def _points(here: Here, found: pd.DataFrame, has_estimate: bool) -> None:
    text = here.text
    st.subheader(text("verify.points"), anchor=False)
    if found.empty:
        st.caption(text("verify.no_points" if has_estimate else "verify.no_estimate"))
        return
    for number_of, rows in found.groupby(found["round"].fillna(0).astype(int), sort=True):
        first = rows.iloc[0]
        sheet = typed(first["sheet"].words[here.language])
        if not number_of:
            st.caption(text("verify.points_sheet", sheet=sheet))
        else:
            key = "verify.points_round" if first["same_month"] else "verify.points_other_month"
            st.caption(text(key, sheet=sheet, n=number_of))
        heads = ("unit", "before", "after", "after_range", "change")
        board(_before_after(here, rows, heads, _hundredths), key=f"points_{number_of}")


def _money(here: Here, found: Money) -> None:
    text = here.text
    st.subheader(text("verify.money"), anchor=False)
    for model in (COEFFICIENT, WORK_POINTS):
        if model in found.why_not:
            why = found.why_not[model]
            st.caption(text(f"verify.no_money_{why}", model=text(f"funds.model_{model}")))
            continue
        st.caption(text(f"verify.money_{model}", n=found.round or ""))
        heads = ("unit", "yuan_before", "yuan_after", "after_range", "change")
        board(
            _before_after(here, found.frames[model], heads, lambda fen: yuan(int(fen))), key=f"money_{model}"
        )


def _before_after(
    here: Here, rows: pd.DataFrame, heads: tuple[str, ...], words: Callable[[float], str]
) -> str:
    """A row a unit: before, after, the range of after, and what is lost."""
    out = []
    for one in rows.itertuples():
        low, high = sorted((one.after_low, one.after_high))
        out.append(
            [
                esc(_name(here, int(one.unit))),
                esc(words(one.before)),
                span(words(one.after), css="strong"),
                esc(
                    words(low)
                    if low == high
                    else here.text("verify.from_to", low=words(low), high=words(high))
                ),
                _change(words(abs(one.after - one.before)), one.after - one.before),
            ]
        )
    return table([esc(here.text(f"verify.col_{name}")) for name in heads], out, marks=["u", *["n"] * 4])


def _name(here: Here, unit: int) -> str:
    return here.name_of(unit) if (here.tree["unit"] == unit).any() else str(unit)


def _change(words: str, by: float) -> str:
    if not by:
        return span("0", css="muted")
    return span(f"▼ {words}", css="below") if by < 0 else span(f"▲ {words}", css="at")


def _hundredths(points: float) -> str:
    return f"{points / 100:.2f}"


def _rate(here: Here, value: float) -> str:
    return show(value, Unit.PERCENT, here.language)


def _span(here: Here, low: float, high: float) -> str:
    if is_missing(low) or is_missing(high):
        return MISSING
    if abs(high - low) < _TIGHT:
        return _rate(here, low)
    return f"{number(low, Unit.PERCENT)}–{_rate(here, high)}"
