"""A card made a second time, by other dated values of some parameters: what a figure would be had they not been changed.

Rules read parameters when their modules are imported. So the modules of facts and cards are executed once more, apart from those
that everything else uses: an ``import`` of one of them inside gives the second one, any other import what it always gives.
"""

from __future__ import annotations

import builtins
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from metrics.card import Card
from metrics.cards import CARDS, SYSTEMS
from metrics.context import named_tables, rules_of, text_of
from metrics.facts import FACTS, Fact
from metrics.standards import Parameter, holding, number, parameters

#: A parameter's dated values, oldest first, by its key.
Values = Mapping[str, tuple[Parameter, ...]]

#: Parameters of the populations that most rules rest on; cards need not list them.
SHARED = ("resident_months", "keep_departed")

_FACTS = "metrics.facts"
_ROOMS = (_FACTS, "metrics.cards")


@dataclass(frozen=True)
class Ruled:
    """A card and the facts that its rules name; of ``values``, where they are not those in force."""

    card: Card
    facts: Mapping[str, Fact]


def as_is(key: str) -> Ruled:
    """The card as everything else has it."""
    return Ruled(CARDS[key], FACTS)


def made_anew(key: str, values: Values) -> Ruled:
    """The card as its module makes it where some parameters have these values. 0.2 s the first time."""
    return _made(key, tuple(sorted(values.items())))


def rests_on(key: str, values: Values) -> bool:
    """Whether the card's rules, or facts beneath them, are others by these values."""
    return _text(as_is(key)) != _text(made_anew(key, values))


def _text(ruled: Ruled) -> list[str]:
    rules = rules_of([ruled.card])
    beneath = sorted(named_tables(rules, ruled.facts) & ruled.facts.keys())
    return [text_of(rule) for rule in (*rules, *(ruled.facts[name].select for name in beneath))]


@lru_cache(maxsize=8)
def _made(key: str, values: tuple[tuple[str, tuple[Parameter, ...]], ...]) -> Ruled:
    home = next(system.__name__ for system in SYSTEMS if any(card.key == key for card in system.CARDS))
    with holding(dict(values)):
        again = _Again()
        cards = {card.key: card for card in again.module(home).CARDS}
        return Ruled(cards[key], again.module(_FACTS).FACTS)


class _Again:
    """Modules of the two rooms, each executed once more; nobody else sees them."""

    def __init__(self) -> None:
        self._modules: dict[str, ModuleType] = {}
        self._builtins = {**vars(builtins), "__import__": self._import}

    def module(self, name: str) -> ModuleType:
        if name not in self._modules:
            spec = find_spec(name)
            self._modules[name] = module = module_from_spec(spec)
            vars(module)["__builtins__"] = self._builtins
            exec(spec.loader.get_code(name), vars(module))
        return self._modules[name]

    def _import(self, name, globals=None, locals=None, fromlist=(), level=0):
        if fromlist and any(name == room or name.startswith(f"{room}.") for room in _ROOMS):
            return self.module(name)
        return builtins.__import__(name, globals, locals, fromlist, level)


# -- which values --------------------------------------------------------------------------------


def changed(key: str, earlier: int, month: int, first: int | None = None) -> tuple[float, float] | None:
    """The values of a parameter at two months, as rules read them; None where they are the same.

    Where they are, but it had another value in between, since ``first``: that one. For a year so far or twelve months counts by it.
    """
    values = _as_read(key)
    before = _in_force(values, earlier)
    since = month if first is None else max(first, earlier + 1)
    others = [after for one in range(since, month + 1) if (after := _in_force(values, one)) != before]
    return (before, others[-1]) if others else None


def changed_within(key: str, first: int, last: int) -> bool:
    """Whether rules read different values of a parameter for some months of a time."""
    values = _as_read(key)
    return len({_in_force(values, month) for month in range(first, last + 1)}) > 1


def not_changed(key: str, earlier: int, month: int) -> tuple[Parameter, ...]:
    """Its dated values had nobody changed it after the earlier month, up to the later one."""
    return tuple(value for value in _as_read(key) if not earlier < _month(value.start) <= month)


def changed_before(key: str, earlier: int, month: int) -> tuple[Parameter, ...]:
    """Its dated values had all that was changed since the earlier month been changed as long before it as it was before the later one.

    So the earlier month's year, or twelve months, has the new value in as large a part as the later one's.
    """
    values = _as_read(key)
    back = month - earlier
    if _is_of_year(key):
        back = -(-back // 12) * 12
    since = [value for value in values if earlier < _month(value.start) <= month]
    moved = tuple(replace(value, start=_months_before(value.start, back)) for value in since)
    kept = tuple(value for value in values if value.start < moved[0].start)
    # The oldest value also holds before its date, however early what follows it now begins.
    return (*(kept or (replace(values[0], start=date.min),)), *moved)


def _as_read(key: str) -> tuple[Parameter, ...]:
    """Its values from the day on from which rules read them; the oldest from ever on."""
    values = parameters()[key]
    if _is_of_year(key):
        values = tuple(replace(value, start=_next_year(value.start)) for value in values)
        # Of two that begin with the same year the later one holds.
        values = tuple({value.start: value for value in values}.values())
    return (replace(values[0], start=date.min), *values[1:])


def _is_of_year(key: str) -> bool:
    """Whether a year asks for what is in force when it begins."""
    return key.endswith("_per_year")


def _next_year(day: date) -> date:
    """The first day of a year that is not before a day."""
    month = _month(day) + (day.day > 1)
    month += (number("year_first_month") - 1 - month) % 12
    return date(month // 12, month % 12 + 1, 1)


def _months_before(day: date, months: int) -> date:
    month = max(_month(day) - months, 12)
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _in_force(values: tuple[Parameter, ...], month: int) -> float:
    return [value.value for value in values if _month(value.start) <= month][-1]


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
