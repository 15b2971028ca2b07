"""Who and where: units, places, populations, persons, teams."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Double, Integer, SmallInteger, String

from data.records.table import record

unit = record(
    "unit",  # one row an organisation; its stable number is the column unit
    Column("code", String, nullable=False),  # organisation code as the bureau's own register writes it
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),  # bureau, centre, station, clinic
    Column("parent_code", String),
    Column("parent", Integer),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("successor_code", String),  # merged into this unit on closed_on
    Column("successor", Integer),
    Column("lon", Double),  # WGS-84
    Column("lat", Double),
    Column("coord_sys", String),  # what the source wrote: WGS84, GCJ02, BD09, CGCS2000
    Column("lon_source", Double),
    Column("lat_source", Double),
    Column("address", String),
    Column("place_code", String),  # code of the place (town, village, community or group) in which it lies
    person=False,
)

place = record(
    "place",  # a management grid 网格 down to the village group; persons live in one
    Column("place", Integer, nullable=False),  # stable number of the code
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("parent_code", String),
    Column("level", String),  # county, town, village or community (levels.py), group, building, ...
    Column("lon", Double),
    Column("lat", Double),
    Column("seat", Boolean),  # a village: the township's seat, which needs no clinic of its own
    Column("dense", Boolean),  # marked as dense with floating population
    Column("team_code", String),  # the family-doctor team that the grid is assigned to
    person=False,
)

population = record(
    "population",  # people by statistics, by unit and year: the approved denominators
    Column("year", Integer, nullable=False),
    Column("kind", String, nullable=False),  # resident (statistics bureau), registered (public security)
    Column("band", String, nullable=False),  # all, 0-6, 0-3, 15+, 18+, 35+, 60+, 65+, 70+, f15-49
    Column("persons", Integer, nullable=False),
    Column("approved_by", String),
    Column("approved_on", Date),
    Column("in_force", Boolean),  # True: this kind is what the unit's figures of the year are divided by
    person=False,
)

person = record(
    "person",  # demographic master; names and ID numbers are in the identity store, never here
    Column("sex", SmallInteger),  # 1 male, 2 female, NULL unknown
    Column("born_on", Date),
    Column("born_month", Integer),  # year * 12 + month - 1
    Column("born_hour", SmallInteger),  # hour of birth 0..23 where the source has it
    Column("died_on", Date),
    Column("registered", Boolean),  # True 户籍, False 非户籍 (floating)
    Column("arrived_on", Date),  # arrival in the district, where known
    Column("health_card", Boolean),  # holds a resident health card
)

residence = record(
    "residence",  # a register file: which unit managed the person from when to when
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),  # last day managed; NULL: still
    Column("reason", String),  # moved, died, left
    Column("place_code", String),
    Column("place", Integer),
)

person_tag = record(
    "person_tag",  # a group or a finding with its dates; the list of tags is data/layouts/lists/tags.toml
    Column("tag", String, nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),
)

team = record(
    "team",
    Column("code", String, nullable=False),
    Column("name", String),
    Column("leader", String),
    Column("leader_gp", Boolean),  # the leader is trained as a general practitioner
    Column("members", String),  # roles of its members, 、 between: gp, nurse, specialist, public_health
    person=False,
)
