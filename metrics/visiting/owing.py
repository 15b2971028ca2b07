"""Who of a unit is missing from any card that a visit can help, why, and from when until when they can be seen.

The lists are those of ``metrics.gaps``: each card's own rule, the same unit, month and state of knowledge as the published
figure. The facts that cards share are made once for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Subquery, and_, func, select

from data import records
from data.store import Snapshot, Store, read_frame
from metrics import published
from metrics.card import Card, Period
from metrics.cards import CARDS
from metrics.context import Horizon, prepare, rules_of
from metrics.facts import child_year, home, patient_year, stay
from metrics.gaps import missing, persons_of, units_below
from metrics.heading import owed as ceilings
from metrics.heading import reaching
from metrics.heading.reaching import last_day
from metrics.judgement import months_elapsed
from metrics.principal import NotAllowedError, Principal
from metrics.tables import CURRENT
from metrics.visiting.closings import CENTRE, HOME, WHERE, Closing, closings

#: What a visit does for a gap.
NOTHING, STEP, CLOSES = 0, 1, 2
#: Why nobody can close a gap any more: the last day is over; the person is no longer under care.
LATE, GONE = "late", "gone"
GAPS = ("person", "card", "times", HOME, CENTRE, "service", "first", "last", "lost")
PEOPLE = ("person", "sex", "age", "place", "village", "village_name", "family", "doctor")

_PROGRAMMES = {"htn": "htn", "dm": "dm"}
_LEVELS = ("village", "community")


@dataclass(frozen=True, eq=False)
class Lists:
    """Everybody on the lists of a unit, of whom nobody is named.

    gaps     a row a person and card: GAPS. ``times``: how often they stand on the list; ``home``, ``centre``: NOTHING, STEP
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


