"""The named populations and events that cards share: who lives where, who is managed, who was seen.

A fact is a select over records and earlier facts; a context computes it once and keeps it as a
temporary table of that name. ``FACTS`` holds them in the order in which they can be computed.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Date,
    Integer,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from metrics.sql import (
    FOREVER,
    at_least,
    at_most,
    first_of,
    last_month_in_force,
    merged,
    month_of,
    reigning,
    within,
    year_start,
)
from metrics.standards import number
from metrics.tables import (
    CURRENT,
    checkup,
    contract,
    course,
    dose,
    enrolment,
    followup,
    health_record,
    metadata,
    person,
    person_tag,
    residence,
    schedule,
    service,
    year,
)


@dataclass(frozen=True)
class Fact:
    """A named select; ``table`` is how rules refer to it."""

    name: str
    select: Select
    table: Table


FACTS: dict[str, Fact] = {}

_EVER = literal_column("DATE '9999-12-31'", Date)
_BIRTHDAY = literal_column("INTERVAL '1 year'")


def fact(name: str, rule: Select) -> Table:
    """Register a fact and give the table by which rules refer to it."""
    columns = rule.selected_columns
    table = Table(name, metadata, *(Column(c.name, _plain_type(c)) for c in columns))
    FACTS[name] = Fact(name, rule, table)
    return table


def _plain_type(column):
    return column.type.__class__()


# -- who is managed where -----------------------------------------------------------------------

_known_record = select(
    health_record.c.person,
    health_record.c.unit,
    health_record.c.created_on,
    health_record.c.died_on,
    case((health_record.c.cancel_reason.in_(["died", "moved"]), health_record.c.cancelled_on)).label(
        "left_on"
    ),
    func.row_number()
    .over(
        partition_by=health_record.c.person,
        order_by=[
            case((health_record.c.cancelled_on.is_(None), 0), else_=1),
            health_record.c.created_on.desc(),
            health_record.c.row_id.desc(),
        ],
    )
    .label("place_in_line"),
    func.min(health_record.c.created_on).over(partition_by=health_record.c.person).label("first_on"),
    func.min(health_record.c.died_on).over(partition_by=health_record.c.person).label("first_died_on"),
).subquery()

# The record in force, else the newest one: it says who manages the person when no register does.
record_in_force = fact(
    "record_in_force",
    select(
        _known_record.c.person,
        _known_record.c.unit,
        _known_record.c.first_on,
        _known_record.c.left_on,
        _known_record.c.first_died_on.label("died_on"),
    ).where(_known_record.c.place_in_line == 1),
)

_registered = select(residence.c.person).distinct().subquery()

_from_register = select(
    residence.c.person,
    residence.c.unit,
    residence.c.start_on.label("first_on"),
    func.coalesce(residence.c.end_on, _EVER).label("last_on"),
).where(residence.c.unit.is_not(None))

_known_on = func.coalesce(
    person.c.arrived_on,
    case(
        # A child whose record is made within its first year has lived here from birth.
        (record_in_force.c.first_on < person.c.born_on + _BIRTHDAY, person.c.born_on),
        else_=at_least(
            at_most(
                func.coalesce(record_in_force.c.first_on, person.c.entered_on, person.c.born_on),
                func.coalesce(person.c.entered_on, record_in_force.c.first_on, person.c.born_on),
            ),
            person.c.born_on,
        ),
    ),
)

_from_record = (
    select(
        person.c.person,
        func.coalesce(record_in_force.c.unit, person.c.unit).label("unit"),
        _known_on.label("first_on"),
        func.coalesce(record_in_force.c.left_on, _EVER).label("last_on"),
    )
    .select_from(
        person.outerjoin(record_in_force, record_in_force.c.person == person.c.person).outerjoin(
            _registered, _registered.c.person == person.c.person
        )
    )
    .where(
        _registered.c.person.is_(None),
        func.coalesce(record_in_force.c.unit, person.c.unit).is_not(None),
        person.c.born_on.is_not(None),
    )
)

_managed_by = union_all(_from_register, _from_record).subquery()

_alive = (
    select(
        _managed_by.c.person,
        _managed_by.c.unit,
        # A register may name a family's children from the day on which the family came.
        at_least(_managed_by.c.first_on, func.coalesce(person.c.born_on, _managed_by.c.first_on)).label(
            "first_on"
        ),
        at_most(
            _managed_by.c.last_on,
            func.coalesce(person.c.died_on, _EVER),
            func.coalesce(record_in_force.c.died_on, _EVER),
        ).label("last_on"),
    )
    .select_from(
        _managed_by.join(person, person.c.person == _managed_by.c.person).outerjoin(
            record_in_force, record_in_force.c.person == _managed_by.c.person
        )
    )
    .subquery()
)

# History stays with a unit up to its merger; from then on its people count for the successor.
_credited = (
    select(
        _alive.c.person,
        course.c.credited.label("unit"),
        at_least(_alive.c.first_on, course.c.from_on).label("first_on"),
        at_most(_alive.c.last_on, course.c.to_on).label("last_on"),
    )
    .select_from(_alive.join(course, course.c.unit == _alive.c.unit))
    .where(at_least(_alive.c.first_on, course.c.from_on) <= at_most(_alive.c.last_on, course.c.to_on))
    .subquery()
)

_next_first = func.lead(_credited.c.first_on).over(
    partition_by=_credited.c.person, order_by=[_credited.c.first_on, _credited.c.last_on, _credited.c.unit]
)
_in_line = select(*_credited.c, _next_first.label("next_first_on")).subquery()
_months = select(
    _in_line.c.person,
    _in_line.c.unit,
    _in_line.c.first_on,
    month_of(_in_line.c.first_on).label("s"),
    # The unit of the month's last day is credited; death and departure count to the month's end.
    at_most(
        case((_in_line.c.last_on == _EVER, FOREVER), else_=month_of(_in_line.c.last_on)),
        func.coalesce(month_of(_in_line.c.next_first_on) - 1, FOREVER),
    ).label("e"),
).subquery()

#: Everyone known and where they are managed, as of month ends; at most one unit a month.
stay = fact(
    "stay",
    select(
        _months.c.person,
        _months.c.unit,
        _months.c.first_on,
        _months.c.s,
        _months.c.e,
        person.c.born_month,
        person.c.sex,
        person.c.registered,
    )
    .select_from(_months.join(person, person.c.person == _months.c.person))
    .where(_months.c.s <= _months.c.e),
)

_resident_from = case(
    (
        and_(person.c.registered.is_(False), person.c.arrived_on.is_not(None)),
        at_least(stay.c.s, month_of(person.c.arrived_on) + number("resident_months")),
    ),
    else_=stay.c.s,
)

#: Residents: a floating person counts once six months here are complete.
resident = fact(
    "resident",
    select(
        stay.c.person,
        stay.c.unit,
        _resident_from.label("s"),
        stay.c.e,
        stay.c.born_month,
        stay.c.sex,
        stay.c.registered,
    )
    .select_from(stay.join(person, person.c.person == stay.c.person))
    .where(_resident_from <= stay.c.e),
)


def by_year(spans, *keys: str) -> Select:
    """Spans cut at years; within a year each lasts until the next one of its keys, or the year's end.

    So whoever was there on any day of the year stays in its figures, credited to the last unit.
    """
    pieces = (
        select(*spans.c, year.c.y0, year.c.y1)
        .select_from(spans.join(year, and_(spans.c.s <= year.c.y1, spans.c.e >= year.c.y0)))
        .subquery()
    )
    following = func.lead(pieces.c.s).over(
        partition_by=[*(pieces.c[key] for key in keys), pieces.c.y0], order_by=[pieces.c.s]
    )
    others = [c for c in pieces.c if c.name not in ("s", "e", "y1")]
    return select(
        *others,
        at_least(pieces.c.s, pieces.c.y0).label("s"),
        func.coalesce(following - 1, pieces.c.y1).label("e"),
    )


#: Residents in the figures of a year, until its end.
resident_year = fact("resident_year", by_year(resident, "person"))

# -- health records -----------------------------------------------------------------------------


def _record_spans(*where, left_until=None) -> Select:
    """Months in which persons have a valid record: person, s, e.

    A record cancelled for death or departure counts up to ``left_until`` (by default that month).
    """
    left = month_of(health_record.c.cancelled_on)
    ended = case(
        (health_record.c.cancelled_on.is_(None), FOREVER),
        (health_record.c.cancel_reason.in_(["died", "moved"]), left if left_until is None else left_until),
        else_=left - 1,
    )
    rows = (
        select(health_record.c.person, month_of(health_record.c.created_on).label("s"), ended.label("e"))
        .where(*where, month_of(health_record.c.created_on) <= ended)
        .subquery()
    )
    return merged(rows, "person")


#: Persons with a valid record; two records of one person count once.
recorded = fact("recorded", _record_spans())
#: The same with a record that the source marks as electronic.
recorded_electronic = fact("recorded_electronic", _record_spans(health_record.c.electronic.is_(True)))
#: Persons with a valid record in the figures of a year: who dies or leaves stays to its end.
recorded_in_year = fact(
    "recorded_in_year", _record_spans(left_until=year_start(month_of(health_record.c.cancelled_on)) + 11)
)
#: The same with a record of which the source says whether it is electronic.
recorded_told = fact("recorded_told", _record_spans(health_record.c.electronic.is_not(None)))
#: Residents with a valid record.
recorded_resident = fact("recorded_resident", within(recorded, resident))

# -- groups of persons --------------------------------------------------------------------------

_tag_end = case((person_tag.c.end_on.is_(None), FOREVER), else_=month_of(person_tag.c.end_on))
_tag_rows = select(
    person_tag.c.tag, person_tag.c.person, month_of(person_tag.c.start_on).label("s"), _tag_end.label("e")
).subquery()

#: Groups and findings noted of a person (disabled, low income, solitary, care plan, ...).
tagged = fact("tagged", merged(_tag_rows, "tag", "person"))


def with_tag(*tags: str):
    """Spans of persons who carry one of the tags."""
    return select(tagged.c.person, tagged.c.s, tagged.c.e).where(tagged.c.tag.in_(tags))


# -- patients under management ------------------------------------------------------------------

_enrol_end = case((enrolment.c.end_on.is_(None), FOREVER), else_=month_of(enrolment.c.end_on))
_enrol_rows = (
    select(
        enrolment.c.programme,
        enrolment.c.person,
        enrolment.c.start_on,
        month_of(enrolment.c.start_on).label("s"),
        _enrol_end.label("e"),
    )
    # Type 1 diabetes is not the programme's; an unnamed type counts as type 2.
    .where(
        or_(enrolment.c.programme != "dm", func.coalesce(enrolment.c.subtype, "type2") == "type2"),
        month_of(enrolment.c.start_on) <= _enrol_end,
    )
    .subquery()
)

#: Patients enrolled in a programme.
enrolled = fact("enrolled", merged(_enrol_rows, "programme", "person"))

#: The same at the unit that manages them, as of month ends.
managed = fact(
    "managed",
    select(
        enrolled.c.programme,
        stay.c.person,
        stay.c.unit,
        at_least(enrolled.c.s, stay.c.s).label("s"),
        at_most(enrolled.c.e, stay.c.e).label("e"),
    )
    .select_from(enrolled.join(stay, stay.c.person == enrolled.c.person))
    .where(at_least(enrolled.c.s, stay.c.s) <= at_most(enrolled.c.e, stay.c.e)),
)

#: Patients managed on any day of a year, until its end, credited to the last unit.
managed_year = fact("managed_year", by_year(managed, "programme", "person"))

# -- contacts: how many were owed by when, and which were made -----------------------------------

FACE_TO_FACE = ("clinic", "station", "community", "home")

_contact_days = (
    select(
        followup.c.programme,
        followup.c.person,
        followup.c.day,
        followup.c.month,
        year_start(followup.c.month).label("y0"),
    )
    .where(followup.c.mode.in_(FACE_TO_FACE))
    .distinct()
    .subquery()
)
_contact_line = select(
    _contact_days.c.programme,
    _contact_days.c.person,
    _contact_days.c.y0,
    _contact_days.c.month,
    func.row_number()
    .over(
        partition_by=[_contact_days.c.programme, _contact_days.c.person, _contact_days.c.y0],
        order_by=_contact_days.c.day,
    )
    .label("k"),
).subquery()

#: The months of the first four face-to-face contacts of a patient's year (FOREVER: not made).
contacts = fact(
    "contacts",
    select(
        _contact_line.c.programme,
        _contact_line.c.person,
        _contact_line.c.y0,
        *(
            func.coalesce(first_of(_contact_line.c.k == k, _contact_line.c.month), FOREVER).label(f"c{k}")
            for k in (1, 2, 3, 4)
        ),
    )
    .where(_contact_line.c.k <= 4)
    .group_by(_contact_line.c.programme, _contact_line.c.person, _contact_line.c.y0),
)

_checkups = select(
    checkup.c.person, checkup.c.month, checkup.c.complete, year_start(checkup.c.month).label("y0")
).subquery()

#: The month of a person's first health check of a year, of any and of a complete one.
checked = fact(
    "checked",
    select(
        _checkups.c.person,
        _checkups.c.y0,
        func.min(_checkups.c.month).label("s"),
        func.coalesce(first_of(_checkups.c.complete.is_(True), _checkups.c.month), FOREVER).label(
            "complete_s"
        ),
        (_checkups.c.y0 + 11).label("e"),
    ).group_by(_checkups.c.person, _checkups.c.y0),
)

_piece_s = at_least(_enrol_rows.c.s, stay.c.s)
_piece_e = at_most(_enrol_rows.c.e, stay.c.e)
# The first day of a year on which a patient was enrolled here, and the last month managed in it.
_year_managed = (
    select(
        _enrol_rows.c.programme,
        _enrol_rows.c.person,
        *year.c,
        func.min(at_least(year.c.first_on, _enrol_rows.c.start_on, stay.c.first_on)).label("owed_from"),
        func.max(at_most(_piece_e, year.c.y1)).label("last_managed"),
    )
    .select_from(
        _enrol_rows.join(stay, stay.c.person == _enrol_rows.c.person).join(
            year, and_(_piece_s <= year.c.y1, _piece_e >= year.c.y0)
        )
    )
    .where(_piece_s <= _piece_e)
    .group_by(_enrol_rows.c.programme, _enrol_rows.c.person, *year.c)
    .subquery()
)


def _month_when_owed(k: int):
    """The month at whose end ``k`` contacts are owed: when ``k`` quarters of 365 days have been managed."""
    days = -(-365 * k // number("contacts_per_year"))
    return month_of(cast(_owed.c.owed_from, Date) + literal_column(f"INTERVAL '{days - 1} days'"))


_owed = select(
    *(c for c in _year_managed.c if c.name not in ("first_on", "last_on")),
    # In the last month: all four, pro rata (rounded up) for whoever came within the year.
    case(
        (_year_managed.c.owed_from <= _year_managed.c.first_on, number("contacts_per_year")),
        else_=cast(
            func.ceil(
                number("contacts_per_year")
                * (cast(_year_managed.c.last_on - _year_managed.c.owed_from, Integer) + 1)
                / literal_column("365.0")
            ),
            Integer,
        ),
    ).label("full"),
).subquery()


def _when(k: int):
    # Days managed stop with the last month managed: a contact that would come due later is not owed.
    month = _month_when_owed(k)
    return case((month <= _owed.c.last_managed, month), else_=FOREVER).label(f"t{k}")


#: A patient's year: from which month 1, 2, 3 contacts are owed, how many in the last month, which were made.
patient_year = fact(
    "patient_year",
    select(
        _owed.c.programme,
        _owed.c.person,
        _owed.c.y0,
        _owed.c.y1,
        _owed.c.full,
        *(_when(k) for k in (1, 2, 3)),
        *(func.coalesce(contacts.c[f"c{k}"], FOREVER).label(f"c{k}") for k in (1, 2, 3, 4)),
        func.coalesce(checked.c.s, FOREVER).label("checked"),
    ).select_from(
        _owed.outerjoin(
            contacts,
            and_(
                contacts.c.programme == _owed.c.programme,
                contacts.c.person == _owed.c.person,
                contacts.c.y0 == _owed.c.y0,
            ),
        ).outerjoin(checked, and_(checked.c.person == _owed.c.person, checked.c.y0 == _owed.c.y0))
    ),
)

_full_made = case(
    (patient_year.c.full <= 1, patient_year.c.c1),
    (patient_year.c.full == 2, patient_year.c.c2),
    (patient_year.c.full == 3, patient_year.c.c3),
    else_=patient_year.c.c4,
)
_met_from = at_least(_full_made, patient_year.c.checked)

#: From which month of the year a patient has met all that the year asks for.
met_standard = fact(
    "met_standard",
    select(
        patient_year.c.programme,
        patient_year.c.person,
        patient_year.c.y0,
        _met_from.label("s"),
        patient_year.c.y1.label("e"),
    ).where(_met_from <= patient_year.c.y1),
)


def _schedule_piece(owed_from, owed_until, made) -> Select:
    s = at_least(owed_from, made, patient_year.c.y0)
    e = at_most(owed_until - 1, patient_year.c.y1 - 1)
    return select(
        patient_year.c.programme, patient_year.c.person, patient_year.c.y0, s.label("s"), e.label("e")
    ).where(s <= e)


_p = patient_year.c
_on_schedule = union_all(
    _schedule_piece(_p.y0, _p.t1, _p.y0),
    _schedule_piece(_p.t1, _p.t2, _p.c1),
    _schedule_piece(_p.t2, _p.t3, _p.c2),
    _schedule_piece(_p.t3, literal(FOREVER), _p.c3),
    select(_p.programme, _p.person, _p.y0, _p.y1.label("s"), _p.y1.label("e")).where(_met_from <= _p.y1),
).subquery()

#: Months in which a patient has had the contacts owed so far (in the last month: all that the year asks for).
on_schedule = fact("on_schedule", select(*_on_schedule.c))

# -- the last follow-up of the year so far --------------------------------------------------------

_followups = select(
    followup.c.programme,
    followup.c.person,
    year_start(followup.c.month).label("y0"),
    followup.c.day,
    followup.c.month,
    followup.c.entered_on,
    followup.c.row_id,
    followup.c.sbp,
    followup.c.dbp,
    followup.c.fpg,
    followup.c.adherence,
).subquery()
_reigning = reigning(
    _followups,
    "programme",
    "person",
    "y0",
    until=_followups.c.y0 + 11,
    order=[_followups.c.day, func.coalesce(_followups.c.entered_on, _followups.c.day), _followups.c.row_id],
).subquery()

#: Each follow-up for as long as it is the last one of its year.
last_followup = fact(
    "last_followup",
    select(
        _reigning.c.programme,
        _reigning.c.person,
        _reigning.c.y0,
        _reigning.c.day,
        _reigning.c.s,
        _reigning.c.e,
        _reigning.c.sbp,
        _reigning.c.dbp,
        _reigning.c.fpg,
        _reigning.c.adherence,
    ),
)


def patients_of_year(programme: str) -> Select:
    """Patients of a programme managed in the year: person, unit, s, e."""
    return select(managed_year.c.person, managed_year.c.unit, managed_year.c.s, managed_year.c.e).where(
        managed_year.c.programme == programme
    )


def patients_as_of(programme: str) -> Select:
    """Patients of a programme managed at the month's end: person, unit, s, e."""
    return select(managed.c.person, managed.c.unit, managed.c.s, managed.c.e).where(
        managed.c.programme == programme
    )


