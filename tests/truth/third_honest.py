"""What honest doctors of `withheld_third` do: who is planned when, who comes, what is measured and how it is written down.

Visits are columns of equal length: person, doctor (rows of the district's frames), kind (number in KINDS), quarter, day, mode,
sbp, dbp, fpg, full (the form is complete), entered (day; -1 by the doctor's habit, -2 never), by (who invented it: number in the list of
fabricators, -1 nobody), how (kind of invention, "" none).
"""

from __future__ import annotations

import numpy as np

from tests.truth.third_district import DAYS, GRAINS, QUARTER, RHYTHMS, District

Visits = dict[str, np.ndarray]
KINDS = ("htn", "dm", "smi", "checkup")
HTN, DM, SMI, CHECKUP = range(4)


def take(visits: Visits, rows: np.ndarray) -> Visits:
    return {name: column[rows] for name, column in visits.items()}


def joined(*parts: Visits) -> Visits:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def visits_of(
    person: np.ndarray, doctor: np.ndarray, kind: np.ndarray | int, quarter: np.ndarray, day: np.ndarray
) -> Visits:
    n = len(person)
    made: Visits = {
        "person": person,
        "doctor": doctor,
        "kind": np.broadcast_to(kind, n).copy(),
        "quarter": quarter,
    }
    made |= {"day": np.asarray(day, int), "mode": np.full(n, "", dtype=object), "full": np.zeros(n, bool)}
    made |= {name: np.full(n, np.nan) for name in ("sbp", "dbp", "fpg")}
    return made | {"entered": np.full(n, -1), "by": np.full(n, -1), "how": np.full(n, "", dtype=object)}


def plan(rng: np.random.Generator, d: District) -> Visits:
    """Every follow-up of a quarter and every checkup of the year that the standards ask for, on the doctor's days."""
    role, enrolled = d.persons.role.to_numpy(), d.persons.enrolled.to_numpy()
    sick = np.flatnonzero(role != 3)
    person, quarter = np.repeat(sick, 4), np.tile(np.arange(4), len(sick))
    due = quarter >= enrolled[person]
    person, quarter = person[due], quarter[due]
    # Who has both diseases is seen once for both; a few come twice.
    apart = (role[person] == 2) & (rng.random(len(d.persons)) < 0.15)[person]
    kind = np.select([role[person] == 1, role[person] == 4], [DM, SMI], HTN)
    person, quarter = np.append(person, person[apart]), np.append(quarter, quarter[apart])
    kind = np.append(kind, np.full(apart.sum(), DM))
    doctor = _deputies(rng, d, person)
    follow = visits_of(
        person, doctor, kind, quarter, at_work(d, doctor, _days(rng, d, person, doctor, quarter))
    )
    return joined(follow, _checkups(rng, d))


