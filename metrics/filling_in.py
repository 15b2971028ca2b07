"""Who may fill in which form: whoever brings files in all of them, a unit what it reports of its own work."""

from __future__ import annotations

from metrics.principal import NotAllowedError, Principal

#: Tables of forms by which a unit tells of itself. What others find there (visits, findings, checks, samples, scores,
#: money) it does not fill in.
OF_OWN_WORK = ("reported_count", "activity", "document", "facility", "incident", "staff", "training")


def may_fill_in(principal: Principal, table: str, unit: int) -> bool:
    """Whether the principal may fill in a form (by the table that it feeds) of a unit."""
    if principal.may("import"):
        return True
    return table in OF_OWN_WORK and principal.may("answer") and unit in principal.own


def require_fill_in(principal: Principal, table: str, unit: int) -> None:
    """Raises NotAllowedError."""
    if not may_fill_in(principal, table, unit):
        raise NotAllowedError(f"{principal.name} ({principal.role}) may not fill in {table} of unit {unit}")
