"""Who, or what, is missing from an indicator: read from the records, one page at a time.

The list is what the card's own rule leaves over: listed less numerator, for the same unit, month
and state of knowledge as the published figure, so that its length is the figure's gap to the digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Row,
    Select,
    Table,
    and_,
    func,
    literal,
    select,
    union,
    union_all,
)
from sqlalchemy.sql import operators, visitors

from data import records
from data.identity import masked, told
from data.store import Snapshot, Store, read_frame
from metrics import published
from metrics.card import Basis, Card, Gap, Period
from metrics.cards import CARDS
from metrics.context import Horizon, courses, in_force, keep, named_tables, prepare, rules_of
from metrics.facts import home
from metrics.heading.owed import rules as ceiling_rules
from metrics.heading.reaching import Reach, has_ceiling, owing, reach
from metrics.lacking import lacks
from metrics.lacking import rules as lacking_rules
from metrics.principal import NotAllowedError, Principal
from metrics.standards import number
from metrics.tables import CURRENT, ancestry

COLUMNS = ("person", "name_masked", "sex", "age", "place", "unit", "reason", "lacks", "last_on", "last_value")


@dataclass(frozen=True)
class GapPage:
    """``total`` is the length of the whole list; ``rows`` the page asked for (COLUMNS).

    Rows have also ``lacks``, what each lacks (``lacking.Lack``; None where it is not known), and ``unit``, where they are listed
    (None where that cannot be told).
    ``unread``: why names are missing: key (the key file is lost), seal (a row was changed); "": none is. ``reach``: how
    many of the list can still meet the standard this year, for cards of ``heading.reaching``; their rows have a column
    ``see_by``, the day by which each must be seen, None where it is too late. Whoever must be seen soonest comes first,
    those for whom it is too late last.
    """

    total: int
    rows: pd.DataFrame
    unread: str = ""
    reach: Reach | None = None


def gap_page(
    known: Snapshot | Store,
    principal: Principal,
    key: str,
    unit: int,
    month: int,
    basis: str,
    page: int,
    size: int,
    language: str,
    full: bool = False,
) -> GapPage:
    """One page (from 1) of the list behind a figure. Raises NotAllowedError outside the persons' scope.

    ``known`` is a snapshot where pages change while they are read, so that figure and list agree. ``full``: with a
    column ``name``, the whole names, for whoever has the right to full lists; whoever calls must log it.
    """
    if full:
        principal.require("full_lists")
    card, units, build = asked(known, principal, key, unit)
    if card.gap is Gap.NONE:
        return GapPage(0, pd.DataFrame(columns=list(COLUMNS)))
    with known.records() as connection:
        rows, horizon = _list(connection, card, units, build, month, basis)
        total = int(connection.execute(select(func.coalesce(func.sum(rows.c.times), 0))).scalar_one())
        ahead, start = None, (page - 1) * size
        if has_ceiling(card):
            everybody = owing(connection, card, rows, month)
            ahead = reach(card, everybody, total, month)
            standing, days = _by_day(everybody, start, size)
        else:
            everybody, standing = None, _page(connection, rows, start, size)
        chosen = [person for person, _ in standing]
        found = described(connection, card, chosen, month)
        if everybody is not None:
            found["see_by"] = pd.Series(days, dtype=object)
        some = select(rows).where(rows.c.person.in_(chosen)).subquery()
        lacking = lacks(connection, card, some, month, everybody)
        found["lacks"] = pd.Series([lacking.get(person) for person in chosen], dtype=object)
        where = _units_of(connection, card, chosen, units, month, Basis(basis), horizon)
        found["unit"] = pd.Series([where[person][nth - 1] for person, nth in standing], dtype=object)
    persons = [int(person) for person in found["person"].unique()]
    about = told(known, persons)
    names = masked(about)
    found["name_masked"] = [names.get(int(person)) for person in found["person"]]
    if full:
        whole = {person: said.name for person, said in about.persons.items()}
        found["name"] = [whole.get(int(person)) for person in found["person"]]
    found["reason"] = card.reason[language] if card.reason else None
    columns = [*COLUMNS, *(["see_by"] if has_ceiling(card) else []), *(["name"] if full else [])]
    return GapPage(total, found[columns], about.unread, ahead)


def is_listed(
    known: Snapshot | Store, principal: Principal, key: str, unit: int, month: int, basis: str, person: int
) -> bool:
    """Whether somebody is on the list behind a figure. Raises NotAllowedError as ``gap_page`` does."""
    card, units, build = asked(known, principal, key, unit)
    if not card.is_personal or card.gap is Gap.NONE:
        return False
    with known.records() as connection:
        rows, _ = _list(connection, card, units, build, month, basis)
        return connection.execute(select(rows.c.person).where(rows.c.person == person)).first() is not None


def asked(known: Snapshot | Store, principal: Principal, key: str, unit: int) -> tuple[Card, list[int], Row]:
    """The card, the units of the list, and the last build. Raises NotAllowedError outside the persons' scope."""
    card = CARDS[key]
    with known.published() as connection:
        units = units_below(connection, unit)
        build = connection.execute(
            select(published.build).order_by(published.build.c.build.desc()).limit(1)
        ).one()
    if not principal.in_charge_of(card.system) or any(one not in principal.persons for one in units):
        raise NotAllowedError(f"{principal.name} may not see the people of unit {unit}")
    return card, units, build


