"""Principals of tests: a role's rights, and scopes as the test wants them."""

from __future__ import annotations

from metrics.principal import Principal, Scope
from metrics.roles import RIGHTS_OF


def as_role(name: str, role: str, figures: Scope, own: Scope) -> Principal:
    """Somebody of a role (``metrics.roles``), with scopes of one's own choice."""
    return Principal(name, role, figures, own, RIGHTS_OF[role])
