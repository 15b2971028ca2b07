"""The shapes of cards about the work of units: counts, shares, what is there, duties, checks.

A system's module makes one ``System`` and states each card with the shape that fits. A shape writes the
rule; what is owed how often and which items a standard has stands in ``metrics/standards/duties.csv`` and
``checks.csv``, and the words of duties and checks follow from there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, Select, Table, literal, select

from metrics.card import Card, Change, Derived, Direction, Form, Gap, Period, Statistic, Unit, Words, words
from metrics.cards.rules import (
    events,
    items_met,
    items_owed,
    periods_owed,
    standing,
    units_holding,
    units_open,
)
from metrics.facts.work import open_unit
from metrics.sql import one
from metrics.standards import Duty, duties, standard_items

Pair = tuple[str, str]  # Chinese, English

KIND_WORDS = {
    "bureau": words("卫健局", "the bureau"),
    "centre": words("社区卫生服务中心（卫生院）", "centres"),
    "station": words("社区卫生服务站", "stations"),
    "clinic": words("村卫生室", "village clinics"),
}
EVERY_WORDS = {
    "month": words("每月", "month"),
    "two_months": words("每两个月", "two months"),
    "quarter": words("每季度", "quarter"),
    "half": words("每半年", "half-year"),
    "year": words("每年", "year"),
}


@dataclass(frozen=True)
class System:
    """The cards of one system: S01 to S37.

    Every shape takes a card's key and words (name, question, rule), then what its rule is made of. What it
    does not name (unit, source, catalogue, ...) goes to the card as it is; its defaults may be overruled.
    """

    code: str

    def card(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        *,
        catalogue: tuple[str, ...] | None = None,
        reason: Pair | None = None,
        caveat: Pair | None = None,
        **more,
    ) -> Card:
        """Any card of the system; ``more``: fields of ``Card``."""
        return Card(
            key=key,
            system=self.code,
            name=words(*name),
            question=words(*ask),
            rule=words(*rule),
            catalogue=(key,) if catalogue is None else catalogue,
            reason=words(*reason) if reason else None,
            caveat=words(*caveat) if caveat else None,
            **more,
        )

    def count(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        table: Table,
        *where: ColumnElement,
        n: ColumnElement | None = None,
        month: ColumnElement | None = None,
        what: ColumnElement | None = None,
        **more,
    ) -> Card:
        """How often something happened, or how much of it there was (``n``), in the month of its day."""
        rows = events(table, *where, n=n, month=month, what=what)
        usual = {"direction": Direction.NONE, "reads": (table.name,)}
        return self.card(key, name, ask, rule, period=Period.FLOW, numerator=rows, **usual | more)

    def share(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        table: Table,
        hit: ColumnElement,
        *among: ColumnElement,
        month: ColumnElement | None = None,
        what: ColumnElement | None = None,
        **more,
    ) -> Card:
        """Of the rows ``among``, the share that hits; those that do not are listed."""
        rows = events(table, *among, n=one(hit), of=literal(1), month=month, what=what)
        usual = {
            "unit": Unit.PERCENT,
            "direction": Direction.HIGHER,
            "gap": Gap.THINGS,
            "reads": (table.name,),
        }
        return self.card(key, name, ask, rule, period=Period.FLOW, numerator=rows, **usual | more)

    def ratio(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        table: Table,
        n: ColumnElement,
        of: ColumnElement,
        *where: ColumnElement,
        **more,
    ) -> Card:
        """A sum over a sum, as a sample counts them: so many of so many. Rows without ``of`` are in neither."""
        rows = events(table, of.is_not(None), n.is_not(None), *where, n=n, of=of)
        usual = {"unit": Unit.PERCENT, "direction": Direction.HIGHER, "reads": (table.name,)}
        return self.card(key, name, ask, rule, period=Period.FLOW, numerator=rows, **usual | more)

    def stock(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        table: Table,
        *where: ColumnElement,
        n: ColumnElement | None = None,
        among: tuple[ColumnElement, ...] | None = None,
        start: ColumnElement | None = None,
        end: ColumnElement | None = None,
        what: ColumnElement | None = None,
        **more,
    ) -> Card:
        """What is there at the month's end; with ``among``, as a share of the rows that fit these conditions."""
        usual = {"direction": Direction.NONE, "reads": (table.name,)}
        if among is not None:
            usual |= {"listed": standing(table, *among, start=start, end=end, what=what), "gap": Gap.THINGS}
        rows = standing(table, *(among or ()), *where, n=n, start=start, end=end, what=what)
        return self.card(key, name, ask, rule, period=Period.AS_OF, numerator=rows, **usual | more)

    def of_units(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        kinds: tuple[str, ...],
        holding: Select,
        **more,
    ) -> Card:
        """Of the open units of the kinds, the share for which something holds (spans of unit, s, e)."""
        usual = {"unit": Unit.PERCENT, "direction": Direction.HIGHER, "gap": Gap.THINGS}
        return self.card(
            key,
            name,
            ask,
            rule,
            period=Period.AS_OF,
            numerator=units_holding(holding, *kinds),
            listed=units_open(*kinds),
            kinds=kinds,
            **usual | more,
        )

    def of_units_with(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        kinds: tuple[str, ...],
        table: Table,
        *where: ColumnElement,
        **more,
    ) -> Card:
        """Of the open units of the kinds, the share that has a row that fits and holds: a document, a facility."""
        usual = {"reads": (table.name,)}
        return self.of_units(key, name, ask, rule, kinds, standing(table, *where), **usual | more)

    def duty(
        self,
        key: str,
        name: Pair,
        table: Table,
        *where: ColumnElement,
        people: ColumnElement | None = None,
        month: ColumnElement | None = None,
        **more,
    ) -> Card:
        """What units owe by the period: done periods of those that have passed since it was first recorded.

        ``duties.csv`` says who owes it, how often, with what evidence. ``people``: the column that the
        term's least number of people is about.
        """
        terms = duties()[key]
        usual = {"form": Form.DUTY}
        return self.card(
            key,
            name,
            (
                f"{name[0]}：该做的各期都做了吗？",
                f"{name[1]}: was it done in every period in which it was due?",
            ),
            _duty_rule(terms[-1]),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            period=Period.FLOW,
            source=terms[-1].source,
            reads=(table.name,),
            numerator=periods_owed(key, table, where, people, table.c.month if month is None else month),
            gap=Gap.THINGS,
            reason=("该期没有记录", "nothing is recorded for the period"),
            kinds=tuple(dict.fromkeys(kind for term in terms for kind in term.kinds)),
            **usual | more,
        )

    def check(self, key: str, name: Pair, kinds: tuple[str, ...], **more) -> Card:
        """A standard's items at units: of the items of the units ever checked, the share met at the latest check."""
        items = [item for item in standard_items() if item.standard == key]
        if not items:
            raise ValueError(f"card {key}: metrics/standards/checks.csv has no items of this standard")
        return self.card(
            key,
            name,
            more.pop("ask", (f"{name[0]}：各项都做到了吗？", f"{name[1]}: is every item met?")),
            _check_rule(items, kinds),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            period=Period.AS_OF,
            reads=("check_item",),
            numerator=items_met(key, *kinds),
            listed=items_owed(key, *kinds),
            gap=Gap.THINGS,
            reason=("最近一次检查未达标", "not met at the latest check"),
            form=Form.CHECK,
            kinds=kinds,
            **more,
        )

    def changed(self, key: str, name: Pair, ask: Pair, rule: Pair, base: Card, how: Change, **more) -> Card:
        """A figure made of another card's: its change since last year, its rank."""
        usual = {"unit": Unit.RANK if how is Change.RANK else Unit.PERCENT, "direction": base.direction}
        return self.card(
            key,
            name,
            ask,
            rule,
            period=base.period,
            reads=base.reads,
            numerator=base.numerator,
            listed=base.listed,
            statistic=base.statistic,
            kinds=base.kinds,
            derived=Derived(how=how, of=base.key),
            parameters=base.parameters,
            **usual | more,
        )

    def population(self, key: str, name: Pair, ask: Pair, rule: Pair, *, band: str, **more) -> Card:
        """The approved population itself."""
        nothing = select(
            open_unit.c.unit.label("thing"), open_unit.c.unit, open_unit.c.s, open_unit.c.e
        ).where(literal(0, Integer) == 1)
        return self.card(
            key,
            name,
            ask,
            rule,
            unit=Unit.PERSONS,
            direction=Direction.NONE,
            period=Period.AS_OF,
            reads=("unit",),
            numerator=nothing,
            statistic=Statistic(band=band),
            derived=Derived(how=Change.STATISTIC),
            **more,
        )


