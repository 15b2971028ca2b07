"""What people write in the product: appraisals, money, supervision, evidence, and the history of it all.

Points are whole hundredths, money whole fen, months ``year * 12 + month - 1``. A row that people edit carries
``version``: whoever saves must have seen the version in force (``data.register.book``).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Float, Integer, MetaData, String, Table

SCHEMA = "register"
metadata = MetaData(schema=SCHEMA)


def _edited(name: str, *columns: Column) -> Table:
    """A table that people edit: every row knows its version and who wrote it when."""
    return Table(
        name,
        metadata,
        *columns,
        Column("version", Integer, nullable=False),
        Column("edited_at", DateTime, nullable=False),
        Column("edited_by", String, nullable=False),
    )


# -- appraisal -------------------------------------------------------------------------------------

appraisal_round = _edited(
    "appraisal_round",  # one sheet applied to one period
    Column("round", Integer, primary_key=True),
    Column("sheet", String, nullable=False),  # key of a scoring sheet
    Column("sheet_version", String, nullable=False),
    Column("sheet_text", String),  # the sheet as it was applied; NULL: a draft reads the sheet in force
    Column("subject", String, nullable=False),  # unit, doctor
    Column("month", Integer, nullable=False),  # last month of the period
    Column("period", String, nullable=False),  # quarter, half, year
    Column("state", String, nullable=False),  # draft, published, withdrawn
    Column("event", Integer),  # data event whose figures it froze
    Column("definitions", String),  # digest of definitions, likewise
    Column("published_at", DateTime),
    Column("published_by", String),
    Column("note", String),
)

appraisal_entry = _edited(
    "appraisal_entry",  # what a person scored by hand, or said about an item: whether it applies
    Column("round", Integer, primary_key=True),
    Column("unit", Integer, primary_key=True),
    Column("staff_no", String, primary_key=True),  # "" where the unit itself is appraised
    Column("item", String, primary_key=True),
    Column("applies", Boolean),  # NULL: as the figures say
    Column("points", BigInteger),  # hundredths; NULL: as the figures say
    Column("note", String),
)

appraisal_line = Table(
    "appraisal_line",  # a published item, frozen
    metadata,
    Column("round", Integer, primary_key=True),
    Column("unit", Integer, primary_key=True),
    Column("staff_no", String, primary_key=True),
    Column("item", String, primary_key=True),
    Column("state", String, nullable=False),  # scored, manual, not_applicable, no_figure
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("baseline", Float),
    Column("weight", BigInteger, nullable=False),  # hundredths, after redistribution
    Column("points", BigInteger),  # hundredths; NULL: not scored; 0 of a veto that was pronounced
    Column("reason", String),  # why it was not scored by its figure, or that the figure is only part
    Column("note", String),
    Column("hidden", Boolean),  # its figure is not public; NULL: published before this was known
)

appraisal_result = Table(
    "appraisal_result",  # a published score, frozen; a granted appeal writes the second score beside it
    metadata,
    Column("round", Integer, primary_key=True),
    Column("unit", Integer, primary_key=True),
    Column("staff_no", String, primary_key=True),
    Column("points", BigInteger, nullable=False),
    Column("full", BigInteger, nullable=False),
    Column("second_points", BigInteger),  # after appeals; NULL: none granted
    Column("kind", String),  # of the unit: ranked among units of the same kind
    Column("parent", Integer),  # the unit above it then
    Column("rank", Integer),  # in the district
    Column("peers", Integer),  # how many are ranked
    Column("parent_rank", Integer),  # among those under the same parent
    Column("parent_peers", Integer),
    Column("grade", String, nullable=False),  # excellent, good, qualified, unqualified
    Column("veto", String),  # item that vetoed; NULL: none
    # Hundredths to which its total is cut down for the public; 0: not shown; NULL: as above.
    Column("step", Integer),
)

appeal = _edited(
    "appeal",
    Column("appeal", Integer, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("unit", Integer, nullable=False),
    Column("staff_no", String, nullable=False),
    Column("item", String, nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("state", String, nullable=False),  # open, granted, refused
    Column("points", BigInteger),  # the second score of the item, hundredths
    Column("answer", String),
    Column("decided_at", DateTime),
    Column("decided_by", String),
)

# -- funds -----------------------------------------------------------------------------------------

settlement = _edited(
    "settlement",  # one programme year's money, settled by one model
    Column("settlement", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("model", String, nullable=False),  # coefficient, work_points
    Column("round", Integer),  # whose scores settle it
    Column("state", String, nullable=False),  # draft, published, withdrawn
    Column("terms", String, nullable=False),  # JSON: standard, shares, bands, as applied
    Column("event", Integer),
    Column("published_at", DateTime),
    Column("published_by", String),
    Column("note", String),
)

settlement_line = Table(
    "settlement_line",  # published money of one unit and programme, fen
    metadata,
    Column("settlement", Integer, primary_key=True),
    Column("unit", Integer, primary_key=True),
    Column("programme", String, primary_key=True),
    Column("population", BigInteger),
    Column("entitlement", BigInteger, nullable=False),
    Column("in_advance", BigInteger, nullable=False),  # of it, due before the appraisal
    Column("paid", BigInteger, nullable=False),  # by the ledger, when it was published
    Column("earned", BigInteger, nullable=False),  # after the appraisal
    Column("coefficient", Float),
)

settlement_doctor = Table(
    "settlement_doctor",  # published money of one village doctor, fen
    metadata,
    Column("settlement", Integer, primary_key=True),
    Column("unit", Integer, primary_key=True),  # the clinic
    Column("staff_no", String, primary_key=True),
    Column("centre", Integer),
    Column("people", Float),  # of the clinic's, this doctor's part
    Column("entitlement", BigInteger),  # NULL: nothing can be said, for the reason
    Column("earned", BigInteger),  # NULL: not settled, for the reason
    Column("score", Float),  # 0 to 100
    Column("coefficient", Float),
    Column("reason", String, nullable=False),  # why it is not settled; "" where it is
    Column("in_ledger", Boolean, nullable=False),  # the ledger said itself what the clinic's doctors are due
)

# -- supervision -----------------------------------------------------------------------------------

visit = _edited(
    "visit",
    Column("visit", Integer, primary_key=True),
    Column("unit", Integer, nullable=False),
    Column("kind", String, nullable=False),  # codes of the record table inspection: monthly, irregular, ...
    Column("planned_on", Date, nullable=False),
    Column("done_on", Date),
    Column("team", String),  # who goes
    Column("announced", Boolean),
    Column("account", String),  # the detailed record of the handbook
    Column("note", String),  # why it was cancelled
    Column("state", String, nullable=False),  # planned, done, cancelled
)

finding = _edited(
    "finding",
    Column("finding", Integer, primary_key=True),
    Column("unit", Integer, nullable=False),
    Column("visit", Integer),
    Column("kind", String, nullable=False),  # codes of the record table finding
    Column("severity", String, nullable=False),  # low, middle, high
    Column("what", String, nullable=False),  # what was found, in words
    Column("demand", String),  # what is required
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("responsible", String),
    Column(
        "state", String, nullable=False
    ),  # open, recorded, escalated, closed; withdrawn: issued by mistake
    Column("measure", String),
    Column("effect", String),
    Column("recorded_on", Date),  # measure and effect written down
    Column("rechecked_on", Date),
    Column("recheck", String),  # mended, not_mended
    Column("recheck_note", String),
    Column(
        "closed_on", Date
    ),  # the day on which it was mended, as the re-check found, or the place closed down
    Column("escalation", String),  # the last step: warning_letter, interview, fund_deduction, closed_down
    Column("escalated_on", Date),
    Column("deduction", BigInteger),  # fen
)

# -- verification ----------------------------------------------------------------------------------

verification = _edited(
    "verification",  # a sample of the people whom a figure counts, drawn to be asked whether it is so
    Column("verification", Integer, primary_key=True),
    Column("indicator", String, nullable=False),
    Column("unit", Integer, nullable=False),  # the bureau, or the unit that is checked with all below it
    Column("month", Integer, nullable=False),
    Column("basis", String, nullable=False),
    Column("spread", String, nullable=False),  # below, each: which units get a sample of their own
    Column("size", Integer, nullable=False),  # how many are drawn, as it was asked for
    Column("seed", BigInteger, nullable=False),  # chosen by the program
    Column("event", Integer, nullable=False),  # data event of the records that it was drawn from
    Column("definitions", String, nullable=False),  # digest of definitions, likewise
    Column("drawn_at", DateTime, nullable=False),
    Column("drawn_by", String, nullable=False),
    Column("state", String, nullable=False),  # open, closed
    Column("closed_at", DateTime),
    Column("closed_by", String),
    Column("note", String),
)

verification_unit = Table(
    "verification_unit",  # a unit of a verification: what its figure said when it was drawn, frozen
    metadata,
    Column("verification", Integer, primary_key=True),
    Column("unit", Integer, primary_key=True),
    Column("parent", Integer),  # the unit above it then; NULL: the unit that is checked
    Column("numerator", BigInteger, nullable=False),  # people counted there and below
    Column("denominator", BigInteger),  # NULL: nothing to divide by
    Column("asked", Boolean, nullable=False),  # whether the sample was spread so that it has a result
)

verification_person = _edited(
    "verification_person",  # somebody who was drawn, and what came of asking; by number, never by name
    Column("verification", Integer, primary_key=True),
    Column("line", Integer, primary_key=True),  # on the check sheet
    Column("person", Integer, nullable=False),
    Column("unit", Integer, nullable=False),  # at which the person was counted
    Column("doctor", String),  # as the source writes who did it; NULL: it does not say
    Column("chance", Float, nullable=False),  # of having been drawn
    Column("risk", Float, nullable=False),
    Column("signs", String, nullable=False),  # why the risk is above 1: codes joined by commas
    Column("outcome", String),  # metrics/verifying/outcomes.py; NULL: not yet asked
    Column("asked_on", Date),
    Column("note", String),
)

# -- control charts --------------------------------------------------------------------------------

marked_event = _edited(
    "marked_event",  # what somebody knows to be different from a month on
    Column("event", Integer, primary_key=True),
    Column("unit", Integer),  # NULL: every unit
    Column("indicator", String),  # NULL: every one
    Column("month", Integer, nullable=False),  # the first that is different
    Column("words", String, nullable=False),
    Column("rebase", Boolean, nullable=False),  # limits begin anew there
    Column("state", String, nullable=False),  # standing, removed
)

# -- of everything ---------------------------------------------------------------------------------

evidence = Table(
    "evidence",  # a file that proves something; its bytes lie in the installation's evidence folder
    metadata,
    Column("evidence", Integer, primary_key=True),
    Column("of", String, nullable=False),  # finding, visit, appraisal_entry, appeal
    Column("key", String, nullable=False),  # the row's key, parts joined by /
    Column("name", String, nullable=False),
    Column("media", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String, nullable=False),
    Column("added_at", DateTime, nullable=False),
    Column("added_by", String, nullable=False),
    Column("removed_at", DateTime),
    Column("removed_by", String),
    Column("removed_why", String),
)

history = Table(
    "history",  # who wrote what when: nothing here is ever changed
    metadata,
    Column("entry", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("by", String, nullable=False),
    Column("of", String, nullable=False),  # table
    Column("key", String, nullable=False),
    Column("action", String, nullable=False),  # add, change, publish, withdraw, grant, ...
    Column("before", String),  # JSON
    Column("after", String),  # JSON
)
