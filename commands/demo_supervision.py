"""Supervision of the demo: a visit a unit and month, irregular ones, one inspection a year, and what they found."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from commands.demo_scene import Scene
from data.demo.appraisals import FOUND_2025
from data.demo.towns import REFERENCE
from data.demo.written import SINCE
from metrics.principal import LOCAL
from metrics.supervision import findings, visits

_GROWTH = 1.05  # of what is found at the reference centre and its stations, against 2025
_VISITS_A_YEAR = {"centre": 3, "station": 15, "clinic": 15}


def write(scene: Scene, connection: Connection) -> None:
    """Everything in order of time, then one finding for each state that chance may not have brought about."""
    about = {int(row.unit): row for row in scene.tree.itertuples() if row.kind in _VISITS_A_YEAR}
    poor = {int(unit) for kind in _VISITS_A_YEAR for unit in scene.of_kind(kind)["unit"][:2]}
    odd = _irregular(scene)
    for month in range(SINCE, scene.last_month + 1):
        owed = visits.owed(scene.tree, month)
        numbers = visits.plan_month(LOCAL, connection, month, owed, team=scene.words["team"])
        for number in numbers:
            row = visits.one(LOCAL, connection, number)
            if _is_missed(scene, month, int(row["unit"]) in poor):
                _not_made(scene, connection, row, month)
            else:
                _made(scene, connection, row, about, poor)
        for on, unit, kind in odd.get(month, ()):
            number = visits.plan(LOCAL, connection, unit, kind, on, team=scene.words["team"])
            _made(scene, connection, visits.one(LOCAL, connection, number), about, poor)
    _each_state(scene, connection)
    _plan_ahead(scene, connection)


def _irregular(scene: Scene) -> dict[int, list[tuple[date, int, str]]]:
    """month -> (day, unit, kind): two irregular visits and an inspection a year at every unit."""
    draw, found = scene.draw, {}
    for year in range(SINCE // 12, scene.last_month // 12 + 1):
        for unit in sorted(int(one) for one in scene.of_kind(*_VISITS_A_YEAR)["unit"]):
            drawn = [(date(year, 1, 8) + timedelta(draw.randrange(350)), "irregular") for _ in range(2)]
            drawn.append((date(year, 3, 1) + timedelta(draw.randrange(80)), "annual"))
            for on, kind in drawn:
                if on <= scene.today:
                    found.setdefault(on.year * 12 + on.month - 1, []).append((on, unit, kind))
    return {month: sorted(events) for month, events in found.items()}


def _is_missed(scene: Scene, month: int, is_poor: bool) -> bool:
    return scene.draw.random() < (0.2 if is_poor else 0.03)


def _not_made(scene: Scene, connection: Connection, row: dict, month: int) -> None:
    """Every second one was called off; the others are still owed. Of the newest month all are still to be made."""
    if month < scene.last_month and scene.draw.random() < 0.5:
        reason = scene.draw.choice(scene.words["cancelled"])
        visits.cancel(LOCAL, connection, int(row["visit"]), row["version"], reason)


def _made(scene: Scene, connection: Connection, row: dict, about: dict[int, Any], poor: set[int]) -> None:
    """A visit on its day; ``about``: unit -> its row of the tree."""
    draw, unit, on = scene.draw, int(row["unit"]), row["planned_on"]
    visited = about[unit]
    written = draw.random() < (0.6 if unit in poor else 0.93 + 0.1 * visited.quality)
    visits.done(
        LOCAL,
        connection,
        int(row["visit"]),
        row["version"],
        on=on,
        account=scene.words["account"] if written else "",
        announced=draw.random() < (0.8 if row["kind"] == "annual" else 0.35),
        today=scene.today,
    )
    expected = _expected(visited, about) / _VISITS_A_YEAR[visited.kind]
    for _ in range(int(expected) + (draw.random() < expected % 1)):
        _found(scene, connection, visited, int(row["visit"]), on, is_poor=unit in poor)


def _expected(visited: Any, about: dict[int, Any]) -> float:
    """How many findings a year are to be expected at a unit: as many as the files of the years before tell of."""
    if visited.town == REFERENCE:
        return FOUND_2025 * _GROWTH / sum(one.town == REFERENCE for one in about.values())
    return 1.6 * math.exp(-1.1 * visited.quality)


# -- the course of a finding -----------------------------------------------------------------------


def _found(
    scene: Scene, connection: Connection, visited: Any, number: int, on: date, *, is_poor: bool
) -> None:
    """A finding from its notice to wherever it had come by the last day."""
    draw, today = scene.draw, scene.today
    text = draw.choice(scene.words["finding"])
    if text["severity"] == "high" and draw.random() < 0.5:
        text = {**text, "severity": "middle"}
    due = on + timedelta(draw.choice((15, 30)))
    course = _Finding(
        scene, connection, _issue(scene, connection, int(visited.unit), text, on, due, number), text
    )
    is_late = draw.random() > (0.4 if is_poor else 0.9 + 0.1 * visited.quality)
    if not is_late:
        written = on + timedelta(draw.randint(0, 3))
        mended = max(written, on + timedelta(draw.randint(3, 14)))
        course.record(written)
        course.recheck(mended + timedelta(draw.randint(0, 5)), mended_on=mended)
        return
    written, again = on + timedelta(draw.randint(4, 11)), due + timedelta(draw.randint(1, 5))
    if draw.random() < 0.75:
        course.record(written)
        course.recheck(again)
    if draw.random() < 0.5 and again <= today:
        course.escalate(again, draw.choice(("warning_letter", "interview", "fund_deduction")))
    if visited.town != REFERENCE and draw.random() < 0.25:
        return  # never mended
    mended = max(again, due + timedelta(draw.randint(5, 60)))
    course.record(mended)
    course.recheck(mended + timedelta(draw.randint(1, 6)), mended_on=mended)


def _issue(
    scene: Scene, connection: Connection, unit: int, text: dict, on: date, due: date, number: int | None
) -> int:
    return findings.issue(
        LOCAL,
        connection,
        unit,
        text["kind"],
        text["severity"],
        text["what"],
        issued_on=on,
        due_on=due,
        demand=text["demand"],
        visit_number=number,
        today=scene.today,
    )


class _Finding:
    """A finding and its version; what lies after the last day has not happened, and nothing after it."""

    def __init__(self, scene: Scene, connection: Connection, number: int, text: dict) -> None:
        self._scene, self._connection, self.number, self._text = scene, connection, number, text
        self._version = 1
        self._is_over = False

    def record(self, on: date) -> None:
        if self._happens(on):
            words = (self._text["measure"], self._text["effect"])
            self._version = findings.record(*self._place(), *words, on=on, today=self._scene.today)

    def recheck(self, on: date, mended_on: date | None = None) -> None:
        """Found mended, or (without a day) not mended."""
        if self._happens(on):
            self._version = findings.recheck(
                *self._place(),
                mended=mended_on is not None,
                on=on,
                mended_on=mended_on,
                today=self._scene.today,
            )

    def escalate(self, on: date, step: str) -> None:
        if self._happens(on):
            fen = self._scene.draw.randrange(2, 9) * 10_000 if step == "fund_deduction" else None
            self._version = findings.escalate(
                *self._place(), step, on=on, deduction=fen, today=self._scene.today
            )

    def withdraw(self, reason: str) -> None:
        self._version = findings.withdraw(*self._place(), reason)

    def _place(self) -> tuple:
        return LOCAL, self._connection, self.number, self._version

    def _happens(self, on: date) -> bool:
        self._is_over = self._is_over or on > self._scene.today
        return not self._is_over


# -- every state, and what is to come ---------------------------------------------------------------


def _each_state(scene: Scene, connection: Connection) -> None:
    """Clinics and stations at which the loop stands still somewhere: just issued, overdue, recorded, not mended,
    escalated, closed down in part, mended, taken back.
    """
    units = [int(one) for one in scene.of_kind("station", "clinic")["unit"]]
    texts, today = scene.words["finding"], scene.today

    def begun(place: int, text: int, days: int, due: int) -> _Finding:
        chosen, on = texts[text % len(texts)], max(today - timedelta(days), date(SINCE // 12, 1, 4))
        number = _issue(scene, connection, units[place], chosen, on, on + timedelta(due), None)
        return _Finding(scene, connection, number, chosen)

    def ago(days: int) -> date:
        return today - timedelta(days)

    begun(2, 3, 2, 30)  # issued, and its day is still to come
    begun(3, 4, 25, 15)  # nobody answered, and its day is over
    begun(4, 0, 6, 30).record(ago(4))  # answered: to be looked at again
    again = begun(5, 5, 24, 15)
    again.record(ago(20))
    again.recheck(ago(8))  # looked at, not mended: open again
    severe = begun(6, 2, 24, 15)
    severe.record(ago(18))
    severe.recheck(ago(9))
    severe.escalate(ago(8), "warning_letter")
    cut = begun(7, 2, 26, 15)
    cut.record(ago(20))
    cut.recheck(ago(9))
    cut.escalate(ago(7), "fund_deduction")
    good = begun(8, 1, 20, 15)
    good.record(ago(18))
    good.recheck(ago(10), mended_on=ago(12))
    begun(9, 6, 12, 15).withdraw(scene.words["withdrawn"])


def _plan_ahead(scene: Scene, connection: Connection) -> None:
    """One director has planned next month's visits to the stations and clinics of the own town already."""
    director = scene.director(scene.reference)
    month = scene.last_month + 1
    own = [unit for unit in visits.owed(scene.tree, month) if unit in director.persons]
    visits.plan_month(director, connection, month, own, team=scene.words["own_team"])
