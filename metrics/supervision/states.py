"""How a finding goes on, and who may take it there.

    open ──record──> recorded ──recheck──> closed (mended)
      ^                  └── not mended ──> open
      └ open, recorded ──escalate──> escalated ──recheck──> closed, or escalated again; closed down is closed

``withdraw`` takes back what was issued by mistake: such a finding counts nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.words import LANGUAGES
from metrics.principal import NotAllowedError, Principal
from metrics.sentences import sentences

OPEN, RECORDED, ESCALATED, CLOSED, WITHDRAWN = "open", "recorded", "escalated", "closed", "withdrawn"
#: Not at an end yet.
STANDING = (OPEN, RECORDED, ESCALATED)


@dataclass(frozen=True)
class Action:
    """From which states an action goes out, and who may take it: whoever has one of the rights."""

    states: tuple[str, ...]
    rights: tuple[str, ...] = ("supervise",)

    def is_for(self, principal: Principal) -> bool:
        return any(principal.may(right) for right in self.rights)


ACTIONS: dict[str, Action] = {
    "amend": Action(STANDING),
    "record": Action(STANDING, ("supervise", "answer")),
    "recheck": Action((RECORDED, ESCALATED)),
    "escalate": Action(STANDING),
    "withdraw": Action(STANDING, ("decide",)),
}
VISIT_ACTIONS: dict[str, Action] = {
    "done": Action(("planned",)),
    "move": Action(("planned",)),
    "cancel": Action(("planned",)),
    "write": Action(("done",)),
}


class SupervisionError(Exception):
    """What cannot be done and what to do instead, in both languages: ``error[language]``."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self._told = {
            language: sentences(language)(f"supervision.error.{reason}", **values) for language in LANGUAGES
        }
        super().__init__("\n".join(self._told.values()))

    def __getitem__(self, language: str) -> str:
        return self._told[language]


def allowed(
    principal: Principal, row: Mapping[str, Any], actions: Mapping[str, Action] = ACTIONS
) -> tuple[str, ...]:
    """The actions that the principal may take on a finding (or visit) as it stands: what a page offers."""
    return tuple(
        name
        for name, action in actions.items()
        if row["state"] in action.states and action.is_for(principal) and row["unit"] in principal.own
    )


def require(
    principal: Principal, row: Mapping[str, Any], name: str, actions: Mapping[str, Action] = ACTIONS
) -> None:
    """Raises NotAllowedError when the principal may not take the action, SupervisionError when the row's state does not
    allow it."""
    if not actions[name].is_for(principal):
        raise NotAllowedError(f"{principal.name} ({principal.role}) may not {name}")
    if row["state"] not in actions[name].states:
        raise SupervisionError("not_now")
