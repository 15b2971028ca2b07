"""Everything that is known of one cell of the map, or of one unit on it."""

from __future__ import annotations

import pandas as pd

from metrics.card import Unit
from metrics.small_numbers import names_somebody
from metrics.units import MISSING, count, is_missing, number
from pages._html import anchor, esc, given, span, tag
from pages._map_data import MapData
from pages._map_list import link
from pages._page import Here

_SUPPLIES = ("doctors", "gps", "beds", "hours")
_KINDS = ("centre", "station", "clinic")


def cell_details(here: Here, data: MapData, cell: str) -> str:
    """A cell of ``data``: who lives there, how far it is to what, what there is for them."""
    text = here.text
    row = data.cells[data.cells["cell"] == cell].iloc[0]
    pairs = [
        *_who(here, data, row),
        *_ways(here, data, row),
        *_services(here, data, row),
    ]
    facts = [tag("dt", esc(name)) + tag("dd", value) for name, value in pairs]
    name = given(row["place_name"]) or esc(text("map.cell", column=row["column"], row=row["row"]))
    head = tag("div", tag("b", name), " ", _verdict(here, data, row), " ", _close(here))
    return head + tag("dl", *facts, css="facts")


def unit_details(here: Here, data: MapData, unit: int) -> str:
    """A unit in scope: for whom it is the nearest, and how near they and other units are."""
    text = here.text
    name = anchor(here.view.link("scorecard", unit=here.code_of(unit)), tag("b", esc(here.name_of(unit))))
    found = data.served[data.served["unit"] == unit]
    if found.empty:
        return tag("div", name, " ", _close(here)) + tag("div", esc(text("map.unplaced_unit")))
    row = found.iloc[0]
    served = _float(row["people"])
    verdict = ""
    if not is_missing(served) and row["kind"] == "clinic":  # the rule is about village clinics
        over = served > data.most_people
        words = text("map.unit_over" if over else "map.unit_fits", n=count(data.most_people))
        verdict = span(words, css="below strong" if over else "above strong")
    pairs = [
        (text("map.served"), _people(here, row["people"])),
        (text("map.people_65"), _people(here, row["people_65"])),
        (text("map.people_0_6"), _people(here, row["people_0_6"])),
        (text("map.floating"), _people(here, row["floating"])),
        (text("map.unit_beyond", km=data.km), _people(here, row["beyond"])),
        (text("map.served_ninth_name"), _metres(here, row["ninth_m"], "map.served_within")),
        (text("map.farthest"), _metres(here, row["farthest_m"])),
        (text("map.near"), _other(here, row)),
    ]
    facts = [tag("dt", esc(name)) + tag("dd", value) for name, value in pairs]
    opens = anchor(here.view.link("scorecard", unit=here.code_of(unit)), esc(f"{text('map.scorecard')} →"))
    return tag("div", name, " ", verdict, " ", _close(here)) + tag("dl", *facts, css="facts") + opens


def _close(here: Here) -> str:
    return anchor(link(here), esc(here.text("map.close")), css="muted small")


def _verdict(here: Here, data: MapData, row: pd.Series) -> str:
    text, beyond = here.text, _float(row["beyond"])
    if is_missing(beyond):
        return span(text("map.unknown"), css="muted")
    if beyond:
        return span(text("map.outside", n=count(beyond), km=data.km), css="below strong")
    return span(text("map.within", km=data.km), css="above strong")


def _who(here: Here, data: MapData, row: pd.Series) -> list[tuple[str, str]]:
    text = here.text
    people, floating = _float(row["people"]), _float(row["floating"])
    pairs = [
        (text("map.area"), given(row["area"]) or MISSING),
        (text("map.cell_people"), _people(here, people)),
        (text("map.people_0_6"), _people(here, row["people_0_6"])),
        (text("map.people_65"), _people(here, row["people_65"])),
        (text("map.registered"), _people(here, people - floating)),
        (text("map.floating"), _people(here, floating)),
    ]
    if row["estimated"]:
        pairs.append((text("map.estimated"), esc(text("map.estimated_value"))))
    return pairs


