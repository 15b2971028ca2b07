"""A proposal in words: what it does, how good it is, and what it rests on."""

from __future__ import annotations

import pandas as pd

from metrics.siting.asking import CAPACITY, DISTANCE, EVERYONE, Answer, Setting, bound_people
from metrics.siting.sites import STOPS
from metrics.units import MISSING, count, is_missing
from pages._html import esc, span, tag
from pages._page import Here


def km(where: Setting) -> str:
    """The rule's distance in kilometres, as it is written."""
    return f"{where.about.rule_m / 1000:g}"


def metres(value: float | None) -> str:
    """A length in whole metres."""
    return MISSING if is_missing(value) else count(round(value))


def percent(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else MISSING


def today(here: Here, nothing: Answer) -> str:
    """Who is out of reach before anything is proposed. ``nothing``: the answer to a plan that does nothing."""
    text, where, found = here.text, nothing.setting, nothing.proposal
    people, beyond = float(where.base.problem.people.sum()), found.beyond_before
    if not beyond:
        return _answer(text("siting.all_within", km=km(where), people=count(round(people))))
    groups = found.groups.set_index("group")
    out = groups["people"] - groups["within_before"]
    parts = [
        text(f"siting.in_{name}", n=count(round(out[name])))
        for name in where.bands
        if not is_missing(out[name])
    ]
    return _answer(
        text(
            "siting.today",
            units=count(len(where.units)),
            km=km(where),
            beyond=count(round(beyond)),
            share=percent(beyond, people),
            bands=_among(here, parts),
        )
    )


def answer_words(here: Here, answer: Answer, also: str = "") -> str:
    """The answer in one sentence, then on one line what else must be known to judge it, and ``also`` (elements)."""
    text, where, found = here.text, answer.setting, answer.proposal
    groups = found.groups.set_index("group")
    gained = float(groups.loc[EVERYONE, "gained"])
    bands = [
        text(f"siting.in_{name}", n=count(round(groups.loc[name, "gained"])))
        for name in where.bands
        if not is_missing(groups.loc[name, "gained"])
    ]
    what = {
        "done": deeds(here, answer),
        "km": km(where),
        "won": count(round(abs(gained))),
        "left": count(round(found.beyond_after)),
        "share": percent(found.beyond_after, float(where.base.problem.people.sum())),
        "bands": _among(here, bands),
    }
    if not (found.opened or found.closed):
        nothing = "nothing_needed" if found.beyond_before == 0 else "nothing_helps"
        return _answer(text(f"siting.{nothing}", **what)) + (tag("div", also, css="quiet") if also else "")
    sentence = text(f"siting.{'won' if gained > 0 else 'lost' if gained < 0 else 'same'}", **what)
    ways = found.ways.set_index("when")["mean"]
    lengths = text("siting.shorter", before=metres(ways["before"]), after=metres(ways["after"]))
    question = answer.question
    if question is not None and question.goal == DISTANCE:
        lead, rest = lengths, sentence
    elif question is not None and question.goal == CAPACITY:
        lead = text(
            "siting.room",
            n=count(round(answer.solution.value)),
            km=km(where),
            limit=count(where.people_a_unit),
            left=count(round(answer.solution.after)),
        )
        rest = sentence
    else:
        lead, rest = sentence, lengths
    lost = float(groups.loc[EVERYONE, "lost"])
    more = [rest]
    if lost and found.closed:
        more.append(text("siting.some_lose", n=count(round(lost)), km=km(where)))
    return _answer(lead) + tag("div", *(tag("span", _marked(one)) for one in more), also, css="quiet")


def quality(here: Here, answer: Answer) -> str:
    """How good a computed proposal is, as elements: proven best, or by how much another could be better."""
    text, question, solution = here.text, answer.question, answer.solution
    if question is None or solution is None:
        return ""
    where = answer.setting
    asked, found = question.new, len(answer.proposal.opened) - len(answer.proposal.closed)
    parts = []
    if solution.exact:
        parts.append(span(text("siting.exact", source=text(f"siting.from_{question.source}")), css="above"))
    elif question.goal == DISTANCE:
        people = float(where.base.problem.people.sum())
        parts.append(span(text("siting.bound_m", n=metres(solution.least / people)), css="course"))
    else:
        parts.append(
            span(
                text("siting.bound", n=count(bound_people(answer)), who=text(f"siting.{question.who}")),
                css="course",
            )
        )
    if answer.proposal.closed:
        parts.append(span(text("siting.replacing", n=len(answer.proposal.closed))))
    if answer.proposal.opened and found < asked:
        parts.append(span(text("siting.fewer", asked=asked, enough=found)))
    return "".join(parts)


def deeds(here: Here, answer: Answer) -> str:
    """What is done: "open 3 and close 1"."""
    text, found = here.text, answer.proposal
    moved = len(found.moved)
    stops = sum(answer.sites["source"].iloc[list(found.opened)] == STOPS)
    opened, closed = len(found.opened) - moved, len(found.closed) - moved
    parts = []
    if stops:
        parts.append(text("siting.do_stops", n=stops))
        opened -= stops
    if opened > 0:
        parts.append(text("siting.do_open", n=opened))
    if moved:
        parts.append(text("siting.do_move", n=moved))
    if closed > 0:
        parts.append(text("siting.do_close", n=closed))
    return text("list.enumeration").join(parts)


def compared(here: Here, hand: Answer, computed: Answer) -> str:
    """The plan made by hand beside the computed one, by people within the rule."""
    text = here.text
    ours, theirs = (float(one.proposal.groups.loc[0, "gained"]) for one in (hand, computed))
    n = round(ours - theirs)
    word = "better" if n > 0 else "worse" if n < 0 else "equal"
    css = {"better": "above", "worse": "below", "equal": "muted"}[word]
    said = text(
        f"siting.hand_{word}",
        n=count(abs(n)),
        ours=count(round(ours)),
        theirs=count(round(theirs)),
        km=km(hand.setting),
        done=deeds(here, computed) or text("siting.do_nothing"),
    )
    return tag("div", span(said, css=css), css="quiet")


def grounds(here: Here, where: Setting) -> str:
    """What the numbers rest on, in small print."""
    text, about = here.text, where.about
    parts = [
        text("siting.straight"),
        text("siting.residents", month=f"{about.month // 12}-{about.month % 12 + 1:02d}"),
    ]
    if about.unplaced:
        parts.append(text("siting.unplaced", n=count(about.unplaced)))
    if about.units_unplaced:
        parts.append(text("siting.units_unplaced", n=count(about.units_unplaced)))
    if not where.whole:
        parts.append(text("siting.own_units"))
    parts.append(text("siting.no_decision"))
    return tag("div", *(span(one) for one in parts), css="quiet")


def _answer(sentence: str) -> str:
    return tag("div", _marked(sentence), css="said")


def _marked(sentence: str) -> str:
    """A sentence in which ``*numbers*`` stand out."""
    pieces = sentence.split("*")
    return "".join(tag("b", esc(one)) if place % 2 else esc(one) for place, one in enumerate(pieces))


def _among(here: Here, parts: list[str]) -> str:
    return here.text("siting.among", bands=here.text("list.enumeration").join(parts)) if parts else ""


def site_name(here: Here, row: pd.Series) -> str:
    """A site as it is called in a table: its name, and of a cell which one it is."""
    if row["source"] == "cells":
        return here.text("siting.cell_named", name=row["name"], cell=row["site"].partition(":")[2])
    return row["name"]
