"""The shapes of cards about the work of units: counts, shares, what is there, duties, checks.

A system's module makes one ``System`` and states each card with the shape that fits. A shape writes the
rule; what is owed how often and which items a standard has stands in ``metrics/standards/duties.csv`` and
``checks.csv``, and the words of duties and checks follow from there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)

from metrics.card import (
    Card,
    Change,
    Derived,
    Direction,
    Form,
    Gap,
    Period,
    Statistic,
    Unit,
    Words,
    words,
)
from metrics.facts.work import checked_unit, family, item_state, open_unit
from metrics.sql import FOREVER, at_least, at_most, last_month_in_force, merged, month_of, one, year_start
from metrics.standards import Duty, duties, standard_items
from metrics.tables import ancestry, duty_term, standard_item

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


def tenths(column: ColumnElement) -> ColumnElement:
    """A measured quantity as whole tenths: hours, kilograms, points."""
    return cast(func.floor(column * 10 + 0.5), BigInteger)


def whole(column: ColumnElement) -> ColumnElement:
    """A measured quantity as a whole number."""
    return cast(func.floor(column + 0.5), BigInteger)


def span_of(start: ColumnElement, end: ColumnElement) -> tuple[ColumnElement, ColumnElement]:
    """First and last month at whose end something stands that holds from ``start`` to ``end`` (last day; NULL: open)."""
    return month_of(start), case((end.is_(None), FOREVER), else_=last_month_in_force(end))


def first_day(table: Table) -> ColumnElement:
    """The day from which a row holds: of a document that names none, the day on which it was issued."""
    return func.coalesce(table.c.start_on, table.c.day) if "day" in table.c else table.c.start_on


def events(
    table: Table,
    *where: ColumnElement,
    n: ColumnElement | None = None,
    of: ColumnElement | None = None,
    month: ColumnElement | None = None,
    what: ColumnElement | None = None,
) -> Select:
    """unit, month, n[, of], what, and person or thing: one row each of the table that fits."""
    columns = [
        table.c.unit,
        (table.c.month if month is None else month).label("month"),
        (literal(1) if n is None else func.coalesce(n, 0)).label("n"),
        *([] if of is None else [of.label("of")]),
        _whose(table),
        *([] if what is None else [what.label("what")]),
    ]
    return select(*columns).where(*where)


def _whose(table: Table) -> ColumnElement:
    """The person whom a row is about, or, of the work of units, the row itself."""
    return table.c.person if "person" in table.c else table.c.row_id.label("thing")


def kinds_of_year(table: Table, name: ColumnElement, *where: ColumnElement) -> Select:
    """thing, unit, s, e, what: each name at each level from its first row of a year to the year's end.

    Counted anew at every level: what two stations have in common is one thing at their centre.
    """
    rows = (
        select(
            ancestry.c.ancestor.label("unit"),
            name.label("what"),
            year_start(table.c.month).label("y0"),
            func.min(table.c.month).label("s"),
        )
        .join(ancestry, ancestry.c.unit == table.c.unit)
        .where(*where, name.is_not(None))
        .group_by(ancestry.c.ancestor, name, year_start(table.c.month))
        .subquery()
    )
    number = func.dense_rank().over(order_by=rows.c.what)
    return select(number.label("thing"), rows.c.unit, rows.c.s, (rows.c.y0 + 11).label("e"), rows.c.what)


def standing(
    table: Table,
    *where: ColumnElement,
    n: ColumnElement | None = None,
    start: ColumnElement | None = None,
    end: ColumnElement | None = None,
    what: ColumnElement | None = None,
) -> Select:
    """thing, unit, s, e[, n][, what]: each row of the table that fits, while it holds (first day to end_on)."""
    s, e = span_of(first_day(table) if start is None else start, table.c.end_on if end is None else end)
    columns = [_whose(table), table.c.unit, s.label("s"), e.label("e")]
    columns += [] if n is None else [func.coalesce(n, 0).label("n")]
    columns += [] if what is None else [what.label("what")]
    return select(*columns).where(*where)


def told(table: Table, item: ColumnElement, *among: ColumnElement) -> Select:
    """thing, unit, s, e: the rows ``among`` of which the source says the item at all (``Card.told``).

    A centre registers its own rows with those of its stations and clinics: an item that stands in none of
    them, ever, is one that the register does not hold.
    """
    rows = select(table.c.unit, item.label("item")).subquery()
    registered, holds = family.alias("registered"), family.alias("holds")
    heads = (
        select(registered.c.head).join(rows, rows.c.unit == registered.c.unit).where(rows.c.item.is_not(None))
    )
    return standing(table, *among, table.c.unit.in_(select(holds.c.unit).where(holds.c.head.in_(heads))))


def units_open(*kinds: str) -> Select:
    """thing, unit, s, e, what: every unit of the kinds while it is open."""
    return select(
        open_unit.c.unit.label("thing"),
        open_unit.c.unit,
        open_unit.c.s,
        open_unit.c.e,
        open_unit.c.name.label("what"),
    ).where(open_unit.c.kind.in_(kinds))


def units_holding(held: Select, *kinds: str) -> Select:
    """thing, unit, s, e: units of the kinds while they hold something (spans of unit, s, e, which may overlap)."""
    spans = held.subquery()
    joined = merged(
        select(spans.c.unit, spans.c.s, spans.c.e).where(spans.c.s <= spans.c.e).subquery(), "unit"
    ).subquery()
    s, e = at_least(joined.c.s, open_unit.c.s), at_most(joined.c.e, open_unit.c.e)
    return (
        select(open_unit.c.unit.label("thing"), open_unit.c.unit, s.label("s"), e.label("e"))
        .join(joined, joined.c.unit == open_unit.c.unit)
        .where(open_unit.c.kind.in_(kinds), s <= e)
    )


@dataclass(frozen=True)
class System:
    """The cards of one system of care: S01 to S36."""

    code: str

    def card(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        *,
        unit: Unit,
        direction: Direction,
        period: Period,
        source: str,
        reads: tuple[str, ...],
        numerator: Select,
        catalogue: tuple[str, ...] | None = None,
        reason: Pair | Words | None = None,
        caveat: Pair | Words | None = None,
        **more,
    ) -> Card:
        """Any card of the system."""
        return Card(
            key=key,
            system=self.code,
            name=words(*name),
            question=words(*ask),
            rule=words(*rule),
            unit=unit,
            direction=direction,
            period=period,
            source=source,
            catalogue=(key,) if catalogue is None else catalogue,
            reads=reads,
            numerator=numerator,
            reason=words(*reason) if isinstance(reason, tuple) else reason,
            caveat=words(*caveat) if isinstance(caveat, tuple) else caveat,
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
        unit: Unit,
        source: str,
        direction: Direction = Direction.NONE,
        n: ColumnElement | None = None,
        month: ColumnElement | None = None,
        what: ColumnElement | None = None,
        **more,
    ) -> Card:
        """How often something happened, or how much of it there was (``n``), in the month of its day."""
        return self.card(
            key,
            name,
            ask,
            rule,
            unit=unit,
            direction=direction,
            period=Period.FLOW,
            source=source,
            reads=more.pop("reads", (table.name,)),
            numerator=events(table, *where, n=n, month=month, what=what),
            **more,
        )

    def share(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        table: Table,
        hit: ColumnElement,
        *among: ColumnElement,
        source: str,
        reason: Pair,
        direction: Direction = Direction.HIGHER,
        month: ColumnElement | None = None,
        what: ColumnElement | None = None,
        **more,
    ) -> Card:
        """Of the rows ``among``, the share that hits; those that do not are listed."""
        return self.card(
            key,
            name,
            ask,
            rule,
            unit=more.pop("unit", Unit.PERCENT),
            direction=direction,
            period=Period.FLOW,
            source=source,
            reads=more.pop("reads", (table.name,)),
            numerator=events(table, *among, n=one(hit), of=literal(1), month=month, what=what),
            gap=Gap.THINGS,
            reason=reason,
            **more,
        )

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
        source: str,
        unit: Unit = Unit.PERCENT,
        direction: Direction = Direction.HIGHER,
        **more,
    ) -> Card:
        """A sum over a sum, as a sample counts them: so many of so many. Rows without ``of`` are in neither."""
        return self.card(
            key,
            name,
            ask,
            rule,
            unit=unit,
            direction=direction,
            period=Period.FLOW,
            source=source,
            reads=more.pop("reads", (table.name,)),
            numerator=events(table, of.is_not(None), n.is_not(None), *where, n=n, of=of),
            **more,
        )

    def stock(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        table: Table,
        *where: ColumnElement,
        unit: Unit,
        source: str,
        direction: Direction = Direction.NONE,
        n: ColumnElement | None = None,
        among: tuple[ColumnElement, ...] | None = None,
        start: ColumnElement | None = None,
        end: ColumnElement | None = None,
        what: ColumnElement | None = None,
        **more,
    ) -> Card:
        """What is there at the month's end; with ``among``, as a share of the rows that fit these conditions."""
        listed = None
        if among is not None:
            listed = standing(table, *among, start=start, end=end, what=what)
            where = (*among, *where)
            more.setdefault("gap", Gap.THINGS)
        return self.card(
            key,
            name,
            ask,
            rule,
            unit=unit,
            direction=direction,
            period=Period.AS_OF,
            source=source,
            reads=more.pop("reads", (table.name,)),
            numerator=standing(table, *where, n=n, start=start, end=end, what=what),
            listed=listed,
            **more,
        )

    def of_units(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        kinds: tuple[str, ...],
        holding: Select,
        *,
        source: str,
        reason: Pair,
        reads: tuple[str, ...],
        direction: Direction = Direction.HIGHER,
        **more,
    ) -> Card:
        """Of the open units of the kinds, the share for which something holds (spans of unit, s, e)."""
        return self.card(
            key,
            name,
            ask,
            rule,
            unit=Unit.PERCENT,
            direction=direction,
            period=Period.AS_OF,
            source=source,
            reads=reads,
            numerator=units_holding(holding, *kinds),
            listed=units_open(*kinds),
            gap=Gap.THINGS,
            reason=reason,
            kinds=kinds,
            **more,
        )

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
        term = terms[-1]
        kinds = tuple(dict.fromkeys(kind for one_term in terms for kind in one_term.kinds))
        return self.card(
            key,
            name,
            (
                f"{name[0]}：该做的各期都做了吗？",
                f"{name[1]}: was it done in every period in which it was due?",
            ),
            _duty_rule(term),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            period=Period.FLOW,
            source=term.source,
            reads=(table.name,),
            numerator=_periods(key, table, where, people, table.c.month if month is None else month),
            gap=Gap.THINGS,
            reason=("该期没有记录", "nothing is recorded for the period"),
            form=more.pop("form", Form.DUTY),
            kinds=kinds,
            **more,
        )

    def check(
        self,
        key: str,
        name: Pair,
        kinds: tuple[str, ...],
        *,
        source: str,
        **more,
    ) -> Card:
        """A standard's items at units: of the items of the units ever checked, the share met at the latest check."""
        items = [item for item in standard_items() if item.standard == key]
        if not items:
            raise ValueError(f"card {key}: metrics/standards/checks.csv has no items of this standard")
        state = item_state
        met = (
            select(
                state.c.number.label("thing"),
                state.c.unit,
                state.c.s,
                at_most(state.c.e, open_unit.c.e).label("e"),
            )
            .select_from(state.join(open_unit, open_unit.c.unit == state.c.unit))
            .where(state.c.standard == key, state.c.met, open_unit.c.kind.in_(kinds))
        )
        owed = (
            select(
                standard_item.c.number.label("thing"),
                checked_unit.c.unit,
                checked_unit.c.s,
                checked_unit.c.e,
                standard_item.c.item.label("what"),
            )
            .join(checked_unit, checked_unit.c.standard == standard_item.c.standard)
            .where(standard_item.c.standard == key, checked_unit.c.kind.in_(kinds))
        )
        return self.card(
            key,
            name,
            more.pop("ask", (f"{name[0]}：各项都做到了吗？", f"{name[1]}: is every item met?")),
            _check_rule(items, kinds),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            period=Period.AS_OF,
            source=source,
            reads=("check_item",),
            numerator=met,
            listed=owed,
            gap=Gap.THINGS,
            reason=("最近一次检查未达标", "not met at the latest check"),
            form=Form.CHECK,
            kinds=kinds,
            **more,
        )

    def changed(
        self,
        key: str,
        name: Pair,
        ask: Pair,
        rule: Pair,
        base: Card,
        how: Change,
        *,
        source: str,
        unit: Unit | None = None,
        direction: Direction | None = None,
        **more,
    ) -> Card:
        """A figure made of another card's: its change since last year, its rank."""
        return self.card(
            key,
            name,
            ask,
            rule,
            unit=unit or {Change.RANK: Unit.RANK}.get(how, Unit.PERCENT),
            direction=direction or base.direction,
            period=base.period,
            source=source,
            reads=base.reads,
            numerator=base.numerator,
            listed=base.listed,
            statistic=base.statistic,
            kinds=base.kinds,
            derived=Derived(how=how, of=base.key),
            parameters=base.parameters,
            **more,
        )

    def population(
        self, key: str, name: Pair, ask: Pair, rule: Pair, *, band: str, source: str, **more
    ) -> Card:
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
            source=source,
            reads=("unit",),
            numerator=nothing,
            statistic=Statistic(band=band),
            derived=Derived(how=Change.STATISTIC),
            **more,
        )


