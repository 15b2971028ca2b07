"""Every spec: of the cards, one module a system in ``tests/spec/cards``, and of periods and denominators."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.spec import cards, denominators, periods
from tests.spec.harness import Spec

_MODULES = [import_module(f"{cards.__name__}.{found.name}") for found in iter_modules(cards.__path__)]

SPECS: list[Spec] = [spec for module in (*_MODULES, periods, denominators) for spec in module.SPECS]
