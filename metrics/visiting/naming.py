"""Names for a list of visits: masked, or whole for whoever has the right to full lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from data.identity import masked, told
from data.store import Snapshot, Store
from metrics.principal import Principal


@dataclass(frozen=True)
class Names:
    """By person; who has none stands in neither. ``phones`` only in full; ``unread``: why some are lacking (see ``told``)."""

    names: Mapping[int, str] = field(default_factory=dict)
    phones: Mapping[int, str] = field(default_factory=dict)
    full: bool = False
    unread: str = ""


def names_of(
    known: Snapshot | Store, principal: Principal, persons: Iterable[int], full: bool = False
) -> Names:
    """Names of people whom ``metrics.visiting.owing.lists`` has given to the same principal.

    ``full``: whole names and telephone numbers; whoever calls must log it. Raises NotAllowedError without the right.
    """
    principal.require("full_lists" if full else "persons")
    about = told(known, [int(person) for person in persons])
    if not full:
        return Names(masked(about), unread=about.unread)
    said = about.persons.items()
    return Names(
        {person: one.name for person, one in said if one.name},
        {person: one.phone for person, one in said if one.phone},
        True,
        about.unread,
    )
