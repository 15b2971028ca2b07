"""Which rows the cards of data quality ask to be right, and what each row must be: their rules and their lists are made of this.

``EVENTS`` and ``SPANS``: card -> its rows. Of spans (records while they are valid) the rule of ``s37_data_quality`` and the checks
here say the same in two ways where the month matters (``record_once``); a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Table,
    and_,
    cast,
    func,
    not_,
    or_,
    select,
)

from metrics.cards.valid_records import last_valid
from metrics.checks import Check, Copies, RowsOf
from metrics.sql import age_at_least, at_least, at_most, month_of
from metrics.standards import by_day
from metrics.tables import (
    checkup,
    contract,
    dose,
    encounter,
    enrolment,
    followup,
    health_record,
    person,
    pregnancy,
    service,
    suspected,
)

CHRONIC = ("htn", "dm", "smi")
_f, _c, _v, _r, _p = followup.c, checkup.c, encounter.c, health_record.c, pregnancy.c


def _known(*columns: ColumnElement) -> ColumnElement:
    return and_(*(column.is_not(None) for column in columns))


def _in_order(*days: ColumnElement) -> ColumnElement:
    """Whether days stand in this order or on one day; one that is not known contradicts none."""
    pairs = [(a, b) for place, a in enumerate(days) for b in days[place + 1 :]]
    return and_(*(or_(a.is_(None), b.is_(None), a <= b) for a, b in pairs))


def _filled(key: str, *columns: ColumnElement, asked: ColumnElement | None = None, **more) -> Check:
    """Every column is filled in."""
    return Check(key, _known(*columns), columns, "fill", asked, **more)


# -- complete ------------------------------------------------------------------------------------------

_glucose = (_f.fpg, _f.ppg, _f.rpg, _f.hba1c)
_goes_on = func.coalesce(_f.outcome, "continue") == "continue"
_followup_complete = RowsOf(
    followup,
    (
        _filled("mode", _f.mode),
        _filled("doctor", _f.doctor),
        _filled("pressure", _f.sbp, _f.dbp, asked=_f.programme == "htn"),
        Check("glucose", func.coalesce(*_glucose).is_not(None), _glucose, "fill", _f.programme == "dm"),
        _filled("condition", _f.condition, asked=_f.programme == "smi"),
        _filled("next_on", _f.next_on, asked=_goes_on),
    ),
    among=(_f.programme.in_(CHRONIC), func.coalesce(_f.outcome, "continue") != "lost"),
)
_checkup_complete = RowsOf(
    checkup,
    (
        Check("form", func.coalesce(_c.complete, True).is_(True), (_c.complete,), "fill"),
        _filled("pressure", _c.sbp, _c.dbp),
        _filled("self_care", _c.self_care, asked=func.coalesce(_c.reason, "") == "elder"),
    ),
)
_visit_complete = RowsOf(
    encounter, (_filled("icd", _v.icd), _filled("department", _v.department), _filled("fee", _v.fee))
)
_record_complete = RowsOf(
    health_record,
    (
        _filled("place", _r.place),
        _filled("family", _r.family),
        _filled("doctor", _r.doctor),
        _filled("sex", person.c.sex, file=person.c.file),
        _filled("born_on", person.c.born_on, file=person.c.file),
    ),
    day=_r.created_on,
    with_person=True,
)

# -- in time -------------------------------------------------------------------------------------------


def _entered(table: Table) -> RowsOf:
    days, shows = cast(table.c.entered_on - table.c.day, Integer), (table.c.entered_on,)
    return RowsOf(
        table,
        (
            Check("entered_before", days >= 0, shows),
            Check("entered_late", days <= by_day("dq_entry_days", table.c.day), shows, "sooner"),
        ),
        among=(table.c.entered_on.is_not(None),),
    )


# -- without contradiction -----------------------------------------------------------------------------


def _alive(table: Table) -> RowsOf:
    born_on, died_on = person.c.born_on, person.c.died_on
    return RowsOf(
        table,
        (
            Check("before_birth", or_(born_on.is_(None), born_on <= table.c.day), (born_on,)),
            Check("after_death", or_(died_on.is_(None), table.c.day <= died_on), (died_on,)),
        ),
        with_person=True,
    )


_is_enrolled = (
    select(enrolment.c.row_id)
    .where(
        enrolment.c.person == _f.person,
        enrolment.c.programme == _f.programme,
        enrolment.c.start_on <= _f.day,
        or_(enrolment.c.end_on.is_(None), enrolment.c.end_on >= _f.day),
    )
    .exists()
)
_enrolled = RowsOf(
    followup,
    (Check("enrolled", _is_enrolled, (_f.programme,), "register"),),
    among=(_f.programme.in_(CHRONIC),),
)
_coherent = RowsOf(
    followup,
    (
        Check("reversed", or_(_f.sbp.is_(None), _f.dbp.is_(None), _f.sbp > _f.dbp), (_f.sbp, _f.dbp)),
        Check("next_before", or_(_f.next_on.is_(None), _f.next_on > _f.day), (_f.next_on,)),
        Check("entered_before", or_(_f.entered_on.is_(None), _f.day <= _f.entered_on), (_f.entered_on,)),
    ),
)

_pregnant_on = func.coalesce(_p.delivered_on, _p.booked_on)
_dates = (_p.booked_on, _p.delivered_on, _p.discharged_on)
_mother = RowsOf(
    pregnancy,
    (
        Check("mother_sex", func.coalesce(person.c.sex, 2) == 2, (person.c.sex,)),
        Check(
            "mother_age",
            or_(
                person.c.born_on.is_(None),
                and_(
                    age_at_least(person.c.born_on, _pregnant_on, by_day("dq_mother_youngest", _pregnant_on)),
                    not_(
                        age_at_least(
                            person.c.born_on, _pregnant_on, by_day("dq_mother_oldest", _pregnant_on) + 1
                        )
                    ),
                ),
            ),
            (person.c.born_on,),
        ),
        Check("mother_dates", _in_order(*_dates), _dates),
    ),
    among=(_pregnant_on.is_not(None),),
    day=_pregnant_on,
    month=month_of(_pregnant_on),
    with_person=True,
)

_other = contract.alias("other")


def _ever_held(row: FromClause) -> ColumnElement:
    return and_(
        row.c.start_on <= row.c.end_on, or_(row.c.stopped_on.is_(None), row.c.stopped_on > row.c.start_on)
    )


def _begins_within(row: FromClause, other: FromClause) -> ColumnElement:
    """Whether a contract begins before another one has ended."""
    return and_(
        row.c.start_on <= other.c.end_on,
        or_(other.c.stopped_on.is_(None), row.c.start_on < other.c.stopped_on),
    )


_overlaps = and_(
    _other.c.person == contract.c.person,
    _other.c.row_id != contract.c.row_id,
    _ever_held(_other),
    _begins_within(_other, contract),
    _begins_within(contract, _other),
)
_contract_single = RowsOf(
    contract,
    (
        Check(
            "contract_once",
            not_(select(_other.c.row_id).where(_overlaps).exists()),
            (contract.c.start_on, contract.c.end_on, contract.c.stopped_on),
            "drop",
        ),
    ),
    among=(_ever_held(contract),),
    day=contract.c.start_on,
    month=month_of(contract.c.start_on),
    copies=Copies(_other, _overlaps),
)

# -- once ----------------------------------------------------------------------------------------------

#: Table -> the columns of which two rows of a person are one row twice.
SAME = {
    followup: ("programme", "day"),
    encounter: ("unit", "day", "kind", "department", "icd"),
    dose: ("vaccine", "day"),
}


def times(table: Table) -> ColumnElement:
    """How many rows say the same of the person."""
    by = [table.c.person, *(table.c[name] for name in SAME[table])]
    return func.count().over(partition_by=by)


def _once(table: Table, key: str, *shows: str) -> RowsOf:
    other = table.alias("copy")
    alike = [table.c[name].is_not_distinct_from(other.c[name]) for name in ("person", *SAME[table])]
    return RowsOf(
        table,
        (Check(key, times(table) == 1, tuple(table.c[name] for name in shows), "drop"),),
        copies=Copies(other, and_(*alike, table.c.row_id != other.c.row_id)),
    )


twin = health_record.alias("twin")
another = and_(twin.c.person == _r.person, twin.c.row_id != _r.row_id)
both_s = at_least(month_of(_r.created_on), month_of(twin.c.created_on))
both_e = at_most(last_valid(health_record), last_valid(twin))


def _beside(month: int) -> ColumnElement:
    """Whether a twin is valid in a month beside the record."""
    return and_(another, both_s <= month, both_e >= month)


_record_once = RowsOf(
    health_record,
    (
        Check(
            "record_once",
            lambda month: not_(select(twin.c.row_id).where(_beside(month)).exists()),
            (_r.created_on,),
            "drop",
        ),
    ),
    day=_r.created_on,
    copies=Copies(twin, _beside),
)

_person_once = RowsOf(
    health_record,
    (
        Check(
            "person_once",
            not_(select(suspected.c.person).where(suspected.c.person == _r.person).exists()),
            (person.c.born_on,),
            "identify",
            file=person.c.file,
        ),
    ),
    day=_r.created_on,
    with_person=True,
    twins=True,
)

# -- plausible -----------------------------------------------------------------------------------------


def _plausible(table: Table, **limits: tuple[str, ...]) -> RowsOf:
    """Rows with a reading; good where each lies within its limits, which are dated."""
    day = table.c.day
    columns = [(table.c[name], of) for of, names in limits.items() for name in names]
    checks = tuple(
        Check(
            f"{of}_range",
            column.between(by_day(f"{of}_low", day), by_day(f"{of}_high", day)),
            (column,),
            asked=column.is_not(None),
        )
        for column, of in columns
    )
    return RowsOf(table, checks, among=(or_(*(column.is_not(None) for column, _ in columns)),))


_birth_plausible = RowsOf(
    health_record,
    (
        Check(
            "born_after",
            person.c.born_on <= _r.created_on,
            (person.c.born_on, _r.created_on),
            file=person.c.file,
        ),
        Check(
            "too_old",
            not_(age_at_least(person.c.born_on, _r.created_on, by_day("dq_oldest", _r.created_on) + 1)),
            (person.c.born_on, _r.created_on),
            file=person.c.file,
        ),
    ),
    among=(person.c.born_on.is_not(None),),
    day=_r.created_on,
    with_person=True,
)

#: Cards of events: every row is of one month.
EVENTS: dict[str, tuple[RowsOf, ...]] = {
    "dq_followup_complete": (_followup_complete,),
    "dq_checkup_complete": (_checkup_complete,),
    "dq_visit_complete": (_visit_complete,),
    "dq_followup_in_time": (_entered(followup),),
    "dq_checkup_in_time": (_entered(checkup),),
    "dq_dose_in_time": (_entered(dose),),
    "dq_alive": tuple(_alive(table) for table in (followup, checkup, encounter, dose, service)),
    "dq_enrolled": (_enrolled,),
    "dq_coherent": (_coherent,),
    "dq_mother_coherent": (_mother,),
    "dq_contract_single": (_contract_single,),
    "dq_followup_once": (_once(followup, "followup_once", "programme"),),
    "dq_visit_once": (_once(encounter, "visit_once", "department", "icd"),),
    "dq_dose_once": (_once(dose, "dose_once", "vaccine"),),
    "dq_readings_plausible": (
        _plausible(followup, sbp=("sbp",), dbp=("dbp",), fpg=("fpg", "ppg", "rpg")),
        _plausible(checkup, sbp=("sbp",), dbp=("dbp",), fpg=("fpg",)),
    ),
}
#: Cards of records while they are valid.
SPANS: dict[str, RowsOf] = {
    "dq_record_complete": _record_complete,
    "dq_record_once": _record_once,
    "dq_person_once": _person_once,
    "dq_birth_plausible": _birth_plausible,
}
ROWS: dict[str, tuple[RowsOf, ...]] = {**EVENTS, **{key: (rows,) for key, rows in SPANS.items()}}
