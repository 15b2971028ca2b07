"""A third withheld generator of districts whose fabricators are known.

Written on 23 November 2026 by a helper who had seen neither the detector (of `metrics/truth` only `work.py`, the shape of its input), nor its
description, nor the earlier generators, tunings and verdicts; from the guide to what county health bureaus meet and from what is known of
primary care in China. It was not run against the detector by its writer, who looked only at what it makes. It is not to be changed after
its first verdict.

`third_district.py` draws the units, doctors and persons, `third_honest.py` what honest doctors do, `third_makers.py` who fabricates how
much, `third_invented.py` how. What is guessed, not measured: all shares and doses.

Honest, and not to be accused: readings rounded to 2, 5 or 10 (of some units nearly all), to kPa, or written 130/80 where that is near; a
second reading of the high ones; new and biased devices; values at home read out by telephone; paper typed in piles, at the month's
end or on a day unknown; campaign days, markets, month and quarter ends, work at weekends; checkups by the centre's team; few persons or very
many; stable persons; registers without readings, names of doctors, entry days, ways of contact or forms; rows imported twice; typing
errors; the clinic's telephone with old people who have none; deaths registered with too early a date.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.work import Work
from tests.truth.third_district import DAYS, District, dates, draw_district
from tests.truth.third_honest import (
    DM,
    HTN,
    KINDS,
    Visits,
    attend,
    joined,
    measure,
    plan,
    second_looks,
    take,
    typed,
)
from tests.truth.third_invented import forge
from tests.truth.third_makers import Maker, draw_makers, mark


def districts(seed: int, count: int) -> list[tuple[Work, set[tuple[int, str]]]]:
    """`count` districts, the same for the same seed, each with the (unit, doctor) who fabricate in it; doctor "": the whole unit."""
    made = (drawn(seed, number) for number in range(count))
    return [(work, {guilty_of(d, maker) for maker in makers}) for work, d, makers, _ in made]


def drawn(seed: int, number: int) -> tuple[Work, District, list[Maker], Visits]:
    """One district with what it was made of; `by` and `how` of the visits, row by row of the contacts, say what is invented."""
    rng = np.random.default_rng([seed, number, 3])
    d = draw_district(rng)
    makers = draw_makers(rng, d)
    # What is to be invented replaces visits that may never have been made, so it is chosen among those planned.
    v = plan(rng, d)
    mark(rng, makers, v)
    unaware = np.array([maker.unaware for maker in makers] + [False])  # the last: nobody
    v = attend(rng, d, v, unaware[v["by"]])
    measure(rng, d, v)
    v = joined(v, second_looks(rng, d, v))
    forge(rng, d, makers, v)
    v = take(v, (v["day"] < d.persons.died.to_numpy()[v["person"]]) | unaware[v["by"]])
    v["entered"] = typed(rng, d, v)
    v = _rows(rng, d, v)
    return _work(rng, d, v), d, makers, v


def guilty_of(d: District, maker: Maker) -> tuple[int, str]:
    first = d.doctors.iloc[maker.doctors[0]]
    return int(d.units.unit[first.unit]), str(first["name"]) if maker.named else ""


def _rows(rng: np.random.Generator, d: District, v: Visits) -> Visits:
    """The visits as rows: a visit for two diseases is two, an import made twice repeats some; in the order of typing."""
    apart = np.zeros(len(d.persons), bool)
    apart[v["person"][v["kind"] == DM]] = True
    both = (d.persons.role.to_numpy()[v["person"]] == 2) & (v["kind"] == HTN) & ~apart[v["person"]]
    second = take(v, both)
    second["kind"] = np.full(both.sum(), DM)
    # Glucose is asked at the follow-up of diabetes; some write it on both forms.
    v["fpg"] = np.where(both & (rng.random(len(both)) < 0.7), np.nan, v["fpg"])
    v = joined(v, second)
    twice = rng.random(len(v["day"])) < d.units.twice.to_numpy(float)[d.doctors.unit.to_numpy()[v["doctor"]]]
    v = joined(v, take(v, twice))
    v = take(v, np.lexsort((v["person"], v["day"], np.where(v["entered"] < 0, v["day"], v["entered"]))))
    silent = ~d.units.keeps.to_numpy(bool)[d.doctors.unit.to_numpy()[v["doctor"]]]
    for name in ("sbp", "dbp", "fpg"):
        v[name] = np.where(silent, np.nan, v[name])
    return v


def _work(rng: np.random.Generator, d: District, v: Visits) -> Work:
    unit = d.doctors.unit.to_numpy()[v["doctor"]]
    number = d.units.unit.to_numpy(int)
    person = d.persons.person.to_numpy()
    n = len(unit)
    full = v["full"].astype(object)
    full[~d.units.forms.to_numpy(bool)[unit]] = None
    contacts = pd.DataFrame(
        {
            "row_id": np.arange(1, n + 1),
            "person": person[v["person"]],
            "unit": number[unit],
            "doctor": d.doctors.name.to_numpy()[v["doctor"]],
            "kind": np.array(KINDS)[v["kind"]].astype(object),
            "day": dates(d.start, v["day"]),
            "entered_on": dates(d.start, v["entered"]).where(v["entered"] >= 0),
            "mode": v["mode"] if d.modes else "",
            "sbp": v["sbp"],
            "dbp": v["dbp"],
            "fpg": v["fpg"],
            "complete": full,
        }
    )
    died = d.persons.died.to_numpy()
    early = np.where(
        rng.random(len(died)) < 0.05, rng.integers(5, 40, len(died)), 0
    )  # the day of death is put down wrongly
    persons = pd.DataFrame(
        {
            "person": person,
            "birth": dates(d.start, -np.round(d.persons.age.to_numpy() * 365.25).astype(int)),
            "sex": d.persons.sex.to_numpy(),
            "died_on": dates(d.start, died - early).where(died < DAYS),
            "phone": d.persons.phone.to_numpy(),
            "unit": number[d.persons.unit.to_numpy()],
        }
    )
    stays = pd.DataFrame(
        {
            "person": person[d.stays["at"].to_numpy()],
            "unit": d.stays.unit.to_numpy(int),
            "from_on": dates(d.start, d.stays.begin.to_numpy()),
            "to_on": dates(d.start, d.stays.end.to_numpy()),
        }
    )
    units = d.units.loc[:, ["unit", "parent", "kind", "lon", "lat"]].astype(
        {"unit": int, "parent": int, "lon": float, "lat": float}
    )
    until = d.start + pd.Timedelta(days=DAYS - 1) if rng.random() < 0.5 else None
    return Work(contacts, persons, stays, units, until)
