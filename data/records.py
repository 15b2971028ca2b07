"""The records of a district: typed, normalised tables that every layout feeds and every card reads.

Each table lives in the schema ``records``. Every row carries where it came from (batch, file,
line), which unit performed it (``unit``, resolved from ``source_unit``), whom it is about
(``person``, resolved from ``subject``) and when it was known (``known_from``/``known_to``).

Conventions
- ``*_on`` and ``day`` are DATE. ``month`` is an integer, ``year * 12 + month - 1``, set at intake
  from the service date, so that rules need no date functions.
- Money is integer fen. Blood pressure is integer mmHg, glucose mmol/L as a double.
- ``known_to`` is NULL for the version in force; nothing is overwritten.
- A NULL means "not delivered" or "not filled in", never zero.
"""

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

SCHEMA = "records"
metadata = MetaData(schema=SCHEMA)


def _provenance() -> list[Column]:
    return [
        Column("row_id", BigInteger, nullable=False),  # one version of one row; never reused
        Column("key", BigInteger, nullable=False),  # 63-bit hash of table, source and business key
        Column("content", BigInteger, nullable=False),  # 63-bit hash of the row's canonical values
        Column("rank", BigInteger, nullable=False),  # when the source file was made: the later one wins
        Column("batch", Integer, nullable=False),
        Column("file", Integer, nullable=False),
        Column("line", Integer, nullable=False),
        Column("known_from", Integer, nullable=False),  # event (import, undo) that put it in force
        Column("known_to", Integer),  # event that took it out of force
    ]


def _performed() -> list[Column]:
    return [
        Column("source_unit", Integer),  # the unit as the source wrote it: see the table source_unit
        Column("unit", Integer),  # the unit that performed it; NULL while its code is not mapped
        Column("entered_on", Date),  # when it was typed into the source system
    ]


def _about() -> list[Column]:
    return [
        Column("subject", Integer, nullable=False),  # the person as the source identifies them
        Column("person", Integer, nullable=False),  # after merging subjects that are one person
    ]


def _record(name: str, *columns: Column, person: bool = True, performed: bool = True) -> Table:
    return Table(
        name,
        metadata,
        *_provenance(),
        *(_about() if person else []),
        *(_performed() if performed else []),
        *columns,
        info={"person": person, "performed": performed},
    )


# -- who and where ---------------------------------------------------------------------------

unit = _record(
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
    Column("place_code", String),  # code of the place (town or village) in which it lies
    person=False,
)

place = _record(
    "place",  # a management grid 网格 down to the village group; persons live in one
    Column("place", Integer, nullable=False),  # stable number of the code
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("parent_code", String),
    Column("level", String),  # town, village, group
    Column("lon", Double),
    Column("lat", Double),
    Column("seat", Boolean),  # a village: the township's seat, which needs no clinic of its own
    Column("dense", Boolean),  # marked as dense with floating population
    Column("team_code", String),  # the family-doctor team that the grid is assigned to
    person=False,
)

