"""S07: what is due by the schedule, what was given, and how safely."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tests.plain.district import District, parameter, remembered, schedule
from tests.plain.groups import aged, child
from tests.plain.months import last_day
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import managed_by, resident_at

FIVE = {"bcg": 1, "hepb": 3, "polio": 3, "dtp": 3, "mcv": 1}
COVID_BOOSTER = 4


@remembered
def doses_owed(district: District, person: int) -> list[dict]:
    """Rows of the schedule that concern the person, with the month in whose end they count as missed."""
    master = district.masters[person]
    born = master["born_month"]
    if born is None:
        return []
    return [
        {**row, "due": recommended + int(parameter("dose_grace_months", recommended))}
        for row in schedule()
        if born >= row["first_born"] and row["sex"] in (None, master["sex"])
        for recommended in [born + row["age_months"]]
    ]


def _given_by(district: District, person: int, vaccine: str, dose_no: int, month: int) -> bool:
    return any(
        (row["vaccine"], row["dose_no"]) == (vaccine, dose_no) and row["month"] <= month
        for row in district.of(person, "dose")
    )


def _due(fits) -> Flow:
    """Doses in the month in which they fall due, where the child is managed then."""

    def events(district: District):
        for person in district.persons:
            floating = district.masters[person]["registered"] is False
            for row in doses_owed(district, person):
                if fits(row) and (not floating or parameter("due_floating", row["due"])):
                    given = _given_by(district, person, row["vaccine"], row["dose_no"], row["due"])
                    yield managed_by(district, person, row["due"]), row["due"], given, 1

    return Flow(events, of=True)


def _turned_one(district: District):
    for person in district.persons:
        born = district.masters[person]["born_month"]
        if born is not None:
            complete = all(
                _given_by(district, person, vaccine, dose_no, born + 12)
                for vaccine, doses in FIVE.items()
                for dose_no in range(1, doses + 1)
            )
            yield managed_by(district, person, born + 12), born + 12, complete, 1


def _first_hepb(district: District, person: int) -> list[dict]:
    return [row for row in district.of(person, "dose") if (row["vaccine"], row["dose_no"]) == ("hepb", 1)]


def _newborns(fits):
    def events(district: District):
        for person in district.persons:
            born = district.masters[person]["born_month"]
            if born is not None:
                yield managed_by(district, person, born), born, fits(district, person), 1

    return events


def _hepb_given(district: District, person: int) -> bool:
    born = district.masters[person]["born_month"]
    latest = born + parameter("dose_grace_months", born)
    return any(row["month"] <= latest for row in _first_hepb(district, person))


def _hepb_timely(district: District, person: int) -> bool:
    master = district.masters[person]
    times = [row["given_at"] for row in _first_hepb(district, person) if row["given_at"] is not None]
    if not times:
        return False
    born_at = datetime.combine(master["born_on"], time(master["born_hour"] or 0))
    passed = min(times) - born_at
    return timedelta(0) <= passed <= timedelta(hours=parameter("hepb_first_hours", master["born_on"]))


def _card_held(district: District, person: int, month: int) -> bool:
    for row in district.of(person, "vaccination_card"):
        issued_on = row["issued_on"] or district.masters[person]["born_on"]
        if issued_on is not None and issued_on <= last_day(month):
            return True
    return False


def _child_at(district: District, person: int, month: int) -> int | None:
    return managed_by(district, person, month) if child(district, person, month) else None


def _floating_child_at(district: District, person: int, month: int) -> int | None:
    floating = district.masters[person]["registered"] is False
    return _child_at(district, person, month) if floating else None


def _nothing_overdue(district: District, person: int, month: int) -> bool:
    """No dose that fell due by the month's end, here or before the child came, is still not given."""
    return all(
        _given_by(district, person, row["vaccine"], row["dose_no"], month)
        for row in doses_owed(district, person)
        if row["due"] <= month
    )


def _flu(district: District, person: int, month: int) -> bool:
    season = month
    while season % 12 != parameter("season_first_month") - 1:
        season -= 1
    return any(
        row["vaccine"] == "flu" and season <= row["month"] <= month for row in district.of(person, "dose")
    )


def _boosted(district: District, person: int, month: int) -> bool:
    return any(
        row["vaccine"] == "covid" and (row["dose_no"] or 0) >= COVID_BOOSTER and row["month"] <= month
        for row in district.of(person, "dose")
    )


def _doses(fits) -> Flow:
    return Flow(lambda d: ((row["unit"], row["month"], 1) for row in d.rows("dose") if fits(row)))


def _share(hit, told) -> Flow:
    return Flow(
        lambda d: ((row["unit"], row["month"], hit(row), 1) for row in d.rows("dose") if told(row)), of=True
    )


CARDS = {
    "im_class1_rate": _due(lambda row: True),
    **{
        f"im_vaccine_{vaccine}": _due(lambda row, vaccine=vaccine: row["vaccine"] == vaccine)
        for vaccine in sorted({row["vaccine"] for row in schedule()})
    },
    "im_new_epi_rate": _due(lambda row: row["added"]),
    "im_five_full_rate": Flow(_turned_one, of=True),
    "im_newborn_hepb": Flow(_newborns(_hepb_given), of=True),
    "im_hepb_first_timely": Flow(_newborns(_hepb_timely), of=True),
    "im_births": Flow(lambda d: ((unit, month, 1) for unit, month, *_ in _newborns(lambda d, p: True)(d))),
    "im_card_rate": Stock(_child_at, _card_held),
    "im_floating_children": Stock(_floating_child_at, _nothing_overdue),
    "im_flu60_rate": Stock(
        lambda d, p, m: resident_at(d, p, m) if aged(d, p, m, parameter("flu_age", m)) else None,
        _flu,
        basis="ytd",
        band="60+",
    ),
    "im_covid_booster2": Stock(
        lambda d, p, m: resident_at(d, p, m) if aged(d, p, m, 18) else None, _boosted, band="18+"
    ),
    "im_doses_epi": _doses(lambda row: row["programme_class"] == 1),
    "im_doses_non_epi": _doses(lambda row: row["programme_class"] == 2),
    "im_campaign_doses": _doses(lambda row: row["campaign"] is not None),
    "im_h1n1_campaign": _doses(lambda row: row["campaign"] is not None and row["vaccine"] == "flu"),
    "im_aefi": _doses(lambda row: row["reaction"] is True),
    "im_consent_rate": _share(lambda row: row["consent"] is True, lambda row: row["consent"] is not None),
    "im_observation_30min": _share(
        lambda row: row["observed_minutes"] >= parameter("observation_minutes", row["day"]),
        lambda row: row["observed_minutes"] is not None,
    ),
    "im_info_upload": _share(lambda row: row["uploaded_on"] is not None, lambda row: True),
}
