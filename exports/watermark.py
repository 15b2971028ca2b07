"""The last lines of a list of persons: who took it, when, of how many, and that it is no public paper."""

from __future__ import annotations

from datetime import datetime

from exports.words import LANGUAGES, text, who
from metrics.principal import Principal


def watermark(
    principal: Principal, persons: int, is_full: bool, at: datetime | None = None, shown: str = ""
) -> list[str]:
    """One line a language, whatever the language of the list. ``shown``: what the account's holder is called."""
    at = (at or datetime.now()).replace(microsecond=0)
    found = []
    for language in LANGUAGES:
        said = text(language)
        account = who(principal.name, said)
        found.append(
            said(
                "watermark.full" if is_full else "watermark.masked",
                name=shown or account,
                account=account,
                at=f"{at:%Y-%m-%d %H:%M}",
                n=persons,
            )
        )
    return found
