"""A map as it is drawn: the cells of an answer, units, names, and the legend beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pydeck as pdk
import streamlit as st

from charts.grid import HEIGHT
from charts.grid_layers import GREYS, grid_map
from charts.grid_view import bounds_of, map_view, scale_bar
from charts.map_names import MOST_NAMES
from metrics.units import count, is_missing
from pages._board import board
from pages._html import esc, tag
from pages._kept import Kept, scope
from pages._line_legend import line_entries
from pages._map_answers import Answer, above, colours_of
from pages._map_data import MapData, land_of
from pages._map_list import value_head
from pages._map_questions import Question, Shape
from pages._names import short_names
from pages._page import Here
from pages._who import principal

WIDTHS = {"phone": 350, "half": 690, "two_thirds": 880}  # pixels, more or less
PHONE_HEIGHT = 360
_TOWN_SIZE, _CENTRE_SIZE, _VILLAGE_SIZE = 15, 13, 11  # pixels
_DECKS = 12  # maps that are held as they were sent, a few megabytes each
_FIRST = 1_000_000_000  # towns are named before centres, these before villages


@st.cache_resource(show_spinner=False)
def _decks() -> Kept:
    return Kept(_DECKS)


def first_view(here: Here, data: MapData, town: str | None, width: str) -> pdk.ViewState:
    """The view of the whole district or of a town, in a map of one of ``WIDTHS``."""
    lands = [land_of(shape) for shape in data.towns.loc[data.towns["code"] == town, "shape"]]
    if not lands:
        county = data.lines[data.lines["level"] == "county"]
        lands = [land_of(shape) for shape in county["shape"]] if principal().figures.everything else []
        lands.append(bounds_of(data.cells, data.about.lattice))
    west, south = np.min(lands, axis=0)[:2]
    east, north = np.max(lands, axis=0)[2:]
    bounds = (float(west), float(south), float(east), float(north))
    return map_view(bounds, WIDTHS["phone" if here.narrow else width], height_of(here))


def height_of(here: Here) -> int:
    return PHONE_HEIGHT if here.narrow else HEIGHT


def show_map(
    here: Here,
    data: MapData,
    asked: Question,
    title: str,
    found: Answer,
    view: pdk.ViewState,
    slot: str,
    town: str | None,
    cell: str | None,
    unit: int | None,
    card: str | None,
) -> None:
    """The legend and, below it, the map: both are seen at once. A click on a cell or a unit opens it in the address.

    ``found`` is what the question has for an answer in the town, of an indicator by its ``card``.
    """
    text, about = here.text, data.about
    key = f"map_{slot}"
    ground = data.grid_ground if asked.shape is Shape.TEAMS else data.lines

    def make() -> pdk.Deck:
        return grid_map(
            _drawn(here, data, found),
            about.lattice,
            colours_of(found, here.dark),
            _units(here, data, asked),
            _names(here, data, town),
            ground,
            view,
            {
                "value": text("list.pair", name=value_head(here, data, asked), value=""),
                "people": text("list.pair", name=text("map.people_word"), value=""),
                "metres": text("list.pair", name=text("map.metres_word"), value=""),
            },
            here.dark,
            cell,
            unit,
        )

    looks = (here.language, here.dark, view.zoom, view.longitude, view.latitude)
    deck = _decks().get((scope(), asked.code, card, town, cell, unit, looks), make)
    board(legend(here, data, asked, found, view), key=f"legend_{slot}")
    st.pydeck_chart(
        deck,
        height=height_of(here),
        on_select=_clicked(here, key),
        key=key,
        alt=text("map.alt", mode=title),
    )


def _clicked(here: Here, key: str) -> Callable[[], None]:
    """What a click does. The browser forgets a choice when the map is drawn anew: an empty one means nothing."""

    def opened() -> None:
        for rows in st.session_state[key].selection.objects.values():
            for row in rows:
                if "c" in row:
                    st.query_params["cell"] = row["c"]
                    st.query_params.pop("at", None)
                elif "u" in row:
                    st.query_params["at"] = here.code_of(int(row["u"]))
                    st.query_params.pop("cell", None)

    return opened


def _drawn(here: Here, data: MapData, found: Answer) -> pd.DataFrame:
    """What ``grid_map`` draws of the cells."""
    cells, text = data.cells, here.text
    named = cells["place_name"].notna() & (cells["place_name"] != "")
    head = cells["place_name"].where(named, "")
    head = head.astype(object)
    for place in np.flatnonzero(~named):
        head.iloc[place] = text("map.cell", column=cells["column"].iloc[place], row=cells["row"].iloc[place])
    head = head.where(~cells["estimated"].astype(bool), head + text("map.estimated_mark"))
    return pd.DataFrame(
        {
            "cell": cells["cell"],
            "column": cells["column"],
            "row": cells["row"],
            "class": found.classes,
            "head": head,
            "value": found.shown,
            "people": cells["people"],
            "metres": cells["metres"],
        }
    )


def open_units(here: Here) -> pd.DataFrame:
    """The open units in scope, but for the bureau."""
    return here.tree[here.tree["closed_on"].isna() & (here.tree["kind"] != "bureau")]


def _units(here: Here, data: MapData, asked: Question) -> pd.DataFrame:
    served = data.served.set_index("unit")
    heavy = set(above(data)["unit"]) if asked.shape is Shape.LOAD else set()
    shown = open_units(here)[["unit", "kind", "lon", "lat", "name"]]
    about = [_served_words(here, served, unit) for unit in shown["unit"]]
    return shown.assign(about=about, mark=[unit in heavy for unit in shown["unit"]])


def _served_words(here: Here, served: pd.DataFrame, unit: int) -> str:
    if unit not in served.index or is_missing(_float(served.at[unit, "people"])):
        return ""
    text, row = here.text, served.loc[unit]
    words = text("map.served_about", n=count(_float(row["people"])))
    if not is_missing(_float(row["ninth_m"])):
        words += text("map.served_ninth", m=count(_float(row["ninth_m"])))
    return words


def _float(value: object) -> float:
    return float("nan") if pd.isna(value) else float(value)


def _names(here: Here, data: MapData, town: str | None) -> pd.DataFrame:
    """Names of centres and towns, and of the villages of the town that is looked at; the weightiest first."""
    units = open_units(here)
    centres = units[(units["kind"] == "centre") & units["lon"].notna() & units["lat"].notna()]
    short = short_names(centres)
    served = data.served.set_index("unit")["people"]
    people = data.cells.groupby("town")["people"].sum()
    rows = [
        (row.lon, row.lat, short[row.unit], _CENTRE_SIZE, False, _FIRST + _number(served, row.unit))
        for row in centres.itertuples()
    ]
    there = set(short.values())
    rows += [
        (row.lon, row.lat, row.name, _TOWN_SIZE, True, 2 * _FIRST + _number(people, row.code))
        for row in data.towns.itertuples()
        if isinstance(row.name, str) and not any(row.name.startswith(name) for name in there)
    ]
    if town is not None:
        villages = data.lines[(data.lines["layer"] == "villages") & (data.lines["parent_code"] == town)]
        rows += [
            (row.lon, row.lat, row.name, _VILLAGE_SIZE, True, 0.0)
            for row in villages.itertuples()
            if isinstance(row.name, str)
        ]
    names = pd.DataFrame(rows, columns=["lon", "lat", "name", "size", "below", "weight"])
    return names.astype({"weight": float}).nlargest(MOST_NAMES, "weight")


def _number(values: pd.Series, key: object) -> float:
    found = values.get(key)
    return 0.0 if found is None or pd.isna(found) else float(found)


def legend(here: Here, data: MapData, asked: Question, found: Answer, view: pdk.ViewState) -> str:
    """The classes with their colours, the marks of units, the size of a cell and a drawn scale."""
    text, about = here.text, data.about
    there = {int(one) for one in np.unique(found.classes)}
    parts = [
        _patch(f"rgb{shade}", label)
        for shade, label in zip(colours_of(found, here.dark), found.labels, strict=True)
    ]
    for one, words in found.greys.items():
        if one in there:
            (red, green, blue), opacity = GREYS[one]
            parts.append(_patch(f"rgba({red},{green},{blue},{opacity / 255:.2f})", words))
    dot = tag("i", css="dot", style="background: var(--st-blue-color)")
    parts.append(tag("span", dot, esc(text("map.units"))))
    if asked.shape is Shape.LOAD:
        dot = tag("i", css="dot", style="background: var(--st-red-color)")
        parts.append(tag("span", dot, esc(text("map.unit_above", n=count(data.most_people)))))
    parts += line_entries(here, data.grid_ground if asked.shape is Shape.TEAMS else data.lines)
    size = "map.cell_size_hexagon" if about.lattice.kind == "hexagon" else "map.cell_size"
    parts.append(tag("span", esc(text(size, m=f"{about.lattice.side_m:g}")), css="muted"))
    metres, pixels = scale_bar(view)
    long = text("map.scale_km", n=f"{metres / 1000:g}") if metres >= 1000 else text("map.scale_m", n=metres)
    drawn = tag("i", css="scale", style=f"width:{pixels}px")
    parts.append(tag("span", drawn, esc(long), title=text("map.scale"), css="muted"))
    return tag("div", *parts, css="legend")


def _patch(colour: str, words: str) -> str:
    return tag("span", tag("i", style=f"background: {colour}"), esc(words))


def facts_of(data: MapData) -> Mapping[str, object]:
    """What is asked of the data in names of questions."""
    return {"km": data.km, "people": count(data.most_people)}