def _kinds(kinds: tuple[str, ...]) -> Words:
    return words(
        "、".join(KIND_WORDS[kind].zh for kind in kinds), ", ".join(KIND_WORDS[kind].en for kind in kinds)
    )


def _duty_rule(term: Duty) -> Pair:
    who, every = _kinds(term.kinds), EVERY_WORDS[term.every]
    people = (
        (f"（每次不少于 {term.people} 人）", f" with at least {term.people} people")
        if term.people
        else ("", "")
    )
    times = "once" if term.times == 1 else f"{term.times} times"
    return (
        f"{who.zh}{every.zh}至少 {term.times} 次{people[0]}。已过各期中完成的期数 ÷ 已过的期数，"
        f"从本地首次有此类记录的一期算起；未完成的逐期列出。凭据：{term.evidence_zh}。",
        f"Owed by {who.en} at least {times} a {every.en}{people[1]}. Periods done over periods passed, "
        f"from the first period of which anything is recorded in the district; periods missed are listed. "
        f"Evidence: {term.evidence_en}.",
    )


def _check_rule(items: list, kinds: tuple[str, ...]) -> Pair:
    who = _kinds(kinds)
    return (
        f"检查过的{who.zh}：{'、'.join(item.zh for item in items)}，共 {len(items)} 项。"
        "最近一次检查达标的项数 ÷ 应有项数；从未检查的机构没有数值，已检查机构未查到的项按未达标计。",
        f"At {who.en} that were ever checked: {', '.join(item.en for item in items)} ({len(items)} in all). "
        "Items met at the latest check over all items; a unit never checked has no figure, an item never "
        "looked at in a unit that was checked counts as not met.",
    )
