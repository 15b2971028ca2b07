"""A week's visits as files: a workbook, and a page for telephones that needs no network.

Both are lists of persons: what they end with (``notes``) says who took them, when and how many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import quote

import pandas as pd

from data.words import Text
from exports.sheets import Column, Sheet, sheets_bytes
from exports.words import text
from metrics.cards import CARDS
from metrics.units import MISSING
from metrics.visiting.naming import Names
from metrics.visiting.plan import Plan

HTML = "text/html"


@dataclass(frozen=True, eq=False)
class VisitList:
    """A plan with the names of its people. ``until``: the day up to which services are known; ``doctor``: whose, or ""."""

    plan: Plan
    names: Names
    unit: str
    until: date
    doctor: str = ""


def day_words(day: date, said: Text) -> str:
    """A day with its weekday."""
    return said("visiting.day", day=f"{day:%m-%d}", weekday=_weekday(day, said))


def until_words(one: Mapping) -> str:
    """The last day of a row of a plan, with its year where it is another."""
    return f"{one['last']:%m-%d}" if one["last"].year == one["day"].year else f"{one['last']:%Y-%m-%d}"


def _weekday(day: date, said: Text) -> str:
    return said(f"visiting.weekday_{day.weekday()}")


def sex_words(sex: object, said: Text) -> str:
    """Empty where no source says it."""
    return said(f"sex.{sex:.0f}") if sex in (1, 2) else ""


def mark_words(mark: str, said: Text) -> str:
    """What presses, "" where nothing does."""
    return said(f"visiting.mark_{mark}") if mark else ""


def title(made: VisitList, said: Text) -> str:
    """Whose list, of which week."""
    days = made.plan.days
    parts = [made.unit, said(f"visiting.title_{made.plan.where}")]
    if days:
        parts.append(f"{days[0]:%Y-%m-%d} – {days[-1]:%m-%d}")
    if made.doctor:
        parts.append(said("visiting.doctor_of", doctor=made.doctor))
    return " · ".join(parts)


def sentences(plan: Plan, said: Text) -> list[str]:
    """What the week brings; what presses; what the lists hold."""
    c, many = plan.counts, len(plan.days)
    found = [
        said(
            f"visiting.said_{plan.where}",
            days=many,
            chosen=f"{c.chosen:,}",
            closed=f"{c.closed:,}",
            can=f"{c.can:,}",
            stops=f"{c.stops:,}",
        )
    ]
    if c.pressing:
        found.append(said("visiting.pressing", n=f"{c.pressing:,}", done=f"{c.pressing_done:,}"))
    if c.steps:
        found.append(said("visiting.steps", n=f"{c.steps:,}"))
    return found


def left_words(plan: Plan, said: Text) -> str:
    """Where every gap of the lists is."""
    names = ("gaps", "can", "elsewhere", "waiting", "late", "gone")
    return said(f"visiting.left_{plan.where}", **{name: f"{getattr(plan.counts, name):,}" for name in names})


def count_words(visits: pd.DataFrame, where: str, said: Text) -> str:
    """How many homes and people some rows of a plan are."""
    return said(f"visiting.count_{where}", visits=visits["stop"].nunique(), people=len(visits))


def to_do(services: Sequence[str], said: Text) -> list[str]:
    """The services of one visit in words."""
    return [said(f"visiting.service.{service}") for service in services]


def indicators(one: Mapping, said: Text) -> list[str]:
    """The indicators that a row of a plan closes, then those that it only brings on."""
    closed, steps = ([CARDS[card].name[said.language] for card in one[name]] for name in ("closes", "steps"))
    return [*closed, *(said("visiting.step", name=name) for name in steps)]


def _given(value: object) -> object:
    return None if value is None or pd.isna(value) else value


# -- the workbook ----------------------------------------------------------------------------------


def visits_xlsx(made: VisitList, notes: Sequence[str], language: str) -> bytes:
    """One sheet of visits, a row a person; one that says where they are from."""
    said = text(language)
    frame = _frame(made, said)
    columns = [
        Column(name, said(f"visiting.{head}"), shown) for name, head, shown in _COLUMNS if name in frame
    ]
    lines = [*sentences(made.plan, said), left_words(made.plan, said), _how(made, said), *notes]
    return sheets_bytes(
        title(made, said), [Sheet(said("visiting.sheet"), columns, frame)], said("visiting.about"), lines
    )


_COLUMNS = (
    ("stop", "stop", "short"),
    ("day", "date", "text"),
    ("village", "village", "short"),
    ("place", "place", "short"),
    ("name", "name", "short"),
    ("phone", "phone", "short"),
    ("sex", "sex", "short"),
    ("age", "age", "short"),
    ("do", "do", "words"),
    ("last", "last", "short"),
    ("mark", "mark", "short"),
    ("indicators", "indicators", "words"),
)


def _frame(made: VisitList, said: Text) -> pd.DataFrame:
    visits, between = made.plan.visits, "; " if said.language == "en" else "\u3001"
    rows = visits.to_dict("records")
    frame = pd.DataFrame(
        {
            "stop": visits["stop"],
            "day": [f"{one['day']:%Y-%m-%d} {_weekday(one['day'], said)}" for one in rows],
            "village": [_given(one["village"]) for one in rows],
            "place": [_given(one["place"]) for one in rows],
            "name": [made.names.names.get(one["person"]) for one in rows],
            "phone": [made.names.phones.get(one["person"]) for one in rows],
            "sex": [sex_words(one["sex"], said) or None for one in rows],
            "age": [_given(one["age"]) for one in rows],
            "do": [between.join(to_do(one["services"], said)) for one in rows],
            "last": [f"{one['last']:%Y-%m-%d}" for one in rows],
            "mark": [mark_words(one["mark"], said) or None for one in rows],
            "indicators": [between.join(indicators(one, said)) for one in rows],
        }
    )
    return frame if made.names.full else frame.drop(columns="phone")


def _how(made: VisitList, said: Text) -> str:
    return said("visiting.how", day=made.until)


# -- the page for telephones -----------------------------------------------------------------------

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; padding: 14px 14px 40px; font: 16px/1.45 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; max-width: 640px; }
h1 { font-size: 1.2rem; margin: 0 0 .4rem; }
h2 { font-size: 1.05rem; margin: 1.2rem 0 .2rem; padding: .35rem 0; border-bottom: 2px solid #1d5a8a; position: sticky; top: 0; background: Canvas; }
h3 { font-size: .95rem; margin: .7rem 0 .2rem; }
h2 small, h3 small { font-weight: 400; color: GrayText; margin-left: .5rem; }
p { margin: .25rem 0; }
.quiet { color: GrayText; font-size: .85rem; }
.one { border: 1px solid #8884; border-radius: 8px; padding: .5rem .65rem; margin: .4rem 0; overflow-wrap: anywhere; }
.who { display: flex; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline; }
.who b { font-size: 1.05rem; }
.do { margin: .25rem 0 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 0 1rem; }
.do li::before { content: "\\2610\\2002"; }
.mark { font-weight: 600; border: 1px solid currentColor; border-radius: 4px; padding: 0 .3rem; font-size: .8rem; }
.mark.last, .mark.warning { color: #c0392b; }
.mark.soon { color: #a86a00; }
.one + .with { border-top: 0; margin-top: -.55rem; border-radius: 0 0 8px 8px; }
.print { position: fixed; inset: 0; pointer-events: none; opacity: .09; background-repeat: repeat; }
footer { margin-top: 1.5rem; border-top: 1px solid #8884; padding-top: .4rem; }
@media (prefers-color-scheme: dark) { .mark.last, .mark.warning { color: #ff8a7a; } .mark.soon { color: #e6b04d; } }
"""


