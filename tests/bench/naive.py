"""The same twelve indicators as a plain pandas script counts them: month after month, a filter over everything.

No trick that pandas does not suggest by itself: for every month-end the rows in force are filtered, joined and
grouped. ``bench`` checks that the counts are those of the engine.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

_FOREVER = 99_999
_FACE_TO_FACE = ("clinic", "station", "community", "home")

_COLUMNS = {
    "person": [
        "person",
        "unit",
        "born_on",
        "born_month",
        "entered_on",
        "arrived_on",
        "registered",
        "died_on",
    ],
    "residence": ["person", "unit", "start_on", "end_on"],
    "health_record": [
        *("row_id", "person", "unit", "created_on", "cancelled_on"),
        *("cancel_reason", "died_on", "electronic"),
    ],
    "contract": ["person", "unit", "start_on", "end_on", "stopped_on", "signed_on", "fee"],
    "enrolment": ["person", "programme", "start_on", "end_on"],
    "followup": [
        *("row_id", "person", "unit", "programme", "day", "entered_on", "month", "mode", "sbp", "dbp"),
    ],
    "checkup": ["person", "month", "complete"],
    "encounter": ["person", "unit", "kind", "month", "fee"],
    "prescription": ["unit", "month", "antibiotic"],
    "service": ["person", "month", "kind"],
    "referral": ["person", "month"],
}


def with_pandas(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> dict[tuple[str, str], dict]:
    """(card, part) -> {(unit, month): n} for the months from ``first`` to ``last``."""
    tables = {
        name: connection.execute(
            f"SELECT {', '.join(columns)} FROM records.{name} WHERE known_to IS NULL"
        ).df()
        for name, columns in _COLUMNS.items()
    }
    stay = _stay(tables)
    resident = _resident(stay)
    record = _record_spans(tables["health_record"])
    contract = _contract_spans(tables["contract"])
    patient = _patients(tables["enrolment"], stay)
    record_year = _record_spans(tables["health_record"], to_year_end=True)
    served = _services(tables)
    parts: dict[tuple[str, str], dict] = {}
    for month in range(first, last + 1):
        for place, counts in _month(
            month, tables, stay, resident, record, record_year, contract, patient, served
        ).items():
            parts.setdefault(place, {}).update(
                {(int(unit), month): int(n) for unit, n in counts.items() if n}
            )
    return parts


def _month(month, tables, stay, resident, record, record_year, contract, patient, served) -> dict:
    """Counts by unit of every card's part in one month."""
    y0 = month - month % 12
    here = _at(resident, month)
    recorded = _at(record, month)["person"]
    usable = _at(stay, month)
    usable = usable[usable["person"].isin(_at(record[record["electronic"] != False], month)["person"])]  # noqa: E712
    this_year = served[(served["month"] >= y0) & (served["month"] <= month)]["person"]
    year = _in_year(resident, month)
    elders = year[year["born_month"] + 65 * 12 <= y0 + 11]
    checkup = tables["checkup"]
    checkup = checkup[(checkup["month"] >= y0) & (checkup["month"] <= month)]
    complete = checkup[checkup["complete"] == True]["person"]  # noqa: E712
    patients = _in_year(patient, month)
    followup = tables["followup"]
    followup = followup[(followup["month"] >= y0) & (followup["month"] <= month)]
    htn = followup[followup["programme"] == "htn"]
    visits = tables["encounter"]
    seen = visits[(visits["month"] >= y0) & (visits["month"] <= month)]["person"]
    visits = visits[(visits["month"] == month) & (visits["kind"] == "outpatient")]
    prescribed = tables["prescription"]
    prescribed = prescribed[(prescribed["month"] == month) & prescribed["antibiotic"].notna()]
    signed = tables["contract"]
    signed = signed[(_month_of(signed["signed_on"]) == month) & (signed["fee"] > 0)]
    now = tables["followup"]
    now = now[(now["month"] == month) & now["programme"].isin(["htn", "dm"])]
    examined = elders["person"].isin(complete) & elders["person"].isin(_at(record_year, month)["person"])
    return {
        ("hr_filing_rate", "numerator"): _by_unit(here[here["person"].isin(recorded)]),
        ("hr_filing_rate", "listed"): _by_unit(here),
        ("hr_dynamic_update_rate", "numerator"): _by_unit(usable[usable["person"].isin(this_year)]),
        ("hr_dynamic_update_rate", "listed"): _by_unit(usable),
        ("fd_contract_rate", "numerator"): _by_unit(
            here[here["person"].isin(_at(contract, month)["person"])]
        ),
        ("fd_paid_amount", "numerator"): signed.groupby("unit")["fee"].sum(),
        ("el_mgmt_rate", "numerator"): _by_unit(elders[examined]),
        ("el_mgmt_rate", "listed"): _by_unit(elders),
        ("htn_standard_rate", "numerator"): _by_unit(_met(patients, htn, checkup, patient, y0)),
        ("htn_standard_rate", "listed"): _by_unit(patients),
        ("htn_control_rate", "numerator"): _by_unit(_at_goal(patients, htn, tables["person"])),
        ("ncd_followup_count", "numerator"): _by_unit(now),
        ("op_visits", "numerator"): _by_unit(visits),
        ("op_cost_per_visit", "numerator"): visits.groupby("unit")["fee"].sum(),
        ("op_cost_per_visit", "denominator"): visits.groupby("unit")["fee"].count(),
        ("op_utilisation_trust", "numerator"): _by_unit(year[year["person"].isin(seen)]),
        ("op_utilisation_trust", "listed"): _by_unit(year),
        ("antibiotic_rate", "numerator"): prescribed[prescribed["antibiotic"].astype(bool)]
        .groupby("unit")
        .size(),
        ("antibiotic_rate", "denominator"): _by_unit(prescribed),
    }


