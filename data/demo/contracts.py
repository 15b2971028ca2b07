"""Family-doctor contracts: teams, who signs, renewals and stops, and the items that a contract owes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data.demo.chronic import Patients
from data.demo.days import FAR, day, first_of_month, months_of
from data.demo.draw import pick, season_days, weighted
from data.demo.geography import teams
from data.demo.people import START
from data.demo.rows import Rows, Words, glue, take, text_of_whole, words
from data.demo.tags import KEY_TAGS, Tags
from data.demo.world import World

PACKAGES = ("基础包", "慢病管理包", "老年关爱包", "妇幼健康包", "健康守护包")
FEES = np.array([0, 12_000, 18_000, 15_000, 36_000])  # fen a year
MEMBERS = ("gp nurse specialist public_health", "gp nurse public_health", "gp nurse")  # roles in a team
GUARDED = 0.0019  # households with the guardian package, of the residents
ITEMS = ("年度健康体检", "慢病随访", "用药指导", "健康咨询", "康复指导", "中医药指导")
DUE_MONTHS = np.array([3, 4, 8, 8, 9, 10, 9, 9, 10, 10, 10, 10.0])
SIGNING_MONTHS = (5, 6, 14, 13, 10, 8, 7, 7, 9, 9, 7, 5)


@dataclass
class Holders:
    """Everyone who is ever under contract: in force from ``first`` to the day before ``drop``."""

    person: np.ndarray
    first: np.ndarray
    drop: np.ndarray  # FAR: still under contract
    length: np.ndarray  # days of one contract: one, three or five years
    package: np.ndarray


def key_population(world: World, patients: list[Patients], tags: Tags, last: int) -> np.ndarray:
    """Who belongs to a key population in the month that ends on ``last`` (a mask): old, very young,
    patients, tagged. A tag or an enrolment counts in the month in which it ends.
    """
    people = world.people
    first = first_of_month(int(months_of(np.array([last]))[0]))
    mask = people.age_on(last, 65) | ~people.age_on(last, 7)
    for p in patients:
        mask[p.person[(p.enrolled <= last) & (p.ended >= first)]] = True
    mask[tags.carriers(KEY_TAGS, first, last)] = True
    # Who dies or leaves counts to the end of that month.
    return mask & people.recorded & (people.record_on <= last) & (people.end >= first)


def make_holders(world: World, patients: list[Patients], tags: Tags) -> Holders:
    """Who signs: at the end of 2025 exactly the planned share of residents and of key populations."""
    rng = world.stream("contracts")
    people, plan = world.people, world.plans[2025]
    n, turn = len(people), day(2025, 12, 31)
    resident = people.resident(turn)
    key = key_population(world, patients, tags, turn) & people.settled(turn)
    among_key, others = np.flatnonzero(resident & key), np.flatnonzero(resident & ~key)
    signed_key = pick(
        rng,
        among_key,
        round(plan.shares["fd_key_contract_rate"] * key.sum()),
        1.2 * world.liking(among_key) + 20 * world.of_model[among_key],
    )
    rest = round(plan.shares["fd_contract_rate"] * plan.statistical) - len(signed_key)
    signed = pick(rng, others, rest, world.liking(others) + 20 * world.of_model[others])
    guests = np.flatnonzero(world.of_model & people.present(turn) & ~resident)
    signed = np.concatenate([signed_key, signed, guests])
    earlier = people.recorded & ~resident & (people.end > START) & (people.end <= turn)
    lapsed = resident.copy()
    lapsed[signed] = False
    gone = np.flatnonzero(earlier & (rng.random(n) < 0.55))
    dropped = np.flatnonzero(lapsed & (rng.random(n) < 0.06) & (people.record_on < day(2023, 6)))
    newly = np.flatnonzero(people.present(day(2026, 1, 31)) & ~key & (rng.random(n) < 0.035))
    newly = np.setdiff1d(newly, np.concatenate([signed, dropped]))
    person = np.concatenate([signed, gone, dropped, newly])
    first = np.concatenate(
        [
            _first_days(world, rng, signed, turn),
            _first_days(world, rng, gone, START - 30),
            _first_days(world, rng, dropped, START - 30),
            day(2026) + rng.integers(5, 330, len(newly)),
        ]
    )
    drop = np.concatenate(
        [
            people.end[signed],
            people.end[gone],
            np.minimum(people.end[dropped], day(2024, 2) + rng.integers(0, 650, len(dropped))),
            people.end[newly],
        ]
    ).astype(np.int32)
    quits = (np.arange(len(person)) < len(signed)) & (rng.random(len(person)) < 0.02)
    drop[quits] = np.minimum(drop[quits], day(2026) + rng.integers(10, 300, quits.sum()))
    sane = first < drop
    chronic = np.isin(person, np.concatenate([p.person[p.enrolled < FAR] for p in patients]))
    young = ~people.age_on(turn, 7)[person]
    package = np.where(chronic, 1, np.where(people.age_on(turn, 65)[person], 2, np.where(young, 3, 0)))
    length = 365 * np.array([1, 3, 5])[weighted(rng, np.array([12, 38, 50.0]), len(person))]
    return Holders(person[sane], first[sane].astype(np.int32), drop[sane], length[sane], package[sane])


def _guarded(world: World, person: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Which contracts are of the guardian package: one household each, older people, new at the reference centre in 2026."""
    people = world.people
    begin = day(2026) if world.is_reference else day(2025)
    old = np.flatnonzero((start >= begin) & (start < day(2026, 6)) & people.age_on(day(2025), 65)[person])
    _, first = np.unique(people.family[person[old]], return_index=True)
    chosen = old[np.sort(first)][: round(GUARDED * world.plans[2025].statistical)]
    mask = np.zeros(len(person), bool)
    mask[chosen] = True
    world.memo["guarded"] = (person[chosen], start[chosen])
    return mask