def _list(
    connection: Connection, card: Card, units: list[int], build: Row, month: int, basis: str
) -> tuple[Table, Horizon]:
    """person, times (and newest) of everybody on the list; the connection is left as ``described`` and ``lacks`` need it."""
    horizon = Horizon(build.first_month, build.last_month)
    rules = [
        *rules_of([card]),
        select(home.c.person),
        *last_rules(card),
        *ceiling_rules(card),
        *lacking_rules(card),
    ]
    prepare(connection, rules, horizon, known_at=build.event, persons=persons_of(connection, units))
    return keep(connection, "listed", missing(card, units, month, Basis(basis), horizon)), horizon


def missing(card: Card, units: list[int], month: int, basis: Basis, horizon: Horizon) -> Select:
    """person, times of everybody on the list of some units, on a connection prepared with the card's rules."""
    chosen = _missing_things if card.is_events else _missing_persons
    return chosen(card, units, month, basis, horizon)


def missing_by(card: Card, tops: list[int], month: int, basis: Basis, horizon: Horizon) -> Select:
    """top, person, times (of things also newest) of everybody on the list of each of some units.

    As ``missing`` has it for one; the connection knows ``ancestry`` besides.
    """
    above = select(ancestry.c.unit, ancestry.c.ancestor.label("top")).where(ancestry.c.ancestor.in_(tops))
    above = above.subquery()
    if card.is_events:
        rows = _things(card, None, month, basis, horizon).subquery()
        more = [func.count().label("times"), func.max(rows.c.month).label("newest")]
    else:
        rows = _signed(card, None, month).subquery()
        more = [func.sum(rows.c.sign).label("times")]
    found = (
        select(above.c.top, rows.c.person, *more)
        .join(above, above.c.unit == rows.c.unit)
        .group_by(above.c.top, rows.c.person)
    )
    return found if card.is_events else found.having(more[0] > 0)


def units_below(connection: Connection, unit: int) -> list[int]:
    """The unit and every unit under it."""
    rows = connection.execute(select(published.unit.c.unit, published.unit.c.parent)).all()
    found, waiting = [], [unit]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting.extend(row.unit for row in rows if row.parent == one and row.unit not in found)
    return sorted(found)


def persons_of(connection: Connection, units: list[int], known_at: int | None = None) -> Select | None:
    """Persons with any row at the units (or at units merged into them): nobody else can be on their lists.

    ``known_at``: the rows and mergers known right after an event, whatever came later. Else rows of all versions count: of few
    too many, none too few.
    """
    table = records.unit
    everywhere = set(connection.execute(select(table.c.unit).where(in_force(table, known_at))).scalars())
    if everywhere <= set(units):
        return None
    merged = courses(connection, known_at)
    at = sorted({row["unit"] for row in merged if row["credited"] in units} | set(units))
    parts = [
        select(record.c.person).where(
            record.c.unit.in_(at), *([] if known_at is None else [in_force(record, known_at)])
        )
        for record in records.RECORDS.values()
        if record.info["person"] and record.info["performed"]
    ]
    return select(union(*parts).subquery().c.person)


def _units_of(
    connection: Connection,
    card: Card,
    chosen: list[int],
    units: list[int],
    month: int,
    basis: Basis,
    horizon: Horizon,
) -> dict[int, list[int | None]]:
    """Person -> the unit of each of their rows, of things the newest first; None where it cannot be told which.

    Who is listed at two units and counted at a third is missing once: nobody can say at which of the two.
    """
    if card.is_events:
        rows = _things(card, units, month, basis, horizon).subquery()
        newest = [rows.c.person, rows.c.month.desc(), rows.c.unit]
        frame = read_frame(connection, select(rows).where(rows.c.person.in_(chosen)).order_by(*newest))
        return {int(person): list(map(int, own)) for person, own in frame.groupby("person")["unit"]}
    both = _signed(card, units, month).subquery()
    found: dict[int, list[int | None]] = {}
    places = (
        select(both.c.person, both.c.unit, func.sum(both.c.sign).label("n"))
        .where(both.c.person.in_(chosen))
        .group_by(both.c.person, both.c.unit)
        .order_by(both.c.person, both.c.unit)
    )
    for person, own in read_frame(connection, places).groupby("person"):
        more, times = own[own["n"] > 0], int(own["n"].sum())
        where = [int(unit) for unit in more["unit"].repeat(more["n"])]
        # Counted elsewhere than listed: there are fewer rows than places.
        known = len(where) == times or len(more) == 1
        found[int(person)] = where[:times] if known else [None] * times
    return found


