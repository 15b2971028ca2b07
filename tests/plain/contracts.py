"""S05: who has a contract, and is what it owes delivered."""

from __future__ import annotations

from tests.plain.district import District, remembered
from tests.plain.groups import aged, child, key_person, tagged, this_year
from tests.plain.months import last_day, month_of
from tests.plain.patients import managed_at
from tests.plain.records import families, recorded_resident_at
from tests.plain.shapes import Distinct, Flow, Stock
from tests.plain.stay import managed_by, resident_at, resident_of_year


@remembered
def contracts(district: District, person: int, month: int) -> list[dict]:
    """Contracts in force on the last day of a month; on the day of its termination one is no longer in force."""
    day = last_day(month)
    return [
        row
        for row in district.of(person, "contract")
        if row["start_on"] <= day <= row["end_on"] and (row["stopped_on"] is None or day < row["stopped_on"])
    ]


def contracted(district: District, person: int, month: int) -> bool:
    return bool(contracts(district, person, month))


def contracted_resident_at(district: District, person: int, month: int) -> int | None:
    return resident_at(district, person, month) if contracted(district, person, month) else None


def _paid(district: District, person: int, month: int) -> bool:
    return any((row["fee"] or 0) > 0 for row in contracts(district, person, month))


def _paid_resident_at(district: District, person: int, month: int) -> int | None:
    return resident_at(district, person, month) if _paid(district, person, month) else None


def _nothing_overdue(district: District, person: int, month: int) -> bool:
    """Every item that fell due in the year so far is done by the month's end."""
    return all(
        row["done_on"] is not None and row["done_on"] <= last_day(month)
        for row in district.of(person, "contract_item")
        if row["month"] in district.year_so_far(month)
    )


def _special_at(district: District, person: int, month: int) -> int | None:
    if tagged(district, person, month, "disabled", "solitary", "disabled_elder"):
        return contracted_resident_at(district, person, month)
    return None


def _items_due(district: District):
    for row in district.rows("contract_item"):
        if key_person(district, row["person"], row["month"]):
            yield (
                managed_by(district, row["person"], row["month"]),
                row["month"],
                row["done_on"] is not None,
                1,
            )


def _ended(district: District):
    for person in district.persons:
        ends = {
            month_of(row["end_on"]) for row in district.of(person, "contract") if row["stopped_on"] is None
        }
        for month in ends:
            yield managed_by(district, person, month), month, contracted(district, person, month + 1), 1


def _packages(district: District, month: int):
    for person in district.persons:
        unit = managed_by(district, person, month)
        for row in contracts(district, person, month):
            if unit is not None and row["package"] is not None:
                yield unit, row["package"]


def _home_visits(district: District):
    for row in [*district.rows("service"), *district.rows("followup")]:
        if row["mode"] == "home":
            yield row["unit"], row["month"], 1


def _fees(column: str) -> Flow:
    return Flow(
        lambda d: (
            (row["unit"], month_of(row["signed_on"]), row[column])
            for row in d.rows("contract")
            if row[column]
        )
    )


def _of_group(belongs) -> Stock:
    return Stock(lambda d, p, m: resident_at(d, p, m) if belongs(d, p, m) else None, contracted)


def _served_with(kind: str) -> Stock:
    return Stock(
        resident_of_year,
        lambda d, p, m: this_year(d, p, m, "service", lambda row: row["kind"] == kind),
        listed=None,
        basis="ytd",
    )


class _Teams:
    """The teams of today, in every month."""

    def figures(self, district: District) -> dict[tuple, tuple]:
        found = {}
        for unit in district.units:
            teams = [row for row in district.rows("team") if unit in district.above(row["unit"])]
            trained = sum(row["leader_gp"] is True for row in teams)
            for month in district.months:
                found[unit, month, "as_of"] = (trained, len(teams), len(teams))
        return found


CARDS = {
    "fd_contract_rate": Stock(resident_at, contracted, band="all"),
    "fd_persons": Stock(resident_at, contracted, listed=None),
    "fd_households": Distinct(families(contracted_resident_at)),
    "fd_every_family_doctor": Distinct(
        families(lambda d, p, m: recorded_resident_at(d, p, m) if contracted(d, p, m) else None),
        families(recorded_resident_at),
    ),
    "fd_team_pairing": Distinct(
        families(recorded_resident_at, lambda record: record["doctor"] is not None),
        families(recorded_resident_at),
    ),
    "fd_key_contract_rate": _of_group(key_person),
    "fd_key_share": Stock(contracted_resident_at, key_person),
    "fd_standard_mgmt_rate": Stock(contracted_resident_at, _nothing_overdue, basis="ytd"),
    "fd_fulfilment_rate": Flow(_items_due, of=True),
    "fd_special_fulfilment_rate": Stock(_special_at, _nothing_overdue, basis="ytd"),
    "fd_renewal_rate": Flow(_ended, of=True),
    "fd_paid_persons": Stock(resident_at, _paid, listed=None),
    "fd_paid_households": Distinct(families(_paid_resident_at)),
    "fd_paid_amount": _fees("fee"),
    "fd_fee_insurance": _fees("fee_insurance"),
    "fd_fee_fund": _fees("fee_fund"),
    "fd_low_income_rate": _of_group(lambda d, p, m: tagged(d, p, m, "low_income")),
    "fd_special_family_rate": _of_group(lambda d, p, m: tagged(d, p, m, "special_family")),
    "fd_disabled_rate": _of_group(lambda d, p, m: tagged(d, p, m, "disabled")),
    "fd_elder_rate": _of_group(lambda d, p, m: aged(d, p, m, 65)),
    "fd_child_rate": _of_group(child),
    "fd_pregnant_rate": _of_group(lambda d, p, m: tagged(d, p, m, "pregnant")),
    "fd_htn_rate": Stock(lambda d, p, m: managed_at(d, p, m, "htn"), contracted),
    "fd_dm_rate": Stock(lambda d, p, m: managed_at(d, p, m, "dm"), contracted),
    "fd_package_count": Distinct(_packages),
    "fd_home_visits": Flow(_home_visits),
    "fd_home_nursing": _served_with("home_nursing"),
    "fd_drug_delivery": _served_with("drug_delivery"),
    "fd_team_leader": _Teams(),
}
