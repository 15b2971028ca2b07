"""A proposal of sites as .xlsx, a sheet a table, and as GeoJSON: its sites, and where people's way changes."""

from __future__ import annotations

import pandas as pd

from exports import geojson
from exports.about import About, lines
from exports.cell_papers import map_about, map_notes
from exports.sheets import Column, Sheet, sheets_bytes
from exports.words import Text, text
from metrics.siting.asking import EVERYONE, Answer, bound_people
from metrics.siting.telling import proposal_tables
from metrics.units import count
from metrics.wording import month_name

TABLES = ("groups", "sites", "places", "workload", "ways", "ladder", "points")
_SHOWN = {
    "metres": ("metres_before", "metres_after", "mean", "median", "ninth", "mean_m"),
    "degree": ("lon", "lat"),
    "change": ("gained", "change"),
    "text": ("site", "name", "source", "place", "replaces", "group", "when", "code", "kind", "state", "cell",
             "village", "before", "after", "above_before", "above_after", "exact"),
}  # fmt: skip
#: Codes in these columns have words of their own.
_CODED = {"source": "source", "group": "who", "when": "when", "kind": "kind", "state": "state"}
_FLAGS = ("above_before", "above_after", "exact")
_LEFT_OUT = ("point", "site", "value", "bound", "added")


def proposal_xlsx(answer: Answer, about: About, language: str) -> bytes:
    """All tables with words as headings; what was asked stands on the last sheet."""
    said, tables = text(language), proposal_tables(answer)
    km = f"{answer.setting.about.rule_m / 1000:g}"
    sheets = [
        Sheet(said(f"proposal.sheet_{name}"), _columns(tables[name], km, said), _in_words(tables[name], said))
        for name in TABLES
        if name != "ladder" or len(tables[name])
    ]
    notes = [*asked_lines(answer, said), *map_notes(answer.setting.about, said), *lines(about, language)]
    return sheets_bytes(heading(answer, about, said), sheets, said("cells.about"), notes)


def proposal_geojson(answer: Answer, about: About, language: str) -> bytes:
    """Points: ``feature`` is "site" for what opens, "people" for where people's nearest unit or its distance changes."""
    tables, said = proposal_tables(answer), text(language)
    sites, people = tables["sites"], tables["points"]
    found = [
        feature
        for name, frame in (("site", sites), ("people", people))
        for feature in geojson.features(
            geojson.points(frame), _rounded(frame.drop(columns=["lon", "lat"])).assign(feature=name)
        )
    ]
    asked, solution = answer.question, answer.solution
    told = dict(map_about(answer.setting.about, about, language))
    told["question"] = None if asked is None else {
        "goal": asked.goal, "new": asked.new, "moves": asked.moves, "source": asked.source, "who": asked.who,
    }  # fmt: skip
    told["exact"] = None if solution is None else bool(solution.exact)
    told["bound_people"] = bound_people(answer)
    told["closed"] = list(answer.plan.closed)
    told["moved"] = [list(one) for one in answer.plan.moved]
    told["asked"] = asked_lines(answer, said)
    return geojson.collection_bytes(found, told)


def heading(answer: Answer, about: About, said: Text) -> str:
    """The title of the file."""
    return said("proposal.title", unit=about.unit, month=month_name(answer.setting.about.month, said))


def asked_lines(answer: Answer, said: Text) -> list[str]:
    """What was asked, what it wins, and how good it is known to be."""
    setting, asked = answer.setting, answer.question
    km = f"{setting.about.rule_m / 1000:g}"
    if asked is None:
        found = [said("proposal.by_hand")]
    else:
        goal = said(
            f"proposal.goal_{asked.goal}",
            km=km,
            limit=count(setting.people_a_unit),
            who=said(f"proposal.who_{asked.who}"),
        )
        found = [
            said(
                "proposal.asked",
                goal=goal,
                new=asked.new,
                moves=asked.moves,
                source=said(f"proposal.source_{asked.source}"),
            )
        ]
    groups = answer.proposal.groups.set_index("group")
    gained = round(float(groups.loc[EVERYONE, "gained"]))
    won = said("proposal.gained" if gained >= 0 else "proposal.given_up", n=count(abs(gained)), km=km)
    found.append(said("proposal.result", won=won, left=count(answer.proposal.beyond_after), km=km))
    if answer.solution is not None:
        found.append(_how_good(answer, said))
    if not setting.whole:
        found.append(said("proposal.part"))
    return [*found, said("proposal.straight"), said("proposal.no_decision")]


def _how_good(answer: Answer, said: Text) -> str:
    if answer.solution.exact:
        return said("proposal.exact")
    bound = bound_people(answer)
    return said("proposal.not_proven") if bound is None else said("proposal.bound", n=count(bound))


def _columns(frame: pd.DataFrame, km: str, said: Text) -> list[Column]:
    return [
        Column(name, said(f"proposal.head.{name}", km=km), _shown(name))
        for name in frame.columns
        if name not in _LEFT_OUT
    ]


def _shown(name: str) -> str:
    if name.startswith("gained_"):
        return "change"
    return next((shown for shown, names in _SHOWN.items() if name in names), "count")


def _in_words(frame: pd.DataFrame, said: Text) -> pd.DataFrame:
    found = _rounded(frame)
    for name, words in _CODED.items():
        if name in found:
            found[name] = [said(f"proposal.{words}_{code}") for code in found[name]]
    for name in _FLAGS:
        if name in found:
            found[name] = found[name].astype(bool).map({True: said("cells.yes"), False: said("cells.no")})
    return found


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Ways in whole metres."""
    ways = {name: frame[name].astype(float).round() for name in _SHOWN["metres"] if name in frame}
    return frame.assign(**ways)
