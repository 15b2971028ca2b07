"""Care of persons: what they are enrolled in and what was done for them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Integer, SmallInteger, String

from data.records.table import record

health_record = record(
    "health_record",  # unit: the unit that manages the record, and so the person
    Column(
        "code", String
    ),  # stands for the 17-digit record code, which is nowhere kept (data/intake/shielding.py)
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

enrolment = record(
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

followup = record(
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

checkup = record(
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

dose = record(
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

vaccination_card = record(
    "vaccination_card",
    Column("card_no", String),
    Column("issued_on", Date),
)

contract = record(
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

contract_item = record(
    "contract_item",  # an item that a contract owes within the year, and whether it was delivered
    Column("contract_no", String, nullable=False),
    Column("item", String, nullable=False),
    Column("due_on", Date, nullable=False),  # last day on which it is in time
    Column("month", Integer, nullable=False),  # month of due_on
    Column("done_on", Date),
)

service = record(
    "service",  # a contracted or public-health service given to a person
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column(
        "kind", String, nullable=False
    ),  # consultation, guidance, home_nursing, drug_delivery, rehab, update, visit
    Column("mode", String),  # clinic, phone, home, online
    Column("contract_no", String),
)

encounter = record(
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

prescription = record(
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

referral = record(
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

pregnancy = record(
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

maternal_visit = record(
    "maternal_visit",
    Column("pregnancy_no", String),
    Column("kind", String, nullable=False),  # antenatal, postpartum, day42
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("weeks", SmallInteger),
    Column("mode", String),  # clinic, home, phone
    Column("high_risk", Boolean),  # assessed as high risk at this visit
)

child_visit = record(
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

screening = record(
    "screening",  # a screening or a dental measure
    Column("kind", String, nullable=False),  # data/layouts/lists/screening_kind.toml
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("positive", Boolean),
    Column("quantity", Integer),  # teeth sealed
)

tb_course = record(
    "tb_course",  # a tuberculosis patient notified to the unit by the designated hospital
    Column("course_no", String, nullable=False),
    Column("notified_on", Date, nullable=False),
    Column("managed_on", Date),  # first supervised visit
    Column("ended_on", Date),
    Column("completed", Boolean),  # the treatment was completed
    Column("doses_due", Integer),
    Column("doses_taken", Integer),
)

health_event = record(
    "health_event",  # something that befell a person: a fall, a violent incident, a discharge, a death
    Column("kind", String, nullable=False),  # data/layouts/lists/health_event_kind.toml
    Column("day", Date, nullable=False),
    Column("month", Integer, nullable=False),
    Column("outcome", String),
    Column("handled_on", Date),
)
