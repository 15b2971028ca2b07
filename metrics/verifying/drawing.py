"""Drawing a sample, and writing it down: who, with what chance, from which seed. The same seed draws the same people.

The seed is chosen here and kept with the draw; drawing again is another verification beside the first one, so nobody can draw until it
pleases.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert

from data.register import add, add_many
from data.register.tables import verification, verification_person, verification_unit
from data.store import Snapshot, Store
from metrics.cards import CARDS
from metrics.figures import built
from metrics.past import built as horizons_of
from metrics.past import tree_below
from metrics.principal import NotAllowedError, Principal
from metrics.standards import value_in
from metrics.statistics.sampling import chances, draw
from metrics.unit_rows import unit_rows
from metrics.verifying.book import OPEN, lines, may_check, now, one
from metrics.verifying.errors import VerifyError
from metrics.verifying.frame import Frame, frame, read_counted, require_people
from metrics.verifying.planning import BELOW, EACH, shares, strata
from metrics.verifying.risk import named, signs, weights

_SEEDS = 2**48  # fits every engine's whole numbers, and a printed sheet


@dataclass(frozen=True, eq=False)
class Sample:
    """What was drawn, and how; nothing of it is written yet (``keep``)."""

    key: str
    unit: int
    month: int
    basis: str
    spread: str
    size: int
    seed: int
    note: str
    frame: Frame
    people: pd.DataFrame


def sample(
    known: Snapshot | Store,
    principal: Principal,
    key: str,
    unit: int,
    month: int,
    basis: str,
    *,
    size: int,
    spread: str = BELOW,
    note: str = "",
) -> Sample:
    """Draw a sample of the people whom a figure counts. ``known``: the records in force. Raises as ``frame`` and ``shares`` do.

    This counts a district anew: it is done before the register is opened for writing, which holds everybody else's edits up.
    """
    found = frame(known, principal, key, unit, month, basis)
    seed = secrets.randbelow(_SEEDS)
    people = drawn(found, month, unit, size, spread, seed)
    return Sample(key, unit, month, basis, spread, size, seed, note.strip(), found, people)


def keep(principal: Principal, connection: Connection, made: Sample) -> int:
    """Write down a sample that the principal has drawn; gives the number of the verification. Raises NotAllowedError."""
    if not may_check(principal, {"indicator": made.key, "unit": made.unit}):
        raise NotAllowedError(f"{principal.name} may not check unit {made.unit}")
    number = add(
        connection,
        verification,
        {
            "indicator": made.key,
            "unit": made.unit,
            "month": made.month,
            "basis": made.basis,
            "spread": made.spread,
            "size": made.size,
            "seed": made.seed,
            "event": made.frame.event,
            "definitions": made.frame.definitions,
            "drawn_at": now(),
            "drawn_by": principal.name,
            "state": OPEN,
            "note": made.note or None,
        },
        principal.name,
    )
    rows = [{"verification": number, **row} for row in _units(made.frame, made.unit, made.spread)]
    connection.execute(insert(verification_unit), rows)
    rows = made.people.to_dict("records")
    add_many(
        connection,
        verification_person,
        [{"verification": number, "line": place, **row} for place, row in enumerate(rows, 1)],
        principal.name,
    )
    return number


def drawn(found: Frame, month: int, unit: int, size: int, spread: str, seed: int) -> pd.DataFrame:
    """The sample, by unit and person: person, unit, doctor, chance, risk, signs. Raises VerifyError."""
    people = found.counted
    of = people["unit"].map(strata(found.parents, unit, spread)).to_numpy()
    counts = {int(one): int((of == one).sum()) for one in np.unique(of)}
    asked = shares(counts, size, int(value_in("verify_least_unit", month)))
    seen = signs(people, month)
    risk = weights(seen, len(people), month)
    least = value_in("verify_even_pct", month) / 100
    chance, taken = np.zeros(len(people)), np.zeros(len(people), dtype=bool)
    for stratum, number in asked.items():
        mine = of == stratum
        chance[mine] = chances(risk[mine], number, least=least)
        taken[mine] = draw(chance[mine], seed_of(seed, stratum))
    rows = people.assign(chance=chance, risk=risk, signs=named(seen, len(people)))[taken]
    rows = rows[["person", "unit", "doctor", "chance", "risk", "signs"]]
    doctors = [None if pd.isna(one) else str(one) for one in rows["doctor"]]
    return rows.assign(doctor=pd.Series(doctors, index=rows.index, dtype=object)).reset_index(drop=True)


def seed_of(seed: int, stratum: int) -> int:
    """The seed of one stratum: its own, so that units do not share their luck."""
    return int(np.random.SeedSequence([seed, stratum]).generate_state(1, np.uint64)[0])


def _units(found: Frame, top: int, spread: str) -> list[dict[str, object]]:
    """The units at and above whom the figure counts, as they are frozen. A unit that is closed by now has people and no figure: its
    people stand in the figures above it."""
    children = {one for one, above in found.parents.items() if above == top}
    return [
        {
            "unit": one,
            "parent": found.parents[one],
            "numerator": number,
            "denominator": found.figures[one].denominator if one in found.figures else None,
            "asked": one == top or spread == EACH or one in children,
        }
        for one, number in sorted(_numbers(found).items())
    ]


def _numbers(found: Frame) -> dict[int, int]:
    """unit -> how many people are counted there and below."""
    numbers: dict[int, int] = {}
    for unit, here in found.counted["unit"].value_counts().items():
        at: int | None = int(unit)
        while at is not None:
            numbers[at] = numbers.get(at, 0) + int(here)
            at = found.parents[at]
    return numbers


def repeats(known: Snapshot | Store, principal: Principal, connection: Connection, number: int) -> bool:
    """Whether the draw made again, from its seed and the records as they were known then, gives the same people and chances.

    Raises VerifyError where the definitions are others by now: they decide who is counted.
    """
    row, people = one(principal, connection, number), lines(principal, connection, number)
    card = CARDS[row["indicator"]]
    require_people(known, principal, card, row["unit"])
    with known.published() as published_now:
        build = built(published_now)
    if build.definitions != row["definitions"]:
        raise VerifyError("moved_on")
    event, horizons = row["event"], horizons_of(known)
    with known.records() as connection_then:
        tree, horizon = unit_rows(connection_then, event), horizons.get(event, horizons[None])
    above = dict(zip(tree["unit"], tree["parent"], strict=True))
    # All units, not only those that are kept with the draw: these are the ones that counted somebody.
    parents = {at: None if at == row["unit"] else int(above[at]) for at in tree_below(tree, row["unit"])}
    months = (horizon.first, horizon.last)
    counted = read_counted(known, card, sorted(parents), row["month"], row["basis"], event, months)
    found = Frame(counted, parents, {}, event, row["definitions"])
    again = drawn(found, row["month"], row["unit"], row["size"], row["spread"], row["seed"])
    same = again[["unit", "person"]].to_numpy().tolist() == people[["unit", "person"]].to_numpy().tolist()
    return same and bool(np.allclose(again["chance"], people["chance"]))