def _by_unit(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("unit").size()


def _at(spans: pd.DataFrame, month: int) -> pd.DataFrame:
    return spans[(spans["s"] <= month) & (spans["e"] >= month)]


def _in_year(spans: pd.DataFrame, month: int) -> pd.DataFrame:
    """Who was there on any day of the year so far, at the last unit."""
    rows = spans[(spans["s"] <= month) & (spans["e"] >= month - month % 12)]
    return rows.sort_values("s").drop_duplicates("person", keep="last")


def _month_of(days: pd.Series) -> pd.Series:
    return days.dt.year * 12 + days.dt.month - 1


def _open(months: pd.Series) -> pd.Series:
    return months.fillna(_FOREVER).astype(int)


def _stay(tables: dict) -> pd.DataFrame:
    """Who is managed where, from which month to which."""
    person, register = tables["person"], tables["residence"]
    records = tables["health_record"].sort_values(["created_on", "row_id"])
    records = records.assign(in_force=records["cancelled_on"].isna())
    best = (
        records.sort_values("in_force", kind="stable")
        .drop_duplicates("person", keep="last")
        .set_index("person")
    )
    left_on = best["cancelled_on"].where(best["cancel_reason"].isin(["died", "moved"]))
    firsts = records.groupby("person").agg(first_record=("created_on", "min"), record_died=("died_on", "min"))
    known = person.merge(firsts, left_on="person", right_index=True, how="left")
    known["record_unit"] = known["person"].map(best["unit"])
    known["left_on"] = known["person"].map(left_on)
    others = known[~known["person"].isin(register["person"]) & known["born_on"].notna()].copy()
    newborn = others["first_record"] < others["born_on"] + pd.DateOffset(years=1)
    earliest = others[["first_record", "entered_on"]].min(axis=1).fillna(others["born_on"])
    first_on = others["arrived_on"].fillna(
        others["born_on"].where(newborn, earliest.where(earliest > others["born_on"], others["born_on"]))
    )
    from_record = pd.DataFrame(
        {
            "person": others["person"],
            "unit": others["record_unit"].fillna(others["unit"]).astype(int),
            "first_on": first_on,
            "last_on": others["left_on"],
        }
    )
    from_register = register.rename(columns={"start_on": "first_on", "end_on": "last_on"})
    rows = pd.concat([from_register, from_record], ignore_index=True).merge(
        known[["person", "died_on", "record_died", "born_month", "registered", "arrived_on"]], on="person"
    )
    rows["last_on"] = rows[["last_on", "died_on", "record_died"]].min(axis=1)
    rows = rows[rows["last_on"].isna() | (rows["first_on"] <= rows["last_on"])]
    rows = rows.sort_values(["person", "first_on", "last_on", "unit"])
    following = _month_of(rows.groupby("person")["first_on"].shift(-1)) - 1
    rows["s"] = _month_of(rows["first_on"]).astype(int)
    rows["e"] = np.minimum(_open(_month_of(rows["last_on"])), _open(following))
    return rows[rows["s"] <= rows["e"]]


def _resident(stay: pd.DataFrame) -> pd.DataFrame:
    """A floating person counts once six months here are complete."""
    floating = (stay["registered"] == False) & stay["arrived_on"].notna()  # noqa: E712
    counted = (_month_of(stay["arrived_on"]).fillna(0) + 6).where(floating, 0).astype(int)
    rows = stay.assign(s=np.maximum(stay["s"], counted))
    return rows[rows["s"] <= rows["e"]]


def _record_spans(records: pd.DataFrame, to_year_end: bool = False) -> pd.DataFrame:
    """Records in force; of whoever died or left to the year's end where a year's figures ask for it."""
    cancelled = _month_of(records["cancelled_on"])
    left = cancelled - cancelled % 12 + 11 if to_year_end else cancelled
    ended = left.where(records["cancel_reason"].isin(["died", "moved"]), cancelled - 1)
    rows = records.assign(s=_month_of(records["created_on"]), e=_open(ended))
    return rows[rows["s"] <= rows["e"]]


def _contract_spans(contracts: pd.DataFrame) -> pd.DataFrame:
    full = _month_of(contracts["end_on"] + pd.Timedelta(days=1)) - 1
    stopped = _open(_month_of(contracts["stopped_on"]) - 1)
    return contracts.assign(s=_month_of(contracts["start_on"]), e=np.minimum(full, stopped))


def _patients(enrolment: pd.DataFrame, stay: pd.DataFrame) -> pd.DataFrame:
    """Hypertension patients at the unit that manages them; nobody is enrolled twice here."""
    rows = enrolment[enrolment["programme"] == "htn"]
    rows = rows.assign(from_=_month_of(rows["start_on"]), to=_open(_month_of(rows["end_on"])))
    rows = rows[["person", "start_on", "from_", "to"]].merge(
        stay[["person", "unit", "first_on", "s", "e"]], on="person"
    )
    rows["s"], rows["e"] = rows[["from_", "s"]].max(axis=1), rows[["to", "e"]].min(axis=1)
    return rows[rows["s"] <= rows["e"]]


def _services(tables: dict) -> pd.DataFrame:
    """Person and month of everything that counts as a service."""
    services = tables["service"][tables["service"]["kind"] != "update"]
    others = [tables[name] for name in ("encounter", "checkup", "followup", "referral")]
    return pd.concat([table[["person", "month"]] for table in (*others, services)], ignore_index=True)


def _met(patients, htn, checkup, patient, y0) -> pd.DataFrame:
    """Patients who have had all that the year asks for."""
    made = htn[htn["mode"].isin(_FACE_TO_FACE)].drop_duplicates(["person", "day"]).groupby("person").size()
    first, last = pd.Timestamp(y0 // 12, 1, 1), pd.Timestamp(y0 // 12, 12, 31)
    of_year = patient[(patient["s"] <= y0 + 11) & (patient["e"] >= y0)]
    since = of_year[["start_on", "first_on"]].max(axis=1).groupby(of_year["person"]).min()
    from_ = patients["person"].map(since)
    pro_rata = np.ceil(4 * ((last - from_).dt.days + 1) / 365)
    owed = np.maximum(np.where(from_ <= first, 4, pro_rata), 1)
    enough = patients["person"].map(made).fillna(0) >= owed
    return patients[enough & patients["person"].isin(checkup["person"])]


def _at_goal(patients, htn, person) -> pd.DataFrame:
    """Patients whose last follow-up of the year was at goal."""
    entered = htn["entered_on"].fillna(htn["day"])
    last = (
        htn.assign(entered=entered)
        .sort_values(["day", "entered", "row_id"])
        .drop_duplicates("person", keep="last")
    )
    last = last.merge(person[["person", "born_on"]], on="person")
    elder = last["born_on"] + pd.DateOffset(years=65) <= last["day"]
    valid = last["sbp"].between(60, 300) & last["dbp"].between(30, 200) & (last["sbp"] > last["dbp"])
    good = valid & (last["dbp"] < 90) & (last["sbp"] < np.where(elder, 150, 140))
    return patients[patients["person"].isin(last[good]["person"])]
