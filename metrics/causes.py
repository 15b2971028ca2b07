"""The causes of a change, each with what it adds: from whose rows made up a figure before and after (``made_of``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, Column, Connection, MetaData, Select, Table, and_, select, union
from sqlalchemy.schema import CreateTable

from data import records
from data.store import bulk_insert, read_frame
from metrics import published
from metrics.card import Card
from metrics.context import named_tables, rules_of
from metrics.past import Standing
from metrics.standards import value_in

_asked = Table("asked_about", MetaData(), Column("person", BigInteger), prefixes=["TEMPORARY"])


@dataclass
class Part:
    """What a cause has gathered so far."""

    numerator: int = 0
    denominator: int = 0
    people: int | None = None
    more: dict[str, int] = field(default_factory=dict)
    merged: tuple[int, ...] = ()

    def add(self, rows: pd.DataFrame) -> None:
        self.numerator += int(rows["dn"].sum())
        self.denominator += int(rows["dd"].sum())
        self.people = (self.people or 0) + len(rows)


def by_people(card: Card, before: pd.DataFrame, after: pd.DataFrame) -> dict[str, Part]:
    """Services, who is owed, and units, of what was reported in time."""
    parts = {name: Part() for name in ("services", "denominator", "units")}
    if card.is_events:  # other people each month: what was done, and of how much
        parts["services"].numerator = int(after["n"].sum() - before["n"].sum())
        parts["denominator"].denominator = int(after["d"].sum() - before["d"].sum())
        return parts
    both = side_by_side(before, after)
    cause = cause_of(card, both)
    for name in parts:
        rows = both[(cause == name) & ((both["dn"] != 0) | (both["dd"] != 0))]
        if len(rows):
            parts[name].add(rows)
    return parts


def has_no_list(card: Card) -> bool:
    """Whether its rows are events or things: those of merged units are not known by whose they are."""
    return not card.each_level and (card.is_events or not card.is_personal)


def take_out_merged(card: Card, rows: pd.DataFrame, side: list[pd.DataFrame], parts: dict[str, Part]) -> None:
    """What stood at merged units (``merging.stood_there``) is taken out of services, and of what was owed, into units."""
    if not card.is_events:  # what still stands anywhere is known by its number: it has moved, or stayed
        later = side[1].set_index("who")[["n", "d", "n_away", "d_away"]].max(axis=1)
        rows = rows[later.reindex(rows["who"], fill_value=0).to_numpy() <= 0]
    n, d = (int((rows[name] * rows["sign"]).sum()) for name in ("n", "d"))
    if not n and not d:
        return
    units = parts["units"]
    units.numerator += n
    units.denominator += d
    units.merged = tuple(sorted({int(unit) for unit in rows["unit"]}))
    # What is listed comes and goes with all that it counts.
    listed = not card.is_events and _goes_by_list(card)
    parts["denominator" if listed else "services"].numerator -= n
    parts["denominator" if listed or card.is_events else "services"].denominator -= d


def base_of(card: Card, old: pd.DataFrame, new: pd.DataFrame) -> Part:
    """What other values do to the earlier month."""
    both = side_by_side(old, new)
    return Part(int(both["dn"].sum()), 0 if card.statistic is not None else int(both["dd"].sum()))


def counted_otherwise(old: pd.DataFrame, new: pd.DataFrame) -> set[int]:
    """Who counts otherwise by other values; -1 where it is nobody who is told (events without a person)."""
    both = side_by_side(old, new)
    return set(both.loc[(both["dn"] != 0) | (both["dd"] != 0), "who"])


def side_by_side(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Everybody of two states: n, d, n_away, d_away before (0) and after (1), and the differences dn and dd."""
    both = before.merge(after, on="who", how="outer", suffixes=("0", "1")).fillna(0).astype("int64")
    return both.assign(dn=both["n1"] - both["n0"], dd=both["d1"] - both["d0"])


def cause_of(card: Card, both: pd.DataFrame) -> np.ndarray:
    """services, denominator or units, of everybody. Who is listed decides; where nobody is, who is counted."""
    by = "d" if _goes_by_list(card) else "n"
    here0, here1 = both[f"{by}0"] > 0, both[f"{by}1"] > 0
    moved = (here1 & ~here0 & (both[f"{by}_away0"] > 0)) | (here0 & ~here1 & (both[f"{by}_away1"] > 0))
    owed = (here0 != here1) & _goes_by_list(card)
    return np.select([moved, owed], ["units", "denominator"], "services")


