"""A signal of records worth checking in words, and its range as a small bar."""

from __future__ import annotations

from metrics.truth.rules import Rules
from metrics.truth.signals import OF_UNITS, OF_VALUES
from metrics.units import count
from pages._html import span, tag
from pages._page import Here

_PARTS = ("late", "pile", "recent", "away")
_GLUCOSE = "glucose"
_CORRELATIONS = (
    "person",
    "steps",
    "pressures",
    "neighbours",
    "season",
    "spells",
    "spells_typed",
    "own_pressures",
)
#: Signal -> the rule that its words name.
_MOST = {
    "pace": "pace_day",
    "impossible": "impossible_day",
    "bulk": "batch_days",
    "bulk_long": "batch_long_days",
    "far": "far_km",
    "telephones": "phone_households",
    "travel": "travel_km",
    "interval": "interval_days",
}
_COUNTED = ("dead", "hospital", "far")  # observed as a number, not as a share


def parts_of(kind: str) -> tuple[str, str]:
    """The signal itself, and the records that it looks at by themselves: late, pile, recent, away, glucose, or ""."""
    base, _, end = kind.rpartition("_")
    return (base, end) if end in (*_PARTS, _GLUCOSE) else (kind, "")


def name_of(here: Here, kind: str) -> str:
    return here.text(f"worth.name_{parts_of(kind)[0]}")


def sentence(here: Here, row, rules: Rules) -> str:
    """What is there and what is usual among peers: of a row of ``Listed.reasons``."""
    text = here.text
    base, part = parts_of(row.kind)
    what = text("worth.glucose" if part == _GLUCOSE else "worth.pressure")
    said = text(f"worth.part_{part}", n=f"{rules.recent_days:g}") if part in _PARTS else ""
    filled = {"part": said, "what": what, "n": count(row.number)}
    if base in OF_VALUES:
        shown = {name: _value(base, part, getattr(row, name)) for name in ("low", "high")}
        shown["value"] = _value(base, part, row.observed)
    else:
        times = 1 if base in _COUNTED else row.number
        shown = {name: count(round(getattr(row, name) * times)) for name in ("low", "high")}
        shown["hit"] = count(round(row.observed * times))
        shown["most"] = f"{getattr(rules, _MOST[base]):g}" if base in _MOST else ""
    words = text(f"worth.words_{base}", **filled, **shown)
    return words[0].upper() + words[1:]


def _value(base: str, part: str, value: float) -> str:
    if base in _CORRELATIONS:
        return f"{value:.2f}".replace("-", "−")
    return f"{value / 10:.1f}" if part == _GLUCOSE else f"{value:.1f}"


def side(row) -> str:
    """Where the value lies: above, below or inside the range of peers."""
    return "above" if row.observed > row.high else "below" if row.observed < row.low else "inside"


def range_bar(here: Here, row) -> str:
    """The range of peers as a bar, the value as a line in it, and the word for it."""
    base, _ = parts_of(row.kind)
    low = -1.0 if base in _CORRELATIONS else 0.0
    high = 1.0 if base in _CORRELATIONS else max(row.observed, row.high) * 1.1
    width = max(high - low, 1e-9)
    left, right, at = (
        100 * (min(max(one, low), high) - low) / width for one in (row.low, row.high, row.observed)
    )
    bar = tag(
        "span",
        tag("i", style=f"left:{left:.1f}%;width:{max(right - left, 1):.1f}%"),
        tag("u", style=f"left:{at:.1f}%"),
        css="bar",
        title=here.text("worth.range_help"),
    )
    return bar + " " + span(here.text(f"worth.{side(row)}"), css="small nowrap")


def behind_words(here: Here, row) -> str:
    """How many records, or persons, are behind it."""
    return here.text("worth.open_persons" if row.kind in OF_UNITS else "worth.open", n=count(row.behind))