def within_year(inner, programme: str, *where) -> Select:
    """The part of a patient's spans (programme, person, y0, s, e) within the year managed, at the unit credited."""
    s, e = at_least(inner.c.s, managed_year.c.s), at_most(inner.c.e, managed_year.c.e)
    return (
        select(managed_year.c.person, managed_year.c.unit, s.label("s"), e.label("e"))
        .select_from(
            managed_year.join(
                inner,
                and_(
                    inner.c.programme == managed_year.c.programme,
                    inner.c.person == managed_year.c.person,
                    inner.c.y0 == managed_year.c.y0,
                ),
            )
        )
        .where(managed_year.c.programme == programme, *where, s <= e)
    )


# -- key populations and age groups ---------------------------------------------------------------


def aged(spans, years: int | None = None, below: int | None = None) -> Select:
    """The part of spans (with born_month) in which the person is ``years`` old or more, or less than ``below``.

    Age on the last day of the month.
    """
    s, e = spans.c.s, spans.c.e
    if years is not None:
        s = at_least(s, spans.c.born_month + years * 12)
    if below is not None:
        e = at_most(e, spans.c.born_month + below * 12 - 1)
    return select(spans.c.person, spans.c.unit, s.label("s"), e.label("e")).where(
        s <= e,
        spans.c.born_month.is_not(None),  # of unknown age: neither old nor young
    )


