"""A fresh district as the frames of `Work`: rows in the order of typing, names, true dates, nothing of what is invented."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.truth.withheld_honest import Draft


def _dates(days) -> np.ndarray:
    """Days since 1970 as the contract wants them; below 0 there is no day."""
    days = np.asarray(days).astype(np.int64)
    out = days.astype("datetime64[D]").astype("datetime64[ns]")
    out[days < 0] = np.datetime64("NaT")
    return out


def tables_of(rng, d: Draft) -> dict[str, pd.DataFrame]:
    """The frames of the contract; rows are numbered in the order in which they were typed."""
    typed = d.rows.entered.where(d.rows.entered >= 0, d.rows.day)
    rows = d.rows.iloc[np.lexsort((d.rows.order, d.rows.pair, typed))]
    place = d.pairs.unit.to_numpy()[rows.pair.to_numpy()]
    unit, persons = d.units.unit.to_numpy().astype(np.int64), d.persons
    number = persons.person.to_numpy().astype(np.int64)
    doctor = d.pairs.doctor.to_numpy().astype(object)[rows.pair.to_numpy()]
    inventing = rows.pair.isin(rows.pair[rows.made].unique()).to_numpy()
    doctor[~inventing & (rng.random(len(rows)) < d.units.doctorless.to_numpy()[place])] = ""
    said = rows.complete.to_numpy()
    contacts = pd.DataFrame(
        {
            "row_id": int(rng.integers(1, 10**6)) + np.arange(len(rows), dtype=np.int64),
            "person": number[rows.person.to_numpy()],
            "unit": unit[place],
            "doctor": doctor,
            "kind": np.array(["htn", "dm", "checkup"], dtype=object)[rows.kind.to_numpy()],
            "day": _dates(rows.day),
            "entered_on": _dates(rows.entered),
            "mode": np.where(d.units.modes.to_numpy()[place], rows["mode"], "").astype(object),
            "sbp": rows.sbp.to_numpy(dtype=float),
            "dbp": rows.dbp.to_numpy(dtype=float),
            "fpg": rows.fpg.to_numpy(dtype=float),
            "complete": np.where(said < 0, None, (said == 1).astype(object)),
        }
    )
    stayed = persons[persons.stay_from >= 0]
    centre = d.units.parent.to_numpy()[stayed.unit.to_numpy()]
    centre = np.where(centre >= 0, centre, stayed.unit.to_numpy())
    parent = d.units.parent.to_numpy()
    return {
        "contacts": contacts,
        "persons": pd.DataFrame(
            {
                "person": number,
                "birth": persons.born.to_numpy().astype("datetime64[D]").astype("datetime64[ns]"),
                "sex": persons.sex.to_numpy(),
                "died_on": _dates(persons.died),
                "phone": persons.phone.to_numpy().astype(np.int64),
                "unit": unit[persons.unit.to_numpy()],
            }
        ),
        "stays": pd.DataFrame(
            {
                "person": number[stayed.index],
                "unit": unit[centre],
                "from_on": _dates(stayed.stay_from),
                "to_on": _dates(stayed.stay_to),
            }
        ),
        "units": pd.DataFrame(
            {
                "unit": unit,
                "parent": np.where(parent >= 0, unit[parent], -1),
                "kind": d.units.kind.to_numpy(),
                "lon": d.units.lon.to_numpy(),
                "lat": d.units.lat.to_numpy(),
            }
        ),
    }
