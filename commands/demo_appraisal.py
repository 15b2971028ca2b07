"""Appraisals of the demo: the year 2025 of its centres and village doctors, every quarter since by every shipped sheet, and appeals.

The newest one of centres is a draft, and so is what could not be published yet. What figures do not decide was scored on the spot; that is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, select

from commands.demo_scene import Scene, at_work, dated, last_day
from data.demo.appraisals import SCORE_2025
from data.demo.written import SINCE, YEAR_BEFORE
from data.register.tables import appeal, appraisal_line, appraisal_round
from metrics.appraisal import rounds
from metrics.appraisal.material import Material, Subject, standing
from metrics.appraisal.scoring import MANUAL, NO_FIGURE, SCORED, Entry
from metrics.appraisal.sheet import KINDS, Item, Method, Sheet, sheets_in_force
from metrics.principal import LOCAL

_QUARTER = 3
_AFTER_DAYS = 18  # from the end of a period to the publication of its scores
_BETTER = 0.8  # by how many points the reference centre does better after 2025
_STILL_OPEN = 0.3  # of the items of a draft
_TRIES = 5  # rounds of correcting, each of which leaves no more than what rounding took
_UNQUALIFIED = 5_900  # hundredths: what a doctor found unqualified comes to at most


def write(
    scene: Scene,
    connection: Connection,
    published: Connection,
    records: Connection,
    progress: Callable[[str, float], None],
) -> None:
    """Every round up to the newest, and appeals against the scores of centres that were published last."""
    planned = _planned(scene.last_month)
    newest = max((month for month, _, period in planned if period == "quarter"), default=None)
    centres = None
    for place, (month, sheet, period) in enumerate(planned):
        progress("考核 · appraisal", 0.1 + 0.85 * place / len(planned))
        number = rounds.open_round(LOCAL, connection, sheet, month, period)
        day = last_day(month) + timedelta(_AFTER_DAYS)
        is_draft = day > scene.today or (month == newest and sheet.kinds == ("centre",))
        material = rounds.material(LOCAL, connection, published, records, number)
        _score(scene, connection, material, number, period, is_draft=is_draft)
        if is_draft:
            continue
        rounds.publish(LOCAL, connection, published, records, number, 1)
        dated(connection, appraisal_round, {"round": number}, published_at=at_work(day, 16))
        if sheet.kinds == ("centre",):
            centres = number, month
    if centres is not None:
        _appeals(scene, connection, *centres)


def _planned(last: int) -> list[tuple[int, Sheet, str]]:
    """(last month, sheet, period) of every round: a year's doctors are appraised once more as a whole."""
    found = [
        (YEAR_BEFORE, sheet, "year")
        for sheet in _sheets(YEAR_BEFORE)
        if sheet.subject == "doctor" or "centre" in sheet.kinds
    ]
    for month in range(SINCE + _QUARTER - 1, last + 1, _QUARTER):
        sheets = _sheets(month)
        found += [(month, sheet, "quarter") for sheet in sheets]
        if month % 12 == 11:
            found += [(month, sheet, "year") for sheet in sheets if sheet.subject == "doctor"]
    return found


def _sheets(month: int) -> list[Sheet]:
    return list(dict.fromkeys(sheet for kind in KINDS for sheet in sheets_in_force(kind, month)))


# -- by hand ---------------------------------------------------------------------------------------


def _score(
    scene: Scene, connection: Connection, material: Material, number: int, period: str, *, is_draft: bool
) -> None:
    """Every item that nobody scored yet and every figure that was not delivered; of a draft as far as they came."""
    draw, told = scene.draw, {}
    by_unit: dict[int, float] = {}
    quality = scene.tree.set_index("unit")["quality"]
    for (unit, staff_no), score in standing(material).scores.items():
        by_unit.setdefault(unit, 0.74 + 0.12 * float(quality[unit]) + draw.gauss(0, 0.04))
        for key in score.open_items:
            if is_draft and draw.random() < _STILL_OPEN:
                continue
            share = min(1.0, max(0.3, draw.gauss(by_unit[unit], 0.06)))
            undelivered = score.line(key).state == NO_FIGURE
            told[unit, staff_no, key] = _entry(material.sheet.item(key), share, undelivered, scene.words)
        if period == "year" and score.veto is not None:
            told[unit, staff_no, score.veto] = Entry(applies=False, note=scene.words["no_veto"])
    if material.sheet.kinds == ("centre",) and not is_draft:
        better = 0.0 if period == "year" else _BETTER + scene.draw.gauss(0, 0.5)
        told |= _as_known(scene, material, told, round(100 * (SCORE_2025 + better)))
    elif material.sheet.subject == "doctor":
        told |= _unqualified(scene, material, told)
    rounds.save_entries(LOCAL, connection, number, told)


