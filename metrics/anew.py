"""A card made a second time, by other dated values of some parameters: what a figure would be had they not been changed.

Rules read parameters when their modules are imported. So the modules of facts and cards are executed once more, apart from those
that everything else uses: an ``import`` of one of them inside gives the second one, any other import what it always gives.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from metrics.card import Card
from metrics.cards import CARDS, SYSTEMS
from metrics.context import named_tables, rules_of, text_of
from metrics.facts import FACTS, Fact
from metrics.standards import Parameter, holding

#: A parameter's dated values, oldest first, by its key.
Values = Mapping[str, tuple[Parameter, ...]]

#: Parameters of the populations that most rules rest on; cards need not list them.
SHARED = ("resident_months", "keep_departed")

#: How many are kept: twice what one question asks for (``metrics.why.parameters``).
MOST_MADE = 32

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


@lru_cache(maxsize=MOST_MADE)
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
