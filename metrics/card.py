"""A card: one indicator, stated once. Tables, gap lists, the catalogue page and exports read it.

A card's words are data here and nowhere else; its rule is one or two selects over the facts of
``metrics.facts``. ``metrics.cards`` collects the cards of every system.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BindParameter, Case, ColumnElement, Select

from metrics.standards import values_of


class Unit(StrEnum):
    """What a value is counted in. PERCENT is stored as a share (0.873), shown as 87.3 %."""

    PERCENT = "percent"
    PERSONS = "persons"
    PERSON_TIMES = "person_times"
    RECORDS = "records"
    HOUSEHOLDS = "households"
    DOSES = "doses"
    CARDS = "cards"
    VISITS = "visits"
    TEAMS = "teams"
    KINDS = "kinds"
    YUAN = "yuan"  # numerators are integer fen, values yuan
    MINUTES = "minutes"
    PER_PERSON = "per_person"
    WAN_YUAN = "wan_yuan"  # numerators are integer fen, values ten thousand yuan
    PER_10K = "per_10k"  # numerators over people, values per ten thousand
    SESSIONS = "sessions"
    COPIES = "copies"
    ITEMS = "items"
    PIECES = "pieces"  # units, sites, plans, systems: 个
    CASES = "cases"
    SQUARE_METRES = "square_metres"
    HOURS = "hours"  # numerators are tenths
    KILOGRAMS = "kilograms"  # numerators are tenths
    TONNES = "tonnes"  # numerators are tenths
    SCORE = "score"  # numerators are tenths of a point
    RANK = "rank"
    TEETH = "teeth"
    RATIO = "ratio"  # one thing for each of another


#: How many of what a numerator counts make one of the unit: fen for yuan, people for a rate per ten thousand.
SCALE: dict[Unit, float] = {
    Unit.YUAN: 100,
    Unit.WAN_YUAN: 1_000_000,
    Unit.HOURS: 10,
    Unit.KILOGRAMS: 10,
    Unit.TONNES: 10,
    Unit.SCORE: 10,
    Unit.PER_10K: 1 / 10_000,
}


#: Units of shares and rates: what is summed is a number of people or things.
_COUNTING = (Unit.PERCENT, Unit.RATIO, Unit.PER_10K, Unit.PER_PERSON)


class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


class Period(StrEnum):
    """The closed list of period logics. What each means is tested over a year's end."""

    AS_OF = "as_of"  # spans covering the month
    # No service of another year has a part in figures of these two: incremental builds rely on it.
    IN_YEAR = "in_year"  # spans cut at the year: managed or reached in the year so far
    FLOW = "flow"  # events of the month; also summed over the year so far and over twelve months
    COHORT = (
        "cohort"  # events placed in the month that defines the cohort (birth, due date); summed like a flow
    )
    SEASON = "season"  # spans cut at the season's end (influenza: July to June)


class Basis(StrEnum):
    AS_OF = "as_of"
    MONTH = "month"
    YTD = "ytd"
    R12 = "r12"


BASES: dict[Period, tuple[Basis, ...]] = {
    Period.AS_OF: (Basis.AS_OF,),
    Period.IN_YEAR: (Basis.YTD,),
    Period.FLOW: (Basis.YTD, Basis.MONTH, Basis.R12),
    Period.COHORT: (Basis.YTD, Basis.MONTH, Basis.R12),
    Period.SEASON: (Basis.YTD,),
}


class Gap(StrEnum):
    PERSONS = "persons"  # numerator spans lie within the listed denominator: the rest can be named
    THINGS = "things"  # the same for events: doses, records, prescriptions, periods of a duty
    COUNTED = "counted"  # the list is of those who are counted: people who need something done now
    NONE = "none"


class Form(StrEnum):
    """What kind of requirement a card answers: the four ways in which the catalogue is served."""

    INDICATOR = "indicator"
    DUTY = "duty"  # owed so often; done periods over elapsed periods
    CHECK = "check"  # items of a standard at a unit, the latest state
    DOCUMENT = "document"  # a document or a count that a unit reports
    QUALITY = "quality"  # how far records can be relied on: no work of anybody's, and judged nowhere as such


