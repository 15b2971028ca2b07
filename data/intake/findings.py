"""What can be wrong with a value or a row: a rule's key and how severe it is.

The words for each key, in both languages, are in `data/text/zh.toml` and `data/text/en.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass

REJECT, FLAG, WAIT = "reject", "flag", "wait"


class UnreadableError(ValueError):
    """A cell that cannot be read as its column's type; `rule` is the key of the message."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True)
class Finding:
    line: int
    column: str | None
    value: str | None
    rule: str
    severity: str
