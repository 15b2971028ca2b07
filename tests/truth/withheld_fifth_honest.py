"""The fifth withheld world, its honest work: when a contact takes place and what is measured."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.truth.withheld_fifth_places import District
from tests.truth.withheld_fifth_writing import blocked, sugar, typed, written

QUARTER = 91.31


def _offsets(rng: np.random.Generator, doctor: pd.Series, own: pd.DataFrame, rounds: int) -> np.ndarray:
    """Days within the quarter, persons x rounds, by the doctor's calendar."""
    shape = (len(own), rounds)
    phase = rng.uniform(0, 90, (len(own), 1))
    match doctor.calendar:
        case "appointment":
            return phase + rng.normal(0, 1, shape) * doctor.jitter
        case "campaign":
            dates = rng.uniform(3, 88, (rounds, doctor.campaign))
            return dates[:, own.hamlet.to_numpy() % doctor.campaign].T
        case "quarter_end":
            return 91 - 26 * rng.beta(1.3, 1.5, shape)
        case "comers":
            return phase + rng.normal(0, 15, shape)
        case "listwise":
            return (own.place.to_numpy()[:, None] + 1) / (len(own) + 1) * 84 + rng.normal(0, 4, shape)
    return rng.uniform(0, 91, shape)


def _workdays(
    rng: np.random.Generator, day: np.ndarray, doctor: pd.Series, start: pd.Timestamp
) -> np.ndarray:
    weekday = (start.day_of_week + day) % 7
    if doctor.market >= 0:
        return day + (doctor.market - weekday) % 7
    free = rng.random(day.shape) >= doctor.sundays
    day = np.where((weekday == 6) & free, day + 1, day)
    day = np.where((weekday == 5) & free & (doctor.sundays < 1), day + rng.choice([-1, 0, 2], day.shape), day)
    of_year = (start.day_of_year + day) % 365
    return np.where((of_year > 22) & (of_year < 31), day + 9, day)  # the spring festival


def _follow_ups(rng: np.random.Generator, district: District) -> list[pd.DataFrame]:
    parts = []
    rounds = int(np.ceil(district.days / QUARTER))
    by_doctor = dict(tuple(district.persons.groupby("doctor")))
    for number, doctor in district.doctors.iterrows():
        own = by_doctor[number]
        own = own[own.what != "old"]
        offset = _offsets(rng, doctor, own, rounds)
        if doctor.couples:
            late = np.flatnonzero(own.second.to_numpy())
            late = late[late > 0]
            late = late[rng.random(late.size) < 0.85]
            offset[late] = offset[late - 1]
        quarters = np.arange(rounds) * QUARTER - (district.start.day_of_year % QUARTER)
        day = _workdays(rng, (quarters + offset).astype(int), doctor, district.start)
        who = np.repeat(own.index.to_numpy(), rounds)
        what = np.repeat(own.what.to_numpy(), rounds)
        absent = rng.random(day.shape) < doctor.missed * 2.2 * (1.15 - own.faithful.to_numpy()[:, None])
        first = pd.DataFrame(
            dict(
                who=who,
                round=np.tile(np.arange(rounds), len(own)),
                day=day.ravel(),
                kind=np.where(what == "both", "htn", what),
                absent=absent.ravel(),
                leader=-1,
            )
        )
        more = first[what == "both"].copy()
        more["kind"] = "dm"
        more["leader"] = more.index if doctor.joint else -1
        if not doctor.joint:
            more["day"] = _workdays(
                rng, more.day.to_numpy() + rng.integers(0, 35, len(more)), doctor, district.start
            )
            more["absent"] = rng.random(len(more)) < doctor.missed
        table = pd.concat([first, more], ignore_index=True)
        if doctor.calendar == "comers":  # they come for tablets, oftener than they must
            extra = first[rng.random(len(first)) < 0.15].copy()
            extra["day"] += rng.integers(15, 45, len(extra))
            table = pd.concat([table, extra], ignore_index=True)
        table["doctor"] = number
        parts.append(table)
    return parts