def _first_days(world: World, rng: np.random.Generator, person: np.ndarray, latest: int) -> np.ndarray:
    """When they first signed: most before 2024, all by ``latest``."""
    n = len(person)
    record, arrived = world.people.record_on[person], world.people.arrived[person]
    able = np.maximum(record + 5, np.where(arrived < FAR, arrived + 150, 0))
    old = season_days(rng, 2021, SIGNING_MONTHS, n) + 365 * rng.integers(0, 3, n)
    new = season_days(rng, 2024, SIGNING_MONTHS, n) + 365 * rng.integers(0, 2, n)
    wish = np.where(rng.random(n) < 0.88, old, new)
    wish = np.where((wish < able) | (wish > latest), able + (rng.random(n) ** 2 * (latest - able)), wish)
    return np.minimum(wish, latest).astype(np.int64)


def contract_rows(world: World, holders: Holders) -> Rows:
    """One row a contract that was in force at some time from 2024 on, renewals included."""
    rng = world.stream("contract rows")
    people = world.people
    length = holders.length
    rounds = np.maximum(-(-(np.minimum(holders.drop, world.last + 1) - holders.first) // length), 0)
    index = np.repeat(np.arange(len(rounds)), rounds)
    turn = np.arange(len(index)) - np.repeat(np.cumsum(rounds) - rounds, rounds)
    start = holders.first[index] + turn * length[index]
    end = start + length[index] - 1
    keep = (end >= START) & (start <= world.last)
    index, turn, start, end = index[keep], turn[keep], start[keep], end[keep]
    person = holders.person[index]
    drop = holders.drop[index]
    stopped = np.where((drop <= end) & (drop <= world.last), drop, FAR).astype(np.int32)
    reason = np.where(stopped == people.died[person], 0, np.where(stopped == people.left[person], 1, 2))
    reason = np.where(stopped < FAR, reason, -1)
    package = holders.package[index]
    package = np.where(_guarded(world, person, start), 4, package)
    paid = rng.random(len(index)) < 0.16
    fee = np.where(paid & (package > 0), FEES[package], 0)
    signed = start - rng.integers(0, 8, len(index))
    unit = people.unit_on(person, start)
    return {
        "person": person,
        "unit": unit,
        "contract_no": contract_numbers(world, index, turn),
        "team": team_codes(world, unit, person),
        "signed_on": signed.astype(np.int32),
        "start_on": start.astype(np.int32),
        "end_on": end.astype(np.int32),
        "stopped_on": stopped,
        "stop_reason": Words(reason, ("died", "moved", "refused")),
        "package": words(package, *PACKAGES),
        "fee": fee,
        "fee_insurance": (fee * 0.4).astype(np.int64) // 100 * 100,
        "fee_fund": (fee * 0.3).astype(np.int64) // 100 * 100,
        "family": people.family[person],
        "renewal": (turn > 0).astype(np.int8),
        "entered_on": world.late(rng, signed),
    }


def contract_numbers(world: World, holder: np.ndarray, turn: np.ndarray) -> pa.Array:
    return glue(
        "Q",
        text_of_whole(np.full(len(holder), world.town + 1), 2),
        text_of_whole(holder, 7),
        text_of_whole(turn + 1, 2),
    )


def team_codes(world: World, unit: np.ndarray, person: np.ndarray) -> Words:
    """The team of a person: the centre has four, every other unit one."""
    codes, _, of_unit = _teams(world)
    own = np.where(unit == world.centre, person % 4, 0)
    first = np.array([of_unit.get(u, 0) for u in range(len(world.units.code))])
    return Words(first[unit] + own, codes)


def team_rows_of(world: World) -> Rows:
    """The teams of a centre and its stations; one in ten leaders is no general practitioner."""
    rng = world.stream("teams")
    codes, units, _ = _teams(world)
    own = [i for i, u in enumerate(units) if world.units.town[u] == world.town]
    surnames = "林何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程"
    given = ("卫民", "秀英", "建平", "丽华", "志刚", "小红")
    drawn = rng.integers(0, 180, len(own))
    return {
        "unit": np.array([units[i] for i in own]),
        "code": pa.array([codes[i] for i in own]),
        "name": pa.array([f"{world.units.name[units[i]][:4]}家庭医生{k + 1}队" for k, i in enumerate(own)]),
        "leader": pa.array([surnames[k % 30] + given[k % 6] for k in drawn]),
        "leader_gp": (rng.random(len(own)) < 0.9).astype(np.int8),
        "members": words(_forms(world, np.array([units[i] for i in own])), *MEMBERS),
    }


def _forms(world: World, unit: np.ndarray) -> np.ndarray:
    """Of which kind each team is: at the best units one of each role, at poor ones without a specialist."""
    quality = world.units.quality[unit]
    return np.where(quality > 0.25, 0, np.where(quality < -0.25, 2, unit % 2))


def _teams(world: World) -> tuple[tuple[str, ...], list[int], dict[int, int]]:
    return teams(world.units)


def item_rows(world: World, holders: Holders, patients: list[Patients], tags: Tags, year: int) -> Rows:
    """Items owed in a year to key persons under contract all year, and whether they were delivered.

    Of all items the planned share is delivered; of those of disabled and solitary people in the
    reference centre every one.
    """
    rng = world.stream("items", year)
    plan, people = world.plans[year], world.people
    first, last = day(year), day(year, 12, 31)
    key = key_population(world, patients, tags, first) & key_population(world, patients, tags, last)
    held = np.flatnonzero(
        (holders.first <= first)
        & (holders.drop > last)
        & key[holders.person]
        & people.whole_year(year)[holders.person]
    )
    two = rng.random(len(held)) < 0.42
    index = np.concatenate([held, held[two]])
    second = np.arange(len(index)) >= len(held)
    person = holders.person[index]
    due = np.where(
        second,
        _month_end(year, 1 + weighted(rng, DUE_MONTHS, len(index))),
        _month_end(year, 1 + weighted(rng, DUE_MONTHS, len(index))),
    )
    kind = np.where(second, 2 + rng.integers(0, 4, len(index)), np.where(holders.package[index] == 1, 1, 0))
    special = np.zeros(len(people), bool)
    special[tags.ever(("disabled", "disabled_elder", "solitary"))] = True
    sure = special[person] & (world.is_reference | (rng.random(len(index)) < 0.7))
    wanted = round(plan.shares["fd_fulfilment_rate"] * len(index)) - sure.sum()
    open_ones = np.flatnonzero(~sure)
    done = sure.copy()
    spread = 1.0 if world.is_reference else 2.5
    done[pick(rng, open_ones, wanted, spread * world.liking(person[open_ones]))] = True
    done_on = np.where(done, due - rng.integers(0, 70, len(index)), FAR)
    late = ~done & (rng.random(len(index)) < 0.25) & (not world.is_reference)
    done_on = np.where(late, due + rng.integers(3, 60, len(index)), done_on)
    turn = (due - holders.first[index]) // holders.length[index]
    rows: Rows = {
        "person": person,
        "unit": people.unit_on(person, due),
        "contract_no": contract_numbers(world, index, turn),
        "item": words(kind, *ITEMS),
        "due_on": due.astype(np.int32),
        "done_on": world.clip(done_on),
        "entered_on": np.minimum(np.where(done_on < FAR, done_on, first), world.exported).astype(np.int32),
    }
    return take(rows, rows["due_on"] <= world.last)


def _month_end(year: int, month: np.ndarray) -> np.ndarray:
    """The last days of months of a year (1 to 12)."""
    first = (np.int64((year - 1970) * 12) + np.asarray(month)).astype("datetime64[M]").astype("datetime64[D]")
    return first.astype(np.int64) - 1