_KEY_TAGS = ("pregnant", "disabled", "low_income", "special_family", "tb", "smi")
_key_rows = union_all(
    select(
        person.c.person,
        (person.c.born_month + number("elder_age") * 12).label("s"),
        literal(FOREVER).label("e"),
    ).where(person.c.born_month.is_not(None)),
    select(
        person.c.person, person.c.born_month.label("s"), (person.c.born_month + 7 * 12 - 1).label("e")
    ).where(person.c.born_month.is_not(None)),
    with_tag(*_KEY_TAGS),
    select(enrolled.c.person, enrolled.c.s, enrolled.c.e).where(enrolled.c.programme.in_(["htn", "dm"])),
).subquery()

#: Persons of a key population: 65 and over, 0 to 6, patients, pregnant, disabled, low income, ...
key_person = fact("key_person", merged(_key_rows, "person"))
#: Residents of a key population.
key_resident = fact("key_resident", within(key_person, resident))

# -- use of services ------------------------------------------------------------------------------

_uses = union_all(
    *(
        select(
            table.c.person, year_start(table.c.month).label("y0"), func.min(table.c.month).label("s")
        ).group_by(table.c.person, year_start(table.c.month))
        for table in (CURRENT["encounter"], checkup, followup, CURRENT["referral"])
    ),
    select(service.c.person, year_start(service.c.month).label("y0"), func.min(service.c.month).label("s"))
    .where(service.c.kind != "update")
    .group_by(service.c.person, year_start(service.c.month)),
).subquery()

