"""Complementary hiding: which more numbers of a tree must be hidden so that the hidden ones cannot be computed.

A parent is the sum of its children and of what is counted at itself. Whoever sees the parent and all children but one
knows that one. So among the children of a shown parent either none is hidden or several are, and what they come to
together leaves each of them open; where a group has too few members its parent is hidden too. Equations of a tree, each
with two unknowns or none, determine no unknown: they are a forest whose leaves are unknowns, and a sum of some of them
keeps at least two. Arrays are [slice, unit]: slices (an indicator in a month) have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.small_numbers import small


@dataclass(frozen=True)
class Groups:
    """A tree in which what is counted at a unit with others below it is one more child of that unit.

    members  by position of a parent, parents of the deepest groups first: positions of its children, itself as such
             a child last (positions from ``units`` on)
    known    parents of whose group somebody may know one member (a director the own centre): such a group must stay
             closed without its largest member
    """

    units: int
    members: dict[int, np.ndarray]
    known: frozenset[int]

    @classmethod
    def of(cls, parents: Sequence[int], depth: Sequence[int]) -> Groups:
        """``parents``: positions, -1 for none. Groups of the uppermost units are those of whom one may be known."""
        above = sorted({p for p in parents if p >= 0}, key=lambda p: (-depth[p], p))
        members = {
            parent: np.array([*(c for c, p in enumerate(parents) if p == parent), len(parents) + place])
            for place, parent in enumerate(above)
        }
        return cls(len(parents), members, frozenset(p for p in above if parents[p] < 0))

    def with_own(self, counts: np.ndarray) -> np.ndarray:
        """Counts [..., unit] with those at parents themselves beside them: [..., unit and own]."""
        own = [counts[..., p] - counts[..., group[:-1]].sum(axis=-1) for p, group in self.members.items()]
        if not own:
            return counts
        return np.concatenate([counts, np.maximum(np.stack(own, axis=-1), 0)], axis=-1)


def closed(
    counts: np.ndarray, hidden: np.ndarray, groups: Groups, threshold: float, may_be_none: np.ndarray
) -> np.ndarray:
    """What must be hidden in all, [slice, unit and own]: ``hidden`` and what that takes.

    counts       [count, slice, unit and own]: the first is what is shown; the others follow from it (those who lack it)
    may_be_none  [slice]: whether a hidden number may be 0 for all that a reader knows
    """
    out = hidden.copy()
    for parent, members in groups.members.items():
        _close(counts, out, parent, members, threshold, may_be_none, parent in groups.known)
    for parent, members in reversed(
        groups.members.items()
    ):  # a hidden parent needs a hidden child that nobody knows
        for fewest in (1, 2) if parent in groups.known else (1,):
            short = out[:, parent] & (out[:, members].sum(axis=1) < fewest)
            _hide_smallest(counts[0], out, np.flatnonzero(short), members)
    return out


def _close(counts, hidden, parent, members, threshold, may_be_none, one_known) -> None:
    at = np.flatnonzero(hidden[:, members].any(axis=1) & ~hidden[:, parent])
    while len(at):
        chosen = hidden[np.ix_(at, members)]
        safe = _is_safe(counts[:, at[:, None], members], chosen, threshold, may_be_none[at], one_known)
        at = at[~safe]
        none_left = _hide_smallest(counts[0], hidden, at, members)
        hidden[none_left, parent] = True
        at = at[~hidden[at, parent]]


def _is_safe(counts, chosen, threshold, may_be_none, one_known) -> np.ndarray:
    """[slice]: whether the hidden members of a group leave each other open; ``counts`` [count, slice, member]."""
    fewest = 3 if one_known else 2
    safe = chosen.sum(axis=1) >= fewest
    for each in counts:
        told = np.where(chosen, each, 0)
        at_least = (chosen & (each > 0)).sum(axis=1) * ~may_be_none
        rest, others = told.sum(axis=1), at_least
        if one_known:
            rest, others = rest - told.max(axis=1), np.maximum(at_least - 1, 0)
        concerned = (chosen & small(each, threshold)).any(axis=1)
        safe &= ~concerned | (rest >= others + threshold - 1)
    return safe


def _hide_smallest(size, hidden, at, members) -> np.ndarray:
    """Hide one more member of each slice ``at``: what is counted at the parent itself, which is shown nowhere, else the
    smallest that is not 0. Slices in which nothing is left to hide are returned."""
    if not len(at):
        return at
    left = np.where(hidden[np.ix_(at, members)], 0, size[np.ix_(at, members)]).astype(float)
    left[:, -1] = np.where(left[:, -1] > 0, 0.5, 0)
    left = np.where(left > 0, left, np.inf)
    smallest = left.argmin(axis=1)
    there = np.isfinite(left[np.arange(len(at)), smallest])
    hidden[at[there], members[smallest[there]]] = True
    return at[~there]