def _goes_by_list(card: Card) -> bool:
    """Whether the denominator is who is listed, one by one."""
    return card.listed is not None and card.statistic is None


def late_part(
    before: pd.DataFrame, before_in_time: pd.DataFrame, after: pd.DataFrame, after_in_time: pd.DataFrame
) -> Part:
    """What came late of the later month, less what came late of the earlier one."""
    part = Part(people=0)
    for in_time, all_of, sign in ((before_in_time, before, -1), (after_in_time, after, 1)):
        both = side_by_side(in_time, all_of)
        rows = both[(both["dn"] != 0) | (both["dd"] != 0)]
        part.numerator += sign * int(rows["dn"].sum())
        part.denominator += sign * int(rows["dd"].sum())
        part.people += len(rows)
    return part


def add_populations(
    connection: Connection,
    card: Card,
    unit: int,
    earlier: int,
    month: int,
    told: dict[int, pd.Series],
    parts: dict[str, Part],
) -> None:
    """An approved population: what its kind and share of today would have given is told from the people there are."""
    change = int(told[month]["denominator"]) - int(told[earlier]["denominator"])
    redefined = 0
    c = published.population.c
    where = (c.unit == unit, c.band == card.statistic.band, c.year.in_([earlier // 12, month // 12]))
    rows = read_frame(connection, select(c.year, c.kind, c.persons, c.in_force).where(*where))
    kinds = rows[rows["in_force"]].drop_duplicates("year").set_index("year")["kind"]
    if card.statistic.kind == "resident" and {earlier // 12, month // 12} <= set(kinds.index):
        kind = kinds[earlier // 12]
        same = rows[(rows["year"] == month // 12) & (rows["kind"] == kind)]["persons"]
        if len(same):
            share = 1 if card.statistic.share is None else value_in(card.statistic.share, earlier)
            redefined = int(told[month]["denominator"]) - int(np.floor(int(same.iloc[0]) * share + 0.5))
    parts["definition"] = Part(denominator=redefined)
    parts["denominator"].denominator += change - redefined


def tell_who_is_owed(
    connection: Connection,
    card: Card,
    in_time: list[pd.DataFrame],
    earlier: int,
    month: int,
    parts: dict[str, Part],
) -> None:
    """How many of those who came were born since, and how many of those who are gone have died by the end of the later month."""
    if not _goes_by_list(card) or not parts["denominator"].people:
        return
    both = side_by_side(*in_time)
    owed = both[cause_of(card, both) == "denominator"]
    new, gone = set(owed.loc[owed["d1"] > 0, "who"]), set(owed.loc[owed["d0"] > 0, "who"])
    c = records.person.c
    after = date((month + 1) // 12, (month + 1) % 12 + 1, 1)

    def of(people: set[int], condition) -> set[int]:
        where = (c.known_to.is_(None), condition, c.person.in_(asked))
        return set(connection.execute(select(c.person).where(*where)).scalars()) & people

    asked = _only(connection, new | gone)
    born, died = of(new, c.born_month > earlier), of(gone, c.died_on < after)
    parts["denominator"].more = {
        "born": len(born),
        "came": len(new) - len(born),
        "died": len(died),
        "left": len(gone) - len(died),
    }


def _only(connection: Connection, people: set[int]) -> Select:
    """These people, for a condition: whoever is in no state of the figure is not read."""
    connection.execute(CreateTable(_asked))
    bulk_insert(connection, _asked, pd.DataFrame({"person": sorted(people)}, dtype="int64"))
    return select(_asked.c.person)


def rewritten_since(connection: Connection, card: Card, standing: Standing, people: set[int]) -> set[int]:
    """Those of whom a row that was known then has other contents now, or is no longer there; of things nobody can tell."""
    if standing.event is None or not card.is_personal:
        return set()
    parts, asked = [], _only(connection, people)
    for name in sorted(named_tables(rules_of([card])) & records.RECORDS.keys()):
        table = records.RECORDS[name]
        if not table.info["person"]:
            continue
        now = table.alias("now")
        same = and_(now.c.key == table.c.key, now.c.content == table.c.content, now.c.known_to.is_(None))
        parts.append(
            select(table.c.person)
            .select_from(table.outerjoin(now, same))
            .where(
                table.c.known_from <= standing.event,
                table.c.known_to > standing.event,
                table.c.person.in_(asked),
                now.c.row_id.is_(None),
            )
        )
    return set(connection.execute(union(*parts)).scalars()) if parts else set()
