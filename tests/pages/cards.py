"""Invented cards of every shape, for tests of arithmetic and of pages that need no real rule."""

from __future__ import annotations

from sqlalchemy import column, select, table

from metrics.card import Card, Direction, Gap, Period, Statistic, Unit, Words

_spans = table("spans", column("person"), column("unit"), column("s"), column("e"))
_events = table("events", column("person"), column("unit"), column("month"), column("n"))


def card(key: str, zh: str, en: str, system: str = "S11", **given) -> Card:
    """A card with plausible words; ``given`` overrides any field."""
    fields = {
        "unit": Unit.PERCENT,
        "direction": Direction.HIGHER,
        "period": Period.AS_OF,
        "numerator": select(_spans),
        "listed": select(_spans),
        "gap": Gap.PERSONS,
        "reason": Words(zh="今年还没有随访", en="No follow-up this year"),
        "source": "004_15fc63bc3e97ad6e.txt",
        "catalogue": (key,),
        "reads": ("followup",),
    }
    return Card(
        key=key,
        system=system,
        name=Words(zh=zh, en=en),
        question=Words(zh=f"{zh}达到要求了吗?", en=f"Is the {en.lower()} high enough?"),
        rule=Words(zh="分子为已完成的人数,分母为在管人数。", en="Those done, of those managed."),
        **(fields | given),
    )


def count(key: str, zh: str, en: str, system: str, **given) -> Card:
    """A card that counts and divides by nothing."""
    shape = {
        "unit": Unit.PERSON_TIMES,
        "period": Period.FLOW,
        "numerator": select(_events),
        "listed": None,
        "gap": Gap.NONE,
    }
    return card(key, zh, en, system, **(shape | given))


_INVENTED = (
    card("filing", "健康档案建档率", "Health record coverage", "S04", statistic=Statistic(band="all")),
    card("dynamic", "档案动态使用率", "Records in use", "S04", period=Period.IN_YEAR),
    count("new_records", "新建档案数", "New records", "S04", unit=Unit.RECORDS),
    card("contract", "家庭医生签约率", "Contract coverage", "S05", statistic=Statistic(band="all")),
    card("fulfilled", "签约履约率", "Contract items delivered", "S05", period=Period.FLOW, gap=Gap.THINGS),
    card("hepb_first", "乙肝首针及时率", "Hepatitis B birth dose in time", "S07", period=Period.COHORT),
    card("flu60", "60岁以上流感疫苗接种率", "Influenza vaccination at 60+", "S07", period=Period.SEASON),
    count("doses", "一类疫苗接种针次", "Doses, national programme", "S07", unit=Unit.DOSES),
    card("elder", "65岁以上老年人健康管理率", "Health management at 65+", "S10", period=Period.IN_YEAR),
    card(
        "htn_standard",
        "高血压规范管理率",
        "Hypertension managed to standard",
        period=Period.IN_YEAR,
        level=True,
    ),
    card("htn_control", "血压控制率", "Blood pressure at goal", period=Period.IN_YEAR, level=True),
    card("dm_control", "血糖控制率", "Blood glucose at goal", period=Period.IN_YEAR, level=True),
    count("followups", "慢病随访人次", "Follow-ups", "S11"),
    count("visits", "门诊总量", "Outpatient visits", "S17", direction=Direction.NONE),
    card(
        "antibiotic",
        "抗菌药物使用率",
        "Antibiotic share",
        "S17",
        period=Period.FLOW,
        direction=Direction.LOWER,
        gap=Gap.NONE,
    ),
    card(
        "cost",
        "门诊次均费用",
        "Mean cost of a visit",
        "S17",
        unit=Unit.YUAN,
        period=Period.FLOW,
        direction=Direction.LOWER,
        gap=Gap.NONE,
    ),
)
CARDS: dict[str, Card] = {c.key: c for c in _INVENTED}