def lists(known: Snapshot | Store, principal: Principal, unit: int, month: int | None = None) -> Lists:
    """Everybody on the unit's lists at the end of the newest month, or of another.

    Raises NotAllowedError outside the persons' scope.
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
        rules = [
            *rules_of(cards),
            *(rule for card in cards for rule in ceilings.rules(card)),
            *(select(fact.c.person) for fact in (home, stay, patient_year, child_year)),
            *(select(CURRENT[name].c.person) for name in ("person", "health_record", "pregnancy")),
        ]
        prepare(connection, rules, horizon, known_at=build.event, persons=persons_of(connection, units))
        here = set(
            read_frame(
                connection, select(stay.c.person).where(stay.c.s <= month, stay.c.e >= month).distinct()
            )["person"]
        )
        found = [_of_card(connection, card, asked[card.key], units, month, horizon, here) for card in cards]
        gaps = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(GAPS))
        people = _people(connection, month)
    people = people[people["person"].isin(gaps["person"])].reset_index(drop=True)
    silent = tuple(key for key in asked if (key, str(CARDS[key].bases[0])) not in told)
    doctors = tuple(sorted(people["doctor"].dropna().unique()))
    return Lists(unit, month, gaps, people, tuple(card.key for card in cards), silent, doctors)


def _told(connection: Connection, unit: int, month: int) -> set[tuple[str, str]]:
    """Cards (with their basis) of which there is a figure: others have no list."""
    figure = published.figure.c
    rows = connection.execute(
        select(figure.indicator, figure.basis).where(
            figure.unit == unit, figure.month == month, figure.stratum == "", figure.status != "none"
        )
    )
    return {(row.indicator, row.basis) for row in rows}


def _of_card(
    connection: Connection,
    card: Card,
    closing: Closing,
    units: list[int],
    month: int,
    horizon: Horizon,
    here: set[int],
) -> pd.DataFrame:
    people = missing(card, units, month, card.bases[0], horizon).subquery()
    frame = read_frame(connection, select(people.c.person, people.c.times))
    frame = frame.astype({"person": "int64", "times": "int64"})
    # What holds at a month's end is never lost: after December it is owed to the next year's.
    ahead = month + 1 if card.period is Period.AS_OF else month
    end = last_day(ahead + 12 - months_elapsed(card, ahead))
    if card.alert is not None:
        end = last_day(month) + pd.Timedelta(days=card.alert.days)
    frame["card"], frame["service"] = card.key, closing.service
    frame["first"], frame["last"] = pd.NaT, pd.Timestamp(end)
    for place in WHERE:
        frame[place] = CLOSES if place in closing.places else NOTHING
    frame["lost"] = ""
    if reaching.has_ceiling(card):  # whoever its own rule says is still under care
        rows = reaching.owing(connection, card, people, month).drop_duplicates("person").set_index("person")
        here = set(rows.index[rows["here"] > 0])
        if card.period is not Period.AS_OF:  # and until the day that the list of the indicator tells
            days = rows.reindex(frame["person"])
            frame["first"], frame["last"] = days["first"].to_numpy(), days["see_by"].to_numpy()
            frame.loc[frame["last"].isna(), "lost"] = LATE
    frame.loc[~frame["person"].isin(here), "lost"] = GONE
    if len(frame):
        frame = _REFINED.get(closing.how, _as_it_is)(connection, card, frame, people, month)
    return frame[list(GAPS)].astype({"first": "datetime64[ns]", "last": "datetime64[ns]"})


def _as_it_is(_connection, _card, frame: pd.DataFrame, _people, _month) -> pd.DataFrame:
    return frame


def _standard(
    connection: Connection, card: Card, frame: pd.DataFrame, people: Subquery, month: int
) -> pd.DataFrame:
    """A visit at home closes it for whoever owes one follow-up and no check; at the centre also with the check."""
    owed = reaching.owing(connection, card, people, month).drop_duplicates("person").set_index("person")
    owed = owed.reindex(frame["person"])
    n, other = owed["owed"].to_numpy(), owed["other"].to_numpy().astype(bool)
    frame[HOME] = [
        0 if k <= 0 else CLOSES if k == 1 and not o else STEP for k, o in zip(n, other, strict=True)
    ]
    frame[CENTRE] = [CLOSES if k <= 1 else STEP for k in n]
    frame.loc[n <= 0, "service"] = ""
    return frame


def _behind(
    connection: Connection, card: Card, frame: pd.DataFrame, people: Subquery, month: int, whole: bool = False
) -> pd.DataFrame:
    """One service closes it for whoever is one behind; others come a step nearer."""
    programme = _PROGRAMMES.get(card.key.partition("_")[0])
    of = child_year if programme is None else patient_year
    where = [of.c.y0 <= month, of.c.y1 >= month]
    if programme is not None:
        where.append(of.c.programme == programme)
    rows = read_frame(connection, select(of).join(people, people.c.person == of.c.person).where(*where))
    owed_by = rows["y1"] if whole else month
    owed = sum((rows[name] <= owed_by).astype(int) for name in rows if name[0] == "t" and name[1:].isdigit())
    made = sum((rows[name] <= month).astype(int) for name in rows if name[0] == "c" and name[1:].isdigit())
    if programme is not None and not whole:  # in the year's last month the whole standard is asked for
        owed = owed.where(rows["y1"] > month, rows["full"])
    lacking = (owed - made).groupby(rows["person"]).max().reindex(frame["person"]).to_numpy()
    for place in WHERE:
        some = frame[place] > NOTHING
        frame.loc[some & (lacking != 1), place] = STEP
    return frame


def _year(connection, card, frame, people, month) -> pd.DataFrame:
    return _behind(connection, card, frame, people, month, whole=True)


_REFINED = {
    "standard": _standard,
    "behind": _behind,
    "year": _year,
}


def _people(connection: Connection, month: int) -> pd.DataFrame:
    """Everybody at hand: where they live, in which household, and whose they are by the newest valid record."""
    person, record, place = CURRENT["person"], CURRENT["health_record"], records.place
    above = records.place.alias("above")
    nth = func.row_number().over(
        partition_by=record.c.person, order_by=[record.c.created_on.desc(), record.c.row_id.desc()]
    )
    newest = (
        select(record.c.person, record.c.family, record.c.doctor, nth.label("nth"))
        .where(record.c.cancelled_on.is_(None))
        .subquery()
    )
    statement = (
        select(
            person.c.person,
            person.c.sex,
            (month - person.c.born_month).label("months"),
            place.c.name.label("place"),
            place.c.code.label("place_code"),
            place.c.level.in_(_LEVELS).label("is_village"),
            above.c.code.label("above_code"),
            above.c.name.label("above_name"),
            newest.c.family,
            newest.c.doctor,
        )
        .select_from(person)
        .outerjoin(home, home.c.person == person.c.person)
        .outerjoin(place, and_(place.c.place == home.c.place, place.c.known_to.is_(None)))
        .outerjoin(
            above,
            and_(above.c.code == place.c.parent_code, above.c.known_to.is_(None), above.c.level.in_(_LEVELS)),
        )
        .outerjoin(newest, and_(newest.c.person == person.c.person, newest.c.nth == 1))
    )
    rows = read_frame(connection, statement).drop_duplicates("person")
    own = rows["is_village"].fillna(False).astype(bool) | rows["above_code"].isna()
    rows["village"] = rows["place_code"].where(own, rows["above_code"])
    rows["village_name"] = rows["place"].where(own, rows["above_name"])
    rows["age"] = rows["months"] // 12
    return rows[list(PEOPLE)].astype({"person": "int64"})


def as_of(found: Lists) -> date:
    """The last day that the lists know of."""
    return last_day(found.month)
