"""Fresh generated districts in which some doctors invent follow-ups, for judging what checks the truth of records.

Withheld, as `withheld.py` is, and written by somebody who had not read the checks, so that neither they nor the older
kinds shaped these.  Who changes a check because of a kind that is described here must add another kind, written by
somebody else.

`districts(seed, count)` gives (Work, truth) for each district.  A district has 4 to 8 centres and 20 to 40 clinics,
30 to 400 patients with hypertension or diabetes a clinic, 1 to 4 doctors each, 12 to 18 months of follow-ups (about
four a year for a patient) and yearly checkups.  `truth` is the set of (unit, doctor) that invent; where all doctors
of a unit invent, in the same way, (unit, "") stands there too.  Between 5 and 15 % of the doctors invent.  Each has
at least 60 invented follow-ups, and these are 30 to 100 % of the doctor's own (of the diabetes follow-ups where
glucose alone is invented; of all, those added included, where visits are added).

What is honest and must not be accused
--------------------------------------
Beside what `withheld_honest.py` does to days, typing, telephones and deaths:
- Rounding of all sorts: cuffs that show every number, even numbers or fives; doctors who write as shown, even numbers,
  fives, tens, the upper figure in tens and the lower in fives, or the ten below; always or mostly.
- Readings rounded twice: an even display written as tens or fives, fives written as tens.
- Mixed cuffs: one in the clinic, another on home visits; all clinics get new cuffs on one day; a cuff is replaced in
  the middle of the year, reads high or low, and reads worse with time.
- The mean of two measurements; who is over 140 or 150 measures again after a rest and writes the second or the lower;
  a visit after about two weeks (often exactly two) for whoever was too high.
- Glucose from a meter in mg/dL (some decimals never occur), in halves or whole numbers.
- Market days every five days; homes for the old (one telephone, all in one day, each quarter); a real rush before the
  county's inspection; people away for work, reached by telephone but at the spring festival.
- A student types three months on one weekend; records taken over from another system, all "entered" on that day;
  slips by which a form is typed before its day.
- People whose pressure walks slowly, with seasons of their own, medicines, fear of the white coat.

Kinds of invention
------------------
Values (`fresh_invented.py`):
- own_arm: measured, but on the doctor's own arm or on those of the family, for everybody, with a drop of that blood.
- default_form: the form opens with 120/80 or the like and many are left so.
- fixed_gap: the lower figure is the upper less forty or fifty.
- lucky_digits: even figures with 6 and 8 at the end, never 4.
- ladder: figures that climb with each form typed, then start below again.
- around_the_first: the sheet's random number within a few of the person's first reading, upper and lower apart.
- between_neighbours: visits left out, filled with the mean of the one before and the one after.
- one_for_the_house: one of a handful is measured, the others get that reading with small changes.
- checkup_reused: the checkup's figures stand for the follow-ups around it.
- bell_script: a program's normal distribution, upper and lower belonging together, whoever the person is.
- see_saw: the person's first two papers in turn.
- sugar_by_feel: pressure measured; glucose is the last one a little better.
- round_of_last: by telephone, written as a visit: the last reading down to tens, or 130/80.
- tens_changed: measured; 152 becomes 132, 94 becomes 84.
- recheck_on_paper: real visits; the second visit within two weeks that a high reading demands is on paper only, and good.
- left_for_work: those who left for work are followed up all the year, and stood at no checkup.
Days (`fresh_days.py`), with invented values:
- round_days: on the 5th, 10th, 15th and so on.
- calendar_blind: on any day of the year, Sundays and the spring festival like others.
- month_changed: the first form copied with another month, on the same date.
- typed_ahead: typed at the beginning of the quarter, with days to come.
- before_the_inspectors: months typed on two to four evenings in the week before the county comes.
Mixed in: the dead visited further until all know of it, and those in hospital, by one in three of those who work from a list.
Which visits are invented: single ones, all of some people, every second quarter, all after a day, or those in the last
weeks of each quarter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.truth import fresh_invented as kinds
from tests.truth.fresh_days import DAYS
from tests.truth.fresh_honest import Honest, honest
from tests.truth.fresh_tables import tables_of
from tests.truth.withheld_honest import CHECKUP, DM, HTN, Draft

if TYPE_CHECKING:
    from metrics.truth.work import Work

LEAST = 60
"""Invented follow-ups of a doctor, at the least."""

_FREE = ("own_arm", "default_form", "fixed_gap", "lucky_digits", "ladder", "around_the_first", "bell_script")
"""Values that need no real visit, and go with any days."""

_FAINT = ("lucky_digits", "bell_script", "between_neighbours", "tens_changed")
"""Kinds that show little in each form: twice as many at the least."""

_MEASURED = ("sugar_by_feel", "tens_changed", "recheck_on_paper")
"""Kinds with a real visit: nobody dead is seen, the form keeps what else it says."""


def districts(seed: int, count: int) -> list[tuple[Work, set[tuple[int, str]]]]:
    """`count` districts, the same for the same seed, each with who invents in it."""
    from metrics.truth.work import Work

    return [(Work(**tables), truth) for tables, truth, _ in generated(seed, count)]


def generated(
    seed: int, count: int
) -> list[tuple[dict[str, pd.DataFrame], set[tuple[int, str]], pd.DataFrame]]:
    """The tables of `Work` by name, the truth, and a table of unit, doctor, kind, invented, followups."""
    return [_district(np.random.default_rng([seed, place, 7])) for place in range(count)]


def _district(rng: np.random.Generator):
    world = honest(rng)
    d = world.draft
    d.rows["made"], d.rows["keep"] = False, ~d.rows.gone
    log = _fabricate(rng, world)
    d.rows = d.rows[d.rows.keep]
    tables = tables_of(rng, d)
    names = {"unit": d.units.unit.to_numpy()[d.pairs.unit.to_numpy()[log.pair]], "doctor": log.doctor}
    log = log.assign(**names)[["unit", "doctor", "kind", "invented", "followups"]]
    return tables, _truth(d, log), log


def _recipes(rng: np.random.Generator) -> list[tuple[str, str]]:
    """Pairs of values and days ("" as they were), in an order to be tried."""
    plain = [(name, "") for name in kinds.VALUES]
    timed = list(zip(map(str, rng.permutation(_FREE)), DAYS, strict=False))
    every = [*plain, *timed]
    return [every[k] for k in rng.permutation(len(every))]


def _fabricate(rng, world: Honest) -> pd.DataFrame:
    """Choose who invents and carry it out in the rows; a table of pair, doctor, kind, invented, followups."""
    d = world.draft
    unit = d.pairs.unit.to_numpy()
    mine = d.rows[(d.rows.kind != CHECKUP) & d.rows.keep].pair
    size = np.bincount(mine, minlength=len(d.pairs))
    active = int((size > 0).sum())
    wanted, most = int(np.ceil(rng.uniform(0.05, 0.13) * active)), int(0.15 * active)
    recipes, log, taken = _recipes(rng), [], set()
    for pair in rng.permutation(np.flatnonzero(size >= 1.4 * LEAST)):
        if len(log) >= wanted:
            break
        mates = np.flatnonzero((unit == unit[pair]) & (size > 0))
        if taken & {*mates} and (pair in taken or rng.random() < 0.85):
            continue
        together = len(mates) > 1 and len(log) + len(mates) <= most and not taken & {*mates}
        group = mates if together and rng.random() < 0.35 else np.array([pair])
        for place, recipe in enumerate(recipes):
            seed = int(rng.integers(2**32))
            done = [_invent(np.random.default_rng(seed), rng, world, int(one), recipe) for one in group]
            if all(rows is not None for rows in done):
                everything = pd.concat([d.rows[~d.rows.pair.isin(group) | (d.rows.kind == CHECKUP)], *done])
                d.rows = everything.sort_values(["person", "day", "kind"], ignore_index=True)
                if recipe[0] == "left_for_work":
                    _away(d, group)
                log.extend((int(one), " ".join(filter(None, recipe))) for one in group)
                taken |= {int(one) for one in group}
                recipes.append(recipes.pop(place))
                break
    return _amounts(d, pd.DataFrame(log, columns=["pair", "kind"]))


def _invent(style, rng, world: Honest, pair: int, recipe: tuple[str, str]) -> pd.DataFrame | None:
    """All follow-up rows of a doctor, some of them invented; None where the kind does not fit.

    `style` gives the habits that all of a unit share when they invent together, `rng` the rest.
    """
    values, days = recipe
    d = world.draft
    rows = d.rows[(d.rows.pair == pair) & (d.rows.kind != CHECKUP)].copy()
    # Who works from the list writes on until the death is known in the village, and does not know of the hospital.
    died = d.persons.died.to_numpy()[rows.person]
    blind = values in _FREE and style.random() < 0.3
    rows = rows[~rows.gone | (blind & ((died < 0) | (rows.day <= died + 120)))]
    rows = rows.sort_values(["person", "day", "kind"], ignore_index=True)
    v = rows.drop_duplicates(["person", "day"]).drop(columns="kind").reset_index()
    visit = rows.merge(v[["person", "day"]].assign(visit=np.arange(len(v))), "left", ["person", "day"]).visit
    v["fpg"] = rows.fpg.groupby(visit.to_numpy()).first()
    v["line"] = np.arange(len(v))
    v["made"] = _chosen(style, rng, v, d, values) | v.gone
    checks = d.rows[(d.rows.kind == CHECKUP) & ~d.rows.gone & d.rows.sbp.notna()]
    known = kinds.Known(d, pair, checks, world.inspection, world.moved)
    if values == "recheck_on_paper":
        v = v[d.persons.htn.to_numpy()[v.person]]
        added = kinds.recheck_on_paper(style, rng, v.copy(), known).drop(columns=["index", "line"])
        added = added[added.day < d.last]
        added = added.assign(kind=HTN, fpg=np.nan, keep=True, complete=_says(rng, d, pair, len(added)))
        rows = pd.concat([rows, added])
    else:
        if days:
            DAYS[days](style, rng, v, known)
            v = v.sort_values(["person", "day"], ignore_index=True)
        if values == "sugar_by_feel":
            v["made"] &= v.line.isin(visit[(rows.kind == DM) & rows.fpg.notna()]) & v.fpg.notna()
        kinds.VALUES[values](style, rng, v, known)
        _fill_in(
            rng,
            rows,
            v.set_index("line").loc[visit].reset_index(drop=True),
            values,
            _says(rng, d, pair, len(rows)),
        )
    rows = rows[(rows.day >= d.first) & (rows.day < d.last) & rows.keep]
    rows = rows.sort_values("made", kind="stable").drop_duplicates(["person", "kind", "day"])
    count = rows.made.sum()
    of = (rows.kind == DM).sum() if values == "sugar_by_feel" else len(rows)
    enough = LEAST * (2 if values in _FAINT else 1) + 4
    return rows if count >= enough and 0.31 * of <= count else None


def _chosen(style, rng, v: pd.DataFrame, d: Draft, values: str) -> pd.Series:
    """Which visits are invented."""
    if values == "left_for_work":
        oldest = d.persons.born.to_numpy()[v.person]
        festival = v.day.to_numpy().astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12 <= 1
        return pd.Series((oldest > np.quantile(oldest, style.uniform(0.3, 0.6))) & ~festival, index=v.index)
    if values in _MEASURED:
        return pd.Series(rng.random(len(v)) < style.uniform(0.85, 1), index=v.index)
    # Where a kind leaves some of the chosen visits as they were, more are chosen.
    share = style.uniform(0.6 if values in ("see_saw", "round_of_last", "one_for_the_house") else 0.34, 1)
    how = style.integers(5)
    quarter = (v.day.to_numpy() - d.first) // 91
    if how == 0:
        chosen = rng.random(len(v)) < share
    elif how == 1:
        chosen = (rng.random(len(d.persons)) < share)[v.person]
    elif how == 2:
        chosen = (quarter % 2 == style.integers(2)) | (rng.random(len(v)) < share - 0.5)
    elif how == 3:
        chosen = v.day.to_numpy() > d.first + (1 - share) * (d.last - d.first)
    else:
        chosen = (v.day.to_numpy() - d.first) % 91 > 91 * (1 - style.uniform(0.35, 0.7))
    if values == "between_neighbours" and chosen.mean() > 0.7:
        chosen = chosen & (rng.random(len(v)) < 0.7)
    return pd.Series(chosen & (rng.random(len(v)) < 0.97), index=v.index)


def _fill_in(rng, rows: pd.DataFrame, said: pd.DataFrame, values: str, ticks: np.ndarray) -> None:
    """The invented lines of the visits go to their forms; `said` has one line for each row."""
    made = said.made.to_numpy()
    if values == "sugar_by_feel":
        made = made & (rows.kind == DM).to_numpy()
        rows.loc[made, "fpg"] = said.fpg.to_numpy()[made]
        rows.loc[made, "made"] = True
        return
    had = rows.fpg.notna().to_numpy() | ((rows.kind == DM) & (rng.random(len(rows)) < 0.85)).to_numpy()
    if values != "tens_changed":
        rows.loc[made & had, "fpg"] = said.fpg.to_numpy()[made & had]
        rows.loc[made, "complete"] = ticks[made]
        seen = np.where(rng.random(len(rows)) < 0.4, "home", "clinic").astype(object)
        told = made & (rows["mode"] == "phone").to_numpy()
        rows.loc[told, "mode"] = seen[told]
    for name in ("sbp", "dbp", "day", "entered"):
        rows.loc[made, name] = said[name].to_numpy()[made]
    rows.loc[made, ["made", "keep"]] = True


def _says(rng, d: Draft, pair: int, count: int) -> np.ndarray:
    """Complete, says nearly every invented form; -1 where the system does not say."""
    ticks = d.units.ticks.to_numpy()[d.pairs.unit.to_numpy()[pair]]
    return np.where(ticks, (rng.random(count) < 0.97).astype(int), -1)


def _away(d: Draft, group: np.ndarray) -> None:
    """Who left for work came to no checkup and saw nobody else."""
    rows = d.rows
    gone = rows.person.isin(rows.person[rows.made & rows.pair.isin(group)])
    rows.loc[gone & ((rows.kind == CHECKUP) | ~rows.pair.isin(group)) & ~rows.made, "keep"] = False


def _amounts(d: Draft, log: pd.DataFrame) -> pd.DataFrame:
    """Beside each who invents how many follow-ups, of how many (of diabetes where only glucose is invented)."""
    own = d.rows[d.rows.keep & (d.rows.kind != CHECKUP)]
    of = own.groupby("pair").size().reindex(log.pair).to_numpy()
    sugar = own[own.kind == DM].groupby("pair").size().reindex(log.pair, fill_value=0).to_numpy()
    return log.assign(
        doctor=d.pairs.doctor.to_numpy()[log.pair],
        invented=own.groupby("pair").made.sum().reindex(log.pair).to_numpy().astype(int),
        followups=np.where(log.kind == "sugar_by_feel", sugar, of),
    )


def _truth(d: Draft, log: pd.DataFrame) -> set[tuple[int, str]]:
    truth = {(int(unit), str(doctor)) for unit, doctor in zip(log.unit, log.doctor, strict=True)}
    staff = d.pairs.iloc[np.sort(d.rows.pair[d.rows.kind != CHECKUP].unique())]
    staff = pd.Series(d.units.unit.to_numpy()[staff.unit.to_numpy()]).value_counts()
    for unit, own in log.groupby("unit"):
        if len(own) == staff[unit] and own.kind.nunique() == 1:
            truth.add((int(unit), ""))
    return truth