#: From which month of a year a person has had a service: visit, check, follow-up, consultation, referral.
served = fact(
    "served",
    select(_uses.c.person, _uses.c.y0, func.min(_uses.c.s).label("s"), (_uses.c.y0 + 11).label("e")).group_by(
        _uses.c.person, _uses.c.y0
    ),
)


def first_of_year(events, *where) -> Select:
    """From the first event of a person's year to the year's end: person, s, e."""
    rows = (
        select(events.c.person, events.c.month, year_start(events.c.month).label("y0"))
        .where(*where)
        .subquery()
    )
    return select(rows.c.person, func.min(rows.c.month).label("s"), (rows.c.y0 + 11).label("e")).group_by(
        rows.c.person, rows.c.y0
    )


def assessed(tag: str) -> Select:
    """From a person's first assessment of a year to the year's end: person, s, e."""
    rows = select(person_tag.c.person, month_of(person_tag.c.start_on).label("month")).where(
        person_tag.c.tag == tag
    )
    return first_of_year(rows.subquery())


# -- contracts ------------------------------------------------------------------------------------

# In force on the last day of the month; the day of a termination is no longer in force.
_contract_end = at_most(
    last_month_in_force(contract.c.end_on),
    case((contract.c.stopped_on.is_(None), FOREVER), else_=month_of(contract.c.stopped_on) - 1),
)
_contract_rows = (
    select(
        contract.c.person,
        contract.c.family,
        contract.c.package,
        func.coalesce(contract.c.fee, 0).label("fee"),
        contract.c.stopped_on,
        month_of(contract.c.start_on).label("s"),
        _contract_end.label("e"),
    )
    .where(month_of(contract.c.start_on) <= _contract_end)
    .subquery()
)