def visits_html(made: VisitList, notes: Sequence[str], language: str, by: str) -> bytes:
    """The whole page in one file: nothing is asked of any network. ``by``: who took it, across the whole page."""
    said = text(language)
    head = escape(title(made, said))
    body = "".join(_body(made, said))
    foot = "".join(f"<p>{escape(line)}</p>" for line in notes)
    lang = "zh-CN" if language == "zh" else "en"
    page = (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{head}</title><style>{_STYLE}</style></head><body>"
        f'<div class="print" style="background-image:{_stamp(by)}"></div>'
        f'<h1>{head}</h1>{body}<footer class="quiet">{foot}</footer></body></html>'
    )
    return page.encode("utf-8")


def _stamp(by: str) -> str:
    """Who took it, again and again across the page."""
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="260" height="150">'
        '<text x="10" y="110" transform="rotate(-24 130 75)" font-size="15" font-family="sans-serif" fill="#888">'
        f"{escape(by)}</text></svg>"
    )
    return f"url(data:image/svg+xml,{quote(drawn)})"


def _body(made: VisitList, said: Text) -> Iterator[str]:
    plan = made.plan
    for line in sentences(plan, said):
        yield f"<p>{escape(line)}</p>"
    yield f'<p class="quiet">{escape(_how(made, said))}</p>'
    if plan.visits.empty:
        yield f"<p>{escape(said('visiting.empty'))}</p>"
    for day, rows in plan.visits.groupby("day", sort=False):
        yield f"<h2>{escape(day_words(day, said))}<small>{escape(count_words(rows, plan.where, said))}</small></h2>"
        for village, some in rows.groupby("village", sort=False, dropna=False):
            name = _given(village) or said("visiting.no_village")
            yield f"<h3>{escape(str(name))}<small>{escape(count_words(some, plan.where, said))}</small></h3>"
            before = None
            for one in some.to_dict("records"):
                yield _person(made, one, one["stop"] == before, said)
                before = one["stop"]


def _person(made: VisitList, one: dict, same_door: bool, said: Text) -> str:
    name, phone = made.names.names.get(one["person"], MISSING), made.names.phones.get(one["person"])
    age = "" if pd.isna(one["age"]) else said("visiting.years", n=int(one["age"]))
    about = [
        "" if same_door else _words("span", "quiet", one["stop"]),
        _words("b", "", name),
        f'<a href="tel:{escape(phone)}">{escape(phone)}</a>' if phone else "",
        _words("span", "", sex_words(one["sex"], said)),
        _words("span", "", age),
        _words("span", "quiet", _given(one["place"]) or ""),
        _words("span", f"mark {one['mark']}", mark_words(one["mark"], said)),
    ]
    do = "".join(_words("li", "", words) for words in to_do(one["services"], said))
    until = _words("p", "quiet", said("visiting.until", day=until_words(one)))
    css = "one with" if same_door else "one"
    return f'<div class="{css}"><div class="who">{"".join(about)}</div><ul class="do">{do}</ul>{until}</div>'


def _words(name: str, css: str, words: object) -> str:
    """An element with some words, nothing where there are none."""
    return f'<{name} class="{css}">{escape(str(words))}</{name}>' if words != "" else ""
