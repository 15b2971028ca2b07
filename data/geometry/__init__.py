"""The ground of a district as its bureau gives it: boundaries, villages, management grids, roads, sites.

`folder.read_geometry` is the door; docs/geometry.md tells a bureau's technician what to put where. Nothing is
fetched from anywhere.
"""
