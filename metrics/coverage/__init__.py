"""Coverage: who lives where, how far it is to a unit, and what supply there is for each of them.

``mapping`` makes the map of a build out of what follows, ``reading`` reads it for pages and papers. Everything else
is arithmetic on arrays and knows neither a database nor a page, but ``residents``, which asks the records.

``residents``  people by place, open units, what units supply
``points``     where people live: places, totals of villages, a raster
``earth``      metres and degrees on the WGS-84 ellipsoid
``lattice``    square or hexagonal cells that stay where they are
``people``     points of people: of places, of village totals spread over built-up land, of a raster
``gathering``  points of people added up by cell
``pairs``      who reaches what, at what cost
``travel``     pairs by straight line, by road, by a speed table; ``network`` and ``speeds`` behind it
``reach``      the nearest unit, the number of choices, within the rule or not
``served``     the same seen from the units: for whom each is the nearest
``catchment``  supply per head by the two-step floating catchment; ``decay`` its weights
``drawing``    the ground as pages draw it
"""

from metrics.coverage.reading import (
    About,
    Cover,
    about,
    cell_access,
    cell_reach,
    cells,
    corners,
    cover,
    delivery,
    demand_points,
    grids,
    ground,
    served_units,
)

__all__ = [
    "About",
    "Cover",
    "about",
    "cell_access",
    "cell_reach",
    "cells",
    "corners",
    "cover",
    "delivery",
    "demand_points",
    "grids",
    "ground",
    "served_units",
]
