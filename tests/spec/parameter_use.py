"""Which cards change when a parameter changes. Run as a process of its own, prints JSON.

Rules read parameters when they are imported, and name the date of every change. So each parameter is given a
second value on a day of its own, far in the future: whatever rests on it names that day or month. What says
when years begin has no date: it is changed, and every card is imported anew.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from datetime import date
from importlib import import_module

from metrics import standards

# Whatever holds a rule, or a table that rules name.
_RULES = ("metrics.cards", "metrics.facts", "metrics.tables", "metrics.households", "metrics.context")
_FIRST_YEAR = 5000  # of the changes: no rule names a month or day so late


def _texts() -> dict[str, str]:
    """Card -> its rules and the rules of every fact beneath them, as text."""
    for name in [name for name in sys.modules if name.startswith(_RULES)]:
        del sys.modules[name]
    cards = import_module("metrics.cards").CARDS
    facts = import_module("metrics.facts").FACTS
    context = import_module("metrics.context")
    told = {name: _text(fact.select) for name, fact in facts.items()}
    found = {}
    for key, card in cards.items():
        rules = context.rules_of([card])
        beneath = sorted(context.named_tables(rules) & facts.keys())
        found[key] = "\n".join([*map(_text, rules), *(told[name] for name in beneath)])
    return found


def _text(rule) -> str:
    return str(rule.compile(compile_kwargs={"literal_binds": True}))


def _marks(year: int) -> set[str]:
    """How rules name the first day of a year: as a day, a month, or the last month before it."""
    return {f"{year}-01-01", str(year * 12), str(year * 12 - 1)}


def _of_statistics(key: str) -> set[str]:
    """Cards whose approved population hangs on a parameter: it stands in no rule."""
    cards = import_module("metrics.cards").CARDS.items()
    by_kind = key == "coverage_kind"
    return {name for name, card in cards if card.statistic and (by_kind or card.statistic.share == key)}


def changed_cards() -> dict[str, list[str]]:
    """Parameter -> keys of the cards whose rules, facts or denominators change with it."""
    plain = standards.parameters()
    years = {key: _FIRST_YEAR + n for n, key in enumerate(sorted(plain))}
    dated = {
        key: values
        if key in standards.CALENDAR
        else (*values, replace(values[-1], start=date(years[key], 1, 1)))
        for key, values in plain.items()
    }
    standards.parameters = lambda: dated
    before = _texts()
    words = {card: set(re.findall(r"\d{4}-\d\d-\d\d|\d{5,}", text)) for card, text in before.items()}
    found = {
        key: sorted({card for card in words if words[card] & _marks(years[key])} | _of_statistics(key))
        for key in plain
        if key not in standards.CALENDAR
    }
    for key in standards.CALENDAR:
        changed = dated | {key: (replace(plain[key][0], value=plain[key][0].value % 12 + 1),)}
        standards.parameters = lambda changed=changed: changed
        after = _texts()
        found[key] = sorted(card for card in before if before[card] != after[card])
    return found


if __name__ == "__main__":
    json.dump(changed_cards(), sys.stdout)
