"""What a scoring sheet is made of. Points and weights are whole hundredths."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from metrics.card import Direction, Unit, Words
from metrics.standards.files import StandardsError

TARGET = "target"  # the baseline that is the target in force for the unit and year
PERIOD = "period"  # the basis that adds up the months of the period appraised
SUBJECTS = ("unit", "doctor")
KINDS = ("centre", "station", "clinic")
GRADES = ("excellent", "good", "qualified", "unqualified")
#: Kinds of units whose work counts in the figures of a kind.
BELOW = {"centre": {"centre", "station", "clinic"}, "station": {"station"}, "clinic": {"clinic"}}


class Method(StrEnum):
    """How an item is scored. ``docs/appraisal.md`` shows each with an example."""

    PROPORTIONAL = "proportional"  # full marks at the baseline, below it in proportion
    STEPS = "steps"
    DEDUCTION = "deduction"  # so much off for every miss, down to a cap
    YES_NO = "yes_no"
    MANUAL = "manual"
    BONUS = "bonus"  # on top of the full points
    VETO = "veto"  # when pronounced the grade is unqualified


WEIGHED = frozenset(Method) - {Method.BONUS, Method.VETO}


class SheetError(StandardsError):
    """A sheet that cannot be used: names file, item and what to do, in both languages."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of a sheet.

    weight    its full points, in hundredths; of a bonus the most that it can give; 0 of a veto
    card      key of the card whose figure it reads; None: a person scores it
    basis     of the figure: one of the card's bases, or ``period``; None: the card's default
    baseline  TARGET, or a number in the value's own unit (shares as 0.95); None: see ``method``
    pro_rata  of a figure that grows with the year only the part of the baseline that is due by now is asked for
    steps     (from this value on, points in hundredths), the best first
    per, off  of a deduction: ``off`` hundredths for every full ``per`` missed; of a bonus: for every one beyond
    cap       the most that a deduction takes away
    better    whether more or less is better; the card's, unless the sheet says otherwise
    unit      what the value is counted in: the card's
    """

    key: str
    words: Words
    weight: int
    method: Method
    source: str
    card: str | None = None
    basis: str | None = None
    baseline: Decimal | str | None = None
    pro_rata: bool = False
    steps: tuple[tuple[Decimal, int], ...] = ()
    per: Decimal = Decimal(1)
    off: int = 0
    cap: int | None = None
    better: Direction = Direction.HIGHER
    unit: Unit | None = None
    text: Words | None = None

    @property
    def is_weighed(self) -> bool:
        """Whether its weight is part of the full points."""
        return self.method in WEIGHED


@dataclass(frozen=True, kw_only=True)
class Section:
    """Items that belong together: what does not apply passes its weight to the others of its section."""

    key: str
    words: Words
    items: tuple[Item, ...]

    @property
    def weight(self) -> int:
        """Its full points, in hundredths."""
        return sum(item.weight for item in self.items if item.is_weighed)


@dataclass(frozen=True, kw_only=True)
class Grades:
    """From how many per cent of the full points on a score is of a grade; below the last it is unqualified."""

    excellent: Decimal
    good: Decimal
    qualified: Decimal
    source: str

    def of(self, points: int, full: int) -> str:
        """The grade of a score; both in hundredths."""
        for name in GRADES[:-1]:
            if points * 100 >= getattr(self, name) * full:
                return name
        return GRADES[-1]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A scoring sheet of one version. ``full`` and ``bonus`` (the most that bonuses give together) in hundredths."""

    key: str
    version: str
    subject: str  # unit, doctor
    kinds: tuple[str, ...]  # of units that it is applied to; for doctors, where they work
    year_from: int
    words: Words
    full: int
    bonus: int
    source: str
    grades: Grades
    sections: tuple[Section, ...]
    own: bool = field(default=False, compare=False)  # the bureau's, not a shipped one

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, in order."""
        return tuple(item for section in self.sections for item in section.items)

    def item(self, key: str) -> Item:
        """The item of a key. Raises KeyError."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)

    def section_of(self, key: str) -> Section:
        """The section that holds an item. Raises KeyError."""
        for section in self.sections:
            if any(item.key == key for item in section.items):
                return section
        raise KeyError(key)


def shown(points: int | None) -> str:
    """Hundredths as people write points: 1000 is 10, 904 is 9.04; a missing number is a dash."""
    if points is None:
        return "—"
    whole, rest = divmod(abs(points), 100)
    text = f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"−{text}" if points < 0 else text