def _ways(here: Here, data: MapData, row: pd.Series) -> list[tuple[str, str]]:
    text, about = here.text, data.about
    nearest = MISSING
    if isinstance(row["unit_name"], str):
        nearest = _unit(here, row["unit"], row["unit_name"]) + _after(_metres(here, row["metres"]))
    pairs = [(text("map.nearest"), nearest)]
    reach = data.reach[data.reach["cell"] == row["cell"]].set_index("kind")
    for kind in _KINDS:
        if kind in reach.index:
            one = reach.loc[kind]
            value = _unit(here, one["unit"], one["unit_name"]) + _after(_metres(here, one["metres"]))
            pairs.append((text("map.way_kind", kind=text(f"map.kind_{kind}")), value))
    if about.travel is not None:
        pairs.append((text("map.way_minutes"), esc(_minutes(here, data, row))))
    pairs.append((text("map.in_cell_beyond", km=data.km), _people(here, row["beyond"])))
    pairs.append((text("map.second"), _people(here, row["one_choice"])))
    return pairs


def _minutes(here: Here, data: MapData, row: pd.Series) -> str:
    text, about, minutes, slow = here.text, data.about, _float(row["minutes"]), _float(row["slow"])
    if not is_missing(minutes):
        return text("map.minutes_value", n=count(minutes), how=text(f"map.mode_{about.mode}"))
    if slow > 0:
        return text("map.minutes_over", n=about.minutes, slow=count(slow))
    return MISSING


def _services(here: Here, data: MapData, row: pd.Series) -> list[tuple[str, str]]:
    text = here.text
    access = data.access[data.access["cell"] == row["cell"]].set_index("supply")
    pairs = []
    for supply in _SUPPLIES:
        if supply in access.index:
            one = access.loc[supply]
            value = f"{'≥ ' if one['unsure'] else ''}{one['per_1000']:.2f}"
            pairs.append((text("map.supply", supply=text(f"map.supply_{supply}")), esc(value)))
    pairs.append((text("map.contracted"), esc(_contracted(here, data, row))))
    grids = data.grids[data.grids["cell"] == row["cell"]]
    if len(grids):
        words = text(
            "map.grids_value",
            n=len(grids),
            without=int((grids["teams"] == 0).sum()),
            several=int((grids["teams"] > 1).sum()),
        )
        pairs.append((text("map.grids"), esc(words)))
    return pairs


def _contracted(here: Here, data: MapData, row: pd.Series) -> str:
    people, contracted = _float(row["people"]), _float(row["contracted"])
    if is_missing(people) or is_missing(contracted) or not people:
        return MISSING
    if names_somebody(contracted, people, data.small).item():
        return here.text("map.hidden", n=f"{data.small:g}")
    return here.text(
        "map.contracted_value", n=count(contracted), share=number(contracted / people, Unit.PERCENT)
    )


def _other(here: Here, row: pd.Series) -> str:
    if pd.isna(row["near_unit"]) or not isinstance(row["near_name"], str):
        return MISSING
    return _unit(here, row["near_unit"], row["near_name"]) + _after(_metres(here, row["near_m"]))


def _unit(here: Here, unit: int, name: str) -> str:
    """A unit's name; of one in scope it opens the scorecard."""
    if int(unit) not in set(here.tree["unit"]):
        return esc(name)
    return anchor(here.view.link("scorecard", unit=here.code_of(int(unit))), esc(name))


def _after(words: str) -> str:
    return f"<span class='muted'> · {words}</span>"


def _metres(here: Here, metres: object, key: str = "map.distance") -> str:
    value = _float(metres)
    return MISSING if is_missing(value) else esc(here.text(key, m=count(value)))


def _people(here: Here, n: object) -> str:
    value = _float(n)
    return MISSING if is_missing(value) else esc(f"{count(value)} {here.text('unit.people')}")


def _float(value: object) -> float:
    return float("nan") if value is None or pd.isna(value) else float(value)