population = _record(
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

person = _record(
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

residence = _record(
    "residence",  # a register file: which unit managed the person from when to when
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),  # last day managed; NULL: still
    Column("reason", String),  # moved, died, left
    Column("place_code", String),
    Column("place", Integer),
)

person_tag = _record(
    "person_tag",  # a group or a finding with its dates; the list of tags is data/layouts/lists/tags.toml
    Column("tag", String, nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),
)

team = _record(
    "team",
    Column("code", String, nullable=False),
    Column("name", String),
    Column("leader", String),
    Column("leader_gp", Boolean),  # the leader is trained as a general practitioner
    Column("members", String),  # roles of its members, 、 between: gp, nurse, specialist, public_health
    person=False,
)

# -- care of persons -------------------------------------------------------------------------

health_record = _record(
    "health_record",  # unit: the unit that manages the record, and so the person
    Column("code", String),  # the 17-digit record code as text
    Column("code_valid", Boolean),  # 17 digits whose segments are plausible
    Column("created_on", Date, nullable=False),
    Column("cancelled_on", Date),
    Column("cancel_reason", String),  # died, moved, lost, refused, other
    Column("electronic", Boolean),  # NULL where the source does not say
    Column("complete", Boolean),  # every required item of the layout is filled in
    Column("died_on", Date),  # some systems note a death here and not in the demographic master
    Column("place_code", String),
    Column("place", Integer),  # the management grid the person lives in
    Column("family", Integer),  # household: number of the source's family code
    Column("doctor", String),  # responsible doctor as the source writes it
    Column("updated_on", Date),  # last time the record was changed
)

enrolment = _record(
    "enrolment",  # unit: the unit that manages the patient
    # htn, dm, elder, child, smi, tb, rehab (smi), rehab_plan, home_bed, points, monitored_contact ...
    Column("programme", String, nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),
    Column("end_reason", String),  # died, moved, lost, refused, other
    Column("diagnosed_on", Date),
    Column("found_by", String),  # record, first_visit, survey, outpatient, checkup
    Column("subtype", String),  # dm: type1, type2, other
)

followup = _record(
    "followup",
    Column("programme", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("mode", String),  # clinic, station, community, home, phone, group, auto, other
    Column("sbp", SmallInteger),
    Column("dbp", SmallInteger),
    Column("fpg", Double),  # fasting plasma glucose, mmol/L
    Column("ppg", Double),
    Column("rpg", Double),
    Column("hba1c", Double),
    Column("adherence", String),  # regular, irregular, none, refused
    Column("outcome", String),  # continue, lost, ended
    Column("condition", String),  # severe mental disorder: stable, basic, unstable
    Column("inpatient", Boolean),  # severe mental disorder: in hospital at the time
    Column("next_on", Date),  # next appointment
    Column("doctor", String),
)

checkup = _record(
    "checkup",  # the annual health check
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("reason", String),  # record, elder, htn, dm, smi, poverty
    Column("complete", Boolean),  # every required item of the layout is filled in
    Column("sbp", SmallInteger),
    Column("dbp", SmallInteger),
    Column("fpg", Double),
    Column("self_care", String),  # 1..4: independent, light, moderate, dependent
    Column("cognitive", String),  # negative, positive: the screening was done
    Column("cognitive_score", Double),
    Column("emotion", String),
    Column("health_guidance", Boolean),
)

dose = _record(
    "dose",
    Column("vaccine", String, nullable=False),  # bcg, hepb, polio, dtp, mcv, je, flu, covid ...
    Column("dose_no", SmallInteger),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("given_at", DateTime),
    Column("programme_class", SmallInteger),  # 1 national programme, 2 self-paid
    Column("consent", Boolean),
    Column("observed_minutes", SmallInteger),
    Column("uploaded_on", Date),
    Column("campaign", String),
    Column("reaction", Boolean),  # a suspected adverse event was reported
)

vaccination_card = _record(
    "vaccination_card",
    Column("card_no", String),
    Column("issued_on", Date),
)

contract = _record(
    "contract",
    Column("contract_no", String, nullable=False),
    Column("team", String),
    Column("signed_on", Date, nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date, nullable=False),  # last day in force
    Column("stopped_on", Date),  # first day no longer in force
    Column("stop_reason", String),
    Column("package", String),
    Column("fee", BigInteger),  # fen; NULL or 0: free of charge
    Column("fee_insurance", BigInteger),
    Column("fee_fund", BigInteger),
    Column("family", Integer),
    Column("renewal", Boolean),
)

contract_item = _record(
    "contract_item",  # an item that a contract owes within the year, and whether it was delivered
    Column("contract_no", String, nullable=False),
    Column("item", String, nullable=False),
    Column("due_on", Date, nullable=False),  # last day on which it is in time
    Column("month", Integer, nullable=False),  # month of due_on
    Column("done_on", Date),
)

service = _record(
    "service",  # a contracted or public-health service given to a person
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column(
        "kind", String, nullable=False
    ),  # consultation, guidance, home_nursing, drug_delivery, rehab, update, visit
    Column("mode", String),  # clinic, phone, home, online
    Column("contract_no", String),
)

encounter = _record(
    "encounter",
    Column("visit_no", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("kind", String, nullable=False),  # outpatient, emergency, inpatient
    Column("department", String),  # general, tcm, rehab, ...
    Column("channel", String),  # onsite, online
    Column("appointed", Boolean),
    Column("first_visit", Boolean),
    Column("icd", String),  # main diagnosis, ICD-10
    Column("sbp", SmallInteger),
    Column("dbp", SmallInteger),
    Column("fee", BigInteger),  # fen; NULL unknown
    Column("wait_minutes", SmallInteger),
    Column("handled_minutes", SmallInteger),  # emergencies: arrival to treatment
    Column("infusion", Boolean),
    Column("linked", Boolean),  # written to the health record
    Column("discharged_on", Date),
)

prescription = _record(
    "prescription",
    Column("rx_no", String, nullable=False),
    Column("visit_no", String),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("amount", BigInteger),  # fen
    Column("antibiotic", Boolean),
    Column("injection", Boolean),
    Column("steroid", Boolean),
    Column("intravenous", Boolean),
    Column("herbal", Boolean),  # decoction pieces
    Column("reviewed", Boolean),
    Column("qualified", Boolean),
    Column("home_visit", Boolean),  # written on a home visit
    Column("signed", Boolean),  # patient or relative signed the amount
)

referral = _record(
    "referral",
    Column("referral_no", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("direction", String),  # up, down
    Column("minutes", Integer),  # from request to acceptance
    Column("disease", String),  # tb, smi, htn, dm, other
    Column("severe", Boolean),  # an urgent, severe case
    Column("success", Boolean),  # accepted and handed over
    Column("followed_on", Date),  # referred down: first contact in the community afterwards
)

pregnancy = _record(
    "pregnancy",
    Column("pregnancy_no", String, nullable=False),
    Column("booked_on", Date),  # maternal handbook made
    Column("booked_weeks", SmallInteger),  # completed weeks of pregnancy then
    Column("first_check_on", Date),  # first antenatal check
    Column("high_risk", Boolean),
    Column("folic_on", Date),  # folic acid handed out
    Column("folic_followed", Boolean),  # and its use followed up
    Column("delivered_on", Date),
    Column("live_births", SmallInteger),
    Column("hospital", Boolean),  # delivered in a hospital
    Column("discharged_on", Date),
)

maternal_visit = _record(
    "maternal_visit",
    Column("pregnancy_no", String),
    Column("kind", String, nullable=False),  # antenatal, postpartum, day42
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("weeks", SmallInteger),
    Column("mode", String),  # clinic, home, phone
    Column("high_risk", Boolean),  # assessed as high risk at this visit
)

child_visit = _record(
    "child_visit",  # a newborn visit or a health check of a child up to six
    Column("kind", String, nullable=False),  # newborn, check
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("feeding", String),  # breast, mixed, formula
    Column("vitamin_d", Boolean),
    Column("defect", Boolean),  # a defect or illness was found
    Column("corrected", Boolean),  # a known defect is corrected
    Column("handbook", Boolean),  # holds a child health handbook
)

screening = _record(
    "screening",  # a screening or a dental measure
    Column("kind", String, nullable=False),  # data/layouts/lists/screening_kind.toml
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("positive", Boolean),
    Column("quantity", Integer),  # teeth sealed
)

tb_course = _record(
    "tb_course",  # a tuberculosis patient notified to the unit by the designated hospital
    Column("course_no", String, nullable=False),
    Column("notified_on", Date, nullable=False),
    Column("managed_on", Date),  # first supervised visit
    Column("ended_on", Date),
    Column("completed", Boolean),  # the treatment was completed
    Column("doses_due", Integer),
    Column("doses_taken", Integer),
)

health_event = _record(
    "health_event",  # something that befell a person: a fall, a violent incident, a discharge, a death
    Column("kind", String, nullable=False),  # data/layouts/lists/health_event_kind.toml
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("outcome", String),
    Column("handled_on", Date),
)

# -- work of units ---------------------------------------------------------------------------
# The word lists of the kinds are data/layouts/lists/<table>_kind.toml.

activity = _record(
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

document = _record(
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

facility = _record(
    "facility",  # what a unit has or offers from a day to a day: a room, a technique, a device, a system
    Column("kind", String, nullable=False),
    Column("name", String),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),  # last day
    Column("quantity", Double),  # square metres, hours a week: the kind says which
    Column("working", Boolean),  # in place and in use
    person=False,
)

check_item = _record(
    "check_item",  # an item of a standard as found at a unit on a day: metrics/standards/checks.csv
    Column("item", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("met", Boolean, nullable=False),
    Column("evidence", Boolean),
    person=False,
)

sample = _record(
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

incident = _record(
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

money = _record(
    "money",
    Column("account", String, nullable=False),  # data/layouts/lists/money_account.toml
    Column("topic", String),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("amount", BigInteger),  # fen
    person=False,
)

drug_line = _record(
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

lab_order = _record(
    "lab_order",
    Column("item", String),
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("minutes", Integer),  # from order to report
    Column("recognised", Boolean),  # a result of another hospital was accepted instead
    person=False,
)

staff = _record(
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

training = _record(
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

appraisal = _record(
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

appraisal_item = _record(
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

inspection = _record(
    "inspection",  # a supervision visit; unit: the unit visited
    Column("kind", String, nullable=False),  # monthly, irregular, circuit, annual
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("announced", Boolean),
    Column("recorded", Boolean),  # a detailed record stands in the handbook
    person=False,
)

finding = _record(
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

reported_count = _record(
    "reported_count",  # a figure that a unit reports without records
    Column("indicator", String, nullable=False),  # key of a card
    Column("month", Integer, nullable=False),
    Column("numerator", Double),  # as the card shows it: people, yuan
    Column("denominator", Double),
    person=False,
)

delivery_note = _record(
    "delivery_note",  # the bureau's own register of what was handed in
    Column("source", String, nullable=False),  # a record table's name
    Column("month", Integer, nullable=False),
    Column("status", String, nullable=False),  # whole, part, none
    person=False,
)

RECORDS: dict[str, Table] = {t.name: t for t in metadata.sorted_tables}

# -- bookkeeping of intake -------------------------------------------------------------------

event = Table(
    "event",  # everything that changed what is known, numbered 1, 2, 3, ...
    metadata,
    Column("event", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),  # import, undo, redo, map, merge, split
    Column("at", DateTime, nullable=False),
    Column("by", String, nullable=False),
    Column("batch", Integer),
    Column("detail", String),
)

batch = Table(
    "batch",
    metadata,
    Column("batch", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("by", String, nullable=False),
    Column("undone_by", Integer),  # event that took it back; NULL: in force
)

source_file = Table(
    "source_file",
    metadata,
    Column("file", Integer, primary_key=True, autoincrement=False),
    Column("batch", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("sheet", String),
    Column("sha256", String, nullable=False),
    Column("layout", String),
    Column("rules", String),  # digest of the layout and the limits by which it was read
    Column("made_on", Date),
    Column("snapshot", Boolean, nullable=False),
    Column("encoding", String),
    Column("unknown_columns", String),  # headers that the layout does not know, 、 between; NULL: none
    Column("rows_read", BigInteger, nullable=False),
    Column("rows_new", BigInteger, nullable=False),
    Column("rows_replaced", BigInteger, nullable=False),
    Column("rows_unchanged", BigInteger, nullable=False),
    Column("rows_waiting", BigInteger, nullable=False),
    Column("rows_rejected", BigInteger, nullable=False),
    Column("rows_set_aside", BigInteger, nullable=False),
    Column("rows_withdrawn", BigInteger, nullable=False),  # not read: absent from a snapshot
    Column(
        "same_as", Integer
    ),  # the file, byte for byte the same, whose rows these are; nothing was read again
)

sighting = Table(
    "sighting",  # a row read again, word for word: so that undoing the first sighting keeps the row
    metadata,
    Column("table_name", String, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("content", BigInteger, nullable=False),
    Column("rank", BigInteger, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("file", Integer, nullable=False),
    Column("line", Integer, nullable=False),
)

coverage = Table(
    "coverage",  # what a snapshot speaks for: rows of this unit and period that it lacks are withdrawn
    metadata,
    Column("table_name", String, nullable=False),
    Column("layout", String, nullable=False),
    Column(
        "source_unit", Integer
    ),  # as the file wrote it, so that a later mapping changes nothing; NULL: every unit
    Column("month_from", Integer),
    Column("month_to", Integer),
    Column("rank", BigInteger, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("file", Integer, nullable=False),
)

unread = Table(
    "unread",  # a snapshot holds a row of this key and nobody can read it: it does not withdraw what is known
    metadata,
    Column("table_name", String, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("file", Integer, nullable=False),
)

problem = Table(
    "problem",  # rejected rows and flagged values, one row a finding
    metadata,
    Column("batch", Integer, nullable=False),
    Column("file", Integer, nullable=False),
    Column("sheet", String),
    Column("line", Integer, nullable=False),
    Column("column_name", String),
    Column("value", String),
    Column("rule", String, nullable=False),  # key of a message in data/text/<language>.toml
    Column("severity", String, nullable=False),  # reject, flag, wait
)

source_unit = Table(
    "source_unit",  # every unit code or name that a source ever wrote, and what it maps to
    metadata,
    Column("source_unit", Integer, primary_key=True, autoincrement=False),
    Column("system", String, nullable=False),
    Column("code", String, nullable=False),
    Column("unit", Integer),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("mapped_by", String),  # who mapped it; NULL: mapped by itself, the code or name being a unit's
)

BOOKKEEPING: dict[str, Table] = {
    t.name: t for t in (event, batch, source_file, sighting, coverage, unread, problem, source_unit)
}
