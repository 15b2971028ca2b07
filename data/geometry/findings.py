"""What is wrong with the ground that a bureau gave: which file, which feature, what, and how severe.

The words for each rule, and what to do, are in `data/text/zh.toml` and `en.toml` (`data.messages.message`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from data.intake.findings import FLAG, REJECT

__all__ = ["FLAG", "REJECT", "Account", "Finding", "RefusedError", "account", "condense"]


class RefusedError(ValueError):
    """A file or feature that cannot be used; ``rule`` is the key of the words, ``value`` what is wrong in it."""

    def __init__(self, rule: str, value: str | None = None, field: str | None = None) -> None:
        super().__init__(rule)
        self.rule, self.value, self.field = rule, value, field


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    ``feature`` counts from 1 in the order of the file (of a csv: the line); None: about the whole file, or about
    ``count`` features together. REJECT: not used; FLAG: used, with this remark.
    """

    file: str
    rule: str
    severity: str
    feature: int | None = None
    field: str | None = None
    value: str | None = None
    code: str | None = None  # of the feature or unit
    name: str | None = None
    count: int = 1


@dataclass(frozen=True)
class Account:
    """What became of a file's features: ``features`` = used + remarked + refused."""

    file: str
    layer: str | None  # None: nothing that we know
    features: int
    used: int
    remarked: int
    refused: int


def account(file: str, layer: str, features: int, findings: Iterable[Finding]) -> Account:
    """The account of a file whose findings name every feature that they are about."""
    about = {severity: set() for severity in (REJECT, FLAG)}
    for finding in findings:
        if finding.file == file and finding.feature is not None:
            about[finding.severity].add(finding.feature)
    refused = len(about[REJECT])
    remarked = len(about[FLAG] - about[REJECT])
    return Account(file, layer, features, features - refused - remarked, remarked, refused)


def condense(findings: Iterable[Finding], listed: int) -> list[Finding]:
    """The findings, of each kind in a file the first ``listed`` one by one and the others as one with a count.

    A conversion is no mistake and is never listed feature by feature.
    """
    seen: Counter = Counter()
    kept: list[Finding] = []
    rest: dict[tuple, int] = {}
    for finding in findings:
        kind = (finding.file, finding.rule, finding.field, finding.severity)
        counted_only = finding.rule == "geometry_converted" and finding.feature is not None
        if counted_only:
            kind = (*kind, finding.value)
        elif finding.feature is None or seen[kind] < listed:
            seen[kind] += finding.feature is not None
            kept.append(finding)
            continue
        if kind in rest:
            place = rest[kind]
            kept[place] = replace(kept[place], count=kept[place].count + 1)
        else:
            rest[kind] = len(kept)
            kept.append(
                Finding(finding.file, finding.rule, finding.severity, None, finding.field,
                        finding.value if counted_only else None)
            )  # fmt: skip
    return kept
