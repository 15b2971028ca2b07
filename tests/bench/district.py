"""Records of an invented district, drawn by the million straight into a store: only for measuring speed.

The demo district (``data/demo``) is made of source files and comes in through the intake; this one skips
both, so that half a million residents take a minute. Its proportions are plausible, its figures mean
nothing. The same arguments give the same rows.

Every table is a dict of numpy arrays; a masked array has NULL where it is masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Date, String

from data import records
from data.store import Store, bulk_insert, create_missing
from tests.bench import work

CENTRES, STATIONS = 8, 40
FIRST_YEAR, MONTHS = 2024, 36
_DAY = np.timedelta64(1, "D")
_START = np.datetime64(f"{FIRST_YEAR}-01-01")
_END = _START + np.timedelta64(366 + 365 + 365 - 1, "D")  # last day of the 36 months
LAST_MONTH = FIRST_YEAR * 12 + MONTHS - 1

Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class District:
    """The rows of every record table."""

    tables: dict[str, Columns]

    def rows(self) -> dict[str, int]:
        return {name: len(next(iter(columns.values()))) for name, columns in self.tables.items()}


def draw(residents: int, seed: int = 1) -> District:
    """A bureau, 8 centres and 40 stations, whatever the number of residents; 36 months from January 2024."""
    return District(_Draw(residents, seed).tables())


def fill(store: Store, district: District, *, late_from: int | None = None) -> None:
    """Everything into an empty store as event 1; rows that begin in month ``late_from`` or later are left out."""
    with store.change("records") as draft:
        create_missing(draft.records, records.metadata)
        for name, columns in district.tables.items():
            chosen = None if late_from is None else month_begun(name, columns) < late_from
            bulk_insert(draft.records, records.RECORDS[name], _arrow(name, columns, event=1, chosen=chosen))
        _note_event(draft.records, 1)


def add_late(store: Store, district: District, late_from: int) -> int:
    """The rows that ``fill`` left out, as event 2; gives how many there are."""
    added = 0
    with store.change("records") as draft:
        for name, columns in district.tables.items():
            chosen = month_begun(name, columns) >= late_from
            added += bulk_insert(
                draft.records, records.RECORDS[name], _arrow(name, columns, event=2, chosen=chosen)
            )
        _note_event(draft.records, 2)
    return added


# What a month's delivery brings: rows by the date on which they begin. People, units and tags stay as they are.
_BEGINS = {"health_record": "created_on", "enrolment": "start_on", "contract": "signed_on"}


def month_begun(name: str, columns: Columns) -> np.ndarray:
    """The month with which each row was delivered; 0 for what is there from the first."""
    if "month" in columns:
        return columns["month"]
    if name in _BEGINS:
        return _month(columns[_BEGINS[name]])
    return np.zeros(len(next(iter(columns.values()))), dtype=np.int64)


def _note_event(connection, number: int) -> None:
    row = {"event": number, "kind": "import", "at": datetime(2027, 1, 1), "by": "bench"}
    bulk_insert(connection, records.event, pd.DataFrame([row]))


def _arrow(name: str, columns: Columns, event: int, chosen: np.ndarray | None) -> pa.Table:
    """The chosen rows with their provenance; dates as DATE."""
    table = records.RECORDS[name]
    count = len(next(iter(columns.values())))
    numbers = np.arange(1, count + 1)
    ones = np.ones(count, dtype=np.int32)
    provenance = {
        **dict.fromkeys(("row_id", "key", "content"), numbers),
        **dict.fromkeys(("rank", "batch", "file"), ones),
        "line": numbers.astype(np.int32),
        "known_from": ones * event,
    }
    arrays = {}
    for column, values in {**provenance, **columns}.items():
        if chosen is not None:
            values = values[chosen]
        mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
        plain = np.ma.getdata(values)
        type_ = {Date: pa.date32(), String: pa.string()}.get(type(table.c[column].type))
        arrays[column] = pa.array(plain, type=type_, mask=mask)
    return pa.table(arrays)


def _month(days: np.ndarray) -> np.ndarray:
    """Year * 12 + month - 1 of each day."""
    return np.ma.getdata(days).astype("datetime64[M]").astype(np.int64) + 1970 * 12


class _Draw:
    """Draws table after table from one stream of random numbers."""

    def __init__(self, residents: int, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.n = residents
        self.units = np.arange(1, 2 + CENTRES + STATIONS)  # the bureau is 1
        self.places = 400

    def tables(self) -> dict[str, Columns]:
        people = self.people()
        records_ = self.health_records()
        enrolled = self.enrolments()
        visits = self.encounters()
        return {
            "unit": self.unit_tree(),
            "place": self.place_list(),
            "population": self.populations(),
            "team": self.teams(),
            "person": people,
            "residence": self.residences(),
            "person_tag": self.tags(),
            "health_record": records_,
            "enrolment": enrolled,
            "followup": self.followups(enrolled),
            "checkup": self.checkups(enrolled),
            "dose": self.doses(),
            "vaccination_card": self.cards(),
            "contract": self.contracts(),
            "contract_item": self.contract_items(),
            "service": self.services(),
            "encounter": visits,
            "prescription": self.prescriptions(visits),
            "referral": self.referrals(),
            **work.tables(self, MONTHS),
        }

    # -- small helpers

    def places_of(self, who: np.ndarray) -> np.ndarray:
        """Where these people live: nearly all in a place of the unit that manages them."""
        own = (self.unit_of[who - 1] + len(self.units) * self.random.integers(0, 8, len(who))) % self.places
        anywhere = self.random.integers(0, self.places, len(who))
        return 1 + np.where(self.chance(len(who), 0.95), own, anywhere)

    def days(self, count: int, first=_START, last=_END) -> np.ndarray:
        span = int((last - first) / _DAY) + 1
        return first + self.random.integers(0, span, count).astype("timedelta64[D]")

    def sometimes(self, values: np.ndarray, share: float) -> np.ma.MaskedArray:
        """The values, NULL for all but a share of them."""
        return np.ma.masked_array(values, mask=self.random.random(len(values)) >= share)

    def pick(self, words: list[str], count: int, shares: list[float] | None = None) -> np.ndarray:
        return np.array(words, dtype=object)[self.random.choice(len(words), count, p=shares)]

    def chance(self, count: int, share: float) -> np.ndarray:
        return self.random.random(count) < share

    def someone(self, share: float) -> np.ndarray:
        """Distinct persons, a share of all."""
        return np.sort(self.random.choice(self.n, int(self.n * share), replace=False)) + 1

    def anyone(self, count: int) -> np.ndarray:
        return self.random.integers(1, self.n + 1, count)

    def about(self, person: np.ndarray, away: float = 0.03) -> Columns:
        """Whom a row is about and which unit performed it: mostly the unit where the person is managed."""
        unit = self.unit_of[person - 1]
        elsewhere = self.random.integers(2, len(self.units) + 1, len(person))
        return {
            "subject": person,
            "person": person,
            "unit": np.where(self.chance(len(person), away), elsewhere, unit),
        }

    def dated(self, person: np.ndarray, day: np.ndarray, away: float = 0.03) -> Columns:
        late = self.random.geometric(0.5, len(day)).astype("timedelta64[D]")
        return {**self.about(person, away), "day": day, "month": _month(day), "entered_on": day + late}

    # -- where

    def unit_tree(self) -> Columns:
        count = len(self.units)
        kinds = ["bureau"] + ["centre"] * CENTRES + ["station"] * STATIONS
        parents = [0] + [1] * CENTRES + [2 + i % CENTRES for i in range(STATIONS)]
        return {
            "unit": self.units,
            "code": np.array([f"U{unit:03d}" for unit in self.units], dtype=object),
            "name": np.array([f"机构{unit}" for unit in self.units], dtype=object),
            "kind": np.array(kinds, dtype=object),
            "parent": np.ma.masked_equal(parents, 0),
            "lon": 104 + self.random.random(count) * 0.3,
            "lat": 30 + self.random.random(count) * 0.3,
        }

    def place_list(self) -> Columns:
        numbers = np.arange(1, self.places + 1)
        return {
            "place": numbers,
            "code": np.array([f"P{n}" for n in numbers], dtype=object),
            "name": np.array([f"村{n}" for n in numbers], dtype=object),
            "lon": 104 + self.random.random(self.places) * 0.3,
            "lat": 30 + self.random.random(self.places) * 0.3,
        }

    def populations(self) -> Columns:
        shares = {"all": 1.0, "0-6": 0.06, "18+": 0.82, "35+": 0.6, "60+": 0.2, "65+": 0.15, "70+": 0.1}
        years = [FIRST_YEAR + i for i in range(3)]
        rows = [(unit, year, band) for unit in self.units for year in years for band in shares]
        weight = {
            unit: 1.0 if unit == 1 else 1 / CENTRES if unit <= 1 + CENTRES else 1 / STATIONS
            for unit in self.units
        }
        return {
            "unit": np.array([unit for unit, _, _ in rows]),
            "year": np.array([year for _, year, _ in rows]),
            "kind": np.array(["resident"] * len(rows), dtype=object),
            "band": np.array([band for _, _, band in rows], dtype=object),
            "persons": np.array(
                [max(1, int(self.n * weight[unit] * shares[band])) for unit, _, band in rows]
            ),
        }

    def teams(self) -> Columns:
        numbers = np.arange(100)
        return {
            "code": np.array([f"T{n}" for n in numbers], dtype=object),
            "unit": 2 + numbers % (CENTRES + STATIONS),
            "leader_gp": self.chance(100, 0.7),
        }

    # -- who

    def people(self) -> Columns:
        # One in eight is managed by a centre itself, the others by a station.
        stations = self.random.integers(2 + CENTRES, 2 + CENTRES + STATIONS, self.n)
        centres = self.random.integers(2, 2 + CENTRES, self.n)
        self.unit_of = np.where(self.chance(self.n, 0.125), centres, stations)
        age_days = np.minimum(self.random.gamma(2.6, 15.5, self.n), 100) * 365.25
        self.born_on = _END - age_days.astype("timedelta64[D]")
        self.age = age_days / 365.25  # at the end of the 36 months
        persons = np.arange(1, self.n + 1)
        known_on = np.maximum(self.days(self.n, np.datetime64("2012-01-01"), _END), self.born_on)
        return {
            "subject": persons,
            "person": persons,
            "unit": self.unit_of,
            "entered_on": known_on,
            "sex": self.random.integers(1, 3, self.n),
            "born_on": self.born_on,
            "born_month": _month(self.born_on),
            "born_hour": self.sometimes(self.random.integers(0, 24, self.n), 0.3),
            "died_on": self.sometimes(self.days(self.n), 0.02),
            "registered": self.chance(self.n, 0.85),
            "arrived_on": self.sometimes(
                np.maximum(self.days(self.n, np.datetime64("2021-01-01")), self.born_on), 0.08
            ),
            "health_card": self.chance(self.n, 0.6),
        }

    def residences(self) -> Columns:
        who = self.someone(0.1)
        start = np.maximum(self.days(len(who), np.datetime64("2015-01-01"), _START), self.born_on[who - 1])
        moved = self.days(len(who))
        again = self.chance(len(who), 0.3)  # moved within the district, or away
        first = {
            **self.about(who),
            "start_on": start,
            "end_on": np.ma.masked_array(np.maximum(moved, start), mask=~again),
            "place": self.places_of(who),
        }
        movers = who[again]
        second = {
            **self.about(movers, away=1.0),
            "start_on": (np.maximum(moved, start) + _DAY)[again],
            "end_on": self.sometimes(np.full(len(movers), _END), 0.0),
            "place": self.places_of(movers),
        }
        return {name: np.ma.concatenate([first[name], second[name]]) for name in first}

    def tags(self) -> Columns:
        words = [
            "disabled",
            "low_income",
            "htn_diagnosed",
            "dm_diagnosed",
            "care_plan",
            "solitary",
            "high_risk_elder",
        ]
        count = int(self.n * 0.15)
        return {
            **self.about(self.anyone(count)),
            "tag": self.pick(words, count),
            "start_on": self.days(count, np.datetime64("2020-01-01")),
        }

    def health_records(self) -> Columns:
        who = np.concatenate([self.someone(0.89), self.someone(0.01)])
        count = len(who)
        created = np.maximum(self.days(count, np.datetime64("2012-01-01")), self.born_on[who - 1])
        cancelled = self.sometimes(np.minimum(created + np.timedelta64(500, "D"), _END), 0.03)
        return {
            **self.about(who),
            "created_on": created,
            "electronic": self.chance(count, 0.95),
            "complete": self.chance(count, 0.9),
            "code_valid": self.chance(count, 0.97),
            "cancelled_on": cancelled,
            "cancel_reason": np.ma.masked_array(
                self.pick(["died", "moved", "lost"], count), mask=cancelled.mask
            ),
            "place": self.places_of(who),
            "family": who // 3,
            "doctor": self.sometimes(self.pick(["甲", "乙", "丙"], count), 0.9),
        }

    # -- care

    def enrolments(self) -> Columns:
        adults = np.flatnonzero(self.age >= 30) + 1
        parts = []
        for programme, share in (("htn", 0.22), ("dm", 0.08)):
            who = adults[self.chance(len(adults), share)]
            start = self.days(len(who), np.datetime64("2015-01-01"))
            parts.append((programme, who, start))
        who = np.concatenate([part[1] for part in parts])
        start = np.concatenate([part[2] for part in parts])
        end = np.minimum(start + np.timedelta64(900, "D"), _END)
        return {
            **self.about(who),
            "programme": np.concatenate([np.full(len(part[1]), part[0], dtype=object) for part in parts]),
            "start_on": start,
            "end_on": self.sometimes(end, 0.04),
        }

    def followups(self, enrolled: Columns) -> Columns:
        """Some four a year and patient: 2.4 a resident in all."""
        row = self.random.integers(0, len(enrolled["person"]), int(self.n * 2.4))
        who, count = enrolled["person"][row], len(row)
        day = self.days(count)
        return {
            **self.dated(who, day),
            "programme": enrolled["programme"][row],
            "mode": self.pick(["clinic", "station", "home", "phone"], count, [0.4, 0.3, 0.15, 0.15]),
            "sbp": self.sometimes(self.random.normal(138, 15, count).astype(np.int16), 0.95),
            "dbp": self.sometimes(self.random.normal(82, 9, count).astype(np.int16), 0.95),
            "fpg": self.sometimes(np.round(self.random.normal(7, 1.5, count), 1), 0.6),
            "adherence": self.pick(["regular", "irregular", "none"], count, [0.7, 0.2, 0.1]),
            "next_on": self.sometimes(day + np.timedelta64(90, "D"), 0.8),
        }

    def checkups(self, enrolled: Columns) -> Columns:
        """One a resident in all: patients and elders, most of them every year."""
        elders = np.flatnonzero(self.age >= 64) + 1
        pool = np.concatenate([elders, elders, np.unique(enrolled["person"])])
        count = self.n
        who = pool[self.random.integers(0, len(pool), count)]
        return {
            **self.dated(who, self.days(count)),
            "complete": self.chance(count, 0.9),
            "sbp": self.sometimes(self.random.normal(134, 15, count).astype(np.int16), 0.95),
            "dbp": self.sometimes(self.random.normal(80, 9, count).astype(np.int16), 0.95),
            "fpg": self.sometimes(np.round(self.random.normal(6, 1.3, count), 1), 0.9),
            "self_care": self.sometimes(self.pick(["1", "2", "3", "4"], count), 0.7),
            "cognitive": self.sometimes(self.pick(["negative", "positive"], count), 0.7),
        }

    def doses(self) -> Columns:
        children = np.flatnonzero(self.age < 10) + 1
        count = int(self.n * 0.8)
        child = self.chance(count, 0.75)
        who = np.where(child, children[self.random.integers(0, len(children), count)], self.anyone(count))
        day = np.maximum(self.days(count), self.born_on[who - 1])
        kinds = ["bcg", "hepb", "polio", "dtp", "mcv", "je", "mena", "menac", "hepa"]
        given = day.astype("datetime64[s]") + self.random.integers(8 * 3600, 17 * 3600, count).astype(
            "timedelta64[s]"
        )
        return {
            **self.dated(who, day),
            "vaccine": np.where(child, self.pick(kinds, count), self.pick(["flu", "covid"], count)),
            "dose_no": self.random.integers(1, 5, count),
            "given_at": given,
            "programme_class": np.where(child, 1, 2),
            "consent": self.chance(count, 0.97),
            "observed_minutes": self.sometimes(self.random.integers(20, 45, count), 0.9),
            "uploaded_on": self.sometimes(day, 0.95),
        }

    def cards(self) -> Columns:
        children = np.flatnonzero(self.age < 8) + 1
        who = children[self.chance(len(children), 0.93)]
        return {**self.about(who), "issued_on": self.born_on[who - 1] + np.timedelta64(20, "D")}

    def contracts(self) -> Columns:
        """1.8 a resident: a contract a year for six in ten."""
        parts = []
        for year in range(3):
            who = self.someone(0.6)
            start = (
                _START
                + np.timedelta64(365 * year, "D")
                + self.random.integers(0, 240, len(who)).astype("timedelta64[D]")
            )
            parts.append((who, start))
        who, start = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
        count = len(who)
        fee = self.sometimes(np.full(count, 12_000), 0.2)
        return {
            **self.about(who),
            "contract_no": np.array([f"C{n}" for n in range(count)], dtype=object),
            "signed_on": start,
            "start_on": start,
            "end_on": start + np.timedelta64(364, "D"),
            "stopped_on": self.sometimes(start + np.timedelta64(100, "D"), 0.02),
            "package": self.pick(["基础", "老年", "慢病", "儿童"], count),
            "fee": fee,
            "fee_insurance": np.ma.masked_array(np.full(count, 7_000), mask=fee.mask),
            "fee_fund": np.ma.masked_array(np.full(count, 5_000), mask=fee.mask),
            "family": who // 3,
        }

    def contract_items(self) -> Columns:
        count = int(self.n * 0.6)
        due = self.days(count)
        done = due + self.random.integers(-60, 60, count).astype("timedelta64[D]")
        return {
            **self.about(self.anyone(count)),
            "contract_no": self.pick(["C"], count),
            "item": self.pick(["checkup", "guidance", "visit"], count),
            "due_on": due,
            "month": _month(due),
            "done_on": self.sometimes(done, 0.85),
        }

    def services(self) -> Columns:
        count = int(self.n * 0.6)
        kinds = ["consultation", "guidance", "home_nursing", "drug_delivery", "rehab", "update"]
        return {
            **self.dated(self.anyone(count), self.days(count)),
            "kind": self.pick(kinds, count),
            "mode": self.pick(["clinic", "phone", "home", "online"], count),
        }

    def encounters(self) -> Columns:
        """Four a resident in all; older people come more often."""
        count = self.n * 4
        weight = np.cumsum(1 + self.age / 20)
        who = np.searchsorted(weight, self.random.random(count) * weight[-1]) + 1
        day = self.days(count)
        kind = self.pick(["outpatient", "emergency", "inpatient"], count, [0.93, 0.04, 0.03])
        discharged = np.minimum(day + np.timedelta64(6, "D"), _END)
        return {
            **self.dated(who, day, away=0.2),
            "visit_no": np.array([f"V{n}" for n in range(count)], dtype=object),
            "kind": kind,
            "department": self.pick(["general", "tcm", "rehab"], count, [0.8, 0.15, 0.05]),
            "channel": self.pick(["onsite", "online"], count, [0.95, 0.05]),
            "appointed": self.chance(count, 0.3),
            "first_visit": self.chance(count, 0.4),
            "icd": self.pick(["I10", "J06.9", "E11.9", "M54.5", "K29.5"], count),
            "sbp": self.sometimes(self.random.normal(132, 16, count).astype(np.int16), 0.5),
            "fee": self.sometimes(self.random.integers(500, 40_000, count), 0.98),
            "wait_minutes": self.sometimes(self.random.integers(1, 90, count), 0.7),
            "handled_minutes": np.ma.masked_array(
                self.random.integers(1, 60, count), mask=kind != "emergency"
            ),
            "infusion": self.chance(count, 0.05),
            "linked": self.chance(count, 0.8),
            "discharged_on": np.ma.masked_array(discharged, mask=kind != "inpatient"),
        }

    def prescriptions(self, visits: Columns) -> Columns:
        """One for every second visit."""
        row = np.flatnonzero(self.chance(len(visits["person"]), 0.5))
        count = len(row)
        taken = {
            name: visits[name][row]
            for name in ("subject", "person", "unit", "day", "month", "entered_on", "visit_no")
        }
        reviewed = self.chance(count, 0.2)
        return {
            **taken,
            "rx_no": np.array([f"R{n}" for n in range(count)], dtype=object),
            "amount": self.sometimes(self.random.integers(300, 30_000, count), 0.98),
            "antibiotic": self.chance(count, 0.12),
            "injection": self.chance(count, 0.1),
            "steroid": self.chance(count, 0.03),
            "intravenous": self.chance(count, 0.05),
            "herbal": self.chance(count, 0.1),
            "reviewed": reviewed,
            "qualified": np.ma.masked_array(self.chance(count, 0.95), mask=~reviewed),
        }

    def referrals(self) -> Columns:
        count = int(self.n * 0.02)
        return {
            **self.dated(self.anyone(count), self.days(count)),
            "referral_no": np.array([f"F{n}" for n in range(count)], dtype=object),
            "direction": self.pick(["up", "down"], count),
        }