def _signed(card: Card, units: list[int] | None, month: int) -> CompoundSelect:
    """person, unit, sign: 1 where somebody is listed, -1 where they are counted; 1 where counted, if that is what needs doing.

    ``units`` None: everywhere."""
    parts = []
    signs = ((card.numerator, 1),) if card.gap is Gap.COUNTED else ((card.listed, 1), (card.numerator, -1))
    for rule, sign in signs:
        spans = rule.subquery()
        parts.append(
            select(spans.c.person, spans.c.unit, literal(sign).label("sign")).where(
                *_at(spans, units), spans.c.s <= month, spans.c.e >= month
            )
        )
    return union_all(*parts)


def _missing_persons(card: Card, units: list[int], month: int, basis: Basis, horizon: Horizon) -> Select:
    """person, times: how often more the person is listed than counted; or counted, where that is what needs doing."""
    both = _signed(card, units, month).subquery()
    times = func.sum(both.c.sign)
    return select(both.c.person, times.label("times")).group_by(both.c.person).having(times > 0)


def _at(rows: FromClause, units: list[int] | None) -> list[ColumnElement]:
    return [] if units is None else [rows.c.unit.in_(units)]


def _things(card: Card, units: list[int] | None, month: int, basis: Basis, horizon: Horizon) -> Select:
    """person, unit, month of everything that is missing, a row each; ``units`` None: everywhere."""
    events = card.numerator.subquery()
    return select(events.c.person, events.c.unit, events.c.month).where(
        *_at(events, units),
        events.c.month.between(first_month_of(month, basis, horizon), month),
        *((events.c.n > 0,) if card.gap is Gap.COUNTED else (events.c.of == 1, events.c.n == 0)),
    )


def _missing_things(card: Card, units: list[int], month: int, basis: Basis, horizon: Horizon) -> Select:
    """person, times, newest: how many things of theirs are missing, and the month of the last of them."""
    rows = _things(card, units, month, basis, horizon).subquery()
    times, newest = func.count().label("times"), func.max(rows.c.month).label("newest")
    return select(rows.c.person, times, newest).group_by(rows.c.person)


def first_month_of(month: int, basis: Basis, horizon: Horizon) -> int:
    """The first month whose events are part of a figure of ``month``."""
    if basis is Basis.MONTH:
        return month
    if basis is Basis.R12:
        return max(month - 11, horizon.first)
    return month - (month - (number("year_first_month") - 1)) % 12


def _page(connection: Connection, rows, start: int, size: int) -> list[tuple[int, int]]:
    """Persons of one page; whoever is missing several times (doses, records) stands there as often: the 1st, 2nd, ... time."""
    most = connection.execute(select(func.coalesce(func.max(rows.c.times), 1))).scalar_one()
    numbers = union_all(*(select(literal(n).label("n")) for n in range(1, int(most) + 1))).subquery()
    statement = (
        select(rows.c.person, numbers.c.n)
        .select_from(rows.join(numbers, numbers.c.n <= rows.c.times))
        .order_by(rows.c.person, numbers.c.n)
        .offset(start)
        .limit(size)
    )
    return [(person, n) for person, n in connection.execute(statement)]


def _by_day(frame: pd.DataFrame, start: int, size: int) -> tuple[list[tuple[int, int]], list]:
    """Persons of one page as ``_page`` gives them with their days: the soonest first, then (None) whatever it is too late for.

    Of what somebody is listed for several times only the newest, the 1st, can still be done.
    """
    rows = frame.sort_values(["see_by", "person"], na_position="last", kind="stable")
    is_open = rows["see_by"].notna()
    open_ones = rows[is_open].assign(nth=1)
    late = rows.assign(open=is_open.astype(int), left=rows["times"] - is_open)
    late = late.loc[late.index.repeat(late["left"])].sort_values("person", kind="stable")
    late["nth"] = late.groupby("person").cumcount() + 1 + late["open"]
    persons = [*open_ones["person"], *late["person"]][start : start + size]
    nths = [*open_ones["nth"], *late["nth"]][start : start + size]
    days = [*open_ones["see_by"].dt.date, *([None] * len(late))][start : start + size]
    return [(int(person), int(nth)) for person, nth in zip(persons, nths, strict=True)], days


# -- what a reader needs to know about someone on the list --------------------------------------------