def at_work(d: District, doctor: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The next day from `day` on which the doctor works; the last one where none follows."""
    number = np.arange(DAYS)
    ahead = np.where(d.works, number, DAYS)
    ahead = np.minimum.accumulate(ahead[:, ::-1], axis=1)[:, ::-1]
    last = np.where(d.works, number, 0).max(axis=1)
    found = ahead[doctor, np.clip(day, 0, DAYS - 1)]
    return np.where(found == DAYS, last[doctor], found)


def _deputies(rng: np.random.Generator, d: District, person: np.ndarray) -> np.ndarray:
    """The person's doctor, of whom a colleague stands in now and then."""
    own = d.persons.doctor.to_numpy()[person]
    unit = d.persons.unit.to_numpy()[person]
    staff = d.units.staff.to_numpy(int)
    first = np.cumsum(staff) - staff
    other = first[unit] + (rng.random(len(person)) * staff[unit]).astype(int)
    return np.where(rng.random(len(person)) < 0.08, other, own)


def _days(
    rng: np.random.Generator, d: District, person: np.ndarray, doctor: np.ndarray, quarter: np.ndarray
) -> np.ndarray:
    n, start = len(person), quarter * QUARTER
    rhythm = d.doctors.rhythm.to_numpy()[doctor]
    spread = np.clip(d.persons.phase.to_numpy()[person] + rng.normal(0, 9, n), 0, QUARTER - 1)
    month_end = rng.integers(0, 3, n) * 30 + 20 + rng.integers(0, 11, n)
    stall = rng.integers(0, 5, len(d.doctors))[doctor]  # market is each fifth day
    market = spread + (stall - (start + spread).astype(int)) % 5
    camps = np.sort(rng.integers(0, QUARTER, (len(d.doctors), 4, 6)), axis=2)
    number = rng.integers(2, 7, len(d.doctors))[doctor]
    # People of one corner of the village come on the same day.
    corner = (person * 7 // 40 + quarter) % number
    corner = np.where(rng.random(n) < 0.2, (rng.random(n) * number).astype(int), corner)
    campaign = camps[doctor, quarter, corner]
    quarter_end = QUARTER - 1 - np.minimum(rng.exponential(9, n), QUARTER - 1)
    chosen = np.choose(rhythm, [spread, month_end, market, campaign, quarter_end])
    assert len(RHYTHMS) == 5
    return np.clip(start + chosen, 0, DAYS - 1).astype(int)


def _checkups(rng: np.random.Generator, d: District) -> Visits:
    """Once a year for the old, most on the campaign days of the unit, where the centre's team comes to the small ones."""
    persons, units = d.persons, d.units
    rate = rng.beta(7, 3, len(units))[persons.unit] * np.where(persons.age >= 65, 1.0, 0.4)
    seen = np.flatnonzero((rng.random(len(persons)) < rate) & (persons.role.to_numpy() != 4))
    unit = persons.unit.to_numpy()[seen]
    season = rng.choice([75, 270], len(units))
    camps = season[:, None] + rng.integers(0, 60, (len(units), 8))
    number = 1 + units["size"].to_numpy(int) // 90
    day = camps[unit, (rng.random(len(seen)) * np.minimum(number[unit], 8)).astype(int)]
    walked_in = rng.random(len(seen)) < 0.25
    day = np.where(walked_in, rng.integers(0, DAYS, len(seen)), day)
    doctor = persons.doctor.to_numpy()[seen]
    team = units.team.to_numpy(bool)[unit] & ~walked_in
    centre = units.parent_at.to_numpy(int)[unit]
    staff = units.staff.to_numpy(int)
    first = np.cumsum(staff) - staff
    doctor = np.where(team, first[centre] + unit % np.maximum(staff[centre], 1), doctor)
    day = at_work(d, doctor, day)
    return visits_of(seen, doctor, CHECKUP, np.minimum(day // QUARTER, 3), day)


def attend(rng: np.random.Generator, d: District, v: Visits, unaware: np.ndarray) -> Visits:
    """Leaves out who did not come, was away or dead; who is in hospital comes later. Invented visits are kept: all of them where
    `unaware` says that their maker knows of no death, else those before it."""
    persons, invented = d.persons, v["by"] >= 0
    person, day = v["person"], v["day"].copy()
    missed = rng.random(len(day)) < d.doctors.missed.to_numpy()[v["doctor"]]
    missed |= (day >= persons.away_from.to_numpy()[person]) & (day < persons.away_to.to_numpy()[person])
    begin, end = (np.full(len(persons), value) for value in (9999, -1))
    begin[d.stays["at"]], end[d.stays["at"]] = d.stays.begin, d.stays.end
    inside = (day >= begin[person]) & (day <= end[person]) & ~invented & (rng.random(len(day)) > 0.04)
    day = np.where(inside, at_work(d, v["doctor"], end[person] + rng.integers(1, 15, len(day))), day)
    dead = day >= persons.died.to_numpy()[person]
    keep = np.where(invented, ~dead | unaware, ~missed & ~dead & (day < DAYS))
    return take(v | {"day": day}, keep)


def measure(rng: np.random.Generator, d: District, v: Visits) -> None:
    """Writes way, readings and completeness as an honest doctor does, in place."""
    doctors, doctor, n = d.doctors, v["doctor"], len(v["day"])
    drawn = rng.random(n)
    phone = doctors.by_phone.to_numpy()[doctor] * (v["kind"] != CHECKUP)
    home = doctors.at_home.to_numpy()[doctor]
    v["mode"] = np.select(
        [drawn < phone, drawn < phone + home, drawn > 0.985], ["phone", "home", "group"], "clinic"
    ).astype(object)
    called = v["mode"] == "phone"
    v["sbp"], v["dbp"] = _written(rng, d, v, *pressure(rng, d, v))
    told = called & (rng.random(n) < 0.6)  # somebody reads out what the device at home said, about
    v["sbp"], v["dbp"] = (np.where(told, 5 * np.round(v[name] / 5), v[name]) for name in ("sbp", "dbp"))
    step = doctors.glucose_grain.to_numpy()[doctor]
    v["fpg"] = np.round(np.round(sugar(rng, d, v) / step) * step, 2)
    asked = np.isin(v["kind"], (DM, CHECKUP)) | (d.persons.role.to_numpy()[v["person"]] == 2)
    asked |= rng.random(n) < doctors.glucose_too.to_numpy()[doctor]
    blank = (rng.random(n) < doctors.blank.to_numpy()[doctor]) | (v["kind"] == SMI)
    blank |= called & (rng.random(n) > doctors.phone_reading.to_numpy()[doctor])
    v["fpg"][~asked | blank | (rng.random(n) < 0.05)] = np.nan
    v["sbp"][blank], v["dbp"][blank] = np.nan, np.nan
    v["full"] = (rng.random(n) < doctors.full.to_numpy()[doctor]) & ~blank
    _mistype(rng, v)


def pressure(rng: np.random.Generator, d: District, v: Visits) -> tuple[np.ndarray, np.ndarray]:
    """What a good device would have shown: level, treatment, season, slow and quick variation, white coat, bias of the device."""
    own, day, n = d.persons.iloc[v["person"]], v["day"], len(v["day"])
    coldest = (20 - d.start.day_of_year) % 365
    season = own.season.to_numpy() * np.cos(2 * np.pi * (day - coldest) / 365)
    swing = d.wander[v["person"], np.minimum(day // 30, 12)] + 0.75 * own.sd.to_numpy() * rng.standard_normal(
        n
    )
    treated = np.where(day >= own.changed.to_numpy(), own.step.to_numpy(), 0)
    coat = own.white.to_numpy() * (v["mode"] == "clinic")
    old_device = day < d.doctors.renewed.to_numpy()[v["doctor"]]
    sbp = (
        own.level.to_numpy()
        + season
        + swing
        + treated
        + coat
        + d.doctors.bias.to_numpy()[v["doctor"]] * old_device
    )
    dbp = (
        own.low.to_numpy()
        + 0.45 * (sbp - own.level.to_numpy())
        + 0.45 * own.sd.to_numpy() * rng.standard_normal(n)
    )
    return sbp, np.minimum(dbp, sbp - 20)


def sugar(rng: np.random.Generator, d: District, v: Visits) -> np.ndarray:
    own, n = d.persons.iloc[v["person"]], len(v["day"])
    slow = d.wander[v["person"], np.minimum(v["day"] // 30, 12)] / own.sd.to_numpy()
    made = own.sugar.to_numpy() + own.sugar_sd.to_numpy() * (0.6 * slow + 0.8 * rng.standard_normal(n))
    return np.clip(made + rng.exponential(0.25, n), 3.6, 24)


def _written(
    rng: np.random.Generator, d: District, v: Visits, sbp: np.ndarray, dbp: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Readings through the doctor's device and habits."""
    doctors, doctor, n = d.doctors, v["doctor"], len(sbp)
    again = (sbp >= 140) & (rng.random(n) < doctors.again.to_numpy()[doctor])
    fall = np.abs(rng.normal(0, 5, n)) * again  # the second reading is lower, and their mean is written
    sbp, dbp = sbp - fall, dbp - fall / 3
    grain = np.where(v["day"] >= doctors.renewed.to_numpy()[doctor], 0, doctors.grain.to_numpy()[doctor])
    step = np.array([1.0, 2, 5, 2, 3.75])[grain]
    assert len(GRAINS) == 5
    tens = rng.random((2, n)) < np.where(
        grain == doctors.grain.to_numpy()[doctor], doctors.tens.to_numpy()[doctor], 0.02
    )
    fives = rng.random((2, n)) < doctors.fives.to_numpy()[doctor]
    made = []
    for value, ten, five in zip((sbp, dbp), tens, fives, strict=True):
        size = np.where(ten & (grain != 4), 10, np.where(five, 5, step))
        made.append(np.round(np.round(value / size) * size))
    liked = (
        (np.abs(sbp - 130) < 8) & (np.abs(dbp - 80) < 6) & (rng.random(n) < doctors.likes.to_numpy()[doctor])
    )
    return np.where(liked, 130, made[0]), np.where(liked, 80, made[1])


def _mistype(rng: np.random.Generator, v: Visits) -> None:
    """Two in a thousand: a digit left out, the two exchanged, a glucose without its point."""
    n = len(v["sbp"])
    slip = rng.random(n)
    left_out, exchanged, no_point = (
        slip < 0.0007,
        (slip > 0.0007) & (slip < 0.0014),
        (slip > 0.0014) & (slip < 0.002),
    )
    v["sbp"] = np.where(left_out, v["sbp"] - 100, v["sbp"])
    v["sbp"], v["dbp"] = np.where(exchanged, v["dbp"], v["sbp"]), np.where(exchanged, v["sbp"], v["dbp"])
    v["fpg"] = np.where(no_point, v["fpg"] * 10, v["fpg"])


def second_looks(rng: np.random.Generator, d: District, v: Visits) -> Visits:
    """The follow-ups two weeks after a high reading, as many as the doctor makes."""
    willing = rng.random(len(v["day"])) < d.doctors.second.to_numpy()[v["doctor"]]
    high = (v["sbp"] >= 140) & np.isin(v["kind"], (HTN, DM)) & (v["by"] < 0) & willing
    source = take(v, high)
    day = at_work(d, source["doctor"], np.minimum(source["day"] + rng.integers(10, 19, high.sum()), DAYS - 1))
    made = visits_of(source["person"], source["doctor"], source["kind"], source["quarter"], day)
    alive = (day < d.persons.died.to_numpy()[made["person"]]) & (day > source["day"])
    made = take(made, alive)
    measure(rng, d, made)
    return made


def typed(rng: np.random.Generator, d: District, v: Visits) -> np.ndarray:
    """The day on which each visit was typed, by the doctor's habit where it is not yet set; -2 unknown."""
    doctor, day, n = v["doctor"], v["day"], len(v["day"])
    habit, pile = d.doctors.entry.to_numpy()[doctor], d.doctors.pile.to_numpy()[doctor]
    soon = day + np.where(rng.random(n) < 0.88, 0, rng.integers(1, 4, n))
    days = day + rng.geometric(0.25, n)
    heap = (day // pile + 1) * pile + doctor % 7 + (rng.random(n) < 0.15)
    month = np.minimum((day // 30.4 + 1) * 30.4 + rng.integers(-1, 2, n), DAYS + 12).astype(int)
    chosen = np.choose(habit, [soon, days, heap, np.maximum(month, day), np.full(n, -2)])
    slipped = rng.random(n) < 0.001  # a wrong month is typed: the visit lies after its entry
    chosen = np.where(slipped & (chosen > 0), np.maximum(chosen - 30, 0), chosen)
    entered = np.where(v["entered"] == -1, chosen, v["entered"])
    dated = d.units.dated.to_numpy(bool)[d.doctors.unit.to_numpy()[doctor]]
    return np.where(dated, np.minimum(entered, DAYS + 20), -2)
