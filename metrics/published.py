"""The published figures: everything that a page shows, and nothing that names a person."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
)

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
    # Which of these numbers are not public: bits of metrics/small_numbers.py. Readers go through its ``shown_to``.
    Column("hidden", SmallInteger, nullable=False, server_default="0"),
)

source_figure = (
    Table(  # the same by source system, of cards whose rows name their file, on the card's default basis
        "source_figure",
        metadata,
        Column("indicator", String, nullable=False),
        Column("unit", Integer, nullable=False),  # sums are already made
        Column("month", Integer, nullable=False),
        Column(
            "system", String, nullable=False
        ),  # family of layouts: chis, plain; "" where the file is not known
        Column("numerator", BigInteger, nullable=False),
        Column("denominator", BigInteger, nullable=False),  # greater than 0
    )
)

spread = Table(  # how widely the single values of a mean spread, of figures made of records
    "spread",
    metadata,
    Column("indicator", String, nullable=False),
    Column("unit", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    Column("basis", String, nullable=False),
    Column(
        "deviation", Double, nullable=False
    ),  # standard deviation (n - 1), in what the value is counted in
    Column("hidden", SmallInteger, nullable=False),  # as ``figure.hidden``: small_numbers.VALUE or 0
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

GRID = "grid:"  # a stratum that is a management grid: before the number of its place

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

notice = Table(  # changes that lasted, each in the month in which it is raised; of public figures alone
    "notice",
    metadata,
    Column("indicator", String, nullable=False),
    Column("unit", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    Column("since", Integer, nullable=False),  # the first changed month
    Column("way", SmallInteger, nullable=False),  # 1 up, -1 down
    Column("before", Double, nullable=False),  # what was to be expected since then, as ``figure.value``
    Column("after", Double, nullable=False),  # what it was
    Column("p", Double, nullable=False),  # of the newest months when it was raised
    Column("q", Double, nullable=False),  # the same with all pairs of the month taken together
)

week_visits = (
    Table(  # what the shortest list of a unit right below a bureau closes with the usual number of visits
        "week_visits",
        metadata,
        Column("unit", Integer, nullable=False),
        Column("place", String, nullable=False),  # home, centre
        Column("week_on", Date, nullable=False),  # the week's Monday
        Column("visits", Integer, nullable=False),  # those that there are to make, up to the usual number
        Column("closed", Integer, nullable=False),  # gaps
    )
)

last_days = Table(  # until when people of a unit right below a bureau must be seen, each at the first of their last days
    "last_days",
    metadata,
    Column("unit", Integer, nullable=False),
    Column("system", String, nullable=False),  # whose cards; "": of all, where everybody counts once again
    Column(
        "week_on", Date
    ),  # Monday of the week of the last day; NULL: it is too late for something this year
    Column("people", Integer, nullable=False),
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

late_entry = (
    Table(  # when services were entered: counts of rows that are known now, by the unit that performed them
        "late_entry",
        metadata,
        Column("unit", Integer, nullable=False),
        Column("month", Integer, nullable=False),  # of the service
        Column("source", String, nullable=False),  # a record table's name
        Column("layout", String),  # of the file that they came with; NULL: not known
        Column("n", Integer, nullable=False),
        Column("dated", Integer, nullable=False),  # those of which the source says when they were entered
        Column(
            "late", Integer, nullable=False
        ),  # entered later after the service than the parameter late_entry_days
        Column(
            "after_report", Integer, nullable=False
        ),  # entered after the day on which the month was reported
        Column(
            "added", Integer
        ),  # known to us since a later day only; NULL: the month was not known by its report day
    )
)

rewriting = Table(  # rows of months that were reported already, changed since: what is known now against what was then
    "rewriting",
    metadata,
    Column("unit", Integer, nullable=False),
    Column("month", Integer, nullable=False),  # of the service, as it was reported
    Column("source", String, nullable=False),
    Column(
        "layout", String
    ),  # of the file that changed them; of what was withdrawn the file that they came with
    # changed, withdrawn, added; backdated: added, although the source says it was entered before the month was reported
    Column("kind", String, nullable=False),
    Column("event", Integer, nullable=False),  # that did it
    Column("on", Date, nullable=False),
    Column("by", String, nullable=False),
    Column("n", Integer, nullable=False),
)

moved = Table(  # figures of reported months that came out otherwise at a build than at the one before
    "moved",
    metadata,  # kept from build to build, like ``build``
    Column("build", Integer, nullable=False),
    Column("indicator", String, nullable=False),
    Column("unit", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    Column("basis", String, nullable=False),
    *(
        Column(f"{part}_{when}", BigInteger)
        for when in ("before", "after")
        for part in ("numerator", "denominator")
    ),
    *(Column(f"value_{when}", Double) for when in ("before", "after")),
    Column("redefined", Boolean, nullable=False),  # the rules or parameters were others too
    Column("hidden", SmallInteger, nullable=False),  # bits of both figures
)

lattice = Table(  # what the map of the newest build is made of: one row
    "lattice",
    metadata,
    Column("month", Integer, nullable=False),
    Column("kind", String, nullable=False),  # square, hexagon
    Column("side_m", Integer, nullable=False),
    Column("lon", Double, nullable=False),  # middle of the district, by which the cells are laid
    Column("lat", Double, nullable=False),
    Column("people_from", String, nullable=False),  # records, villages, raster
    Column("rule_m", Integer, nullable=False),
    Column("catchment_m", Integer, nullable=False),
    Column("travel", String),  # minutes come from roads or from a table of speeds; NULL: there are none
    Column("mode", String),  # walk, cycle, motorcycle, car
    Column("minutes", Integer),  # the longest way that is looked for
    Column("unplaced", Integer, nullable=False),  # people of whom nobody knows where they live
    Column("units_unplaced", Integer, nullable=False),  # open units without coordinates
)

_PEOPLE = ("people", "people_0_6", "people_65", "floating", "contracted")


def _counts(*names: str) -> list[Column]:
    """Numbers of people; NULL where the source of the map does not tell."""
    return [Column(name, Integer) for name in names]


cell = Table(
    "cell",
    metadata,  # of the newest month, and of the month a year before where figures go back so far
    Column("month", Integer, nullable=False),
    Column("cell", String, nullable=False),  # column-row
    Column("column", Integer, nullable=False),
    Column("row", Integer, nullable=False),
    Column("lon", Double, nullable=False),  # where its people live on average
    Column("lat", Double, nullable=False),
    Column("place_name", String),  # the place in which most of the cell's people live
    *_counts(*_PEOPLE),
    # People whose own place is farther from every open unit than the rule allows; NULL: no unit has coordinates.
    *_counts("beyond", "beyond_0_6", "beyond_65", "beyond_floating"),
    *_counts("one_choice"),  # people with exactly one open unit within the rule
    Column("estimated", Boolean, nullable=False),  # some of its people were put here by area
    Column("unit", Integer),  # nearest open unit
    Column("metres", Double),  # to the nearest unit as the crow flies, mean over the cell's people
    Column(
        "minutes", Double
    ),  # the same of ways; NULL: none known, or somebody's is longer than is looked for
    *_counts("slow"),  # people whose way is longer than is looked for; NULL: no ways
)

cell_reach = Table(
    "cell_reach",
    metadata,  # of the newest month, by kind of unit
    Column("cell", String, nullable=False),
    Column("kind", String, nullable=False),  # centre, station, clinic
    Column("unit", Integer, nullable=False),
    Column("metres", Double, nullable=False),
)

cell_access = Table(
    "cell_access",
    metadata,  # supply per head by floating catchments, newest month
    Column("cell", String, nullable=False),
    Column("supply", String, nullable=False),  # doctors, gps, beds, hours
    Column("per_1000", Double, nullable=False),  # of a thousand people
    Column(
        "unsure", Boolean, nullable=False
    ),  # some unit within reach does not tell its supply: a lower bound
)

point = Table(
    "point",
    metadata,  # where people live, newest month: what proposals are computed from
    Column("point", Integer, primary_key=True, autoincrement=False),
    Column("cell", String, nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("name", String),
    Column("village", String),  # name of the village or community that it lies in
    *_counts(*_PEOPLE),
    Column("estimated", Boolean, nullable=False),
    Column("unit", Integer),  # nearest open unit
    Column("metres", Double),
)

served = Table(
    "served",
    metadata,  # open units with coordinates and the people for whom each is the nearest, newest month
    Column("unit", Integer, primary_key=True, autoincrement=False),
    *_counts("people", "people_0_6", "people_65", "floating", "beyond"),
    Column("ninth_m", Double),  # nine of ten of them live so near; NULL: it is nobody's nearest
    Column("farthest_m", Double),
    Column("near_unit", Integer),  # the open unit that is nearest to this one
    Column("near_m", Double),
)

ground = Table(
    "ground",
    metadata,  # what the map is drawn on: the bureau's own borders, roads and sites
    Column("layer", String, nullable=False),  # boundaries, villages, grids, roads, candidates, stops
    Column("code", String),
    Column("name", String),
    Column("level", String),  # of a village or community as the register of places has it, where it knows it
    Column("parent_code", String),
    Column("road_class", String),
    Column("lon", Double, nullable=False),  # a point on it, for its name
    Column("lat", Double, nullable=False),
    Column("shape", String, nullable=False),  # GeoJSON geometry, simplified to some ten metres
    Column("seat", Boolean),  # a village that is the seat of its town, by the register; NULL: not told
)

place = Table(
    "place",
    metadata,  # management grids: their names, and where figures by grid lie on the map
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("level", String),
    Column("lon", Double),
    Column("lat", Double),
    Column("cell", String),
    Column("team", String),  # code of the doctor team that it is assigned to
    Column("teams", Integer),  # teams of this code; NULL: it is made of smaller grids
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

truth_look = Table(
    "truth_look",
    metadata,  # what records looked like to metrics/truth: one row, nothing of any unit
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("method", Integer, nullable=False),  # metrics/truth/publishing.py: which version looked
    Column("units", Integer, nullable=False),  # with enough records to say something
    Column("doctors", Integer, nullable=False),
    Column("units_few", Integer, nullable=False),  # with records, but too few
    Column("units_listed", Integer, nullable=False),  # worth checking, themselves or a doctor of theirs
    Column("doctors_listed", Integer, nullable=False),
    Column("measured", String, nullable=False),  # kinds of contact that have readings
    Column("telephones", Integer),  # persons whose telephone could be compared; NULL: an older version looked
    Column("units_hinted", Integer),  # with one trace only and not listed; NULL: an older version looked
)

truth_group = Table(
    "truth_group",
    metadata,  # units and doctors that were looked at
    Column("unit", Integer, nullable=False),
    Column("doctor", BigInteger, nullable=False),  # keyed hash of the name in the records; 0: all of the unit
    Column("contacts", Integer, nullable=False),
    Column("enough", Boolean, nullable=False),  # records enough to say something
    Column("listed", Boolean, nullable=False),  # worth checking, false discoveries kept rare
    Column("hinted", Boolean),  # one trace only, which no other bears out; NULL: an older version looked
    Column("q", Double),  # of all groups; NULL: nothing could be tested
)

truth_signal = Table(
    "truth_signal",
    metadata,  # why a group is listed or hinted at, the clearest first
    Column("unit", Integer, nullable=False),
    Column("doctor", BigInteger, nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String, nullable=False),  # see metrics/truth/signals.py
    Column("observed", Double, nullable=False),
    Column("expected", Double, nullable=False),
    Column("low", Double, nullable=False),  # where 95 % of honest groups lie
    Column("high", Double, nullable=False),
    Column("number", Integer, nullable=False),  # among how many
    Column("behind", Integer, nullable=False),  # records, or persons, that are told of
    Column("p", Double, nullable=False),
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