#: Contracts as months in force.
contract_span = fact("contract_span", select(*_contract_rows.c))
#: Persons with a contract in force; several contracts of one person count once.
contracted = fact("contracted", merged(contract_span, "person"))
#: Residents with a contract in force.
contracted_resident = fact("contracted_resident", within(contracted, resident))

# -- immunisation ---------------------------------------------------------------------------------

_given = (
    select(dose.c.person, dose.c.vaccine, dose.c.dose_no, func.min(dose.c.month).label("given"))
    .group_by(dose.c.person, dose.c.vaccine, dose.c.dose_no)
    .subquery()
)
_due_month = person.c.born_month + schedule.c.age_months + number("dose_grace_months")

#: Doses that the schedule asks for, in the month in which they count as missed if not given: given says when.
dose_owed = fact(
    "dose_owed",
    select(
        person.c.person,
        schedule.c.vaccine,
        schedule.c.dose_no,
        schedule.c.added,
        _due_month.label("month"),
        func.coalesce(_given.c.given, FOREVER).label("given"),
    )
    .select_from(
        person.join(
            schedule,
            and_(
                person.c.born_month >= schedule.c.first_born,
                or_(schedule.c.sex.is_(None), schedule.c.sex == person.c.sex),
            ),
        ).outerjoin(
            _given,
            and_(
                _given.c.person == person.c.person,
                _given.c.vaccine == schedule.c.vaccine,
                _given.c.dose_no == schedule.c.dose_no,
            ),
        )
    )
    # Children only: whoever was an adult when figures begin owes no dose of the schedule.
    .where(person.c.born_month > select(func.min(year.c.y0)).scalar_subquery() - 15 * 12),
)

#: The same where the child was managed in that month.
dose_due = fact(
    "dose_due",
    select(*dose_owed.c, stay.c.unit).select_from(
        dose_owed.join(
            stay, and_(stay.c.person == dose_owed.c.person, dose_owed.c.month.between(stay.c.s, stay.c.e))
        )
    ),
)

# -- where people live ------------------------------------------------------------------------------

_places = union_all(
    select(
        residence.c.person,
        residence.c.place,
        residence.c.start_on.label("since"),
        literal(1).label("register"),
    ).where(residence.c.place.is_not(None)),
    select(
        health_record.c.person,
        health_record.c.place,
        health_record.c.created_on.label("since"),
        literal(0).label("register"),
    ).where(health_record.c.place.is_not(None)),
).subquery()
_latest_place = select(
    _places.c.person,
    _places.c.place,
    func.row_number()
    .over(
        partition_by=_places.c.person,
        order_by=[_places.c.register.desc(), _places.c.since.desc(), _places.c.place.desc()],
    )
    .label("nth"),
).subquery()

#: The management grid a person lives in, as last known.
home = fact("home", select(_latest_place.c.person, _latest_place.c.place).where(_latest_place.c.nth == 1))
