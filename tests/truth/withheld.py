"""Generated districts in which some doctors invent follow-ups, for judging what checks the truth of records.

Withheld: whoever writes or tunes the checks has not read this file.  Who changes a check because of a kind that is
described here must add another kind, written by somebody else.

`districts(seed, count)` gives (Work, truth) for each district.  A district has 4 to 8 centres and 20 to 40 clinics,
30 to 400 patients with hypertension or diabetes a clinic, 1 to 4 doctors each, 12 to 18 months of follow-ups (about
four a year for a patient) and yearly checkups.  `truth` is the set of (unit, doctor) that invent; where all doctors
of a unit invent, in the same way, (unit, "") stands there too.  Between 5 and 15 % of the doctors invent, in one
district of four the fewest.  Each has at least 60 invented follow-ups, and these are 30 to 100 % of the doctor's own
(of the diabetes follow-ups where glucose alone is invented).

What is honest and must not be accused
--------------------------------------
- Readings rounded to even numbers, to 5 or to 10, always or mostly, by a doctor or by all of a clinic; electronic
  cuffs without rounding; cuffs that read high or low, replaced in the middle of the year; doctors who measure twice
  (less noise) or in haste (more); glucose to the half.
- People who differ and vary: age, season, medicines, fear of the white coat, clusters of poor and of good control by
  clinic and hamlet.
- Campaigns (a hamlet or all of a village in one day, quarter after quarter), rounds to a remote hamlet, Sundays
  worked, leave at the spring festival, patients who come every two months, quarters left out.
- Forms typed on the day, in days, once a week, once a month, after six weeks of a doctor's illness, or on a day
  that nobody knows; single forms forgotten for months.
- One telephone in a household or in the village shop (up to eleven people); telephones missing.
- Two diseases, one visit, one reading on both forms; phone contacts without reading; strips used up for a quarter.
- Contacts up to a few days after a death whose day was entered wrongly; single contacts within a stay in hospital.
- Modes, places, complete-marks, doctors' names that a system does not hold.

Kinds of invention
------------------
Values (the first of each row is the name in `withheld_invented.py`):
- same_again: the person's last measured reading once more.
- nudge: the last measured reading, both figures moved together by a little.
- older_paper: the reading of two or three visits ago.
- repertoire: a dozen comfortable pairs, whoever the person is.
- from_memory: what is expected of the person, slightly better, varying too little.
- no_round_numbers: the same, avoiding 0 and 5 at the end.
- machine: evenly between two bounds, upper, lower and glucose independent of each other and of the person.
- just_passing: measured, but written just under 140, 90 or 7.0 where it was not under it.
- strips_saved: pressure measured, glucose typed.
- better_each_time: lower from visit to visit down to a good figure.
- others_column: an earlier day's column of readings, in its order, beside other names.
- dragged_down: one person's reading on the next lines of the list.
- nothing_in_it: complete by its mark, without readings, dozens a day.
Days (always with invented values, from memory or of another kind):
- on_the_last_evenings: months typed on two to four evenings before the year closes.
- down_the_list: the same days of each quarter, so many a day, in the order of the register.
- marathon: a quarter's home visits on one or two days.
- on_the_dot: every 90 days exactly.
People:
- paper_people: registered and followed up four times a year, but nobody has met them: few telephones among them
  all, born on the first of a month, never at a checkup, never in hospital.
Mixed in: the dead and those in hospital visited further (half of those who work from the list), the doctor's own
telephone given for a dozen or two of patients, two kinds of values half and half.
Which visits are invented: single ones, all of some people, all after a day, or those that close a quarter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.truth import withheld_invented as kinds
from tests.truth.withheld_honest import CHECKUP, DM, Draft, draft

if TYPE_CHECKING:
    from metrics.truth.work import Work

LEAST = 60
"""Invented follow-ups of each who invents."""

TABLES = ("contacts", "persons", "stays", "units")

_VALUES = {
    "same_again": kinds.same_again,
    "nudge": kinds.nudge,
    "older_paper": kinds.older_paper,
    "repertoire": kinds.repertoire,
    "from_memory": kinds.from_memory,
    "no_round_numbers": kinds.no_round_numbers,
    "machine": kinds.machine,
    "just_passing": kinds.just_passing,
    "strips_saved": kinds.strips_saved,
    "better_each_time": kinds.better_each_time,
    "others_column": kinds.others_column,
    "dragged_down": kinds.dragged_down,
    "nothing_in_it": kinds.nothing_in_it,
}
_DAYS = {
    "on_the_last_evenings": kinds.on_the_last_evenings,
    "down_the_list": kinds.down_the_list,
    "marathon": kinds.marathon,
    "on_the_dot": kinds.on_the_dot,
}
_FREE = (
    "same_again",
    "nudge",
    "repertoire",
    "from_memory",
    "no_round_numbers",
    "machine",
    "better_each_time",
)
"""Values that go with any days."""

_NEEDED = {
    "from_memory": 130,
    "no_round_numbers": 120,
    "nudge": 90,
    "better_each_time": 90,
    "older_paper": 70,
}
"""More invented follow-ups than the least where the kind shows less in each."""

_TRUE_VISIT = ("just_passing", "strips_saved")


def districts(seed: int, count: int) -> list[tuple[Work, set[tuple[int, str]]]]:
    """`count` districts, the same for the same seed, each with who invents in it."""
    from metrics.truth.work import Work

    return [(Work(**tables), truth) for tables, truth, _ in generated(seed, count)]


def generated(
    seed: int, count: int
) -> list[tuple[dict[str, pd.DataFrame], set[tuple[int, str]], pd.DataFrame]]:
    """The tables of `Work` by name, the truth, and a table of unit, doctor, kind, invented, followups."""
    return [_district(np.random.default_rng([seed, place])) for place in range(count)]


def _district(rng: np.random.Generator):
    d = draft(rng)
    d.rows["made"] = False
    columns = {name: d.rows[name].to_numpy().copy() for name in d.rows.columns}
    found = _fabricators(rng, d, columns)
    columns["keep"] = (~columns["gone"]) | columns["made"]
    _paper_forms(columns, found)
    names, log = _named(d, columns, found)
    return _tables(rng, d, columns, names), _truth(d, log), log


def _recipes(rng: np.random.Generator) -> list[tuple[str, str]]:
    """Pairs of values and days ("" as they were), in an order to be tried."""
    plain = [(name, "") for name in _VALUES if name != "from_memory"]
    timed = [("from_memory", name) for name in _DAYS if name != "on_the_dot"]
    mixed = [(str(rng.choice(_FREE)), name) for name in _DAYS]
    two = rng.choice(["same_again", "repertoire", "nudge", "machine", "dragged_down"], 2, replace=False)
    every = [*plain, *timed, *mixed, ("+".join(two), ""), ("paper_people", ""), ("from_memory", "")]
    return [every[k] for k in rng.permutation(len(every))]


def _fabricators(rng, d: Draft, columns) -> list[tuple[int, str, np.ndarray]]:
    """Choose and carry out; (pair, kind, rows invented) for each."""
    followup = (columns["kind"] != CHECKUP) & ~columns["gone"]
    size = np.bincount(columns["pair"][followup], minlength=len(d.pairs))
    active = int((size > 0).sum())
    share = 0.05 if rng.random() < 0.25 else rng.uniform(0.06, 0.14)
    wanted, most = max(int(np.ceil(share * active)), 1), int(0.15 * active)
    unit = d.pairs.unit.to_numpy()
    order = np.argsort(columns["pair"], kind="stable")
    edges = np.searchsorted(columns["pair"][order], np.arange(len(d.pairs) + 1))
    found: list[tuple[int, str, np.ndarray]] = []
    recipes = _recipes(rng)
    for pair in rng.permutation(np.flatnonzero(size >= 90)):
        if len(found) >= wanted:
            break
        if any(unit[pair] == unit[other] for other, _, _ in found) and rng.random() < 0.9:
            continue
        mates = np.flatnonzero((unit == unit[pair]) & (size > 0))
        together = (
            len(mates) > 1
            and size[mates].min() >= 90
            and len(found) + len(mates) <= most
            and not set(mates) & {other for other, _, _ in found}
            and rng.random() < 0.4
        )
        group = mates if together else np.array([pair])
        if not together and pair in {other for other, _, _ in found}:
            continue
        for place, recipe in enumerate(recipes):
            if min(size[group]) < 90 * (1 + (recipe[0] == "just_passing")):
                continue
            done = []
            seed = int(rng.integers(2**32))
            for member in group:
                rows = order[edges[member] : edges[member + 1]]
                rows = rows[columns["kind"][rows] != CHECKUP]
                made = _invent(np.random.default_rng(seed), rng, d, columns, rows, int(member), recipe)
                if made is None:
                    break
                done.append((int(member), f"{recipe[0]} {recipe[1]}".strip(), *made))
            if len(done) == len(group):
                for member, kind, made_rows, changes in done:
                    for name, values in changes.items():
                        columns[name][made_rows] = values
                    columns["made"][made_rows] = True
                    if kind == "paper_people":
                        _paper_people(rng, d, np.unique(columns["person"][made_rows]))
                    elif rng.random() < 0.2 and not kind.startswith(_TRUE_VISIT):
                        _own_phone(rng, d, member)
                    found.append((member, kind, made_rows))
                recipes.append(recipes.pop(place))
                break
    return found


def _invent(style, rng, d: Draft, columns, rows, pair, recipe):
    """Rows invented by one doctor and their new values; None where the kind does not fit.

    `style` gives the habits that all of a unit share when they invent together, `rng` the rest.
    """
    values, days = recipe
    person, day = columns["person"][rows], columns["day"][rows]
    blind = style.random() < 0.5 and values not in _TRUE_VISIT and values != "paper_people"
    gone = columns["gone"][rows]
    if blind:
        died = d.persons.died.to_numpy()[person]
        gone = gone & (died >= 0) & (day > died + 200)
    rows = rows[~gone]
    if len(rows) < 90:
        return None
    rows = rows[np.lexsort((columns["kind"][rows], columns["day"][rows], columns["person"][rows]))]
    key = columns["person"][rows].astype(np.int64) * 100_000 + columns["day"][rows]
    _, first, visit = np.unique(key, return_index=True, return_inverse=True)
    take = rows[first]
    fpg = np.full(len(first), np.nan)
    known = ~np.isnan(columns["fpg"][rows])
    fpg[visit[known]] = columns["fpg"][rows][known]
    v = kinds.Visits(
        person=columns["person"][take],
        day=columns["day"][take].copy(),
        entered=columns["entered"][take].copy(),
        sbp=columns["sbp"][take].copy(),
        dbp=columns["dbp"][take].copy(),
        fpg=fpg,
        mode=columns["mode"][take].copy(),
        order=columns["order"][take].copy(),
        made=np.ones(len(take), bool),
        step=int(d.pairs.step.iloc[pair]),
        first=d.first,
        last=d.last,
    )
    if days == "on_the_last_evenings" and (v.entered >= 0).mean() < 0.9:
        return None
    unit = int(d.pairs.unit.iloc[pair])
    if (values == "nothing_in_it" and not d.units.ticks.iloc[unit]) or (
        days == "marathon" and not d.units.modes.iloc[unit]
    ):
        return None
    _choose(style, rng, v, values, days, columns["gone"][take])
    if values == "strips_saved":
        v.made &= np.bincount(visit, columns["kind"][rows] == DM) > 0
    if days:
        _DAYS[days](v, rng)
    _values(v, rng, values)
    made = v.made[visit]
    glucose_only = values == "strips_saved"
    if glucose_only:
        made &= columns["kind"][rows] == DM
    base = int((columns["kind"][rows] == DM).sum()) if glucose_only else len(rows)
    # Two visits that fell on one day are one form; the true one stays.
    form = (columns["person"][rows] * 10 + columns["kind"][rows]).astype(np.int64) * 100_000 + v.day[visit]
    true_first = np.argsort(made, kind="stable")
    _, kept = np.unique(form[true_first], return_index=True)
    invented = int(made[true_first][kept].sum())
    if invented < max(LEAST, 80 if days else 0, _NEEDED.get(values, 0), 0.31 * base):
        return None
    return rows[made], _changes(rng, columns, rows[made], v, visit[made], values)


def _choose(style, rng, v, values, days, gone) -> None:
    """Which visits are invented; what the dead are told is."""
    share = 0.34 + 0.66 * style.random() ** 1.4
    way = style.choice(["single", "people", "from", "closing"], p=[0.45, 0.2, 0.2, 0.15])
    if values in ("same_again", "nudge", "better_each_time") and way in ("people", "closing"):
        share, way = max(share, 0.5), "single"
    if values == "others_column":
        share = min(share, 0.6)
    if values in _TRUE_VISIT or values == "older_paper":
        share, way = max(share, 0.8), "single"
    if days == "on_the_last_evenings":
        share, way = max(share, 0.6), "single"
    _, code = np.unique(v.person, return_inverse=True)
    draw = rng.random(len(v.person))
    if values == "paper_people" or (way == "people" and days != "marathon"):
        share = min(share, 0.7) if values == "paper_people" else share
        draw = rng.random(int(code.max()) + 1)[code]
    elif way == "from":
        draw = 1 - (v.day - v.first) / (v.last - v.first)
        share = float(np.quantile(draw, share))
    elif way == "closing":
        left = 90 - (v.day - v.first) % 91
        draw = np.argsort(np.argsort(left + 15 * rng.random(len(left)))) / len(left)
    v.made = (draw < share) | gone
    if days == "down_the_list" or days == "on_the_dot":
        v.made |= rng.random(len(draw)) < 0.2


def _values(v, rng, name) -> None:
    if name == "paper_people":
        kinds.on_the_dot(v, rng)
        (kinds.machine if rng.random() < 0.5 else kinds.repertoire)(v, rng)
    elif "+" in name:
        one, two = name.split("+")
        kinds.half_and_half(_VALUES[one], _VALUES[two])(v, rng)
    else:
        _VALUES[name](v, rng)


def _changes(rng, columns, rows, v, visit, values) -> dict[str, np.ndarray]:
    """The new columns of the invented rows."""
    dm = columns["kind"][rows] == DM
    had = ~np.isnan(columns["fpg"][rows])
    fpg = np.where(dm | had, v.fpg[visit], np.nan)
    if values == "strips_saved":
        return {"fpg": fpg}
    ticked = columns["complete"][rows] >= 0
    if values == "just_passing":
        return {"sbp": v.sbp[visit], "dbp": v.dbp[visit], "fpg": np.where(had, fpg, np.nan)}
    said = (rng.random(len(rows)) < 0.98).astype(int)
    return {
        "day": v.day[visit],
        "entered": v.entered[visit],
        "order": v.order[visit],
        "mode": v.mode[visit],
        "sbp": v.sbp[visit],
        "dbp": v.dbp[visit],
        "fpg": fpg,
        "complete": np.where(ticked, said, -1),
    }


def _paper_people(rng, d: Draft, people) -> None:
    """Nobody has met them: few numbers among all, days of birth as one thinks them up, no death, no hospital."""
    numbers = rng.integers(13_000_000_000, 19_900_000_000, max(len(people) // int(rng.integers(9, 19)), 1))
    d.persons.loc[people, "phone"] = rng.choice(numbers, len(people))
    born = d.persons.born.to_numpy()[people].astype("datetime64[D]")
    month = born.astype("datetime64[M]").astype("datetime64[D]").astype(int)
    d.persons.loc[people, "born"] = np.where(rng.random(len(people)) < 0.6, month, born.astype(int))
    d.persons.loc[people, ["died", "stay_from", "stay_to"]] = -1


def _paper_forms(columns, found) -> None:
    """What else was written about people on paper goes: no checkup, no visit by another."""
    for _, kind, rows in found:
        if kind == "paper_people":
            others = np.isin(columns["person"], columns["person"][rows])
            columns["keep"] &= ~others | columns["made"]


def _own_phone(rng, d: Draft, pair) -> None:
    mine = np.flatnonzero((d.persons.doctor == pair) & (d.persons.htn | d.persons.dm))
    mine = rng.permutation(mine)[: rng.integers(12, 30)]
    d.persons.loc[mine, "phone"] = int(rng.integers(13_000_000_000, 19_900_000_000))


def _named(d: Draft, columns, found):
    """Doctors' names of the rows, and the log of who invented how much."""
    rows = pd.DataFrame({name: columns[name] for name in ("person", "kind", "day", "made", "keep", "pair")})
    twice = rows[rows.keep].sort_values("made", kind="stable").duplicated(["person", "kind", "day"])
    columns["keep"][twice.index[twice]] = False
    names = d.pairs.doctor.to_numpy().astype(object)
    followup = columns["keep"] & (columns["kind"] != CHECKUP)
    of = np.bincount(columns["pair"][followup], minlength=len(names))
    sugar = np.bincount(columns["pair"][followup & (columns["kind"] == DM)], minlength=len(names))
    made = np.bincount(columns["pair"][followup & columns["made"]], minlength=len(names))
    pairs = np.array([pair for pair, _, _ in found])
    log = pd.DataFrame(
        {
            "unit": d.units.unit.to_numpy()[d.pairs.unit.to_numpy()[pairs]],
            "doctor": names[pairs],
            "kind": [kind for _, kind, _ in found],
            "invented": made[pairs],
            "followups": np.where([k == "strips_saved" for _, k, _ in found], sugar[pairs], of[pairs]),
        }
    )
    return names, log


