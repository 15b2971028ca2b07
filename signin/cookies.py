"""Values in a browser's cookies, read in one way by the gate and by pages."""

from __future__ import annotations

from collections.abc import Iterable


def token_in(headers: Iterable[str], cookie: str) -> str | None:
    """What the ``Cookie`` headers hold under a name; None where they hold nothing, or several.

    A page of another port or of a neighbouring host can add a cookie of the same name: which one is ours cannot be told,
    so neither counts.
    """
    found = []
    for header in headers:
        for part in header.split(";"):
            name, sign, value = part.strip().partition("=")
            if sign and name == cookie:
                found.append(value.strip().strip('"'))
    return found[0] if len(found) == 1 and found[0] else None
