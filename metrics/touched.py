"""Whose rows a change can have changed in which cards: the pieces of an incremental build, as small as is safe.

A table with a ``month`` holds services; the others (records, enrolments, contracts, tags) hold what lasts.
Whoever had a change in what lasts is counted anew whole. Of whoever had a change in services only

- rules that go row by row need no more than the changed rows;
- other cards of a year (``Period.IN_YEAR``, ``Period.FLOW``) need the years of the changed services: by the
  meaning of these periods no service of another year has a part in them;
- all other cards need all rows of the person.

Of few persons all rows are taken at once: a piece costs some seconds whatever it holds.

Households are no sum over persons, but one over households: everyone who ever shared one with somebody
touched is counted. What is distinct in another way (kinds of packages), and whatever reads the work of
units, is counted over everyone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, Select, and_, func, or_, select, union

from data import records
from metrics.card import Card, Period
from metrics.context import Horizon, named_tables, rules_of
from metrics.difference import Chosen, goes_by_row
from metrics.standards import ROLLING, values_of
from metrics.strata import TRAITS, is_broken_down

_PERSONAL = {name for name, table in records.RECORDS.items() if table.info["person"]}
SERVICES = frozenset(name for name in _PERSONAL if "month" in records.RECORDS[name].c)

#: Tables of the work of units: small, and whatever reads one is counted anew whole.
WORK = frozenset(
    {
        "activity",
        "appraisal",
        "appraisal_item",
        "check_item",
        "document",
        "drug_line",
        "facility",
        "finding",
        "incident",
        "inspection",
        "lab_order",
        "money",
        "sample",
        "staff",
        "training",
    }
)
#: Tables of which any change is a change of everybody: whatever reads one is counted anew whole.
ANEW = WORK | {"suspected"}
_OF_A_YEAR = (Period.IN_YEAR, Period.FLOW)

#: So many touched persons are few.
FEW = 20_000


@dataclass(frozen=True)
class Piece:
    """Cards that are counted together, for the months of a horizon.

    chosen   whose difference is added to the counts; None: everyone is counted anew
    """

    name: str
    cards: tuple[Card, ...]
    horizon: Horizon
    chosen: Chosen | None


def changed(table, event: int):
    """The condition that a version came into or went out of force after ``event``."""
    return or_(table.c.known_from > event, and_(table.c.known_to.is_not(None), table.c.known_to > event))


def touched_persons(event: int, tables: Iterable[str]) -> Select:
    """Persons with a changed row in one of the tables."""
    parts = [
        select(records.RECORDS[name].c.person).where(changed(records.RECORDS[name], event))
        for name in sorted(tables)
    ]
    return select(union(*parts).subquery().c.person)


def pieces(
    connection: Connection, cards: Iterable[Card], horizon: Horizon, since: int, tables: frozenset[str]
) -> list[Piece]:
    """What is to be counted after a change of ``tables``. A card may be in several pieces, of different persons."""
    reads = {card: found for card in cards if (found := _reads(card) & tables)}
    is_sum = {
        card: not card.each_level and card.is_personal and not found & WORK and not _names_suspects(card)
        for card, found in reads.items()
    }
    apart = [card for card in reads if not is_sum[card]]
    sums = {card: found for card, found in reads.items() if is_sum[card]}
    tables -= ANEW
    lasting = tables - SERVICES
    planned = [*_apart(apart, horizon, since, tables)]
    if not sums:
        return planned
    persons = touched_persons(since, tables)
    if connection.execute(select(func.count()).select_from(persons.subquery())).scalar_one() <= FEW:
        return [*planned, Piece("persons", tuple(sums), horizon, Chosen(persons))]
    if group := [card for card, found in sums.items() if found & lasting]:
        planned.append(Piece("lasting", tuple(group), horizon, Chosen(touched_persons(since, lasting))))
    busiest = _busiest(connection, since, tables & SERVICES)
    for (name, *_, also_lasting), group in _groups(sums, lasting, busiest).items():
        services = frozenset().union(*(sums[card] & SERVICES for card in group))
        persons = touched_persons(since, services)
        if also_lasting:
            persons = persons.except_(touched_persons(since, lasting)).subquery()
            persons = select(persons.c.person)
        months = _years_of(connection, since, services, horizon) if name == "years" else horizon
        if months is None:
            continue  # nothing changed within the months that are counted
        only = {"rows": {"changed": services}, "years": {"months": months}}.get(name, {})
        planned.append(Piece(name, tuple(group), months, Chosen(persons, **only)))
    return planned


def _reads(card: Card) -> set[str]:
    """Tables whose change can change the card's counts.

    Whether a person's rows count at all hangs on the demographic master, whatever a rule reads; in which
    strata they count, on whatever says where the person lives.
    """
    names = named_tables(rules_of([card]))
    if is_broken_down(card):
        names = names | TRAITS & _PERSONAL
    return names | {"person"} if names & _PERSONAL else names


def _groups(
    sums: dict[Card, set[str]], lasting: frozenset[str], busiest: str | None
) -> dict[tuple, list[Card]]:
    """The cards that read changed services, by how they are counted: few groups of much the same persons."""
    groups = defaultdict(list)
    for card, found in sums.items():
        services = frozenset(found & SERVICES)
        if not services:
            continue
        also_lasting = bool(found & lasting)
        if all(goes_by_row(rule, services) for rule in rules_of([card])):
            key = ("rows", also_lasting)
        elif card.period in _OF_A_YEAR and not _looks_back(card):
            key = ("years", busiest in services, also_lasting)
        else:
            key = ("persons", services, also_lasting)
        groups[key].append(card)
    return groups


def _busiest(connection: Connection, since: int, services: frozenset[str]) -> str | None:
    """The table with the most changes: what does not read it is spared its persons."""
    found = {}
    for name in services:
        table = records.RECORDS[name]
        found[name] = connection.execute(select(func.count()).where(changed(table, since))).scalar_one()
    return max(sorted(found), key=found.get) if found else None


def _years_of(
    connection: Connection, since: int, services: frozenset[str], horizon: Horizon
) -> Horizon | None:
    """The years of the changed services, within the horizon; None when all of them lie outside."""
    months = []
    for name in services:
        table = records.RECORDS[name]
        within = and_(changed(table, since), table.c.month.between(horizon.first, horizon.last))
        months += connection.execute(
            select(func.min(table.c.month), func.max(table.c.month)).where(within)
        ).one()
    months = [month for month in months if month is not None]
    if not months:
        return None
    years = Horizon(min(months), max(months)).years
    return Horizon(max(years[0], horizon.first), min(years[-1] + 11, horizon.last))


def _apart(cards: list[Card], horizon: Horizon, since: int, tables: frozenset[str]) -> list[Piece]:
    """Cards that count something else than persons."""
    households = [card for card in cards if card.each_level and card.is_personal and _counts_households(card)]
    others = [card for card in cards if card not in households]
    planned = []
    if households:
        read = frozenset().union(*(_reads(card) & tables for card in households))
        chosen = Chosen(_sharing_households(touched_persons(since, read)))
        planned.append(Piece("households", tuple(households), horizon, chosen))
    if others:
        planned.append(Piece("distinct", tuple(others), horizon, None))
    return planned


def _looks_back(card: Card) -> bool:
    """Whether a service of last year has a part in this year's figures: a parameter may say so."""
    return any(any(values_of(key)) for key in card.parameters if key in ROLLING)


def _names_suspects(card: Card) -> bool:
    """Whether it asks who may be kept twice: of two states side by side persons have other numbers, suspects have not."""
    return records.suspected.name in _reads(card)


def _counts_households(card: Card) -> bool:
    """Whether what the rule calls a person is a family's number."""
    return all(isinstance(rule.selected_columns["person"].type, Integer) for rule in rules_of([card]))


def _sharing_households(persons: Select) -> Select:
    """The persons, and everyone in whose records, past ones included, the family of one of them stands."""
    table = records.health_record
    families = select(table.c.family).where(table.c.person.in_(persons), table.c.family.is_not(None))
    members = select(table.c.person).where(table.c.family.in_(families))
    return select(union(persons, members).subquery().c.person)