def _truth(d: Draft, log: pd.DataFrame) -> set[tuple[int, str]]:
    truth = {(int(unit), str(doctor)) for unit, doctor in zip(log.unit, log.doctor, strict=True)}
    active = d.rows[(d.rows.kind != CHECKUP) & ~d.rows.gone].pair.unique()
    staff = d.pairs.iloc[np.sort(active)]
    staff = pd.Series(d.units.unit.to_numpy()[staff.unit.to_numpy()]).value_counts()
    for unit, own in log.groupby("unit"):
        if len(own) == staff[unit] and own.kind.nunique() == 1:
            truth.add((int(unit), ""))
    return truth


def _dates(days: np.ndarray) -> np.ndarray:
    """Days since 1970 as the contract wants them; below 0 there is no day."""
    days = np.asarray(days)
    out = days.astype("datetime64[D]").astype("datetime64[ns]")
    out[days < 0] = np.datetime64("NaT")
    return out


def _tables(rng, d: Draft, columns, names) -> dict[str, pd.DataFrame]:
    """The frames of the contract."""
    at = np.flatnonzero(columns["keep"])
    typed = np.where(columns["entered"][at] >= 0, columns["entered"][at], columns["day"][at])
    at = at[np.lexsort((columns["order"][at], columns["pair"][at], typed))]
    place = d.pairs.unit.to_numpy()[columns["pair"][at]]
    unit = d.units.unit.to_numpy().astype(np.int64)
    doctor = names[columns["pair"][at]]
    honest = ~np.isin(columns["pair"][at], np.unique(columns["pair"][columns["made"]]))
    doctor[honest & (rng.random(len(at)) < d.units.doctorless.to_numpy()[place])] = ""
    said = columns["complete"][at]
    complete = np.where(said < 0, None, (said == 1).astype(object))
    mode = np.where(d.units.modes.to_numpy()[place], columns["mode"][at], "")
    persons = d.persons
    number = persons.person.to_numpy().astype(np.int64)
    contacts = pd.DataFrame(
        {
            "row_id": int(rng.integers(1, 10**6)) + np.arange(len(at), dtype=np.int64),
            "person": number[columns["person"][at]],
            "unit": unit[place],
            "doctor": doctor,
            "kind": np.array(["htn", "dm", "checkup"], dtype=object)[columns["kind"][at]],
            "day": _dates(columns["day"][at]),
            "entered_on": _dates(columns["entered"][at]),
            "mode": mode.astype(object),
            "sbp": columns["sbp"][at],
            "dbp": columns["dbp"][at],
            "fpg": columns["fpg"][at],
            "complete": complete,
        }
    )
    stayed = persons.stay_from.to_numpy() >= 0
    return {
        "contacts": contacts,
        "persons": pd.DataFrame(
            {
                "person": number,
                "birth": persons.born.to_numpy().astype("datetime64[D]").astype("datetime64[ns]"),
                "sex": persons.sex.to_numpy(),
                "died_on": _dates(persons.died.to_numpy()),
                "phone": persons.phone.to_numpy().astype(np.int64),
                "unit": unit[persons.unit.to_numpy()],
            }
        ),
        "stays": pd.DataFrame(
            {
                "person": number[stayed],
                "unit": unit[
                    rng.integers(0, max(int((d.units.kind == "centre").sum()), 1), int(stayed.sum()))
                ],
                "from_on": _dates(persons.stay_from.to_numpy()[stayed]),
                "to_on": _dates(persons.stay_to.to_numpy()[stayed]),
            }
        ),
        "units": pd.DataFrame(
            {
                "unit": unit,
                "parent": np.where(d.units.parent >= 0, unit[d.units.parent.to_numpy()], -1),
                "kind": d.units.kind.to_numpy(),
                "lon": d.units.lon.to_numpy(),
                "lat": d.units.lat.to_numpy(),
            }
        ),
    }
