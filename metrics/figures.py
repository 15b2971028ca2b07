"""Reading published figures for pages and exports. Who asks comes first in every call.

Frames carry one row a figure: indicator, unit, month, basis, numerator, listed, denominator,
value, status and what ``metrics.judgement`` adds. Counts are floats so that NaN can say "missing".
A unit outside the principal's scope is simply not there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, inspect, or_, select

from data.store import read_frame
from metrics import published
from metrics.card import Basis, Card, Form
from metrics.card import Unit as CardUnit
from metrics.comparing.judging import compared
from metrics.comparing.places import placed
from metrics.judgement import (
    Targets,
    accumulates,
    best_pace,
    counts_people,
    judged,
    last_chance,
    months_elapsed,
    ranked,
    ranked_by_card,
    scale_of,
    seasonal_course,
    year_end_before,
)
from metrics.principal import Principal
from metrics.published import GRID
from metrics.reading import children, siblings, tree_order
from metrics.shaping import value_of
from metrics.small_numbers import shown_to
from metrics.spreading import with_deviation
from metrics.strata import declared

_F = published.figure.c
_NUMBERS = ["numerator", "listed", "denominator", "value"]
_PACE = 3  # months over which a pace is taken
KEYS = ["indicator", "unit", "month", "basis"]


@dataclass(frozen=True)
class Built:
    """The last build: what every page says about its data."""

    event: int
    batch: int | None  # the newest batch in force then: figures contain nothing newer
    built_at: datetime
    first_month: int
    last_month: int
    data_until: date | None
    definitions: str
    installation: str  # demo, own
    bureau: str


def built(connection: Connection) -> Built | None:
    """The last build, or None before the first one."""
    table = published.build
    if not inspect(connection).has_table(table.name, schema=table.schema):
        return None
    row = connection.execute(select(table).order_by(table.c.build.desc()).limit(1)).mappings().first()
    return Built(**{name: row[name] for name in Built.__dataclass_fields__}) if row else None


def units(principal: Principal, connection: Connection) -> pd.DataFrame:
    """The units in scope: unit, code, name, kind, parent, opened_on, closed_on, successor, lon, lat.

    In order of the tree: the bureau, its centres, each followed by its stations.
    """
    table = published.unit
    frame = read_frame(connection, select(table).where(principal.figures.holds(table.c.unit)))
    frame["parent"] = pd.to_numeric(frame["parent"])
    return frame.iloc[tree_order(frame)].reset_index(drop=True)


def standing(
    principal: Principal, connection: Connection, unit: int, month: int, cards: Mapping[str, Card]
) -> pd.DataFrame:
    """Where one unit stands on every card, each on its default basis; one row a card, cards' order.

    Adds last_year (the value twelve months ago), change (against it), rank and peers among the
    units of the same kind under the same parent, best_pace and last_chance; and place, placed and unranked: a place
    only where the data allow one (``comparing.places``).
    """
    tree = units(principal, connection)
    peers = siblings(tree, unit)
    frame = _on_default_basis(_read(principal, connection, peers, [month - 12, month]), cards)
    now = with_deviation(principal, connection, frame[frame["month"] == month], cards)
    now = placed(ranked_by_card(now, cards), cards, month)
    now = _judged(principal, connection, now[now["unit"] == unit], cards, tree)
    now = _with_last_year(now, frame)
    found = set(now["indicator"])
    return (
        _with_chances(principal, connection, now, cards)
        .set_index("indicator")
        .reindex([key for key in cards if key in found])
    )


def course(principal: Principal, connection: Connection, unit: int, card: Card, basis: str) -> pd.DataFrame:
    """One unit's figure month by month, oldest first, with target, last_year, best_pace and last_chance.

    denominator_kind says what each year is divided by (resident, registered, recorded, mixed; None where the
    denominator is no population), so that a change is visible.
    """
    tree = units(principal, connection)
    statement = select(published.figure).where(_F.indicator == card.key, _F.basis == basis)
    frame = _read(principal, connection, [unit], None, statement)
    cards = {card.key: card}
    frame = _with_last_year(_judged(principal, connection, frame, cards, tree), frame)
    frame = _with_chances(principal, connection, frame, cards).sort_values("month")
    kinds = {}
    if card.statistic is not None:
        sides = denominators(principal, connection, unit, card.statistic.band)
        kinds = {row.year: row.kind for row in sides.itertuples() if row.in_force}
    return frame.assign(denominator_kind=[kinds.get(month // 12) for month in frame["month"]])


def denominators(
    principal: Principal, connection: Connection, unit: int, band: str, year: int | None = None
) -> pd.DataFrame:
    """The populations of a unit side by side: year, kind, persons, approved_by, approved_on, in_force.

    Kinds are resident (statistics), registered (public security), recorded (known to the record system), and
    mixed for a sum of centres of several kinds. By year, the one in force first.
    """
    table = published.population
    statement = select(
        table.c.year,
        table.c.kind,
        table.c.persons,
        table.c.approved_by,
        table.c.approved_on,
        table.c.in_force,
    ).where(table.c.unit == unit, table.c.band == band, principal.figures.holds(table.c.unit))
    if year is not None:
        statement = statement.where(table.c.year == year)
    frame = read_frame(connection, statement)
    return frame.sort_values(["year", "in_force", "kind"], ascending=[True, False, True], ignore_index=True)


def comparison(
    principal: Principal, connection: Connection, unit: int, card: Card, month: int, basis: str
) -> pd.DataFrame:
    """The units under ``unit`` (or its siblings, where it has none), best first.

    Units that delivered only part or nothing are unranked and come last. Adds what ``comparing.judging`` says of chance:
    interval, verdicts, and the place with its interval or why there is none.
    """
    tree = units(principal, connection)
    among = children(tree, unit) or siblings(tree, unit)
    statement = select(published.figure).where(_F.indicator == card.key, _F.basis == basis)
    frame = _read(principal, connection, among, [month - 12, month], statement)
    now = _judged(principal, connection, frame[frame["month"] == month], {card.key: card}, tree)
    now = with_deviation(principal, connection, now, {card.key: card})
    now = _with_last_year(compared(ranked(now, card), card, month), frame)
    now = _with_chances(principal, connection, now, {card.key: card})
    return now.sort_values(["rank", "value"], ascending=[True, False], na_position="last")


def breakdown(
    principal: Principal, connection: Connection, unit: int, card: Card, month: int, basis: str
) -> pd.DataFrame:
    """A unit's figure by stratum: dimension, stratum, zh, en, month, numerator, denominator, value, status.

    Of the newest month up to ``month`` that has strata; the first row (dimension "all") is the figure of
    everyone, divided by those listed. No rows where the card or basis has no strata.
    """
    mine = (_F.indicator == card.key, _F.basis == basis, _F.unit == unit, principal.figures.holds(_F.unit))
    months = select(_F.month).where(*mine, _F.stratum != "", _F.month <= month)
    newest = connection.execute(months.order_by(_F.month.desc()).limit(1)).scalar()
    columns = ["dimension", "stratum", "zh", "en", "month", "numerator", "denominator", "value", "status"]
    if newest is None:
        return pd.DataFrame(columns=columns)
    rows = shown_to(
        principal, read_frame(connection, select(published.figure).where(*mine, _F.month == newest))
    )
    rows = rows.astype(dict.fromkeys(_NUMBERS, float))
    whole = rows["stratum"] == ""
    if card.is_listed:  # the whole on the denominator of its parts
        listed = rows["listed"]
        value = value_of(card, rows["numerator"].to_numpy(), listed.to_numpy())
        rows = rows.assign(denominator=listed, value=rows["value"].where(~whole, value))
    words = {one.key: (place, one.name) for place, one in enumerate(declared())}
    places = [int(key.removeprefix(GRID)) for key in rows["stratum"] if key.startswith(GRID)]
    table = published.place
    named = select(table.c.place, table.c.name).where(table.c.place.in_(places))
    grids = dict(map(tuple, connection.execute(named))) if places else {}
    found = []
    for row in rows.itertuples():
        dimension, _, code = row.stratum.partition(":")
        if dimension == "grid":
            order, names = len(words), [grids.get(int(code), code)] * 2
        elif row.stratum == "":
            order, names, dimension = -1, ["", ""], "all"
        else:
            order, name = words[row.stratum]
            names = [name.zh, name.en]
        found.append((order, dimension, row.stratum, *names, newest))
    about = pd.DataFrame(found, columns=["order", *columns[:5]], index=rows.index)
    about = about.join(rows[["numerator", "denominator", "value", "status"]])
    about = about.sort_values(["order", "denominator", "numerator"], ascending=[True, False, False])
    return about[columns].reset_index(drop=True)


def matrix(
    principal: Principal, connection: Connection, unit: int, month: int, cards: Mapping[str, Card]
) -> pd.DataFrame:
    """Figures of the units under ``unit`` (or its siblings) on the given cards, tree order."""
    tree = units(principal, connection)
    among = children(tree, unit) or siblings(tree, unit)
    frame = _on_default_basis(_read(principal, connection, among, [month]), cards)
    return _judged(principal, connection, frame, cards, tree)


def sparks(
    principal: Principal, connection: Connection, unit: int, month: int, cards: Mapping[str, Card]
) -> dict[str, list[float]]:
    """For each card the last thirteen values on its default basis, oldest first, NaN for none."""
    months = list(range(month - 12, month + 1))
    frame = _on_default_basis(_read(principal, connection, [unit], months), cards)
    wide = frame.pivot_table(index="indicator", columns="month", values="value", dropna=False)
    return {key: row.reindex(months).tolist() for key, row in wide.iterrows()}


def paces(
    principal: Principal, connection: Connection, unit: int, month: int, cards: Mapping[str, Card]
) -> dict[str, float]:
    """For each card how much its numerator grew a month over the last three, on its default basis.

    A figure that starts anew each year is followed back to the start of its year at most.
    """
    months = range(month - _PACE, month + 1)
    frame = _on_default_basis(_read(principal, connection, [unit], months), cards)
    tops = {(row.indicator, row.month): row.numerator for row in frame.itertuples()}
    found = {}
    for key, card in cards.items():
        if str(card.bases[0]) == Basis.AS_OF:
            back, before = _PACE, tops.get((key, month - _PACE), math.nan)
        else:
            back = min(_PACE, months_elapsed(card, month))
            starts_here = back == months_elapsed(card, month)
            before = 0.0 if starts_here else tops.get((key, month - back), math.nan)
        found[key] = (tops.get((key, month), math.nan) - before) / back / scale_of(card)
    return found


def worst_first(behind: pd.DataFrame, cards: Mapping[str, Card]) -> pd.DataFrame:
    """Indicators by what is missing: people first, then things and visits, then those without a number."""
    people = behind.index.map(lambda key: cards[key].is_ratio and counts_people(cards[key]))
    order = pd.DataFrame({"people": people, "missing": behind["missing"]}, index=behind.index)
    return behind.loc[order.sort_values(["people", "missing"], ascending=False, na_position="last").index]


def is_ranking(card: Card) -> bool:
    """Whether a card stands among the indicators that are judged one by one.

    Duties and checks are told as such, and warnings are no judgement of anybody.
    """
    return card.alert is None and card.form in (Form.INDICATOR, Form.DOCUMENT)


def headline(standing: pd.DataFrame, cards: Mapping[str, Card], most: int) -> list[str]:
    """The cards that the overview shows as tiles, in the cards' order.

    Those with a target and a figure: shares of people first, the most people first, systems in turn; then what
    else has a target.
    """
    told = standing[standing["target"].notna() & standing["value"].notna()]
    people_of = dict(zip(told.index, told["denominator"], strict=True))
    aimed = [key for key in people_of if is_ranking(cards[key])]

    def place(key: str) -> tuple:
        card, people = cards[key], people_of[key]
        of_people = card.unit is CardUnit.PERCENT and card.is_ratio and counts_people(card)
        return (not of_people, card.unit is not CardUnit.PERCENT, -people if of_people else 0)

    of_system: dict[str, list[str]] = {}
    for key in sorted(aimed, key=place):
        of_system.setdefault(cards[key].system, []).append(key)
    turns = [key for turn in zip_longest(*of_system.values()) for key in turn if key]
    rest = [key for key in standing.index if is_ranking(cards[key])]
    chosen = set((turns or rest)[:most])
    return [key for key in standing.index if key in chosen]


def first_of_people(cards: Mapping[str, Card]) -> str:
    """The card that a page shows when none is asked for: the first share of people."""
    shares = (key for key, card in cards.items() if card.unit is CardUnit.PERCENT and counts_people(card))
    return next(shares, next(iter(cards)))


def targets_in_force(principal: Principal, connection: Connection, year: int) -> Targets:
    """The targets in force in a year: those of everybody, and those of single units in scope."""
    table = published.target
    return Targets(read_frame(connection, select(table).where(table.c.year == year, _aimed_at(principal))))


def targets_of(principal: Principal, connection: Connection, card: Card) -> pd.DataFrame:
    """Every target of a card, those not in force too: rows of ``published.target``, the newest year first; of single
    units those in scope."""
    table = published.target
    rows = read_frame(connection, select(table).where(table.c.indicator == card.key, _aimed_at(principal)))
    return rows.sort_values(["year", "in_force", "value"], ascending=[False, False, False], ignore_index=True)


def _aimed_at(principal: Principal) -> ColumnElement[bool]:
    unit = published.target.c.unit
    return or_(unit.is_(None), principal.figures.holds(unit))


def parameters_of(_principal: Principal, connection: Connection, card: Card) -> pd.DataFrame:
    """The dated values that the figures of a card were made with, of no unit and no secret: rows of ``published.parameter``, by key and day."""
    table = published.parameter
    rows = read_frame(connection, select(table).where(table.c.key.in_(card.parameters)))
    return rows.sort_values(["key", "from_on"], ignore_index=True)


# -- reading -------------------------------------------------------------------------------


def _read(
    principal: Principal,
    connection: Connection,
    among: Iterable[int],
    months: Iterable[int] | None,
    statement: Select | None = None,
) -> pd.DataFrame:
    """Unstratified figures of some units and months (None: all months) that the principal may see.

    Small numbers of people who are none of theirs are hidden: NaN, with the status that says so.
    """
    statement = select(published.figure) if statement is None else statement
    statement = statement.where(_F.stratum == "", _F.unit.in_(list(among)), principal.figures.holds(_F.unit))
    if months is not None:
        statement = statement.where(_F.month.in_(list(months)))
    frame = shown_to(principal, read_frame(connection, statement))
    return frame.astype(dict.fromkeys(_NUMBERS, float))


def _on_default_basis(frame: pd.DataFrame, cards: Mapping[str, Card]) -> pd.DataFrame:
    default = frame["indicator"].map({key: str(card.bases[0]) for key, card in cards.items()})
    return frame[frame["basis"] == default]


def _judged(
    principal: Principal,
    connection: Connection,
    frame: pd.DataFrame,
    cards: Mapping[str, Card],
    tree: pd.DataFrame,
) -> pd.DataFrame:
    kinds = dict(zip(tree["unit"], tree["kind"], strict=True))
    targets = Targets(read_frame(connection, select(published.target).where(_aimed_at(principal))))
    before = _course_before(principal, connection, frame, cards)
    return judged(frame, cards, targets, kinds, seasonal_course(frame, before, cards))


def _course_before(
    principal: Principal, connection: Connection, frame: pd.DataFrame, cards: Mapping[str, Card]
) -> pd.DataFrame:
    """Last year's months and year ends of the figures that grow with the year."""
    growing = [
        row
        for row in frame[["indicator", "unit", "month", "basis"]].itertuples()
        if accumulates(cards[row.indicator], row.basis)
    ]
    months = {row.month - 12 for row in growing}
    months |= {year_end_before(cards[row.indicator], row.month) for row in growing}
    statement = select(published.figure).where(_F.indicator.in_(sorted({row.indicator for row in growing})))
    return _read(principal, connection, sorted({row.unit for row in growing}), sorted(months), statement)


