"""What honest doctors of the sixth withheld world measure, write down and type."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.truth.withheld_sixth_bodies import Bodies
from tests.truth.withheld_sixth_habits import Habits, written_pressure, written_sugar
from tests.truth.withheld_sixth_places import Places, as_dates
from tests.truth.withheld_sixth_visits import CHECKUP, DM, HTN, SMI

CLINIC, HOME, PHONE, NO_MODE = 0, 1, 2, 3
MODE_NAMES = ("clinic", "home", "phone", "")


def keep_records(
    rng: np.random.Generator, places: Places, habits: Habits, bodies: Bodies, visits: pd.DataFrame
) -> pd.DataFrame:
    """The visits with mode, sbp, dbp, fpg, complete, typed (day, before anything is lost) and entered."""
    sheet = visits.copy()
    sheet["mode"] = _modes(rng, habits, sheet)
    _pressures(rng, places, habits, bodies, sheet)
    _sugars(rng, places, habits, bodies, sheet)
    _mistakes(rng, habits, sheet)
    sheet["typed"] = typed_on(rng, places, habits, sheet.doctor.to_numpy(), sheet.day.to_numpy())
    _dated_by_typing(habits, sheet)
    sheet["entered"] = entered_on(rng, habits, sheet.typed.to_numpy())
    sheet["complete"] = rng.random(len(sheet)) < 0.97
    lose(places, habits, sheet)
    return sheet


def lose(places: Places, habits: Habits, sheet: pd.DataFrame) -> None:
    """Columns that whole units or the district do not have; also for what was made up."""
    doctor, on, whole = sheet.doctor.to_numpy(), habits.on, habits.district
    none = on["no_days_of_typing"][doctor] | whole["no_days_of_typing_anywhere"]
    sheet["entered"] = np.where(none, -1, sheet.entered)
    sheet["mode"] = np.where(on["no_ways"][doctor] | whole["no_ways_anywhere"], NO_MODE, sheet["mode"])
    sheet["fpg"] = np.where(on["no_sugars"][doctor] & (sheet.kind != CHECKUP), np.nan, sheet.fpg)
    paper = on["paper_first_year"][doctor] & (sheet.day < places.first + 365)
    for column in ("sbp", "dbp", "fpg"):
        sheet[column] = np.where(paper | (sheet.kind == SMI), np.nan, sheet[column])
    sheet["complete"] = sheet.complete.astype(bool) & ~on["form_never_complete"][doctor]


def _modes(rng: np.random.Generator, habits: Habits, sheet: pd.DataFrame) -> np.ndarray:
    doctor = sheet.doctor.to_numpy()
    visit = sheet.groupby(["person", "day"], sort=True).ngroup().to_numpy()
    luck = rng.random(visit.max() + 1)[visit]
    phone = habits.phone[doctor] + 0.12 * (sheet.gone == 3)
    home = np.where(habits.on["always_same_way"][doctor], habits.home[doctor] > 0.4, habits.home[doctor])
    phone = np.where(habits.on["always_same_way"][doctor], 0.0, phone)
    mode = np.where(luck < phone, PHONE, np.where(luck < phone + home * (1 - phone), HOME, CLINIC))
    checked = sheet.kind.eq(CHECKUP).groupby(visit).transform("any").to_numpy()
    return np.where(checked, CLINIC, mode)


def _pressures(
    rng: np.random.Generator, places: Places, habits: Habits, bodies: Bodies, sheet: pd.DataFrame
) -> None:
    doctor, kind = sheet.doctor.to_numpy(), sheet.kind.to_numpy()
    shared = (kind == CHECKUP) & ~habits.on["checkup_reading_on_both"][sheet.owner]
    key = pd.DataFrame(
        {"person": sheet.person, "day": sheet.day, "own": shared, "check": np.where(kind == CHECKUP, 0, 1)}
    )
    group = key.groupby(["person", "day", "own"], sort=True).ngroup().to_numpy()
    lead = key.assign(line=np.arange(len(key)), group=group).sort_values(["group", "check", "line"])
    lead = lead.drop_duplicates("group").line.to_numpy()  # one measurement for all forms of it
    by, day, who = doctor[lead], sheet.day.to_numpy()[lead], sheet.person.to_numpy()[lead]
    mode = sheet["mode"].to_numpy()[lead]
    team = kind[lead] == CHECKUP
    average = habits.on["averages"][by] | habits.on["home_logs"][by]
    sbp, dbp = bodies.pressures(who, day, rng, np.where(average, 0.5, 1.0))
    logs = habits.on["home_logs"][by] & ~team & (rng.random(len(by)) < 0.7)
    bias = np.where(team, 0.6 * habits.bias[by], habits.bias[by]) - 4 * logs
    sbp, dbp = sbp + bias, dbp + 0.6 * bias
    again = habits.on["measures_again"][by] & ((sbp >= 140) | (dbp >= 90))
    sbp = np.where(again, sbp - np.abs(rng.normal(4, 3, len(by))), sbp)
    dbp = np.where(again, dbp - np.abs(rng.normal(2, 2, len(by))), dbp)
    device = np.where(day < habits.switch_on[by], habits.device[by], habits.device_later[by])
    device = np.where(team & ~habits.on["own_checkups"][by], 0, device)
    firm = np.where(average & (device > 0), 0.3, habits.strength[by])
    sbp, dbp = written_pressure(sbp, device, firm, rng), written_pressure(dbp, device, firm, rng)
    near = habits.on["shy_of_140"][by] & (rng.random(len(by)) < 0.5)
    sbp = np.where(near & (sbp >= 140) & (sbp <= 141), 138, sbp)
    dbp = np.where(near & (dbp >= 90) & (dbp <= 91), 88, dbp)
    told = (mode == PHONE) & habits.on["tells_by_phone"][by] & (rng.random(len(by)) < 0.8)
    fives = np.where(rng.random(len(by)) < 0.5, 10, 5)
    sbp = np.where(told, fives * np.round((sbp - 3) / fives), sbp)
    dbp = np.where(told, fives * np.round((dbp - 2) / fives), dbp)
    blank = ((mode == PHONE) & ~told) | (rng.random(len(by)) < 0.008)
    blank |= (rng.random(len(by)) < 0.06) & (rng.random(len(places.doctors)) < 0.1)[by]
    empty = np.nan
    if habits.district["default_for_blank"]:  # the form of this system starts with 120/80
        empty = np.where(rng.random(len(by)) < 0.5, 1.0, np.nan)
    sbp, dbp = np.where(blank, 120 * empty, sbp), np.where(blank, 80 * empty, dbp)
    low = np.clip(np.minimum(dbp, sbp - 12), 42, 150)
    sheet["sbp"], sheet["dbp"] = np.clip(sbp, 80, 240)[group], low[group]


def _sugars(
    rng: np.random.Generator, places: Places, habits: Habits, bodies: Bodies, sheet: pd.DataFrame
) -> None:
    doctor, kind, day = sheet.doctor.to_numpy(), sheet.kind.to_numpy(), sheet.day.to_numpy()
    n, who = len(sheet), sheet.person.to_numpy()
    fpg = bodies.sugar(who, day, rng) * habits.glucose_bias[doctor]
    late = (kind == DM) & habits.on["random_sugar"][doctor] & (rng.random(n) < 0.6)
    fpg += np.where(late, np.abs(rng.normal(2.2, 1.4, n)), 0)
    code = habits.glucose[doctor]
    machine = (kind == CHECKUP) & ~habits.on["own_checkups"][doctor] & (code != 4)
    fpg = written_sugar(np.clip(fpg, 2.8, 30), np.where(machine, 5, code))
    lacks = (rng.integers(0, 9, (len(places.doctors), 40)) < 3)[
        doctor, np.clip((day - places.first) // 30, 0, 39)
    ]
    lacks &= habits.on["short_of_strips"][doctor]
    no = (kind == DM) & ((rng.random(n) > habits.tests[doctor]) | lacks | (sheet["mode"] == PHONE).to_numpy())
    no |= (kind == CHECKUP) & (rng.random(n) < 0.05)
    sheet["fpg"] = np.where(no | (kind == HTN) | (kind == SMI), np.nan, fpg)
    # The laboratory's value of the check-up stands in the follow-ups of the next weeks; a system repeats the last value.
    ranked = sheet[(kind == DM) | (kind == CHECKUP)]
    ranked = ranked[ranked.gone == 0].sort_values(["person", "day", "kind"], ascending=[True, True, False])
    checked = ranked.kind == CHECKUP
    value = ranked.fpg.where(checked).groupby(ranked.person).ffill()
    since = ranked.day.where(checked).groupby(ranked.person).ffill()
    own = ranked[ranked.kind == DM]
    near = ((own.day - since[own.index]) <= 35) & habits.on["carries_laboratory"][own.doctor]
    near &= value[own.index].notna()
    new = own.fpg.where(~near, value[own.index])
    if habits.district["copies_last_sugar"]:
        new = new.fillna(new.groupby(own.person).ffill())
    sheet.loc[own.index, "fpg"] = new


def _mistakes(rng: np.random.Generator, habits: Habits, sheet: pd.DataFrame) -> None:
    often = np.where(habits.on["mistypes"][sheet.doctor], 0.004, 0.0004)
    luck = rng.random(len(sheet))
    sbp, dbp, fpg = (sheet[column].to_numpy() for column in ("sbp", "dbp", "fpg"))
    swapped = luck < often
    digit = (luck > 1 - often) & (sbp < 200)
    sheet["sbp"] = np.where(swapped, dbp, np.where(digit, sbp + 100, sbp))
    sheet["dbp"] = np.where(swapped, sbp, dbp)
    sheet["fpg"] = np.where((rng.random(len(sheet)) < often) & (fpg < 20), fpg * 10, fpg).round(2)


def typed_on(
    rng: np.random.Generator, places: Places, habits: Habits, doctor: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """The day on which a form is typed."""
    n, code = len(day), habits.typing[doctor]
    dates = as_dates(day)
    month_end = day - dates.day.to_numpy() + dates.days_in_month.to_numpy()
    shift = rng.integers(0, 6, len(places.doctors))[doctor]
    out = day + (rng.random(n) < 0.08)
    out = np.where(code == 1, day + rng.integers(0, 4, n), out)
    weekly = day + (shift - day) % 7
    out = np.where((code == 2) | (code == 8), weekly + (rng.random(n) < 0.1), out)
    out = np.where(code == 3, month_end + shift - 2 + rng.integers(0, 2, n), out)
    ahead = (2 - (dates.month.to_numpy() - 1) % 3) * 30.44
    out = np.where(code == 4, month_end + ahead.astype(int) + shift - 3 + rng.integers(0, 4, n), out)
    of_year = dates.day_of_year.to_numpy()
    appraisal = day - of_year + np.where(of_year <= 325, 328, 365)
    out = np.where(code == 5, appraisal + rng.integers(0, 9, n), out)
    half = day - of_year + np.where(of_year <= 178, 181, 365)
    out = np.where(code == 6, half + rng.integers(0, 6, n), out)
    out = np.where(code == 7, day - rng.integers(0, 3, n), np.maximum(out, day))
    return np.minimum(out, np.maximum(places.last, day))


def _dated_by_typing(habits: Habits, sheet: pd.DataFrame) -> None:
    dated = habits.typing[sheet.doctor] == 8
    day = pd.Series(np.where(dated, sheet.typed, sheet.day), index=sheet.index)
    twice = pd.DataFrame({"p": sheet.person, "k": sheet.kind, "d": day}).duplicated(keep=False)
    sheet["day"] = np.where(twice, sheet.day, day)


def entered_on(rng: np.random.Generator, habits: Habits, typed: np.ndarray) -> np.ndarray:
    """The day that the system tells; all that was typed before the move to it has the days of the move."""
    if not habits.district["moved_system"]:
        return typed
    return np.where(typed < habits.moved_on, habits.moved_on + rng.integers(0, 3, len(typed)), typed)