_LAST_OF = {
    "followup": CURRENT["followup"],
    "checkup": CURRENT["checkup"],
    "dose": CURRENT["dose"],
    "contract": CURRENT["contract"],
    "encounter": CURRENT["encounter"],
}


def tells_last(card: Card) -> bool:
    """Whether a person of its list may have a last visit, dose or contract: whether it reads any of them."""
    return last_table(card) is not None


def last_table(card: Card):
    """The table whose last row of a person tells most: the first that the card reads of those known here."""
    for name in card.reads:
        if name in _LAST_OF and name in named_tables(rules_of([card])):
            return _LAST_OF[name]
    return None


def last_rules(card: Card) -> list[Select]:
    table = last_table(card)
    return [select(CURRENT["person"].c.person), *([select(table.c.person)] if table is not None else [])]


def described(
    connection: Connection,
    card: Card,
    chosen: list[int],
    month: int,
    among: Sequence[ColumnElement[bool]] = (),
) -> pd.DataFrame:
    """sex, age at the month's end, place and last row of each person, in the order of ``chosen``.

    ``among``: further conditions on the rows of ``last_table``.
    """
    person, place = CURRENT["person"], records.place
    about = pd.DataFrame(
        connection.execute(
            select(
                person.c.person,
                person.c.sex,
                (month - person.c.born_month - (month - person.c.born_month) % 12).label("age_months"),
                place.c.name.label("place"),
            )
            .select_from(
                person.outerjoin(home, home.c.person == person.c.person).outerjoin(
                    place, and_(place.c.place == home.c.place, place.c.known_to.is_(None))
                )
            )
            .where(person.c.person.in_(chosen))
        ).all(),
        columns=["person", "sex", "age_months", "place"],
    )
    about["age"] = about["age_months"].floordiv(12) if len(about) else about["age_months"]
    last = pd.DataFrame(
        _last_rows(connection, card, chosen, month, among), columns=["person", "last_on", "last_value"]
    )
    rows = pd.DataFrame({"person": chosen}, dtype="int64")
    about, last = about.astype({"person": "int64"}), last.astype({"person": "int64"})
    return rows.merge(about, on="person", how="left").merge(last, on="person", how="left")


def _last_rows(
    connection: Connection, card: Card, chosen: list[int], month: int, among: Sequence[ColumnElement[bool]]
) -> list[tuple]:
    table = last_table(card)
    if table is None or not chosen:
        return []
    # The last day of a contract is the one before it was stopped, where it was.
    day = (
        func.least(table.c.end_on, func.coalesce(table.c.stopped_on, table.c.end_on))
        if table.name == "contract"
        else table.c.day
    )
    conditions = [table.c.person.in_(chosen), *rows_of_card(card, table, month), *among]
    nth = func.row_number().over(partition_by=table.c.person, order_by=[day.desc(), table.c.row_id.desc()])
    columns = [table.c[name] for name in ("sbp", "dbp", "fpg", "vaccine", "dose_no") if name in table.c]
    rows = select(table.c.person, day.label("day"), *columns, nth.label("nth")).where(*conditions).subquery()
    found = connection.execute(select(rows).where(rows.c.nth == 1)).mappings()
    return [(row["person"], row["day"], _value(row)) for row in found]


def rows_of_card(card: Card, table, month: int) -> list[ColumnElement[bool]]:
    """The conditions that keep the rows of ``last_table`` that are about the card, up to a month."""
    conditions = []
    if table.name != "contract":
        conditions.append(table.c.month <= month)
    if table.name == "followup" and (programmes := named_values(card, "programme")):
        conditions.append(table.c.programme.in_(sorted(programmes)))
    if table.name == "dose" and card.period is Period.SEASON:
        conditions.append(table.c.vaccine == "flu")
    return conditions


def named_values(card: Card, column: str) -> frozenset[str]:
    """The words that the card's own rules ask of a column (its programmes, its vaccines); none: it asks for no certain ones."""
    found: set[str] = set()
    for rule in rules_of([card]):
        for part in visitors.iterate(rule):
            if not (isinstance(part, BinaryExpression) and isinstance(part.right, BindParameter)):
                continue
            asked = getattr(part.left, "name", None) == column
            if asked and part.operator in (operators.eq, operators.in_op):
                value = part.right.value
                found.update([value] if isinstance(value, str) else value)
    return frozenset(found)


def _value(row) -> str | None:
    if row.get("vaccine"):
        return f"{row['vaccine']} {row['dose_no'] or ''}".strip()
    parts = []
    if row.get("sbp") is not None and row.get("dbp") is not None:
        parts.append(f"{row['sbp']}/{row['dbp']}")
    if row.get("fpg") is not None:
        parts.append(f"{row['fpg']:g} mmol/L")
    return " · ".join(parts) or None
