"""How a fabricating doctor's sheets of the sixth withheld world come about: what is chosen, made up, dated, typed and written."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from tests.truth import withheld_sixth_clever as clever
from tests.truth import withheld_sixth_crude as crude
from tests.truth.withheld_sixth_desk import Desk, remember
from tests.truth.withheld_sixth_habits import Habits, written_pressure, written_sugar
from tests.truth.withheld_sixth_places import Places
from tests.truth.withheld_sixth_records import CLINIC, HOME, PHONE, entered_on, lose, typed_on
from tests.truth.withheld_sixth_scope import Round, choose, evenings, forms_with_sugar, go_round, redate
from tests.truth.withheld_sixth_visits import CHECKUP, SMI

# How it is made up, and which visits: any, those that never were, real ones, ...
KINDS: dict[str, tuple[Callable[[Desk], np.ndarray], str]] = {
    "copied": (crude.copied, "any"),
    "quarter_end": (crude.quarter_end, "end_of_year"),
    "before_last": (crude.before_last, "any"),
    "minus_column": (crude.minus_column, "any"),
    "head": (crude.head, "any"),
    "between_limits": (crude.between_limits, "any"),
    "dragged": (crude.dragged, "any"),
    "templates": (crude.templates, "any"),
    "no_round": (crude.no_round, "any"),
    "improving": (crude.improving, "any"),
    "household": (crude.household, "any"),
    "calls_as_visits": (crude.calls_as_visits, "calls"),
    "unvisited": (clever.unvisited, "never"),
    "unreachable": (clever.unreachable, "unreachable"),
    "own_mean": (clever.own_mean, "any"),
    "careful": (clever.careful, "any"),
    "shaved": (clever.shaved, "real"),
    "quota": (clever.quota, "quota"),
    "glucose": (clever.glucose, "sugar"),
    "derived_diastolic": (clever.derived_diastolic, "real"),
    "others_sheets": (clever.others_sheets, "any"),
    "borrowed": (clever.borrowed, "any"),
    "reshuffled": (clever.reshuffled, "any"),
    "from_checkup": (clever.from_checkup, "any"),
    "averaged": (clever.averaged, "any"),
    "interpolated": (clever.interpolated, "any"),
}
AS_IT_IS = {"head", "between_limits", "dragged", "templates", "no_round", "others_sheets", "borrowed"}
AS_IT_IS |= {"copied", "minus_column", "before_last", "reshuffled"}
NEEDS_REAL = {"household", "averaged", "interpolated", "reshuffled"}


def forge(
    rng: np.random.Generator,
    places: Places,
    habits: Habits,
    sheet: pd.DataFrame,
    doctor: int,
    kinds: list[str],
    eager: float,
) -> pd.DataFrame:
    """The rows that this doctor made up, as they are written; their index is that of the sheet."""
    turn = go_round(
        sheet, np.flatnonzero(sheet.doctor.to_numpy() == doctor), places.persons["rank"].to_numpy()
    )
    half = rng.random(len(places.persons)) < 0.5
    skill = float(rng.beta(1.6, 1.6))
    parts = []
    for number, kind in enumerate(kinds):
        make, way = KINDS[kind]
        chosen = choose(rng, places, turn, way, skill, eager)
        if kind in NEEDS_REAL:  # somebody has to be measured
            chosen &= rng.random(len(chosen)) < 0.75
        if len(kinds) > 1:
            chosen &= half[turn.person] == (number == 0)
        if chosen.any():
            parts.append(_write(rng, places, habits, sheet, turn, chosen, doctor, kind, make, skill))
    if not parts:
        return sheet.iloc[:0]
    out = pd.concat(parts)
    return out[~out.duplicated(["person", "kind", "day"])]


def _write(
    rng: np.random.Generator,
    places: Places,
    habits: Habits,
    sheet: pd.DataFrame,
    turn: Round,
    chosen: np.ndarray,
    doctor: int,
    kind: str,
    make: Callable[[Desk], np.ndarray],
    skill: float,
) -> pd.DataFrame:
    real_visits = KINDS[kind][1] in ("real", "sugar", "quota")
    desk = _desk(rng, places, habits, sheet, turn, chosen, doctor, skill)
    value = make(desk)
    untouched = (value == desk.readings()) | (np.isnan(value) & (kind in ("shaved", "derived_diastolic")))
    value = np.where(np.isnan(value), desk.known, value)
    value = _hand(rng, habits, desk, value, doctor, kind)
    day = turn.day if real_visits else redate(rng, places, habits, turn, chosen, doctor)
    batch = not real_visits and rng.random() < 0.45
    pick = chosen[turn.of]
    rows, of = turn.rows[pick], turn.of[pick]
    old = sheet.iloc[rows]
    new = old.copy()
    own, form = old.kind.to_numpy(), forms_with_sugar(old.kind.to_numpy())
    fills = rng.random() < 0.4  # no form without glucose
    new["sbp"], new["dbp"] = value[of, 0], value[of, 1]
    sweet = form & (old.fpg.notna().to_numpy() | fills | (kind == "glucose"))
    new["fpg"] = np.where(sweet, value[of, 2], np.nan)
    if real_visits:
        for k, column in enumerate(("sbp", "dbp", "fpg")):
            new[column] = np.where(untouched[of, k] | (kind == "glucose" and k < 2), old[column], new[column])
    new["day"] = day[of]
    # The way of the visit is told as a real one's would be.
    face = HOME if rng.random() < habits.home[doctor] else CLINIC
    new["mode"] = np.where(old["mode"] == PHONE, face, old["mode"])
    if kind == "calls_as_visits":
        new["mode"] = np.where(own == CHECKUP, CLINIC, HOME)
    moved = new.day.to_numpy() != old.day.to_numpy()
    clash = _clash(sheet, new, moved, of)
    new["day"] = np.where(clash, old.day, new.day)
    moved &= ~clash
    who = np.full(len(new), doctor)
    typed = typed_on(rng, places, habits, who, new.day.to_numpy())
    if batch:
        typed = evenings(rng, places, turn, chosen, day)[of]
        typed = np.maximum(typed, new.day.to_numpy())
    keeps = ~moved & ~np.full(len(new), batch)
    new["typed"] = np.where(keeps, old.typed, typed)
    new["entered"] = np.where(keeps, old.entered, entered_on(rng, habits, new.typed.to_numpy()))
    new["complete"] = True
    lose(places, habits, new)
    new["made"] = _is_made(old, new, moved | np.full(len(new), batch), real_visits)
    return new[new.made]


def _is_made(old: pd.DataFrame, new: pd.DataFrame, moved: np.ndarray, real_visits: bool) -> np.ndarray:
    """Made up is what says something that was not so: a reading, a visit or the day of one."""
    claimed = old.gone.to_numpy() > 0
    told = new[["sbp", "dbp", "fpg"]].notna().any(axis=1).to_numpy()
    if not real_visits:
        return told | claimed | (moved & (old.kind.to_numpy() == SMI))
    same = np.ones(len(old), dtype=bool)
    for column in ("sbp", "dbp", "fpg"):
        a, b = old[column].to_numpy(), new[column].to_numpy()
        same &= (a == b) | (np.isnan(a) & np.isnan(b))
    return ~same | (claimed & told)


def _clash(sheet: pd.DataFrame, new: pd.DataFrame, moved: np.ndarray, of: np.ndarray) -> np.ndarray:
    def key(frame: pd.DataFrame) -> np.ndarray:
        return (frame.person.to_numpy() * 4 + frame.kind.to_numpy()) * 100_000 + frame.day.to_numpy()

    ours = key(new)
    twice = pd.Series(ours).duplicated(keep=False).to_numpy()
    bad = moved & (np.isin(ours, key(sheet)) | twice)
    return np.bincount(of, bad, of.max() + 1)[of] > 0


def _desk(
    rng: np.random.Generator,
    places: Places,
    habits: Habits,
    sheet: pd.DataFrame,
    turn: Round,
    chosen: np.ndarray,
    doctor: int,
    skill: float,
) -> Desk:
    persons = places.persons
    readings = turn.readings.copy()
    readings[turn.gone > 0] = np.nan
    readings[:, 2] = np.where(readings[:, 2] > 35, readings[:, 2] / 18, readings[:, 2])
    odd = (readings[:, 0] > 215) | (readings[:, 0] <= readings[:, 1])  # slips of the pen are not remembered
    sane = np.where(odd[:, None], np.nan, readings)
    known = remember(turn.person, chosen | odd, sane, rng)
    there = sheet[(sheet.gone == 0) & sheet.sbp.notna()]
    checks = there[there.kind == CHECKUP].drop_duplicates("person").set_index("person")
    checkup = checks[["sbp", "dbp", "fpg"]].reindex(turn.person).to_numpy()
    checkup = _latest(there, turn, checkup)
    checkup[:, 2] = np.where(checkup[:, 2] > 35, checkup[:, 2] / 18, checkup[:, 2])
    unit = places.doctors.unit.to_numpy()
    others = there[(there.doctor != doctor) & (there.kind != CHECKUP)]
    near = others[unit[others.doctor] == unit[doctor]]
    others = near if len(near) > 150 else others
    pool = others[["sbp", "dbp", "fpg"]].to_numpy()[rng.integers(0, len(others), 400)]
    pool[:, 2] = np.where(pool[:, 2] > 35, pool[:, 2] / 18, pool[:, 2])
    return Desk(
        rng,
        skill,
        turn.person,
        persons["rank"].to_numpy()[turn.person],
        turn.day,
        turn.quarter,
        sane[:, 0],
        sane[:, 1],
        sane[:, 2],
        turn.sugar,
        persons["head"].to_numpy()[turn.person],
        np.where(np.isnan(checkup), known, checkup),
        pool,
        chosen,
        known,
    )


def _latest(there: pd.DataFrame, turn: Round, first: np.ndarray) -> np.ndarray:
    checks = there[there.kind == CHECKUP].sort_values("day", kind="stable")
    left = pd.DataFrame({"person": turn.person, "day": turn.day, "at": np.arange(len(turn.day))})
    left = left.sort_values("day", kind="stable")
    near = pd.merge_asof(left, checks[["person", "day", "sbp", "dbp", "fpg"]], on="day", by="person")
    near = near.sort_values("at")[["sbp", "dbp", "fpg"]].to_numpy()
    return np.where(np.isnan(near), first, near)


def _hand(
    rng: np.random.Generator, habits: Habits, desk: Desk, value: np.ndarray, doctor: int, kind: str
) -> np.ndarray:
    """Numbers as this hand writes them: like its own device, or just whole."""
    n = len(value)
    mimics = rng.random() < 0.35 + 0.5 * desk.skill
    sbp, dbp = np.round(value[:, 0]), np.round(value[:, 1])
    if mimics and kind not in AS_IT_IS and kind not in ("glucose", "derived_diastolic"):
        later = desk.day >= habits.switch_on[doctor]
        code = np.where(later, habits.device_later[doctor], habits.device[doctor])
        firm = np.full(n, habits.strength[doctor])
        sbp = np.where(value[:, 0] == desk.sbp, sbp, written_pressure(value[:, 0], code, firm, rng))
        dbp = np.where(value[:, 1] == desk.dbp, dbp, written_pressure(value[:, 1], code, firm, rng))
    sbp = np.clip(sbp, 88, 198)
    dbp = np.clip(np.minimum(dbp, sbp - 18), 48, 120)
    fpg = np.clip(value[:, 2], 3.6, 26)
    code = int(habits.glucose[doctor])
    copies = mimics or kind in ("others_sheets", "borrowed", "reshuffled", "shaved", "quota")
    usual = written_sugar(fpg, np.full(n, code if copies or code == 4 else 0))
    return np.column_stack([sbp, dbp, usual])