def _entry(item: Item, share: float, undelivered: bool, words: dict) -> Entry:
    note = words["reason"] if undelivered else words["note"]
    if item.method is Method.VETO:
        return Entry(applies=False, note=note)
    if item.method is Method.YES_NO:
        return Entry(points=item.weight if share > 0.7 else 0, note=note)
    return Entry(
        points=round(item.weight * share / 50) * 50 if item.weight >= 100 else item.weight, note=note
    )


def _with(material: Material, told: dict) -> dict[Subject, dict[str, Entry]]:
    found: dict[Subject, dict[str, Entry]] = {}
    for (unit, staff_no, key), entry in told.items():
        found.setdefault((unit, staff_no), {})[key] = entry
    return found


def _rescored(material: Material, told: dict, subject: Subject):
    """The score of one subject with what was told."""
    one = replace(material, subjects=(subject,), entries=_with(material, told))
    return standing(one).scores[subject]


def _as_known(scene: Scene, material: Material, told: dict, wanted: int) -> dict:
    """The hand-scored items of the reference centre so that it comes to a score (hundredths), as near as they allow."""
    subject = (scene.reference, "")
    if subject not in material.subjects:
        return {}
    mine = {place: entry for place, entry in told.items() if place[:2] == subject}
    for item in material.sheet.items:  # a practice that others took up may count as well
        if item.method is Method.BONUS and item.card is None:
            mine[*subject, item.key] = Entry(points=0, note=scene.words["note"])
    for _ in range(_TRIES):
        score = _rescored(material, mine, subject)
        lacking = wanted - score.points
        for place, entry in mine.items():
            item = material.sheet.item(place[2])
            if lacking and entry.points is not None and item.method is not Method.YES_NO:
                weight = score.line(item.key).weight
                points = entry.points + round(lacking * item.weight / weight)
                points = min(item.weight, max(0, points))
                lacking -= round((points - entry.points) * weight / item.weight)
                mine[place] = Entry(points=points, note=entry.note)
    return mine


def _unqualified(scene: Scene, material: Material, told: dict) -> dict:
    """One village doctor, at the poorest clinic with one, whose visits turned out not to have been made: unqualified."""
    poorest = [int(unit) for unit in scene.of_kind("clinic")["unit"]]
    subject = next((s for unit in poorest for s in material.subjects if s[0] == unit), None)
    if subject is None:
        return {}
    mine = {place: entry for place, entry in told.items() if place[:2] == subject}
    score = _rescored(material, mine, subject)
    lost = score.points - _UNQUALIFIED
    for line in sorted(score.lines, key=lambda line: -(line.points or 0)):
        if lost > 0 and line.points and line.state in (SCORED, MANUAL):
            mine[*subject, line.item] = Entry(points=0, note=scene.words["not_made"])
            lost -= line.points
    return mine


# -- appeals ---------------------------------------------------------------------------------------


def _appeals(scene: Scene, connection: Connection, number: int, month: int) -> None:
    """One granted with a second score, one refused, one that nobody has decided yet."""
    asked = at_work(last_day(month) + timedelta(_AFTER_DAYS + 6))
    decided = at_work(last_day(month) + timedelta(_AFTER_DAYS + 15), 15)
    own = scene.of_kind("centre")
    wanted = [int(unit) for unit in own["unit"] if int(unit) != scene.reference][:3]
    for unit, (outcome, text) in zip(wanted, scene.words["appeal"].items(), strict=False):
        line = _costliest(connection, number, unit)
        director = scene.director(unit)
        which = rounds.ask_appeal(director, connection, number, unit, "", line.item, text["reason"])
        times = {"asked_at": asked}
        if outcome == "granted":
            points = line.points + (line.weight - line.points + 1) // 2
            rounds.grant_appeal(LOCAL, connection, which, 1, points, text["answer"])
        elif outcome == "refused":
            rounds.refuse_appeal(LOCAL, connection, which, 1, text["answer"])
        if outcome != "open":
            times["decided_at"] = decided
        dated(connection, appeal, {"appeal": which}, **times)


def _costliest(connection: Connection, number: int, unit: int):
    """The line of a figure that cost a unit most points: what is asked for is that records are counted again."""
    line = appraisal_line.c
    sheet = rounds.sheet_of(rounds.round_of(connection, number))
    counted = [item.key for item in sheet.items if item.card is not None and item.is_weighed]
    rows = connection.execute(
        select(line.item, line.weight, line.points).where(
            line.round == number,
            line.unit == unit,
            line.item.in_(counted),
            line.weight > 0,
            line.points.is_not(None),
        )
    )
    return max(rows, key=lambda row: (row.weight - row.points, row.item))