def _checkups(rng: np.random.Generator, district: District) -> pd.DataFrame:
    """Yearly examinations: village after village on the days of the township's team, or at one's own clinic."""
    persons, units, doctors = district.persons, district.units, district.doctors
    parent = np.where(units["at"] < 0, np.arange(len(units)), units["at"])
    township = parent[persons.unit.to_numpy()]
    parts = []
    by_unit = doctors.groupby("unit").indices
    for year in range(3):
        for centre in np.unique(township):
            opening = (
                year * 365
                + int(rng.choice([60, 95, 265]))
                - district.start.day_of_year
                + int(rng.integers(0, 25))
            )
            here = np.flatnonzero(township == centre)
            here = here[rng.random(here.size) < rng.uniform(0.5, 0.8)]
            if opening < 0 or opening > district.days - 30:
                continue
            queue = persons.unit.to_numpy()[here] * 10 + persons.hamlet.to_numpy()[here]
            turn = np.searchsorted(np.sort(queue), queue) / max(here.size, 1)
            day = opening + (turn * here.size / rng.uniform(25, 70)).astype(int)
            day += 2 * ((district.start.day_of_week + day) % 7 == 6)
            team = by_unit[centre]
            nurse = team[(day + year) % min(len(team), 2)]
            mine = persons.doctor.to_numpy()[here]
            parts.append(
                pd.DataFrame(
                    dict(
                        who=here,
                        round=100 + year,
                        day=day,
                        kind="checkup",
                        absent=False,
                        leader=-1,
                        doctor=mine if district.temper["own_checkups"] else nurse,
                    )
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _slots(rng: np.random.Generator, district: District) -> pd.DataFrame:
    parts, before = [], 0
    for part in [*_follow_ups(rng, district), _checkups(rng, district)]:
        if len(part):
            part["leader"] = np.where(part.leader >= 0, part.leader + before, -1)
            parts.append(part)
            before += len(part)
    table = pd.concat(parts, ignore_index=True)
    leader = table.leader.to_numpy()
    follows = leader >= 0
    for column in ("day", "absent"):
        table.loc[follows, column] = table[column].to_numpy()[leader[follows]]
    return table


def _true(rng: np.random.Generator, district: District, table: pd.DataFrame) -> tuple[np.ndarray, ...]:
    """What a good device would have shown."""
    own = district.persons.iloc[table.who]
    n, day = len(table), table.day.to_numpy()
    winter = np.cos(2 * np.pi * (district.start.day_of_year + day - 20) / 365.25)
    weather = rng.normal(0, 1.3, district.days + 200)[np.clip(day, 0, district.days + 199)]
    move = own.trend.to_numpy() * day + own.step.to_numpy() * (day > own.step_on.to_numpy())
    noise = own.spread.to_numpy() * rng.standard_t(6, n) * 0.82
    shift = move + district.temper["season"] * own.chill.to_numpy() * winter + weather + noise
    sbp = own.level.to_numpy() + shift
    dbp = own.low.to_numpy() + 0.42 * shift + rng.normal(0, 4.3, n)
    feast = np.where(np.abs((district.start.day_of_year + day - 45) % 365 - 0) < 30, 0.04, 0)
    fpg = own.sugar.to_numpy() * np.exp(own.swing.to_numpy() * rng.normal(0, 1, n) + feast)
    return sbp, dbp, np.clip(fpg, 3.2, 24)


def _modes(rng: np.random.Generator, district: District, table: pd.DataFrame) -> np.ndarray:
    doctor = district.doctors.iloc[table.doctor]
    frail = district.persons.age.to_numpy()[table.who] > 80
    luck = rng.random(len(table))
    phone, home = doctor.phone.to_numpy(), doctor.home.to_numpy() * np.where(frail, 2.2, 0.9)
    mode = np.where(luck < phone, "phone", np.where(luck < phone + home, "home", "clinic")).astype(object)
    mode[(mode == "clinic") & (doctor.calendar == "campaign").to_numpy() & (luck > 0.5)] = "community"
    mode[(table.kind == "checkup").to_numpy()] = "clinic"
    mode[doctor.no_mode.to_numpy()] = ""
    return mode


def _readings(rng: np.random.Generator, district: District, table: pd.DataFrame) -> None:
    doctor = district.doctors.iloc[table.doctor]
    n, kind = len(table), table.kind.to_numpy()
    sbp, dbp, fpg = _true(rng, district, table)
    own = district.persons.iloc[table.who]
    level, low = own.level.to_numpy(), own.low.to_numpy()
    calm = doctor.calm.to_numpy()
    sbp = level + (sbp - level) * calm + doctor.bias.to_numpy()
    dbp = low + (dbp - low) * calm + 0.5 * doctor.bias.to_numpy()
    again = ((sbp >= 140) | (dbp >= 90)) & (rng.random(n) < doctor.again.to_numpy())
    sbp -= again * np.abs(rng.normal(4, 5, n))
    dbp -= again * np.abs(rng.normal(2, 3, n))
    exam = kind == "checkup"
    sbp, dbp = np.clip(sbp, 84, 228), np.clip(dbp, 44, 128)
    dbp = np.minimum(dbp, sbp - 14)
    style = np.where(table.day.to_numpy() >= doctor.changed.to_numpy(), doctor.later, doctor.device)
    style = np.where(exam & (rng.random(len(district.doctors))[table.doctor] < 0.6), "electronic", style)
    zeros = doctor.zeros.to_numpy()
    s, d = written(rng, sbp, style, zeros), written(rng, dbp, style, zeros)
    below = rng.random(n) < doctor.eights.to_numpy()
    s[below & (s == 140) & (sbp < 142)] = 138
    d[below & (d == 90) & (dbp < 92)] = 88
    g = sugar(rng, fpg, np.where(exam, "lab", doctor.meter.to_numpy()))
    # On the telephone: what the patient reads at home, or nothing.
    phone = (table["mode"] == "phone").to_numpy(copy=True)
    told, unit = phone & (rng.random(n) < doctor.noted.to_numpy()), doctor.told.to_numpy()
    s[told] = (unit * np.round((level - 3 + 0.5 * (sbp - level)) / unit))[told]
    d[told] = (unit * np.round((low + 0.5 * (dbp - low)) / unit))[told]
    s[phone & ~told] = d[phone & ~told] = np.nan
    g[phone & (rng.random(n) < 0.6)] = np.nan
    # One reading serves both forms of a visit.
    follows = table.leader.to_numpy() >= 0
    leader = table.leader.to_numpy()[follows]
    s[follows], d[follows], phone[follows] = s[leader], d[leader], phone[leader]
    mode = table["mode"].to_numpy().copy()
    mode[follows] = mode[leader]
    table["mode"] = mode
    # A check-up of the last days is carried over into the form of the follow-up.
    slip = np.flatnonzero(exam)
    last = dict(zip(table.who.to_numpy()[slip], slip, strict=True))
    source = table.who.map(last).fillna(-1).to_numpy().astype(int)
    gap = table.day.to_numpy() - table.day.to_numpy()[source]
    near = (source >= 0) & (gap >= 0) & (gap < 25) & ~exam & (rng.random(n) < doctor.slips.to_numpy())
    s[near], d[near], g[near] = s[source[near]], d[source[near]], g[source[near]]
    stocked = rng.random((len(district.doctors), 30)) < 0.6
    empty = (
        ~stocked[table.doctor, np.clip(table.day.to_numpy() // 30, 0, 29)]
        & district.temper["stock"]
        & (kind == "dm")
    )
    g[empty & (rng.random(n) < 0.7)] = np.nan
    typo = np.flatnonzero(rng.random(n) < doctor.typo.to_numpy())
    s[typo[::3]], d[typo[::3]] = d[typo[::3]], s[typo[::3]]
    s[typo[1::3]] += 100
    g[typo[2::3]] *= 10
    pressure = (kind == "htn") | exam | ((kind == "dm") & district.temper["dm_pressure"])
    table["sbp"] = np.where(pressure, s, np.nan)
    table["dbp"] = np.where(pressure, d, np.nan)
    table["fpg"] = np.where(exam | (kind == "dm"), np.round(g, 2), np.nan)
    table["fit"] = ~((doctor.selects.to_numpy()) & (kind == "htn") & (s > 158))


def work(rng: np.random.Generator, district: District) -> pd.DataFrame:
    """All planned contacts with what honest doctors would write; "held": it took place."""
    table = _slots(rng, district)
    table["mode"] = _modes(rng, district, table)
    _readings(rng, district, table)
    doctor = district.doctors.iloc[table.doctor]
    high = (table.kind == "htn") & ((table.sbp >= 150) | (table.dbp >= 95)) & ~table.absent
    more = table[high & (rng.random(len(table)) < doctor.recheck.to_numpy())].copy()
    more["day"] += rng.integers(10, 17, len(more))
    more["leader"] = -1
    _readings(rng, district, more)
    more["mode"] = np.where(more["mode"] == "", "", "clinic")
    table = pd.concat([table, more], ignore_index=True)
    table["entered"] = typed(rng, district, table.day.to_numpy(), table.doctor.to_numpy())
    stamped = (district.doctors.entry == "stamped").to_numpy()[table.doctor] & (
        table.kind != "checkup"
    ).to_numpy()
    inside = (table.day >= 0) & (table.day < district.days)
    table["blocked"] = blocked(district, table.who.to_numpy(), table.day.to_numpy())
    table.loc[stamped, "day"] = table.loc[stamped, "entered"].astype(int)
    table = table[inside & ~table.duplicated(["who", "kind", "day"])]
    keep = table.index.to_numpy()
    place = pd.Series(np.arange(keep.size), index=keep)
    table = table.reset_index(drop=True)
    table["leader"] = table.leader.map(place).fillna(-1).astype(int)
    table["held"] = ~table.absent & ~table.blocked & table.fit
    table["complete"] = rng.random(len(table)) < np.where(table[["sbp", "fpg"]].isna().all(axis=1), 0.5, 0.97)
    return table
