"""Who of a unit is missing from any card that a visit can help, why, and from when until when they can be seen.

The lists are those of ``metrics.gaps``: each card's own rule, the same unit, month and state of knowledge as the published
figure. The facts that cards share are made once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import (
    Column,
    CompoundSelect,
    Connection,
    Integer,
    MetaData,
    Select,
    Subquery,
    Table,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from data.store import Snapshot, Store, read_frame
from metrics import lacking, published
from metrics.card import Card, Period
from metrics.cards import CARDS
from metrics.context import Horizon, keep, prepare, rules_of
from metrics.facts import stay
from metrics.gaps import missing_by, persons_of, units_below
from metrics.heading import owed as ceilings
from metrics.heading import reaching
from metrics.heading.reaching import last_day
from metrics.judgement import months_elapsed
from metrics.principal import NotAllowedError, Principal
from metrics.tables import ancestry
from metrics.visiting.closings import CENTRE, HOME, WHERE, Closing, closings, services
from metrics.visiting.people import about, people_of

#: What a visit does for a gap.
NOTHING, STEP, CLOSES = 0, 1, 2
#: Why nobody can close a gap any more: the last day is over; the person is no longer under care.
LATE, GONE = "late", "gone"
GAPS = ("unit", "person", "card", "times", HOME, CENTRE, "service", "first", "last", "lost")

_LISTED = Table(
    "listed",
    MetaData(),
    *(Column(name, Integer) for name in ("top", "person", "times", "newest", "card", "nth")),
)
_LATE, _GONE = 1, 2  # their places in the list of words
_PREPARED = 0.3  # of the time, about


@dataclass(frozen=True, eq=False)
class Lists:
    """Everybody on the lists of a unit, of whom nobody is named.

    gaps     a row a person and card: GAPS. ``unit``: on whose list; ``times``: how often they stand on the list; ``home``, ``centre``: NOTHING, STEP
             or CLOSES; ``service``: what is to be done, "" where the check alone is lacking; ``first``, ``last``: the days
             from which and until which it counts (NaT: any); ``lost``: LATE, GONE or ""
    people   a row a person: PEOPLE; what the records do not say is missing
    month    as of whose end; cards: what was read; silent: cards of which the unit has delivered nothing
    """

    unit: int
    month: int
    gaps: pd.DataFrame
    people: pd.DataFrame
    cards: tuple[str, ...]
    silent: tuple[str, ...] = ()
    doctors: tuple[str, ...] = field(default=())


def may_see(principal: Principal, units: list[int]) -> bool:
    """Whether somebody sees the people of all the units."""
    return principal.may("persons") and all(one in principal.persons for one in units)


def lists(
    known: Snapshot | Store,
    principal: Principal,
    unit: int,
    month: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Lists:
    """Everybody on the unit's lists at the end of the newest month, or of another.

    ``progress`` is told the share that is done. Raises NotAllowedError outside the persons' scope.
    """
    with known.published() as connection:
        units = units_below(connection, unit)
        build = connection.execute(
            select(published.build).order_by(published.build.c.build.desc()).limit(1)
        ).one()
        if not may_see(principal, units):
            raise NotAllowedError(f"{principal.name} may not see the people of unit {unit}")
        month = build.last_month if month is None else month
        told = _told(connection, unit, month)
    asked = {
        key: closing
        for key, closing in closings(last_day(month)).items()
        if principal.in_charge_of(CARDS[key].system)
    }
    cards = [CARDS[key] for key in asked if (key, str(CARDS[key].bases[0])) in told]
    horizon = Horizon(build.first_month, build.last_month)
    with known.records() as connection:
        persons = persons_of(connection, units)
        prepare(connection, rules(cards, month), horizon, known_at=build.event, persons=persons, whole=False)
        progress(_PREPARED)
        gaps = gaps_of(connection, cards, asked, [unit], month, horizon, progress)
        people = people_of(connection, month)
    progress(1.0)
    people = people[people["person"].isin(gaps["person"])].reset_index(drop=True)
    silent = tuple(key for key in asked if (key, str(CARDS[key].bases[0])) not in told)
    doctors = tuple(sorted(people["doctor"].dropna().unique()))
    return Lists(unit, month, gaps, people, tuple(card.key for card in cards), silent, doctors)


def rules(cards: Sequence[Card], month: int) -> list[Select]:
    """What must be prepared to read the gaps of some cards and the people behind them."""
    return [
        *rules_of(cards),
        *(rule for card in cards for rule in (*ceilings.rules(card), *lacking.rules(card))),
        *(ceilings.statement(card, _LISTED, month) for card in cards if reaching.has_ceiling(card)),
        select(stay.c.person),
        select(ancestry.c.unit),
        about(month),
    ]


def _told(connection: Connection, unit: int, month: int) -> set[tuple[str, str]]:
    """Cards (with their basis) of which there is a figure: others have no list."""
    figure = published.figure.c
    rows = connection.execute(
        select(figure.indicator, figure.basis).where(
            figure.unit == unit, figure.month == month, figure.stratum == "", figure.status != "none"
        )
    )
    return {(row.indicator, row.basis) for row in rows}


def gaps_of(
    connection: Connection,
    cards: list[Card],
    asked: Mapping[str, Closing],
    tops: list[int],
    month: int,
    horizon: Horizon,
    progress: Callable[[float], None] = lambda share: None,
) -> pd.DataFrame:
    """GAPS of all cards on the lists of some units, on a connection prepared with ``rules``.

    Every card's rule is asked once, all in one statement; what follows reads its answer.
    """
    if not cards:
        return pd.DataFrame(columns=list(GAPS))
    keep(connection, _LISTED.name, _lists(cards, tops, month, horizon))
    columns = (_LISTED.c.card, _LISTED.c.nth, _LISTED.c.person, _LISTED.c.top, _LISTED.c.times)
    frame = read_frame(connection, select(*columns)).astype("int64")
    frame = frame.sort_values(["card", "nth", "person"], ignore_index=True)
    here = read_frame(
        connection, select(stay.c.person).where(stay.c.s <= month, stay.c.e >= month).distinct()
    )["person"]
    is_here, person = frame["person"].isin(here).to_numpy(), frame["person"].to_numpy()
    found = []
    for (at, nth), rows in frame.groupby(["card", "nth"]).indices.items():
        card = cards[at]
        people = select(_LISTED).where(_LISTED.c.card == int(at), _LISTED.c.nth == int(nth)).subquery()
        found.append(_of_card(connection, card, asked[card.key], person[rows], is_here[rows], people, month))
        progress(_PREPARED + (1 - _PREPARED) * (at + 1) / (len(cards) + 1))
    found = found or [_as_asked(cards[0], asked[cards[0].key], 0, month)]
    rows = {name: np.concatenate([one[name] for one in found]) for name in found[0]}
    rows |= {"unit": frame["top"].to_numpy(), "person": person, "times": frame["times"].to_numpy()}
    rows["card"] = pd.Categorical.from_codes(frame["card"].to_numpy(), [card.key for card in cards])
    for name, words in (("service", ["", *services()]), ("lost", ["", LATE, GONE])):
        rows[name] = pd.Categorical.from_codes(rows[name], words)
    return pd.DataFrame(rows)[list(GAPS)]


def _lists(cards: list[Card], tops: list[int], month: int, horizon: Horizon) -> Select | CompoundSelect:
    """The columns of ``_LISTED``: everybody on the list of each; ``card``: its place; ``nth``: of those of one person and card."""
    parts = []
    for at, card in enumerate(cards):
        rows = missing_by(card, tops, month, card.bases[0], horizon).subquery()
        newest = rows.c.newest if "newest" in rows.c else cast(null(), Integer)
        parts.append(
            select(
                rows.c.top,
                rows.c.person,
                cast(rows.c.times, Integer).label("times"),
                newest.label("newest"),
                literal(at).label("card"),
                *([literal(1).label("nth")] if len(tops) == 1 else []),
            )
        )
    both = union_all(*parts)
    if len(tops) == 1:
        return both
    each = both.subquery()  # of whoever is on the lists of two units
    nth = func.row_number().over(partition_by=[each.c.card, each.c.person], order_by=each.c.top)
    return select(each, cast(nth, Integer).label("nth"))


def _of_card(
    connection: Connection,
    card: Card,
    closing: Closing,
    person: np.ndarray,
    here: np.ndarray,
    people: Subquery,
    month: int,
) -> dict[str, np.ndarray]:
    """What a visit does about the gap of each ``person`` [row]; service and lost as places in their lists of words."""
    found = _as_asked(card, closing, len(person), month)
    owing = None
    if reaching.has_ceiling(card):  # whoever its own rule says is still under care
        owing = reaching.owing(connection, card, people, month)
        rows = owing.set_index("person").reindex(person)
        here = rows["here"].to_numpy(float) > 0
        if card.period is not Period.AS_OF:  # and until the day that the list of the indicator tells
            found["first"] = rows["first"].to_numpy("datetime64[ns]")
            found["last"] = rows["see_by"].to_numpy("datetime64[ns]")
            found["lost"][np.isnat(found["last"])] = _LATE
    found["lost"][~here] = _GONE
    if closing.how in ("standard", "behind", "year"):
        rows = lacking.services(connection, card, closing, people, month, owing)
        _refine(found, closing, rows.set_index("person").reindex(person))
    return found


def _as_asked(card: Card, closing: Closing, many: int, month: int) -> dict[str, np.ndarray]:
    """What a visit does about MANY gaps of a card of whose people nothing more is known."""
    # What holds at a month's end is never lost: after December it is owed to the next year's.
    ahead = month + 1 if card.period is Period.AS_OF else month
    end = last_day(ahead + 12 - months_elapsed(card, ahead))
    if card.alert is not None:
        end = last_day(month) + timedelta(days=card.alert.days)
    found = {
        "service": np.full(many, 1 + services().index(closing.service)),
        "first": np.full(many, np.datetime64("NaT", "ns")),
        "last": np.full(many, np.datetime64(end, "ns")),
        "lost": np.zeros(many, np.int64),
    }
    return found | {place: np.full(many, CLOSES if place in closing.places else NOTHING) for place in WHERE}


def _refine(found: dict[str, np.ndarray], closing: Closing, lacks: pd.DataFrame) -> None:
    """Of cards that ask for several services: one closes it for whoever lacks one; others come a step nearer."""
    n = lacks["n"].to_numpy(float)
    if closing.how != "standard":
        for place in WHERE:
            found[place][(found[place] > NOTHING) & (n != 1)] = STEP
        return
    # A visit at home closes it for whoever owes one follow-up and no check; at the centre also with the check.
    check = lacks["check"].fillna(False).to_numpy(bool)
    found[HOME] = np.select([n <= 0, (n == 1) & ~check], [NOTHING, CLOSES], STEP)
    found[CENTRE] = np.where(n <= 1, CLOSES, STEP)
    found["service"][n <= 0] = 0


def as_of(found: Lists) -> date:
    """The last day that the lists know of."""
    return last_day(found.month)