class Change(StrEnum):
    """How a figure is made of another card's."""

    POINTS = "points"  # its value less the value twelve months before
    RELATIVE = "relative"  # that difference as a share of the value twelve months before
    RANK = "rank"  # its place among the units of the same kind under the same parent
    STATISTIC = "statistic"  # the card's own approved population, as a count


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A figure made of the figures of another card."""

    how: Change
    of: str | None = None  # key of the card; None for STATISTIC


@dataclass(frozen=True, kw_only=True)
class Alert:
    """What must be done about the people or things that a card counts, by whom and how soon."""

    owner: Words
    days: int  # from the day on which it shows
    short: Words | None = (
        None  # the card's name where a heading already says that it is a warning; None: the name
    )


@dataclass(frozen=True, kw_only=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def words(zh: str, en: str) -> Words:
    """A text in both languages."""
    return Words(zh=zh, en=en)


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """A denominator in force that comes from the approved population, not from records."""

    band: str  # a band of records.population
    kind: str = "resident"
    share: str | None = None  # a parameter: only this share of the band is estimated to be concerned


@dataclass(frozen=True, kw_only=True)
class Card:
    """One indicator.

    numerator    spans (person, unit, s, e), or events (person, unit, month, n[, of, thing]): n is what
                 is counted, of what it is counted of (a share's or a mean's denominator)
    listed       spans of the people known by name of whom the numerator is a part; None for counts and events
    told         spans of the people or things of whom the source holds the item at all; a unit without any
                 has no figure, nor has one above it
    statistic    the denominator in force where it is not ``listed``
    catalogue    the requirements of the catalogue that this card answers
    reads        tables whose delivery decides whether a unit's figure is whole
    each_level   the rule joins ``ancestry`` and so counts anew at every level: nothing is rolled up
    parameters   keys of ``metrics/standards/parameters.csv`` that the rule uses; ``{key}`` in a card's words
                 stands for the latest value, so that words never say another number than the rule uses
    level        an in-year figure that does not grow with the year (its rule already asks pro rata)
    form         which kind of requirement it answers
    kinds        kinds of units that it is about, with every unit above one; None: all
    derived      the value is made of another card's; the numerator is then that card's
    alert        whoever it counts needs something done: by whom, how soon
    parts        what both sides of a share are amounts of (YUAN: in fen); None: they are counts

    A rule whose selects give ``file``, the file that brought a row, is also counted by source system
    (``metrics.by_source``), and then by no stratum.

    A rule about the work of units, not of persons, gives ``thing`` (any number that tells the things of a
    unit apart) in place of ``person``, and may give ``what``, a text that names the thing in lists. Spans
    may give ``n``, what each one weighs (beds, square metres); without it each counts one.
    """

    key: str
    system: str  # S04 ...
    name: Words
    question: Words
    rule: Words
    unit: Unit
    direction: Direction
    period: Period
    source: str
    catalogue: tuple[str, ...]
    reads: tuple[str, ...]
    numerator: Select
    listed: Select | None = None
    told: Select | None = None
    statistic: Statistic | None = None
    gap: Gap = Gap.NONE
    reason: Words | None = None  # why someone is on the gap list, in a sentence
    caveat: Words | None = None
    parameters: tuple[str, ...] = ()
    each_level: bool = False
    level: bool = False
    form: Form = Form.INDICATOR
    kinds: tuple[str, ...] | None = None
    derived: Derived | None = None
    alert: Alert | None = None
    parts: Unit | None = None

    def __post_init__(self) -> None:
        self._say_parameters()
        columns = set(self.numerator.selected_columns.keys())
        shape = {"unit", "month", "n"} if self.is_events else {"unit", "s", "e"}
        shape |= set() if self.is_events else {"person" if self.is_personal else "thing"}
        if missing := shape - columns:
            raise ValueError(f"card {self.key}: its numerator lacks the column {', '.join(sorted(missing))}")
        if self.listed is not None and self.is_by_source != ("file" in self.listed.selected_columns):
            raise ValueError(f"card {self.key}: either both sides name the file of their rows or none")
        if self.gap in (Gap.PERSONS, Gap.THINGS) and not self.is_listed:
            raise ValueError(f"card {self.key}: a gap list needs listed people or things")
        if self.unit is Unit.PERCENT and not self.is_ratio and not self.derived:
            raise ValueError(f"card {self.key}: a share needs a denominator")

    def _say_parameters(self) -> None:
        values = {key: f"{values_of(key)[-1]:g}" for key in self.parameters}
        for field in ("name", "question", "rule", "reason", "caveat"):
            if text := getattr(self, field):
                try:
                    filled = words(text.zh.format_map(values), text.en.format_map(values))
                except KeyError as error:
                    raise ValueError(
                        f"card {self.key}: its {field} names {error}, not in parameters"
                    ) from error
                object.__setattr__(self, field, filled)

    @property
    def bases(self) -> Sequence[Basis]:
        """The bases on which the card is published, the default first."""
        return BASES[self.period]

    @property
    def top_scale(self) -> float:
        """How many of what a numerator counts make one as it is shown: 100 fen a yuan; 1 for counts."""
        return max(1, SCALE.get(self.parts or self.unit, 1))

    @property
    def bottom_scale(self) -> float:
        """The same of a denominator."""
        return 1 if self.parts is None else SCALE[self.parts]

    @property
    def is_events(self) -> bool:
        """Whether the rule counts events of a month; otherwise it counts spans that cover it."""
        return "month" in self.numerator.selected_columns

    @property
    def is_personal(self) -> bool:
        """Whether the rule counts persons' rows; otherwise the work of units, and nobody is named in lists."""
        return "person" in self.numerator.selected_columns

    @property
    def is_by_source(self) -> bool:
        """Whether the rule says of its rows which file brought them, so that they are counted by source system too."""
        return "file" in self.numerator.selected_columns

    @property
    def is_mean(self) -> bool:
        """Whether the value is a mean of one number a row: ``of`` counts the very rows of which ``n`` is summed.

        Where sums and counts are of different rows (amounts of prescriptions over visits) ``of`` is no plain one. What is made
        of a mean (its rank) has that mean's rule, and is none.
        """
        of = self.numerator.selected_columns.get("of")
        if of is None or not self.is_events or self.derived is not None:
            return False
        if self.statistic is not None or self.parts is not None:
            return False
        return self.unit not in _COUNTING and _is_one(of)

    @property
    def is_listed(self) -> bool:
        """Whether the people or things that the value is a part of are known one by one."""
        return self.listed is not None or "of" in self.numerator.selected_columns

    @property
    def is_ratio(self) -> bool:
        return self.is_listed or self.statistic is not None


def _is_one(column: ColumnElement) -> bool:
    """Whether a column is the number one, or one where a row counts at all."""
    column = getattr(column, "element", column)  # of a label
    if isinstance(column, Case):
        return column.else_ is None and all(_is_one(result) for _, result in column.whens)
    return isinstance(column, BindParameter) and column.value == 1