def _with_chances(
    principal: Principal, connection: Connection, frame: pd.DataFrame, cards: Mapping[str, Card]
) -> pd.DataFrame:
    """Add best_pace and last_chance (a month; NaN where it has no meaning) where somebody is missing."""
    short = frame[frame["missing"] > 0]
    wanted = {(row.indicator, row.unit, row.basis) for row in short.itertuples()}
    numerators: dict[tuple, dict[int, float]] = {}
    if wanted:
        statement = select(published.figure).where(
            _F.indicator.in_(sorted({key for key, *_ in wanted})),
            _F.basis.in_(sorted({basis for *_, basis in wanted})),
        )
        units = sorted({unit for _, unit, _ in wanted})
        for row in _read(principal, connection, units, None, statement).itertuples():
            place = (row.indicator, row.unit, row.basis)
            numerators.setdefault(place, {})[row.month] = row.numerator
    paces = {place: best_pace(cards[place[0]], place[2], numerators.get(place, {})) for place in wanted}
    found = [
        paces.get((row.indicator, row.unit, row.basis), math.nan) if row.missing > 0 else math.nan
        for row in frame.itertuples()
    ]
    chances = [
        last_chance(cards[row.indicator], row.month, row.missing, pace)
        for row, pace in zip(frame.itertuples(), found, strict=True)
    ]
    return frame.assign(best_pace=found, last_chance=chances)


def _with_last_year(now: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Add last_year and change: the value twelve months before, and how far the value moved."""
    before = frame[[*KEYS, "value"]].rename(columns={"value": "last_year"})
    before = before.assign(month=before["month"] + 12)
    out = now.merge(before, on=KEYS, how="left")
    return out.assign(change=out["value"] - out["last_year"])
