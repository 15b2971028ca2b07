"""What every file that leaves carries: of whom and when it tells, from which data, made by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from exports.words import text, who
from metrics.figures import Built
from metrics.small_numbers import threshold
from metrics.units import MISSING
from metrics.wording import hidden_why, month_name


@dataclass(frozen=True, kw_only=True)
class About:
    """Where a file is from. ``month``: year * 12 + month - 1, None where it is of no month."""

    bureau: str
    unit: str  # name of the unit that it is about
    month: int | None
    data_until: date | None
    event: int  # data version
    batch: int | None
    definitions: str  # digest of the definitions in force
    by: str
    at: datetime
    is_demo: bool
    hides: bool = False  # small numbers are hidden in it


def about(
    built: Built, unit: str, month: int | None, by: str, at: datetime | None = None, hides: bool = False
) -> About:
    """Of figures of the last build, made now unless ``at`` says when."""
    return About(
        bureau=built.bureau,
        unit=unit,
        month=month,
        data_until=built.data_until,
        event=built.event,
        batch=built.batch,
        definitions=built.definitions,
        by=by,
        at=(at or datetime.now()).replace(microsecond=0),
        is_demo=built.installation == "demo",
        hides=hides,
    )


def lines(about: About, language: str) -> list[str]:
    """One sentence a line; of a demo the first one says so."""
    said = text(language)
    found = [
        said("about.of", unit=whose(about), month=period(about, language)),
        said("about.data", day=about.data_until or MISSING, batch=about.batch or MISSING, event=about.event),
        said("about.definitions", definitions=about.definitions),
        said("about.made", by=who(about.by, said), at=f"{about.at:%Y-%m-%d %H:%M}"),
    ]
    if about.hides:
        found.append(hidden_why(said, threshold(about.month)))
    return [said("about.demo"), *found] if about.is_demo else found


def footer(about: About, language: str) -> str:
    """The same in one line, for the foot of a page or a slide."""
    said = text(language)
    line = said(
        "about.footer",
        day=about.data_until or MISSING,
        batch=about.batch or MISSING,
        event=about.event,
        definitions=about.definitions[:8],
        by=who(about.by, said),
        at=f"{about.at:%Y-%m-%d}",
    )
    return said("about.demo_short") + line if about.is_demo else line


def whose(about: About) -> str:
    """The bureau, and the unit where it is another."""
    return about.unit if about.unit == about.bureau else f"{about.bureau} · {about.unit}"


def period(about: About, language: str) -> str:
    """The month in words, "—" of no month."""
    return MISSING if about.month is None else month_name(about.month, text(language))


def day_of(about: About) -> date:
    """The day on which what is open or due is looked at: a demo's data end before it was made."""
    made = about.at.date()
    return min(made, about.data_until) if about.is_demo and about.data_until else made
