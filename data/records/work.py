"""Work of units: activities, documents, facilities, money, staff, supervision."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Integer, SmallInteger, String

from data.records.table import record

# The word lists of the kinds are data/layouts/lists/<table>_kind.toml.

activity = record(
    "activity",  # something that a unit held or did: a lecture, a meeting, a drill, a disclosure, a patrol
    Column("kind", String, nullable=False),
    Column("topic", String),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("people", Integer),  # attended or reached
    Column("quantity", Double),  # copies, kilograms, minutes: the kind says which
    Column("mode", String),  # onsite, online
    Column("department", String),
    Column("channel", String),  # board, meeting, web, household: how it reached people
    Column("evidence", Boolean),  # photograph, minutes or list of attendance kept
    person=False,
)

document = record(
    "document",  # a plan, a summary, a report, a licence, an agreement, a letter of responsibility
    Column("kind", String, nullable=False),
    Column("topic", String),
    Column("day", Date),  # signed, issued or handed in; NULL: not yet
    Column("month", Integer),  # of the period that it is about; without one, of the day
    Column("due_on", Date),
    Column("start_on", Date),  # in force from
    Column("end_on", Date),  # last day in force; NULL: no end
    Column("items", Integer),  # problems listed, slots reserved: the kind says which
    Column("good", Boolean),  # reviewed and found complete
    person=False,
)

facility = record(
    "facility",  # what a unit has or offers from a day to a day: a room, a technique, a device, a system
    Column("kind", String, nullable=False),
    Column("name", String),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),  # last day
    Column("quantity", Double),  # square metres, hours a week: the kind says which
    Column("working", Boolean),  # in place and in use
    person=False,
)

check_item = record(
    "check_item",  # an item of a standard as found at a unit on a day: metrics/standards/checks.csv
    Column("item", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("met", Boolean, nullable=False),
    Column("evidence", Boolean),
    person=False,
)

sample = record(
    "sample",  # a survey, a sample check or a monthly count: so many of so many
    Column("kind", String, nullable=False),
    Column("topic", String),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("asked", Integer),  # people asked, things looked at
    Column("positive", Integer),  # of these met, satisfied, correct
    Column("method", String),  # survey, phone, visit, register
    person=False,
)

incident = record(
    "incident",  # something reported and handled: a notifiable case, an outbreak, a complaint, an accident
    Column("kind", String, nullable=False),
    Column("topic", String),  # the disease, what the complaint is about
    Column("day", Date, nullable=False),  # found or received
    Column("month", Integer, nullable=False),
    Column("found_at", DateTime),
    Column("reported_at", DateTime),
    Column("closed_at", DateTime),  # handled
    Column("severity", String),  # low, middle, high
    Column("outcome", String),
    Column("people", Integer),
    Column("amount", BigInteger),  # fen
    person=False,
)

money = record(
    "money",
    Column("account", String, nullable=False),  # data/layouts/lists/money_account.toml
    Column("topic", String),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("amount", BigInteger),  # fen
    person=False,
)

drug_line = record(
    "drug_line",
    Column("kind", String, nullable=False),  # purchase, sale, stocktake
    Column("item", String),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("channel", String),  # centre, other, illegal
    Column("cost", BigInteger),  # purchase price, fen
    Column("price", BigInteger),  # sale price, fen
    Column("amount", BigInteger),  # fen; of a stocktake: what is short
    person=False,
)

lab_order = record(
    "lab_order",
    Column("item", String),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("minutes", Integer),  # from order to report
    Column("recognised", Boolean),  # a result of another hospital was accepted instead
    person=False,
)

staff = record(
    "staff",  # one row an employment; names stay in the source
    Column("staff_no", String, nullable=False),
    Column("role", String),  # gp, physician, village_doctor, nurse, public_health, rehab, other
    Column("sex", SmallInteger),
    Column("born_on", Date),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),  # last day
    Column("title", String),  # none, junior, middle, senior
    Column("licence", String),  # physician, assistant, nurse, village, none
    Column("gp_qualified", Boolean),
    Column("gp_registered", Boolean),
    Column("certificate", Boolean),  # holds the post certificate
    Column("trained", Boolean),  # trained as general practitioner or community nurse
    Column("technical", Boolean),
    Column("responsible", Boolean),  # a responsible doctor
    Column("employer", String),  # town, village
    Column("duty", String),  # further duties, 、 between: bookkeeper, integration, public_health
    Column("hire_mode", String),  # open, other
    Column("contract_from", Date),
    Column("contract_to", Date),
    Column("contract_filed", Boolean),
    Column("pension", Boolean),
    Column("medical_insurance", Boolean),
    Column("deposit", BigInteger),  # fen
    Column("paid", Boolean),  # receives the wage subsidy
    Column("pay_linked", Boolean),  # pay follows the appraisal
    Column("multi_site", Boolean),
    person=False,
)

training = record(
    "training",  # one person of the staff at one training or examination
    Column("staff_no", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("topic", String),
    Column("day", Date, nullable=False),  # last day
    Column("month", Integer, nullable=False),
    Column("months", Double),  # how long it took
    Column("passed", Boolean),
    person=False,
)

appraisal = record(
    "appraisal",
    Column("kind", String, nullable=False),  # unit, doctor, doctor_year, ethics, peer, inspection, round
    Column("staff_no", String),  # NULL: of the unit itself
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),  # last month of the period appraised
    Column("score", Double),
    Column("full", Double),
    Column("grade", String),  # excellent, good, qualified, unqualified
    Column("filed", Boolean),  # in the personal file
    Column("sanction", String),  # what followed: dismissed, warned, reclaimed, ...
    person=False,
)

appraisal_item = record(
    "appraisal_item",
    Column("kind", String, nullable=False),
    Column("dimension", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("weight", Double),
    Column("score", Double),
    Column("full", Double),
    person=False,
)

inspection = record(
    "inspection",  # a supervision visit; unit: the unit visited
    Column("kind", String, nullable=False),  # monthly, irregular, circuit, annual
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("announced", Boolean),
    Column("recorded", Boolean),  # a detailed record stands in the handbook
    person=False,
)

finding = record(
    "finding",  # a fault found at a unit
    Column("kind", String, nullable=False),
    Column("day", Date, nullable=False),  # notice issued
    Column("month", Integer, nullable=False),
    Column("severity", String),  # low, middle, high
    Column("due_on", Date),
    Column("recorded_on", Date),  # measure and effect written down
    Column("closed_on", Date),
    Column("outcome", String),  # mended, closed_down, escalated
    person=False,
)

reported_count = record(
    "reported_count",  # a figure that a unit reports without records
    Column("indicator", String, nullable=False),  # key of a card
    Column("month", Integer, nullable=False),
    Column("numerator", Double),  # as the card shows it: people, yuan
    Column("denominator", Double),
    person=False,
)

delivery_note = record(
    "delivery_note",  # the bureau's own register of what was handed in
    Column("source", String, nullable=False),  # a record table's name
    Column("month", Integer, nullable=False),
    Column("status", String, nullable=False),  # whole, part, none
    person=False,
)
