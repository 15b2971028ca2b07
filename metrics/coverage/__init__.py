"""Coverage: who lives where, how far it is to a unit, and what supply there is for each of them.

``reading`` reads what is published for the pages. Everything else is arithmetic on arrays and knows neither a
database nor a page:

``earth``      metres and degrees on the WGS-84 ellipsoid
``lattice``    square or hexagonal cells that stay where they are
``people``     points of people: of places, of village totals spread over built-up land, of a raster
``gathering``  points of people added up by cell
``pairs``      who reaches what, at what cost
``travel``     pairs by straight line, by road, by a speed table; ``network`` and ``speeds`` behind it
``reach``      the nearest unit, the number of choices, within the rule or not
``catchment``  supply per head by the two-step floating catchment; ``decay`` its weights
``small``      small numbers that are not shown
"""

from metrics.coverage.reading import Cover, cells, cover, delivery

__all__ = ["Cover", "cells", "cover", "delivery"]
