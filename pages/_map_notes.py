"""What stands below the map: of when it is, where its people come from, and who is not on it."""

from __future__ import annotations

from metrics.units import count
from pages._html import span, tag
from pages._map_data import MapData
from pages._month import month_name
from pages._page import Here
from pages._who import principal


def notes(here: Here, data: MapData) -> str:
    """The month, the source of people, what is left out, what is estimated; each where there is any."""
    text, about = here.text, data.about
    parts = [
        text("map.data", month=month_name(about.month, text)),
        text(f"map.from_{about.people_from}"),
    ]
    if len(data.towns):
        parts.append(text("map.towns_by_home"))
    left = []
    if about.unplaced:
        left.append(text("map.left_people", n=count(about.unplaced)))
    if about.units_unplaced:
        left.append(text("map.left_units", n=count(about.units_unplaced)))
    if left:
        parts.append(text("map.left_out", words=text("list.comma").join(left)))
    estimated = int(data.cells["estimated"].astype(bool).sum())
    if estimated:
        parts.append(text("map.estimated_cells", n=count(estimated)))
    if not principal().figures.everything:
        parts.append(text("map.scope_only"))
    return tag("div", *(span(part) for part in parts), css="asof")