def _periods(
    key: str,
    table: Table,
    where: tuple[ColumnElement, ...],
    people: ColumnElement | None,
    month: ColumnElement,
) -> Select:
    """unit, month, n, of, thing, what: a period of a unit that has passed, in its last month; n: it was done."""
    handed_in = [table.c.day.is_not(None)] if "day" in table.c else []
    rows = select(
        table.c.unit,
        month.label("month"),
        (literal(0) if people is None else func.coalesce(people, 0)).label("people"),
    ).where(*where, *handed_in)
    done, ever = rows.subquery(), rows.subquery()
    begun = select(func.min(ever.c.month)).scalar_subquery()
    fits = and_(
        done.c.unit == open_unit.c.unit,
        done.c.month.between(duty_term.c.first, duty_term.c.last),
        done.c.people >= duty_term.c.people,
    )
    times = func.count(done.c.unit)
    return (
        select(
            open_unit.c.unit,
            duty_term.c.last.label("month"),
            case((times >= duty_term.c.times, 1), else_=0).label("n"),
            literal(1).label("of"),
            duty_term.c.first.label("thing"),
        )
        .select_from(duty_term.join(open_unit, open_unit.c.kind == duty_term.c.kind).outerjoin(done, fits))
        .where(
            duty_term.c.duty == key,
            open_unit.c.whole <= duty_term.c.first,
            open_unit.c.e >= duty_term.c.last,
            duty_term.c.last >= begun,
        )
        .group_by(open_unit.c.unit, duty_term.c.first, duty_term.c.last, duty_term.c.times)
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
