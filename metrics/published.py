"""The published figures: everything that a page shows, and nothing that names a person."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Integer, MetaData, String, Table

SCHEMA = "published"
metadata = MetaData(schema=SCHEMA)

figure = Table(
    "figure",
    metadata,
    Column("indicator", String, nullable=False),
    Column("unit", Integer, nullable=False),  # bureau, centre, station or clinic: sums are already made
    Column("month", Integer, nullable=False),  # year * 12 + month - 1
    Column("basis", String, nullable=False),  # as_of, month, ytd, r12
    Column("stratum", String, nullable=False),  # "" for all, or as metrics/strata.py has it: sex:1, grid:12
    Column("numerator", BigInteger),
    Column("listed", BigInteger),  # known by name; NULL for counts
    Column("denominator", BigInteger),  # in force; NULL: a count, or no denominator approved
    Column("value", Double),  # a share as 0..1 (above 1 shown and flagged), a mean, or the count itself
    Column("status", String, nullable=False),  # see STATUSES
    Column("origin", String, nullable=False),  # records, or reported: the unit gave the figure alone
)

reported = Table(  # what units report without records, each as its unit stated it
    "reported",
    metadata,
    Column("indicator", String, nullable=False),  # key of a card; as written where no card is meant
    Column("unit", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    Column("numerator", Double),  # as the card shows it: people, yuan
    Column("denominator", Double),
    Column("value", Double),  # as ``figure.value``
    Column(
        "status", String, nullable=False
    ),  # ok, or why it is no figure: unknown, none, empty, no_denominator
    Column("file", String),  # name of the source file
)

STATUSES = (
    "ok",
    "part",  # some of what the figure needs was not delivered: shown, not ranked
    "none",  # nothing was delivered: no figure
    "untold",  # a source that it needs does not hold the item at all
    "no_denominator",  # nothing approved to divide by
    "empty",  # nothing to divide by: the denominator is 0
)

unit = Table(
    "unit",
    metadata,
    Column("unit", Integer, primary_key=True, autoincrement=False),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),  # bureau, centre, station, clinic
    Column("parent", Integer),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("successor", Integer),
    Column("lon", Double),
    Column("lat", Double),
)

target = Table(
    "target",
    metadata,
    Column("indicator", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("unit_kind", String),  # NULL: every kind
    Column("unit", Integer),  # NULL: every unit of the kind
    Column("value", Double, nullable=False),  # a share as 0..1, or a count
    Column("value_to", Double),  # of a range: its upper end
    Column("source", String, nullable=False),
    Column("note", String),
    Column("own", Boolean, nullable=False),  # the bureau's, not a shipped one
    Column("in_force", Boolean, nullable=False),
)

population = Table(  # what can be divided by: every kind side by side, one of them in force
    "population",
    metadata,
    Column("unit", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("kind", String, nullable=False),  # resident, registered, recorded; mixed: a sum of centres' kinds
    Column("band", String, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("approved_by", String),  # NULL: counted by the record system, or a sum
    Column("approved_on", Date),
    Column("in_force", Boolean, nullable=False),
)

parameter = Table(  # the dated values that figures use
    "parameter",
    metadata,
    Column("key", String, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("value", Double, nullable=False),
    Column("source", String, nullable=False),
    Column("own", Boolean, nullable=False),  # the bureau's, not the shipped one
)

delivery = Table(
    "delivery",
    metadata,
    Column("unit", Integer, nullable=False),
    Column("source", String, nullable=False),  # a record table's name
    Column("month", Integer, nullable=False),
    Column("status", String, nullable=False),  # whole, part, none
    Column("estimated", Boolean, nullable=False),  # inferred from the rows; False: stated by a delivery note
)

cell = Table(
    "cell",
    metadata,
    Column("cell", Integer, primary_key=True, autoincrement=False),
    Column("column", Integer, nullable=False),
    Column("row", Integer, nullable=False),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("place_name", String),  # the place that most of the cell's people give as theirs
    Column("people", Integer, nullable=False),
    Column("people_0_6", Integer, nullable=False),
    Column("people_65", Integer, nullable=False),
    Column("floating", Integer, nullable=False),
    Column("contracted", Integer, nullable=False),
    Column("unit", Integer),  # nearest open unit
    Column("metres", Integer),  # to it, as the crow flies, from the cell's people-weighted middle
    Column("within", Boolean),  # of the rule's distance
)

place = Table(
    "place",
    metadata,  # the names of management grids that figures are broken down by
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
)

tally = Table(
    "tally",
    metadata,  # what the database counted, before any sum: an incremental build adds to it
    Column("indicator", String, nullable=False),
    Column("part", String, nullable=False),  # numerator, denominator (of events), listed
    Column("unit", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    Column("n", BigInteger, nullable=False),
)

stratum_tally = Table(
    "stratum_tally",
    metadata,  # the same by stratum, in the months to come as well: arrays that metrics/strata.py packs
    Column("indicator", String, nullable=False),
    Column("part", String, nullable=False),
    Column("by_unit", String, nullable=False),
    Column("by_grid", String, nullable=False),
)

build = Table(
    "build",
    metadata,
    Column("build", Integer, nullable=False),
    Column("event", Integer, nullable=False),  # what was known: number of the last event
    Column("batch", Integer),  # the newest batch in force then
    Column("built_at", DateTime, nullable=False),
    Column("kind", String, nullable=False),  # full, incremental
    Column("first_month", Integer, nullable=False),
    Column("last_month", Integer, nullable=False),
    Column("data_until", Date),  # last service date
    Column("definitions", String, nullable=False),  # digest of every card's rule and parameters
    Column("seconds", Double, nullable=False),
    Column("installation", String, nullable=False),  # demo, own
    Column("bureau", String, nullable=False),
)

PUBLISHED = {t.name: t for t in metadata.sorted_tables}
