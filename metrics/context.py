"""What the names in rules mean on a connection: all that is known, the past, some persons.

A context makes temporary views of the record tables and temporary tables of the facts that the
cards in hand need. The rules themselves never change.
"""

from __future__ import annotations

import calendar
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

import pandas as pd
from sqlalchemy import (
    Column,
    CompoundSelect,
    Connection,
    FromClause,
    MetaData,
    Select,
    Table,
    and_,
    column,
    make_url,
    or_,
    select,
    text,
)
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql import visitors

from data import records
from data.store import bulk_insert, bulk_select, read_frame
from metrics import standards
from metrics.card import Card
from metrics.coverage.spans import near_spans, reach_spans
from metrics.facts import FACTS, Fact
from metrics.facts.work import located_units
from metrics.standards import StandardsError, number, values_of
from metrics.standards.holidays import working_dues
from metrics.tables import (
    CURRENT,
    MADE_OF,
    ancestry,
    course,
    duty_term,
    reach,
    schedule,
    standard_item,
    suspected,
    unit_near,
    working_due,
    year,
)

EVER_BEFORE = date(1, 1, 1)
EVER_AFTER = date(9999, 12, 31)


@dataclass(frozen=True)
class Horizon:
    """The months that figures are made for, both included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"the figures' first month {self.first} is after their last {self.last}")

    @property
    def months(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def years(self) -> list[int]:
        """First months of the years that the horizon touches."""
        first = number("year_first_month") - 1
        start = self.first - (self.first - first) % 12
        return list(range(start, self.last + 1, 12))


def named_tables(rules: Iterable[Select], facts: Mapping[str, Fact] = FACTS) -> set[str]:
    """Names of every table, record or fact, that the rules mention, all resolved down to records."""
    found: set[str] = set()
    waiting = list(rules)
    while waiting:
        for name in _mentioned(waiting.pop()) - found:
            found.update((name, *MADE_OF.get(name, ())))
            if name in facts:
                waiting.append(facts[name].select)
    return found


@lru_cache(maxsize=4096)
def _mentioned(rule: Select) -> frozenset[str]:
    """Names of the tables that a rule itself mentions."""
    return frozenset(
        element.name
        for element in visitors.iterate(rule)
        if isinstance(element, FromClause) and element.__visit_name__ == "table"
    )


def named_columns(rules: Iterable[Select], facts: Mapping[str, Fact] = FACTS) -> dict[str, set[str]]:
    """Which columns of each table the rules and their facts mention: no others need be copied."""
    rules = list(rules)
    made = [facts[name].select for name in named_tables(rules, facts) if name in facts]
    found: dict[str, set[str]] = {}
    for table, name in frozenset().union(*map(_mentioned_columns, [*rules, *made])):
        found.setdefault(table, set()).add(name)
    return found


@lru_cache(maxsize=4096)
def _mentioned_columns(rule: Select) -> frozenset[tuple[str, str]]:
    return frozenset(
        (element.table.name, element.name)
        for element in visitors.iterate(rule)
        if isinstance(element, Column) and element.table is not None
    )


@lru_cache(maxsize=4096)
def text_of(rule: Select, engine: str = "duckdb") -> str:
    """A rule as text with its constants (our own numbers and dates) written in: what tells rules apart.

    Making it costs more than counting on small data, so it is made once: statements about a rule take ``rows_of``.
    """
    compiled = rule.compile(dialect=_dialect(engine), compile_kwargs={"literal_binds": True})
    return str(compiled).replace("%%", "%")


@cache
def _dialect(engine: str):
    return make_url(f"{engine}://").get_dialect()()


def rows_of(connection: Connection, rule: Select) -> FromClause:
    """What a rule selects, as something to select from."""
    columns = (column(c.name, c.type) for c in rule.selected_columns)
    return text(_sql(connection, rule)).columns(*columns).subquery()


def rules_of(cards: Iterable[Card]) -> list[Select]:
    """Every select of the cards."""
    return [rule for card in cards for rule in (card.numerator, card.listed, card.told) if rule is not None]


def prepare(
    connection: Connection,
    rules: Iterable[Select],
    horizon: Horizon,
    *,
    known_at: int | None = None,
    persons: Select | None = None,
    entered_by: date | None = None,
    whole: bool = True,
    facts: Mapping[str, Fact] = FACTS,
) -> None:
    """Give the names in ``rules`` their meaning on ``connection``, as temporary views and tables.

    known_at     number of an event: what was known right after it; None: what is known now
    persons      a select of one column ``person``: only these persons' rows; None: everyone
    entered_by   only rows that the source says were entered by this day, and those of which it does not say; None: all
    whole        False: of the rows of persons only the columns that ``rules`` mention
    facts        what the rules' facts are: those of ``metrics.anew`` where the rules are made anew
    """
    rules = list(rules)
    names = named_tables(rules, facts)
    columns = None if whole else named_columns(rules, facts)
    if persons is not None:
        # Rows about persons without a master wait.
        rows, master = persons.subquery(), records.person
        known = select(master.c.person).where(in_force(master, known_at))
        create_table(connection, "chosen", select(rows.c.person).where(rows.c.person.in_(known)))
    for name in sorted(names & CURRENT.keys()):
        _create_records(connection, name, known_at, persons is not None, entered_by, columns)
    create_facts(connection, names, horizon, known_at, facts)


def create_facts(
    connection: Connection,
    names: set[str],
    horizon: Horizon,
    known_at: int | None = None,
    facts: Mapping[str, Fact] = FACTS,
) -> None:
    """The small tables and the facts among ``names``, made from the record tables, which are there."""
    _create_small_tables(connection, names, horizon, known_at)
    for name, fact in facts.items():
        if name in names:
            create_table(connection, name, fact.select)


def _is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def in_force(table, known_at: int | None):
    """The condition under which a version of ``table`` is in force, now or right after an event."""
    if known_at is None:
        return table.c.known_to.is_(None)
    return and_(table.c.known_from <= known_at, or_(table.c.known_to.is_(None), table.c.known_to > known_at))


def _create_records(
    connection: Connection,
    name: str,
    known_at: int | None,
    chosen: bool,
    entered_by: date | None = None,
    columns: Mapping[str, Container[str]] | None = None,
) -> None:
    table = records.RECORDS[name]
    chosen = chosen and table.info["person"]
    kept = None if columns is None else {"person", *columns.get(name, ())}
    wanted = [c for c in table.c if not chosen or kept is None or c.name in kept]
    rows = select(*wanted).where(in_force(table, known_at))
    # The master's day says when somebody was first registered: who is known at all is no late entry.
    if entered_by is not None and "entered_on" in table.c and name != "person":
        rows = rows.where(or_(table.c.entered_on.is_(None), table.c.entered_on <= entered_by))
    if table.info["person"] and name != "person" and not chosen:
        known = _has_master(table, known_at)
        # Rarely are there any rows that wait: rules are spared the condition.
        waiting = select(table.c.row_id).where(in_force(table, known_at), ~known).limit(1)
        if connection.execute(waiting).first():
            rows = rows.where(known)
    if chosen:
        rows = rows.where(table.c.person.in_(text("SELECT person FROM chosen")))
        create_table(connection, name, rows)
    else:
        create_view(connection, name, rows)


def _has_master(table, known_at: int | None):
    """The condition that the person of a row of ``table`` is in the demographic master."""
    master = records.person
    rows = select(master.c.row_id).where(master.c.person == table.c.person, in_force(master, known_at))
    return rows.exists()


def create_view(connection: Connection, name: str, rule: Select) -> None:
    """A temporary view of what the rule selects."""
    _create(connection, "VIEW", name, rule)


def create_table(connection: Connection, name: str, rule: Select) -> None:
    """A temporary table with what the rule selects now."""
    _create(connection, "TABLE", name, rule)
    if _is_postgres(connection):
        connection.execute(text(f"ANALYZE {_quoted(connection, name)}"))


def keep(connection: Connection, name: str, rule: Select | CompoundSelect) -> Table:
    """The same of a rule that is asked but once: its text is not kept. Gives the table."""
    columns = (Column(c.name, c.type) for c in rule.selected_columns)
    kept = Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])
    connection.execute(CreateTable(kept))
    connection.execute(kept.insert().from_select([c.name for c in kept.c], rule))
    if _is_postgres(connection):
        connection.execute(text(f"ANALYZE {_quoted(connection, name)}"))
    return kept


def _create(connection: Connection, what: str, name: str, rule: Select) -> None:
    made = f"CREATE TEMPORARY {what} {_quoted(connection, name)} AS "
    if _is_postgres(connection):
        connection.execute(text(made + _sql(connection, rule)))
    else:  # hundreds of statements: SQLAlchemy reads each one over again
        connection.connection.driver_connection.execute(made + text_of(rule, connection.dialect.name))


def _sql(connection: Connection, rule: Select) -> str:
    """The rule as ``text`` takes it."""
    return text_of(rule, connection.dialect.name).replace(":", r"\:")


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _create_small_tables(
    connection: Connection, names: set[str], horizon: Horizon, known_at: int | None
) -> None:
    rows = {
        "year": lambda: [_year_row(y0) for y0 in horizon.years],
        "course": lambda: courses(connection, known_at),
        "ancestry": lambda: ancestries(connection, known_at),
        "schedule": lambda: [{c.name: row[c.name] for c in schedule.c} for row in standards.schedule()],
        "duty_term": lambda: standards.duty_terms(horizon.first, horizon.last),
        "standard_item": lambda: [
            {"standard": item.standard, "item": item.code, "number": item.number}
            for item in standards.standard_items()
        ],
        "working_due": lambda: _working_dues(horizon),
        "reach": lambda: _reach(connection, horizon),
        "suspected": lambda: _suspected(connection, known_at),
        "unit_near": lambda: near_spans(_located_units(connection), horizon.first, horizon.last),
    }
    small = (
        *(year, course, ancestry, schedule, duty_term, standard_item, working_due),
        *(reach, suspected, unit_near),
    )
    for table in small:
        if table.name in names:
            temporary = Table(
                table.name, MetaData(), *(Column(c.name, c.type) for c in table.c), prefixes=["TEMPORARY"]
            )
            connection.execute(CreateTable(temporary))
            made = rows[table.name]()
            if isinstance(made, pd.DataFrame):  # of many rows: one by one they would take minutes
                bulk_insert(connection, temporary, made)
                if _is_postgres(connection):
                    connection.execute(text(f"ANALYZE {_quoted(connection, table.name)}"))
            elif made:
                connection.execute(temporary.insert(), made)


def _reach(connection: Connection, horizon: Horizon) -> pd.DataFrame:
    """The nearest unit of every place and the next one; rules name no other kind."""
    place = CURRENT["place"]
    located = select(place.c.place, place.c.lon, place.c.lat).where(
        place.c.place.is_not(None), place.c.lon.is_not(None), place.c.lat.is_not(None)
    )
    places = pd.DataFrame(bulk_select(connection, located.order_by(place.c.place, place.c.lon, place.c.lat)))
    units = _located_units(connection)
    return reach_spans(places, units, horizon.first, horizon.last, kinds=("any", "second"))


def _suspected(connection: Connection, known_at: int | None) -> pd.DataFrame:
    table = records.suspected
    return read_frame(connection, select(table.c.person).where(in_force(table, known_at)).distinct())


def _located_units(connection: Connection) -> pd.DataFrame:
    return pd.DataFrame(bulk_select(connection, located_units.order_by(located_units.selected_columns.unit)))


def _working_dues(horizon: Horizon) -> list[dict]:
    """From a year before the horizon on: what began then may be due in it."""
    y0, y1 = horizon.first - 12, horizon.last
    first, last = date(y0 // 12, y0 % 12 + 1, 1), date(y1 // 12, y1 % 12 + 1, 1) + timedelta(days=30)
    return working_dues(first, last, values_of("rectify_days"))


def _year_row(y0: int) -> dict:
    y1 = y0 + 11
    last_day = calendar.monthrange(y1 // 12, y1 % 12 + 1)[1]
    return {
        "y0": y0,
        "y1": y1,
        "first_on": date(y0 // 12, y0 % 12 + 1, 1),
        "last_on": date(y1 // 12, y1 % 12 + 1, last_day),
    }


def ancestries(connection: Connection, known_at: int | None = None) -> list[dict]:
    """Each unit with itself and every unit above it."""
    unit = records.unit
    rows = connection.execute(select(unit.c.unit, unit.c.parent).where(in_force(unit, known_at))).all()
    parent = {row.unit: row.parent for row in rows}
    found = []
    for start in parent:
        above, passed = start, set()
        while above is not None and above in parent:
            if above in passed:
                raise StandardsError(
                    f"unit {start}: the units above it lead in a circle through unit {above}"
                )
            passed.add(above)
            found.append({"unit": start, "ancestor": above})
            above = parent[above]
    return found


def courses(connection: Connection, known_at: int | None = None) -> list[dict]:
    """Which unit is credited for a unit, from when to when: itself, and after a merger its successor."""
    unit = records.unit
    rows = connection.execute(
        select(unit.c.unit, unit.c.closed_on, unit.c.successor).where(in_force(unit, known_at))
    ).all()
    successor = {row.unit: (row.closed_on, row.successor) for row in rows if row.successor and row.closed_on}
    found = []
    for row in rows:
        credited, start = row.unit, EVER_BEFORE
        passed = {credited}
        while credited in successor:
            closed_on, following = successor[credited]
            if following in passed:
                raise StandardsError(
                    f"unit {row.unit}: its mergers lead in a circle through unit {following}"
                )
            if closed_on > start:
                found.append(
                    {
                        "unit": row.unit,
                        "from_on": start,
                        "to_on": closed_on - timedelta(days=1),
                        "credited": credited,
                    }
                )
                start = closed_on
            credited = following
            passed.add(credited)
        found.append({"unit": row.unit, "from_on": start, "to_on": EVER_AFTER, "credited": credited})
    return found
