"""Which cards change when a parameter changes: found by changing it. Run as a process of its own, prints JSON.

Rules read parameters when they are imported, so each value means importing every card anew; that is
nothing to do to the process that runs the tests.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from importlib import import_module

from metrics import standards

# Whatever holds a rule, or a table that rules name.
_RULES = ("metrics.cards", "metrics.facts", "metrics.tables", "metrics.households", "metrics.context")
# A parameter is raised by one; these would make no sense then.
_CHANGED = {"contacts_per_year": 3, "year_first_month": 4}


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
        share = card.statistic and card.statistic.share and standards.number(card.statistic.share)
        found[key] = "\n".join([*map(_text, rules), *(told[name] for name in beneath), str(share)])
    return found


def _text(rule) -> str:
    return str(rule.compile(compile_kwargs={"literal_binds": True}))


def changed_cards() -> dict[str, list[str]]:
    """Parameter -> keys of the cards whose rules or facts change with it."""
    plain = standards.parameters()
    before = _texts()
    found = {}
    for key, values in plain.items():
        value = _CHANGED.get(key, values[0].value + 1)
        changed = plain | {key: (replace(values[0], value=value), *values[1:])}
        standards.parameters = lambda changed=changed: changed
        after = _texts()
        found[key] = [card for card in before if before[card] != after[card]]
    return found


if __name__ == "__main__":
    json.dump(changed_cards(), sys.stdout)
